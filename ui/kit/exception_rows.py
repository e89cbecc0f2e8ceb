"""Review by exception: what is out of order in rows of one kind, numbered by the key that opens each; the rest is one grey line.

Source: design/face.md §7 (6 Release); picture 6-release.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from app.base.measurement import Limits
from app.base.phrases import Phrase
from ui.kit.language import Words, say
from ui.kit.paged_rows import PAD, PagedRows
from ui.kit.paint import box, cap_width, hairline, key_cap, width_of
from ui.kit.piece import RIGHT, Said
from ui.kit.shapes import State, draw_state
from ui.kit.struck_value import Recorded, draw_recorded, recorded_said
from ui.kit.theme import theme
from ui.kit.tokens import CONTROL_HEIGHT, Type
from ui.kit.tolerance_bar import BarSize, draw_tolerance_bar

HEAD = 52
WAITING_ROW, DECIDED_ROW, LEAST_ROW = 94, 82, 68
WIDE_FROM = 820
"""Narrower than this the owner stands behind the reason, and the evidence in the line of both, below the title."""
_LEFT, _SHAPE, _GAP = 70, 30, 16
_TALLY_SHAPE, _TALLY_LEFT = 22, 16 + 22 + 8
_EVIDENCE, _NARROW_EVIDENCE, _OWNER = 160, 130, 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A value against its limits, drawn and not written."""

    limits: Limits
    value: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionLine:
    """One thing out of order."""

    key: str
    state: State
    kind: Words
    """What kind of exception: a typed value, a late entry, a deviation's number."""
    what: Words
    """What it concerns."""
    reason: Words
    evidence: Words | Recorded | Measured = ""
    owner: Words = ""
    outcome: Words = ""
    """What was decided; at the right end of a row that needs nobody any more."""
    act: Words | None = None
    """Word of its button while a person must decide it; ``None``: decided."""


class ExceptionRows(PagedRows):
    """Digits 1–9 open the undecided rows that stand; decided ones stay listed, quiet, and open by a press or Space."""

    in_order_asked = Signal()
    ground = "surface"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[ExceptionLine, ...] = ()
        self._in_order = 0

    def show_exceptions(self, rows: Sequence[ExceptionLine], *, in_order: int) -> None:
        """All exceptions, undecided first as the caller orders them, and how many entries need no look."""
        self._rows, self._in_order = tuple(rows), in_order
        self._show_keys([row.key for row in rows])

    def numbered(self) -> list[int]:
        """Undecided rows that stand, in the order of their digits 1–9."""
        return [n for n in self.standing() if self._rows[n].act is not None][:9]

    def press(self, key: int) -> bool:
        digit, numbered = key - Qt.Key.Key_1, self.numbered()
        if 0 <= digit < len(numbered):
            self._open(numbered[digit])
            return True
        return super().press(key)

    def head(self) -> int:
        return theme.px(HEAD)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(1000), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(480), super().minimumSizeHint().height())

    def row_height(self, n: int) -> int:
        full = sum(theme.px(self._full(row)) for row in self._rows) <= self.height() - self.head()
        return theme.px(self._full(self._rows[n]) if full else LEAST_ROW)

    @staticmethod
    def _full(row: ExceptionLine) -> int:
        return DECIDED_ROW if row.act is None else WAITING_ROW

    # where the columns stand ------------------------------------------------------------------------------------------------------

    @property
    def _is_wide(self) -> bool:
        return self.width() >= theme.px(WIDE_FROM)

    def _button_width(self, row: ExceptionLine) -> float:
        return width_of(say(row.act)) + cap_width("9") + theme.px(12) + 2 * theme.px(14) if row.act is not None else 0.0

    def _end_width(self) -> float:
        """The last column is as wide as its widest button or outcome on the page."""
        rows = [self._rows[n] for n in self.standing()]
        return max((width for row in rows for width in (self._button_width(row), width_of(say(row.outcome)) + 1)), default=0.0)

    def _owner_width(self) -> float:
        return max([theme.px(_OWNER), *(width_of(say(self._rows[n].owner)) + 1 for n in self.standing())]) if self._is_wide else 0.0

    def _spans(self) -> tuple[QRectF, QRectF, QRectF, QRectF]:
        """Left and width of words, owner, end and evidence; heights are the row's."""
        gap, end = theme.px(_GAP), self.width() - theme.px(PAD)
        last = QRectF(end - self._end_width(), 0, self._end_width(), 0)
        owner_wide = self._owner_width()
        owner = QRectF(last.left() - gap - owner_wide, 0, owner_wide, 0) if owner_wide else QRectF(last.left(), 0, 0, 0)
        wide = theme.px(_EVIDENCE if self._is_wide else _NARROW_EVIDENCE)
        evidence = QRectF(owner.left() - gap - wide, 0, wide, 0)
        return QRectF(theme.px(_LEFT), 0, evidence.left() - gap - theme.px(_LEFT), 0), owner, last, evidence

    def _evidence_room(self, room: QRectF) -> QRectF:
        """A column of its own, or the end of the second line."""
        span, line = self._spans()[3], theme.line(Type.TEXT)
        if self._is_wide:
            return QRectF(span.left(), room.top(), span.width(), room.height())
        return QRectF(span.left(), room.center().y(), span.width(), line)

    def _ground(self, n: int) -> str | None:
        row = self._rows[n]
        if n == self._at:
            return "entry"
        return row.state.wash if row.act is not None and row.state.is_trouble else None

    # painting ---------------------------------------------------------------------------------------------------------------------

    def row_lines(self, n: int, room: QRectF) -> list[Said]:
        row, ground, line = self._rows[n], self._ground(n), theme.line(Type.TEXT)
        words, owner, last = (QRectF(span.left(), room.top(), span.width(), room.height()) for span in self._spans()[:3])
        evidence = self._evidence_room(room)
        end = words.right() if self._is_wide else last.left() - theme.px(_GAP)
        upper = QRectF(words.left(), room.center().y() - line, end - words.left(), line)
        lower = QRectF(words.left(), upper.bottom(), words.width(), line)
        reason = say(row.reason) if self._is_wide or not row.owner else f"{say(row.reason)} • {say(row.owner)}"
        lines = [
            Said(text=f"{say(row.kind)} • {say(row.what)}", room=upper, bold=True, ground=ground, elides=True),
            Said(text=reason, room=lower, ink="ink2", ground=ground, elides=True),
            *self._evidence_lines(row, evidence, ground),
        ]
        if self._is_wide:
            lines.append(Said(text=say(row.owner), room=owner, ink="ink2", ground=ground, elides=True))
        if row.act is None:
            lines.append(Said(text=say(row.outcome), room=last, ink="ink2", ground=ground, align=RIGHT))
        else:
            button = self._button(row, room)
            lines.append(Said(text=say(row.act), room=button.adjusted(theme.px(14), 0, -theme.px(14), 0), ground="entry"))
        return lines

    def _evidence_lines(self, row: ExceptionLine, room: QRectF, ground: str | None) -> list[Said]:
        match row.evidence:
            case Measured():
                return []
            case Recorded() as recorded:
                return recorded_said(recorded, room, ground=ground)
            case words:
                wrong = row.act is not None and row.state is State.FAIL
                return [Said(text=say(words), room=room, bold=wrong, ink="stop" if wrong else "ink", ground=ground, elides=True)]

    def _button(self, row: ExceptionLine, room: QRectF) -> QRectF:
        wide, high = self._button_width(row), theme.px(CONTROL_HEIGHT)
        return QRectF(round(room.right() - theme.px(PAD) - wide), round(room.center().y() - high / 2), round(wide), high)

    def draw_row(self, painter: QPainter, n: int, room: QRectF) -> None:
        row, ground, side = self._rows[n], self._ground(n), theme.px(_SHAPE)
        if ground is not None:
            painter.fillRect(room, theme.token(ground))
            mark = "actfill" if n == self._at else row.state.border or "edge"
            painter.fillRect(QRectF(0, room.top(), theme.px(6), room.height()), theme.token(mark))
        draw_state(painter, row.state, QRectF(theme.px(_LEFT) / 2 - side / 2, room.center().y() - side / 2, side, side))
        evidence = self._evidence_room(room)
        if isinstance(row.evidence, Measured):
            high = theme.px(BarSize.CELL.height)
            bar = QRectF(evidence.left(), evidence.center().y() - high / 2, evidence.width(), high)
            draw_tolerance_bar(painter, bar, row.evidence.limits, row.evidence.value)
        elif isinstance(row.evidence, Recorded):
            draw_recorded(painter, recorded_said(row.evidence, evidence))
        if row.act is not None:
            self._draw_button(painter, n, self._button(row, room))
        hairline(painter, QPointF(0, room.bottom() - 1), QPointF(self.width(), room.bottom() - 1))

    def _draw_button(self, painter: QPainter, n: int, button: QRectF) -> None:
        box(painter, button, fill=theme.color.entry, border=theme.color.edge)
        numbered = self.numbered()
        if n in numbered:
            digit = str(numbered.index(n) + 1)
            key_cap(painter, button.right() - theme.px(14) - cap_width(digit), button.center().y(), digit, ink="ink", border="edge")

    # the grey line ----------------------------------------------------------------------------------------------------------------

    def _tallies(self) -> list[tuple[State, str, QRectF]]:
        """How many rows need nobody, attention, a decision: a cell for each that is not empty, from the right end."""
        counts = Counter(State.PASS if row.act is None else row.state for row in self._rows)
        cells, right = [], float(self.width())
        for state in (State.FAIL, State.ATTENTION, State.HOLD, State.PASS):
            if counts[state]:
                wide = theme.px(_TALLY_LEFT) + width_of(say(counts[state]), Type.TEXT, True) + theme.px(PAD)
                right -= wide + theme.px(2)
                cells.append((state, say(counts[state]), QRectF(right, 0, wide, self.head())))
        return cells

    def head_lines(self) -> list[Said]:
        cells = self._tallies()
        count = say(self._in_order)
        wide, left = width_of(count, Type.TEXT, True) + 1, theme.px(PAD)
        end = min((cell.left() for _, _, cell in cells), default=float(self.width())) - theme.px(_GAP)
        words = QRectF(left + wide + theme.px(8), 0, end - left - wide - theme.px(8), self.head())
        lines = [
            Said(text=count, room=QRectF(left, 0, wide, self.head()), bold=True, ground="track"),
            Said(text=say(Phrase("entries in order, not shown")), room=words, ink="ink2", ground="track", elides=True),
        ]
        for state, text, cell in cells:
            lines.append(Said(text=text, room=cell.adjusted(theme.px(_TALLY_LEFT), 0, 0, 0), bold=True, ground=state.wash or "track"))
        return lines

    def draw_head(self, painter: QPainter) -> None:
        painter.fillRect(QRectF(0, 0, self.width(), self.head()), theme.color.track)
        side, gap = theme.px(_TALLY_SHAPE), theme.px(2)
        for state, _, cell in self._tallies():
            painter.fillRect(QRectF(cell.left() - gap, 0, gap, cell.height()), theme.color.surface)
            if state.wash is not None:
                painter.fillRect(cell, theme.token(state.wash))
            draw_state(painter, state, QRectF(cell.left() + theme.px(PAD), (self.head() - side) / 2, side, side))
        hairline(painter, QPointF(0, self.head() - 1), QPointF(self.width(), self.head() - 1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and event.position().y() < self.head():
            self.in_order_asked.emit()
            return
        super().mousePressEvent(event)
