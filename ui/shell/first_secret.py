"""The first time: a password nobody else knows. Without it nothing can be signed (21 CFR 11.200(a)(2))."""

from __future__ import annotations

from functools import partial

from app.base.errors import AppError, RuleViolation
from app.base.ids import new_id
from app.base.phrases import Phrase
from app.core.people import MIN_SECRET, ChangeOwnSecret
from ui.kit import Label, Panel, PasswordField, theme
from ui.shell.hooks import Context
from ui.shell.questions import Arrival, own_verifier
from ui.shell.screen import Screen


class NotTheSame(RuleViolation):
    code = "PER-22"
    text = "Not stored: the two passwords are not the same."
    next_step = "Enter the new password twice."


class FirstSecret(Screen):
    """A gate between the first sign-in and the work."""

    can_go_back = False

    def build(self) -> None:
        """Two fields and why."""
        self._arrival: Arrival | None = None
        self.first = PasswordField(Phrase("New password"))
        self.again = PasswordField(Phrase("The same again"))
        self.setFocusProxy(self.first)
        panel = Panel(Phrase("A password of your own"))
        panel.setFixedWidth(theme.px(720))
        why = Phrase("The password you were given only lets you in. Your own one signs for you: nobody else may know it.")
        length = Phrase("At least {length} characters.", length=MIN_SECRET)
        panel.body.addWidget(Label(why, ink="ink2", wrap=True))
        panel.body.addWidget(Label(length, ink="ink2"))
        panel.body.addSpacing(theme.px(8))
        panel.body.addWidget(self.first)
        panel.body.addWidget(self.again)
        panel.body.addStretch(1)
        self.lay_out(panel)
        self.set = self.primary(Phrase("Set my password"), self._set, icon="key")

    def opened(self, context: Context) -> None:
        """Both empty."""
        self.first.clear()
        self.again.clear()
        self.say_next(Phrase("Set a password of your own."), Phrase("once, before the first work"))
        self.first.setFocus()

    def let_in(self, arrival: Arrival) -> None:
        """Who must set a password; they go on afterwards."""
        self._arrival = arrival

    def _set(self) -> None:
        secret, again = self.first.text, self.again.text
        self.first.clear()
        self.again.clear()
        self.first.setFocus()
        if secret != again or self._arrival is None:
            self.refuse(NotTheSame())
            return
        self.set.begin_busy(Phrase("Storing"))
        self.ask(partial(own_verifier, login=self._arrival.session.who.login, secret=secret), self._store, self._not_stored)

    def _store(self, verifier: str) -> None:
        order = ChangeOwnSecret(command_id=new_id(), verifier=verifier)
        self.bridge.give(order, done=self._stored, refused=self._not_stored, owner=self)

    def _stored(self, _: None) -> None:
        self.set.end_busy()
        if self._arrival is not None:
            self.shell.enter(self._arrival)

    def _not_stored(self, error: AppError) -> None:
        self.set.end_busy()
        self.refuse(error)
