"""The next band: what to do, in one sentence. The bar at its left is blue, or vermillion after a refusal."""

from __future__ import annotations

import re

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from ui.kit.badge import Badge
from ui.kit.language import Words, say
from ui.kit.paint import hairline, painter_on, width_of, write_line, write_lines
from ui.kit.piece import CENTRE, LEFT, Piece, Said
from ui.kit.shapes import State
from ui.kit.text import Run, Runs
from ui.kit.theme import theme
from ui.kit.tokens import Type

HEIGHT = 104
COMPACT_HEIGHT = 84
_BAR = 12
_NUMBERED = re.compile(r"\((\d{1,2})\)")
"""``(2)`` in the sentence becomes the blue circle with the number of the characteristic or mark it speaks of."""


_WORDS = re.compile(r"[\u3400-\u9fff][，。：；！？、）]*|[^\s\u3400-\u9fff]+\s*|\s+")
"""Where a long sentence may break: after a word, or after a Chinese character with its punctuation."""


class NextBand(Piece, QWidget):
    """One sentence of 38 px (30 in the compact frame), a context line above, a badge or counter at the right."""

    ground = "entry"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context: Words = ""
        self._sentence: Words = ""
        self._compact = False
        self._bar = "actfill"
        self._texts = ("", "")
        self.badge = Badge(State.PASS, "")
        self.counter = Runs()
        self._right = QHBoxLayout(self)
        self._right.addStretch(1)
        self._right.addWidget(self.counter)
        self._right.addWidget(self.badge)
        self.badge.hide()
        self.counter.hide()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.restyle()

    def tell(self, sentence: Words, context: Words = "", *, trouble: bool = False) -> None:
        """Say what is next.

        Args:
            sentence: One sentence; ``(2)`` in it is drawn as a numbered circle.
            context: Where we are: order, line, step.
            trouble: The last act was refused; the bar is vermillion until the next good one.
        """
        said = (sentence, context, "stopfill" if trouble else "actfill")
        if said != (self._sentence, self._context, self._bar):
            self._sentence, self._context, self._bar = said
            self.retell()

    def show_badge(self, state: State | None, words: Words | None = None) -> None:
        """The state of what stands on the screen, at the right; ``None`` takes it away."""
        self.badge.setVisible(state is not None)
        if state is not None:
            self.badge.show_state(state, words)

    def show_counter(self, *runs: Run) -> None:
        """A count at the right, e.g. ``Run("15", kind=VERDICT, bold=False), Run("of 40 trays", ink="ink2")``; none takes it away."""
        self.counter.setVisible(bool(runs))
        self.counter.tell(*runs)

    def set_compact(self, compact: bool) -> None:
        """The 1280 × 800 measures."""
        self._compact = compact
        self.restyle()

    def retell(self) -> None:
        self._texts = (say(self._context), say(self._sentence))
        self.setAccessibleName(self._texts[1])
        self.restyle()

    def restyle(self) -> None:
        self._right.setContentsMargins(0, 0, theme.px(16 if self._compact else 24), 0)
        self._right.setSpacing(theme.px(16))
        self.setFixedHeight(self.sizeHint().height())
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(600), theme.px(COMPACT_HEIGHT if self._compact else HEIGHT))

    @property
    def _kind(self) -> Type:
        return Type.TITLE if self._compact else Type.NEXT

    def _parts(self) -> list[tuple[str, bool]]:
        """The sentence cut at its numbers: text and whether it is a number in a circle."""
        pieces = _NUMBERED.split(self._texts[1])
        return [(piece.strip() if n % 2 == 0 else piece, n % 2 == 1) for n, piece in enumerate(pieces) if piece.strip()]

    def _circle(self) -> int:
        return theme.px(36 if self._compact else 44)

    def said(self) -> list[Said]:
        left: float = theme.px(32)
        end = self.width() - theme.px(24)
        for widget in (self.counter, self.badge):
            if widget.isVisibleTo(self):
                end = min(end, widget.geometry().left() - theme.px(24))
        if left + self._wide() > end:
            return self._two_lines(left, end)
        context, line = theme.line(Type.TEXT), theme.line(self._kind)
        top = (self.height() - context - line) / 2
        lines = [Said(text=self._texts[0], room=QRectF(left, top, end - left, context), ink="ink2", elides=True)]
        for text, numbered in self._parts():
            wide = self._circle() if numbered else width_of(text, self._kind)
            room = QRectF(left, top + context, min(wide + 1, end - left), line)
            if numbered:
                lines.append(Said(text=text, room=room, kind=Type.VALUE, bold=True, ink="acton", ground="actfill", align=CENTRE))
            else:
                lines.append(Said(text=text, room=room, kind=self._kind))
            left += wide + theme.px(16)
        return lines

    def _wide(self) -> float:
        """Width of the sentence on one line."""
        parts = self._parts()
        words = sum(self._circle() if numbered else width_of(text, self._kind) for text, numbered in parts)
        return words + theme.px(16) * max(0, len(parts) - 1)

    def _two_lines(self, left: float, end: float) -> list[Said]:
        """A sentence too long for one line takes the place of the context line; it is never made smaller or cut."""
        line = theme.line(self._kind)
        top = (self.height() - 2 * line) / 2
        rows: list[Said] = []
        at = left
        for text, numbered in self._parts():
            for word in [text] if numbered else _WORDS.findall(text):
                wide = self._circle() if numbered else width_of(word.rstrip(), self._kind)
                if at > left and at + wide > end:
                    at, top = left, top + line
                kind, ink, ground = (Type.VALUE, "acton", "actfill") if numbered else (self._kind, "ink", None)
                room = QRectF(at, top, wide + (0 if numbered else 1), line)
                align = CENTRE if numbered else LEFT
                rows.append(Said(text=word.rstrip(), room=room, kind=kind, bold=True, ink=ink, ground=ground, align=align))
                at += self._circle() if numbered else width_of(word, self._kind)
            at += theme.px(16)
        return rows

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        painter.fillRect(self.rect(), theme.color.entry)
        painter.fillRect(0, 0, theme.px(_BAR), self.height(), theme.token(self._bar))
        hairline(painter, QPointF(theme.px(_BAR), self.height() - 1), QPointF(self.width(), self.height() - 1))
        lines = self.said()
        for said in lines:
            if said.ground == "actfill":
                self._draw_number(painter, said)
        write_lines(painter, [said for said in lines if said.ground != "actfill"])

    def _draw_number(self, painter: QPainter, said: Said) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color.actfill)
        painter.drawEllipse(said.room.center(), self._circle() / 2, self._circle() / 2)
        write_line(painter, said)
