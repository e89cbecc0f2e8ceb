"""Reading the trail and recomputing its chains. Written by the database alone (migrations/sql/audit.sql); shown to who may read it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core.masking import CLASSES, demand_sees


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of the trail: who changed which row of which table, when, where, by which command, and why."""

    chain: str
    seq: int
    at: datetime
    who: str
    station: str | None
    command: str | None
    reason: str | None
    table: str
    op: str
    old: dict[str, Any] | None
    new: dict[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """The first place where a chain is not what it was."""

    chain: str
    seq: int
    why: str
    """``gap``, ``hash``, ``head`` or ``time``."""


def entries_of(session: Session, row: UUID) -> list[Entry]:
    """Everything the trail holds of one row, oldest first."""
    found = session.execute(
        text("SELECT chain, seq, at, payload FROM lineside.audit_log_seen WHERE row_id = :row ORDER BY tx, chain, seq"), {"row": row}
    )
    return [_entry(one.chain, one.seq, one.at, json.loads(one.payload)) for one in found]


def first_break(session: Session) -> Break | None:
    """Recompute every chain from its stored bytes; ``None`` when all hold.

    A cut tail whose head was repaired verifies here: only a witness outside the database shows that.

    Raises:
        NotShownToYou: who asks does not see all that is hashed.
    """
    heads = {row.chain: row for row in session.execute(text("SELECT chain, seq, hash FROM lineside.audit_chain"))}
    demand_sees(session, *CLASSES)
    for chain, head in sorted(heads.items()):
        if (broken := _walk(session, chain, head.seq, bytes(head.hash))) is not None:
            return broken
    return None


def _walk(session: Session, chain: str, head_seq: int, head_hash: bytes) -> Break | None:
    last, link, before = 0, b"", None
    with closing(_links(session, chain)) as links:
        for seq, at, payload, prev, stored in links:
            if seq != last + 1 or prev != link:
                return Break(chain=chain, seq=seq, why="gap")
            link = hashlib.sha256(prev + payload.encode()).digest()
            if link != stored:
                return Break(chain=chain, seq=seq, why="hash")
            if before is not None and at < before:  # one statement, one time
                return Break(chain=chain, seq=seq, why="time")
            last, before = seq, at
    return None if (last, link) == (head_seq, head_hash) else Break(chain=chain, seq=last, why="head")


def _links(session: Session, chain: str) -> Generator[tuple[int, datetime, str, bytes, bytes], None, None]:
    statement = text("SELECT seq, at, payload, prev, hash FROM lineside.audit_log_seen WHERE chain = :chain ORDER BY seq")
    with session.execute(statement.execution_options(yield_per=5000), {"chain": chain}) as rows:  # closed too when the walk ends early
        for row in rows:
            yield row.seq, row.at, row.payload, bytes(row.prev), bytes(row.hash)


def _entry(chain: str, seq: int, at: datetime, told: dict[str, Any]) -> Entry:
    return Entry(
        chain=chain,
        seq=seq,
        at=at,
        who=told["who"],
        station=told["station"],
        command=told["name"],
        reason=told["reason"],
        table=told["tab"],
        op=told["op"],
        old=told.get("old"),
        new=told.get("new"),
    )
