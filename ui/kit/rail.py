"""The rail at the left: at most eight workbenches, one word each, and the call for help at its foot, always there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.base.phrases import Phrase
from ui.kit.icons import draw_icon
from ui.kit.language import Words, say
from ui.kit.paint import box, cap_width, hairline, key_cap, painter_on, width_of, write_line, write_lines
from ui.kit.piece import CENTRE, Piece, Said
from ui.kit.theme import theme
from ui.kit.tokens import Type

WIDTH = 96
ENTRY = 92
COMPACT_ENTRY = 68
LEAST_ENTRY = 40
CALL = 104
COMPACT_CALL = 76
_ICON = 30
_BADGE = 26
MOST = 8
"""More than eight places to go are a menu, not a rail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbench:
    """One entry of the rail."""

    key: str
    words: Words
    icon: str


WORKBENCHES = (
    Workbench(key="home", words=Phrase("Home"), icon="home"),
    Workbench(key="receive", words=Phrase("Receive"), icon="receive"),
    Workbench(key="inspect", words=Phrase("Inspect"), icon="inspect"),
    Workbench(key="batches", words=Phrase("Batches"), icon="batches"),
    Workbench(key="labels", words=Phrase("Labels"), icon="labels"),
    Workbench(key="deviate", words=Phrase("Deviate"), icon="deviate"),
    Workbench(key="trace", words=Phrase("Trace"), icon="trace"),
    Workbench(key="plant", words=Phrase("Plant"), icon="plant"),
)
"""The eight workbenches of the design, in their order."""


class Rail(Piece, QWidget):
    """Emits the key of the workbench that was asked for, or `called`."""

    opened = Signal(str)
    called = Signal()
    ground = "frame"
    least = (WIDTH, LEAST_ENTRY)

    def __init__(self, workbenches: Sequence[Workbench] = WORKBENCHES, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        if len(workbenches) > MOST:
            raise ValueError(f"{len(workbenches)} workbenches do not fit the rail; at most {MOST}")
        self._benches = tuple(workbenches)
        self._open: str | None = None
        self._counts: dict[str, tuple[int, bool]] = {}
        self._compact = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.retell()

    @property
    def open_key(self) -> str | None:
        """Which workbench is open."""
        return self._open

    def offer(self, workbenches: Sequence[Workbench]) -> None:
        """The workbenches this person may use."""
        if len(workbenches) > MOST:
            raise ValueError(f"{len(workbenches)} workbenches do not fit the rail; at most {MOST}")
        self._benches = tuple(workbenches)
        self.retell()

    def mark_open(self, key: str | None) -> None:
        """Mark where the person is."""
        self._open = key
        self.update()

    def show_count(self, key: str, count: int, *, too_long: bool = False) -> None:
        """How many wait there: grey, amber only when something waits too long, nothing for 0."""
        self._counts[key] = (count, too_long)
        self.update()

    def set_compact(self, compact: bool) -> None:
        """The 1280 × 800 measures."""
        self._compact = compact
        self.update()

    def retell(self) -> None:
        self._texts = [say(bench.words) for bench in self._benches]
        self._call = say(Phrase("Call"))
        self.restyle()

    def restyle(self) -> None:
        self.setFixedWidth(theme.px(WIDTH))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(WIDTH), theme.px(ENTRY) * len(self._benches) + theme.px(CALL))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(WIDTH), theme.px(LEAST_ENTRY) * len(self._benches) + theme.px(COMPACT_CALL))

    def _entry(self) -> int:
        """Height of an entry: as the frame wants it, lower where a low or scaled glass has no room, at last without icons."""
        room = self.height() - theme.px(COMPACT_CALL)
        for high in (COMPACT_ENTRY,) if self._compact else (ENTRY, COMPACT_ENTRY):
            if theme.px(high) * len(self._benches) + theme.px(CALL if high == ENTRY else COMPACT_CALL) <= self.height():
                return high
        return max(LEAST_ENTRY, min(COMPACT_ENTRY - 1, int(room / theme.factor / max(1, len(self._benches)) - 1)))

    @property
    def _tight(self) -> bool:
        return self._entry() <= COMPACT_ENTRY

    @property
    def _shows_icons(self) -> bool:
        return self._entry() >= COMPACT_ENTRY

    def room(self, n: int) -> QRectF:
        """Where the n-th workbench stands, from 0."""
        high = theme.px(self._entry())
        return QRectF(0, n * high, self.width(), high)

    def call_room(self) -> QRectF:
        """Where the call for help stands."""
        high = theme.px(COMPACT_CALL if self._tight else CALL)
        return QRectF(0, self.height() - high, self.width(), high)

    def _word_room(self, room: QRectF) -> QRectF:
        top = room.top() + theme.px(34 if self._tight else 49)
        if room.height() < theme.px(COMPACT_ENTRY):
            top = room.center().y() - theme.line(Type.TEXT) / 2
        return QRectF(room.left(), top, room.width(), theme.line(Type.TEXT))

    def said(self) -> list[Said]:
        lines = []
        for n, (bench, text) in enumerate(zip(self._benches, self._texts, strict=True)):
            here = bench.key == self._open
            side = theme.px(5)
            room = self._word_room(self.room(n)).adjusted(side, 0, -side, 0)
            ink, ground = ("ink", "canvas") if here else ("ink2", "frame")
            lines.append(Said(text=text, room=room, bold=here, ink=ink, ground=ground, align=CENTRE))
        lines.append(Said(text=self._call, room=self._call_word(), ink="ink", ground="frame"))
        return lines

    def _call_word(self) -> QRectF:
        word = width_of(self._call)
        whole = word + theme.px(8) + cap_width("F9")
        room = self._word_room(self.call_room())
        left = (self.width() - whole) / 2
        return QRectF(left, room.top() + theme.px(4), word + 1, room.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        painter.fillRect(self.rect(), theme.color.frame)
        for n, bench in enumerate(self._benches):
            room = self.room(n)
            here = bench.key == self._open
            if here:
                painter.fillRect(room, theme.color.canvas)
                painter.fillRect(QRectF(room.left(), room.top(), theme.px(6), room.height()), theme.color.ink)
            side = theme.px(_ICON)
            top = room.top() + theme.px(6 if self._tight else 16)
            if self._shows_icons:
                draw_icon(painter, bench.icon, QRectF((self.width() - side) // 2, top, side, side), "ink" if here else "ink2")
            self._draw_count(painter, bench.key, room)
        self._draw_call(painter)
        write_lines(painter, self.said())
        if self._open is None:
            hairline(painter, QPointF(self.width() - 1, 0), QPointF(self.width() - 1, self.height()))

    def _draw_count(self, painter: QPainter, key: str, room: QRectF) -> None:
        count, too_long = self._counts.get(key, (0, False))
        if not count:
            return
        text = str(count) if count < 100 else "99+"
        side = theme.px(_BADGE)
        wide = max(side, width_of(text, Type.TEXT, True) + theme.px(10))
        rect = QRectF(room.right() - theme.px(8) - wide, room.top() + theme.px(4 if self._tight else 8), wide, side)
        fill, ink = ("attfill", "atton") if too_long else ("ink2", "entry")
        box(painter, rect, fill=theme.token(fill), radius=3)
        write_line(painter, Said(text=text, room=rect, bold=True, ink=ink, align=CENTRE))

    def _draw_call(self, painter: QPainter) -> None:
        room = self.call_room()
        hairline(painter, QPointF(0, room.top()), QPointF(self.width(), room.top()))
        side = theme.px(_ICON)
        top = room.top() + theme.px(9 if self._tight else 20)
        draw_icon(painter, "call", QRectF((self.width() - side) // 2, top, side, side), "ink")
        word = self._call_word()
        key_cap(painter, word.right() + theme.px(7), word.center().y(), "F9", ink="ink", border="edge")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        if self.call_room().contains(event.position()):
            self.called.emit()
            return
        for n, bench in enumerate(self._benches):
            if self.room(n).contains(event.position()):
                self.opened.emit(bench.key)
