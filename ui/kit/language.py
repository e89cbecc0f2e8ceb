"""Who reads: the language of the person at this station, switched at run time.

Widgets hold `Phrase`, `Name` or ready text and become text when they are painted; a switch makes every standing widget
say itself again, without rebuilding a screen.
"""

from __future__ import annotations

import re

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, QTranslator, Signal
from PySide6.QtWidgets import QApplication

from app.base.phrases import THIN_SPACE, Language, Name, Phrase, write
from ui.kit.piece import Piece

Words = Phrase | Name | str
"""What a widget may be told to say. Anything with ``in_language`` (a `Quantity`) is said as well."""

_HAN = "\u3400-\u9fff"
_MEETINGS = re.compile(rf"(?<=[{_HAN}])(?=[A-Za-z0-9±×≤≥])|(?<=[A-Za-z0-9%°℃])(?=[{_HAN}])")


class Speech(QObject):
    """The language now; `changed` after every widget has said itself again."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.language = Language.EN
        self._qt_words = QTranslator(self)

    def set_language(self, language: Language) -> None:
        """Switch; Qt's own few words (copy, paste, the line edit's menu) follow."""
        if language is self.language:
            return
        self.language = language
        QLocale.setDefault(QLocale(language.value))
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.removeTranslator(self._qt_words)
            folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
            if language is Language.ZH and self._qt_words.load("qtbase_zh_CN", folder):
                app.installTranslator(self._qt_words)
            for widget in app.allWidgets():
                if isinstance(widget, Piece):
                    widget.retell()
        self.changed.emit()


speech = Speech()
"""The voice of this client."""


def say(words: object) -> str:
    """Words in the reader's language; in Chinese a thin space stands where Han meets Latin or digits (face.md §3)."""
    text = write(words, speech.language)
    return _MEETINGS.sub(THIN_SPACE, text) if speech.language is Language.ZH else text


def set_language(language: Language) -> None:
    """Everything on the screen is said in this language from now on."""
    speech.set_language(language)


def current_language() -> Language:
    """The language of the person at this station."""
    return speech.language
