"""The primary's place when the next act is a scan. While it stands, Enter does nothing."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.kit.icons import draw_icon
from ui.kit.language import Words, say
from ui.kit.paint import box, painter_on, width_of, write_lines
from ui.kit.piece import Piece, Said
from ui.kit.theme import theme
from ui.kit.tokens import PRIMARY_HEIGHT, SLOT_WIDTH, Type

_ICON = 40
_PAD = 24


class ScanSlot(Piece, QWidget):
    """What is awaited and a suggestion: dashed, on the wash of "your turn". It cannot be pressed."""

    ground = "actwash"
    least = (SLOT_WIDTH, PRIMARY_HEIGHT)

    def __init__(self, awaited: Words, suggestion: Words = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._awaited, self._suggestion = awaited, suggestion
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.retell()

    def await_scan(self, awaited: Words, suggestion: Words = "") -> None:
        """Wait for another thing."""
        self._awaited, self._suggestion = awaited, suggestion
        self.retell()

    def retell(self) -> None:
        self._texts = (say(self._awaited), say(self._suggestion))
        self.setAccessibleName(self._texts[0])
        self.restyle()

    def restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def _text_left(self) -> int:
        return theme.px(_PAD) + theme.px(_ICON) + theme.px(16)

    def sizeHint(self) -> QSize:
        widest = max(width_of(self._texts[0], Type.VALUE, True), width_of(self._texts[1]))
        return QSize(max(ceil(self._text_left() + widest) + theme.px(_PAD), theme.px(SLOT_WIDTH)), theme.px(PRIMARY_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def said(self) -> list[Said]:
        left = self._text_left()
        wide = self.width() - left - theme.px(8)
        awaited, suggestion = self._texts
        first, second = theme.line(Type.VALUE), theme.line(Type.TEXT)
        high = first + (second - theme.px(2) if suggestion else 0)
        top = (self.height() - high) / 2
        lines = [Said(text=awaited, room=QRectF(left, top, wide, first), kind=Type.VALUE, bold=True, ink="act", ground="actwash")]
        if suggestion:
            room = QRectF(left, top + first - theme.px(2), wide, second)
            lines.append(Said(text=suggestion, room=room, ink="ink2", ground="actwash"))
        return lines

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        box(painter, QRectF(self.rect()), fill=theme.color.actwash, border=theme.color.actfill, width=2, dashed=True)
        side = theme.px(_ICON)
        draw_icon(painter, "scan", QRectF(theme.px(_PAD), (self.height() - side) // 2, side, side), "act")
        write_lines(painter, self.said())
