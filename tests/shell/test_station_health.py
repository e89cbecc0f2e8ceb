"""The workstation's own clock and disk: what is wrong stands in the strip, and with a wrong clock nobody signs here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.base import clock
from app.base.phrases import Language
from app.core.station_health import DiskRoom
from app.demo.people import SECRET
from tests.plant import Plant
from tests.shell.conftest import Hand, deviated, deviation_to_sign
from ui.kit import Chip, State, set_language
from ui.shell.disk_watch import DiskWatch
from ui.shell.signing_sheet import SigningSheet

pytestmark = pytest.mark.capability("R5")


class WorkstationClock:
    """The clock of this computer, which somebody set wrong; the database's stays right."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._slow = timedelta()
        monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) - self._slow)

    def set_slow(self, seconds: float) -> None:
        """So far behind the database's; negative: ahead of it."""
        self._slow = timedelta(seconds=seconds)


@pytest.fixture
def workstation_clock(monkeypatch: pytest.MonkeyPatch) -> WorkstationClock:
    """Right until it is set."""
    return WorkstationClock(monkeypatch)


def chip(hand: Hand, name: str) -> Chip | None:
    return hand.window.frame.strip._chips.get(name)


def says(hand: Hand, name: str) -> str:
    found = chip(hand, name)
    return found.text if found is not None else ""


def test_a_right_clock_and_an_empty_disk_are_not_spoken_of(inspection_station: Hand) -> None:
    inspection_station.until(lambda: inspection_station.bridge.here is not None)
    assert list(inspection_station.window.frame.strip._chips) == ["database"]


@pytest.mark.parametrize(
    ("slow_s", "state", "said", "in_chinese"),
    [
        (5.5, State.ATTENTION, "Clock 5 s slow", "时钟 慢 5 秒"),
        (-5.5, State.ATTENTION, "Clock 5 s fast", "时钟 快 5 秒"),
        (45.5, State.FAIL, "Clock 45 s slow", "时钟 慢 45 秒"),
        (-88200, State.FAIL, "Clock 24 h fast", "时钟 快 24 小时"),
    ],
)
def test_a_clock_that_is_off_stands_in_the_strip_before_the_database_until_it_is_right(
    workstation_clock: WorkstationClock, open_station: Callable[..., Hand], slow_s: float, state: State, said: str, in_chinese: str
) -> None:
    workstation_clock.set_slow(slow_s)
    hand = open_station("IQC-02")
    hand.until(lambda: says(hand, "clock") == said)
    shown = chip(hand, "clock")
    assert shown is not None
    assert shown.state is state
    assert list(hand.window.frame.strip._chips) == ["clock", "database"]
    set_language(Language.ZH)
    assert says(hand, "clock") == in_chinese
    set_language(Language.EN)
    workstation_clock.set_slow(0)
    hand.until(lambda: chip(hand, "clock") is None)


@pytest.fixture
def signing(
    plant: Plant, workstation_clock: WorkstationClock, open_station: Callable[..., Hand], step_registered: None
) -> tuple[Hand, SigningSheet, list[object]]:
    """The signing sheet of a deviation at the inspector's station, whose clock is 31 s slow."""
    deviation, signed = deviated(plant), list[object]()
    workstation_clock.set_slow(31.5)
    hand = open_station("IQC-02")
    hand.sign_in("li.ming")
    hand.window.open("test.step", {"step": "7"})
    hand.until(lambda: says(hand, "clock"))
    hand.step.sign(**deviation_to_sign(deviation, lambda answer, _: signed.append(answer), hand.step.panel))
    sheet = hand.window.frame.sheet
    assert isinstance(sheet, SigningSheet)
    hand.until(lambda: sheet._to_sign is not None)
    return hand, sheet, signed


def test_nobody_signs_at_a_station_whose_clock_is_off_and_everybody_once_it_is_right(
    signing: tuple[Hand, SigningSheet, list[object]], plant: Plant, workstation_clock: WorkstationClock
) -> None:
    hand, sheet, signed = signing
    assert sheet.refusal.startswith("Not signed: the clock of this station is 31 s off the database's clock. Let IT set the clock")
    hand.press(Qt.Key.Key_1)
    hand.until(lambda: sheet.meaning.index == 0)
    hand.scan("BDG:T-0231")
    hand.until(lambda: sheet._signer == "tom.becker")
    assert sheet.refusal.startswith("Not signed: the clock"), "a good badge takes it not away"
    sheet.password.edit.setFocus()
    hand.type(SECRET)
    assert not sheet.sign.isEnabled()
    hand.press(Qt.Key.Key_Return)
    assert plant.rows("SELECT count(*) FROM lineside.signature WHERE subject_kind = 'deviation'") == [(0,)]
    workstation_clock.set_slow(0)
    hand.until(sheet.sign.isEnabled)
    assert sheet.refusal == ""
    assert sheet.password.text == SECRET, "nothing is entered twice"
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: signed)


def test_a_clock_that_goes_wrong_under_an_open_sheet_closes_it_to_signing(
    signing: tuple[Hand, SigningSheet, list[object]], workstation_clock: WorkstationClock
) -> None:
    hand, sheet, _ = signing
    workstation_clock.set_slow(29)
    hand.until(lambda: sheet.refusal == "")
    workstation_clock.set_slow(-32)
    hand.until(lambda: sheet.refusal.startswith("Not signed: the clock"))


def test_a_short_disk_is_measured_and_stands_in_the_strip_until_there_is_room(inspection_station: Hand, tmp_path: Path) -> None:
    hand = inspection_station
    for least, done in ((10**18, lambda: says(hand, "disk").endswith(" GB free")), (1, lambda: chip(hand, "disk") is None)):
        watch = DiskWatch(tmp_path / "not there yet", hand.bridge._measured.emit, least_bytes=least, every_s=0.05)
        watch.start()
        try:
            hand.until(done)
        finally:
            assert watch.stop(2)
    hand.window.health.show_disk(DiskRoom(free_bytes=412_000_000, least_bytes=1_000_000_000))
    assert says(hand, "disk") == "Disk 0.41 GB free"


def test_a_disk_that_does_not_answer_is_said(inspection_station: Hand, tmp_path: Path) -> None:
    hand = inspection_station
    told: list[DiskRoom] = []
    watch = DiskWatch(tmp_path / ("x" * 300) / "data", told.append)  # no disk knows such a name
    watch.start()
    hand.until(lambda: told)
    assert watch.stop(2)
    hand.window.health.show_disk(told[0])
    assert says(hand, "disk") == "Disk does not answer"
