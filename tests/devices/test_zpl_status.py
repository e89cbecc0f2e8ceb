"""What a label printer says of itself."""

import json
from pathlib import Path

import pytest

from app.devices.printer_condition import Condition, UnreadablePrinterAnswer
from app.devices.protocols.zpl import Fault, StatusCollector, judge, read_identity, read_status

CASES = Path(__file__).resolve().parents[3] / "shared" / "cases" / "zpl_host_status.json"
READY = b"\x02030,0,0,0480,000,0,0,0,000,0,0,0\x03\r\n\x02000,0,0,0,1,2,4,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n"
FAULT_FIELDS = {fault.value for fault in Fault}


def cases(command: str):
    if not CASES.exists():
        return [pytest.param(None, marks=pytest.mark.skip(reason="the case files stand outside this repository"))]
    found = json.loads(CASES.read_text(encoding="utf-8"))["cases"]
    return [pytest.param(case, id=case["name"]) for case in found if case["command"] == command]


@pytest.mark.capability("G2")
@pytest.mark.parametrize("case", cases("~HS"))
def test_a_status_means_what_zebra_says_it_means(case):
    answer = case["input"].encode("latin-1")
    assert (judge(answer) is Condition.READY) == case["ready"]
    if case["parse"] == "fail":
        assert judge(answer) is Condition.UNKNOWN
        return
    status = read_status(answer)
    assert {fault.value for fault in status.faults} == set(case["faults"])
    for name, value in case["fields"].items():
        seen = Fault(name) in status.faults if name in FAULT_FIELDS else getattr(status, name)
        assert (name, seen) == (name, value)


@pytest.mark.parametrize("case", cases("~HI"))
def test_a_printer_says_its_model_and_how_fine_it_prints(case):
    identity = read_identity(case["input"].encode("latin-1"))
    assert {name: getattr(identity, name) for name in case["fields"]} == case["fields"]


@pytest.mark.capability("G8")
@pytest.mark.parametrize("silence", [None, b""])
def test_a_printer_that_says_nothing_is_unknown_and_never_ready(silence):
    assert judge(silence) is Condition.UNKNOWN


@pytest.mark.parametrize("cut", range(1, len(READY) - 3))
def test_no_part_of_an_answer_is_taken_for_ready(cut):
    assert judge(READY[:cut]) is Condition.UNKNOWN


@pytest.mark.parametrize(
    "answer",
    [
        READY.replace(b"030,0,0", b"030,2,0"),
        READY.replace(b"030,0,0", b"030,,0"),
        READY.replace(b"0480", b"04x0"),
        READY.replace(b",000,0,0,0\x03", b",000,0,0\x03"),
        READY.replace(b"00000000", "\u0663".encode()),
        READY + READY,
        b"noise" + READY,
    ],
)
def test_a_damaged_answer_is_refused_and_kept_for_the_log(answer):
    with pytest.raises(UnreadablePrinterAnswer) as refusal:
        read_status(answer)
    assert refusal.value.answer == answer
    assert judge(answer) is Condition.UNKNOWN


def test_the_three_frames_may_come_byte_by_byte():
    collector = StatusCollector()
    answers = [collector.feed(READY[place : place + 1]) for place in range(len(READY))]
    complete = next(answer for answer in answers if answer is not None)
    assert complete.ready
    assert answers.index(complete) == READY.rindex(b"\x03")


def test_endless_noise_is_not_waited_for():
    with pytest.raises(UnreadablePrinterAnswer):
        StatusCollector().feed(b"x" * 600)


@pytest.mark.capability("G8")
def test_a_label_still_in_the_printer_is_not_counted_as_through():
    busy = read_status(READY.replace(b"00000000", b"00000001"))
    assert busy.ready
    assert not busy.through
    assert read_status(READY).through


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_tells_the_hand_what_to_do(fault):
    assert str(fault.words).count(".") >= 2
