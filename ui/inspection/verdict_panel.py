"""What the values so far say of the lot: counted by the record, never chosen by a person."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.base.phrases import Phrase
from app.inspection.rules import LotVerdict, Tally
from ui.kit import Label, Panel, PlanCells, Shape, State, Type, VerdictLadder, Words, theme


def state_of(tally: Tally) -> State:
    """Amber when one more decides, vermillion at Re; nothing is good before the last reading."""
    if tally.verdict is LotVerdict.REJECTED:
        return State.FAIL
    if tally.verdict is LotVerdict.ACCEPTED:
        return State.PASS
    return State.ATTENTION if tally.defective and tally.defective == tally.accept_no else State.WAITING


def count_words(tally: Tally) -> Phrase:
    """The 56 px line."""
    return Phrase("{n} defective", n=tally.defective)


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
        super().__init__(Phrase("Verdict so far"), parent=parent)
        self._tally: Tally | None = None
        self._compact = False
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

    def show_tally(self, tally: Tally) -> None:
        """Another count."""
        self._tally = tally
        self.shape.set_state(state_of(tally))
        self.count.tell(count_words(tally))
        self.meaning.tell(what_it_means(tally, short=self._compact))
        self.ladder.show_count(tally.defective, tally.accept_no, tally.reject_no)

    def set_compact(self, compact: bool) -> None:
        """The 1280 × 800 form."""
        self._compact = compact
        self.ladder.setVisible(not compact)
        if self.header is not None:
            self.header.setVisible(not compact)
        if self._tally is not None:
            self.show_tally(self._tally)


class PlanPanel(Panel):
    """n, Ac and Re as the plan fixes them. No code letter stands here: this plan does not come from a sampling table."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Phrase("Sampling plan"), Phrase("fixed plan"), padding=0, parent=parent)
        self.cells = PlanCells([])
        self.source = Label("", ink="ink2", elide=True)
        self.body.setSpacing(0)
        self.body.addWidget(self.cells)
        foot = QVBoxLayout()
        foot.setContentsMargins(theme.px(16), theme.px(8), theme.px(16), theme.px(8))
        foot.addWidget(self.source)
        self.body.addLayout(foot)
        self.body.addStretch(1)

    def show_plan(self, *, lot_size: Words, sample_size: int, accept_no: int, source: Words) -> None:
        """The frozen plan of the inspection."""
        self.cells.show_cells([(Phrase("lot size"), lot_size), ("n", str(sample_size)), ("Ac", str(accept_no)), ("Re", str(accept_no + 1))])
        self.source.tell(source)
