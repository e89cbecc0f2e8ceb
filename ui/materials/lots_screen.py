"""The lots of this plant, newest first; what the rail's Trace opens when nothing was scanned."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout

from app.base.phrases import Phrase
from app.core.command import Permission
from app.core.feed import Change
from app.materials.queries import LotRow, lots_of_site
from app.scanning.result import Scanned, Status
from app.tracing.rechecks import broken_lots
from app.tracing.words import NO_MATCH, status_words
from ui.kit import Cell, Column, Panel, Row, State, Table, rows_that_fit
from ui.materials.lot_numbers import numbers_of_lot
from ui.shell.hooks import Context
from ui.shell.screen import Screen, screen

_STATES = {"quarantine": State.WAITING, "held": State.HOLD, "released": State.PASS, "rejected": State.FAIL}


@screen(key="materials.lots", title="Lots", workbench="trace", permission=Permission.EVERYBODY)
class LotsScreen(Screen):
    """Arrows choose, Enter opens; any scan of a lot or container is faster."""

    help = "Scan a lot or a container, or choose a lot with the arrows and press Enter."

    def build(self) -> None:
        """One table over the whole width."""
        self._fitting = 0
        self._lots: list[LotRow] = []
        self._broken: frozenset[UUID] = frozenset()
        self._panel = Panel(Phrase("Lots"), "", padding=0)
        self._panel.body.setSpacing(0)
        self.table: Table | None = None
        column = QVBoxLayout()
        column.addWidget(self._panel)
        column.addStretch(1)
        self.lay_out(column)
        self.open_button = self.primary(Phrase("Open the lot"), self._open, icon="arrow")
        self.trace_button = self.button(Phrase("Trace the lot"), self._trace, icon="trace", key=Qt.Key.Key_F7)
        self.note(Phrase("or scan a lot or container"))

    def opened(self, context: Context) -> None:
        """Ask for the newest ones."""
        self._make_table()
        self.say_next(Phrase("Scan a lot or one of its containers."), Phrase("Trace"))
        self._ask()

    def _make_table(self) -> None:
        self._fitting = rows_that_fit(self.height())
        if self.table is not None:
            self._panel.body.removeWidget(self.table)
            self.table.hide()
            self.table.deleteLater()
        columns = [
            Column(title=Phrase("Our lot"), width=150),
            Column(title=Phrase("Supplier lot"), width=210),
            Column(title=Phrase("Item")),
            Column(title=Phrase("Expires"), width=170),
            Column(title=Phrase("Balance"), width=170, number=True),
            Column(title=Phrase("Status"), width=270),
        ]
        self.table = Table(columns, page=self._fitting)
        self.table.chosen.connect(lambda _: self._settle())
        self.table.opened.connect(lambda _: self._open())
        self._panel.body.addWidget(self.table)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another glass, or a sheet beside the table: as many rows as fit."""
        super().resizeEvent(event)
        if self.table is not None and rows_that_fit(self.height()) != self._fitting:
            self._make_table()
            self._fill(self._lots)

    def minimumSizeHint(self) -> QSize:
        """A screen never makes the window larger than its glass."""
        return QSize(0, 0)

    def _ask(self) -> None:
        self.ask(partial(lots_of_site, site=self.where.site), self._show)

    def on_changes(self, changes: Sequence[Change]) -> None:
        """A lot came or changed."""
        if any(change.table == "lot" for change in changes):
            self._ask()

    def _show(self, lots: list[LotRow]) -> None:
        """The lots at once; whether what was signed of them still stands a moment later, in one more question."""
        self.ask(partial(broken_lots, lots=[lot.id for lot in lots]), self._mark)
        self._fill(lots)

    def _mark(self, broken: frozenset[UUID]) -> None:
        if broken != self._broken:
            self._broken = broken
            self._fill(self._lots)

    def _fill(self, lots: list[LotRow]) -> None:
        self._lots = lots
        self._panel.tell(Phrase("Lots"), Phrase("{count} lots, newest first", count=len(lots)))
        rows = [self._row(lot) for lot in lots]
        if self.table is not None:
            self.table.show_rows(rows, chosen=self.table.chosen_key or (rows[0].key if rows else None))
            self.table.setFocus()
        self._settle()

    def _row(self, lot: LotRow) -> Row:
        broken = lot.id in self._broken
        cells = (
            Cell(words=lot.code, bold=True),
            lot.supplier_lot,
            lot.item.name,
            Phrase("{day}", day=lot.expires_on),
            Phrase("{balance}", balance=lot.balance),
            Cell(state=State.FAIL, words=NO_MATCH) if broken else Cell(state=_STATES[lot.status], words=status_words(lot.status)),
        )
        return Row(key=str(lot.id), cells=cells, trouble=State.FAIL if broken else None, numbers=numbers_of_lot(lot))

    def _settle(self) -> None:
        if self.table is None or self.table.chosen_key is None:
            self.open_button.not_yet(Phrase("there is no lot yet"))
        else:
            self.open_button.ready()

    def on_scan(self, scanned: Scanned) -> bool:
        """A lot or a container opens its lot, as everywhere; a batch, a unit, a gauge is traced."""
        if scanned.what in ("lot", "container", "location", "purchase_order") or scanned.kind == "badge":
            return False
        self.go("tracing.trace", code=scanned.raw)
        return True

    def on_bad_scan(self, scanned: Scanned) -> bool:
        """A serial or the code of a batch follows no rule of any issuer; the trace knows it, or says that nothing is called so."""
        if scanned.status is not Status.UNKNOWN:
            return False
        self.go("tracing.trace", code=scanned.raw)
        return True

    def _trace(self) -> None:
        chosen = next((lot for lot in self._lots if self.table is not None and str(lot.id) == self.table.chosen_key), None)
        if chosen is not None:
            self.go("tracing.trace", kind="lot", id=str(chosen.id), code=chosen.code)

    def _open(self) -> None:
        if self.table is not None and self.table.chosen_key is not None:
            self.go("materials.lot", lot=self.table.chosen_key)
