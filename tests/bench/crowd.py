"""Twenty devices at one station, five of them silent, one babbling at 11 kB/s, one that vanishes and comes back under another name.

A real window on a durable server; the devices live in another process. Times are those of the computer's one monotonic clock.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import cast
from unittest.mock import patch

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from app.core.devices_here import DevicesHere
from app.core.settings import Settings
from app.demo.people import SECRET
from app.devices.protocol import SerialLine
from app.devices.settings import DeviceSettings
from tests.bench.measuring import Figure, percentiles
from tests.bench.samples import BLOCK_MS, beats
from tests.devices.adapters import ports_in
from tests.devices.crowd import BABBLING, VANISHING, Connected, Crowd
from tests.plant import Plant
from ui.shell.device_tiles import DeviceTiles
from ui.shell.home_screen import HomeScreen
from ui.shell.sign_in import SignIn
from ui.shell.start import Shell, open_window, spare_what_is_loaded
from ui.shell.tones import Tones
from ui.shift.camera import Snapshots
from ui.shift.hand import WAIT_S, Hand

STARTS, CHANGES, PRESSES = 20, 20, 100
WATCHED_S, WITHIN_MS, SHOWN_MS = 20, 2000, 50
_SWITCHED = "DEV-09"
"""A scale that is asked whether it is there."""


class Devices:
    """The other process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._orders, self._answers = process.stdin, process.stdout
        connected = [_connected(line) for line in iter(self._answers.readline, "\n")]
        connected.sort(key=lambda one: one.code != VANISHING)  # the one whose value is looked for has a place on the screen
        self.settings = tuple(one.settings() for one in connected)

    def order(self, order: str) -> None:
        """Have something done; `done_at` must follow."""
        self._orders.write(order + "\n")
        self._orders.flush()

    def done_at(self) -> float:
        """When it was done, monotonic seconds."""
        return float(self._answers.readline())


def run(plant: Plant) -> list[Figure]:
    """Seven figures; about two minutes."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ls-bench-")))
        stack.enter_context(patch.dict(os.environ, XDG_STATE_HOME=str(folder)))
        with _station(plant, folder, ()) as shell:
            _at_home(shell, folder)
            idle, idle_s = _watched(WATCHED_S / 2)
        devices = stack.enter_context(_devices(folder))
        with _station(plant, folder, devices.settings) as shell:
            home = _at_home(shell, folder)
            expected = _expected(folder)
            _until(lambda: _all_right(shell, expected))
            logs = _log_bytes(folder)
            beside = subprocess.Popen([sys.executable, "-m", "tests.bench.lateness", str(WATCHED_S)], stdout=subprocess.PIPE, text=True)
            found, busy_s = _watched(WATCHED_S)
            bare_ms = float(beside.communicate()[0])
            logged = (_log_bytes(folder) - logs) / WATCHED_S
            shown = [_shown(devices, home.devices, f"{12 + n / 100:.2f}") for n in range(PRESSES)]
            started = [_started(shell, devices.settings, expected) for _ in range(STARTS)]
            gone, back = _changed(shell, devices, VANISHING, "vanish", "come_back", "fault since ")
            silent, heard = _changed(shell, devices, _SWITCHED, f"switch_off {_SWITCHED}", f"switch_on {_SWITCHED}", "silent ")
            streamed = _streamed(shell, devices)
    median, p95 = percentiles(found)
    return [
        _time("20 devices: connected anew → every chip right", started, WITHIN_MS, "silence is 800 ms without an answer"),
        _time("20 devices: adapter pulled out → chip says fault", gone, WITHIN_MS, f"back under another name → live {_said(back)}"),
        _time("20 devices: scale switched off → chip says silent", silent, WITHIN_MS, f"on again → live {_said(heard)}; asked each second"),
        _time("20 devices: button of a gauge → value drawn", shown, SHOWN_MS, f"a program that does nothing is late by {bare_ms:.1f} ms"),
        Figure(
            name=f"20 devices: the window's thread, {WATCHED_S} s, answers late by",
            unit="ms",
            median=median,
            p95=p95,
            goal=f"longest < {BLOCK_MS} ms",
            holds=max(found) < BLOCK_MS,
            limit=f"longest {max(found):.1f} ms; a program that does nothing {bare_ms:.1f}, the window without devices {max(idle):.1f} ms",
        ),
        Figure(
            name="20 devices: one streams 11 kB/s of values, thread late by",
            unit="ms",
            median=percentiles(streamed)[0],
            p95=percentiles(streamed)[1],
            goal=f"longest < {BLOCK_MS} ms",
            holds=max(streamed) < BLOCK_MS,
            limit=f"longest {max(streamed):.1f} ms",
        ),
        Figure(
            name="20 devices: processor time of the station's program",
            unit="% of one",
            median=100 * busy_s / WATCHED_S,
            p95=100 * busy_s / WATCHED_S,
            goal="<= 50 % of one core",
            holds=busy_s <= WATCHED_S / 2,
            limit=f"without devices {200 * idle_s / WATCHED_S:.1f} %; {logged / 1000:.1f} kB/s of frame logs",
        ),
    ]


def _connected(line: str) -> Connected:
    said = json.loads(line)
    return Connected(**{**said, "line": SerialLine(**said["line"]) if said["line"] else None})


@contextmanager
def _devices(folder: Path) -> Iterator[Devices]:
    command = [sys.executable, "-m", "tests.bench.crowd_devices", str(folder)]
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}  # pyserial's own, once per connection
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment) as process:
        with patch("serial.tools.list_ports.comports", lambda: ports_in(folder)):  # the ports of this computer are the crowd's adapters
            yield Devices(process)
        process.kill()


@contextmanager
def _station(plant: Plant, folder: Path, devices: tuple[DeviceSettings, ...]) -> Iterator[Shell]:
    shell = open_window(
        Settings(dpi_override=96, data_folder=folder),
        server=plant.server,
        station="IQC-02",
        station_secret=plant.secrets["IQC-02"],
        devices=DevicesHere(instruments=devices),
        development=False,
        tones=Tones(on=False),
        catch_defects=False,
    )
    spare_what_is_loaded(shell)
    shell.window.resize(1920, 1080)
    shell.window.show()
    shell.window.activateWindow()
    try:
        yield shell
    finally:
        shell.close()


def _at_home(shell: Shell, folder: Path) -> HomeScreen:
    hand = Hand(shell, Snapshots(folder=folder), patience_s=WAIT_S)
    gate = cast("SignIn", shell.window.gate)
    hand.until(lambda: "li.ming" in gate._people, "the people of this station")
    gate.choose("li.ming")
    hand.sign_in("li.ming", SECRET)
    hand.until(lambda: isinstance(shell.window.current, HomeScreen), "home")
    return cast("HomeScreen", shell.window.current)


def _expected(folder: Path) -> dict[str, str]:
    """As the crowd of the other process stands; this one is never started."""
    return dict(Crowd(folder).expected)


def _watched(seconds: float) -> tuple[list[float], float]:
    """How late the window's thread answered, and the processor time of the whole program meanwhile."""
    begun = time.process_time()
    late = beats(seconds)
    return late, time.process_time() - begun


def _until(so: Callable[[], bool]) -> float:
    """Let the window live until it is so; when it was, monotonic seconds."""
    end = time.monotonic() + WAIT_S
    while not so():
        assert time.monotonic() < end, "it never became so"
        QApplication.processEvents()
        time.sleep(0.001)
    return time.monotonic()


def _says(shell: Shell, code: str) -> str:
    return shell.window.chips._chips[code].text.removeprefix(code).strip() + " "


def _all_right(shell: Shell, expected: dict[str, str]) -> bool:
    return all(_says(shell, code).startswith(words) for code, words in expected.items())


def _started(shell: Shell, devices: tuple[DeviceSettings, ...], expected: dict[str, str]) -> float:
    """From the start of all sessions to the moment every chip is right, ms."""
    assert shell.hub.stop() == []
    _until(lambda: all(_says(shell, one.code).startswith("not in use") for one in devices))
    begun = time.monotonic()
    shell.hub.start(*devices)
    return (_until(lambda: _all_right(shell, expected)) - begun) * 1000


def _changed(shell: Shell, devices: Devices, code: str, away: str, back: str, words: str) -> tuple[list[float], list[float]]:
    """How long the chip takes to say that one is away, and that it is back, ms each."""
    gone, live = [], []
    for order, expected, found in [(away, words, gone), (back, "live ", live)] * CHANGES:
        devices.order(order)
        right = _until(lambda expected=expected: _says(shell, code).startswith(expected))  # type: ignore[misc]
        found.append((right - devices.done_at()) * 1000)
    return gone, live


def _streamed(shell: Shell, devices: Devices) -> list[float]:
    """How late the window's thread answers while the nineteenth device sends five hundred values a second."""
    devices.order("stream")
    devices.done_at()
    _until(lambda: _says(shell, BABBLING).startswith("live"))
    return beats(WATCHED_S / 2)


class Glass(QObject):
    """When a value was drawn first."""

    def __init__(self, tiles: DeviceTiles) -> None:
        super().__init__()
        self._tiles, self._value = tiles, ""
        self.drawn_at: float | None = None
        tiles.installEventFilter(self)

    def wait_for(self, value: str) -> None:
        """From now on."""
        self._value, self.drawn_at = value, None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's own name
        if event.type() is QEvent.Type.Paint and self.drawn_at is None and any(one.value == self._value for one in self._tiles.seen):
            self.drawn_at = time.monotonic()
        return False


def _shown(devices: Devices, tiles: DeviceTiles, value: str) -> float:
    """From the gauge's button to the value drawn, ms."""
    glass = Glass(tiles)
    glass.wait_for(f"{value} mm")
    devices.order(f"press {value}")
    _until(lambda: glass.drawn_at is not None)
    tiles.removeEventFilter(glass)
    return (cast("float", glass.drawn_at) - devices.done_at()) * 1000


def _log_bytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*.log*"))


def _said(found: list[float]) -> str:
    median, p95 = percentiles(found)
    return f"median {median:.0f} ms, p95 {p95:.0f}, longest {max(found):.0f}"


def _time(name: str, found: list[float], limit_ms: int, beside: str) -> Figure:
    median, p95 = percentiles(found)
    return Figure(
        name=name,
        unit="ms",
        median=median,
        p95=p95,
        goal=f"p95 <= {limit_ms} ms",
        holds=p95 <= limit_ms,
        limit=f"longest {max(found):.0f} ms; {beside}",
    )
