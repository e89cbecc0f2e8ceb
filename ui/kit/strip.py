"""The bottom strip: the last scan in plain words at the left, the devices and the database at the right."""

from __future__ import annotations

from itertools import accumulate

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.base.phrases import Phrase
from ui.kit.chips import Chip
from ui.kit.icons import draw_icon
from ui.kit.language import Words, say
from ui.kit.paint import hairline, painter_on, width_of, write_lines
from ui.kit.piece import Piece, Said
from ui.kit.shapes import State, draw_state
from ui.kit.theme import theme
from ui.kit.tokens import Type

HEIGHT = 64
_SHAPE = 26
_SCAN_ROOM, _COMPACT_SCAN_ROOM = 560, 320
"""What chips leave to the last scan."""
_MARGIN, _GAP, _MORE = 16, 12, 160
_RANKS = {State.FAIL: 0, State.ATTENTION: 1}


class Strip(Piece, QWidget):
    """The last scan never hides behind a chip: where the room is short healthy chips fold away first, and what does not fit is counted."""

    last_five_asked = Signal()
    ground = "frame"
    least = (0, HEIGHT)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: State | None = None
        self._time: Words = ""
        self._words: Words = ""
        self._compact = False
        self._chips: dict[str, Chip] = {}
        self._row = QHBoxLayout(self)
        self._row.addStretch(1)
        self.more = Chip("down", "")
        """Stands for the chips there is no room for, with the state of the worst of them."""
        self.more.hide()
        self._row.addWidget(self.more)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.restyle()

    def show_last_scan(self, state: State, time: Words, words: Words) -> None:
        """What the last scan was and what came of it, in plain words."""
        self._state, self._time, self._words = state, time, words
        self.setAccessibleName(say(words))
        self.update()

    def chip(self, key: str, icon: str, name: Words, *, before: str | None = None) -> Chip:
        """The chip of one device; made when first asked for, at the right end or before another chip."""
        if key not in self._chips:
            chips = list(self._chips.items())
            place = [name for name, _ in chips].index(before) if before is not None else len(chips)
            chips.insert(place, (key, Chip(icon, name)))
            self._chips = dict(chips)
            self._row.insertWidget(2 + place, self._chips[key])  # before them what stretches, and the chip that counts
        return self._chips[key]

    def drop_chip(self, key: str) -> None:
        """The device is no longer of this station."""
        chip = self._chips.pop(key, None)
        if chip is not None:
            self._row.removeWidget(chip)
            chip.deleteLater()

    def refold(self) -> None:
        """The last chip (the database) stays, then trouble, the worst first, then what is well; in the compact frame that folds away."""
        chips = list(self._chips.values())
        wanted = [chip for chip in reversed(chips) if not self._compact or chip.state.is_trouble or chip is chips[-1]]
        wanted.sort(key=lambda chip: -1 if chip is chips[-1] else _RANKS.get(chip.state, len(_RANKS)))
        shown = self._fitting(wanted)
        left_out = wanted[len(shown) :]
        if left_out:
            self.more.rename(Phrase("{count} more", count=len(left_out)))
            self.more.show_state(left_out[0].state if left_out[0].state.is_trouble else State.PASS, "")
        self.more.setVisible(bool(left_out))
        for chip in chips:
            chip.setVisible(chip in shown)

    def _fitting(self, wanted: list[Chip]) -> list[Chip]:
        """The first of them that stand beside each other in the room there is; at least one."""
        room = self.width() - theme.px(2 * _MARGIN + (_COMPACT_SCAN_ROOM if self._compact else _SCAN_ROOM))
        ends = list(accumulate(chip.sizeHint().width() + theme.px(_GAP) for chip in wanted))
        if not ends or ends[-1] <= room:
            return wanted
        room -= theme.px(_MORE)
        return wanted[: max(1, sum(end <= room for end in ends))]

    def set_compact(self, compact: bool) -> None:
        """The 1280 × 800 measures."""
        self._compact = compact
        self.refold()
        self.update()

    def retell(self) -> None:
        self.refold()
        self.update()

    def restyle(self) -> None:
        self._row.setContentsMargins(theme.px(_MARGIN), 0, theme.px(_MARGIN), 0)
        self._row.setSpacing(theme.px(_GAP))
        self.setFixedHeight(theme.px(HEIGHT))
        self.refold()
        self.update()

    def minimumSizeHint(self) -> QSize:
        """However many chips there are, the window does not grow by them."""
        return QSize(0, theme.px(HEIGHT))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.refold()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(1200), theme.px(HEIGHT))

    def _end(self) -> float:
        lefts = [chip.geometry().left() for chip in (self.more, *self._chips.values()) if not chip.isHidden()]
        return min(lefts, default=self.width()) - theme.px(16)

    def said(self) -> list[Said]:
        if self._state is None:
            return []
        left: float = theme.px(24) + theme.px(_SHAPE) + theme.px(12)
        time, words = say(self._time), say(self._words)
        lines = []
        if time:
            wide = width_of(time)
            lines.append(Said(text=time, room=QRectF(left, 0, wide + 1, self.height()), ink="ink2"))
            left += wide + theme.px(12)
        last = self._last_five()
        room = max(0.0, self._end() - left - (last.width() + theme.px(24) if last is not None else 0))
        wide = min(width_of(words) + 1, room)
        lines.append(Said(text=words, room=QRectF(left, 0, wide, self.height()), elides=True))
        if last is not None:
            left += wide + theme.px(24)
            lines.append(Said(text=say(Phrase("last 5")), room=QRectF(left, 0, last.width(), self.height()), ink="ink2"))
        return lines

    def _last_five(self) -> QRectF | None:
        """Room of "last 5"; in the compact frame it goes."""
        if self._compact:
            return None
        return QRectF(0, 0, width_of(say(Phrase("last 5"))) + 1 + theme.px(24), self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        painter.fillRect(self.rect(), theme.color.frame)
        hairline(painter, QPointF(0, 0), QPointF(self.width(), 0))
        lines = self.said()
        write_lines(painter, lines)
        if self._state is None:
            return
        side = theme.px(_SHAPE)
        draw_state(painter, self._state, QRectF(theme.px(24), (self.height() - side) / 2, side, side))
        if not self._compact and lines:
            room = lines[-1].room
            hairline(painter, QPointF(room.left() - theme.px(12), theme.px(18)), QPointF(room.left() - theme.px(12), theme.px(46)))
            icon = theme.px(24)
            word = room.left() + width_of(lines[-1].text, Type.TEXT)
            draw_icon(painter, "down", QRectF(round(word), (self.height() - icon) // 2, icon, icon), "ink2")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self._state is not None and event.position().x() < self._end():
            self.last_five_asked.emit()
