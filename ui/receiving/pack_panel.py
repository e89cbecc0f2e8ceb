"""What the pack says: one row per fact with its own check, and below them the code as the scanner sent it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.base.phrases import Phrase
from app.scanning.result import Scanned
from ui.kit import Panel, Piece, RawCode, Said, State, Type, Words, box, draw_badge, hairline, painter_on, say, theme, width_of, write_lines
from ui.kit.badge import badge_said, badge_width
from ui.kit.panel import HEADER
from ui.kit.piece import CENTRE
from ui.kit.tokens import BADGE_HEIGHT
from ui.receiving.pack import KEYBOARD
from ui.receiving.pack_check import PackRow

_SYMBOLS = {"]d2": "GS1 DataMatrix", "]C1": "GS1-128", "]Q3": "GS1 QR", "]e0": "GS1 DataBar", "]J1": "GS1 DotCode"}
"""Proper names of carriers; the same in every language."""
_NARROW = 900
"""Below this width the word of a check stands on the second line, so that the value keeps the whole first one."""
_AI_LEFT, _AI_WIDE, _AI_HIGH = 16, 52, 32


class PackRowView(Piece, QWidget):
    """One row: identifier, name, value, second line, check. Only trouble is coloured."""

    def __init__(self, row: PackRow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = row
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.retell()

    @property
    def row(self) -> PackRow:
        """What it shows."""
        return self._row

    def show_row(self, row: PackRow) -> None:
        """Another fact."""
        self._row = row
        self.retell()

    def retell(self) -> None:
        row = self._row
        self.ground = row.state.wash
        self.setAccessibleName(f"{say(row.name)}: {say(row.value)}. {say(row.second)}. {say(row.word)}")
        self.update()

    def restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(700), theme.px(120))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(480), theme.line(Type.TITLE) + theme.px(2))

    @property
    def _narrow(self) -> bool:
        return self.width() < theme.px(_NARROW)

    @property
    def _has_second(self) -> bool:
        return bool(say(self._row.second)) and self.height() >= theme.line(Type.TITLE) + theme.line(Type.TEXT) - theme.px(4)

    def _value_left(self) -> int:
        return theme.px(214 if self._narrow else 269)

    def _badge(self) -> QRectF:
        word = say(self._row.word)
        wide, high = badge_width(self._row.state, word), theme.px(BADGE_HEIGHT)
        middle = self.height() / 2
        if self._narrow and self._has_second:
            middle = self._top() + theme.line(Type.TITLE) + theme.line(Type.TEXT) / 2 - theme.px(2)
        return QRectF(self.width() - theme.px(16) - wide, middle - high / 2, wide, high)

    def _top(self) -> float:
        high = theme.line(Type.TITLE) + (theme.line(Type.TEXT) - theme.px(4) if self._has_second else 0)
        return (self.height() - high) / 2

    def said(self) -> list[Said]:
        row, ground = self._row, self.ground
        high, left, top = self.height(), self._value_left(), self._top()
        badge = self._badge()
        end = badge.left() - theme.px(12)
        first_end = self.width() - theme.px(16) if self._narrow and self._has_second else end
        lines = [
            Said(text=row.ai, room=self._ai_box(), ink="ink2", ground=ground, align=CENTRE),
            Said(text=say(row.name), room=QRectF(theme.px(101 if not self._narrow else 82), 0, left, high), ink="ink2", ground=ground),
        ]
        first = QRectF(left, top, first_end - left, theme.line(Type.TITLE))
        if row.typed:
            tag = self._tag_box()
            lines.append(Said(text=say(Phrase("typed")), room=tag, ink="att", ground="attwash", align=CENTRE))
            first.setRight(tag.left() - theme.px(12))
        value, kind = self._value(first.width())
        lines.append(Said(text=value, room=first, kind=kind, bold=True, ground=ground, elides=True))
        if self._has_second:
            room = QRectF(left, top + theme.line(Type.TITLE) - theme.px(4), end - left, theme.line(Type.TEXT))
            lines.append(Said(text=say(row.second), room=room, ink="ink2", ground=ground, elides=True))
        lines.append(badge_said(row.state, say(row.word), badge))
        return [line for line in lines if line.text]

    def _value(self, wide: float) -> tuple[str, Type]:
        """30 px; a name too long for that is written in 24, and if it must be shortened, then in its middle: sizes stand at its end."""
        text = say(self._row.value)
        if width_of(text, Type.TITLE) <= wide:
            return text, Type.TITLE
        return theme.metrics(Type.VALUE, True).elidedText(text, Qt.TextElideMode.ElideMiddle, wide), Type.VALUE

    def _ai_box(self) -> QRectF:
        high = theme.px(_AI_HIGH)
        return QRectF(theme.px(_AI_LEFT), (self.height() - high) / 2, theme.px(_AI_WIDE), high)

    def _tag_box(self) -> QRectF:
        wide, high = theme.px(84), theme.px(28)
        return QRectF(self._badge().left() - theme.px(16) - wide, self._top() + theme.px(6), wide, high)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        row = self._row
        if row.state.wash is not None and row.state.border is not None:
            painter.fillRect(self.rect(), theme.token(row.state.wash))
            painter.fillRect(0, 0, theme.px(6), self.height(), theme.token(row.state.border))
        box(painter, self._ai_box(), border=theme.color.line)
        if row.typed:
            box(painter, self._tag_box(), fill=theme.color.attwash, border=theme.color.attfill, radius=3)
        draw_badge(painter, row.state, say(row.word), self._badge())
        badge = self._badge()
        write_lines(painter, [line for line in self.said() if line.room.left() < badge.left()])
        hairline(painter, QPointF(0, self.height() - 1), QPointF(self.width(), self.height() - 1))


class PackPanel(Panel):
    """Up to six rows and the raw code."""

    def __init__(self) -> None:
        super().__init__(Phrase("What the pack says"), "", padding=0)
        self.rows: list[PackRowView] = []
        self.body.setSpacing(0)
        self._stack = QVBoxLayout()
        self._stack.setSpacing(0)
        self.raw = RawCode("")
        self._foot = QWidget(self)
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(theme.px(16), theme.px(8), theme.px(16), theme.px(8))
        foot.addWidget(self.raw)
        self.body.addLayout(self._stack, 1)
        self.body.addWidget(self._foot)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Under a high banner the code as it came gives way (F4 shows it): a row is never lower than its value."""
        rows = sum(view.minimumSizeHint().height() for view in self.rows)
        self._foot.setVisible(self.height() >= theme.px(HEADER) + rows + self._foot.sizeHint().height() + theme.px(2))

    def restyle(self) -> None:
        super().restyle()
        self.body.setSpacing(0)

    def show_pack(self, rows: Sequence[PackRow], scanned: Scanned, scanner: str) -> None:
        """Another pack, or the same one checked again."""
        while len(self.rows) > len(rows):
            gone = self.rows.pop()
            self._stack.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for n, row in enumerate(rows):
            if n < len(self.rows):
                self.rows[n].show_row(row)
                continue
            view = PackRowView(row)
            self.rows.append(view)
            self._stack.addWidget(view, 1)
        self._fit()
        self.raw.show_raw(scanned.raw)
        self.tell(Phrase("What the pack says"), self._read_by(scanned, scanner))

    def _read_by(self, scanned: Scanned, scanner: str) -> Words:
        symbol = _SYMBOLS.get(scanned.symbology or "", "GS1" if scanned.kind in {"gs1", "digital_link"} else scanned.kind.upper())
        if scanner == KEYBOARD:
            return Phrase("{symbol} • by keyboard", symbol=symbol)
        return Phrase("{symbol} • scanner {scanner}", symbol=symbol, scanner=scanner)

    def row(self, key: str) -> PackRow:
        """The row of this fact, as it stands.

        Raises:
            KeyError: there is none.
        """
        found = {view.row.key: view.row for view in self.rows}
        return found[key]

    def troubled(self) -> list[str]:
        """Keys of the coloured rows."""
        return [view.row.key for view in self.rows if view.row.state is State.FAIL]
