"""From the command to the sign-in that can be used: with the server running, and with the embedded one to be started."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from app.demo.first_run import prepare
from tests.bench.measuring import Figure, percentiles

RUNS = 20
HOUSE = Path(__file__).resolve().parents[2]
PROBE = """
import sys
from app.cli.client import station_here
from app.core.logs import start_logging
with station_here(lambda _: None) as here:
    from PySide6.QtWidgets import QApplication
    from ui.shell.start import open_window
    shell = open_window(here.settings, server=here.server, station=here.station, station_secret=here.secret, devices=here.devices,
                        development=False, printing=here.printing)
    shell.window.resize(1920, 1080); shell.window.show()
    while not shell.window.gate._people:
        QApplication.processEvents()
    shell.window.grab()
    print("here", flush=True)
    sys.stdin.readline()
    shell.close()
"""


def run() -> list[Figure]:
    """Both ways, each in a fresh process; a first run of the interpreter warms the disk, as a workstation's morning does."""
    with tempfile.TemporaryDirectory(prefix="ls-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        settings = folder / "settings.toml"
        first = prepare(folder / "data", settings, lambda _: None, practice=False)
        environment = {**os.environ, "LINESIDE_SETTINGS": str(settings), "LINESIDE_DATA_FOLDER": str(folder / "data")}
        _start(environment)
        running = [_start(environment) for _ in range(RUNS)]
        first.embedded.stop()
        embedded = [_start(environment) for _ in range(RUNS)]
    bare = [_bare_python() for _ in range(RUNS)]
    beside = f"an empty Qt window in a fresh Python {percentiles(bare)[0]:.2f} s"
    return [
        _figure("client start to sign-in, server running", running, 1.5, beside),
        _figure("client start to sign-in, embedded", embedded, 3.0, beside),
    ]


def _figure(name: str, found: list[float], limit_s: float, beside: str) -> Figure:
    median, p95 = percentiles(found)
    return Figure(name=name, unit="s", median=median, p95=p95, goal=f"p95 < {limit_s} s", holds=p95 < limit_s, limit=beside)


def _start(environment: dict[str, str]) -> float:
    begun = time.perf_counter()
    client = subprocess.Popen(
        [sys.executable, "-c", PROBE],
        cwd=HOUSE,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert client.stdout is not None
    for line in client.stdout:
        if line.strip() == "here":
            took = time.perf_counter() - begun
            client.communicate("\n")
            return took
    raise RuntimeError(client.communicate()[1])


def _bare_python() -> float:
    program = "from PySide6.QtWidgets import QApplication, QWidget; a = QApplication([]); w = QWidget(); w.show(); w.grab()"
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    return time.perf_counter() - begun
