"""The pictures of a deviation, small and side by side; a press shows one large with whose it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from app.base.phrases import Phrase
from app.deviations.photos import PhotoRow
from ui.bridge import Bridge
from ui.kit import Button, Piece, box, painter_on, say, theme
from ui.kit.tokens import GAP
from ui.shell.kept_picture import read_kept

HIGH, WIDE = 56, 84
_PREVIEW_PX = 320


class _Small(Piece, QAbstractButton):
    """One picture, cut by nothing, on the ground of an entry."""

    least = (40, 40)

    def __init__(self) -> None:
        super().__init__()
        self._image, self._number = QImage(), 0
        self._act: Callable[[], None] = lambda: None
        self.is_asked = False
        self.clicked.connect(self._pressed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.restyle()

    def number(self, number: int, act: Callable[[], None]) -> None:
        """Which one it is, and what a press does."""
        self._number, self._act = number, act
        self.retell()

    def _pressed(self) -> None:
        self._act()

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
    """The newest first, as many as `show_most` says, read when they are shown; hidden while there is none."""

    opened = Signal(int)
    """Place of the one that was pressed among `photos`; of "more": the newest that does not stand here."""

    def __init__(self) -> None:
        super().__init__()
        self._photos: tuple[PhotoRow, ...] = ()
        self._bridge: Bridge | None = None
        self._small: dict[str, _Small] = {}
        self._most = 1
        self.more = Button("")
        self.more.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.more.clicked.connect(lambda: self.opened.emit(len(self._photos) - 1 - self._most))
        self._row = QHBoxLayout(self)
        self._row.setSpacing(theme.px(GAP))
        self._row.addWidget(self.more)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setVisible(False)

    @property
    def photos(self) -> tuple[PhotoRow, ...]:
        """All of them, standing or not, oldest first."""
        return self._photos

    def show_photos(self, photos: Sequence[PhotoRow], bridge: Bridge) -> None:
        """Other ones; those that stood already stay."""
        if tuple(photos) == self._photos:
            return
        self._photos, self._bridge = tuple(photos), bridge
        kept, self._small = self._small, {}
        for place, photo in reversed(list(enumerate(self._photos))):
            small = kept.pop(photo.picture, None) or _Small()
            small.number(place + 1, partial(self.opened.emit, place))
            self._row.insertWidget(len(self._small), small)
            self._small[photo.picture] = small
        for old in kept.values():
            self._row.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.show_most(self._most)

    def show_most(self, most: int) -> None:
        """How many have room; zero: what is written needs all of it."""
        self._most = most
        for n, (digest, small) in enumerate(self._small.items()):
            small.setVisible(n < most)
            if n < most and self._bridge is not None and not small.is_asked:
                small.is_asked = True
                self._bridge.ask(partial(read_kept, digest=digest, longest_px=_PREVIEW_PX), done=small.came, owner=small)
        rest = len(self._small) - most
        self.more.tell(Phrase("{n} more", n=rest))
        self.more.setVisible(0 < most < len(self._small))
        self.setVisible(bool(self._small) and most > 0)
