"""Gates: what must hold before a release, each with its shape, its name and why it is shut; a press opens the whole reason.

Source: design/face.md §7 (6 Release); picture 6-release.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from ui.kit.language import Words, say
from ui.kit.paged_rows import PAD, PagedRows
from ui.kit.paint import hairline
from ui.kit.piece import Said
from ui.kit.shapes import State, draw_state
from ui.kit.text import break_lines
from ui.kit.theme import theme
from ui.kit.tokens import Type

ROW, LEAST_ROW = 72, 60
_LEFT, _SHAPE = 58, 26


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """One condition of a release."""

    key: str
    state: State
    name: Words
    why: Words = ""
    """One line: what is missing, or what proves it."""
    reason: Words = ""
    """All of it: rule, who can open the gate, what to do. Stands below when the row is opened."""


class GateRows(PagedRows):
    """A gate that holds is quiet; one that is shut is filled and bold. One reason stands open at a time."""

    ground = "surface"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gates: tuple[Gate, ...] = ()
        self._open_key: str | None = None
        self.opened.connect(self._toggle)

    @property
    def open_key(self) -> str | None:
        """Key of the gate whose reason stands open."""
        return self._open_key

    def show_gates(self, gates: Sequence[Gate]) -> None:
        """All gates in their order; the open reason stays open while its gate is among them."""
        self._gates = tuple(gates)
        keys = [gate.key for gate in gates]
        self._open_key = self._open_key if self._open_key in keys else None
        self._show_keys(keys)

    def _toggle(self, key: str) -> None:
        gate = self._gates[self._keys.index(key)]
        self._open_key = key if key != self._open_key and gate.reason else None
        self.restyle()
        self.bring(self._keys.index(key))

    def sizeHint(self) -> QSize:
        return QSize(theme.px(368), theme.px(ROW) * max(1, len(self._gates)))

    def _reasons(self, n: int) -> list[str]:
        gate = self._gates[n]
        if gate.key != self._open_key:
            return []
        wide = max(theme.px(120), self.width() - theme.px(_LEFT) - theme.px(PAD))
        return break_lines(say(gate.reason), wide, Type.TEXT)

    def row_height(self, n: int) -> int:
        reasons = self._reasons(n)
        base = min(theme.px(ROW), max(theme.px(LEAST_ROW), self.height() // max(1, len(self._gates))))
        return base + (len(reasons) * theme.line(Type.TEXT) + theme.px(8) if reasons else 0)

    def row_lines(self, n: int, room: QRectF) -> list[Said]:
        gate, reasons, line = self._gates[n], self._reasons(n), theme.line(Type.TEXT)
        shut, ground = gate.state.is_trouble, gate.state.wash
        ink = "ink" if shut else "ink2"
        texts = [(say(gate.name), shut, True)]
        if gate.why:
            texts.append((say(gate.why), False, True))
        texts += [(one, False, False) for one in reasons]
        left, top = theme.px(_LEFT), room.center().y() - len(texts) * line / 2
        wide = room.right() - theme.px(PAD) - left
        return [
            Said(text=text, room=QRectF(left, top + n * line, wide, line), bold=bold, ink=ink, ground=ground, elides=elides)
            for n, (text, bold, elides) in enumerate(texts)
        ]

    def draw_row(self, painter: QPainter, n: int, room: QRectF) -> None:
        state, side = self._gates[n].state, theme.px(_SHAPE)
        if state.wash is not None:
            painter.fillRect(room, theme.token(state.wash))
        if state.is_trouble and state.border is not None:
            painter.fillRect(QRectF(0, room.top(), theme.px(6), room.height()), theme.token(state.border))
        draw_state(painter, state, QRectF(theme.px(_LEFT) / 2 - side / 2 + theme.px(2), room.center().y() - side / 2, side, side))
        hairline(painter, QPointF(0, room.bottom() - 1), QPointF(self.width(), room.bottom() - 1))
