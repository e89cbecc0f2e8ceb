"""Forms about one account: a new one, a new first password, and the name, badge and phone it goes by."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout

from app.base.ids import new_id
from app.base.phrases import Phrase
from app.core.people import CreatePerson, DescribePerson, LetInAgain, first_password
from app.core.people_view import PersonLine
from app.scanning.result import Scanned
from ui.kit import Choices, Field, Label, PrimaryButton, Sheet, Words, theme
from ui.kit.tokens import GAP, Type
from ui.shell.questions import own_verifier

if TYPE_CHECKING:
    from ui.people.people_screen import PeopleScreen


class _Form(Sheet):
    """Fields in a column; the act stays closed until those that must be written are."""

    badge: Field | None = None

    def __init__(self, screen: PeopleScreen, title: Words, act: Words, *, icon: str) -> None:
        self.act = PrimaryButton(act, icon=icon)
        super().__init__(title, icon=icon, primary=self.act)
        self.screen = screen
        self._wanted: tuple[tuple[Field, Words], ...] = ()
        self.act.clicked.connect(self.send)

    def lay(self, *lines: Sequence[Field | Label | Choices], wanted: Sequence[tuple[Field, Words]]) -> None:
        """Put the lines one below the other; `wanted`: what must be written, and what is said while it is not."""
        for line in lines:
            row = QHBoxLayout()
            row.setSpacing(theme.px(GAP))
            for part in line:
                row.addWidget(part, 1)
                if isinstance(part, Field):
                    part.edited.connect(lambda _: self.settle())
            self.body.addLayout(row)
            self.body.addSpacing(theme.px(GAP))
        self.body.addStretch(1)
        self._wanted = tuple(wanted)
        self.settle()

    def settle(self) -> None:
        """Closed with the first thing that is missing."""
        lacks = next((words for field, words in self._wanted if not field.text.strip()), None)
        self.act.ready() if lacks is None else self.act.not_yet(lacks)

    def on_scan(self, scanned: Scanned) -> bool:
        """A badge goes into its field, where there is one."""
        if self.badge is None or scanned.kind != "badge" or scanned.code is None:
            return False
        self.badge.set_text(scanned.code)
        return True

    def send(self) -> None:
        """Give the order."""
        raise NotImplementedError


class NewPersonSheet(_Form):
    """An account is opened for somebody whose identity was checked; the program makes the first password."""

    def __init__(self, screen: PeopleScreen) -> None:
        super().__init__(screen, Phrase("New person"), Phrase("Make the account"), icon="person")
        self.login = Field(Phrase("Login, for ever"))
        self.name_en = Field(Phrase("Name in Latin letters"))
        self.name_zh = Field(Phrase("Name in Chinese"))
        self.badge = Field(Phrase("Badge: scan it"))
        self.check = Field(Phrase("How was the identity checked?"))
        self.kind = Choices([Phrase("a person"), Phrase("for emergencies")], 0)
        self.lay(
            (self.name_en, self.name_zh),
            (self.login, self.badge),
            (self.check,),
            (self.kind,),
            wanted=(
                (self.name_en, Phrase("write the name")),
                (self.login, Phrase("write the login")),
                (self.check, Phrase("write how the identity was checked")),
            ),
        )

    def send(self) -> None:
        secret, login = first_password(), self.login.text.strip()
        self.act.begin_busy(Phrase("Storing"))
        self.screen.ask(partial(own_verifier, login=login, secret=secret), partial(self._make, login, secret))

    def _make(self, login: str, secret: str, verifier: str) -> None:
        order = CreatePerson(
            command_id=new_id(),
            id=new_id(),
            login=login,
            name_en=self.name_en.text.strip(),
            name_zh=self.name_zh.text.strip(),
            badge=self.badge.text.strip() or None,
            identity_check=self.check.text.strip(),
            verifier=verifier,
            break_glass=self.kind.index == 1,
        )
        told = partial(HandOverSheet, self.screen, str(order.id), order.name_en, secret)
        self.screen.give(order, done=lambda: self.screen.open_sheet(told()))


class LetInSheet(_Form):
    """A forgotten password, or somebody who comes back: who it is is checked anew."""

    def __init__(self, screen: PeopleScreen, person: PersonLine) -> None:
        title = Phrase("New first password") if person.enabled else Phrase("Let in again")
        super().__init__(screen, title, Phrase("Make a first password"), icon="key")
        self._person = person
        self.check = Field(Phrase("How was the identity checked?"))
        line = Phrase("{name} sets a password of their own with it; open sessions end now.", name=person.name)
        self.lay((Label(line, wrap=True),), (self.check,), wanted=((self.check, Phrase("write how the identity was checked")),))

    def send(self) -> None:
        secret = first_password()
        self.act.begin_busy(Phrase("Storing"))
        self.screen.ask(partial(own_verifier, login=self._person.login, secret=secret), partial(self._make, secret))

    def _make(self, secret: str, verifier: str) -> None:
        person = self._person
        order = LetInAgain(command_id=new_id(), person=person.id, identity_check=self.check.text.strip(), verifier=verifier)
        told = partial(HandOverSheet, self.screen, str(person.id), person.name, secret)
        self.screen.give(order, done=lambda: self.screen.open_sheet(told()))


class DescribeSheet(_Form):
    """What somebody goes by; the login never changes, and what was signed keeps its printed name."""

    def __init__(self, screen: PeopleScreen, person: PersonLine) -> None:
        super().__init__(screen, person.name, Phrase("Store"), icon="pen")
        self._person = person
        self.name_en = Field(Phrase("Name in Latin letters"), text=person.name.en)
        self.name_zh = Field(Phrase("Name in Chinese"), text=person.name.zh)
        self.badge = Field(Phrase("Badge: scan it"), text=person.badge or "")
        self.phone = Field(Phrase("Phone"), text=person.phone)
        self.lay((self.name_en, self.name_zh), (self.badge, self.phone), wanted=((self.name_en, Phrase("write the name")),))

    def send(self) -> None:
        order = DescribePerson(
            command_id=new_id(),
            person=self._person.id,
            name_en=self.name_en.text.strip(),
            name_zh=self.name_zh.text.strip(),
            phone=self.phone.text.strip(),
            badge=self.badge.text.strip() or None,
        )
        self.act.begin_busy(Phrase("Storing"))
        self.screen.give(order, done=partial(self.screen.back_to, str(self._person.id)))


class HandOverSheet(Sheet):
    """The first password, shown once: nobody can look at it again."""

    def __init__(self, screen: PeopleScreen, person: str, name: Words, secret: str) -> None:
        done = PrimaryButton(Phrase("It was handed over"), icon="arrow")
        super().__init__(Phrase("First password"), icon="key", primary=done)
        self.secret = secret
        self.body.addWidget(Label(Phrase("First password of {name}", name=name), bold=True, wrap=True))
        self.body.addWidget(Label(Phrase("It lets in once, to set a password of one's own. It is shown here and never again."), wrap=True))
        self.body.addSpacing(2 * self.body.spacing())
        self.body.addWidget(Label(secret, Type.TITLE))
        self.body.addStretch(1)
        done.clicked.connect(lambda: screen.back_to(person))
