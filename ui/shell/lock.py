"""The lock: values are hidden, the open step stays. The same person goes on with a password, another one by badge or name."""

from __future__ import annotations

from app.base.phrases import Phrase
from ui.kit import Words
from ui.shell.hooks import Context
from ui.shell.sign_in import SignIn


class Lock(SignIn):
    """Covers the body, the rail and the last scan. ``context["login"]`` is who is asked for, ``context["lost"]`` whether the database
    ended the connection.
    """

    offers_side_door = False

    def build(self) -> None:
        """As sign-in, with another word on the button."""
        self._lost = False
        super().build()
        self.enter.tell(Phrase("Go on"))

    def opened(self, context: Context) -> None:
        """The person who was here is chosen already, or the one whose badge was scanned."""
        self._lost = bool(context.get("lost"))
        super().opened(context)
        login = context.get("login")
        if isinstance(login, str):
            self._choose_quietly(login)

    def _asked_for(self) -> tuple[Words, Words]:
        kept = Phrase("The open step stays as it is; what was entered is kept.")
        if self._lost:
            return Phrase("The connection was lost. Enter your password again."), kept
        return Phrase("Locked. Enter your password to go on."), kept
