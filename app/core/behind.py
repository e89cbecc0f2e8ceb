"""Who put a number where it stands: asked with F4 of whatever a screen shows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.base.phrases import Name
from app.core.records import Person

MOST = 50
"""Values that are asked of at once; the database answers no more."""

_BEHIND = text("SELECT * FROM lineside.entries_behind(CAST(:rows AS uuid[]), CAST(:columns AS text[]))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Where a value stands on record: a row and its column."""

    row: UUID
    column: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """The newest entry of the trail that changed a value. It holds no value itself."""

    name: Name | None
    """Of the person; ``None``: no person of this plant, see `who`."""
    who: str
    """Login."""
    station: str | None
    """``None``: past the stations."""
    act: str | None
    """The command; ``None``: a statement past the commands."""
    at: datetime
    """By the database's clock."""
    chain: str
    seq: int


def entries_behind(session: Session, values: Collection[Kept]) -> dict[Kept, Behind]:
    """Who put each of these values there.

    Args:
        session: Of anybody: no value is told, and none from before.
        values: At most `MOST`.

    Raises:
        ValueError: more than that.

    Returns:
        A value that no entry holds is left out: its column is no column of the record, or the trail does not follow it.
    """
    asked = list(values)
    if len(asked) > MOST:
        raise ValueError(f"{len(asked)} values are asked of at once, {MOST} are answered")
    found = session.execute(_BEHIND, {"rows": [one.row for one in asked], "columns": [one.column for one in asked]}).all()
    names = {one.login: one.name for one in session.query(Person).filter(Person.login.in_({row.who for row in found}))}
    return {
        Kept(row=row.row_id, column=row.col): Behind(
            name=names.get(row.who), who=row.who, station=row.station, act=row.act, at=row.at, chain=row.chain, seq=row.seq
        )
        for row in found
    }
