"""What the values so far say of the lot: counted by the record, never chosen by a person."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.base.phrases import Phrase
from app.inspection.rules import LotVerdict, Tally
from ui.kit import Label, Panel, PlanCells, Shape, State, Type, VerdictLadder, Words, box, painter_on, theme
from ui.kit.panel import HEADER
from ui.kit.verdict_ladder import HEIGHT as LADDER

CELLS = LADDER
"""The cells of the plan are as high as those of the ladder."""


def state_of(tally: Tally) -> State:
    """Amber when one more decides, vermillion at Re; nothing is good before the last reading."""
    if tally.verdict is LotVerdict.REJECTED:
        return State.FAIL
    if tally.verdict is LotVerdict.ACCEPTED:
        return State.PASS
    return State.ATTENTION if tally.defective and tally.defective == tally.accept_no else State.WAITING


def count_words(tally: Tally, *, short: bool) -> Words:
    """The 56 px line; on a small window two figures leave no room for the word."""
    return str(tally.defective) if short and tally.defective > 9 else Phrase("{n} defective", n=tally.defective)


def what_it_means(tally: Tally, *, short: bool) -> Phrase:
    """What the count means for the lot, and how far the readings are."""
    facts = {"read": tally.read, "wanted": tally.wanted}
    if tally.verdict is LotVerdict.REJECTED:
        return Phrase("Re {re} is reached: rejected. {read} of {wanted} read.", re=tally.reject_no, **facts)
    if tally.verdict is LotVerdict.ACCEPTED:
        return Phrase("Not above Ac {ac}: accepted. {read} of {wanted} read.", ac=tally.accept_no, **facts)
    left = tally.reject_no - tally.defective
    if left == 1 and short:
        return Phrase("One more rejects the lot.")
    if left == 1:
        return Phrase("One more rejects the lot. {read} of {wanted} read.", **facts)
    if short:
        return Phrase("{left} more reject the lot.", left=left)
    return Phrase("{left} more reject the lot. {read} of {wanted} read.", left=left, **facts)


class VerdictPanel(Panel):
    """Shape, count, sentence, ladder; on a small window without header and ladder."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._tally: Tally | None = None
        self._compact = False
        super().__init__(Phrase("Verdict so far"), parent=parent)
        self.shape, self.count = Shape(State.WAITING, 52), Label("", Type.VERDICT)
        self.meaning = Label("", ink="ink2", elide=True)
        self.ladder = VerdictLadder(0, 1)
        row = QHBoxLayout()
        row.setSpacing(theme.px(16))
        row.addWidget(self.shape)
        row.addWidget(self.count)
        row.addStretch(1)
        self.body.addLayout(row)
        self.body.addWidget(self.meaning)
        self.body.addWidget(self.ladder)
        self.body.addStretch(1)

    @property
    def needed(self) -> int:
        """Its height in its present form."""
        more = 16 + 4 if self._compact else HEADER + 24 + 8 + LADDER
        return theme.px(more) + theme.line(Type.VERDICT) + theme.line(Type.TEXT) + 2

    def show_tally(self, tally: Tally) -> None:
        """Another count."""
        self._tally = tally
        self.shape.set_state(state_of(tally))
        self.count.tell(count_words(tally, short=self._compact))
        self.meaning.tell(what_it_means(tally, short=self._compact))
        self.ladder.show_count(tally.defective, tally.accept_no, tally.reject_no)

    def set_compact(self, compact: bool) -> None:
        """The 1280 × 800 form."""
        self._compact = compact
        self.ladder.setVisible(not compact)
        if self.header is not None:
            self.header.setVisible(not compact)
        self.restyle()
        if self._tally is not None:
            self.show_tally(self._tally)

    def restyle(self) -> None:
        super().restyle()
        side = theme.px(16)
        self.body.setContentsMargins(side, theme.px(8 if self._compact else 12), side, theme.px(8 if self._compact else 12))
        self.body.setSpacing(theme.px(4))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Without its header no hairline stands under it."""
        if self._compact:
            box(painter_on(self), QRectF(self.rect()), fill=theme.color.surface, border=theme.color.line)
        else:
            super().paintEvent(event)


class PlanPanel(Panel):
    """n, Ac and Re as the plan fixes them. No code letter stands here: this plan does not come from a sampling table."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Phrase("Sampling plan"), Phrase("fixed plan"), padding=0, parent=parent)
        self.cells = PlanCells([])
        self.source = Label("", ink="ink2", elide=True)
        self.body.setSpacing(0)
        self.body.addWidget(self.cells)
        foot = QVBoxLayout()
        foot.setContentsMargins(theme.px(16), theme.px(4), theme.px(16), theme.px(4))
        foot.addWidget(self.source)
        self.body.addLayout(foot)
        self.body.addStretch(1)

    @property
    def needed(self) -> int:
        """Its height."""
        return theme.px(HEADER + CELLS + 8) + theme.line(Type.TEXT) + 2

    def restyle(self) -> None:
        super().restyle()
        self.body.setSpacing(0)

    def show_plan(self, *, lot_size: Words, sample_size: int, accept_no: int, source: Words) -> None:
        """The frozen plan of the inspection."""
        self.cells.show_cells([(Phrase("lot size"), lot_size), ("n", str(sample_size)), ("Ac", str(accept_no)), ("Re", str(accept_no + 1))])
        self.source.tell(source)
