"""What may be done while the database is away: a command says it of its orders, and whoever says nothing is refused.

A draft is a reading, a scan or an entry of somebody who is signed in already: it lies in the station's store and waits for its author.
Nothing else has a meaning before the database has judged it: no signature, no decision, no correction, nothing out of shared stock.
Source: `docs/decisions/0014-entries-made-while-the-database-is-away.md`.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from app.base.errors import OutageError


class WhileAway(StrEnum):
    """What becomes of an order while the database is away."""

    REFUSED = "refused"
    DRAFT = "draft"
    """Kept on the station's disk; its author confirms it at the next sign-in."""
    KEPT = "kept"
    """Working memory of a screen, no record: the program keeps it and gives it again."""


Says = Callable[[Any], WhileAway]
"""What a command says of one of its orders."""


class NotWhileAway(OutageError):
    """Nothing was sent and nothing was kept."""

    code = "DB-09"
    text = "Not done: the database is away, and this cannot be prepared without it."
    next_step = "Go on measuring and entering, that is kept here. Repeat this when the strip says that the database is here."


def refused(_: object) -> WhileAway:
    """Nothing of this kind is done while the database is away."""
    return WhileAway.REFUSED


def as_draft(_: object) -> WhileAway:
    """Every order of this kind may wait as a draft."""
    return WhileAway.DRAFT


def kept(_: object) -> WhileAway:
    """No record: it is given again when the database is back."""
    return WhileAway.KEPT
