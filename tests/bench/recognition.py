"""How long it takes to find what was plugged in where it is found last, beside what setting the port so often takes alone."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from app.devices.protocol import SerialLine
from app.devices.recognition.search import WITHIN_S, recognise
from app.devices.simulators.mitutoyo import MitutoyoSimulator
from app.devices.simulators.mt_sics import MtSicsSimulator
from app.devices.simulators.sartorius_sbi import SartoriusSbiSimulator
from app.devices.simulators.sbpl_printer import SbplPrinter
from app.devices.simulators.tspl_printer import TsplPrinter
from app.devices.transport import Port, open_port
from tests.bench.measuring import Figure

RUNS = 3
LAST = SerialLine(baud=1200, parity="O")
"""The setting that is tried last of all."""
BEFORE_IT = SerialLine(baud=1200, bytesize=7, parity="O")
GIVEN_S = 60.0


class Watched:
    """A real port that remembers how it was set, and ends the search when the first setting comes round again."""

    def __init__(self, port: Port, stopping: Event, lines: list[SerialLine]) -> None:
        self.read, self.waiting, self.write, self.close = port.read, port.waiting, port.write, port.close
        self._port, self._stopping, self._lines = port, stopping, lines

    def tune(self, line: SerialLine) -> None:
        if self._lines and line == self._lines[0]:
            self._stopping.set()
        else:
            self._lines.append(line)
            self._port.tune(line)


def run() -> list[Figure]:
    """Both over simulated terminal servers on loopback."""
    rounds = [_round() for _ in range(RUNS)]
    tuning = [_seconds(lambda lines=lines: _only_tuned(lines)) for _, lines in rounds]
    limit = f"opening and setting the port alone {statistics.median(tuning):.2f} s, {len(rounds[0][1])} settings"
    return [
        _figure("recognition: one round through all speeds, nobody answers", [took for took, _ in rounds], limit),
        _figure("recognition: two ports, worst speeds", [_two_ports() for _ in range(RUNS)], limit),
        _figure("recognition: two label printers on the network", [_two_printers() for _ in range(RUNS)], "its own waits for answers"),
    ]


def _round() -> tuple[float, list[SerialLine]]:
    """Seconds of one round with a device that never speaks, and every setting of it."""
    lines: list[SerialLine] = []
    stopping = Event()
    with MitutoyoSimulator(line=SerialLine(baud=300)) as quiet:
        took = _seconds(
            lambda: recognise(
                quiet.url, stopping=stopping, within_s=GIVEN_S, open_port=lambda url, line: Watched(open_port(url, line), stopping, lines)
            )
        )
    return took, lines


def _only_tuned(lines: list[SerialLine]) -> None:
    with MitutoyoSimulator(line=SerialLine(baud=300)) as quiet:
        port = open_port(quiet.url, lines[0])
        for line in lines:
            port.tune(line)
        port.close()


def _two_ports() -> float:
    """Seconds until both are found, each with its serial number."""
    balance, scale = SartoriusSbiSimulator(line=LAST), MtSicsSimulator(line=BEFORE_IT, serial_number="B120000001")
    with balance, scale, ThreadPoolExecutor(2) as ports:
        begun = time.perf_counter()
        found = list(ports.map(lambda url: recognise(url, stopping=Event(), within_s=GIVEN_S), [balance.url, scale.url]))
        took = time.perf_counter() - begun
    keys = [one.key for findings in found for one in findings.fitting]
    if keys != ["sartorius_sbi", "mt_sics"] or balance.changing_bytes or scale.changing_bytes:
        raise AssertionError(f"found {keys}, bytes that change something: {balance.changing_bytes}, {scale.changing_bytes}")
    return took


def _two_printers() -> float:
    """Seconds until both are found: an old TSPL printer without paper, which proves itself last, and a SATO printer."""
    old, sato = TsplPrinter(says_whole_status=False), SbplPrinter()
    old.run_out_of_paper()
    with old, sato, ThreadPoolExecutor(2) as ports:
        begun = time.perf_counter()
        found = list(ports.map(lambda url: recognise(url, stopping=Event(), within_s=GIVEN_S), [old.url, sato.url]))
        took = time.perf_counter() - begun
    keys = [one.key for findings in found for one in findings.fitting]
    if keys != ["tspl", "sbpl"] or old.changing_bytes or sato.changing_bytes:
        raise AssertionError(f"found {keys}, bytes that change something: {old.changing_bytes}, {sato.changing_bytes}")
    return took


def _seconds(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def _figure(name: str, took: list[float], limit: str) -> Figure:
    return Figure(
        name=name,
        unit="s",
        median=statistics.median(took),
        p95=max(took),
        goal=f"<= {WITHIN_S:.0f} s",
        holds=max(took) <= WITHIN_S,
        limit=limit,
    )
