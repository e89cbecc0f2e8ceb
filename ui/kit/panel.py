"""A panel: what belongs together, on a quiet ground, with its name at the left of the header and what it counts at the right."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.kit.language import Words
from ui.kit.paint import box, hairline, painter_on
from ui.kit.piece import Piece
from ui.kit.text import Label
from ui.kit.theme import theme
from ui.kit.tokens import PAD

HEADER = 48


class Panel(Piece, QWidget):
    """Put widgets into `body`; more of the header's right side with `add_right`."""

    ground = "surface"

    def __init__(
        self, title: Words | None = None, right: Words | None = None, *, padding: int = PAD, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._border, self._border_width = "line", 1
        self._padding = padding
        self._outer = QVBoxLayout(self)
        self._outer.setSpacing(0)
        self.header: QWidget | None = None
        if title is not None:
            self._make_header(title, right)
        room = QWidget(self)  # takes what is left, so that a short body never tears the header apart
        self.body = QVBoxLayout(room)
        self._outer.addWidget(room, 1)
        self.restyle()

    def _make_header(self, title: Words, right: Words | None) -> None:
        self.header = QWidget(self)
        row = QHBoxLayout(self.header)
        self._row = row
        self.title = Label(title, bold=True)
        self.right = Label(right if right is not None else "", ink="ink2")
        row.addWidget(self.title)
        row.addStretch(1)
        row.addWidget(self.right)
        self._outer.addWidget(self.header)

    def add_right(self, widget: QWidget) -> None:
        """Another thing at the right end of the header: a badge, segments, a 40 px button."""
        self._row.addWidget(widget)

    def tell(self, title: Words, right: Words = "") -> None:
        """Another name and count."""
        self.title.tell(title)
        self.right.tell(right)

    def frame(self, border: str = "line", width: int = 1, ground: str = "surface") -> None:
        """Another border and ground: ``actfill`` 3 on ``entry`` for the live value, ``stopfill`` 2 for trouble."""
        self._border, self._border_width, self.ground = border, width, ground
        self.update()

    def restyle(self) -> None:
        edge, pad = 1, theme.px(self._padding)
        self._outer.setContentsMargins(edge, edge, edge, edge)
        self.body.setContentsMargins(pad, pad, pad, pad)
        self.body.setSpacing(theme.px(8) if self._padding else 0)  # rows that reach the edge also touch each other
        if self.header is not None:
            self.header.setFixedHeight(theme.px(HEADER))
            self._row.setContentsMargins(theme.px(PAD), 0, theme.px(PAD), 0)
            self._row.setSpacing(theme.px(12))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        box(
            painter,
            QRectF(self.rect()),
            fill=theme.token(self.ground),
            border=theme.token(self._border),
            width=self._border_width,
        )
        if self.header is not None and not self.header.isHidden():
            y = self.header.geometry().bottom()
            hairline(painter, QPointF(1, y), QPointF(self.width() - 2, y))


def padded(words: QWidget) -> QWidget:
    """A line of words inside a panel that has no padding of its own."""
    room = QWidget()
    rows = QVBoxLayout(room)
    rows.setContentsMargins(theme.px(16), theme.px(14), theme.px(16), theme.px(14))
    rows.addWidget(words)
    return room
