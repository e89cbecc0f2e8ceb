"""The blue ring around what the keyboard would press: 3 px after a 3 px gap, outside the widget, without moving anything."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFocusEvent, QMoveEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from ui.kit.paint import box, painter_on
from ui.kit.theme import theme

REACH = 6


class FocusRing(QWidget):
    """Lies over the parent of its widget and lets every click through."""

    def __init__(self, around: QWidget) -> None:
        super().__init__(around.parentWidget())
        self._around = around
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def follow(self) -> None:
        """Stand around the widget as it is now, or hide when it lost the focus."""
        host = self._around.parentWidget()
        if host is None or not self._around.hasFocus() or not self._around.isVisible():
            self.hide()
            return
        if self.parentWidget() is not host:
            self.setParent(host)
        reach = theme.px(REACH)
        self.setGeometry(self._around.geometry().adjusted(-reach, -reach, reach, reach))
        self.raise_()
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        box(painter_on(self), QRectF(self.rect()), border=theme.color.actfill, width=3, radius=7)


class Ringed:
    """Mixed in before the Qt class of a widget that shows its focus by a ring: a button, rows to choose from."""

    _ring: FocusRing | None = None

    def _follow(self) -> None:
        if self.hasFocus() and self._ring is None:
            self._ring = FocusRing(self)
        if self._ring is not None:
            self._ring.follow()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._follow()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._follow()

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        self._follow()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._follow()
