"""A value with its history: what stood before is struck through in front of it, what was typed says so, a draft names its author.

Source: design/face.md §6 Field; 21 CFR 11.10(e): a change must not obscure what was recorded before. One drawing for the widget,
for rows and for table cells.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.base.phrases import Phrase
from ui.kit.language import Words, say
from ui.kit.paint import baseline_shift, box, painter_on, width_of, write_lines
from ui.kit.piece import CENTRE, LEFT, RIGHT, Piece, Said
from ui.kit.theme import theme
from ui.kit.tokens import CAP_HEIGHT, CONTROL_HEIGHT, Type

ARROW = "→"
_GAP, _PAD, _TAG_PAD = 8, 16, 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A value as the record holds it."""

    now: Words
    before: tuple[Words, ...] = ()
    """Every value it had, oldest first; they stay visible."""
    typed: bool = False
    """A person typed what a device should have sent."""
    draft_by: Words | None = None
    """Kept, not yet given: who entered it."""


def recorded_said(
    recorded: Recorded, room: QRectF, *, kind: Type = Type.TEXT, align: Qt.AlignmentFlag = LEFT, ground: str | None = None
) -> list[Said]:
    """Every part of the value where it stands in its room: tag, old values with arrows, value, author.

    Where the room is too narrow for all old values, the first one stays and … stands for those between; the value itself is never
    shortened.
    """
    parts = _parts(recorded, kind)
    if len(recorded.before) > 1 and _width(parts) > room.width():
        parts = _parts(replace(recorded, before=(recorded.before[0], "…")), kind)
    left = max(room.left(), room.right() - _width(parts)) if align & RIGHT else room.left()
    lines = []
    for part in parts:
        sink = 0.0 if part.ground == "attwash" else baseline_shift((kind, None), (part.kind, part.bold))
        here = part.room.translated(left, room.center().y() - part.room.height() / 2 + sink)
        lines.append(replace(part, room=here, ground=part.ground or ground))
        left += part.room.width() + theme.px(_GAP)
    return lines


def recorded_width(recorded: Recorded, kind: Type = Type.TEXT) -> int:
    """Pixels it takes with all its old values."""
    return ceil(_width(_parts(recorded, kind)))


def draw_recorded(painter: QPainter, lines: list[Said]) -> None:
    """The ground of the typed tag; the lines themselves are written by whoever holds them."""
    for said in lines:
        if said.ground == "attwash":
            box(painter, said.room, fill=theme.color.attwash, border=theme.color.attfill, radius=3)


def _width(parts: list[Said]) -> float:
    return sum(part.room.width() for part in parts) + theme.px(_GAP) * max(0, len(parts) - 1)


def _parts(recorded: Recorded, kind: Type) -> list[Said]:
    """The parts in their order, each with its size at 0, 0."""
    parts = []
    if recorded.typed:
        word = say(Phrase("typed"))
        tag = QRectF(0, 0, width_of(word) + 2 * theme.px(_TAG_PAD), theme.px(CAP_HEIGHT))
        parts.append(Said(text=word, room=tag, ink="att", ground="attwash", align=CENTRE))
    for old in recorded.before:
        parts.append(_part(say(old), kind, ink="ink2", struck=say(old) != "…"))
        parts.append(_part(ARROW, kind, ink="ink2"))
    parts.append(_part(say(recorded.now), kind, bold=True if recorded.before else None))
    if recorded.draft_by is not None:
        parts.append(_part(say(Phrase("draft, {author}", author=recorded.draft_by)), Type.TEXT, ink="ink2"))
    return parts


def _part(text: str, kind: Type, *, bold: bool | None = None, ink: str = "ink", struck: bool = False) -> Said:
    room = QRectF(0, 0, width_of(text, kind, bold) + 1, theme.line(kind))
    return Said(text=text, room=room, kind=kind, bold=bold, ink=ink, struck=struck)


class StruckValue(Piece, QWidget):
    """The value standing alone; a draft has a dashed border and nothing else has one."""

    def __init__(
        self, recorded: Recorded, kind: Type = Type.VALUE, *, align: Qt.AlignmentFlag = LEFT, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._recorded, self._kind, self._align = recorded, kind, align
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.retell()

    @property
    def recorded(self) -> Recorded:
        """What it shows."""
        return self._recorded

    def show_value(self, recorded: Recorded) -> None:
        """Another value, or the same one corrected."""
        if recorded != self._recorded:
            self._recorded = recorded
            self.retell()

    def retell(self) -> None:
        """A screen reader hears that old values are old."""
        now = say(self._recorded.now)
        if self._recorded.before:
            old = ", ".join(say(one) for one in self._recorded.before)
            now = say(Phrase("{now}, corrected from {old}", now=now, old=old))
        words = [say(Phrase("typed"))] if self._recorded.typed else []
        if self._recorded.draft_by is not None:
            words.append(say(Phrase("draft, {author}", author=self._recorded.draft_by)))
        self.setAccessibleName(", ".join([now, *words]))
        self.restyle()

    def restyle(self) -> None:
        self.updateGeometry()
        self.update()

    @property
    def _pad(self) -> int:
        return theme.px(_PAD) if self._recorded.draft_by is not None else 0

    def sizeHint(self) -> QSize:
        high = theme.px(CONTROL_HEIGHT) if self._recorded.draft_by is not None else theme.line(self._kind)
        return QSize(recorded_width(self._recorded, self._kind) + 2 * self._pad, max(high, theme.px(CAP_HEIGHT)))

    def minimumSizeHint(self) -> QSize:
        shortest = replace(self._recorded, before=(self._recorded.before[0], "…")) if len(self._recorded.before) > 2 else self._recorded
        return QSize(recorded_width(shortest, self._kind) + 2 * self._pad, self.sizeHint().height())

    def said(self) -> list[Said]:
        room = QRectF(self.rect()).adjusted(self._pad, 0, -self._pad, 0)
        ground = "entry" if self._recorded.draft_by is not None else None
        return recorded_said(self._recorded, room, kind=self._kind, align=self._align, ground=ground)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        if self._recorded.draft_by is not None:
            box(painter, QRectF(self.rect()), fill=theme.color.entry, border=theme.color.edge, dashed=True)
        lines = self.said()
        draw_recorded(painter, lines)
        write_lines(painter, lines)
