"""A sheet docked at the right, 648 wide: not a window over the work. The screen narrows, stays alive, takes scans and alarms."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.base.phrases import Phrase
from ui.kit.buttons import Button, PrimaryButton
from ui.kit.icons import Icon
from ui.kit.keys import same_key
from ui.kit.language import Words
from ui.kit.number import Number
from ui.kit.paint import hairline, painter_on
from ui.kit.piece import Piece
from ui.kit.table import Table
from ui.kit.text import Label
from ui.kit.theme import theme
from ui.kit.tokens import CONTROL_HEIGHT, SHEET_WIDTH, Type

HEADER, COMPACT_HEADER = 104, 84
FOOT, COMPACT_FOOT = 108, 100
"""As high as next band and action bar beside it."""
EDGE, SIDE = 4, 24
"""The blue edge, and what stays free left and right."""


class Sheet(Piece, QWidget):
    """Heading with its icon and "Not now", a body, and its own primary at the foot.

    `left` is emitted by "Not now" or Esc; nothing is lost by it. The frame hides the sheet.
    """

    left = Signal()
    ground = "surface"
    writes_first = True
    """Whether its first field has the keys when it opens. Where a digit takes a row and nothing must be written, the rows have them."""

    def __init__(
        self, title: Words, *, icon: str = "sheet", primary: PrimaryButton | None, leave: Words | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.primary = primary
        self._compact = False
        self.title = Label(title, Type.TITLE)
        self.leave = Button(Phrase("Not now") if leave is None else leave, icon="back", key=Qt.Key.Key_Escape, height=CONTROL_HEIGHT)
        self.leave.clicked.connect(self.left)
        self._outer = QVBoxLayout(self)
        self._outer.setSpacing(0)
        self._head = QWidget(self)
        self._head_row = QHBoxLayout(self._head)
        self._head_row.addWidget(Icon(icon, 30))
        self._head_row.addWidget(self.title)
        self._head_row.addStretch(1)
        self._head_row.addWidget(self.leave)
        self._outer.addWidget(self._head)
        room = QWidget(self)
        self.body = QVBoxLayout(room)
        self._outer.addWidget(room, 1)
        self._foot = QWidget(self)
        self._foot_row = QHBoxLayout(self._foot)
        self._outer.addWidget(self._foot)
        if primary is not None:
            primary.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            self._foot_row.addWidget(primary)
        self._foot.setVisible(primary is not None)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.restyle()

    @property
    def compact(self) -> bool:
        """Whether it stands in a window that follows the 1280 × 800 rules."""
        return self._compact

    def set_compact(self, compact: bool) -> None:
        """The 1280 × 800 measures; called by the frame before it shows the sheet and whenever the window changes."""
        self._compact = compact
        self.restyle()

    def press(self, key: int) -> bool:
        """Enter presses the sheet's primary, Esc leaves; the shell asks the open sheet before the action bar."""
        if same_key(key, Qt.Key.Key_Return):
            if self.primary is not None and self.primary.isEnabled():
                self.primary.click()
            return True
        if same_key(key, Qt.Key.Key_Escape):
            self.leave.click()
            return True
        return False

    def numbers(self) -> tuple[Number, ...]:
        """Those that F4 is asked of: of the chosen rows of its tables, unless it has others."""
        return tuple(number for table in self.findChildren(Table) if table.isVisibleTo(self) for number in table.numbers)

    def settle(self) -> None:
        """Whether the primary can be pressed now; a sheet with something to fill in says what is missing."""

    def closing(self) -> None:
        """It goes: whatever it waits for is waited for no more. Called by the window."""

    def end_busy(self) -> None:
        """Its order was refused: what is written stands, may be changed, and given again."""
        if self.primary is not None:
            self.primary.end_busy()
        self.settle()

    def restyle(self) -> None:
        pad = theme.px(SIDE)
        self.setFixedWidth(theme.px(SHEET_WIDTH))
        self._outer.setContentsMargins(theme.px(EDGE), 0, 0, 0)
        self._head.setFixedHeight(theme.px(COMPACT_HEADER if self._compact else HEADER))
        self._head_row.setContentsMargins(pad, 0, pad, 0)
        self._head_row.setSpacing(theme.px(16))
        above = theme.px(8 if self._compact else 16)
        self.body.setContentsMargins(pad, above, pad, above)
        self.body.setSpacing(theme.px(8))
        self._foot.setFixedHeight(theme.px(COMPACT_FOOT if self._compact else FOOT))
        self._foot_row.setContentsMargins(pad, 0, pad, 0)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        painter.fillRect(self.rect(), theme.color.surface)
        painter.fillRect(self._head.geometry(), theme.color.entry)
        for y in (self._head.geometry().bottom(), self._foot.geometry().top() if not self._foot.isHidden() else -1):
            hairline(painter, QPointF(theme.px(EDGE), y), QPointF(self.width(), y))
        painter.fillRect(0, 0, theme.px(EDGE), self.height(), theme.color.actfill)
