"""Line clearance: one check at a time, answered with one key; "no" is stored too, and its deviation opens here."""

from __future__ import annotations

from PySide6.QtCore import Qt

from app.base.phrases import Phrase
from ui.batches.step_panels.asked import AskedPanel, beside
from ui.batches.step_panels.panel import Act, Corner
from ui.batches.step_words import field_words
from ui.kit import Button, Label, Type, Words

BIG = 76
_KEYS = {Qt.Key.Key_1: "yes", Qt.Key.Key_2: "no"}


class ClearancePanel(AskedPanel):
    """The check in hand stands large; 1 says yes, 2 says no."""

    def build_hand(self) -> None:
        self.question = Label("", Type.TITLE, wrap=True)
        self.yes = Button(Phrase("Yes"), key=Qt.Key.Key_1, height=BIG)
        self.no = Button(Phrase("No"), key=Qt.Key.Key_2, height=BIG)
        self.yes.clicked.connect(lambda: self._answer("yes"))
        self.no.clicked.connect(lambda: self._answer("no"))
        self.hand.addWidget(self.question)
        self.hand.addWidget(beside(self.yes, self.no))

    def title(self) -> Words:
        return Phrase("Checks")

    def show_hand(self) -> None:
        asked = self.in_hand
        if asked is not None:
            self.question.tell(field_words(asked))
        for button in (self.yes, self.no):
            button.ready() if self.screen.may_run else button.not_yet(Phrase("only an operator"))

    def sentence(self) -> Words:
        asked = self.in_hand
        if asked is None:
            return Phrase("Finish the step.")
        return Phrase("{check}?", check=field_words(asked))

    def corner(self) -> Corner:
        return Act(words=Phrase("Yes"), act=lambda: self._answer("yes")) if self.in_hand is not None else None

    def _answer(self, said: str) -> None:
        asked = self.in_hand
        if asked is not None and self.screen.may_run:
            self.store(asked, self.enter(asked, said=said))

    def on_key(self, key: int) -> bool:
        said = _KEYS.get(Qt.Key(key))
        if said is None or self.in_hand is None:
            return super().on_key(key)
        self._answer(said)
        return True
