"""One signed-in person's threads and what they gave; a wrong password on record."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject
from shiboken6 import isValid

from app.base.errors import AppError, OutageError, RuleViolation
from app.core.command import Order
from app.core.database import WrongNameOrPassword
from app.core.session import SignedIn
from app.core.stations import StationLink
from ui.shell.lanes import Errand, Lane, Outcome
from ui.shell.series import Series

CLOSE_S = 6.0

Heard = Callable[[Any], None]
Refused = Callable[[AppError], None]


class NobodySignedIn(RuleViolation):
    code = "PER-20"
    text = "Not done: nobody is signed in at this station."
    next_step = "Sign in, then repeat."


class NotDoneByFault(OutageError):
    code = "shell.not_done"
    text = "Not done: this program has a fault at this place."
    next_step = "Go on with other work; the report that was written helps IT to mend it."


class NotSignedAfterAll(RuleViolation):
    code = "SIG-20"
    text = "Not signed: the connection was lost before the signature was stored."
    next_step = "Enter the password again and sign."


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Given:
    """An order on its way, or one whose reply was lost."""

    order: Order
    login: str
    """Who gave it; only their connection may ask for it again."""
    reason: str | None
    signed: bool
    """Signed orders are never sent again (the password is gone): the database is asked whether they were stored."""
    done: Heard
    refused: Refused
    unknown: Callable[[Given], None] | None
    drafted: Callable[[Given], None] | None
    """Hears that it waits as a draft, where it may."""
    owner: QObject | None
    series: Series | None
    """The line it stands in; ``None``: in none."""

    @property
    def is_wanted(self) -> bool:
        """Whether somebody is still there to hear it."""
        return self.owner is None or isValid(self.owner)

    def turn(self) -> AbstractContextManager[None]:
        """Its turn in the series, on the orders' thread; see `Series.turn`."""
        return nullcontext() if self.series is None else self.series.turn(self.order.command_id)


class Crew:
    """The two threads of one signed-in person: orders one after the other, questions beside them."""

    def __init__(self, session: SignedIn, tell: Callable[[Outcome], None]) -> None:
        self.session = session
        self.lost = False
        """Whether both connections are gone."""
        self.told = False
        """Whether the window was told so: its person is asked for the password."""
        self.orders = Lane(f"orders of {session.who.login}", tell)
        self.questions = Lane(f"questions of {session.who.login}", tell)

    def retire(self) -> None:
        """What waits is still done, then the connections are closed; returns at once."""
        self.questions.finish()
        self.orders.put(Errand(act=self._close, done=nothing, refused=nothing, owner=None))
        self.orders.finish()

    def _close(self) -> None:
        self.questions.join(CLOSE_S)
        self.session.close()

    def join(self, within_s: float) -> None:
        """Wait for a retired crew."""
        self.orders.join(within_s)


def nothing(_: object) -> None:
    """Nobody wants to hear it."""


class FailureOnRecord:
    """A wrong password inside this block is reported over the station's link."""

    def __init__(self, link: StationLink, login: str) -> None:
        self._link, self._login = link, login

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, kind: type[BaseException] | None, trouble: BaseException | None, _: object) -> None:
        if isinstance(trouble, WrongNameOrPassword):
            self._link.report_failed_sign_in(self._login)
