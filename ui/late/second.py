"""A second person stands for the draft of somebody else, or signs that it does not count."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo
from functools import partial
from typing import TYPE_CHECKING

from app.base.ids import new_id
from app.base.phrases import Phrase
from app.core.late.commands import SUBJECT, ConfirmLateFor, SetLateAside
from app.core.late.queries import LateRow
from ui.kit import Button, Label, PrimaryButton, ReasonSheet, Sheet, Type, Words
from ui.late.words import place_words, times_words
from ui.shell.evidence import Fact
from ui.shell.signing import SignAs

if TYPE_CHECKING:
    from ui.shell.screen import Screen


class SecondSheet(Sheet):
    """Value, place, author and times; Enter goes on to the signature."""

    def __init__(self, row: LateRow, author: Words, zone: tzinfo, *, sign: Callable[[], None], set_aside: Callable[[], None]) -> None:
        self.sign = PrimaryButton(Phrase("Sign for it"), icon="pen")
        super().__init__(Phrase("Draft of {who}", who=author), icon="database", primary=self.sign, leave=Phrase("Back"))
        self.row = row
        self.body.addWidget(Label(row.figure, Type.VALUE))
        told = Phrase("It was made while the database was away and waits for its author. A second person may stand for it.")
        for words in (place_words(row), *times_words(row, zone), told):
            self.body.addWidget(Label(words, wrap=True))
        self.set_aside = Button(Phrase("Set it aside"), icon="waste")
        self.body.addWidget(self.set_aside)
        self.body.addStretch(1)
        self.sign.clicked.connect(sign)
        self.set_aside.clicked.connect(set_aside)


def stand_for(screen: Screen, row: LateRow, author: Words) -> None:
    """Open the signing sheet; the draft becomes a record under the signer's name and right."""
    choice = SignAs(
        words=Phrase("Confirmed for its author"), order=ConfirmLateFor, make=lambda _: ConfirmLateFor(command_id=new_id(), entry=row.id)
    )
    _sign(screen, row, author, choice, reason=None)


def set_aside(screen: Screen, row: LateRow, author: Words) -> None:
    """Ask why, then open the signing sheet."""
    line = Phrase("{value} is no value on record. The draft stays visible with your reason.", value=row.figure)
    go_on = Phrase("Go on to the signature")
    screen.open_sheet(ReasonSheet(Phrase("Set it aside"), line, go_on, partial(_set_aside, screen, row, author)))


def _set_aside(screen: Screen, row: LateRow, author: Words, reason: str) -> None:
    choice = SignAs(
        words=Phrase("Set aside, it does not count"),
        order=SetLateAside,
        make=lambda _: SetLateAside(command_id=new_id(), entry=row.id, reason=reason),
    )
    _sign(screen, row, author, choice, reason=reason)


def _sign(screen: Screen, row: LateRow, author: Words, choice: SignAs, *, reason: str | None) -> None:
    made, received = times_words(row, screen.shell.zone)
    screen.sign(
        kind=SUBJECT,
        subject=row.id,
        title=Phrase("Draft of {who}", who=author),
        what=[
            Fact(name=Phrase("value"), value=row.figure),
            Fact(name=Phrase("place"), value=place_words(row)),
            Fact(name=Phrase("made at, by the station"), value=made),
            Fact(name=Phrase("received, by the database"), value=received),
        ],
        choices=[choice],
        done=lambda *_: screen.close_sheet(),
        reason=reason,
    )
