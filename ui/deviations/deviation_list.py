"""Deviations that wait for a decision, oldest first; a decided one stands here as long as it is the one on the screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.base.phrases import Phrase
from app.deviations.queries import DeviationRow
from app.tracing.words import NO_MATCH
from ui.deviations.words import CLASS_WORDS, what
from ui.kit import Cell, Column, Label, Panel, Row, State, Table, Words
from ui.kit.panel import padded

PAGE = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The list and the codes of the lots in it."""

    deviations: tuple[DeviationRow, ...]
    lots: Mapping[UUID, str]
    broken: frozenset[UUID] = frozenset()
    """Of which somebody signed what no longer stands there."""


def state_of(row: DeviationRow) -> tuple[State, Words]:
    """What it waits for: a description, or signatures of its class."""
    if row.status == "decided":
        return State.PASS, Phrase("decided")
    if row.disposition is None:
        return State.FAIL, Phrase("to describe")
    return State.WAITING, CLASS_WORDS[row.class_]


class DeviationList(Panel):
    """Arrows choose; the chosen one stands beside it."""

    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Phrase("Open deviations"), "", padding=0, parent=parent)
        columns = (
            Column(title=Phrase("deviation"), width=156),
            Column(title=Phrase("what")),
            Column(title=Phrase("lot"), width=128),
            Column(title=Phrase("waits for"), width=160),
        )
        self.table = Table(columns, page=PAGE)
        self.table.chosen.connect(lambda _: self.chosen.emit())
        self.nothing = padded(Label(Phrase("No deviation waits for a decision."), ink="ink2", wrap=True))
        self.body.addWidget(self.table)
        self.body.addWidget(self.nothing)
        self.body.addStretch(1)

    @property
    def deviation(self) -> UUID | None:
        """The chosen one."""
        key = self.table.chosen_key
        return UUID(key) if key is not None else None

    def show_list(self, listed: Listed, wanted: UUID | None) -> None:
        """Other deviations; `wanted` is chosen when it is among them, else the one that was, else the first."""
        rows = [_row(row, listed.lots.get(row.subject_id, ""), row.id in listed.broken) for row in listed.deviations]
        keys = [row.key for row in rows]
        kept = next((key for key in (str(wanted), self.table.chosen_key) if key in keys), keys[0] if keys else None)
        self.table.show_rows(rows, kept)
        self.right.tell(str(len(rows)) if rows else "")
        self.table.setVisible(bool(rows))
        self.nothing.setVisible(not rows)


def _row(row: DeviationRow, lot: str, broken: bool) -> Row:
    state, words = state_of(row)
    told = Cell(state=State.FAIL, words=NO_MATCH) if broken else Cell(words=what(row))
    cells = (Cell(words=row.code, bold=True), told, Cell(words=lot), Cell(state=state, words=words))
    return Row(key=str(row.id), cells=cells, trouble=State.FAIL if broken else None)
