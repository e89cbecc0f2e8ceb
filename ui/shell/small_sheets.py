"""Sheets of a few lines: find by typing, the last five scans, help, and which screen a code shall open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.base.phrases import Phrase
from ui.kit import Badge, ChoiceRows, Field, Label, PrimaryButton, Sheet, Words, theme
from ui.shell.registry import Entry

if TYPE_CHECKING:
    from ui.shell.screen import Screen
    from ui.shell.window import Window

KEYS = (
    ("Enter", Phrase("does what stands in the right corner")),
    ("Esc", Phrase("one step back; nothing is lost")),
    ("F2", Phrase("larger")),
    ("F3", Phrase("find: type a code that cannot be scanned")),
    ("F4", Phrase("where the number in focus comes from")),
    ("F5", Phrase("read the instrument again")),
    ("F9", Phrase("call for help")),
    ("F10", Phrase("lock; the open step stays")),
    ("F12", Phrase("the other language")),
)


class FindSheet(Sheet):
    """What is typed goes the way of a scan."""

    def __init__(self, window: Window) -> None:
        find = PrimaryButton(Phrase("Find"), icon="search")
        super().__init__(Phrase("Find"), icon="search", primary=find)
        self._window = window
        self.code = Field(Phrase("Code as it is printed"))
        self.code.keep_to_plain_keys()
        self.body.addWidget(self.code)
        self.body.addWidget(Label(Phrase("A lot, a container, an order, a place, a device."), ink="ink2", wrap=True))
        self.body.addStretch(1)
        find.clicked.connect(self._find)
        self.code.setFocus()

    def _find(self) -> None:
        text = self.code.text.strip()
        if text:
            window = self._window
            window.close_sheet()
            window.router.take(text)


class LastScansSheet(Sheet):
    """Time, state, words, newest first."""

    def __init__(self, window: Window) -> None:
        super().__init__(Phrase("Last five scans"), icon="scan", primary=None, leave=Phrase("Back"))
        for one in window.router.last:
            row = QHBoxLayout()
            row.addWidget(Label(f"{one.at.astimezone(window.zone):%H:%M:%S}", ink="ink2"))
            row.addWidget(Badge(one.state))
            words = QVBoxLayout()
            words.addWidget(Label(one.shown, wrap=True))
            if one.device:
                words.addWidget(Label(one.device, ink="ink2"))
            row.addLayout(words, 1)
            self.body.addLayout(row)
        if not window.router.last:
            self.body.addWidget(Label(Phrase("Nothing was scanned yet."), ink="ink2"))
        self.body.addStretch(1)


class HelpSheet(Sheet):
    """What the screen is for, and the keys."""

    def __init__(self, window: Window, screen: Screen) -> None:
        super().__init__(Phrase("Help"), icon="help", primary=None, leave=Phrase("Back"))
        if screen.help:
            self.body.addWidget(Label(Phrase(screen.help), wrap=True))
        for key, words in KEYS:
            row = QHBoxLayout()
            name = Label(key, bold=True)
            name.setFixedWidth(theme.px(72))
            row.addWidget(name)
            row.addWidget(Label(words, wrap=True), 1)
            self.body.addLayout(row)
        self.body.addStretch(1)


class OwnerSheet(Sheet):
    """A code that several screens own: asked once, answered by a digit."""

    def __init__(self, window: Window, owners: Sequence[Entry], words: Words, open_it: Callable[[Entry], object]) -> None:
        super().__init__(Phrase("What shall be opened?"), icon="scan", primary=None)
        self._window, self._owners, self._open_it = window, list(owners), open_it
        self.body.addWidget(Label(Phrase("Scanned: {what}", what=words), wrap=True))
        self.choices = ChoiceRows([entry.title for entry in owners], None)
        self.choices.chosen.connect(self._chosen)
        self.body.addWidget(self.choices)
        self.body.addStretch(1)

    def press(self, key: int) -> bool:
        """A digit opens."""
        return self.choices.press(key) or super().press(key)

    def _chosen(self, index: int) -> None:
        entry, open_it = self._owners[index], self._open_it
        self._window.close_sheet()
        open_it(entry)
