"""The second kit sheet: what the screens of a batch are built from. People, lots and customers are invented."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.base.measurement import Limits
from app.base.phrases import Name, Phrase
from ui.kit.balance import Balance, Fill, Part
from ui.kit.count_strip import CountRows, CountStrip
from ui.kit.exception_rows import ExceptionLine, ExceptionRows, Measured
from ui.kit.gate_rows import Gate, GateRows
from ui.kit.panel import Panel
from ui.kit.shapes import State
from ui.kit.step_rail import StepLine, StepRail
from ui.kit.struck_value import Recorded, StruckValue
from ui.kit.text import Label
from ui.kit.theme import theme
from ui.kit.tokens import Type

HEAT = Limits(unit="°C", lower=Decimal("132.0"), nominal=Decimal("137.0"), upper=Decimal("142.0"))
FORCE = Limits(unit="N", lower=Decimal("1.20"), nominal=None, upper=Decimal("4.00"))
LI_NA, TOM = Name("Li Na", "李娜"), Name("Tom Becker", "汤姆·贝克尔")


def specimen_batch() -> QWidget:
    """All of them as they stand on screens; a plain widget of about 1920 × 1200."""
    sheet = QWidget()
    column = QVBoxLayout(sheet)
    column.setContentsMargins(24, 16, 24, 24)
    column.setSpacing(16)
    column.addWidget(Label(Phrase("Lineside kit: batch record"), Type.TITLE))
    upper = QHBoxLayout()
    upper.setSpacing(16)
    for part, stretch in ((_rail(), 0), (_gates(), 0), (_exceptions(), 1)):
        upper.addWidget(part, stretch)
    column.addLayout(upper)
    lower = QHBoxLayout()
    lower.setSpacing(16)
    for part, stretch in ((_counts(), 1), (_balance(), 0), (_values(), 0)):
        lower.addWidget(part, stretch)
    column.addLayout(lower)
    column.addStretch(1)
    return sheet


def steps() -> list[StepLine]:
    """The eleven steps of the picture."""
    done = ((Phrase("Line clearance"), "06:52"), (Phrase("Components"), "07:10"), (Phrase("Hub bonding"), "08:31"))
    lines = [StepLine(key=str(n), number=str(n), name=name, state=State.PASS, ended=end) for n, (name, end) in enumerate(done, 1)]
    lines.append(StepLine(key="4", number="4", name=Phrase("Leak test"), state=State.FAIL, ended="09:57", second=Phrase("deviation open")))
    held = Phrase("held by {deviation}", deviation="DEV 26-0188")
    lines.append(StepLine(key="5", number="5", name=Phrase("Pouch sealing"), state=State.HERE, second="10:04 • 9\u2009120"))
    lines.append(StepLine(key="6", number="6", name=Phrase("Label and UDI"), state=State.HOLD, second=held))
    for n, name in enumerate((Phrase("Carton packing"), Phrase("EO sterilisation"), Phrase("Final inspection")), 7):
        lines.append(StepLine(key=str(n), number=str(n), name=name, state=State.TO_DO))
    return lines


def _rail() -> Panel:
    panel = Panel(Phrase("Step rail"), "3 / 9", padding=0)
    panel.setFixedWidth(theme.px(330))
    rail = StepRail()
    rail.show_steps(steps(), "5")
    rail.setMinimumHeight(theme.px(580))
    panel.body.addWidget(rail)
    return panel


def _gates() -> Panel:
    panel = Panel(Phrase("Gates for release"), "3 / 6", padding=0)
    panel.setFixedWidth(theme.px(364))
    rows = GateRows()
    accepted = Phrase("Final inspection accepted")
    rule = Phrase("Rule {rule}: every label is applied, destroyed or left. Find them, or have quality sign the difference.", rule="LAB-06")
    rows.show_gates(
        [
            Gate(key="steps", state=State.PASS, name=Phrase("Every step done")),
            Gate(key="inspection", state=State.PASS, name=accepted, why="IQC 26-1177, n 125, Ac 3"),
            Gate(key="labels", state=State.FAIL, name=Phrase("Labels do not balance"), why="2 / 23\u2009760", reason=rule),
            Gate(key="deviation", state=State.HOLD, name=Phrase("Deviation open"), why="DEV 26-0179"),
            Gate(key="audit", state=State.ATTENTION, name=Phrase("Audit entries to review"), why="1 / 7"),
            Gate(key="people", state=State.PASS, name=Phrase("People were qualified")),
        ]
    )
    rows.opened.emit("labels")
    panel.body.addWidget(rows)
    return panel


def _exceptions() -> Panel:
    panel = Panel(Phrase("Exceptions"), padding=0)
    rows = ExceptionRows()
    accepted, step = Phrase("agreed"), Phrase("step {step}", step=6)
    typed, fixed = Phrase("Typed value"), Phrase("Correction")
    rows.show_exceptions(
        [
            ExceptionLine(key="dev", state=State.FAIL, kind="DEV 26-0179", what=Phrase("label count differs"), reason=step,
                          evidence=Phrase("{count} not found", count=2), owner=TOM, act=Phrase("Open")),
            ExceptionLine(key="late", state=State.ATTENTION, kind=Phrase("Late entry"), what=Phrase("Room humidity"), reason=step,
                          evidence="47 %", owner=LI_NA, act=Phrase("Decide")),
            ExceptionLine(key="heat", state=State.PASS, kind="DEV 26-0171", what=Phrase("Seal temperature"), reason=step,
                          evidence=Measured(limits=HEAT, value=Decimal("143.4")), owner=TOM, outcome=accepted),
            ExceptionLine(key="typed", state=State.PASS, kind=typed, what=Phrase("peel force"), reason=step,
                          evidence=Measured(limits=FORCE, value=Decimal("2.4")), owner=LI_NA, outcome=accepted),
            ExceptionLine(key="fixed", state=State.PASS, kind=fixed, what=Phrase("tray count"), reason=Phrase("counted twice"),
                          evidence=Recorded(now="40", before=("39",)), owner=LI_NA, outcome=accepted),
        ],
        in_order=1279,
    )  # fmt: skip
    rows.choose("late")
    panel.body.addWidget(rows)
    return panel


def labels(left: int) -> Balance:
    """Labels issued for a batch; `left` are still on the roll."""
    return Balance(
        name=Phrase("issued"),
        whole=23_760,
        parts=(
            Part(name=Phrase("applied"), count=23_402, fill=Fill.FIRST),
            Part(name=Phrase("destroyed"), count=191, fill=Fill.SECOND),
            Part(name=Phrase("still left"), count=left, fill=Fill.THIRD),
        ),
        missing=Phrase("not found"),
        surplus=Phrase("too many"),
    )


def _counts() -> Panel:
    panel = Panel(Phrase("Counts that add up"))
    panel.body.setSpacing(16)
    for left in (165, 167, 171):
        panel.body.addWidget(CountStrip(labels(left)))
    panel.body.addStretch(1)
    return panel


def _balance() -> Panel:
    panel = Panel(Phrase("Recall balance"))
    panel.setFixedWidth(theme.px(400))
    parts = (
        Part(name=Phrase("shipped"), count=18_400, fill=Fill.TELL),
        Part(name=Phrase("in house"), count=5_140, fill=Fill.HOLD),
        Part(name=Phrase("scrap, tests"), count=208, fill=Fill.THIRD),
    )
    balance = Balance(name=Phrase("made from this lot"), whole=23_760, parts=parts, missing=Phrase("unknown"), surplus=Phrase("too many"))
    panel.body.addWidget(CountRows(balance, with_shares=True))
    panel.body.addStretch(1)
    return panel


def _values() -> Panel:
    panel = Panel(Phrase("Values with their corrections"))
    panel.setFixedWidth(theme.px(460))
    panel.body.setSpacing(16)
    for recorded in (
        Recorded(now="40", before=("39",)),
        Recorded(now="2.41 N", before=("2.14 N", "2.44 N"), typed=True),
        Recorded(now="2.4 N", typed=True),
        Recorded(now="47 %", draft_by=LI_NA),
    ):
        panel.body.addWidget(StruckValue(recorded))
    panel.body.addStretch(1)
    return panel
