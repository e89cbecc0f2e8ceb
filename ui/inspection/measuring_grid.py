"""Characteristics × samples: every value over its tolerance band, five samples at a time, all of them in the strip at the right.

Source: design/face.md §7 (3 Measure), §6 (tolerance bar, run strip); pictures 3-measure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QVariantAnimation, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.base.measurement import Quantity, Verdict
from app.base.phrases import Phrase, group_thousands
from app.inspection.queries import CharacteristicRow
from ui.inspection.cursor import SUBGROUP, Place, pages
from ui.inspection.words import limits_words
from ui.kit import (
    CENTRE,
    BarSize,
    Piece,
    Said,
    State,
    Type,
    Words,
    box,
    draw_run_strip,
    draw_state,
    draw_tolerance_bar,
    hairline,
    painter_on,
    say,
    theme,
    width_of,
    write_lines,
)
from ui.kit.run_strip import HEIGHT as STRIP_HEIGHT
from ui.kit.run_strip import WIDTH as STRIP_WIDTH

HEAD = 40
ROW, LEAST_ROW = 76, 70
CELL, COMPACT_CELL = 116, 97
LEAST_NAMES = 214
STRIP_ROOM = STRIP_WIDTH + 2 * 18
STRIP_FROM = 1080
"""Narrower than this the strips move to the chart behind its key."""
FADE_MS = 300
_TEXT_LEFT, _CIRCLE, _WAITS = 66, 36, 22
_TAG, _TAG_PAD, _SLIM = 26, 9, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class GridRow:
    """One characteristic with the values it has so far, by sample number."""

    characteristic: CharacteristicRow
    gauge: str
    """Code of the gauge that is used for it here; empty while none is known."""
    values: Mapping[int, Decimal]
    typed: frozenset[int] = frozenset()
    """Samples whose value a person typed: they say so for good."""


class MeasuringGrid(Piece, QWidget):
    """Paints everything itself: a lot of 20 samples × 5 characteristics is one widget, not a hundred. A click moves the focus."""

    pointed = Signal(object)
    """`Place`: a cell was pressed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[GridRow, ...] = ()
        self._samples = 0
        self._focus: Place | None = None
        self._live: Decimal | None = None
        self._coming: Mapping[Place, Decimal] = {}
        self._drafts: Mapping[Place, Words] = {}
        self._page = 0
        self._flashed: Place | None = None
        self._fade = QVariantAnimation(self)
        self._fade.setStartValue(1.0)
        self._fade.setEndValue(0.0)
        self._fade.setDuration(FADE_MS)
        self._fade.valueChanged.connect(lambda _: self.update())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def show_grid(
        self,
        rows: Sequence[GridRow],
        *,
        samples: int,
        focus: Place | None,
        page: int,
        live: Decimal | None,
        coming: Mapping[Place, Decimal],
        drafts: Mapping[Place, Words],
    ) -> None:
        """Everything that stands in the grid.

        Args:
            rows: All characteristics, in the order of the plan.
            samples: How many samples the plan asks for.
            focus: The cell that waits; ``None`` when the inspection is complete.
            page: Which subgroup stands, from 0.
            live: The value that would be taken into the focused cell.
            coming: Values that are being stored or wait, or were typed and are not verified, by their cell.
            drafts: Those among them that wait for the database or for their author, with the author's name.
        """
        self._rows, self._samples, self._focus, self._page, self._live = tuple(rows), samples, focus, page, live
        self._coming, self._drafts = coming, drafts
        self.setMaximumHeight(theme.px(HEAD) + max(1, len(self._rows)) * theme.px(ROW))
        self.updateGeometry()
        self.update()

    def flash(self, place: Place) -> None:
        """A value was just taken: its ground goes back to rest in 300 ms."""
        self._flashed = place
        if not theme.reduced_motion:
            self._fade.stop()
            self._fade.start()

    def retell(self) -> None:
        self.update()

    def restyle(self) -> None:
        self.setMaximumHeight(theme.px(HEAD) + max(1, len(self._rows)) * theme.px(ROW))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(900), theme.px(HEAD) + max(1, len(self._rows)) * theme.px(ROW))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(LEAST_NAMES) + theme.px(COMPACT_CELL), theme.px(HEAD) + theme.px(LEAST_ROW))

    # where things stand -----------------------------------------------------------------------------------------------------------

    @property
    def _fits(self) -> int:
        """How many rows stand at once; the rest follows the focus."""
        return max(1, min(len(self._rows), (self.height() - theme.px(HEAD)) // theme.px(LEAST_ROW)))

    def standing(self) -> range:
        """Which rows stand now, from 0."""
        first = (self._focus.row // self._fits) * self._fits if self._focus is not None else 0
        return range(first, min(first + self._fits, len(self._rows)))

    def page_samples(self) -> range:
        """The sample numbers that stand now: the subgroup, or as much of it around the focus as a sheet leaves room for."""
        if not self._samples:
            return range(0)
        page = pages(self._samples)[self._page]
        fit = max(1, min(len(page), (self.width() - theme.px(LEAST_NAMES)) // self._cell_width()))
        here = self._focus.sample if self._focus is not None and self._focus.sample in page else page.start
        first = min(max(page.start, here - fit + 1), page.stop - fit)
        return range(first, first + fit)

    @property
    def has_strips(self) -> bool:
        return self.width() >= theme.px(STRIP_FROM)

    def _cell_width(self) -> int:
        return theme.px(CELL if self.has_strips else COMPACT_CELL)

    def _first_column(self) -> int:
        strips = theme.px(STRIP_ROOM) if self.has_strips else 0
        cells = SUBGROUP if self.has_strips or len(self.page_samples()) == SUBGROUP else len(self.page_samples())
        return max(theme.px(LEAST_NAMES), self.width() - strips - cells * self._cell_width())

    def _row_room(self, row: int) -> QRectF:
        high = min(theme.px(ROW), (self.height() - theme.px(HEAD)) / self._fits)
        return QRectF(0, theme.px(HEAD) + (row - self.standing().start) * high, self.width(), high)

    def cell_room(self, place: Place) -> QRectF:
        """Where a cell of this page stands, in the widget's pixels."""
        row, wide = self._row_room(place.row), self._cell_width()
        n = place.sample - self.page_samples().start
        return QRectF(self._first_column() + n * wide, row.top(), wide, row.height())

    # what is said -----------------------------------------------------------------------------------------------------------------

    def said(self) -> list[Said]:
        lines = self._head_lines()
        for row in self.standing():
            lines += self._name_lines(row)
            for sample in self.page_samples():
                lines += self._value_lines(Place(row, sample))
        return lines

    def _head_lines(self) -> list[Said]:
        high, first, wide = theme.px(HEAD), self._first_column(), self._cell_width()
        standing, everything = self.standing(), len(self._rows)
        words = Phrase("characteristic • limits • gauge") if self.has_strips else Phrase("samples")
        if len(standing) < everything:
            words = Phrase("characteristics {first}–{last} of {all}", first=standing.start + 1, last=standing.stop, all=everything)
        lines = [Said(text=say(words), room=QRectF(theme.px(16), 0, first - theme.px(16), high), ink="ink2", elides=True)]
        for n, sample in enumerate(self.page_samples()):
            here = self._focus is not None and self._focus.sample == sample
            room = QRectF(first + n * wide, 0, wide, high)
            lines.append(Said(text=str(sample), room=room, bold=here, ink="ink" if here else "ink2", align=CENTRE))
        if self.has_strips:
            left = first + 5 * wide + theme.px(18)
            room = QRectF(left, 0, theme.px(STRIP_WIDTH), high)
            lines.append(Said(text=say(Phrase("all {n} samples", n=self._samples)), room=room, ink="ink2"))
        return lines

    def _name_lines(self, row: int) -> list[Said]:
        room, one = self._row_room(row), self._rows[row]
        left, line = theme.px(_TEXT_LEFT), theme.line(Type.TEXT)
        wide = self._first_column() - left - theme.px(8)
        top = room.center().y() - line
        here = self._focus is not None and self._focus.row == row
        number = QRectF(theme.px(16), room.top(), theme.px(_CIRCLE), room.height())
        ink, ground = ("acton", "actfill") if here else ("ink", None)
        limits = say(limits_words(one.characteristic.limits, one.characteristic.decimals))
        longer = f"{limits} • {one.gauge}" if one.gauge else limits
        second = longer if width_of(longer) <= wide else limits
        return [
            Said(text=str(one.characteristic.no), room=number, bold=True, ink=ink, ground=ground, align=CENTRE),
            Said(text=say(one.characteristic.name), room=QRectF(left, top, wide, line), bold=True, elides=True),
            Said(text=second, room=QRectF(left, top + line, wide, line), ink="ink2", elides=True),
        ]

    def value_at(self, place: Place) -> Decimal | None:
        """The value of a cell: on record, being stored, or live in the focused one."""
        taken = self._rows[place.row].values.get(place.sample, self._coming.get(place))
        return self._live if taken is None and place == self._focus else taken

    def is_coming(self, place: Place) -> bool:
        """Whether its value is being stored."""
        return place in self._coming and place.sample not in self._rows[place.row].values

    def is_typed(self, place: Place) -> bool:
        """Whether a person typed the value on record."""
        return place.sample in self._rows[place.row].typed

    def is_draft(self, place: Place) -> bool:
        """Whether its value waits for the database or for its author."""
        return place in self._drafts and place.sample not in self._rows[place.row].values

    def _tag_room(self, place: Place) -> QRectF:
        room, word = self.cell_room(place), say(Phrase("typed"))
        wide, high = width_of(word) + theme.px(2 * _TAG_PAD), theme.px(_TAG)
        return QRectF(room.center().x() - wide / 2, room.top() + (room.height() - theme.px(64)) / 2 + theme.px(64 - _TAG), wide, high)

    def _is_outside(self, place: Place) -> bool:
        value, limits = self.value_at(place), self._rows[place.row].characteristic.limits
        return value is not None and limits.judge(Quantity(value, limits.unit)) is not Verdict.CONFORMS

    def _value_lines(self, place: Place) -> list[Said]:
        value = self.value_at(place)
        if value is None:
            return []
        room = self.cell_room(place)
        line = QRectF(room.left(), room.top() + (room.height() - theme.px(64)) / 2, room.width(), theme.line(Type.VALUE))
        here, outside = place == self._focus, self._is_outside(place)
        rest = "ink2" if self.is_coming(place) else "ink"
        ink = "stop" if outside else "act" if here and rest == "ink" and place.sample not in self._rows[place.row].values else rest
        ground = "entry" if here else "stopwash" if outside else None
        text = group_thousands(value)
        typed = self.is_typed(place)
        kind = Type.VALUE if width_of(text, Type.VALUE) <= room.width() - 4 and not typed else Type.TEXT
        if typed:
            line.setHeight(theme.line(Type.TEXT) - theme.px(2))
        value_line = Said(text=text, room=line, kind=kind, ink=ink, ground=ground, align=CENTRE)
        if typed:
            return [value_line, Said(text=say(Phrase("typed")), room=self._tag_room(place), ink="att", ground="attwash", align=CENTRE)]
        if self.is_draft(place):
            below = QRectF(room.left() + theme.px(8), line.bottom(), room.width() - theme.px(16), theme.line(Type.TEXT))
            return [value_line, Said(text=say(self._drafts[place]), room=below, ink="ink2", ground=ground, align=CENTRE, elides=True)]
        return [value_line]

    # painting ---------------------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        first, wide = self._first_column(), self._cell_width()
        for row in self.standing():
            room = self._row_room(row)
            hairline(painter, room.topLeft(), room.topRight())
            self._draw_number(painter, row, room)
            for sample in self.page_samples():
                self._draw_ground(painter, Place(row, sample))
        bottom = self._row_room(self.standing().stop - 1).bottom() if self._rows else 0
        for n in range(len(self.page_samples()) + (1 if self.has_strips else 0)):
            hairline(painter, QPointF(first + n * wide, theme.px(HEAD)), QPointF(first + n * wide, bottom))
        for row in self.standing():
            for sample in self.page_samples():
                self._draw_bar(painter, Place(row, sample))
            if self.has_strips:
                self._draw_strip(painter, row)
        self._draw_focus(painter)
        write_lines(painter, self.said())

    def _draw_number(self, painter: QPainter, row: int, room: QRectF) -> None:
        here = self._focus is not None and self._focus.row == row
        if here:
            painter.fillRect(QRectF(0, room.top(), theme.px(6), room.height()), theme.color.actfill)
        reach = theme.px(_CIRCLE) / 2 - 1
        middle = QPointF(theme.px(16) + theme.px(_CIRCLE) / 2, room.center().y())
        painter.setPen(QPen(theme.color.actfill if here else theme.color.ink2, theme.px(2)))
        painter.setBrush(theme.color.actfill if here else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(middle, reach, reach)

    def _draw_ground(self, painter: QPainter, place: Place) -> None:
        room = self.cell_room(place)
        if place == self._focus:
            painter.fillRect(room, theme.color.entry)
        elif self._is_outside(place):
            painter.fillRect(room, theme.color.stopwash)
        elif place == self._flashed and self._fade.state() == QVariantAnimation.State.Running:
            wash = QColor(theme.color.actwash)
            wash.setAlphaF(float(self._fade.currentValue()))
            painter.fillRect(room, wash)

    def _draw_bar(self, painter: QPainter, place: Place) -> None:
        room, value = self.cell_room(place), self.value_at(place)
        wide, high = min(theme.px(BarSize.CELL.width), room.width() - theme.px(16)), theme.px(BarSize.CELL.height)
        top = room.top() + (room.height() - theme.px(64)) / 2 + theme.px(40)
        if self.is_draft(place):  # dashed, the author named in the place of the bar
            inset = theme.px(5)
            box(painter, room.adjusted(inset, inset, -inset, -inset), border=theme.color.ink2, width=2, dashed=True)
            return
        if self.is_coming(place):  # the shape that waits, until the record proves the value
            side = theme.px(_WAITS)
            draw_state(painter, State.WAITING, QRectF(room.center().x() - side / 2, top + (high - side) / 2, side, side))
            return
        if self.is_typed(place):  # value, a slim bar, and the tag that stays for good
            top, high = room.top() + (room.height() - theme.px(64)) / 2 + theme.px(26), theme.px(_SLIM)
            box(painter, self._tag_room(place), fill=theme.color.attwash, border=theme.color.attfill, radius=3)
        rect = QRectF(room.center().x() - wide / 2, top, wide, high)
        draw_tolerance_bar(painter, rect, self._rows[place.row].characteristic.limits, value)
        if value is None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color.ink2)
            painter.drawEllipse(QPointF(room.center().x(), room.top() + (room.height() - theme.px(64)) / 2 + theme.px(18)), 2.5, 2.5)

    def _draw_strip(self, painter: QPainter, row: int) -> None:
        room, one = self._row_room(row), self._rows[row]
        left = self._first_column() + 5 * self._cell_width() + theme.px(18)
        rect = QRectF(left, room.center().y() - theme.px(STRIP_HEIGHT) / 2, theme.px(STRIP_WIDTH), theme.px(STRIP_HEIGHT))
        coming = self._focus.sample - 1 if self._focus is not None and self._focus.row == row else None
        values = [one.values.get(sample) for sample in range(1, self._samples + 1)]
        draw_run_strip(painter, rect, one.characteristic.limits, values, coming=coming)

    def _draw_focus(self, painter: QPainter) -> None:
        focus = self._focus
        if focus is not None and focus.sample in self.page_samples() and focus.row in self.standing():
            box(painter, self.cell_room(focus), border=theme.color.actfill, width=3)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for row in self.standing():
            for sample in self.page_samples():
                if self.cell_room(Place(row, sample)).contains(event.position()):
                    self.pointed.emit(Place(row, sample))
