"""The lots that wait for incoming inspection, longest waiting first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.base.phrases import Phrase
from app.inspection.queries import WaitingLot
from ui.kit import Cell, Column, Label, Number, Panel, Row, State, Table, say
from ui.kit.panel import padded
from ui.materials.lot_numbers import numbers_of_lot
from ui.shell.chip_row import age_words
from ui.shell.moments import moment_words

PAGE = 8
COMPACT_PAGE = 6


class LotList(Panel):
    """Arrows choose, Enter begins, a scan of a label opens its lot directly."""

    chosen = Signal()
    opened = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Phrase("Lots waiting for inspection"), "", padding=0, parent=parent)
        self._lots: dict[str, WaitingLot] = {}
        columns = (
            Column(title=Phrase("lot"), width=150),
            Column(title=Phrase("item")),
            Column(title=Phrase("supplier lot"), width=200),
            Column(title=Phrase("quantity"), width=160, number=True),
            Column(title=Phrase("readings"), width=160),
            Column(title=Phrase("waits"), width=110, number=True),
        )
        self.table = Table(columns, page=PAGE)
        self.table.chosen.connect(lambda _: self.chosen.emit())
        self.table.opened.connect(lambda _: self.opened.emit())
        self.nothing = padded(Label(Phrase("No lot waits. Scan the label of a lot or container to open it."), ink="ink2", wrap=True))
        self.body.addWidget(self.table)
        self.body.addWidget(self.nothing)
        self.body.addStretch(1)

    @property
    def lot(self) -> WaitingLot | None:
        """The chosen one."""
        return self._lots.get(self.table.chosen_key or "")

    @property
    def lots(self) -> list[WaitingLot]:
        """All that wait."""
        return list(self._lots.values())

    def show_lots(self, lots: Sequence[WaitingLot], now: datetime, zone: tzinfo) -> None:
        """Other lots; the chosen one stays chosen, else the first."""
        self._lots = {str(one.lot.id): one for one in lots}
        first = next(iter(self._lots), None)
        kept = self.table.chosen_key if self.table.chosen_key in self._lots else first
        self.table.show_rows([_row(one, now, zone) for one in lots], kept)
        self.right.tell(str(len(lots)) if lots else "")
        self.table.setVisible(bool(lots))
        self.nothing.setVisible(not lots)
        self.setAccessibleName("; ".join(f"{one.lot.code} {say(one.lot.item.name)}" for one in lots))


def _row(one: WaitingLot, now: datetime, zone: tzinfo) -> Row:
    readings = Cell(words=Phrase("not begun"), quiet=True)
    if one.wanted is not None:
        readings = Cell(state=State.HERE, words=Phrase("{read} of {wanted}", read=one.read, wanted=one.wanted))
    cells = (
        Cell(words=one.lot.code, bold=True),
        Cell(words=one.lot.item.name),
        Cell(words=one.lot.supplier_lot),
        Cell(words=say(one.lot.balance)),
        readings,
        Cell(words=age_words(one.since, now), quiet=True),
    )
    return Row(key=str(one.lot.id), cells=cells, numbers=(*numbers_of_lot(one.lot), *_numbers(one, now, zone)))


def _numbers(one: WaitingLot, now: datetime, zone: tzinfo) -> list[Number]:
    numbers = [
        Number(
            name=Phrase("Waits for inspection"),
            value=age_words(one.since, now),
            how=Phrase("reckoned from {at} to now", at=moment_words(one.since, zone)),
        )
    ]
    if one.wanted is not None:
        numbers.append(
            Number(
                name=Phrase("Readings of {inspection}", inspection=one.inspection or "–"),
                value=Phrase("{read} of {wanted}", read=one.read, wanted=one.wanted),
                how=Phrase("counted by the database: readings on record, of those that its plan asks for"),
            )
        )
    return numbers
