"""The way to the verdict: one cell per count of defects from 0 to the rejection number, and the sampling plan beside it."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.base.phrases import Phrase
from ui.kit.language import Words, say
from ui.kit.paint import box, painter_on, width_of, write_line, write_lines
from ui.kit.piece import CENTRE, LEFT, RIGHT, Piece, Said
from ui.kit.theme import theme
from ui.kit.tokens import Type

HEIGHT = 64
MOST_CELLS = 5


class VerdictLadder(Piece, QWidget):
    """Past grey, now filled (amber when one more decides), Re in vermillion. Over five cells it becomes a bar with Ac and Re."""

    def __init__(self, accept: int, reject: int, found: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._accept, self._reject, self._found = accept, reject, found
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.retell()

    def show_count(self, found: int, accept: int | None = None, reject: int | None = None) -> None:
        """Defects found so far, and another plan when it changed."""
        self._found = found
        self._accept = self._accept if accept is None else accept
        self._reject = self._reject if reject is None else reject
        self.retell()

    @property
    def is_bar(self) -> bool:
        """Whether there are too many counts for cells."""
        return self._reject + 1 > MOST_CELLS

    @property
    def one_more_decides(self) -> bool:
        """Whether the next defect rejects."""
        return self._found == self._reject - 1

    def retell(self) -> None:
        self._words = (say(Phrase("accept")), say(Phrase("now")), say(Phrase("reject")))
        self.restyle()

    def restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        cell = max(width_of(f"{self._words[2]} · Re {self._reject}"), width_of(f"{self._words[1]} · Ac {self._accept}")) + theme.px(24)
        return QSize(ceil(cell) * (3 if self.is_bar else self._reject + 1), theme.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _cell(self, count: int) -> QRectF:
        wide = self.width() / (self._reject + 1)
        return QRectF(round(count * wide), 0, round((count + 1) * wide) - round(count * wide), self.height())

    def _inks(self, count: int) -> tuple[str | None, str]:
        here = count == self._found or (count == self._reject and self._found > self._reject)
        if here and count >= self._reject:
            return "stopfill", "stopon"
        if here:
            return ("attfill", "atton") if self.one_more_decides and count else ("ink", "entry")
        return ("entry", "stop") if count == self._reject else ("track" if count < self._found else "entry", "ink2")

    def said(self) -> list[Said]:
        return self._bar_lines() if self.is_bar else self._cell_lines()

    def _cell_lines(self) -> list[Said]:
        lines = []
        half = self.height() / 2
        for count in range(self._reject + 1):
            room, (ground, ink) = self._cell(count), self._inks(count)
            words = [self._words[1]] if count == self._found else []
            if count == self._accept:
                words.append(f"Ac {count}")
            elif count == self._reject:
                words = [*(words or [self._words[2]]), f"Re {count}"]
            elif not words:
                words = [self._words[0]]
            upper = QRectF(room.left(), theme.px(4), room.width(), half - theme.px(2))
            lower = QRectF(room.left(), half, room.width(), half - theme.px(4))
            lines.append(Said(text=str(count), room=upper, kind=Type.VALUE, bold=True, ink=ink, ground=ground, align=CENTRE))
            lines.append(Said(text=" · ".join(words), room=lower, ink=ink, ground=ground, align=CENTRE))
        return lines

    def _bar_lines(self) -> list[Said]:
        low = QRectF(0, theme.px(32), self.width(), theme.px(32))
        ink = "stop" if self._found >= self._reject else "ink"
        return [
            Said(text=f"{self._words[1]} {self._found}", room=low, bold=True, ink=ink, align=LEFT),
            Said(text=f"Ac {self._accept} · Re {self._reject}", room=low, ink="ink2", align=RIGHT),
        ]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        if self.is_bar:
            self._draw_bar(painter)
        else:
            for count in range(self._reject + 1):
                ground, _ = self._inks(count)
                if ground is not None:
                    painter.fillRect(self._cell(count), theme.token(ground))
                if count:
                    painter.fillRect(QRectF(self._cell(count).left(), 0, 1, self.height()), theme.color.edge)
            box(painter, QRectF(self.rect()), border=theme.color.edge)
        write_lines(painter, self.said())

    def _draw_bar(self, painter: QPainter) -> None:
        rect = QRectF(0, theme.px(6), self.width(), theme.px(20))
        painter.fillRect(rect, theme.color.track)
        unit = rect.width() / (self._reject + 1)
        token = "stopfill" if self._found >= self._reject else "attfill" if self.one_more_decides else "band"
        painter.fillRect(QRectF(0, rect.top(), min(self._found, self._reject + 1) * unit, rect.height()), theme.token(token))
        for count, ink in ((self._accept, "ink"), (self._reject, "stop")):
            painter.fillRect(QRectF(count * unit, 0, theme.px(2), theme.px(32)), theme.token(ink))


class PlanCells(Piece, QWidget):
    """Name above value in touching cells: lot, level, letter, n, Ac, Re. One of them may stand on ink."""

    def __init__(self, cells: Sequence[tuple[Words, Words]], marked: int | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cells, self._marked = tuple(cells), marked
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.retell()

    def show_cells(self, cells: Sequence[tuple[Words, Words]], marked: int | None = None) -> None:
        """Another plan."""
        self._cells, self._marked = tuple(cells), marked
        self.retell()

    def retell(self) -> None:
        self._texts = [(say(name), say(value)) for name, value in self._cells]
        self.restyle()

    def restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def _widths(self) -> list[float]:
        return [max(width_of(name), width_of(value, Type.VALUE, True)) + 2 * theme.px(13) for name, value in self._texts]

    def sizeHint(self) -> QSize:
        return QSize(ceil(sum(self._widths())), theme.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _rooms(self) -> list[QRectF]:
        widths = self._widths()
        spare = (self.width() - sum(widths)) / max(1, len(widths))
        rooms, left = [], 0.0
        for wide in widths:
            rooms.append(QRectF(round(left), 0, round(left + wide + spare) - round(left), self.height()))
            left += wide + spare
        return rooms

    def said(self) -> list[Said]:
        lines, half = [], self.height() / 2
        for n, (room, (name, value)) in enumerate(zip(self._rooms(), self._texts, strict=True)):
            ground = "ink" if n == self._marked else None
            second, first = ("entry", "entry") if n == self._marked else ("ink2", "ink")
            upper = QRectF(room.left(), theme.px(4), room.width(), half - theme.px(4))
            lower = QRectF(room.left(), half - theme.px(2), room.width(), half)
            lines.append(Said(text=name, room=upper, ink=second, ground=ground, align=CENTRE))
            lines.append(Said(text=value, room=lower, kind=Type.VALUE, bold=True, ink=first, ground=ground, align=CENTRE))
        return lines

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        box(painter, QRectF(self.rect()), border=theme.color.line, radius=0)
        for n, room in enumerate(self._rooms()):
            if n == self._marked:
                painter.fillRect(room, theme.color.ink)
            elif n:
                painter.fillRect(QRectF(room.left(), 0, 1, room.height()), theme.color.line)
        for said in self.said():
            write_line(painter, said)
