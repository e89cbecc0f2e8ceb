"""A picture as large as its room, never distorted. It is read on any thread, and drawn on the window's."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.kit.language import Words, say
from ui.kit.paint import painter_on
from ui.kit.piece import Piece
from ui.kit.theme import theme

LEAST = 96
LONGEST_PX = 1600
"""Enough for the largest room on a full window."""
_MOST_MB = 512


def read_picture(content: bytes, *, longest_px: int = LONGEST_PX) -> QImage:
    """Upright as the camera says, at most so many pixels on its longer side; null when the bytes are no whole picture.

    A camera's picture takes a tenth of a second and more: call it where nobody waits.
    """
    bytes_ = QByteArray(content)
    buffer = QBuffer(bytes_)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    reader.setAllocationLimit(_MOST_MB)
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > longest_px:
        reader.setScaledSize(size.scaled(longest_px, longest_px, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1)))
    return reader.read()


class Picture(Piece, QWidget):
    """Hidden while there is none."""

    def __init__(self) -> None:
        super().__init__()
        self._pixmap = QPixmap()
        self._name: Words = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.hide()

    def show_image(self, image: QImage | None, name: Words) -> None:
        """Another picture, or none. `name`: what it shows, for whoever cannot see it."""
        self._pixmap = QPixmap.fromImage(image) if image is not None and not image.isNull() else QPixmap()
        self._name = name
        self.setVisible(self.stands)
        self.retell()
        self.update()

    def retell(self) -> None:
        self.setAccessibleName(say(self._name) if self.stands else "")

    @property
    def stands(self) -> bool:
        """Whether there is one."""
        return not self._pixmap.isNull()

    def set_wide(self, wide: int, *, whole: bool) -> None:
        """Pixels it may take; `whole`: it is as high as it wants to be then, else as high as what stands beside it."""
        self.setFixedWidth(wide)
        high = wide * self._pixmap.height() // self._pixmap.width() if whole and self.stands else 0
        self.setMinimumHeight(max(theme.px(LEAST), high))

    def sizeHint(self) -> QSize:
        return QSize(self.width(), theme.px(LEAST))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        if self.stands:
            size = self.size() * self.devicePixelRatioF()
            shown = self._pixmap.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
            shown.setDevicePixelRatio(self.devicePixelRatioF())
            painter.drawPixmap(0, 0, shown)
