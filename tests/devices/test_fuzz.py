"""The short form of `make fuzz`: spoilt messages bring no wrong number, no crash, no hang and no growing buffer."""

import random

import pytest

from app.devices.protocol import families
from tests.devices.fuzz.asking import asked
from tests.devices.fuzz.counting import Count, head, line, summed
from tests.devices.fuzz.planted import faults
from tests.devices.fuzz.printing import LANGUAGES, printed
from tests.devices.fuzz.talking import talked

FRAMES = 220


@pytest.mark.capability("E7")
@pytest.mark.parametrize("key", sorted(families()))
def test_no_spoilt_frame_of_a_family_becomes_a_wrong_number(key):
    count = talked(key, FRAMES, random.Random(f"1 {key}"))
    assert count.troubles == []
    assert count.holds


@pytest.mark.capability("G8")
@pytest.mark.parametrize("key", sorted(LANGUAGES))
def test_no_spoilt_answer_of_a_printer_becomes_a_state_it_is_not_in(key):
    count = printed(key, FRAMES, random.Random(f"1 {key}"))
    assert count.troubles == []
    assert count.holds


@pytest.mark.capability("E7")
def test_no_spoilt_answer_of_a_machine_becomes_registers_it_did_not_send():
    count = asked(FRAMES, random.Random("1 modbus"))
    assert count.troubles == []
    assert count.holds


@pytest.mark.parametrize(("name", "what", "count"), [pytest.param(*fault, id=fault[0]) for fault in faults()])
def test_a_fault_put_in_by_hand_is_seen(name, what, count):
    found = count()
    assert getattr(found, what), name
    assert not found.holds


def test_a_harness_that_reaches_nothing_does_not_hold_and_a_row_says_who_refused():
    count = Count(name="mitutoyo", frames=10)
    assert not count.holds
    count.taken, count.refused["device.unreadable"] = 3, 7
    assert count.holds
    assert line(count) == "| mitutoyo | 10 | 3 | 0 | 7 | 0 | 0 | 0 | 0 | 0.0 | unreadable 7 |"
    assert line(count).count("|") == head().splitlines()[0].count("|")
    assert summed([count, count]) == "20 spoilt messages; 6 values, codes or states taken; 0 wrong, 0 crashes, 0 hangs, 0 unbounded"
