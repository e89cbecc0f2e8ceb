"""Keys for gloves: digits, point, sign and delete, 20 mm each, without a keyboard of the system."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from app.base.phrases import Phrase
from ui.kit.buttons import Button
from ui.kit.language import Words
from ui.kit.number_entry import NumberEntry
from ui.kit.piece import Piece
from ui.kit.theme import theme
from ui.kit.tokens import GAP, PRIMARY_HEIGHT, Type

_SIGN = "±"
_BLOCK = ("7 8 9", "4 5 6", "1 2 3", f"{_SIGN} 0 .")
_FLAT = ("1 2 3 4 5 6 7", f"8 9 0 . {_SIGN}")


class _PadKey(Button):
    """One key; the place the caret has stays where it is."""

    least = (PRIMARY_HEIGHT, PRIMARY_HEIGHT)

    def __init__(self, words: Words, *, icon: str | None = None) -> None:
        super().__init__(words, icon=icon, height=PRIMARY_HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_tight(True)

    @property
    def _kind(self) -> Type:
        return Type.TITLE if len(self.said_text) == 1 else Type.TEXT


class NumberPad(Piece, QWidget):
    """A block of four rows, or two long rows where the room is short."""

    written = Signal(str)
    """A digit or a point."""
    sign_turned = Signal()
    erased = Signal()

    def __init__(self, entry: NumberEntry | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._flat = False
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._keys = {sign: _PadKey(sign) for sign in " ".join(_BLOCK).split()}
        for sign, key in self._keys.items():
            key.clicked.connect(self.sign_turned if sign == _SIGN else partial(self.written.emit, sign))
        self._erase = _PadKey(Phrase("delete"), icon="back")
        self._erase.setAutoRepeat(True)
        self._erase.clicked.connect(self.erased)
        if entry is not None:
            self.write_into(entry)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.restyle()

    def write_into(self, entry: NumberEntry) -> None:
        """The entry these keys write into."""
        self.written.connect(entry.write)
        self.sign_turned.connect(entry.turn_sign)
        self.erased.connect(entry.erase)

    def set_flat(self, flat: bool) -> None:
        """Two long rows instead of four."""
        if flat != self._flat:
            self._flat = flat
            self.restyle()

    def key(self, sign: str) -> Button:
        """The key with this sign on it: a digit, ``.``, ``±``."""
        return self._keys[sign]

    @property
    def erase_key(self) -> Button:
        """The key that takes the last character away."""
        return self._erase

    @staticmethod
    def high(flat: bool) -> int:
        """Pixels the keys take, flat or as a block."""
        rows = len(_FLAT if flat else _BLOCK)
        return rows * theme.px(PRIMARY_HEIGHT) + (rows - 1) * theme.px(GAP)

    def least_width(self, flat: bool) -> int:
        """Pixels the keys need side by side, flat or as a block."""
        side, gap = theme.px(PRIMARY_HEIGHT), theme.px(GAP)
        return 7 * side + 6 * gap if flat else 3 * (side + gap) + max(side, self._erase.sizeHint().width())

    def restyle(self) -> None:
        for key in (*self._keys.values(), self._erase):
            self._grid.removeWidget(key)
        self._grid.setSpacing(theme.px(GAP))
        rows = _FLAT if self._flat else _BLOCK
        for column in range(7):
            self._grid.setColumnMinimumWidth(column, theme.px(PRIMARY_HEIGHT) if self._flat or column < 4 else 0)
        for row, signs in enumerate(rows):
            for column, sign in enumerate(signs.split()):
                self._grid.addWidget(self._keys[sign], row, column)
        if self._flat:
            self._grid.addWidget(self._erase, 1, 5, 1, 2)
        else:
            self._grid.addWidget(self._erase, 0, 3)
        self.setFixedHeight(self.high(self._flat))
