"""The pictures of a deviation, small and side by side; a press shows one large with whose it is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from app.base.phrases import Phrase
from app.deviations.photos import PhotoRow
from ui.bridge import Bridge
from ui.kit import Label, Piece, box, painter_on, say, theme
from ui.shell.kept_picture import read_kept

HIGH, WIDE = 56, 84
_PREVIEW_PX = 320


class _Small(Piece, QAbstractButton):
    """One picture, cut by nothing, on the ground of an entry."""

    least = (40, 40)

    def __init__(self, number: int) -> None:
        super().__init__()
        self._image, self._number = QImage(), number
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.retell()
        self.restyle()

    def retell(self) -> None:
        self.setAccessibleName(say(Phrase("Picture {n}", n=self._number)))

    def restyle(self) -> None:
        self.setFixedSize(self.sizeHint())
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(WIDE), theme.px(HIGH))

    def came(self, came: tuple[str, QImage]) -> None:
        """It was read."""
        self._image = came[1]
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        box(painter, QRectF(self.rect()), fill=theme.color.entry, border=theme.color.edge, radius=3)
        if not self._image.isNull():
            inner = self.rect().adjusted(theme.px(3), theme.px(3), -theme.px(3), -theme.px(3))
            ratio = self.devicePixelRatioF()
            shown = self._image.scaled(inner.size() * ratio, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
            wide, high = shown.width() / ratio, shown.height() / ratio
            painter.drawImage(QRectF(inner.center().x() - wide / 2, inner.center().y() - high / 2, wide, high), shown)


class PhotoStrip(QWidget):
    """The newest first, as many as `show_most` says; hidden while there is none."""

    opened = Signal(object)
    """The `PhotoRow` that was pressed."""

    def __init__(self) -> None:
        super().__init__()
        self._photos: tuple[PhotoRow, ...] = ()
        self._small: list[_Small] = []
        self._most = 1
        self.more = Label("", ink="ink2")
        self._row = QHBoxLayout(self)
        self._row.setSpacing(theme.px(8))
        self._row.addWidget(self.more)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setVisible(False)

    @property
    def photos(self) -> tuple[PhotoRow, ...]:
        """All of them, standing or not, oldest first."""
        return self._photos

    def show_photos(self, photos: Sequence[PhotoRow], bridge: Bridge) -> None:
        """Other ones; those that stand already are not asked for again."""
        if tuple(photos) == self._photos:
            return
        self._photos = tuple(photos)
        for old in self._small:
            self._row.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._small = []
        for number, photo in reversed(list(enumerate(self._photos, 1))):
            small = _Small(number)
            small.clicked.connect(partial(self.opened.emit, photo))
            self._row.insertWidget(len(self._small), small)
            self._small.append(small)
            bridge.ask(partial(read_kept, digest=photo.picture, longest_px=_PREVIEW_PX), done=small.came, owner=small)
        self.show_most(self._most)

    def show_most(self, most: int) -> None:
        """How many have room; the others are on paper and in the record. Zero: what is written needs all of it."""
        self._most = most
        for n, small in enumerate(self._small):
            small.setVisible(n < most)
        rest = len(self._small) - most
        self.more.tell(Phrase("{n} more", n=rest))
        self.more.setVisible(rest > 0)
        self.setVisible(bool(self._small) and most > 0)
