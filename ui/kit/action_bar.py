"""The action bar: Back first, then what else can be done, the reason, and in the right corner the one thing that does it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.base.phrases import Phrase
from ui.kit.buttons import Button, PrimaryButton
from ui.kit.keys import same_key
from ui.kit.language import Words
from ui.kit.paint import hairline, painter_on
from ui.kit.piece import Piece
from ui.kit.scan_slot import ScanSlot
from ui.kit.text import Label
from ui.kit.theme import theme
from ui.kit.tokens import GAP, PRIMARY_HEIGHT

HEIGHT = 108
COMPACT_HEIGHT = 100


def back_button(words: Words | None = None) -> Button:
    """Back, Esc: always the first of the bar; nothing is lost by it."""
    return Button(Phrase("Back") if words is None else words, icon="back", key=Qt.Key.Key_Escape, height=PRIMARY_HEIGHT)


class ActionBar(Piece, QWidget):
    """Either a primary or a scan slot stands in the right corner, never both. Keys reach the buttons through `press`."""

    back_asked = Signal()
    ground = "surface"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._compact = False
        self._made_way = False
        self._primary: PrimaryButton | ScanSlot | None = None
        self._lefts: list[Button] = []
        self._rights: list[Button] = []
        self._note: Words = ""
        self.reason = Label("", ink="ink2")
        self._row = QHBoxLayout(self)
        self._left, self._right = QHBoxLayout(), QHBoxLayout()
        self._row.addLayout(self._left)
        self._row.addStretch(1)
        self._row.addWidget(self.reason)
        self._row.addLayout(self._right)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.restyle()

    @property
    def primary(self) -> PrimaryButton | ScanSlot | None:
        """What stands in the right corner."""
        return self._primary

    def lay(self, *lefts: Button, primary: PrimaryButton | ScanSlot | None, rights: tuple[Button, ...] = (), note: Words = "") -> None:
        """Fill the bar; what stood in it before is put aside (hidden, not deleted: the screen owns its buttons).

        Args:
            lefts: From the left, Back first.
            primary: The right corner: a primary, a scan slot, or nothing when the screen only shows.
            rights: At the left of the primary.
            note: Stands before them when the primary gives no reason of its own.
        """
        self._put_aside()
        self._lefts, self._rights, self._primary, self._note = list(lefts), list(rights), primary, note
        for button in lefts:
            self._left.addWidget(button)
            button.show()
        corner = [*rights, primary] if primary is not None else list(rights)
        for widget in corner:
            self._right.addWidget(widget)
            widget.show()
        if isinstance(primary, Button):
            primary.reason_changed.connect(self._show_reason)
        self.make_way(self._made_way)
        self.restyle()

    def put_in_corner(self, primary: PrimaryButton | ScanSlot | None) -> None:
        """Change only what stands in the right corner."""
        self.lay(*self._lefts, primary=primary, rights=tuple(self._rights), note=self._note)

    def tell_note(self, note: Words) -> None:
        """Other words before the primary."""
        self._note = note
        self._show_reason()

    def press(self, key: int) -> bool:
        """Press the button this key is printed on.

        Enter presses the primary, and nothing at all while a scan slot stands there.

        Returns:
            Whether the key belongs to the bar (then it goes no further), pressed or not.
        """
        if same_key(key, Qt.Key.Key_Return):
            if isinstance(self._primary, PrimaryButton) and self._primary.isEnabled():
                self._primary.click()
            return True
        for button in self.buttons():
            if button.key is not None and same_key(button.key, key):
                button.click()
                return True
        return False

    def buttons(self) -> list[Button]:
        """All buttons of the bar, from the left."""
        corner = [self._primary] if isinstance(self._primary, Button) else []
        return [*self._lefts, *self._rights, *corner]

    def make_way(self, for_sheet: bool) -> None:
        """While a sheet is open its primary is the only one: the corner, its reason and Back stand aside, the rest stays."""
        self._made_way = for_sheet
        corner = [*self._rights, *([self._primary] if self._primary is not None else [])]
        backs = [button for button in self._lefts if button.key == Qt.Key.Key_Escape]
        for widget in [*corner, *backs]:
            widget.setVisible(not for_sheet)
        self._show_reason()

    def set_compact(self, compact: bool) -> None:
        """The 1280 × 800 measures; the primary keeps its size."""
        self._compact = compact
        self.restyle()

    def restyle(self) -> None:
        side = theme.px(16 if self._compact else 24)
        for button in self.buttons():
            button.set_tight(self._compact)
        self._row.setContentsMargins(side, 0, side, 0)
        for layout in (self._row, self._left, self._right):
            layout.setSpacing(theme.px(GAP if self._compact else 16))
        self.setFixedHeight(theme.px(COMPACT_HEIGHT if self._compact else HEIGHT))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(1100), theme.px(HEIGHT))

    def _put_aside(self) -> None:
        if isinstance(self._primary, Button):
            self._primary.reason_changed.disconnect(self._show_reason)
        everything = [*self._lefts, *self._rights, *([self._primary] if self._primary is not None else [])]
        if any(widget.hasFocus() for widget in everything):
            self.setFocus(Qt.FocusReason.MouseFocusReason)  # or Qt would hand the focus to whatever button comes next
        for widget in everything:
            (self._left if widget in self._lefts else self._right).removeWidget(widget)
            widget.hide()

    def _show_reason(self) -> None:
        reason = self._primary.reason if isinstance(self._primary, Button) else None
        words = reason if reason is not None else self._note
        self.reason.tell(words)
        self.reason.setVisible(bool(words) and not self._made_way)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        painter.fillRect(self.rect(), theme.color.surface)
        hairline(painter, QPointF(0, 0), QPointF(self.width(), 0))
