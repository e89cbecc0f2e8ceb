"""However fast devices send, the window hears what counts, in order, and lives."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from app.base.measurement import Quantity, Reading
from app.devices.errors import NoAnswer
from app.devices.events import DeviceState, Scan, Standing, Trouble
from ui.shell.ear import Ear
from ui.shell.waiting import MOST, Waiting

NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


def reading(n: int, device: str = "SC-1") -> Reading:
    return Reading(quantity=Quantity(Decimal(n), "g"), stable=True, device=device, raw=b"", at=NOON)


def scan(n: int) -> Scan:
    return Scan(text=str(n), device="SCAN-1", at=NOON)


def silent(device: str = "SC-1") -> DeviceState:
    return DeviceState(device=device, standing=Standing.SILENT, since=NOON, cause=NoAnswer(), last_heard=None, serial_number=None)


def taken(waiting: Waiting) -> list[tuple[str, object]]:
    found = []
    while (one := waiting.take()) is not None:
        found.append(one)
    return found


@pytest.mark.capability("E7")
def test_of_a_stream_the_first_few_and_the_newest_wait_and_a_gauge_beside_it_loses_none() -> None:
    waiting = Waiting()
    for n in range(10_000):
        waiting.put("reading", reading(n))
        if n % 2000 == 0:
            waiting.put("reading", reading(n, "DC-2"))
    assert len(waiting) == MOST + 5
    values = [what.quantity.value for _, what in taken(waiting) if what.device == "SC-1"]  # type: ignore[attr-defined]
    assert values == [*range(MOST - 1), 9999]


@pytest.mark.capability("E7")
def test_a_value_never_passes_a_state_that_came_before_it() -> None:
    waiting = Waiting()
    said = [("reading", reading(n)) for n in range(MOST)] + [("state", silent()), ("reading", reading(90)), ("reading", reading(91))]
    for name, what in said:
        waiting.put(name, what)
    assert [name for name, _ in taken(waiting)] == ["reading"] * MOST + ["state", "reading"]


def test_no_scan_and_no_state_is_passed_over_however_many_wait() -> None:
    waiting = Waiting()
    for n in range(500):
        waiting.put("scan", scan(n))
        waiting.put("state", silent())
    assert len(taken(waiting)) == 1000


def test_whoever_takes_is_woken_once_and_again_only_after_it_fell_asleep() -> None:
    waiting = Waiting()
    assert [waiting.put("scan", scan(n)) for n in range(3)] == [True, False, False]
    assert not waiting.falls_asleep()
    taken(waiting)
    assert not waiting.put("scan", scan(4)), "it is still looking"
    taken(waiting)
    assert waiting.falls_asleep()
    assert waiting.put("scan", scan(5))


@pytest.mark.capability("E7")
def test_a_window_under_a_flood_of_readings_goes_on_beating_and_hears_the_last_one_and_what_follows(qtbot: QtBot) -> None:
    ear, heard, beats = Ear(), [], []
    ear.reading.connect(lambda one: (heard.append(one), time.sleep(0.001)))  # a screen that takes a millisecond for each
    ear.trouble.connect(heard.append)
    over = threading.Event()

    def flood() -> None:
        n = 0
        while not over.wait(0.0005) and n < 100_000:
            ear.listener.reading(reading(n))
            n += 1
        ear.listener.reading(reading(-1))
        ear.listener.trouble(Trouble(device="SC-1", error=NoAnswer(), raw=b"", at=NOON))

    beat = QTimer()
    beat.timeout.connect(lambda: beats.append(time.monotonic()))
    beat.start(10)
    thread = threading.Thread(target=flood)
    thread.start()
    try:
        qtbot.waitUntil(lambda: len(beats) >= 20, timeout=8000)
    finally:
        over.set()
        thread.join()
    qtbot.waitUntil(lambda: isinstance(heard[-1], Trouble), timeout=8000)
    assert heard[-2].quantity.value == -1


def test_an_ear_that_was_closed_says_nothing_of_what_still_waited(qtbot: QtBot) -> None:
    ear, heard = Ear(), []
    ear.scan.connect(heard.append)
    ear.listener.scan(scan(1))
    qtbot.waitUntil(lambda: len(heard) == 1, timeout=8000)
    ear.listener.scan(scan(2))  # within the ear's rest
    ear.close()
    ear.listener.scan(scan(3))
    qtbot.wait(50)
    assert [one.text for one in heard] == ["1"]
