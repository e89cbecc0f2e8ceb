"""A table that fills its screen: as many rows as the glass holds, and fewer columns where it is narrow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.kit.glass import rows_that_fit
from ui.kit.language import Words
from ui.kit.panel import Panel, padded
from ui.kit.table import Column, Row, Table
from ui.kit.text import Label
from ui.kit.theme import theme

WIDE, MIDDLE, ANY = 1400, 800, 0
"""From which width a column stands, px at 96 dpi: the glass of 1920, that of 1280, also beside a sheet."""


class FittingTable(QWidget):
    """`chosen` and `opened` say that, not what: see `chosen_key`."""

    chosen = Signal()
    opened = Signal()

    def __init__(self, title: Words, columns: Sequence[tuple[Column, int]], *, nothing: Words) -> None:
        """Each column with the width from which it stands (`WIDE` …); ``nothing``: what stands when there is no row."""
        super().__init__()
        self._title, self._columns = title, tuple(columns)
        self._rows: tuple[Row, ...] = ()
        self._shape: tuple[int, tuple[int, ...]] | None = None
        self.table: Table | None = None
        self._panel = Panel(title, "", padding=0)
        self._nothing = padded(Label(nothing, ink="ink2", wrap=True))
        self._panel.body.addWidget(self._nothing)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._panel)
        column.addStretch(1)

    @property
    def chosen_key(self) -> str | None:
        """Key of the chosen row."""
        return self.table.chosen_key if self.table is not None and self._rows else None

    def show_rows(self, rows: Sequence[Row], count: Words, *, chosen: str | None = None) -> None:
        """Other rows; the chosen one stays, else ``chosen``, else the first."""
        kept = chosen or self.chosen_key
        self._rows = tuple(rows)
        keys = [row.key for row in rows]
        self._panel.tell(self._title, count)
        self._make(kept if kept in keys else next(iter(keys), None))

    def press(self, key: int) -> bool:
        """Arrows and page keys, wherever the focus is."""
        return self.table is not None and self.table.press(key)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another glass, or a sheet beside the table."""
        super().resizeEvent(event)
        if self._shape is not None and self._shape_now() != self._shape:
            self._make(self.chosen_key)

    def _shape_now(self) -> tuple[int, tuple[int, ...]]:
        wide = self.width() / theme.factor
        return rows_that_fit(self.height()), tuple(n for n, (_, least) in enumerate(self._columns) if wide >= least)

    def _make(self, chosen: str | None) -> None:
        shape = self._shape_now()
        table = self.table if self.table is not None and shape == self._shape else self._built(*shape)
        self._shape = shape
        table.show_rows([_only(row, shape[1]) for row in self._rows], chosen)
        table.setVisible(bool(self._rows))
        self._nothing.setVisible(not self._rows)

    def _built(self, fitting: int, stands: Sequence[int]) -> Table:
        """A table for this glass in the place of the one before."""
        if self.table is not None:
            self._panel.body.removeWidget(self.table)
            self.table.hide()
            self.table.deleteLater()
        columns = [self._columns[n][0] for n in stands]
        if all(one.width for one in columns):  # the one that takes what is left has no room here
            columns[-1] = replace(columns[-1], width=0)
        table = self.table = Table(columns, page=fitting)
        table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        table.chosen.connect(lambda _: self.chosen.emit())
        table.opened.connect(lambda _: self.opened.emit())
        self._panel.body.insertWidget(0, table)
        return table


def _only(row: Row, stands: Sequence[int]) -> Row:
    return replace(row, cells=tuple(row.cells[n] for n in stands))
