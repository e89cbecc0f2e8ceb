"""What somebody waits for at a station: scan → posted and shown; Enter → signed; a deviation opened elsewhere → seen and heard here.

Real windows, a durable server, real devices.
"""

from __future__ import annotations

import tempfile
import time
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from app.base.ids import new_id
from app.base.phrases import Language
from app.core.embedded_server import NO_SETTINGS
from app.core.subject import Subject
from app.demo.people import SECRET
from app.deviations.commands import OpenDeviation
from tests.bench.measuring import Figure, percentiles
from ui.kit.next_band import NextBand
from ui.shell.feed_watch import EVERY_S
from ui.shift import dock
from ui.shift.camera import Snapshots
from ui.shift.course import Shift, walk
from ui.shift.hand import WAIT_S, Hand, ShiftFailed
from ui.shift.stage import Stage, house, stage

PACKS = 40
SIGNATURES = 24
SWITCHES = 20
DEVIATIONS = 20


def run() -> list[Figure]:
    """All figures on one stage."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ls-bench-")))
        stood = stack.enter_context(stage(lambda _: None, stack.enter_context(house(lambda _: None, server_settings=NO_SETTINGS))))
        shift = Shift(stage=stood, pictures=folder, papers=folder, tell=lambda _: None)
        camera = Snapshots(folder=folder)
        with stood.window("REC-01", language=Language.EN) as shell:
            hand = Hand(shell, camera, patience_s=WAIT_S)
            walk(shift, hand, dock.STEPS[:2])
            posted = _posted(stood, hand)
            bare = _bare_round_trip(stood)
        with stood.window("IQC-02", language=Language.EN) as shell:
            hand = Hand(shell, camera, patience_s=WAIT_S)
            signed = _signed(shift, hand)
            switched = _switched(shift, hand)
        with stood.window("IQC-02", language=Language.EN) as shell:
            told = _told(shift, Hand(shell, camera, patience_s=WAIT_S))
    return [
        _figure("scan of the location → posted and shown", posted, 100, f"one bare commit from this program {bare:.2f} ms"),
        _figure("Enter in the signing sheet → signed and shown", signed, 300, "one SCRAM login of 100 000 iterations included"),
        _figure("badge of another person → at the same open screen", switched, 2000, "the password typed by a program; its login included"),
        _figure(
            "deviation opened elsewhere → tone and banner here", told, 3000, "a station asks every {:.0f} to {:.0f} s".format(*EVERY_S)
        ),
    ]


def _figure(name: str, found: list[float], limit_ms: int, beside: str) -> Figure:
    median, p95 = percentiles(found)
    return Figure(name=name, unit="ms", median=median, p95=p95, goal=f"p95 <= {limit_ms} ms", holds=p95 <= limit_ms, limit=beside)


class Glass(QObject):
    """What was drawn last on the next band: a sentence that is set and not drawn yet is not shown to anybody."""

    def __init__(self, band: NextBand) -> None:
        super().__init__()
        self._band = band
        self.words = ""

    def __enter__(self) -> Glass:
        self._band.installEventFilter(self)
        return self

    def __exit__(self, *_: object) -> None:
        self._band.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's own name
        if event.type() is QEvent.Type.Paint:
            self.words = " ".join(said.text for said in self._band.said())
        return False


def _posted(stood: Stage, hand: Hand) -> list[float]:
    """From the scanner's last byte leaving to the sentence drawn on the screen, one pack after the other of one lot."""
    found = []
    with Glass(hand.window.frame.next_band) as glass:
        for n in range(PACKS):
            stood.line.dock_scanner.scan(dock.pack(lot=f"NF26-{n // 20:04}", count=str(100 + n)))
            hand.until(lambda wanted=str(100 + n): wanted in hand.sentence, "the pack read")
            hand.breathe()
            begun = time.perf_counter()
            stood.line.dock_scanner.scan("]C0LOC:Q-A-03")
            hand.until(lambda count=f"Received {100 + n} pcs": count in glass.words, "the pack posted")
            found.append((time.perf_counter() - begun) * 1000)
            hand.breathe()
    return found


def _bare_round_trip(stood: Stage) -> float:
    import psycopg

    with psycopg.connect(stood.url_beside) as bare:
        bare.execute("CREATE TABLE bench_bare (n integer)")
        bare.commit()
        begun = time.perf_counter()
        for n in range(100):
            bare.execute("INSERT INTO bench_bare VALUES (%s)", [n])
            bare.commit()
        return (time.perf_counter() - begun) * 10


def _signed(shift: Shift, hand: Hand) -> list[float]:
    """Quality holds a lot and ends the hold, again and again."""
    stood = shift.stage
    hand.devices_live()
    stood.line.lab_scanner.scan("]C0BDG:T-0240")
    hand.sign_in("wang.haiyan", SECRET)
    lot = stood.rows("SELECT code FROM lineside.lot ORDER BY code LIMIT 1")[0][0]
    stood.line.lab_scanner.scan(f"]C0{lot}")
    hand.reads("Hold")
    found = []
    for n in range(SIGNATURES):
        ends = n % 2 == 1
        hand.tap("End the hold" if ends else "Hold")
        if not ends:
            hand.until(lambda: isinstance(QApplication.focusWidget(), QLineEdit), "one line why")
            hand.type("Bench.")
            hand.press(Qt.Key.Key_Return)
        hand.breathe()
        stood.line.lab_scanner.scan("]C0BDG:T-0240")
        hand.reads("Enter the password")
        hand.type(SECRET)
        shown = "is on hold" if not ends else "Release"
        begun = time.perf_counter()
        hand.press(Qt.Key.Key_Return)
        hand.until(lambda words=shown: hand.window.frame.sheet is None and words in hand.sentence + hand.words, "signed and shown")
        found.append((time.perf_counter() - begun) * 1000)
        hand.breathe()
    return found


def _switched(shift: Shift, hand: Hand) -> list[float]:
    """Two people take turns at one screen: from the badge to the screen that stands as the other left it."""
    found = []
    for n in range(SWITCHES):
        badge, login = (("T-0241", "xu.lan"), ("T-0240", "wang.haiyan"))[n % 2]
        screen = hand.window.current
        begun = time.perf_counter()
        shift.stage.line.lab_scanner.scan(f"]C0BDG:{badge}")
        hand.until(lambda: hand.window.gate is not None, "the lock")
        hand.sign_in(login, SECRET)
        hand.until(lambda: hand.window.gate is None, "the screen")
        found.append((time.perf_counter() - begun) * 1000)
        if hand.window.current is not screen:
            raise ShiftFailed("another screen stands")
        hand.breathe()
    return found


def _told(shift: Shift, hand: Hand) -> list[float]:
    """From the command that opens it at another station to the tone and the banner drawn, with the task in the list behind them."""
    stood = shift.stage
    hand.devices_live()
    stood.line.lab_scanner.scan("]C0BDG:T-0231")
    hand.sign_in("tom.becker", SECRET)
    ((lot,),) = stood.rows("SELECT id FROM lineside.lot ORDER BY code LIMIT 1")
    found = []
    for _ in range(DEVIATIONS):
        hand.window.tones.last = None
        code, begun = shift.elsewhere(partial(_opened, shift, lot))
        hand.until(lambda code=code: code in hand.banner and hand.window.tones.last == "call", "the banner")
        found.append((time.perf_counter() - begun) * 1000)
        hand.tap("Open it")
        hand.until(lambda: hand.banner == "", "the banner gone")
        hand.press(Qt.Key.Key_Escape)
    return found


def _opened(shift: Shift, lot: UUID) -> tuple[str, float]:
    """An inspector at REC-01 opens one; its code, and when the command began."""
    order = OpenDeviation(
        command_id=new_id(),
        id=new_id(),
        subject=Subject(kind="lot", id=lot, version=1),
        cause_kind="other",
        cause_id=new_id(),
        kind="discrepancy",
        class_="minor",
        what_happened="Bench.",
        facts={},
    )
    with shift.people_at("REC-01") as at:
        inspector, begun = at("li.ming"), time.perf_counter()
        return inspector.give(order), begun
