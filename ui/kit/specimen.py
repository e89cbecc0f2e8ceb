"""The kit sheets: every component in every state, light and dark, English and Chinese.

``python -m ui.kit.specimen OUTDIR`` writes ``kit-light-en.png`` and its three siblings, to be laid beside the design's
``kit-2-components``, and the same of the sheets for the batch record and the process. Values are examples and say so by their
invented lots.
"""

from __future__ import annotations

import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.base.measurement import Limits, Quantity
from app.base.phrases import Language, Name, Phrase
from ui.kit.badge import Badge
from ui.kit.banner import Banner
from ui.kit.buttons import BUSY_BAR_MS, Button, Destructive, NotYet, PrimaryButton
from ui.kit.chips import Chip
from ui.kit.choices import Choices
from ui.kit.fields import Field, PasswordField
from ui.kit.language import Words, set_language
from ui.kit.number import Number
from ui.kit.panel import Panel
from ui.kit.progress import ProgressBar
from ui.kit.raw_code import AiBox, RawCode
from ui.kit.run_strip import RunStrip
from ui.kit.scan_slot import ScanSlot
from ui.kit.shapes import Shape, State
from ui.kit.specimen_batch import specimen_batch
from ui.kit.specimen_process import specimen_process
from ui.kit.table import Cell, Column, Row, Table
from ui.kit.text import Label
from ui.kit.theme import Mode, theme
from ui.kit.tokens import PRIMARY_HEIGHT, Type
from ui.kit.tolerance_bar import BarSize, ToleranceBar
from ui.kit.verdict_ladder import PlanCells, VerdictLadder

LENGTH = Limits(unit="mm", lower=Decimal("24.50"), nominal=Decimal("25.00"), upper=Decimal("25.50"))
FORCE = Limits(unit="N", lower=Decimal("7.0"), nominal=None, upper=None)
PERSON = Name("Wang Haiyan", "王海燕")


def specimen() -> QWidget:
    """All components as they stand on screens; a plain widget of about 1920 × 2000."""
    sheet = QWidget()
    column = QVBoxLayout(sheet)
    column.setContentsMargins(24, 16, 24, 24)
    column.setSpacing(20)
    column.addWidget(Label(Phrase("Lineside kit: components and states"), Type.TITLE))
    column.addWidget(_buttons())
    column.addWidget(_states())
    column.addWidget(_fields())
    for panel in sheet.findChildren(Panel):
        panel.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
    pair = QHBoxLayout()
    pair.setSpacing(24)
    left = QVBoxLayout()
    left.setSpacing(20)
    left.addWidget(_bars())
    left.addWidget(_ladder())
    right = QVBoxLayout()
    right.setSpacing(20)
    right.addWidget(_table())
    right.addWidget(_small())
    pair.addLayout(left, 45)
    pair.addLayout(right, 55)
    column.addLayout(pair)
    column.addWidget(_chips())
    column.addWidget(_banners())
    column.addStretch(1)
    return sheet


def _captioned(widget: QWidget, caption: Words) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(6)
    column.addWidget(widget, 0, Qt.AlignmentFlag.AlignLeft)
    column.addWidget(Label(caption, ink="ink2"))
    return column


def _row(spacing: int = 24) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(spacing)
    return row


def _buttons() -> Panel:
    panel = Panel(Phrase("Buttons"))
    take = Phrase("Take {value}", value=Quantity(Decimal("25.04"), "mm"))
    row = _row()
    focused, pressed, busy = PrimaryButton(take), PrimaryButton(take), PrimaryButton(take)
    focused.setObjectName("focused")
    pressed.setDown(True)
    for button, caption in (
        (PrimaryButton(take), Phrase("primary 76 px, one a screen")),
        (focused, Phrase("focus: 3 px ring, 3 px gap")),
        (pressed, Phrase("pressed: ink over fill")),
        (ScanSlot(Phrase("Waiting for a location"), Phrase("suggested {place}, empty", place="Q-A-03")),
         Phrase("scan slot in the primary's place; Enter is dead")),
    ):  # fmt: skip
        row.addLayout(_captioned(button, caption))
    row.addStretch(1)
    panel.body.addLayout(row)
    busy.setObjectName("busy")
    second = _row()
    second.addWidget(Button(Phrase("Back"), icon="back", key=Qt.Key.Key_Escape, height=PRIMARY_HEIGHT))
    second.addWidget(Button(Phrase("Photo"), icon="camera"))
    second.addWidget(Destructive(Phrase("Hold the whole batch"), height=PRIMARY_HEIGHT))
    second.addWidget(Choices([Phrase("minor"), Phrase("major"), Phrase("critical")], 0))
    second.addLayout(_captioned(busy, Phrase("busy: what is going on, then a bar")))
    second.addStretch(1)
    panel.body.addLayout(second)
    third = _row()
    closed = PrimaryButton(Phrase("Release {count}", count=23402), icon="lock")
    closed_row = NotYet(closed, Phrase("blocked by {count} gates", count=2))
    third.addLayout(_captioned(closed_row, Phrase("not yet: dashed, reason to its left")))
    panel.body.addLayout(third)
    return panel


def _states() -> Panel:
    panel = Panel(Phrase("States: shape, word, colour, place"))
    row = _row()
    for state in State:
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addWidget(Shape(state, 52))
        sizes = _row(8)
        for size in (22, 26, 30):
            sizes.addWidget(Shape(state, size))
        sizes.addStretch(1)
        column.addLayout(sizes)
        column.addWidget(Badge(state))
        row.addLayout(column, 1)
    panel.body.addLayout(row)
    return panel


def _fields() -> Panel:
    panel = Panel(Phrase("Fields"))
    grid = QGridLayout()
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(16)
    right = Qt.AlignmentFlag.AlignRight
    rest = Field(Phrase("Supplier lot"), text="NF26-0931")
    focus = Field(Phrase("What happened"), text="Jaw heater overshot")
    focus.setObjectName("focused field")
    refused = Field(Phrase("Peel force, N"), text="4.31", align=right)
    refused.refuse(Phrase("Not taken: {value} N is above the limit of {limit} N.", value=Decimal("4.31"), limit=Decimal("4.00")))
    device = Field(Phrase("Peel force, N"), text="2.41", align=right)
    device.read_from("FG-03")
    typed = Field(Phrase("Peel force, N"), text="2.4", align=right)
    typed.mark_typed()
    corrected = Field(Phrase("Peel force, N"), text="2.14", align=right)
    corrected.correct("2.41")
    read_only = Field(Phrase("Room humidity"), text="47 %")
    read_only.set_read_only(True)
    draft = Field(Phrase("Expires"), text="2029-09-30")
    draft.mark_draft(PERSON)
    password = PasswordField(Phrase("Password"))
    password.set_text("secret")
    for n, field in enumerate((rest, focus, refused, device, typed, corrected, read_only, draft, password)):
        grid.addWidget(field, n // 4, n % 4, Qt.AlignmentFlag.AlignTop)
    panel.body.addLayout(grid)
    return panel


def _bars() -> Panel:
    panel = Panel(Phrase("Tolerance bar: a limit is drawn, not only written"))
    live = ToleranceBar(LENGTH, size=BarSize.LIVE)
    recent = [Decimal(text) for text in ("24.82", "24.88", "24.91", "24.96", "25.01", "25.08", "25.10", "25.12", "25.15", "25.06")]
    live.show_value(Decimal("25.04"), recent)
    panel.body.addWidget(live)
    row = _row(32)
    for limits, value, caption in (
        (LENGTH, "25.04", Phrase("inside")),
        (LENGTH, "25.62", Phrase("outside: diamond")),
        (FORCE, "9.4", Phrase("at least: open end")),
        (LENGTH, None, Phrase("not yet measured")),
    ):
        bar = ToleranceBar(limits, Decimal(value) if value is not None else None, BarSize.CELL)
        row.addLayout(_captioned(bar, caption))
    row.addStretch(1)
    panel.body.addLayout(row)
    panel.body.addLayout(_captioned(ToleranceBar(LENGTH, Decimal("29.80"), BarSize.PANEL), Phrase("beyond the scale")))
    return panel


def _table() -> Panel:
    panel = Panel(Phrase("Table rows, 56 px"), padding=0)
    columns = [
        Column(title=Phrase("lot"), width=142),
        Column(title=Phrase("material")),
        Column(title=Phrase("state"), width=190),
        Column(title=Phrase("quantity"), width=130, number=True),
        Column(title=Phrase("length, mm"), width=224),
    ]
    table = Table(columns)
    counted = (Number(name=Phrase("quantity"), value="12\u2009000", how=Phrase("counted")),)
    hub, paper = Phrase("Catheter-hub assembly"), Phrase("Lidding paper")
    none = Cell(words=Phrase("no limits"), quiet=True)
    rejected = Cell(words=Phrase("rejected"), state=State.FAIL)
    rows = [
        Row(key="1", numbers=counted, cells=("L26-0382", hub, Cell(words=Phrase("quarantine"), state=State.WAITING), "12\u2009000",
                                             Cell(words="25.04", limits=LENGTH, value=Decimal("25.04")))),
        Row(key="2", numbers=counted, cells=("L26-0361", paper, Cell(words=Phrase("released"), state=State.PASS), "3", none)),
        Row(key="3", numbers=counted, cells=("L26-0355", paper, Cell(state=State.HOLD), "1", none)),
        Row(key="4", numbers=counted, trouble=State.FAIL,
            cells=("L26-0340", hub, rejected, "8\u2009000", Cell(words="25.62", limits=LENGTH, value=Decimal("25.62")))),
    ]  # fmt: skip
    table.show_rows(rows, chosen="2")
    panel.body.addWidget(table)
    return panel


def _ladder() -> Panel:
    panel = Panel(Phrase("Verdict ladder and sampling plan"))
    row = _row()
    row.addWidget(VerdictLadder(1, 2, found=1))
    row.addWidget(PlanCells([(Phrase("level"), "S-3"), (Phrase("letter"), "F"), ("n", "20"), ("Ac", "1"), ("Re", "2")], marked=1))
    panel.body.addLayout(row)
    panel.body.addWidget(VerdictLadder(7, 8, found=3))
    return panel


def _small() -> Panel:
    panel = Panel(Phrase("Samples, raw code, progress"))
    strip = RunStrip(LENGTH)
    texts = ("25.08", "24.91", "25.31", "25.10", "25.07", "24.95", "24.99", "25.12", "25.55", "25.01", "24.97")
    strip.show_values([*(Decimal(text) for text in texts), *([None] * 9)], coming=11)
    row = _row()
    row.addWidget(strip)
    bar = ProgressBar()
    bar.show_parts(Fraction(24, 36), Fraction(4, 36))
    row.addWidget(bar, 1)
    panel.body.addLayout(row)
    raw = _row(12)
    raw.addWidget(AiBox("01"))
    raw.addWidget(RawCode("]d20109521101530025112610011729093010NF26-0931\x1d374000"), 1)
    panel.body.addLayout(raw)
    return panel


def _chips() -> Panel:
    panel = Panel(Phrase("Chips in the bottom strip, 44 px"))
    row = _row(20)
    away = Phrase("away since {time} · {count} waiting, all kept", time="10:42", count=37)
    for icon, name, words, state in (
        ("gauge", "DC-014", Phrase("live"), State.PASS),
        ("gauge", "FG-03", Phrase("silent {age} s", age=40), State.ATTENTION),
        ("printer", "LP-07", Phrase("head open"), State.FAIL),
        ("database", Phrase("Database"), Phrase("here"), State.PASS),
        ("database", Phrase("Database"), away, State.FAIL),
    ):
        row.addWidget(Chip(icon, name, words, state))
    row.addStretch(1)
    panel.body.addLayout(row)
    return panel


def _banners() -> Panel:
    panel = Panel(Phrase("Banners: in the flow, never over the work"))
    panel.body.setSpacing(16)
    refused = Phrase("Not taken: this is lot {read}, the step wants {wanted}", read="L26-0355", wanted="L26-0361")
    rule = Phrase("Rule {rule}. Put it back, scan the right roll, or ask {person}.", rule="BAT-07", person=PERSON)
    panel.body.addWidget(Banner(State.FAIL, refused, rule, button=Button(Phrase("Ask her to decide"))))
    changed = Phrase("The work instruction changed: {document}", document="WI-PK-06 rev 5")
    step = Phrase("Step {step} only: light check one pouch in {new}, was one in {old}.", step=6, new=500, old=1000)
    panel.body.addWidget(Banner(State.ATTENTION, changed, step, button=Button(Phrase("I have read it"))))
    blocks = [(Phrase("read"), "L26-0355"), (Phrase("on record"), "L26-0361")]
    panel.body.addWidget(Banner(State.FAIL, refused, rule, blocks=blocks))
    return panel


def settle(sheet: QWidget, app: QApplication) -> None:
    """Bring the shown sheet into its pictured state: one button in focus, one busy since two seconds."""
    sheet.activateWindow()
    app.processEvents()
    for button in sheet.findChildren(Button):
        if button.objectName() == "busy":
            button.begin_busy(Phrase("Saving"))
        elif button.objectName() == "focused":
            button.setFocus(Qt.FocusReason.TabFocusReason)
    loop = QEventLoop()
    QTimer.singleShot(BUSY_BAR_MS + 50, loop.quit)
    loop.exec()


SHEETS = {"kit": specimen, "batch": specimen_batch, "process": specimen_process}
"""Name of the picture → what stands on it."""


def main(folder: Path) -> int:
    """Write four pictures of every sheet; returns the exit status."""
    app = QApplication.instance() or QApplication([])
    if not isinstance(app, QApplication):
        raise TypeError("the pictures need a QApplication")
    theme.start(app)
    theme.look(reduced_motion=True)
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in SHEETS.items():
        _take_pictures(make(), app, folder, name)
    return 0


def _take_pictures(sheet: QWidget, app: QApplication, folder: Path, name: str) -> None:
    sheet.resize(1920, sheet.sizeHint().height())
    sheet.show()
    settle(sheet, app)
    lowest = max(child.geometry().bottom() for child in sheet.children() if isinstance(child, QWidget))
    sheet.resize(1920, lowest + 24)
    for mode in Mode:
        for language in Language:
            theme.look(mode=mode)
            set_language(language)
            app.processEvents()
            sheet.grab().save(str(folder / f"{name}-{mode.value}-{language.value[:2]}.png"))
    theme.look(mode=Mode.LIGHT)
    set_language(Language.EN)
    sheet.hide()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
