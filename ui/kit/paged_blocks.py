"""Blocks of any height below one another, paged by key where they need more than the glass: no scroll bar, nothing cut."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.base.phrases import Phrase
from ui.kit.text import Label
from ui.kit.theme import theme
from ui.kit.tokens import Type

_TURNS: dict[int, int] = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
_BETWEEN = 12


class PagedBlocks(QWidget):
    """A block is never divided; one that is higher than the glass stands alone."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: tuple[QWidget, ...] = ()
        self._first = 0
        self._standing = 0
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(theme.px(_BETWEEN))
        self.count = Label("", ink="ink2")
        self._rows.addStretch(1)
        self._rows.addWidget(self.count)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)

    def show_blocks(self, blocks: Sequence[QWidget]) -> None:
        """Other blocks, from the first on; those before are dropped."""
        for before in self.blocks:
            before.hide()
            before.deleteLater()
        self.blocks, self._first = tuple(blocks), 0
        for n, block in enumerate(self.blocks):
            self._rows.insertWidget(n, block)
        self.fit()

    @property
    def standing(self) -> tuple[QWidget, ...]:
        """Those of this page."""
        return self.blocks[self._first : self._first + self._standing]

    def press(self, key: int) -> bool:
        """PgUp and PgDn; whether it was one of them and there is more than a page."""
        if key not in _TURNS or self._standing >= len(self.blocks):
            return False
        if _TURNS[key] > 0:
            self._first = min(self._first + self._standing, len(self.blocks) - 1)
        else:
            self._first = self._begin_before(self._first)
        self.fit()
        return True

    def fit(self) -> None:
        """As many as the glass holds; called again whenever a block grew."""
        self._first = min(self._first, self._begin_before(len(self.blocks)))  # the last page is as full as it can be
        self._standing = self._fitting(self._first)
        for block in self.blocks:
            block.setVisible(block in self.standing)
        is_paged = self._standing < len(self.blocks)
        facts = {"first": self._first + 1, "last": self._first + self._standing, "all": len(self.blocks)}
        self.count.tell(Phrase("{first}–{last} of {all} • PgUp, PgDn", **facts))
        self.count.setVisible(is_paged)

    def minimumSizeHint(self) -> QSize:
        """It takes what there is."""
        return QSize(0, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another glass."""
        super().resizeEvent(event)
        self.fit()

    def event(self, event: QEvent) -> bool:
        """A block knows what it needs when it has its width, and says so."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.fit()
        return done

    def _height_of(self, block: QWidget) -> int:
        layout = block.layout()
        if layout is not None:
            layout.activate()
        needed = block.heightForWidth(self.width()) if block.hasHeightForWidth() else -1
        return max(needed, block.minimumSizeHint().height())

    def _fitting(self, first: int) -> int:
        """How many stand from this one on: at least one, where there is one."""
        left, count = self._room(), 0
        for block in self.blocks[first:]:
            left -= self._height_of(block) + theme.px(_BETWEEN)
            if left < 0 and count:
                break
            count += 1
        return count

    def _begin_before(self, end: int) -> int:
        """The first one of the fullest page that ends before this place."""
        left, first = self._room(), end
        while first > 0:
            left -= self._height_of(self.blocks[first - 1]) + theme.px(_BETWEEN)
            if left < 0 and first < end:
                break
            first -= 1
        return first

    def _room(self) -> int:
        """What the blocks have, the line with the count left out."""
        return self.height() - theme.line(Type.TEXT)
