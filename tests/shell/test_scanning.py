"""Every scan goes somewhere, none goes where it must not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt

from app.core.settings import Settings
from app.devices.events import Scan
from tests.plant import Plant
from tests.shell.conftest import Hand
from ui.kit import State, say
from ui.shell.small_sheets import FindSheet, LastScansSheet

LOT = "L26-0382"


def calls(plant: Plant) -> int:
    return len(plant.rows("SELECT 1 FROM lineside.task WHERE kind = 'call'"))


def test_a_wedge_scan_with_its_enter_presses_neither_the_primary_nor_the_button_in_focus(at_step: Hand, plant: Plant) -> None:
    at_step.step.other.setFocus()
    at_step.wedge(LOT)
    at_step.until(lambda: at_step.step.scanned)
    assert at_step.step.scanned[0].lot == LOT
    assert not at_step.step.other.is_busy
    assert not at_step.step.give.is_busy
    assert calls(plant) == 0


@pytest.mark.capability("Q1")
def test_the_same_scan_within_300_ms_acts_once_and_later_again(at_step: Hand) -> None:
    moment = [10.0]
    at_step.window.router._monotonic = lambda: moment[0]
    at_step.scan(LOT)
    moment[0] += 0.299
    at_step.scan(LOT)
    assert len(at_step.step.scanned) == 1
    moment[0] += 0.301
    at_step.scan(LOT)
    assert len(at_step.step.scanned) == 2


def shown(hand: Hand) -> str:
    """What the strip says of the last scan."""
    return str(say(hand.window.frame.strip._words))


@pytest.mark.capability("E2", "Q1")
def test_what_was_taken_for_a_bounce_is_shown_with_its_count_and_never_sounds_as_done(at_step: Hand) -> None:
    moment = [10.0]
    at_step.window.router._monotonic = lambda: moment[0]
    at_step.scan(LOT)
    assert shown(at_step) == f"lot {LOT}"
    assert at_step.window.tones.last == "ok"
    at_step.window.tones.last = ""
    for count in (1, 2):
        moment[0] += 0.2
        at_step.scan(LOT)
        assert shown(at_step) == f"lot {LOT} • again, not taken twice × {count}"
    assert at_step.window.tones.last == ""
    assert len(at_step.step.scanned) == 1
    assert [one.again for one in at_step.window.router.last] == [2]
    at_step.scan("L26-0383")
    assert shown(at_step) == "lot L26-0383"


@pytest.mark.capability("E2")
def test_the_bounce_of_a_serial_scanner_is_shown_too(at_step: Hand) -> None:
    scan = Scan(text=LOT, device="SC-12", at=datetime.now(UTC))
    at_step.bridge.ear.hear("scan", scan)
    at_step.bridge.ear.hear("repeated", scan)
    at_step.until(lambda: shown(at_step) == f"lot {LOT} • again, not taken twice × 1")
    assert len(at_step.step.scanned) == 1


@pytest.mark.capability("E2")
def test_a_bounce_at_a_locked_station_shows_nothing_of_what_was_scanned(at_step: Hand) -> None:
    at_step.scan(LOT)
    at_step.press(Qt.Key.Key_F10)
    at_step.scan(LOT)
    assert LOT not in shown(at_step)


@pytest.mark.parametrize(("bounce_ms", "taken"), [(300, 2), (500, 1)])
def test_how_long_a_repeat_is_the_same_scan_is_the_stations(at_step: Hand, bounce_ms: int, taken: int) -> None:
    at_step.window.scanning.set_up(Settings(bounce_ms=bounce_ms))
    moment = [10.0]
    at_step.window.router._monotonic = lambda: moment[0]
    at_step.scan(LOT)
    moment[0] += 0.4
    at_step.scan(LOT)
    assert len(at_step.step.scanned) == taken


@pytest.mark.capability("Q4")
def test_a_wrong_scan_says_what_it_is_and_what_was_expected_and_the_next_good_one_clears_it(at_step: Hand) -> None:
    at_step.step.scan_slot("a lot of this order")
    at_step.scan("LOC:Q-A-03")
    assert at_step.banner == "Not taken: this is location Q-A-03."
    banner = at_step.window.frame.banner
    assert banner is not None
    assert [line.text for line in banner.said()][-4:] == ["expected", "a lot of this order", "read", "location Q-A-03"]
    assert at_step.window.tones.last == "wrong_item"
    at_step.scan(LOT)
    assert at_step.banner == ""
    assert [one.state for one in at_step.window.router.last] == [State.PASS, State.FAIL]


def test_a_code_that_breaks_its_rules_is_refused_with_its_rule(at_step: Hand) -> None:
    at_step.scan("]d20109521101530026")
    assert at_step.banner == "The code was not taken: the check digit of (01) 09521101530026 is wrong."
    assert at_step.step.scanned == []


@pytest.mark.capability("Q1")
def test_a_code_of_another_screen_opens_that_screen(at_step: Hand) -> None:
    at_step.window.open("home")
    at_step.scan("C26-00017")
    assert at_step.window.current is not None
    assert at_step.window.current.key == "test.step"


def test_enter_does_nothing_while_a_scan_is_awaited(at_step: Hand, plant: Plant) -> None:
    at_step.step.scan_slot("a lot")
    at_step.press(Qt.Key.Key_Return)
    assert not at_step.step.give.is_busy
    assert calls(plant) == 0


def test_the_last_five_scans_can_be_looked_at(at_step: Hand) -> None:
    for n in range(7):
        at_step.scan(f"L26-000{n}")
    assert [str(one.words) for one in at_step.window.router.last] == [f"lot L26-000{n}" for n in (6, 5, 4, 3, 2)]
    at_step.window.show_last_scans()
    assert isinstance(at_step.window.frame.sheet, LastScansSheet)
    at_step.press(Qt.Key.Key_Escape)
    assert at_step.window.frame.sheet is None


def test_a_typed_code_goes_the_way_of_a_scan(at_step: Hand) -> None:
    at_step.press(Qt.Key.Key_F3)
    sheet = at_step.window.frame.sheet
    assert isinstance(sheet, FindSheet)
    sheet.code.edit.setFocus()
    at_step.type(LOT)
    at_step.press(Qt.Key.Key_Return)
    assert [one.lot for one in at_step.step.scanned] == [LOT]


def test_a_scan_at_a_locked_station_is_refused_and_reaches_no_screen(at_step: Hand) -> None:
    at_step.press(Qt.Key.Key_F10)
    at_step.scan(LOT)
    assert at_step.banner == "Not taken: the station is locked."
    assert at_step.step.scanned == []
