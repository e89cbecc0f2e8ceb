"""The frame around every screen: top bar, rail, next band, banner, body, action bar, strip, and room for a sheet at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from ui.kit.action_bar import ActionBar
from ui.kit.banner import Banner
from ui.kit.next_band import NextBand
from ui.kit.paint import painter_on
from ui.kit.piece import Piece
from ui.kit.practice_ring import PracticeRing, ring_width
from ui.kit.rail import Rail
from ui.kit.sheet import Sheet
from ui.kit.strip import Strip
from ui.kit.theme import theme
from ui.kit.tokens import COMPACT_WIDTH
from ui.kit.top_bar import TopBar


def is_compact(width: int) -> bool:
    """Whether a window this many pixels wide follows the 1280 × 800 rules."""
    return width / theme.factor <= COMPACT_WIDTH


class Frame(Piece, QWidget):
    """Screens put their widget into the body with `show_body`; all parts stay the same objects."""

    ground = "canvas"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.top_bar, self.rail, self.next_band, self.action_bar, self.strip = TopBar(), Rail(), NextBand(), ActionBar(), Strip()
        self.banner: Banner | None = None
        self.sheet: Sheet | None = None
        self.compact = False
        self._ring: PracticeRing | None = None
        self._body: QWidget | None = None
        self._outer, self._middle, self._work = QVBoxLayout(self), QHBoxLayout(), QVBoxLayout()
        self._banner_room, self._body_room = QVBoxLayout(), QVBoxLayout()
        for layout in (self._outer, self._middle, self._work):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)
        self._outer.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self._outer.addWidget(self.top_bar)
        self._outer.addLayout(self._middle, 1)
        self._outer.addWidget(self.strip)
        self._middle.addWidget(self.rail)
        self._middle.addLayout(self._work, 1)
        self._work.addWidget(self.next_band)
        self._work.addLayout(self._banner_room)
        self._work.addLayout(self._body_room, 1)
        self._work.addWidget(self.action_bar)
        # The frame itself holds the focus until a hand takes it elsewhere: else Qt would give it to the first button, and a
        # button in focus that nobody chose could be pressed by a stray space.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.restyle()

    @property
    def is_practice(self) -> bool:
        """Whether everything stands in the amber ring."""
        return self._ring is not None

    def show_practice(self, practice: bool) -> None:
        """An amber ring around everything, sheets and lock included, and a word in the top bar: nothing here is a record."""
        if practice and self._ring is None:
            self._ring = PracticeRing(self)
            self._ring.show()
        elif not practice and self._ring is not None:
            self._ring.hide()
            self._ring.deleteLater()
            self._ring = None
        self.top_bar.show_practice(practice)
        self.restyle()

    def _keep_ring_on_top(self) -> None:
        if self._ring is not None:
            self._ring.surround(self.rect())

    def show_body(self, body: QWidget) -> None:
        """Another screen's body; the one before is hidden, not deleted."""
        if self._body is not None and self._body is not body:
            self._body_room.removeWidget(self._body)
            self._body.hide()
        self._body = body
        self._body_room.addWidget(body)
        body.show()
        self._keep_ring_on_top()

    def show_banner(self, banner: Banner | None) -> None:
        """A banner under the next band, pushing the body down; ``None``: the next good scan took it away."""
        if self.banner is not None and self.banner is not banner:
            self._banner_room.removeWidget(self.banner)
            self.banner.hide()
            self.banner.deleteLater()
        self.banner = banner
        if banner is not None:
            self._banner_room.addWidget(banner)
            banner.show()
        self.restyle()

    def show_sheet(self, sheet: Sheet | None) -> None:
        """A sheet docked at the right; the screen narrows. ``None`` takes it away (hidden, not deleted)."""
        if self.sheet is not None and self.sheet is not sheet:
            self._middle.removeWidget(self.sheet)
            self.sheet.hide()
        self.sheet = sheet
        if sheet is not None:
            sheet.set_compact(self.compact)
            self._middle.addWidget(sheet)
            sheet.show()
            self._keep_ring_on_top()
        self.action_bar.make_way(sheet is not None)

    def press(self, key: int) -> bool:
        """Give a key to the open sheet, else to the action bar."""
        return self.sheet.press(key) if self.sheet is not None else self.action_bar.press(key)

    def restyle(self) -> None:
        ring = ring_width() if self._ring is not None else 0
        self._outer.setContentsMargins(ring, ring, ring, ring)
        side = theme.px(16 if self.compact else 24)
        pad = theme.px(12 if self.compact else 16)
        self._body_room.setContentsMargins(side, pad, side, pad)
        self._banner_room.setContentsMargins(side, pad if self.banner is not None else 0, side, 0)
        self._keep_ring_on_top()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        compact = is_compact(self.width())
        if compact != self.compact:
            self.compact = compact
            for part in (self.top_bar, self.rail, self.next_band, self.action_bar, self.strip):
                part.set_compact(compact)
            if self.sheet is not None:
                self.sheet.set_compact(compact)
            self.restyle()
        self._keep_ring_on_top()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter_on(self).fillRect(self.rect(), theme.color.canvas)
