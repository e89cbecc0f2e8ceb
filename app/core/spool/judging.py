"""Whose fault it is that a batch was not taken: the content's, which no repetition heals, or somebody else's."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import sqlalchemy.exc

from app.base.errors import AppError
from app.core.refusals import DatabaseAway, Refused

FORESEEN = (AppError, psycopg.Error, sqlalchemy.exc.DBAPIError, sqlalchemy.exc.TimeoutError, OSError)
"""What `deliver` may raise; anything else is a defect and goes to the crash report."""

OF_THE_CONTENT = ("21", "22", "23", "42", "44", "54", "P0", "LS")
"""SQLSTATE classes that speak about what was sent: cardinality, data, integrity, access and syntax, check option, size, RAISE, our
own rules. Every other class (08, 25, 40, 53, 55, 57, 58, XX …) is tried again: an entry in quarantine that belongs in the database
is the worse mistake, because somebody must find it."""

_WITHOUT_STATE = (psycopg.DataError, psycopg.IntegrityError, psycopg.ProgrammingError)
"""Raised before anything was sent, e.g. for a NUL in a text."""


def refusal_of(trouble: Exception) -> str | None:
    """Why the database will never take this content, in words for IT; ``None``: nobody knows yet, it must be sent again.

    Args:
        trouble: One of `FORESEEN`. What the database itself said is looked for behind the sentence that was made of it.
    """
    for one in _behind(trouble):
        if isinstance(one, psycopg.Error):
            return _by_state(one)
    if isinstance(trouble, Refused):
        return f"{trouble.sqlstate} {trouble.what}"
    return None


def cause_of(trouble: Exception) -> AppError:
    """What to show as the reason while the database is away."""
    return trouble if isinstance(trouble, AppError) else DatabaseAway()


def _by_state(trouble: psycopg.Error) -> str | None:
    state = trouble.sqlstate
    if state is None:
        return str(trouble) if isinstance(trouble, _WITHOUT_STATE) else None
    if not state.startswith(OF_THE_CONTENT):
        return None
    return " ".join(part for part in (state, trouble.diag.constraint_name, trouble.diag.message_primary) if part)


def _behind(trouble: BaseException | None) -> Iterator[BaseException]:
    """The trouble and everything it was made of."""
    while trouble is not None:
        yield trouble
        original = getattr(trouble, "orig", None)
        trouble = original if isinstance(original, BaseException) else trouble.__cause__
