"""One line why: for what is taken back, given up or signed with its reason. Whatever stood before stays visible."""

from __future__ import annotations

from collections.abc import Callable

from app.base.phrases import Phrase
from ui.kit.buttons import PrimaryButton
from ui.kit.fields import Field
from ui.kit.language import Words
from ui.kit.sheet import Sheet
from ui.kit.text import Label

SHORTEST = 3


class ReasonSheet(Sheet):
    """The act stays closed until there is a reason; `go_on` hears it."""

    def __init__(self, title: Words, line: Words, act: Words, go_on: Callable[[str], None], *, icon: str = "pen") -> None:
        self.act = PrimaryButton(act, icon=icon)
        super().__init__(title, icon=icon, primary=self.act)
        self._go_on = go_on
        self.reason = Field(Phrase("Why, in one line"))
        self.reason.edited.connect(lambda _: self.settle())
        self.body.addWidget(Label(line, wrap=True))
        self.body.addWidget(self.reason)
        self.body.addStretch(1)
        self.act.clicked.connect(self._given)
        self.settle()

    def settle(self) -> None:
        self.act.ready() if len(self.reason.text.strip()) >= SHORTEST else self.act.not_yet(Phrase("write the reason"))

    def _given(self) -> None:
        self._go_on(self.reason.text.strip())
