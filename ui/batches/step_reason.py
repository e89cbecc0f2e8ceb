"""One line why, for what is taken back or destroyed; both entries stay visible."""

from __future__ import annotations

from collections.abc import Callable

from app.base.phrases import Phrase
from ui.kit import Field, Label, PrimaryButton, Sheet, Words

SHORTEST = 3


class StepReasonSheet(Sheet):
    """The act stays closed until there is a reason."""

    def __init__(self, title: Words, line: Words, act: Words, go_on: Callable[[str], None], *, icon: str) -> None:
        self.act = PrimaryButton(act, icon=icon)
        super().__init__(title, icon=icon, primary=self.act)
        self._go_on = go_on
        self.reason = Field(Phrase("Why, in one line"))
        self.reason.edited.connect(lambda _: self._look())
        self.body.addWidget(Label(line, wrap=True))
        self.body.addWidget(self.reason)
        self.body.addStretch(1)
        self.act.clicked.connect(lambda: self._go_on(self.reason.text.strip()))
        self._look()

    def _look(self) -> None:
        self.act.ready() if len(self.reason.text.strip()) >= SHORTEST else self.act.not_yet(Phrase("write the reason"))
