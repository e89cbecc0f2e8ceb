"""One fact of a record in a sheet: its name at the left, what stands on record at the right."""

from __future__ import annotations

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from ui.kit import RIGHT, Label, Piece, hairline, painter_on, theme
from ui.shell.evidence import Fact

HEIGHT = 44


class FactRow(Piece, QWidget):
    """A hairline above it; long values wrap, nothing is shortened."""

    def __init__(self, fact: Fact, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fact = fact
        self.name = Label(fact.name, ink="ink2")
        self.value = Label(fact.value, align=RIGHT, wrap=True)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self.name)
        self._row.addWidget(self.value, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.restyle()

    def restyle(self) -> None:
        side, above = theme.px(16), theme.px(8)
        self._row.setContentsMargins(side, above, side, above)
        self._row.setSpacing(theme.px(16))
        self.setMinimumHeight(theme.px(HEIGHT))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        hairline(painter_on(self), QPointF(0, 0), QPointF(self.width(), 0))
