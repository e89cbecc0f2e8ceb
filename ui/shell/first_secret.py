"""A password nobody else knows, at first and when it is past its age: without it nothing is done (21 CFR 11.200(a)(2), 11.300(b))."""

from __future__ import annotations

from functools import partial

from app.base.errors import AppError, RuleViolation
from app.base.ids import new_id
from app.base.phrases import Phrase
from app.core.people import MIN_SECRET, ChangeOwnSecret
from ui.kit import Label, Panel, PasswordField, theme
from ui.shell.hooks import Context
from ui.shell.questions import Arrival, arrived, own_verifier
from ui.shell.screen import Screen

_HANDED_OUT = Phrase("The password you were given only lets you in. Your own one signs for you: nobody else may know it.")
_AGED = Phrase("Your password is older than this plant allows. It still lets you in; nothing is done or signed until you set a new one.")
_NEXT = Phrase("Set a password of your own."), Phrase("once, before the first work")
_NEXT_AGED = Phrase("Set a new password."), Phrase("before the work goes on")


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
        self._why = Label("", ink="ink2", wrap=True)
        length = Phrase("At least {length} characters.", length=MIN_SECRET)
        panel.body.addWidget(self._why)
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
        aged = self._arrival is not None and self._arrival.secret.set_at is not None
        self._why.tell(_AGED if aged else _HANDED_OUT)
        self.say_next(*(_NEXT_AGED if aged else _NEXT))
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
        """Rights count from now on: they are asked for again."""
        if self._arrival is not None:
            self.ask(partial(arrived, here=self._arrival.session), self._goes_on, self._not_stored)

    def _goes_on(self, arrival: Arrival) -> None:
        self.set.end_busy()
        self.shell.rights = arrival.rights
        self.shell.enter(arrival)

    def _not_stored(self, error: AppError) -> None:
        self.set.end_busy()
        self.refuse(error)
