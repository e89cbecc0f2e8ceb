"""Oneself: the account as it is on record, one's jobs, the last log-ins, and a new password whenever one wants."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from app.base.errors import AppError
from app.base.ids import new_id
from app.base.phrases import Phrase
from app.core.people import MIN_SECRET, ChangeOwnSecret
from app.core.people_view import Oneself, oneself
from ui.kit import Button, Label, Panel, PasswordField, PrimaryButton, Sheet, State, StateRow, StateRows, same_key, theme
from ui.kit.tokens import CONTROL_HEIGHT, GAP
from ui.shell.evidence import Fact
from ui.shell.fact_rows import FactRow
from ui.shell.first_secret import NotTheSame
from ui.shell.job_words import job_words
from ui.shell.person_words import secret_words, where_words
from ui.shell.questions import own_verifier

if TYPE_CHECKING:
    from ui.shell.screen import Screen


class OwnSheet(Sheet):
    """What the plant knows of this person; somebody else's log-in shows here first."""

    def __init__(self, screen: Screen, login: str) -> None:
        super().__init__(Phrase("My account"), icon="person", primary=None, leave=Phrase("Back"))
        self._screen, self._login = screen, login
        self._facts = Panel(Phrase("On record"), "", padding=0)
        self._facts.body.setSpacing(0)
        self.jobs, self.logins = StateRows(numbered=False), StateRows(numbered=False)
        jobs, logins = Panel(Phrase("My jobs"), "", padding=0), Panel(Phrase("Last log-ins"), "", padding=0)
        jobs.body.addWidget(self.jobs)
        logins.body.addWidget(self.logins)
        self.change = Button(Phrase("New password"), icon="key", key=Qt.Key.Key_F8, height=CONTROL_HEIGHT)
        self.change.clicked.connect(lambda: screen.open_sheet(OwnSecretSheet(screen, login)))
        self.body.addWidget(self._facts)
        self.body.addWidget(jobs, 2)
        self.body.addWidget(logins, 3)
        self.body.addWidget(self.change)
        screen.ask(partial(oneself, login=login), self._show)

    def press(self, key: int) -> bool:
        """F8 changes the password."""
        if same_key(key, Qt.Key.Key_F8):
            self.change.click()
            return True
        return self.logins.press(key) or super().press(key)

    def _show(self, me: Oneself) -> None:
        zone, now = self._screen.shell.zone, self._screen.shell.clock.now()
        for fact in (
            Fact(name=Phrase("name"), value=me.account.name),
            Fact(name=Phrase("login"), value=me.account.login),
            Fact(name=Phrase("badge"), value=me.account.badge or "–"),
            Fact(name=Phrase("password"), value=secret_words(me.account, now, zone)),
        ):
            self._facts.body.addWidget(FactRow(fact))
        self.jobs.show_rows([StateRow(state=State.PASS, title=job_words(one.job), line=where_words(one)) for one in me.account.places])
        self.logins.show_rows(
            [
                StateRow(
                    state=State.FAIL if one.failed else State.PASS,
                    title=Phrase("wrong password") if one.failed else Phrase("signed in"),
                    line=one.station or Phrase("past the stations"),
                    right=f"{one.at.astimezone(zone):%Y-%m-%d %H:%M}",
                )
                for one in me.logins
            ]
        )


class OwnSecretSheet(Sheet):
    """A new password, twice."""

    def __init__(self, screen: Screen, login: str) -> None:
        self.act = PrimaryButton(Phrase("Set my password"), icon="key")
        super().__init__(Phrase("New password"), icon="key", primary=self.act)
        self._screen, self._login = screen, login
        self.first, self.again = PasswordField(Phrase("New password")), PasswordField(Phrase("The same again"))
        self.body.addWidget(Label(Phrase("At least {length} characters.", length=MIN_SECRET), ink="ink2"))
        self.body.addWidget(self.first)
        self.body.addSpacing(theme.px(GAP))
        self.body.addWidget(self.again)
        self.body.addStretch(1)
        self.act.clicked.connect(self._send)

    def _send(self) -> None:
        secret, again = self.first.text, self.again.text
        self.first.clear()
        self.again.clear()
        self.first.setFocus()
        if self.act.is_busy:
            return
        if secret != again:
            self._screen.refuse(NotTheSame())
            return
        self.act.begin_busy(Phrase("Storing"))
        self._screen.ask(partial(own_verifier, login=self._login, secret=secret), self._store, self._refused)

    def _store(self, verifier: str) -> None:
        order = ChangeOwnSecret(command_id=new_id(), verifier=verifier)
        self._screen.bridge.give(order, done=self._stored, refused=self._refused, owner=self._screen)

    def _stored(self, _: object) -> None:
        self._screen.clear_banner()
        self._screen.open_sheet(OwnSheet(self._screen, self._login))

    def _refused(self, error: AppError) -> None:
        self.act.end_busy()
        self._screen.refuse(error)
