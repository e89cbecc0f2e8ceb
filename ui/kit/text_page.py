"""Several lines of text to write in, composed at a desk. Enter, Tab and arrows are the page's; Esc and F keys the window's."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QFocusEvent, QPalette
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QWidget

from ui.kit.language import Words, say
from ui.kit.piece import Piece
from ui.kit.theme import theme
from ui.kit.tokens import Type


class TextPage(Piece, QPlainTextEdit):
    """Lines are as long as they are written; what does not fit is scrolled to."""

    edited = Signal()
    ground = "entry"

    def __init__(self, label: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = label
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setTabChangesFocus(False)
        self.textChanged.connect(self.edited)
        self.retell()
        self.restyle()

    @property
    def text(self) -> str:
        """All that stands in it."""
        return self.toPlainText()

    def set_text(self, text: str) -> None:
        """Other text; `edited` is not emitted."""
        if text != self.text:
            self.blockSignals(True)
            self.setPlainText(text)
            self.blockSignals(False)

    def add_text(self, text: str) -> None:
        """More below what stands there, as if it had been written."""
        cursor = self.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        cursor.insertText(text)
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def retell(self) -> None:
        self.setAccessibleName(say(self._label))

    def restyle(self) -> None:
        self.setFont(theme.font(Type.TEXT))
        palette, colours = QPalette(self.palette()), theme.color
        palette.setColor(QPalette.ColorRole.Base, colours.entry)
        palette.setColor(QPalette.ColorRole.Text, colours.ink)
        palette.setColor(QPalette.ColorRole.Highlight, colours.actfill)
        palette.setColor(QPalette.ColorRole.HighlightedText, colours.acton)
        self.setPalette(palette)
        self.document().setDocumentMargin(theme.px(16))
        self.setTabStopDistance(theme.px(40))

    def sizeHint(self) -> QSize:
        return QSize(theme.px(600), theme.px(400))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(320), theme.px(120))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.setCursorWidth(max(2, theme.px(2)))
