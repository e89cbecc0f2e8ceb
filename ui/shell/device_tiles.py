"""The devices of this station: icon, code, standing, last value with its age or none. Two beside each other where there is room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.kit import RIGHT, Piece, Said, State, Type, Words, draw_icon, draw_state, hairline, painter_on, say, theme, write_lines

ROW = 98
TWO_COLUMNS = 600
_ICON = 26


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
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def tiles(self) -> tuple[DeviceTile, ...]:
        """What stands here."""
        return self._tiles

    def show_tiles(self, tiles: Sequence[DeviceTile]) -> None:
        """Devices as they stand now."""
        if tuple(tiles) != self._tiles:
            self._tiles = tuple(tiles)
            self.setAccessibleName("; ".join(f"{tile.code} {say(tile.words)}" for tile in tiles))
            self.restyle()

    def retell(self) -> None:
        self.update()

    def restyle(self) -> None:
        self.setFixedHeight(self.sizeHint().height())
        self.updateGeometry()
        self.update()

    @property
    def _columns(self) -> int:
        return 2 if self.width() >= theme.px(TWO_COLUMNS) else 1

    def sizeHint(self) -> QSize:
        return QSize(theme.px(360), theme.px(ROW) * -(-len(self._tiles) // self._columns))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.height() != self.sizeHint().height():
            self.setFixedHeight(self.sizeHint().height())

    def _room(self, n: int) -> QRectF:
        wide, high = self.width() / self._columns, theme.px(ROW)
        return QRectF((n % self._columns) * wide, (n // self._columns) * high, wide, high)

    def said(self) -> list[Said]:
        lines: list[Said] = []
        line = theme.line(Type.TEXT)
        for n, tile in enumerate(self._tiles):
            room = self._room(n)
            left, top = room.left() + theme.px(16 + _ICON + 16), room.center().y() - line
            wide = room.right() - theme.px(16) - left
            ink = tile.state.ink if tile.state.is_trouble else "ink2"
            lines.append(Said(text=tile.code, room=QRectF(left, top, wide, line), bold=True))
            lines.append(Said(text=say(tile.words), room=QRectF(left, top + line, wide, line), ink=ink))
            value = QRectF(left, room.top(), wide, room.height())
            lines.append(Said(text=say(tile.value), room=value, kind=Type.VALUE, align=RIGHT))
        return lines

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        for n, tile in enumerate(self._tiles):
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
