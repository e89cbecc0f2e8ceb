"""Which part of a genealogy is on the glass: in the middle where all of it fits, else moved by hand or by the keyboard."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF

from ui.kit.genealogy_layout import Box, GraphLayout
from ui.kit.theme import theme

HEAD = 36
"""The line with the names of the columns; it moves with them to the sides and stays on top."""
PAD = 24


class Glass:
    """Pixels of the widget for pixels of the layout."""

    def __init__(self) -> None:
        self._layout: GraphLayout | None = None
        self._size = QSizeF(0, 0)
        self._shift = QPointF(0, 0)

    def show(self, layout: GraphLayout, size: QSizeF) -> None:
        """Another layout, from its beginning."""
        self._layout, self._size, self._shift = layout, size, QPointF(0, 0)

    def resize(self, size: QSizeF) -> None:
        """Another size of the widget; what is moved out of it stays within its ends."""
        self._size = size
        self.move(QPointF(0, 0))

    @property
    def seen(self) -> QRectF:
        """Where nodes stand: below the names."""
        head = theme.px(HEAD)
        return QRectF(0, head, self._size.width(), self._size.height() - head)

    @property
    def goes_on(self) -> tuple[bool, bool, bool, bool]:
        """Whether there is more to the left, to the right, above, below."""
        most = self._most_shift()
        return self._shift.x() > 0, self._shift.x() < most.x(), self._shift.y() > 0, self._shift.y() < most.y()

    def origin(self) -> QPointF:
        """Where 0, 0 of the layout stands."""
        pad, seen, drawn = theme.px(PAD), self.seen, self._drawn()
        beside, below = (seen.width() - drawn.width()) / 2, (seen.height() - drawn.height()) / 2
        left = beside if beside >= pad else pad - self._shift.x()
        top = seen.top() + (below if below >= pad / 2 else pad / 2 - self._shift.y())
        return QPointF(round(left), round(top))

    def rect(self, box: Box) -> QRectF:
        """A rectangle of the layout on the glass, on whole pixels."""
        factor, origin = theme.factor, self.origin()
        left, top = round(box.x * factor), round(box.y * factor)
        right, bottom = round(box.right * factor), round(box.bottom * factor)
        return QRectF(origin.x() + left, origin.y() + top, right - left, bottom - top)

    def move(self, by: QPointF) -> None:
        """Move the graph under the glass, as far as it goes."""
        most, wanted = self._most_shift(), self._shift + by
        self._shift = QPointF(min(max(wanted.x(), 0.0), most.x()), min(max(wanted.y(), 0.0), most.y()))

    def bring(self, box: Box) -> None:
        """Move as little as it takes to see the whole of a box."""
        rect, free = self.rect(box), theme.px(PAD)
        seen = self.seen.adjusted(free, free / 2, -free, -free / 2)
        across = min(0.0, rect.left() - seen.left()) or max(0.0, rect.right() - seen.right())
        along = min(0.0, rect.top() - seen.top()) or max(0.0, rect.bottom() - seen.bottom())
        self.move(QPointF(across, along))

    def _drawn(self) -> QSizeF:
        if self._layout is None:
            return QSizeF(0, 0)
        return QSizeF(self._layout.width, self._layout.height) * theme.factor

    def _most_shift(self) -> QPointF:
        drawn, seen, pad = self._drawn(), self.seen, theme.px(PAD)
        return QPointF(max(0.0, drawn.width() + 2 * pad - seen.width()), max(0.0, drawn.height() + pad - seen.height()))
