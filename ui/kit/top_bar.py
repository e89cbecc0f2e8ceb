"""The top bar: where this is, who works here, what the function keys do, what time it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.base.phrases import Language, Name, Phrase
from ui.kit.icons import draw_icon
from ui.kit.keys import key_name
from ui.kit.language import Words, say, speech
from ui.kit.paint import box, cap_width, hairline, key_cap, painter_on, width_of, write_lines
from ui.kit.piece import CENTRE, Piece, Said
from ui.kit.theme import theme
from ui.kit.tokens import Type

HEIGHT = 64
_MARK = 96
_PAD = 16
_ICON = 24
_BADGE = 44


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stop:
    """One stretch of the bar: icon, words in their weights, key cap."""

    name: str
    icon: str | None = None
    words: Sequence[tuple[str, bool, str, Type]] = ()
    key: Qt.Key | None = None


class TopBar(Piece, QWidget):
    """Emits what was asked for; the shell routes the keys themselves."""

    find_asked = Signal()
    person_asked = Signal()
    lock_asked = Signal()
    language_asked = Signal()
    ground = "frame"
    least = (0, HEIGHT)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._station: Words = ""
        self._place: Words = ""
        self._person: Words = ""
        self._role: Words = ""
        self._clock: tuple[Words, Words] = ("", "")
        self._compact = self._practice = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.restyle()

    def show_station(self, station: Words, place: Words) -> None:
        """Code and plain words of where this screen stands."""
        self._station, self._place = station, place
        self.update()

    def show_practice(self, practice: bool) -> None:
        """The word "Practice" on amber before the station."""
        self._practice = practice
        self.update()

    def show_person(self, person: Words, role: Words) -> None:
        """Who is signed in; empty words when nobody is."""
        self._person, self._role = person, role
        self.update()

    def show_clock(self, time: Words, date: Words) -> None:
        """The official time as text, and date with zone; the caller ticks."""
        if (time, date) != self._clock:
            self._clock = (time, date)
            self.update()

    def set_compact(self, compact: bool) -> None:
        """At 1280 date and job role go."""
        self._compact = compact
        self.update()

    def retell(self) -> None:
        self.update()

    def restyle(self) -> None:
        self.setFixedHeight(theme.px(HEIGHT))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(1200), theme.px(HEIGHT))

    def _stops(self) -> list[_Stop]:
        other = "中文" if speech.language is Language.EN else "English"
        person = [(say(self._person) if self._compact else _both(self._person), True, "ink", Type.TEXT)]
        clock = [(say(self._clock[0]), False, "ink", Type.VALUE)]
        if not self._compact:
            person.append((say(self._role), False, "ink2", Type.TEXT))
            clock.append((say(self._clock[1]), False, "ink2", Type.TEXT))
        stops = [
            _Stop(name="find", icon="search", words=[(say(Phrase("Find")), False, "ink2", Type.TEXT)], key=Qt.Key.Key_F3),
            _Stop(name="person", icon="person", words=person),
            _Stop(name="lock", icon="lock", words=[(say(Phrase("Lock")), False, "ink2", Type.TEXT)], key=Qt.Key.Key_F10),
            _Stop(name="language", words=[(other, False, "ink2", Type.TEXT)], key=Qt.Key.Key_F12),
            _Stop(name="clock", words=clock),
        ]
        stops = [replace(stop, words=[word for word in stop.words if word[0]]) for stop in stops]
        return [stop for stop in stops if stop.words and (self._person or stop.name not in ("lock", "find"))]

    def _width(self, stop: _Stop) -> int:
        wide = 2.0 * theme.px(_PAD) + sum(width_of(text, kind, bold) for text, bold, _, kind in stop.words)
        wide += theme.px(10) * (len(stop.words) - 1)
        wide += theme.px(_ICON) + theme.px(8) if stop.icon else 0
        wide += theme.px(8) + cap_width(key_name(stop.key)) if stop.key else 0
        return ceil(wide)

    def _rooms(self) -> list[tuple[_Stop, QRectF]]:
        stops = self._stops()
        right = self.width() - theme.px(8)
        rooms = []
        for stop in reversed(stops):
            wide = self._width(stop)
            rooms.append((stop, QRectF(right - wide, 0, wide, self.height())))
            right -= wide
        return rooms[::-1]

    def said(self) -> list[Said]:
        rooms = self._rooms()
        lines = self._station_lines(rooms[0][1].left() if rooms else self.width())
        for stop, room in rooms:
            left = room.left() + theme.px(_PAD) + (theme.px(_ICON) + theme.px(8) if stop.icon else 0)
            for text, bold, ink, kind in stop.words:
                wide = width_of(text, kind, bold)
                lines.append(Said(text=text, room=QRectF(left, 0, wide + 1, self.height()), kind=kind, bold=bold, ink=ink))
                left += wide + theme.px(10)
        return lines

    def _station_lines(self, end: float) -> list[Said]:
        left = theme.px(_MARK) + theme.px(24)
        mark: list[Said] = []
        if self._practice:
            room = self._practice_room()
            mark.append(
                Said(text=say(Phrase("Practice")), room=room, kind=Type.VALUE, bold=True, ink="atton", ground="attfill", align=CENTRE)
            )
            left = room.right() + theme.px(16)
        station, place = say(self._station), say(self._place)
        wide = width_of(station, Type.VALUE, True)
        lines = [Said(text=station, room=QRectF(left, 0, min(wide + 1, end - left), self.height()), kind=Type.VALUE, bold=True)]
        begin = left + wide + theme.px(12)
        room = QRectF(begin, theme.px(2), max(0.0, end - begin - theme.px(12)), self.height() - theme.px(2))
        return [*mark, *lines, Said(text=place, room=room, ink="ink2", elides=True)]

    def _practice_room(self) -> QRectF:
        wide = ceil(width_of(say(Phrase("Practice")), Type.VALUE, True)) + 2 * theme.px(_PAD)
        high = theme.px(_BADGE)
        return QRectF(theme.px(_MARK), (self.height() - high) // 2, wide, high)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        painter.fillRect(self.rect(), theme.color.frame)
        side = theme.px(40)
        draw_icon(painter, "mark", QRectF((theme.px(_MARK) - side) // 2, (self.height() - side) // 2, side, side), "ink")
        icon = theme.px(_ICON)
        for stop, room in self._rooms():
            hairline(painter, QPointF(room.left(), 0), QPointF(room.left(), self.height()))
            if stop.icon:
                at = QRectF(round(room.left() + theme.px(_PAD)), (self.height() - icon) // 2, icon, icon)
                draw_icon(painter, stop.icon, at, "ink")
            if stop.key:
                name = key_name(stop.key)
                key_cap(painter, room.right() - theme.px(_PAD) - cap_width(name), self.height() / 2, name, ink="ink", border="edge")
        if self._practice:
            box(painter, self._practice_room(), fill=theme.color.attfill)
        hairline(painter, QPointF(0, self.height() - 1), QPointF(self.width(), self.height() - 1))
        write_lines(painter, self.said())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        asked = {"find": self.find_asked, "person": self.person_asked, "lock": self.lock_asked, "language": self.language_asked}
        for stop, room in self._rooms():
            if room.contains(event.position()) and stop.name in asked:
                asked[stop.name].emit()


def _both(person: Words) -> str:
    """A person in both scripts where they differ, 周敏 Zhou Min: the name on the badge is found by whoever reads it."""
    if isinstance(person, Name) and person.zh and person.zh != person.en:
        return f"{person.zh} {person.en}"
    return say(person)
