"""The trail as it is browsed: what was changed, by whom, where, from what to what, and why; found by a record, a person or a station."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.base.phrases import Name
from app.core.masking import shown_as
from app.core.records import Person
from app.tracing.belongings import OF_BATCH, OF_LOT, ids_of

MOST = 200
"""Entries a look shows; the newest first."""
_OWN = frozenset({"id", "version"})
"""Columns that say nothing to a reader when they change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailEntry:
    """One entry. ``changes``: by column what stood there before and stands there since; of a new row every column that holds something."""

    chain: str
    seq: int
    at: datetime
    who: str
    station: str | None
    command: str | None
    reason: str | None
    table: str
    op: str
    """``INSERT``, ``UPDATE`` or ``DELETE``."""
    row: UUID
    changes: tuple[tuple[str, str | None, str | None], ...]
    """Where a mask stands before and since, the column did change, and who asks does not see from what to what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailPage:
    """What was found."""

    meant: str
    """What the words were taken for: ``record``, ``person``, ``station``, ``nothing`` (no such code), or empty: no words."""
    entries: tuple[TrailEntry, ...]
    more: bool
    """Whether there are older ones that were not fetched."""
    names: dict[str, Name]


_RECORDS = (
    *("lot", "batch", "deviation", "container", "inspection", "document", "item", "supplier", "location", "asset", "purchase_order"),
    *("station", "site"),
)
_BY_CODE = text(
    " UNION ALL ".join(f"SELECT '{table}' AS tab, id FROM lineside.{shown_as(table)} WHERE code = :words" for table in _RECORDS)
    + " UNION ALL SELECT 'unit', id FROM lineside.unit WHERE serial = :words"
)
_STATION = text("SELECT code FROM lineside.station WHERE code = :words")
_PERSON = text(
    "SELECT login FROM lineside.person_seen WHERE login = :lower OR lower(name_en) = :lower OR name_zh = :words OR badge = :words"
)
_ENTRIES = """
    SELECT chain, seq, at, payload, tab, row_id FROM lineside.audit_log_seen l
     WHERE {which} AND (CAST(:since AS timestamptz) IS NULL OR at >= :since) ORDER BY at DESC, chain, seq DESC LIMIT :most"""
_WHICH = {
    "record": "row_id = ANY(:rows)",
    "station": "starts_with(chain, :words || '/')",
    "person": "who = :words",
    "": "true",
}


def trail(session: Session, *, words: str, since: datetime | None) -> TrailPage:
    """What the trail holds, newest first.

    Args:
        session: Of a person who may read the trail.
        words: Code of a record (of a lot or a batch everything that belongs to it), of a station, or a person's login, name or badge;
            empty: everything.
        since: From when on; ``None``: from the beginning.

    Raises:
        NotAllowed: this person may not read the trail.
    """
    meant, asked = _meant(session, words.strip())
    if meant == "nothing":
        return TrailPage(meant=meant, entries=(), more=False, names={})
    statement = text(_ENTRIES.format(which=_WHICH[meant]))
    found = session.execute(statement, {**asked, "since": since, "most": MOST + 1}).all()
    entries = tuple(_entry(row) for row in found[:MOST])
    people = session.query(Person).filter(Person.login.in_({one.who for one in entries}))
    return TrailPage(meant=meant, entries=entries, more=len(found) > MOST, names={person.login: person.name for person in people})


def _meant(session: Session, words: str) -> tuple[str, dict[str, Any]]:
    if not words:
        return "", {}
    rows = session.execute(_BY_CODE, {"words": words.upper()}).all()
    if rows and not all(row.tab == "station" for row in rows):
        return "record", {"rows": _with_all_of_it(session, [(row.tab, row.id) for row in rows])}
    station = session.execute(_STATION, {"words": words.upper()}).scalar_one_or_none()
    if station is not None:
        return "station", {"words": station}
    person = session.execute(_PERSON, {"words": words, "lower": words.lower()}).scalars().first()
    return ("person", {"words": person}) if person is not None else ("nothing", {})


def _with_all_of_it(session: Session, found: Sequence[tuple[str, UUID]]) -> list[UUID]:
    """The rows of a lot or a batch are its receipts, steps, entries, signatures …, as in its exported file."""
    whole = {"lot": OF_LOT, "batch": OF_BATCH}
    ids = {row for _, row in found}
    for table, row in found:
        if table in whole:
            ids |= ids_of(session, whole[table], row)
    return sorted(ids)


def _entry(row: Any) -> TrailEntry:
    said = json.loads(row.payload, parse_float=str, parse_int=str)
    return TrailEntry(
        chain=row.chain,
        seq=row.seq,
        at=row.at,
        who=said["who"],
        station=said["station"],
        command=said["name"],
        reason=said["reason"],
        table=row.tab,
        op=said["op"],
        row=row.row_id,
        changes=tuple(_changes(said.get("old") or {}, said.get("new") or {}, frozenset(said.get("masked", ())))),
    )


def _changes(old: dict[str, Any], new: dict[str, Any], masked: frozenset[str]) -> list[tuple[str, str | None, str | None]]:
    columns = [*new, *(column for column in old if column not in new)]
    pairs = [(column, _written(old.get(column)), _written(new.get(column))) for column in columns if column not in _OWN]
    return [(column, before, now) for column, before, now in pairs if before != now or column in masked]


def _written(value: Any) -> str | None:
    if value is None:
        return None
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


_HEADINGS = ("time (UTC)", "person", "station", "table", "row", "act", "command", "column", "before", "after", "reason", "chain", "number")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula is written with an apostrophe before it."""


def as_csv(entries: Sequence[TrailEntry]) -> bytes:
    """One line for every column that changed, in UTF-8 with a byte order mark, as spreadsheets want it."""
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(_HEADINGS)
    for one in entries:
        head = [f"{one.at:%Y-%m-%d %H:%M:%S.%f}", one.who, one.station, one.table, str(one.row), one.op, one.command]
        tail = [one.reason, one.chain, one.seq]
        for column, before, now in one.changes or (("", None, None),):
            lines.writerow([_harmless(value) for value in (*head, column, before, now, *tail)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _harmless(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.lstrip().startswith(_FORMULA) else "" if value is None else value
