"""The whole comparison: chains and seals computed anew, rows against their last image, the schema against the program, witnesses.

Everything is asked as the program's own text over tables and catalogues: a function of the database could have been replaced to say what
somebody wants to hear.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core.masking import CLASSES, demand_sees
from app.core.trust.chains import check_chains
from app.core.trust.rows import check_rows
from app.core.trust.schema_lines import differences, lines_of, shipped
from app.core.trust.sealed import check_seals
from app.core.trust.witness import SEALS, Seen
from app.core.trust.wrong import Wrong

CHECKS = ("chains", "seals", "rows", "schema", "witness")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one check found."""

    check: str
    """One of `CHECKS`."""
    counted: int
    """Entries, seals, rows, lines or chains that were compared."""
    took_s: float
    wrong: Wrong | None


def verify(session: Session, *, since: datetime | None, witnesses: Mapping[str, Mapping[str, Seen]]) -> list[Outcome]:
    """Every check, each to its first fault; all of one moment.

    Args:
        session: Of a person who may read the trail; this must be its transaction's first question.
        since: Entries, seals and rows from then on; ``None``: everything. What was there before is taken as it stands.
        witnesses: By station, what the stations of this computer have seen.

    Raises:
        NotAllowed: this person may not read the trail.
        NotShownToYou: nor all of what it holds: hashes are those of whole entries.
    """
    session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
    session.execute(text("SELECT set_config('timezone', 'UTC', true), set_config('bytea_output', 'hex', true)"))
    session.execute(text("SELECT set_config('statement_timeout', '0', true)"))
    session.execute(text("SELECT FROM lineside.audit_chain LIMIT 1"))  # who may not read the trail is told that first
    demand_sees(session, *CLASSES)
    checks: tuple[Callable[[], tuple[int, Wrong | None]], ...] = (
        lambda: check_chains(session, since),
        lambda: check_seals(session, since),
        lambda: check_rows(session, since),
        lambda: _schema(session),
        lambda: _witnesses(session, witnesses),
    )
    return [_timed(name, check) for name, check in zip(CHECKS, checks, strict=True)]


def _timed(name: str, check: Callable[[], tuple[int, Wrong | None]]) -> Outcome:
    begun = time.perf_counter()
    counted, wrong = check()
    return Outcome(check=name, counted=counted, took_s=time.perf_counter() - begun, wrong=wrong)


def _schema(session: Session) -> tuple[int, Wrong | None]:
    """The database is made of what this program installs; the first thing that is not, and how many there are."""
    here = lines_of(session)
    found = differences(here, shipped())
    if not found:
        return len(here), None
    first = found[0]
    more = f" ({len(found)} in all)" if len(found) > 1 else ""
    how = "it is gone" if first.how == "gone" else f"it was {first.how}"
    return len(here), Wrong(where=f"{first.kind} {first.name}", why=how + more)


_STANDS = text("SELECT encode(hash, 'hex') FROM lineside.audit_log WHERE chain = :chain AND seq = :seq")
_SEAL_STANDS = text("SELECT encode(hash, 'hex') FROM lineside.seal WHERE no = :seq")


def _witnesses(session: Session, witnesses: Mapping[str, Mapping[str, Seen]]) -> tuple[int, Wrong | None]:
    """What the stations of this computer saw still stands there."""
    counted = 0
    for station, seen in sorted(witnesses.items()):
        for chain, one in sorted(seen.items()):
            counted += 1
            now = session.execute(_SEAL_STANDS if chain == SEALS else _STANDS, {"chain": chain, "seq": one.seq}).scalar_one_or_none()
            if now != one.hash:
                why = "it is gone" if now is None else "it is another one now"
                return counted, Wrong(where=f"{chain} entry {one.seq}", why=f"station {station} saw it, and {why}")
    return counted, None
