"""Twenty devices at one station, and every chip says how its device really is."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.core.devices_here import DevicesHere
from app.devices.errors import NotUnderstood
from app.devices.events import Standing, Trouble
from app.devices.settings import Patience
from tests.devices.crowd import BABBLING, VANISHING, Crowd, endless_noise, garbled_lines
from tests.shell.conftest import Hand
from tests.shell.test_looks import SIZES, looks

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="the adapters are pseudo terminals, a POSIX thing"),
    # pyserial 3.5 still says setDaemon and setName; Python warns once per connection.
    pytest.mark.filterwarnings("ignore:set(Daemon|Name):DeprecationWarning:serial.rfc2217"),
]


@pytest.fixture(params=[endless_noise, garbled_lines])
def crowd(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Crowd]:
    """Twenty devices; the ports of this computer are the crowd's adapters."""
    with Crowd(tmp_path, babble=request.param) as made:
        monkeypatch.setattr("serial.tools.list_ports.comports", made.ports)
        yield made


@pytest.fixture
def station(open_station: Callable[..., Hand], crowd: Crowd) -> Hand:
    """IQC-02 with all twenty, somebody signed in, every chip right."""
    hand = open_station("IQC-02", devices=DevicesHere(instruments=tuple(one.settings() for one in crowd.connected())))
    hand.sign_in("li.ming")
    hand.until(lambda: not wrong(hand, crowd.expected))
    return hand


def says(hand: Hand, code: str) -> str:
    """What stands on the chip behind the code."""
    return hand.window.chips._chips[code].text.removeprefix(code).strip() + " "


def wrong(hand: Hand, expected: dict[str, str]) -> dict[str, str]:
    return {code: says(hand, code) for code, words in expected.items() if not says(hand, code).startswith(words)}


@pytest.mark.capability("E7")
def test_among_twenty_devices_each_chip_is_right_and_the_well_ones_are_heard_beside_one_that_babbles(station: Hand, crowd: Crowd) -> None:
    assert len(crowd.expected) == 20
    readings, scans = [], []
    station.bridge.ear.reading.connect(readings.append)
    station.bridge.ear.scan.connect(scans.append)
    for code in crowd.speak():
        station.until(lambda code=code: any(one.device == code for one in (*readings, *scans)))
    states = station.shell.hub.states()
    assert isinstance(states[BABBLING].cause, NotUnderstood)
    assert not [one for one in readings if one.device not in crowd.well]
    assert not wrong(station, crowd.expected)


@pytest.mark.capability("E7")
def test_a_device_that_babbles_tells_no_more_troubles_than_anybody_can_read(station: Hand, crowd: Crowd) -> None:
    troubles: list[Trouble] = []
    begun = time.monotonic()
    station.bridge.ear.trouble.connect(troubles.append)
    station.until(lambda: len(troubles) >= 20)
    assert {one.device for one in troubles} == {BABBLING}
    assert len(troubles) <= Patience().troubles_per_s * (time.monotonic() - begun + 2)


@pytest.mark.capability("E7")
def test_a_gauge_that_comes_back_under_another_name_is_bound_again_and_who_took_its_name_is_not(station: Hand, crowd: Crowd) -> None:
    """Catalogue C18."""
    taken = []
    station.bridge.ear.reading.connect(taken.append)
    crowd.gauge.press()
    station.until(lambda: taken)
    crowd.vanish()
    station.until(lambda: says(station, VANISHING).startswith("fault since "))
    crowd.decoy.press()
    crowd.come_back()
    station.until(lambda: says(station, VANISHING).startswith("live"))
    crowd.gauge.show("12.51")
    crowd.gauge.press()
    station.until(lambda: len(taken) == 2)
    assert [(one.device, str(one.quantity)) for one in taken] == [(VANISHING, "12.50 mm"), (VANISHING, "12.51 mm")]
    assert not wrong(station, crowd.expected)


@pytest.mark.capability("E7")
def test_a_scale_that_is_switched_off_among_twenty_is_silent_since_it_was_last_heard_and_live_when_it_answers(
    station: Hand, crowd: Crowd
) -> None:
    scale, states = crowd.well["DEV-09"], station.shell.hub.states
    scale.switch_off()
    station.until(lambda: says(station, "DEV-09").startswith("silent "))
    silent = states()["DEV-09"]
    assert silent.standing is Standing.SILENT
    assert silent.since == silent.last_heard
    scale.switch_on()
    station.until(lambda: says(station, "DEV-09").startswith("live"))


@pytest.mark.capability("Q2")
@pytest.mark.parametrize("size", SIZES)
def test_with_twenty_devices_the_window_stays_within_its_glass_and_the_strip_hides_no_trouble(
    open_station: Callable[..., Hand], crowd: Crowd, size: tuple[int, int]
) -> None:
    hand = open_station("IQC-02", size=size, devices=DevicesHere(instruments=tuple(one.settings() for one in crowd.connected())))
    hand.sign_in("li.ming")
    hand.until(lambda: not wrong(hand, crowd.expected))
    strip = hand.window.frame.strip
    assert list(looks(hand, size)) == []
    worst = [code for code, words in crowd.expected.items() if words.startswith("fault")]
    assert all(hand.window.chips._chips[code].isVisible() for code in worst)
    assert hand.window.chips.database.isVisible()
    hidden = [chip for chip in hand.window.chips._chips.values() if not chip.isVisible()]
    counted = [chip for chip in hidden if size == SIZES[0] or chip.state.is_trouble]
    assert hidden
    assert strip.more.isVisible()
    assert strip.more.text == f"{len(counted)} more"
    assert strip.more.state.is_trouble is any(chip.state.is_trouble for chip in hidden)
