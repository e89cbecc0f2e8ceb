"""One line why, before something is taken back or destroyed."""

from __future__ import annotations

from collections.abc import Callable

from app.base.phrases import Phrase
from ui.kit import Field, Label, PrimaryButton, Sheet, Words

SHORTEST = 3


class WhySheet(Sheet):
    """The reason stands on record with the act; an empty one goes nowhere."""

    def __init__(self, title: Words, line: Words, act: Words, go_on: Callable[[str], None]) -> None:
        self._button = PrimaryButton(act)
        super().__init__(title, icon="pen", primary=self._button)
        self._go_on = go_on
        self.reason = Field(Phrase("Why, in one line"))
        self.body.addWidget(Label(line, wrap=True))
        self.body.addWidget(self.reason)
        self.body.addStretch(1)
        self.reason.edited.connect(self._look)
        self._button.clicked.connect(lambda: self._go_on(self.reason.text.strip()))
        self._look("")
        self.reason.setFocus()

    def _look(self, _: str) -> None:
        if len(self.reason.text.strip()) < SHORTEST:
            self._button.not_yet(Phrase("Write the reason"))
        else:
            self._button.ready()
