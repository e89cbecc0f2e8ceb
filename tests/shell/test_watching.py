"""A frozen window is told with its stack, a defect becomes a report without secrets, a tone is what the design says."""

from __future__ import annotations

import math
import struct
import threading
import time
import wave
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from ui.shell.crash import CrashDesk, write_report
from ui.shell.tones import RATE_HZ, TONES, Tones, samples
from ui.shell.watchdog import Watchdog, calls_of


def a_slow_slot() -> None:
    """Works for 0.3 s without giving the window a chance."""
    until = time.monotonic() + 0.3
    while time.monotonic() < until:
        math.sqrt(2)


def test_a_slot_that_holds_the_window_for_longer_than_100_ms_is_told_with_its_stack(qtbot: QtBot) -> None:
    told: list[tuple[float, str]] = []
    watchdog = Watchdog(lambda seconds, stack: told.append((seconds, stack)))
    watchdog.start()
    try:
        QTimer.singleShot(150, a_slow_slot)
        qtbot.waitUntil(lambda: bool(told), timeout=3000)
        qtbot.wait(300)
    finally:
        watchdog.stop()
    assert len(told) == 1
    assert told[0][0] >= 0.1
    assert "a_slow_slot" in told[0][1]


def test_work_outside_the_event_loop_is_no_frozen_window(qtbot: QtBot) -> None:
    told: list[tuple[float, str]] = []
    watchdog = Watchdog(lambda seconds, stack: told.append((seconds, stack)))
    watchdog.start()
    try:
        qtbot.wait(50)
        a_slow_slot()
    finally:
        watchdog.stop()
    assert told == []


class Paint:
    """Stands in a variable of the window's thread, as a painter does; notes on which thread it ends."""

    def __init__(self, ended: list[int]) -> None:
        self._ended = ended

    def __del__(self) -> None:
        self._ended.append(threading.get_ident())


def test_while_a_freeze_is_told_nothing_of_the_windows_thread_is_kept(qtbot: QtBot) -> None:
    ended: list[int] = []
    telling, told = threading.Event(), threading.Event()

    def tell(_: float, __: str) -> None:
        telling.set()
        told.wait(10)

    def paint() -> None:
        painter = Paint(ended)
        until = time.monotonic() + 10
        while not telling.is_set() and time.monotonic() < until:
            math.sqrt(2)
        assert painter is not None

    watchdog = Watchdog(tell)
    watchdog.start()
    try:
        QTimer.singleShot(150, paint)
        qtbot.waitUntil(telling.is_set, timeout=12_000)
        assert ended == [threading.get_ident()], "gone when its function returned, on its own thread"
    finally:
        told.set()
        watchdog.stop()


def test_the_calls_of_a_thread_are_told_newest_first() -> None:
    resting, inside = threading.Event(), threading.Event()

    def rest() -> None:
        inside.set()
        resting.wait(10)

    sleeper = threading.Thread(target=rest)
    sleeper.start()
    try:
        assert inside.wait(10)
        names = [name for _, _, name in calls_of(sleeper.ident or 0)]
    finally:
        resting.set()
        sleeper.join()
    assert names.index("rest") < names.index("run")
    assert "test_the_calls_of_a_thread_are_told_newest_first" not in names
    assert calls_of(threading.get_ident())[0][2] == "calls_of"


def test_a_defect_is_written_down_with_versions_and_without_secrets(tmp_path: Path) -> None:
    try:
        raise ValueError("postgresql://li.ming:her-secret@db/lineside password=her-secret")
    except ValueError as defect:
        report = write_report(defect, tmp_path)
    said = report.read_text("utf-8")
    assert "her-secret" not in said
    assert "test_a_defect_is_written_down" in said
    assert "Python 3." in said


def test_what_escapes_from_a_thread_is_said_on_the_window_and_reported(qtbot: QtBot, tmp_path: Path) -> None:
    desk, told = CrashDesk(tmp_path), []
    desk.told.connect(told.append)
    undo = desk.install()
    try:

        def breaks() -> None:
            raise KeyError("a lot that is none")

        thread = threading.Thread(target=breaks)
        thread.start()
        thread.join()
        qtbot.waitUntil(lambda: bool(told), timeout=3000)
    finally:
        undo()
    assert str(told[0]) == "Something in this program did not work. What was stored stays stored."
    assert [file.name for file in tmp_path.iterdir()] == [told[0].facts["report"]]


@pytest.mark.parametrize(("name", "seconds"), [("ok", 0.08), ("stop", 0.58), ("device_lost", 0.43)])
def test_a_tone_lasts_as_long_as_the_design_says_and_begins_and_ends_in_silence(name: str, seconds: float) -> None:
    heard = struct.unpack(f"<{len(samples(TONES[name])) // 2}h", samples(TONES[name]))
    assert len(heard) == pytest.approx(seconds * RATE_HZ, abs=5)
    assert heard[0] == heard[-1] == 0
    assert 10_000 < max(heard) <= 16_000


def test_a_tone_is_played_from_a_readable_file_and_not_at_all_when_switched_off(tmp_path: Path) -> None:
    played: list[Path] = []
    tones = Tones(on=True, play=played.append)
    tones.ok()
    with wave.open(str(played[0])) as file:
        assert (file.getnchannels(), file.getframerate()) == (1, RATE_HZ)
    tones.on = False
    tones.stop()
    assert len(played) == 1
    assert tones.last == "stop"
    tones.close()
