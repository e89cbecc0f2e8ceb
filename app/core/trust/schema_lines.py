"""What the database is made of, compared with what this program installs: functions, triggers, rights, constraints, roles, settings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.base.errors import RuleViolation
from app.core.schema import MIGRATIONS
from app.core.stations import StationLink

QUERY = MIGRATIONS / "sql" / "schema_lines.sql"
"""Asked as it stands here, not by the database's own function of the same content, which a superuser could have replaced."""
JOBS = MIGRATIONS / "sql" / "job_lines.sql"
"""A line for each right of a job and each job of a person that no command of the product gave. No station may read what it reads."""
SHIPPED = MIGRATIONS / "schema_lines.txt"
"""What a fresh installation of this version is made of; a test compares it, and writes it anew when it is told to."""
SHOWN = 16
"""Hex digits of a line's SHA-256 that are kept."""


@dataclass(frozen=True, slots=True, order=True)
class SchemaLine:
    """One thing that decides."""

    kind: str
    """``function``, ``trigger``, ``relation``, ``column``, ``constraint``, ``index``, ``rule``, ``policy``, ``role``, ``membership`` …"""
    name: str
    digest: str
    """The first `SHOWN` hex digits of the SHA-256 of its details."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Something in the database is not as it was installed."""

    kind: str
    name: str
    how: str
    """``changed``, ``gone`` or ``added``."""


class SchemaDiffers(RuleViolation):
    code = "TRL-04"
    text = "Not signed: the {kind} {name} of the database is not as this program installs it (differences: {count})."
    next_step = "Call IT and Quality. Nobody signs here until it is mended; python main.py verify names the first difference."


def refusal_at(link: StationLink) -> SchemaDiffers | None:
    """Why nobody may sign at a station: what the database is made of differs from what this program installs.

    Raises:
        DatabaseAway: nothing was compared.
    """
    rows = link.ask(_text(QUERY))
    found = differences(read((row["kind"], row["name"], row["digest"]) for row in rows), shipped())
    return SchemaDiffers(kind=found[0].kind, name=found[0].name, count=len(found)) if found else None


def lines_of(session: Session) -> list[SchemaLine]:
    """What this database is made of; about 20 ms for 2 300 lines."""
    session.execute(text("SELECT set_config('search_path', 'lineside', true)"))  # names are written as seen from there
    return read(row for query in (QUERY, JOBS) for row in session.connection().exec_driver_sql(_text(query)))


def _text(query: Path) -> str:
    return query.read_text("utf-8").replace("%", "%%")


def read(rows: Iterable[Any]) -> list[SchemaLine]:
    """Rows of the query as lines."""
    return [SchemaLine(str(kind), str(name), str(digest)[:SHOWN]) for kind, name, digest in rows]


def shipped() -> list[SchemaLine]:
    """What this version of the program installs."""
    return [SchemaLine(*line.split("\t")) for line in SHIPPED.read_text("utf-8").splitlines()]


def written(lines: Iterable[SchemaLine]) -> str:
    """The file's text: one thing a line, in order."""
    return "".join(f"{one.kind}\t{one.name}\t{one.digest}\n" for one in sorted(lines))


def differences(here: Iterable[SchemaLine], wanted: Iterable[SchemaLine]) -> list[Difference]:
    """What differs, in the order of kind and name."""
    have, want = set(here), set(wanted)
    named_here, named_there = {(one.kind, one.name) for one in have - want}, {(one.kind, one.name) for one in want - have}
    return [
        Difference(
            kind=kind,
            name=name,
            how="changed" if (kind, name) in named_here & named_there else "added" if (kind, name) in named_here else "gone",
        )
        for kind, name in sorted(named_here | named_there)
    ]
