"""One line why, before a lot is held or rejected: it is signed together with the act."""

from __future__ import annotations

from collections.abc import Callable

from app.base.phrases import Phrase
from ui.kit import Field, Label, PrimaryButton, Sheet, Words

SHORTEST = 3


class ReasonSheet(Sheet):
    """The reason is part of the signature; an empty one goes nowhere."""

    def __init__(self, title: Words, line: Words, go_on: Callable[[str], None]) -> None:
        primary = PrimaryButton(Phrase("Go on to the signature"), icon="pen")
        super().__init__(title, icon="pen", primary=primary)
        self._act, self._go_on = primary, go_on
        self.reason = Field(Phrase("Why, in one line"))
        self.body.addWidget(Label(line, wrap=True))
        self.body.addWidget(self.reason)
        self.body.addStretch(1)
        self.reason.edited.connect(self._look)
        primary.clicked.connect(self._done)
        self._look("")
        self.reason.setFocus()

    def _look(self, _: str) -> None:
        if len(self.reason.text.strip()) < SHORTEST:
            self._act.tell(Phrase("Write the reason"))
            self._act.not_yet(Phrase("Write the reason"))
        else:
            self._act.tell(Phrase("Go on to the signature"))
            self._act.ready()

    def _done(self) -> None:
        self._go_on(self.reason.text.strip())
