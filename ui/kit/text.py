"""Text that knows both languages: a label, and a line of several inks and weights."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent, QResizeEvent, QTextLayout
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.kit.language import Words, say
from ui.kit.paint import baseline_shift, painter_on, width_of, write_lines
from ui.kit.piece import CENTRE, LEFT, RIGHT, Piece, Said
from ui.kit.theme import theme
from ui.kit.tokens import Type


def break_lines(text: str, width: float, kind: Type, bold: bool | None = None) -> list[str]:
    """Break a sentence into lines no wider than `width`; Chinese breaks between characters, never before its punctuation."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        layout = QTextLayout(paragraph, theme.font(kind, bold))
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            lines.append(paragraph[line.textStart() : line.textStart() + line.textLength()].rstrip())
        layout.endLayout()
        if not paragraph:
            lines.append("")
    return lines


class Label(Piece, QWidget):
    """One text of one style. Without `wrap` or `elide` it asks for its whole width and is never shortened."""

    def __init__(
        self,
        words: Words = "",
        kind: Type = Type.TEXT,
        *,
        bold: bool | None = None,
        ink: str = "ink",
        align: Qt.AlignmentFlag = LEFT,
        wrap: bool = False,
        elide: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._words: Words = words
        self._kind, self._bold, self._ink, self._align = kind, bold, ink, align
        self._wrap, self._elide = wrap, elide
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed if not wrap else QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(wrap)
        self.setSizePolicy(policy)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.retell()

    @property
    def words(self) -> Words:
        """What it was told to say."""
        return self._words

    @property
    def text(self) -> str:
        """What it says now, in the reader's language."""
        return self._text

    def tell(self, words: Words) -> None:
        """Say something else."""
        if words != self._words:
            self._words = words
            self.retell()

    def set_ink(self, ink: str) -> None:
        """Another ink: a token name."""
        if ink != self._ink:
            self._ink = ink
            self.update()

    def set_bold(self, bold: bool | None) -> None:
        """Bold or regular; never for a figure that changes."""
        if bold != self._bold:
            self._bold = bold
            self.restyle()

    def retell(self) -> None:
        self._text = say(self._words)
        self.setAccessibleName(self._text)
        self.restyle()

    def restyle(self) -> None:
        if self._wrap and self.minimumHeight():  # other words or letters need another height at the width it has
            self.setMinimumHeight(self.heightForWidth(self.width()))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        lines = self._text.split("\n")
        wide = ceil(max(width_of(line, self._kind, self._bold) for line in lines))
        return QSize(min(wide, theme.px(720)) if self._wrap else wide, theme.line(self._kind) * len(lines))

    def minimumSizeHint(self) -> QSize:
        if self._wrap:
            return QSize(theme.px(80), theme.line(self._kind))
        return QSize(theme.px(48), theme.line(self._kind)) if self._elide else self.sizeHint()

    def heightForWidth(self, width: int) -> int:
        if not self._wrap:
            return self.sizeHint().height()
        return theme.line(self._kind) * len(break_lines(self._text, width, self._kind, self._bold))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._wrap:
            needed = self.heightForWidth(self.width())
            if self.minimumHeight() != needed:
                self.setMinimumHeight(needed)

    def said(self) -> list[Said]:
        lines = break_lines(self._text, self.width(), self._kind, self._bold) if self._wrap else self._text.split("\n")
        step = theme.line(self._kind)
        top = (self.height() - step * len(lines)) / 2 if not self._wrap else 0.0
        return [
            Said(
                text=line,
                room=QRectF(0, top + n * step, self.width(), step),
                kind=self._kind,
                bold=self._bold,
                ink=self._ink,
                align=self._align,
                elides=self._elide,
            )
            for n, line in enumerate(lines)
        ]

    def paintEvent(self, event: QPaintEvent) -> None:
        write_lines(painter_on(self), self.said())


@dataclass(frozen=True, slots=True)
class Run:
    """A part of a line: its words, weight, ink and size."""

    words: Words
    bold: bool | None = None
    ink: str = "ink"
    kind: Type = Type.TEXT
    struck: bool = False


class Runs(Piece, QWidget):
    """One line of several parts on one baseline: ``signs here: **Tom Becker**, line supervisor``; ``9 120 of 24 000 pouches``."""

    def __init__(self, *runs: Run, align: Qt.AlignmentFlag = LEFT, gap: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs = runs
        self._align = align
        self._gap = gap
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.retell()

    def tell(self, *runs: Run) -> None:
        """Say something else."""
        if runs != self._runs:
            self._runs = runs
            self.retell()

    def retell(self) -> None:
        self._texts = [say(run.words) for run in self._runs]
        self.setAccessibleName("".join(self._texts))
        self.restyle()

    def restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def _widths(self) -> list[float]:
        return [width_of(text, run.kind, run.bold) for text, run in zip(self._texts, self._runs, strict=True)]

    def sizeHint(self) -> QSize:
        tallest = max((theme.line(run.kind) for run in self._runs), default=theme.line(Type.TEXT))
        gaps = theme.px(self._gap) * max(0, len(self._runs) - 1)
        return QSize(ceil(sum(self._widths())) + gaps, tallest)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def said(self) -> list[Said]:
        widths = self._widths()
        hint = self.sizeHint()
        left = 0.0
        if self._align & RIGHT:
            left = self.width() - hint.width()
        elif self._align & CENTRE:
            left = (self.width() - hint.width()) / 2
        largest = max((run.kind for run in self._runs), key=lambda kind: kind.px, default=Type.TEXT)
        lines = []
        for text, run, wide in zip(self._texts, self._runs, widths, strict=True):
            room = QRectF(left, baseline_shift((largest, None), (run.kind, run.bold)), wide, self.height())
            lines.append(Said(text=text, room=room, kind=run.kind, bold=run.bold, ink=run.ink, struck=run.struck))
            left += wide + theme.px(self._gap)
        return lines

    def paintEvent(self, event: QPaintEvent) -> None:
        write_lines(painter_on(self), self.said())
