"""What one device among many may cost the others: how often it is told, how soon it is a fault, how soon its port is looked for again."""

import random

import pytest

from app.devices.conversation import Conversation
from app.devices.errors import NotUnderstood
from app.devices.events import Standing
from app.devices.protocol import families
from app.devices.rate import Rate
from app.devices.settings import Backoff, DeviceSettings, Patience
from tests.devices.crowd import BABBLE_BYTES_PER_S
from tests.devices.ear import Ear, TurnedClock
from tests.devices.transcripts import unit_of


class Table:
    """One conversation at a clock that is turned by hand."""

    def __init__(self, key):
        self.clock, self.ear = TurnedClock(), Ear()
        settings = DeviceSettings(code="DEV-1", protocol=key, url="none", unit=unit_of(key))
        self.talk = Conversation(settings, families()[key], self.ear, clock=self.clock, patience=Patience())
        if self.talk.opened():
            self.talk.sent(wanted=False, is_it_there=True)

    def babble(self, seconds, *, bytes_per_s=BABBLE_BYTES_PER_S, end=b""):
        dice = random.Random(1)
        for _ in range(round(seconds / 0.05)):
            self.clock.turn(0.05)
            self.talk.heard(bytes(dice.choices(range(0x80, 0x100), k=bytes_per_s // 20)) + end)
            self.talk.time_passes()


@pytest.mark.capability("E7")
@pytest.mark.parametrize("end", [b"", b"\r\n"])
@pytest.mark.parametrize("key", sorted(set(families()) - {"line_scanner"}))
def test_whoever_babbles_is_a_fault_within_a_second_and_no_line_has_to_end_for_it(key, end):
    table = Table(key)
    table.babble(1, end=end)
    assert table.talk.state.standing is Standing.FAULT
    assert isinstance(table.talk.state.cause, NotUnderstood)


@pytest.mark.capability("E7")
def test_a_babbling_scanner_whose_lines_may_have_four_thousand_characters_is_a_fault_within_two():
    table = Table("line_scanner")
    table.babble(2)
    assert table.talk.state.standing is Standing.FAULT


def test_a_device_that_babbled_and_speaks_again_is_live_at_its_first_line():
    table = Table("mt_sics")
    table.babble(2)
    table.talk.heard(b"\r\nS S       1.00 g\r\n")
    assert table.talk.state.standing is Standing.LIVE
    assert table.ear.words[-1] == "reading 1.00 g stable"


@pytest.mark.capability("E7")
def test_ten_minutes_of_babble_tell_twenty_troubles_a_second_and_keep_nothing():
    table = Table("mt_sics")
    table.babble(600, end=b"\r\n")
    assert 600 <= len(table.ear.troubles) <= 600 * Patience().troubles_per_s
    assert len(table.talk._framer._pending) + len(table.talk._framer._noise) <= 2 * families()["mt_sics"].framing.longest


def test_an_answer_that_fails_to_come_is_told_however_many_troubles_were_told_before():
    table = Table("mt_sics")
    table.talk.heard(b"?\r\n" * 100)
    table.talk.sent(wanted=True)
    table.clock.turn(Patience().answer_s + 0.1)
    table.talk.time_passes()
    assert len(table.ear.troubles) == Patience().troubles_per_s + 1
    assert table.ear.words[-1] == "trouble device.no_answer"


@pytest.mark.capability("E7")
def test_who_does_not_say_that_it_is_there_is_silent_within_a_second_but_a_value_may_take_longer():
    table = Table("mt_sics")
    table.clock.turn(Patience().here_s)
    table.talk.time_passes()
    assert table.talk.state.standing is Standing.SILENT
    table = Table("mt_sics")
    table.talk.sent(wanted=True)
    table.clock.turn(Patience().here_s)
    table.talk.time_passes()
    assert table.talk.state.standing is Standing.CONNECTING
    table.clock.turn(Patience().answer_s - Patience().here_s)
    table.talk.time_passes()
    assert table.talk.state.standing is Standing.SILENT


@pytest.mark.capability("E7")
def test_silence_in_the_middle_of_the_day_shows_within_two_seconds():
    patience = Patience()
    assert patience.heartbeat_s + patience.here_s < 2


def test_a_port_of_this_computer_is_looked_for_every_second_a_terminal_server_more_and_more_rarely():
    backoff = Backoff()
    for url in ("usb:A6015XNQ", "/dev/ttyUSB0", "COM5"):
        assert backoff.at(url).wait_s(100) == 1.0
    assert backoff.at("socket://10.0.4.20:502").wait_s(100) == 15.0
    assert Backoff(first_s=0.01, longest_s=0.05).at("usb:A6015XNQ").wait_s(100) == 0.05


def test_a_rate_counts_anew_in_each_second():
    rate = Rate(2)
    assert [rate.may(moment) for moment in (0.0, 0.5, 0.9, 1.0, 1.5, 1.9)] == [True, True, False, True, True, False]
