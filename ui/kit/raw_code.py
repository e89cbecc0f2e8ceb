"""What the scanner really sent: every character, group separators drawn as a small box, identifiers in theirs.

The pitch is fixed by painting each character in its own cell: one family is enough, and 0 cannot hide beside O.
"""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.kit.paint import baseline, box, painter_on, width_of, write_line
from ui.kit.piece import CENTRE, Piece, Said
from ui.kit.theme import theme
from ui.kit.tokens import Type

CONTROLS = {"\x1d": "GS", "\x1e": "RS", "\x04": "EOT", "\x1c": "FS", "\r": "CR", "\n": "LF", "\t": "TAB"}
"""Control characters by the name in their box; others show their code."""


class RawCode(Piece, QWidget):
    """One line of raw characters; what does not fit is said with … at the end, never scrolled."""

    def __init__(self, raw: str = "", ink: str = "ink2", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._raw, self._ink = raw, ink
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.show_raw(raw)

    @property
    def raw(self) -> str:
        return self._raw

    def show_raw(self, raw: str) -> None:
        """Another scan; control characters included."""
        self._raw = raw
        self.setAccessibleName("".join(f"<{self._name(one)}>" if self._is_control(one) else one for one in raw))
        self.restyle()

    def restyle(self) -> None:
        self.updateGeometry()
        self.update()

    @staticmethod
    def _is_control(character: str) -> bool:
        return ord(character) < 0x20 or ord(character) == 0x7F

    @staticmethod
    def _name(character: str) -> str:
        return CONTROLS.get(character, f"{ord(character):02X}")

    def _advance(self, character: str) -> float:
        if self._is_control(character):
            return width_of(self._name(character)) + theme.px(12)
        return max(theme.px(12), width_of(character) + 1)

    def sizeHint(self) -> QSize:
        return QSize(ceil(sum(self._advance(one) for one in self._raw)) + theme.px(2), theme.px(32))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(120), theme.px(32))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        room = QRectF(self.rect())
        stand = baseline(room, Type.TEXT)
        left = 0.0
        for character in self._raw:
            wide = self._advance(character)
            if left + wide > self.width() - theme.px(16) and left + wide < self.sizeHint().width() - theme.px(4):
                painter.setPen(theme.token(self._ink))
                painter.setFont(theme.font(Type.TEXT))
                painter.drawText(QPointF(left, stand), "…")
                return
            if self._is_control(character):
                rect = QRectF(left + theme.px(2), theme.px(3), wide - theme.px(4), theme.px(26))
                box(painter, rect, border=theme.color.edge, radius=3)
                write_line(painter, Said(text=self._name(character), room=rect, ink=self._ink, align=CENTRE))
            else:
                painter.setPen(theme.token(self._ink))
                painter.setFont(theme.font(Type.TEXT))
                painter.drawText(QPointF(left + (wide - width_of(character)) / 2, stand), character)
            left += wide


class AiBox(Piece, QWidget):
    """The application identifier of one decoded row in its small box: 01, 10, 17 …"""

    def __init__(self, identifier: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._identifier = identifier
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(max(theme.px(52), ceil(width_of(self._identifier)) + theme.px(20)), theme.px(32))

    def said(self) -> list[Said]:
        return [Said(text=self._identifier, room=QRectF(self.rect()), ink="ink2", align=CENTRE)]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        box(painter, QRectF(self.rect()), border=theme.color.line)
        for said in self.said():
            write_line(painter, said)
