"""The three columns of the release screen: gates, exceptions, and at the right what was made and who signed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from PySide6.QtWidgets import QWidget

from app.base.phrases import Phrase
from app.batches.review import BatchReview, Signing
from app.core.command import Permission
from app.core.session import Who
from ui.batches.release_acts import RELEASE, TO_MARKET, BatchAct
from ui.batches.review_rows import Reviewed, in_order
from ui.batches.review_words import balance_of
from ui.kit import CountRows, ExceptionRows, Gate, GateRows, Label, Panel, State, StateRow, StateRows, Words
from ui.shell.moments import short_moment_words

_MEANINGS = {
    "performed": "step {step} performed",
    "verified": "step {step} verified",
    "released for production": "released for production",
    "released to market": "released to market",
    "rejected": "rejected",
}


class GatePanel(Panel):
    """What must hold; a press opens why."""

    def __init__(self) -> None:
        super().__init__(Phrase("Gates for release"), "", padding=0)
        self.rows = GateRows()
        self.body.addWidget(self.rows)

    def show_gates(self, gates: Sequence[Gate], *, short: bool) -> None:
        """The gates of this batch now; on a small glass, where not all of them stand, shut ones first."""
        passed = sum(gate.state is State.PASS for gate in gates)
        self.tell(Phrase("Gates for release"), Phrase("{open} of {all}", open=passed, all=len(gates)))
        self.rows.show_gates(sorted(gates, key=lambda gate: not gate.state.is_trouble) if short else gates)
        self.rows.turn(-len(gates))  # a page that was turned to stood for another order


class ExceptionPanel(Panel):
    """What is out of order, numbered while a person must act; the rest is one grey line."""

    def __init__(self) -> None:
        super().__init__(Phrase("Exceptions"), "", padding=0)
        self.rows = ExceptionRows()
        self.body.addWidget(self.rows)

    def show_rows(self, review: BatchReview, rows: tuple[Reviewed, ...]) -> None:
        """Those of this batch now."""
        self.tell(Phrase("Exceptions"), Phrase("{some} of {all} entries", some=len(rows), all=review.entries))
        self.rows.show_exceptions([one.line for one in rows], in_order=in_order(review, rows))


class QuantityPanel(Panel):
    """Made = good + samples + scrapped + not found, always adding up. This is what is released."""

    def __init__(self) -> None:
        super().__init__(Phrase("Quantity"), "")
        self.counts: CountRows | None = None
        self._nothing = Label(Phrase("Not counted yet."), ink="ink2", wrap=True)
        self.body.addWidget(self._nothing)

    def show_counts(self, review: BatchReview, *, short: bool) -> None:
        """The counts as the step of the yield has them; `short` on a small glass."""
        self.tell(Phrase("Quantity"), Phrase("planned {planned}", planned=review.batch.planned))
        balance = balance_of(review, short=short)
        self._nothing.setVisible(balance is None)
        if balance is None:
            if self.counts is not None:
                self.counts.hide()
        elif self.counts is None:
            self.counts = CountRows(balance, with_shares=False)
            self.body.addWidget(self.counts)
        else:
            self.counts.show_balance(balance)
            self.counts.show()


class SignaturePanel(Panel):
    """Who signed, and whose turn it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Phrase("Signatures"), "", padding=0, parent=parent)
        self.rows = StateRows(numbered=False)
        self.body.addWidget(self.rows)

    def show_signatures(self, review: BatchReview, zone: tzinfo, who: Who | None, rights: frozenset[Permission]) -> None:
        """Those on the steps and on the batch, oldest first; then who may sign next."""
        rows = [_given(one, zone) for one in _latest(review.signatures)]
        self.tell(Phrase("Signatures"), Phrase("re-checked now") if rows else "")
        self.rows.show_rows([*rows, *_turns(review, who, rights)])


def _latest(signatures: Sequence[Signing]) -> list[Signing]:
    """Of one step and meaning the last one: those before fell by a correction and were given anew."""
    return sorted({(one.step, one.meaning): one for one in signatures}.values(), key=lambda one: one.at)


def _given(one: Signing, zone: tzinfo) -> StateRow:
    meaning: Words = Phrase(_MEANINGS[one.meaning], step=one.step)
    line = Phrase("{meaning}, {at}", meaning=meaning, at=short_moment_words(one.at, zone))
    if not one.stands:
        return StateRow(state=State.FAIL, title=one.name, line=Phrase("fell: {meaning}", meaning=meaning))
    return StateRow(state=State.PASS, title=one.name, line=line, strong=True)


def _turns(review: BatchReview, who: Who | None, rights: frozenset[Permission]) -> list[StateRow]:
    """The signatures that are still to come: yours where you may, else whoever has the right."""
    turns: list[tuple[BatchAct, Phrase]] = [(RELEASE, Phrase("release for production")), (TO_MARKET, Phrase("release to market"))]
    left = {"complete": turns, "open": turns, "released for production": turns[1:]}.get(review.batch.status, [])
    rows: list[StateRow] = []
    for act, words in left:
        is_now = act.is_offered(review.batch.status, rights)
        performed = who is not None and who.login in review.hands
        if is_now and who is not None and not performed and who.login != review.batch.released_by:
            rows.append(StateRow(state=State.HERE, title=who.name, line=words, strong=True))
        else:
            rows.append(StateRow(state=State.TO_DO, title=words, line=_rule(review, who, act, performed=performed)))
    return rows


def _rule(review: BatchReview, who: Who | None, act: BatchAct, *, performed: bool) -> Words:
    if performed:
        return Phrase("you worked on it")
    if act is TO_MARKET and who is not None and who.login == review.batch.released_by:
        return Phrase("not you: a second person")
    return Phrase("a second person signs") if act is TO_MARKET else Phrase("nobody who worked on it")
