"""Beside the work: a code or a count typed by hand, a reason, a line about a short or damaged pack."""

from __future__ import annotations

from collections.abc import Callable

from app.base.phrases import Phrase
from app.deviations.rules import CLASSES
from ui.kit import Choices, Field, Label, PrimaryButton, Sheet, Words


class LineSheet(Sheet):
    """One line, one act. `take` says why not, or ``None`` when it was taken; then the sheet goes."""

    def __init__(
        self,
        title: Words,
        *,
        icon: str,
        label: Words,
        note: Words,
        act: Words,
        take: Callable[[str], Words | None],
        text: str = "",
    ) -> None:
        self.act = PrimaryButton(act, icon=icon)
        super().__init__(title, icon=icon, primary=self.act)
        self._take = take
        self.line = Field(label, text=text)
        self.line.edited.connect(self._edited)
        self.body.addWidget(self.line)
        self.body.addWidget(Label(note, ink="ink2", wrap=True))
        self.body.addStretch(1)
        self.act.clicked.connect(self._pressed)
        self.line.setFocus()

    def _edited(self, _: str) -> None:
        self.line.accept()

    def _pressed(self) -> None:
        why_not = self._take(self.line.text.strip())
        if why_not is not None:
            self.line.refuse(why_not)


def type_location(take: Callable[[str], Words | None]) -> LineSheet:
    """The shelf's code cannot be scanned."""
    return LineSheet(
        Phrase("Type a location"),
        icon="pen",
        label=Phrase("Code on the shelf"),
        note=Phrase("The receipt says for good that it was typed. A scan still takes it."),
        act=Phrase("Receive there"),
        take=take,
    )


def type_order(take: Callable[[str], Words | None]) -> LineSheet:
    """The delivery note cannot be scanned."""
    return LineSheet(
        Phrase("Type the order"),
        icon="pen",
        label=Phrase("Order on the delivery note"),
        note=Phrase("For example PO26-0417. A scan still opens it."),
        act=Phrase("Open the order"),
        take=take,
    )


def change_quantity(take: Callable[[str], Words | None]) -> LineSheet:
    """The pack holds another count than its code says."""
    return LineSheet(
        Phrase("Change quantity"),
        icon="pen",
        label=Phrase("Counted by hand"),
        note=Phrase("The code stays on record as it was read; the receipt says for good that the quantity was typed."),
        act=Phrase("Use this quantity"),
        take=take,
    )


def undo_receipt(container: str, take: Callable[[str], Words | None]) -> LineSheet:
    """The last receipt is taken back."""
    return LineSheet(
        Phrase("Undo last receipt"),
        icon="undo",
        label=Phrase("Why, in one line"),
        note=Phrase("A second entry takes container {container} back; the first one stays visible.", container=container),
        act=Phrase("Undo {container}", container=container),
        take=take,
    )


class TroubleSheet(Sheet):
    """Short or damaged: one line and how bad it is; nothing is chosen beforehand."""

    def __init__(self, text: str, class_: str | None, *, received: bool, take: Callable[[str, str], None]) -> None:
        self.act = PrimaryButton(Phrase("Open a discrepancy") if received else Phrase("Keep with this pack"), icon="deviate")
        super().__init__(Phrase("Short or damaged"), icon="deviate", primary=self.act)
        self._take = take
        self.line = Field(Phrase("What is wrong, in one line"), text=text)
        self.line.edited.connect(self._edited)
        self.classes = Choices([Phrase("minor"), Phrase("major"), Phrase("critical")], CLASSES.index(class_) if class_ else None)
        self.body.addWidget(self.line)
        self.body.addWidget(self.classes)
        now = Phrase("A discrepancy is opened on the receipt; a supervisor decides.")
        later = Phrase("It is kept with the pack and opened as a discrepancy when the pack is received.")
        self.body.addWidget(Label(now if received else later, ink="ink2", wrap=True))
        self.body.addStretch(1)
        self.act.clicked.connect(self._pressed)
        self.line.setFocus()

    def _edited(self, _: str) -> None:
        self.line.accept()

    def _pressed(self) -> None:
        text, chosen = self.line.text.strip(), self.classes.index
        if not text:
            self.line.refuse(Phrase("Write one line what is wrong."))
        elif chosen is None:
            self.line.refuse(Phrase("Choose how bad it is."))
        else:
            self._take(text, CLASSES[chosen])
