"""Which signatures a disposition needs: given ones with printed name, meaning and time with zone, missing ones with who may give them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.base.phrases import Phrase
from app.deviations.queries import DeviationFile
from ui.deviations.words import MEANING_WORDS, SIGNERS, instant
from ui.kit import Piece, Said, State, Type, Words, draw_state, hairline, painter_on, say, theme, write_lines

HEIGHT, COMPACT_HEIGHT = 76, 60


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureRow:
    """One line: a state, who or what, and what stands on record."""

    state: State
    title: Words
    line: Words


def rows_of(file: DeviationFile) -> list[SignatureRow]:
    """Every demanded signature in its order, then those over an older version: they stay visible and do not count."""
    counted = {signed.meaning: signed for signed in file.signatures if file.counts(signed)}
    rows = []
    for meaning in file.demanded:
        signed = counted.get(meaning)
        if signed is None:
            rows.append(
                SignatureRow(state=State.WAITING, title=MEANING_WORDS[meaning], line=Phrase("missing: {who} signs", who=SIGNERS[meaning]))
            )
            continue
        when = instant(signed.at, ZoneInfo(signed.zone))
        line = Phrase("{meaning} • {when} • {station}", meaning=MEANING_WORDS[meaning], when=when, station=signed.station)
        rows.append(SignatureRow(state=State.PASS, title=signed.name, line=line))
    for signed in file.signatures:
        if not file.counts(signed):
            line = Phrase("signed version {version}, which is no longer the record: does not count", version=signed.version)
            rows.append(SignatureRow(state=State.ATTENTION, title=signed.name, line=line))
    return rows


class SignatureRows(Piece, QWidget):
    """76 px each, two lines, hairlines between."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[SignatureRow, ...] = ()
        self.compact = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_rows(self, rows: Sequence[SignatureRow]) -> None:
        """Other signatures."""
        self._rows = tuple(rows)
        self.setAccessibleName("; ".join(f"{say(row.title)}: {say(row.line)}" for row in self._rows))
        self.restyle()

    def retell(self) -> None:
        self.show_rows(self._rows)

    def restyle(self) -> None:
        self.setFixedHeight(self._high * len(self._rows))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(480), self._high * len(self._rows))

    def set_compact(self, compact: bool) -> None:
        """Lower rows on a small window."""
        if compact != self.compact:
            self.compact = compact
            self.restyle()

    @property
    def _high(self) -> int:
        return theme.px(COMPACT_HEIGHT if self.compact else HEIGHT)

    def _top(self, n: int) -> int:
        return n * self._high

    def said(self) -> list[Said]:
        lines, left, line = [], theme.px(60), theme.line(Type.TEXT)
        wide = self.width() - left - theme.px(16)
        for n, row in enumerate(self._rows):
            top = self._top(n) + (self._high - 2 * line) / 2
            ink = "att" if row.state is State.ATTENTION else "ink2"
            lines.append(Said(text=say(row.title), room=QRectF(left, top, wide, line), bold=True, elides=True))
            lines.append(Said(text=say(row.line), room=QRectF(left, top + line, wide, line), ink=ink, elides=True))
        return lines

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, side = painter_on(self), theme.px(28)
        for n, row in enumerate(self._rows):
            if n:
                hairline(painter, QPointF(0, self._top(n)), QPointF(self.width(), self._top(n)))
            rect = QRectF(theme.px(16), self._top(n) + (self._high - side) / 2, side, side)
            draw_state(painter, row.state, rect)
        write_lines(painter, self.said())
