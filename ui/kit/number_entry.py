"""A number written by a hand, large enough for gloves and 2 m: its unit, its limits drawn while it is typed, and what they say of it.

Refuses what is no decimal in a sentence and never rounds. A value beyond its limits is no refusal: the caller decides what follows.
"""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.base.measurement import Limits, Quantity, Verdict
from app.base.phrases import Phrase
from ui.kit.language import Words, say
from ui.kit.limit_figures import limit_figures
from ui.kit.line_edit import LineEdit
from ui.kit.paint import box, painter_on, width_of, write_lines
from ui.kit.piece import LEFT, RIGHT, Piece, Said
from ui.kit.shapes import State, draw_state
from ui.kit.text import break_lines
from ui.kit.theme import theme
from ui.kit.tokens import Type
from ui.kit.tolerance_bar import BarSize, draw_tolerance_bar
from ui.kit.typed_number import LONGEST, TypedNumber, read_number

BOX = 88
_PAD, _GAP, _SHAPE = 16, 8, 26
_FLAT_BAR = 28


class NumberEntry(Piece, QWidget):
    """`changed` carries the `Decimal`, or ``None`` while there is none. Enter stays the primary's: it asks `check`."""

    changed = Signal(object)
    least = (0, BOX)

    def __init__(
        self,
        label: Words,
        *,
        unit: str,
        places: int | None,
        limits: Limits | None,
        soft: Limits | None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._refusal: Phrase | None = None
        self._flat = False
        self._typed = TypedNumber(None, None)
        self.edit = LineEdit(self)
        self.edit.plain_keys = True
        self.edit.setFrame(False)
        self.edit.setMaxLength(LONGEST)
        self.edit.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.edit.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)  # no keyboard of the system, no candidates
        self.edit.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.edit.textChanged.connect(self._read)
        self.edit.installEventFilter(self)
        self.setFocusProxy(self.edit)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.ask(label, unit=unit, places=places, limits=limits, soft=soft)

    def ask(self, label: Words, *, unit: str, places: int | None, limits: Limits | None, soft: Limits | None) -> None:
        """Ask for a value; what was written is gone.

        Args:
            label: What is asked for.
            unit: Unit of the value and of its limits; empty for a bare number.
            places: Most digits after the point; ``None``: as many as are written.
            limits: Hard limits; ``None``: none, and no bar.
            soft: Alert limits inside the hard ones.

        Raises:
            ValueError: limits of another unit, alert limits without hard ones or outside them.
        """
        for one in (limits, soft):
            if one is not None and one.unit != unit:
                raise ValueError(f"limits are in {one.unit}, the value is in {unit}")
        if soft is not None:
            if limits is None:
                raise ValueError("alert limits stand inside hard ones, there are none")
            for edge in (soft.lower, soft.upper):
                if edge is not None and limits.judge(Quantity(edge, unit)) is not Verdict.CONFORMS:
                    raise ValueError(f"alert limit {edge} lies outside the hard ones")
        self._label, self._unit, self._places, self._limits, self._soft = label, unit, places, limits, soft
        self.edit.clear()
        self._refusal = None
        self.retell()

    # what was written -------------------------------------------------------------------------------------------------------------

    @property
    def text(self) -> str:
        """What stands in it, number or not."""
        return self.edit.text()

    @property
    def value(self) -> Decimal | None:
        """The exact decimal that stands in it."""
        return self._typed.value

    @property
    def refusal(self) -> Phrase | None:
        """Why what stands in it is not taken."""
        return self._refusal

    @property
    def standing(self) -> State | None:
        """What the limits say of the value: pass, attention beyond an alert limit, fail beyond a hard one; ``None`` without either."""
        if self.value is None or self._limits is None:
            return None
        measured = Quantity(self.value, self._unit)
        if self._limits.judge(measured) is not Verdict.CONFORMS:
            return State.FAIL
        alerts = self._soft is not None and self._soft.judge(measured) is not Verdict.CONFORMS
        return State.ATTENTION if alerts else State.PASS

    def check(self) -> Decimal | None:
        """The value to be given; without one, the reason stands below from now on."""
        if self.value is None and self._refusal is None:
            self.refuse(Phrase("Not taken: no number is written yet. Write digits with a point, such as 12.50."))
        return self.value if self._refusal is None else None

    def refuse(self, reason: Phrase) -> None:
        """Not taken: say why, until something else is written."""
        self._refusal = reason
        self.restyle()

    def set_text(self, text: str) -> None:
        """Put a draft back in."""
        self.edit.setText(text)

    def write(self, text: str) -> None:
        """What a key of the pad writes where the caret stands."""
        self.edit.insert(text)

    def erase(self) -> None:
        """The character before the caret goes."""
        self.edit.backspace()

    def turn_sign(self) -> None:
        """Plus becomes minus and back."""
        at, text = self.edit.cursorPosition(), self.edit.text()
        self.edit.setText(text[1:] if text.startswith("-") else f"-{text.removeprefix('+')}")
        self.edit.setCursorPosition(at + len(self.edit.text()) - len(text))

    def _read(self) -> None:
        before = self._typed
        self._typed = read_number(self.edit.text(), places=self._places)
        self._refusal = self._typed.refusal
        self.restyle()
        if self._typed.value != before.value or str(self._typed.value) != str(before.value):
            self.changed.emit(self._typed.value)

    # shape ------------------------------------------------------------------------------------------------------------------------

    def set_flat(self, flat: bool) -> None:
        """A lower bar where the room is short."""
        if flat != self._flat:
            self._flat = flat
            self.restyle()

    def retell(self) -> None:
        self.edit.setAccessibleName(f"{say(self._label)} {self._unit}".strip())
        self.restyle()

    def restyle(self) -> None:
        self.edit.setFont(theme.font(Type.VERDICT, bold=False))
        palette, role = QPalette(self.edit.palette()), QPalette.ColorRole
        colours = theme.color
        for target, colour in (
            (role.Base, colours.entry),
            (role.Text, colours.ink),
            (role.Highlight, colours.actfill),
            (role.HighlightedText, colours.acton),
        ):
            palette.setColor(target, colour)
        self.edit.setPalette(palette)
        self.edit.setAccessibleDescription(" ".join(self._verdict_lines()))
        self.setFixedHeight(self.sizeHint().height())
        self._place()
        self.update()

    def _box(self) -> QRectF:
        return QRectF(0, theme.line(Type.TEXT) + theme.px(_GAP), self.width(), theme.px(BOX))

    def _bar(self) -> QRectF:
        return QRectF(0, self._box().bottom() + theme.px(12), self.width(), theme.px(_FLAT_BAR if self._flat else BarSize.LIVE.height))

    def _below(self) -> float:
        """Where the words below begin."""
        if self._limits is None:
            return self._box().bottom() + theme.px(_GAP)
        return self._bar().bottom() + theme.px(4) + theme.line(Type.TEXT) + theme.px(_GAP)

    def _verdict_lines(self) -> list[str]:
        words = self._refusal if self._refusal is not None else self._verdict_words()
        wide = max(self.width() - theme.px(_SHAPE + _GAP), theme.px(120))
        return break_lines(say(words), wide, Type.TEXT, self._state is not State.PASS) if words is not None else []

    @property
    def _state(self) -> State | None:
        return State.FAIL if self._refusal is not None else self.standing

    def _verdict_words(self) -> Phrase | None:
        state, value = self.standing, self.value
        if state is None or value is None or self._limits is None:
            return None
        if state is State.PASS:
            return Phrase("inside")
        limits = self._limits if state is State.FAIL else self._soft or self._limits
        low = limits.judge(Quantity(value, self._unit)) is Verdict.TOO_LOW
        limit = Quantity((limits.lower if low else limits.upper) or Decimal(0), self._unit)
        if state is State.ATTENTION:
            below, above = Phrase("below the alert limit of {limit}", limit=limit), Phrase("above the alert limit of {limit}", limit=limit)
        else:
            below, above = Phrase("below the limit of {limit}", limit=limit), Phrase("above the limit of {limit}", limit=limit)
        return below if low else above

    def sizeHint(self) -> QSize:
        return QSize(theme.px(BarSize.LIVE.width), round(self._below()) + theme.line(Type.TEXT) * max(1, len(self._verdict_lines())))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(280), self.sizeHint().height())

    def _unit_width(self) -> float:
        return width_of(self._unit, Type.VALUE) + theme.px(12) if self._unit else 0.0

    def _place(self) -> None:
        room = self._box().adjusted(theme.px(_PAD), theme.px(4), -theme.px(_PAD) - self._unit_width(), -theme.px(4))
        if self._refusal is not None:
            room.setLeft(room.left() + theme.px(_SHAPE) + theme.px(_GAP))
        self.edit.setGeometry(room.toRect())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setFixedHeight(self.sizeHint().height())
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().eventFilter(watched, event)

    # painting ---------------------------------------------------------------------------------------------------------------------

    def said(self) -> list[Said]:
        box_, line = self._box(), theme.line(Type.TEXT)
        lines = [Said(text=say(self._label), room=QRectF(0, 0, self.width(), line), ink="ink2")]
        if self._unit:
            room = box_.adjusted(0, 0, -theme.px(_PAD), 0)
            lines.append(Said(text=self._unit, room=room, kind=Type.VALUE, ink="ink2", ground="entry", align=RIGHT))
        if self._limits is not None:
            lines += limit_figures(self._limits, self._soft, self._bar(), BarSize.LIVE, top=self._bar().bottom() + theme.px(4))
        state, top = self._state, self._below()
        for n, text in enumerate(self._verdict_lines()):
            room = QRectF(theme.px(_SHAPE + _GAP), top + n * line, self.width() - theme.px(_SHAPE + _GAP), line)
            ink = state.ink if state is not None else "ink2"
            lines.append(Said(text=text, room=room, bold=state is not State.PASS, ink=ink, align=LEFT))
        return lines

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        self._draw_box(painter)
        if self._limits is not None:
            draw_tolerance_bar(painter, self._bar(), self._limits, self.value, size=BarSize.LIVE, soft=self._soft)
        side = theme.px(_SHAPE)
        if self._state is not None:
            draw_state(painter, self._state, QRectF(0, self._below() + (theme.line(Type.TEXT) - side) / 2, side, side))
        write_lines(painter, self.said())

    def _draw_box(self, painter: QPainter) -> None:
        rect, colours, focused = self._box(), theme.color, self.edit.hasFocus()
        refused = self._refusal is not None
        border = colours.stopfill if refused else colours.actfill if focused else colours.edge
        box(painter, rect, fill=colours.entry, border=border, width=3 if focused else 2 if refused else 1)
        if refused:
            side = theme.px(_SHAPE)
            draw_state(painter, State.FAIL, QRectF(rect.left() + theme.px(_PAD), rect.center().y() - side / 2, side, side))
