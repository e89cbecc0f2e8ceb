"""One fact of a record in a sheet: its name at the left, what stands on record at the right."""

from __future__ import annotations

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from ui.kit import RIGHT, Label, Piece, hairline, painter_on, theme
from ui.shell.evidence import Fact

HEIGHT = 44
_SIDE, _ABOVE = 16, 8


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
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.restyle()

    def restyle(self) -> None:
        side, above = theme.px(_SIDE), theme.px(_ABOVE)
        self._row.setContentsMargins(side, above, side, above)
        self._row.setSpacing(side)
        self.setMinimumHeight(self.needed(self.width()))
        self.update()

    def needed(self, width: int) -> int:
        """Its height in pixels when it is this wide; less would push its words over the hairline."""
        words = width - 3 * theme.px(_SIDE) - self.name.sizeHint().width()
        return max(theme.px(HEIGHT), self.value.heightForWidth(max(words, theme.px(80))) + 2 * theme.px(_ABOVE))

    def heightForWidth(self, width: int) -> int:
        return self.needed(width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        needed = self.needed(self.width())
        if self.minimumHeight() != needed:
            self.setMinimumHeight(needed)

    def paintEvent(self, event: QPaintEvent) -> None:
        hairline(painter_on(self), QPointF(0, 0), QPointF(self.width(), 0))
