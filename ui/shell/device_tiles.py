"""The devices of this station: icon, code, standing, last value with its age or none. Two beside each other where there is room.

Where there are more than the screen has room for they stand closer; then those in trouble come first, and the rest is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.base.phrases import Phrase
from ui.kit import RIGHT, Piece, Said, State, Type, Words, draw_icon, draw_state, hairline, painter_on, say, theme, write_lines

ROW, CLOSE_ROW = 98, 64
TWO_COLUMNS = 600
_ICON = 26
_RANKS = {State.FAIL: 0, State.ATTENTION: 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceTile:
    """One device as it stands now."""

    icon: str
    code: str
    state: State
    words: Words
    value: Words
    """The last stable value while the device is live; empty as soon as it is silent."""


class DeviceTiles(Piece, QWidget):
    """No target: looking only."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tiles: tuple[DeviceTile, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    @property
    def tiles(self) -> tuple[DeviceTile, ...]:
        """All devices, whether or not there is room for each."""
        return self._tiles

    @property
    def seen(self) -> tuple[DeviceTile, ...]:
        """Those there is room for: all, or the worst first, then those with a value, with one place left to count the others."""
        room = self._columns * max(1, int(self.height() // self._row))
        if len(self._tiles) <= room:
            return self._tiles
        return tuple(sorted(self._tiles, key=lambda tile: (_RANKS.get(tile.state, len(_RANKS)), not say(tile.value))))[: room - 1]

    def show_tiles(self, tiles: Sequence[DeviceTile]) -> None:
        """Devices as they stand now."""
        if tuple(tiles) != self._tiles:
            self._tiles = tuple(tiles)
            self.setAccessibleName("; ".join(f"{tile.code} {say(tile.words)}" for tile in tiles))
            self.restyle()

    def retell(self) -> None:
        self.update()

    def restyle(self) -> None:
        self.setMinimumHeight(theme.px(ROW) if self._tiles else 0)
        self.setMaximumHeight(self.sizeHint().height())
        self.updateGeometry()
        self.update()

    @property
    def _columns(self) -> int:
        return 2 if self.width() >= theme.px(TWO_COLUMNS) else 1

    @property
    def _rows(self) -> int:
        return -(-len(self._tiles) // self._columns)

    @property
    def _row(self) -> int:
        return theme.px(ROW if theme.px(ROW) * self._rows <= self.height() else CLOSE_ROW)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(360), theme.px(ROW) * self._rows)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.maximumHeight() != self.sizeHint().height():
            self.setMaximumHeight(self.sizeHint().height())

    def _room(self, n: int) -> QRectF:
        wide, high = self.width() / self._columns, self._row
        return QRectF((n % self._columns) * wide, (n // self._columns) * high, wide, high)

    def said(self) -> list[Said]:
        lines: list[Said] = []
        line, seen = theme.line(Type.TEXT), self.seen
        for n, tile in enumerate(seen):
            room = self._room(n)
            left, top = room.left() + theme.px(16 + _ICON + 16), room.center().y() - line
            wide = room.right() - theme.px(16) - left
            ink = tile.state.ink if tile.state.is_trouble else "ink2"
            lines.append(Said(text=tile.code, room=QRectF(left, top, wide, line), bold=True))
            lines.append(Said(text=say(tile.words), room=QRectF(left, top + line, wide, line), ink=ink))
            value = QRectF(left, room.top(), wide, room.height())
            lines.append(Said(text=say(tile.value), room=value, kind=Type.VALUE, align=RIGHT))
        if left_out := len(self._tiles) - len(seen):
            room = self._room(len(seen)).adjusted(theme.px(16 + _ICON + 16), 0, 0, 0)
            lines.append(Said(text=say(Phrase("{count} more", count=left_out)), room=room, ink="ink2"))
        return lines

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        for n, tile in enumerate(self.seen):
            room, side = self._room(n), theme.px(_ICON)
            if n % self._columns:
                hairline(painter, room.topLeft(), room.bottomLeft())
            if n >= self._columns:
                hairline(painter, room.topLeft(), QPointF(room.right(), room.top()))
            at = QRectF(round(room.left() + theme.px(16)), round(room.center().y() - side / 2), side, side)
            draw_icon(painter, tile.icon, at, "ink")
            if tile.state.is_trouble:
                shape = QRectF(room.right() - theme.px(16) - side, room.center().y() - side / 2, side, side)
                draw_state(painter, tile.state, shape)
        write_lines(painter, self.said())
