"""A field: what is written or read by a device, with everything that can be true of it at once visible.

Rest, focus, refused with the reason below, device (no caret, gauge named), typed for good, corrected (old value struck
through), read only, draft with its author. Source: design/face.md §6 Field.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from app.base.phrases import Phrase
from ui.kit.language import Words, say
from ui.kit.line_edit import LineEdit
from ui.kit.paint import box, painter_on, width_of, write_lines
from ui.kit.piece import LEFT, RIGHT, Piece, Said
from ui.kit.shapes import State, draw_state
from ui.kit.text import break_lines
from ui.kit.theme import theme
from ui.kit.tokens import CONTROL_HEIGHT, Type

_PAD = 16
_LABEL_GAP = 8
_REASON_GAP = 4
_SHAPE = 26
_TAG_PAD = 9


class Field(Piece, QWidget):
    """Label above, 56 px box, reason below while it is refused."""

    edited = Signal(str)
    entered = Signal()
    least = (0, CONTROL_HEIGHT)

    def __init__(self, label: Words, *, text: str = "", align: Qt.AlignmentFlag = LEFT, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label, self._align = label, align
        self._refusal: Words | None = None
        self._device: Words | None = None
        self._old: str | None = None
        self._author: Words | None = None
        self._typed = self._read_only = False
        self.edit = LineEdit(text, self)
        self.edit.setFrame(False)
        self.edit.setAlignment(align | Qt.AlignmentFlag.AlignVCenter)
        self.edit.textEdited.connect(self.edited)
        self.edit.returnPressed.connect(self.entered)
        self.edit.installEventFilter(self)
        self.setFocusProxy(self.edit)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizePolicy(policy)
        self.retell()

    @property
    def text(self) -> str:
        """What stands in it."""
        return self.edit.text()

    def set_text(self, text: str) -> None:
        """Put a value in; `edited` is not emitted."""
        self.edit.setText(text)
        self.update()

    def refuse(self, reason: Words) -> None:
        """Not taken: say why, below the box, until `accept`."""
        self._refusal = reason
        self._settle()

    def accept(self) -> None:
        """Nothing is wrong with it any more."""
        self._refusal = None
        self._settle()

    def read_from(self, device: Words | None) -> None:
        """A device writes here: its name stands in the field and there is no caret. ``None``: a person writes again."""
        self._device = device
        self._settle()

    def mark_typed(self) -> None:
        """A person typed what a device should have sent; the tag stays for good."""
        self._typed, self._device = True, None
        self._settle()

    def correct(self, old: str) -> None:
        """The value is a correction: the first one stays visible, struck through."""
        self._old = old
        self._settle()

    def set_read_only(self, read_only: bool) -> None:
        """Only to be read: no border, no ground."""
        self._read_only = read_only
        self._settle()

    def keep_to_plain_keys(self) -> None:
        """Codes, addresses and figures are written here, never words of a language: no input method comes between."""
        self.edit.setInputMethodHints(Qt.InputMethodHint.ImhLatinOnly | Qt.InputMethodHint.ImhNoPredictiveText)
        self.edit.plain_keys = True

    def mark_draft(self, author: Words | None) -> None:
        """Kept, not yet given: dashed, with who wrote it."""
        self._author = author
        self._settle()

    @property
    def _plain(self) -> bool:
        """Whether the value is only painted (no caret): device and read-only fields."""
        return self._read_only or self._device is not None

    def _settle(self) -> None:
        self.edit.setVisible(not self._plain)
        self._place()
        self.restyle()

    def retell(self) -> None:
        self.edit.setAccessibleName(say(self._label))
        self.restyle()

    def restyle(self) -> None:
        self.edit.setFont(theme.font(Type.TEXT))
        palette = QPalette(self.edit.palette())
        palette.setColor(QPalette.ColorRole.Base, theme.color.entry)
        palette.setColor(QPalette.ColorRole.Text, theme.color.ink)
        palette.setColor(QPalette.ColorRole.Highlight, theme.color.actfill)
        palette.setColor(QPalette.ColorRole.HighlightedText, theme.color.acton)
        self.edit.setPalette(palette)
        self.setFixedHeight(self.sizeHint().height())
        self._place()
        self.update()

    def _box(self) -> QRectF:
        top = theme.line(Type.TEXT) + theme.px(_LABEL_GAP)
        return QRectF(0, top, self.width(), theme.px(CONTROL_HEIGHT))

    def _reasons(self) -> list[str]:
        return break_lines(say(self._refusal), max(self.width(), theme.px(120)), Type.TEXT) if self._refusal is not None else []

    def sizeHint(self) -> QSize:
        high = theme.line(Type.TEXT) + theme.px(_LABEL_GAP) + theme.px(CONTROL_HEIGHT)
        if self._refusal is not None:
            high += theme.px(_REASON_GAP) + theme.line(Type.TEXT) * len(self._reasons())
        return QSize(theme.px(320), high)

    def minimumSizeHint(self) -> QSize:
        return QSize(max(theme.px(160), round(width_of(say(self._label)))), self.sizeHint().height())

    def _lead(self) -> Said | None:
        """What stands before the value: gauge, typed tag, old value."""
        box_ = self._box()
        if self._typed:
            word = say(Phrase("typed"))
            room = QRectF(box_.left() + theme.px(_PAD), box_.top() + theme.px(14), width_of(word) + 2 * theme.px(_TAG_PAD), theme.px(28))
            return Said(text=word, room=room, ink="att", ground="attwash", align=Qt.AlignmentFlag.AlignHCenter)
        text = say(self._device) if self._device is not None else self._old
        if text is None:
            return None
        left = box_.left() + theme.px(_PAD)
        room = QRectF(left, box_.top(), width_of(text) + 1, box_.height())
        return Said(text=text, room=room, ink="ink2", ground="entry", struck=self._device is None)

    def _tail(self) -> Said | None:
        if self._author is None:
            return None
        text = say(Phrase("draft, {author}", author=self._author))
        box_ = self._box()
        wide = width_of(text) + 1
        room = QRectF(box_.right() - theme.px(_PAD) - wide, box_.top(), wide, box_.height())
        return Said(text=text, room=room, ink="ink2", ground="entry")

    def _value_room(self) -> QRectF:
        room = self._box().adjusted(theme.px(_PAD) if not self._read_only else 0, 0, -theme.px(_PAD), 0)
        lead, tail = self._lead(), self._tail()
        if lead is not None:
            room.setLeft(lead.room.right() + theme.px(12))
        if tail is not None:
            room.setRight(tail.room.left() - theme.px(12))
        if self._refusal is not None:
            room.setRight(room.right() - theme.px(_SHAPE) - theme.px(4))
        return room

    def _place(self) -> None:
        room = self._value_room()
        # QLineEdit keeps 2 px of its own at both ends; 3 px above and below leave the focus border free.
        self.edit.setGeometry(room.adjusted(-2, theme.px(4), 2, -theme.px(4)).toRect())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._refusal is not None:
            self.setFixedHeight(self.sizeHint().height())
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().eventFilter(watched, event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def said(self) -> list[Said]:
        lines = [Said(text=say(self._label), room=QRectF(0, 0, self.width(), theme.line(Type.TEXT)), ink="ink2")]
        lines += [part for part in (self._lead(), self._tail()) if part is not None]
        if self._plain:
            ground = None if self._read_only else "entry"
            align = RIGHT if self._align & RIGHT or self._device is not None else LEFT
            lines.append(Said(text=self.text, room=self._value_room(), align=align, ground=ground))
        top = self._box().bottom() + theme.px(_REASON_GAP)
        step = theme.line(Type.TEXT)
        for n, line in enumerate(self._reasons()):
            lines.append(Said(text=line, room=QRectF(0, top + n * step, self.width(), step), ink="stop"))
        return lines

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        if not self._read_only:
            self._draw_box(painter)
        write_lines(painter, self.said())

    def _draw_box(self, painter: QPainter) -> None:
        rect, colours = self._box(), theme.color
        if self._refusal is not None:
            border, width = colours.stopfill, 3 if self.edit.hasFocus() else 2
        elif self.edit.hasFocus() and not self._plain:
            border, width = colours.actfill, 3
        else:
            border, width = colours.edge, 1
        box(painter, rect, fill=colours.entry, border=border, width=width, dashed=self._author is not None and not self.edit.hasFocus())
        if self._device is not None:
            painter.fillRect(QRectF(rect.left(), rect.top(), theme.px(6), rect.height()), colours.ink2)
        lead = self._lead()
        if self._typed and lead is not None:
            box(painter, lead.room, fill=colours.attwash, border=colours.attfill, radius=3)
        if self._refusal is not None:
            side = theme.px(_SHAPE)
            at = QRectF(rect.right() - theme.px(_PAD) - side, rect.center().y() - side / 2, side, side)
            draw_state(painter, State.FAIL, at)


class PasswordField(Field):
    """Dots of the font, never the letters; no copy, no drag, nothing kept by the system."""

    def __init__(self, label: Words, parent: QWidget | None = None) -> None:
        super().__init__(label, parent=parent)
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.edit.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.keep_to_plain_keys()
        self.edit.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)

    def restyle(self) -> None:
        # The bullet our font holds can only be asked for by style sheet, and a style sheet hides the palette: it names the colours too.
        colours = theme.color
        look = f"background: {colours.entry.name()}; color: {colours.ink.name()}; selection-background-color: {colours.actfill.name()};"
        self.edit.setStyleSheet(f"QLineEdit {{ lineedit-password-character: 8226; {look} }}")
        super().restyle()

    def clear(self) -> None:
        """Forget what was typed: after every attempt, right or wrong."""
        self.edit.clear()
