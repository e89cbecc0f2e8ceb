"""The amber ring around a window of practice: above everything, so that no sheet and no crowded layout ever covers it."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPaintEvent, QRegion
from PySide6.QtWidgets import QWidget

from ui.kit.paint import box, painter_on
from ui.kit.piece import Piece
from ui.kit.theme import theme

RING, RING_LINE = 6, 2
"""Width of the amber and of the dark line inside it: against that the amber stands out in either palette."""


def ring_width() -> int:
    """What is left free for it on each side, in pixels of this glass."""
    return theme.px(RING) + theme.px(RING_LINE)


class PracticeRing(Piece, QWidget):
    """Only its four edges exist: hands and eyes reach what stands inside."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def surround(self, room: QRect) -> None:
        """Stand around this, on top of everything."""
        wide = ring_width()
        self.setGeometry(room)
        self.setMask(QRegion(self.rect()).subtracted(QRegion(self.rect().adjusted(wide, wide, -wide, -wide))))
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, ring = painter_on(self), theme.px(RING)
        box(painter, QRectF(self.rect()), border=theme.color.attfill, width=RING, radius=0)
        box(painter, QRectF(self.rect()).adjusted(ring, ring, -ring, -ring), border=theme.color.atton, width=RING_LINE, radius=0)
