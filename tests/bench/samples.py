"""A machine that says 1 000 values a second: recorded by a station with its window open, every one counted in the database afterwards."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from decimal import Decimal
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from app.base.measurement import Limits
from app.capture.recorder import ROOM, Recorder
from app.core.devices_here import DevicesHere
from app.core.settings import Settings
from app.devices.machines.samples import SampleBatch
from app.devices.settings import MODBUS, DeviceSettings, MachineSettings
from app.devices.simulators.sealer import UNIT_ID
from tests.bench.measuring import Figure, percentiles
from tests.capture.recording_station import counted, enter_channels, register_machine
from tests.devices.machines.bench import Counting
from tests.plant import Plant
from ui.kit import ParameterTrace, TracedParameter, TracePoints
from ui.shell.start import Shell, open_window, spare_what_is_loaded
from ui.shell.tones import Tones

CODE, CHANNELS, LOOKS_PER_S = "TC-01", 10, 100
SHORT_S, LONG_S = 20, 600
IDLE_S = 5
BEAT_S = 0.005
BLOCK_MS = 100


@dataclass(slots=True, kw_only=True)
class Heard:
    """What the station's hub said to the window."""

    samples: int = 0
    skipped: int = 0


def run(plant: Plant, *, long: bool) -> list[Figure]:
    """Two figures; the long form takes ten minutes."""
    machine = MachineSettings(map=Counting().map, unit_id=UNIT_ID, looks_per_s=LOOKS_PER_S)
    seconds = LONG_S if long else SHORT_S
    return measured(
        plant,
        "machine values",
        "tests.bench.machine",
        seconds,
        lambda url: DeviceSettings(code=CODE, protocol=MODBUS, url=url, unit=None, machine=machine),
    )


def measured(
    plant: Plant, name: str, module: str, seconds: int, device: Callable[[str], DeviceSettings], *, tells: bool = False
) -> list[Figure]:
    """Record a machine that counts, in a process of its own, through a station with its window open.

    Args:
        plant: Whose database it is; closed meanwhile.
        name: Of the figures.
        module: Plays the machine: says its url, and after a line how often it counted.
        seconds: How long.
        device: The machine at that url, with ten channels a hundred times a second.
        tells: Whether it counts by itself: a count that stood for more than a second is told twice, one after the end not at all.
    """
    enter_channels(plant, register_machine(plant, CODE), [f"channel_{n}" for n in range(CHANNELS)])
    plant.close()
    with (
        tempfile.TemporaryDirectory(prefix="ls-bench-") as folder,
        _machine(module) as (machine, url),
        _station(plant, Path(folder)) as stands,
    ):
        shell, recorder = stands
        idle = beats(IDLE_S)
        heard, trace = Heard(), _trace_of(shell)
        shell.bridge.ear.samples.connect(lambda batch: _show(shell, trace, heard, batch))
        shell.hub.start(device(url))
        beside = subprocess.Popen([sys.executable, "-m", "tests.bench.lateness", str(seconds)], stdout=subprocess.PIPE, text=True)
        late = beats(seconds)
        bare_ms = float(beside.communicate()[0])
        shell.hub.stop()
        QApplication.processEvents()
        trace.close()
        assert recorder.stop(60)
        read = _read_by_station(machine)
    rows = counted(plant)
    if tells:
        rows = sorted(set(rows))
        read = rows[-1] if rows else read
    return [_kept(name, seconds, read, rows, heard), _alive(name, seconds, late, idle, bare_ms)]


@contextmanager
def _machine(module: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-m", module]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as machine:
        assert machine.stdout is not None
        yield machine, machine.stdout.readline().strip()
        machine.kill()


def _read_by_station(machine: subprocess.Popen[str]) -> int:
    """How often the machine was read, by its own count."""
    assert machine.stdin is not None
    assert machine.stdout is not None
    machine.stdin.write("\n")
    machine.stdin.flush()
    return int(machine.stdout.readline())


@contextmanager
def _station(plant: Plant, folder: Path) -> Iterator[tuple[Shell, Recorder]]:
    recorder = Recorder(plant.link(), folder / "spool", room=ROOM)
    recorder.start()
    shell = open_window(
        Settings(dpi_override=96, data_folder=folder),
        server=plant.server,
        station="IQC-02",
        station_secret=plant.secrets["IQC-02"],
        devices=DevicesHere(),
        recording=recorder,
        development=False,
        tones=Tones(on=False),
        catch_defects=False,
    )
    spare_what_is_loaded(shell)
    shell.window.resize(1920, 1080)
    shell.window.show()
    try:
        yield shell, recorder
    finally:
        shell.close()


def _trace_of(shell: Shell) -> ParameterTrace:
    """What a step shows of one channel while it runs."""
    limits = Limits(unit="N", lower=Decimal(0), nominal=None, upper=Decimal(65535))
    trace = ParameterTrace([TracedParameter(key="c", name="channel_0", limits=limits, silent_after_s=3)], zone=UTC)
    trace.resize(780, 240)
    trace.show()
    return trace


def _show(shell: Shell, trace: ParameterTrace, heard: Heard, batch: SampleBatch) -> None:
    """As a step does it, ten times a second."""
    heard.samples += len(batch.samples)
    heard.skipped += batch.skipped
    fresh = [s for s in batch.samples if s.channel == "channel_0" and s.value is not None]
    if fresh:
        at_s = np.array([s.at.timestamp() for s in fresh])
        trace.append(TracePoints(key="c", at_s=at_s, values=np.array([float(s.value or 0) for s in fresh])))


def beats(seconds: float) -> list[float]:
    """Milliseconds by which the window's thread answered later than it should, beat by beat."""
    late: list[float] = []
    last = time.perf_counter()

    def beat() -> None:
        nonlocal last
        now = time.perf_counter()
        late.append(max(0.0, now - last - BEAT_S) * 1000)
        last = now

    timer, loop = QTimer(), QEventLoop()
    timer.setInterval(round(BEAT_S * 1000))
    timer.timeout.connect(beat)
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    timer.start()
    last = time.perf_counter()
    loop.exec()
    timer.stop()
    return late


def _kept(name: str, seconds: int, read: int, rows: list[int], heard: Heard) -> Figure:
    """The machine counts its readings: what is missing between the first and the last was lost. The last may be cut off by the end."""
    lost = max(0, read - 1 - len(set(rows)), heard.samples // CHANNELS - len(set(rows))) * CHANNELS
    once = rows == list(range(1, len(rows) + 1))
    stored = len(rows) * CHANNELS
    return Figure(
        name=f"{name}: {CHANNELS * LOOKS_PER_S} a second for {seconds} s, lost",
        unit="values",
        median=lost,
        p95=lost,
        goal="0 lost, each once",
        holds=lost == 0 and once and stored >= 0.95 * CHANNELS * LOOKS_PER_S * seconds,
        limit=f"{stored} stored, {stored / seconds:.0f}/s; {heard.skipped} looks of {LOOKS_PER_S}/s were not made in time",
    )


def _alive(name: str, seconds: int, beats: list[float], idle: list[float], bare_ms: float) -> Figure:
    median, p95 = percentiles(beats)
    longest = max(beats)
    return Figure(
        name=f"{name}: the window's thread, {seconds} s, answers late by",
        unit="ms",
        median=median,
        p95=p95,
        goal=f"longest < {BLOCK_MS} ms",
        holds=longest < BLOCK_MS,
        limit=f"longest {longest:.1f} ms; a program that does nothing {bare_ms:.1f} ms, the window without a machine {max(idle):.1f} ms",
    )
