"""Orders that stand in line: what was given later is not carried out when something before it was refused, and never before it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from app.base.errors import RuleViolation
from app.core.database import SignInAgain
from app.core.refusals import DatabaseAway


class NotInTurn(RuleViolation):
    code = "CMD-20"
    text = "Not stored: what was given before it was refused."
    next_step = "Put right what was refused, then enter this again."


class Series:
    """One line of one person's orders; `Bridge.give` carries each out in its turn.

    The lane keeps the order anyway. What is added: a refusal stops everything behind it, for good, and so does a defect of this
    program; an order whose reply was lost holds back what stands behind it until it is known. Only the orders' thread comes here.
    """

    def __init__(self) -> None:
        self._stopped = False
        self._unknown: UUID | None = None

    @contextmanager
    def turn(self, order: UUID) -> Iterator[None]:
        """The turn of one order, by its ``command_id``.

        Raises:
            NotInTurn: one before it was refused; this one is not carried out.
            DatabaseAway: one before it is unknown; this one is asked again after it.
        """
        if self._stopped:
            raise NotInTurn()
        if self._unknown not in (None, order):
            raise DatabaseAway()
        self._stopped = True  # until it went through, whatever else ends it
        try:
            yield
        except (DatabaseAway, SignInAgain):
            self._unknown, self._stopped = order, False
            raise
        self._unknown, self._stopped = None, False
