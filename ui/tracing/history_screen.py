"""Everything that happened to one lot, in order; every entry shows its proof."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout

from app.base.phrases import Phrase
from app.core.command import Permission
from app.tracing.history import Event, LotHistory
from app.tracing.queries import lot_history
from app.tracing.words import event_words
from ui.kit import Cell, Column, Panel, Row, State, Table, rows_that_fit
from ui.shell.evidence import Evidence
from ui.shell.hooks import Context
from ui.shell.moments import moment_words
from ui.shell.screen import Screen, screen
from ui.tracing.paper_sheet import write_paper
from ui.tracing.proofs import proof_of


@screen(key="tracing.history", title="History", workbench="trace", permission=Permission.EVERYBODY, leads=False)
class HistoryScreen(Screen):
    """Arrows choose an entry, F4 shows its proof, Enter writes all of it on paper."""

    help = "Arrows choose an entry, PgUp and PgDn turn the page, F4 shows where the entry comes from, Enter writes the paper."

    def build(self) -> None:
        """One table over the whole width."""
        self.history: LotHistory | None = None
        self._fitting = 0
        self._chosen_before: str | None = None
        self._panel = Panel(Phrase("Course of events"), "", padding=0)
        self._panel.body.setSpacing(0)
        self.table: Table | None = None
        column = QVBoxLayout()
        column.addWidget(self._panel)
        column.addStretch(1)
        self.lay_out(column)
        self.paper = self.primary(Phrase("Write the paper"), self._write, icon="sheet")

    def opened(self, context: Context) -> None:
        """Ask for the lot named by the context."""
        self.history = None
        self._make_table()
        self.ask(partial(lot_history, lot=UUID(context["lot"])), self._show)

    def _make_table(self) -> None:
        """As many rows as this glass holds."""
        self._fitting = rows_that_fit(self.height())
        self._chosen_before = self.table.chosen_key if self.table is not None else None
        if self.table is not None:
            self._panel.body.removeWidget(self.table)
            self.table.hide()
            self.table.deleteLater()
        columns = [
            Column(title=Phrase("When"), width=250),
            Column(title=Phrase("Who"), width=170),
            Column(title=Phrase("Station"), width=120),
            Column(title=Phrase("What")),
        ]
        self.table = Table(columns, page=self._fitting)
        self.table.opened.connect(lambda _: self.shell.show_evidence())
        self._panel.body.addWidget(self.table)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another glass, or a sheet beside the table: as many rows as fit."""
        super().resizeEvent(event)
        if self.history is not None and rows_that_fit(self.height()) != self._fitting:
            self._make_table()
            self._show(self.history)

    def minimumSizeHint(self) -> QSize:
        """A screen never makes the window larger than its glass."""
        return QSize(0, 0)

    def _show(self, history: LotHistory) -> None:
        chosen = self._chosen_before if self.history is history else None
        self.history = history
        self._panel.tell(Phrase("Course of events"), Phrase("{count} entries", count=len(history.events)))
        rows = [self._row(n, event, history) for n, event in enumerate(history.events)]
        if self.table is not None:
            self.table.show_rows(rows, chosen=chosen or rows[0].key)
            self.table.setFocus()
        lot = history.lot
        context = Phrase("Trace • lot {lot} • {item}", lot=lot.code, item=lot.item.name)
        self.say_next(Phrase("Choose an entry to see its proof."), context)

    def _row(self, n: int, event: Event, history: LotHistory) -> Row:
        what = event_words(event)
        words = Phrase("undone: {what}", what=what) if event.is_undone else what
        trouble = None
        if event.is_trouble:
            mild = event.kind in ("receipt undone", "received typed") or event.kind.startswith("label")
            trouble = State.ATTENTION if mild else State.FAIL
        cells = (
            moment_words(event.at, self.shell.zone),
            history.name_of(event.by) if event.by is not None else Phrase("the station"),
            event.station or "–",
            Cell(words=words, bold=trouble is not None, quiet=event.is_undone),
        )
        return Row(key=str(n), cells=cells, trouble=trouble)

    def evidence(self) -> Sequence[Evidence]:
        """The chosen entry's."""
        if self.history is None or self.table is None or self.table.chosen_key is None:
            return ()
        return (proof_of(self.history.events[int(self.table.chosen_key)], self.history, self.shell.zone),)

    def _write(self) -> None:
        if self.history is not None:
            write_paper(self, self.history.lot.id, self.paper)
