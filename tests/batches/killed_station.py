"""A station as a process of its own, to be killed: it opens the batch, reads what it came back to, does one thing, waits for its end.

``python -m tests.batches.killed_station`` imports once and forks a station for every line of JSON on its input; what they say are lines of
JSON too. It is a program of the tests, because a window that is killed takes its process with it.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.exceptions import TimeoutError as NeverSeen

from app.core.embedded_server import ServerAddress
from tests.batches.bench import Bench, open_bench
from tests.batches.runs import Run
from tests.batches.test_step_screen import container as code_of
from tests.plant import Plant
from ui.shell.registry import load_screens, offer
from ui.shell.signing_sheet import SigningSheet

DRAFTS = "SELECT count(*) FROM draft WHERE screen = 'batches.step' AND content::text LIKE %s"


class Bot:
    """Waits as pytest-qt does, where there is no pytest."""

    def waitUntil(self, true: Callable[[], bool], *, timeout: int) -> None:  # noqa: N802 (pytest-qt's name)
        end = time.monotonic() + timeout / 1000
        while not true():
            if time.monotonic() > end:
                raise NeverSeen
            QTest.qWait(10)

    def waitExposed(self, window: Any) -> None:  # noqa: N802 (pytest-qt's name)
        QTest.qWaitForWindowExposed(window)

    def wait(self, ms: int) -> None:
        QTest.qWait(ms)


def kept(bench: Bench, typed: str) -> None:
    """Wait until what was typed stands among the drafts."""
    bench.until(lambda: bench.run.plant.rows(DRAFTS, f'%"{typed}"%') == [(1,)])


def checks(bench: Bench) -> None:
    bench.enter("No parts of the batch before?")
    bench.enter("No labels and papers of the batch before?")


def container(bench: Bench) -> None:
    bench.enter("Scan a container of CH-2225.")
    bench.scan(code_of(bench.run, bench.run.hubs))
    bench.until(lambda: bench.primary == "Take 2 pcs")


def unit(bench: Bench) -> None:
    bench.enter("Scan the unit in your hand; the next one is B26-0001-00001.")
    bench.scan("B26-0001-00001")
    bench.reads("Unit B26-0001-00001: scan a container of SC-2200.")


def cleaned(bench: Bench) -> None:
    bench.enter("Scan the pouch sealer.")
    bench.scan("AST:SL-03")
    bench.reads("When was it cleaned?")


def figure(bench: Bench) -> None:
    bench.enter("Read and enter: Dwell.")
    bench.type("1.2")
    kept(bench, "1.2")


def reading(bench: Bench) -> None:
    bench.enter("Measure Seal width, sample 1 with the caliper.")
    bench.measure("DC-014", "10.02")
    bench.until(lambda: bench.primary == "Take 10.02 mm")


def label(bench: Bench) -> None:
    bench.enter("Print the label of unit B26-0001-00001.")
    bench.enter("The label of B26-0001-00001 is being printed.")


def count(bench: Bench) -> None:
    bench.enter("Count, then enter: Good.")
    bench.type("2")
    kept(bench, "2")


def signature(bench: Bench) -> None:
    bench.window.idle.touch()
    bench.press(Qt.Key.Key_Return)
    bench.until(lambda: isinstance(bench.window.frame.sheet, SigningSheet))
    bench.scan("BDG:T-0124")
    bench.until(lambda: "Enter the password" in bench.glass())
    bench.type("lineside")


FIELDS: Mapping[str, Callable[[Bench], None]] = {
    act.__name__: act for act in (checks, container, unit, cleaned, figure, reading, label, count, signature)
}


def station(job: Mapping[str, Any]) -> None:
    """Open, look, do what is told then, wait."""
    address = ServerAddress(**job["address"])
    run = Run(Plant(address, job["dbname"], job["secrets"]), UUID(job["batch"]), UUID(job["hubs"]), UUID(job["clips"]))
    application = QApplication(["killed"])
    with open_bench(run, Bot(), Path(job["folder"])) as bench:  # type: ignore[arg-type]
        bench.reads(job["reads"])
        if job["typed"]:
            bench.until(lambda: bench.screen.panel.entry.text == job["typed"])
        say(back=True)
        then = json.loads(sys.stdin.readline())
        bench.reads(then["reads"])
        FIELDS[then["field"]](bench)
        say(ready=True)
        application.exec()


def say(**what: object) -> None:
    print(json.dumps(what), flush=True)


def main() -> None:
    offer("ui.shell", "ui.batches", "ui.deviations")
    load_screens()  # once, for all of them
    while line := sys.stdin.readline():
        child = os.fork()
        if child:
            say(pid=child)
            os.waitpid(child, 0)
            say(gone=True)
            continue
        station(json.loads(line))


if __name__ == "__main__":
    main()
