"""Buttons: rest, primary, destructive; pressed, in focus, busy, and not yet with its reason.

None of them reacts to Enter by itself: Enter belongs to the primary through the `ActionBar`, and a scanner's own carriage
return must never press what happens to have the focus.
"""

from __future__ import annotations

from enum import Enum
from math import ceil

from PySide6.QtCore import QElapsedTimer, QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from ui.kit.focus_ring import Ringed
from ui.kit.icons import draw_icon
from ui.kit.keys import key_name
from ui.kit.language import Words, say
from ui.kit.paint import box, cap_width, key_cap, painter_on, width_of, write_lines
from ui.kit.piece import Piece, Said
from ui.kit.text import Label
from ui.kit.theme import theme
from ui.kit.tokens import CONTROL_HEIGHT, GAP, PRIMARY_HEIGHT, PRIMARY_WIDTH, Type

BUSY_WORD_MS = 100
BUSY_BAR_MS = 1000
_FRAME_MS = 50
_ICON = 24


class Manner(Enum):
    """What kind of act the button does: ground, border and ink at rest."""

    REST = ("entry", "edge", "ink")
    PRIMARY = ("actfill", None, "acton")
    DESTRUCTIVE = ("entry", "stopfill", "stop")


class Button(Ringed, Piece, QAbstractButton):
    """A button with its icon, its words and the key that presses it."""

    reason_changed = Signal()
    least = (0, 40)

    def __init__(
        self,
        words: Words,
        *,
        icon: str | None = None,
        key: Qt.Key | None = None,
        height: int = CONTROL_HEIGHT,
        manner: Manner = Manner.REST,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._words: Words = words
        self._icon, self._key, self._height, self._manner = icon, key, height, manner
        self._busy_words: Words | None = None
        self._reason: Words | None = None
        self._since = QElapsedTimer()
        self._beat = QTimer(self)
        self._beat.timeout.connect(self._busy_goes_on)
        self._is_tight = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.retell()

    @property
    def key(self) -> Qt.Key | None:
        """The key printed in the button."""
        return self._key

    @property
    def said_text(self) -> str:
        """What stands on it now."""
        return say(self._busy_words) if self._shows_busy and self._busy_words is not None else self._text

    @property
    def reason(self) -> Words | None:
        """Why it cannot be pressed yet; ``None`` when it can."""
        return self._reason

    @property
    def is_busy(self) -> bool:
        """Whether what it started is still going on; presses do nothing meanwhile."""
        return self._busy_words is not None

    def tell(self, words: Words) -> None:
        """Another word, e.g. with the value it would take."""
        if words != self._words:
            self._words = words
            self.retell()

    def not_yet(self, reason: Words) -> None:
        """Dashed and dead until `ready`; the reason is shown at its left by the bar it stands in."""
        self._reason = reason
        self._enable()

    def ready(self) -> None:
        """It may be pressed."""
        self._reason = None
        self._enable()

    def begin_busy(self, words: Words) -> None:
        """What it started takes time: `words` say what is going on (shown after 100 ms; after 1 s a bar runs)."""
        self._busy_words = words
        self._since.start()
        self._beat.start(BUSY_WORD_MS)
        self._enable()

    def end_busy(self) -> None:
        """It is done, whatever came out of it."""
        self._busy_words = None
        self._beat.stop()
        self._enable()

    @property
    def _shows_busy(self) -> bool:
        return self.is_busy and self._since.elapsed() >= BUSY_WORD_MS

    @property
    def shows_bar(self) -> bool:
        """Whether the thin bar runs in the lower edge."""
        return self.is_busy and self._since.elapsed() >= BUSY_BAR_MS

    def _busy_goes_on(self) -> None:
        rest = BUSY_BAR_MS - self._since.elapsed()
        if rest > 0:
            self._beat.setInterval(max(1, rest))
        elif theme.reduced_motion:
            self._beat.stop()
        else:
            self._beat.setInterval(_FRAME_MS)
        self.update()

    def _enable(self) -> None:
        self.setEnabled(self._reason is None and not self.is_busy)
        self.reason_changed.emit()
        self.restyle()

    def retell(self) -> None:
        self._text = say(self._words)
        self.setAccessibleName(self._text)
        self.restyle()

    def restyle(self) -> None:
        self.updateGeometry()
        self.update()

    @property
    def _kind(self) -> Type:
        return Type.VALUE if self._manner is Manner.PRIMARY else Type.TEXT

    @property
    def _bold(self) -> bool:
        return self._manner is Manner.PRIMARY

    def set_tight(self, tight: bool) -> None:
        """Less air inside, as in the compact frame; height and words stay."""
        self._is_tight = tight
        self.restyle()

    def _gap(self) -> int:
        return theme.px(8 if self._is_tight else GAP)

    def _padding(self) -> int:
        if self._is_tight:
            return theme.px(14)
        return theme.px(20 if self._height >= PRIMARY_HEIGHT else 14 if self._height >= CONTROL_HEIGHT else 12)

    def _content_width(self, text: str) -> float:
        wide = width_of(text, self._kind, self._bold) if text else 0.0
        if self._icon is not None:
            wide += theme.px(_ICON) + (self._gap() if text else 0)
        if self._key is not None:
            wide += self._gap() + cap_width(key_name(self._key))
        return wide

    def sizeHint(self) -> QSize:
        widest = max(self._content_width(self._text), self._content_width(say(self._busy_words)) if self._busy_words is not None else 0.0)
        return QSize(ceil(widest) + 2 * self._padding(), theme.px(self._height))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _inks(self) -> tuple[str | None, str | None, str]:
        if self._reason is not None:
            return None, "edge", "ink2"
        if self.isDown():
            return "ink", None, "entry"
        ground, border, ink = self._manner.value
        return ground, border, ink

    def _lefts(self) -> tuple[float, float, float]:
        """Where icon, word and key cap begin."""
        text = self.said_text
        icon = (self.width() - self._content_width(text)) / 2
        word = icon + (theme.px(_ICON) + self._gap() if self._icon is not None else 0)
        return icon, word, word + width_of(text, self._kind, self._bold) + self._gap()

    def said(self) -> list[Said]:
        ground, _, ink = self._inks()
        _, word, cap = self._lefts()
        text = self.said_text
        end = cap - self._gap() + 1
        lines = [Said(text=text, room=QRectF(word, 0, end - word, self.height()), kind=self._kind, bold=self._bold, ink=ink, ground=ground)]
        return lines if text else []

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        ground, border, ink = self._inks()
        box(
            painter,
            QRectF(self.rect()),
            fill=theme.token(ground) if ground else None,
            border=theme.token(border) if border else None,
            dashed=self._reason is not None,
        )
        icon, _, cap = self._lefts()
        side = theme.px(_ICON)
        if self._icon is not None:
            draw_icon(painter, self._icon, QRectF(round(icon), (self.height() - side) // 2, side, side), ink)
        write_lines(painter, self.said())
        if self._key is not None:
            key_cap(painter, cap, self.height() / 2, key_name(self._key), ink=ink, border="edge" if ink in ("ink", "ink2") else ink)
        if self.shows_bar:
            self._run_bar(painter, ink)

    def _run_bar(self, painter: QPainter, ink: str) -> None:
        high = theme.px(4)
        room = self.width() - 2 * high
        part = room / 4
        at = room - part if theme.reduced_motion else (self._since.elapsed() % 1600) / 1600 * (room - part)
        painter.fillRect(QRectF(high + at, self.height() - 2 * high, part, high), theme.token(ink))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange:
            self.setCursor(Qt.CursorShape.PointingHandCursor if self.isEnabled() else Qt.CursorShape.ArrowCursor)


class PrimaryButton(Button):
    """The one thing that does it: 76 high, at least 320 wide, in the right corner of the action bar, pressed by Enter."""

    least = (PRIMARY_WIDTH, PRIMARY_HEIGHT)

    def __init__(
        self,
        words: Words,
        *,
        icon: str | None = None,
        key: Qt.Key | None = Qt.Key.Key_Return,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(words, icon=icon, key=key, height=PRIMARY_HEIGHT, manner=Manner.PRIMARY, parent=parent)

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(max(hint.width() + theme.px(24), theme.px(PRIMARY_WIDTH)), hint.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(max(super().sizeHint().width(), theme.px(PRIMARY_WIDTH)), theme.px(PRIMARY_HEIGHT))


class Destructive(Button):
    """What cannot be taken back: vermillion text and border, never with a key of Enter, never in the right corner."""

    def __init__(
        self,
        words: Words,
        *,
        icon: str | None = None,
        key: Qt.Key | None = None,
        height: int = CONTROL_HEIGHT,
        parent: QWidget | None = None,
    ) -> None:
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            raise ValueError("a destructive act is never on Enter")
        super().__init__(words, icon=icon, key=key, height=height, manner=Manner.DESTRUCTIVE, parent=parent)


class NotYet(QWidget):
    """A closed action inside a panel: the reason stands at the left of the button for as long as there is one."""

    def __init__(self, button: Button, reason: Words | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.button = button
        self._label = Label("", ink="ink2", wrap=False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(GAP))
        row.addStretch(1)
        row.addWidget(self._label)
        row.addWidget(button)
        button.reason_changed.connect(self._show_reason)
        if reason is not None:
            button.not_yet(reason)
        self._show_reason()

    def _show_reason(self) -> None:
        self._label.tell(self.button.reason or "")
        self._label.setVisible(self.button.reason is not None)
