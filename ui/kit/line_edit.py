"""One line to write in, which can keep input methods out."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodQueryEvent
from PySide6.QtWidgets import QLineEdit


class LineEdit(QLineEdit):
    """As Qt's. Where codes, figures or passwords are written no input method comes between the keys and the line."""

    plain_keys = False

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if self.plain_keys and isinstance(event, QInputMethodQueryEvent):
            event.setValue(Qt.InputMethodQuery.ImEnabled, False)  # QLineEdit says yes whatever its attributes say
        return done
