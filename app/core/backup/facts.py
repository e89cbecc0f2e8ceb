"""What a database holds at one moment: rows of every table, heads of all chains, the last seal: what a manifest says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

from app.core.trust.witness import SEALS, Seen

_TABLES = """
    SELECT c.relname FROM pg_catalog.pg_class c
     WHERE c.relnamespace = 'lineside'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
       AND EXISTS (SELECT FROM pg_catalog.pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname IN ('audit_insert', 'stands'))
     ORDER BY 1"""
"""What is followed by the trail, or stands for good: what becomes fewer only by a deletion that is on record, or never."""
_HEADS = "SELECT chain, seq, encode(hash, 'hex') FROM lineside.audit_chain WHERE seq > 0"
_SEAL = "SELECT no, encode(hash, 'hex') FROM lineside.seal ORDER BY no DESC LIMIT 1"
_ABOUT = """
    SELECT current_setting('server_version'), current_database(), clock_timestamp(),
      (SELECT version_num FROM lineside_meta.alembic_version), (SELECT system_identifier::text FROM pg_catalog.pg_control_system())"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantFacts:
    """Of one moment."""

    server_version: str
    """E.g. ``18.6``."""
    system: str
    """PostgreSQL's own number of the cluster, the same in every copy of it."""
    database: str
    revision: str
    at: datetime
    rows: Mapping[str, int]
    """By table."""
    heads: Mapping[str, Seen]
    """By chain, and under `SEALS` the last seal."""


def facts_of(connection: psycopg.Connection[Any]) -> PlantFacts:
    """Everything at one moment; counting reads each table once.

    Args:
        connection: Idle and in autocommit, of somebody who may read the records: a superuser, or the keeper.
    """
    with connection.transaction(), connection.cursor(row_factory=tuple_row) as asked:
        asked.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        asked.execute("SELECT set_config('statement_timeout', '0', true)")
        version, database, at, revision, system = _one(asked, _ABOUT)
        tables = [name for (name,) in asked.execute(_TABLES).fetchall()]
        count = sql.SQL("SELECT count(*) FROM lineside.{}")
        rows = {name: int(_one(asked, count.format(sql.Identifier(name)))[0]) for name in tables}
        heads = {chain: Seen(seq=seq, hash=digest) for chain, seq, digest in asked.execute(_HEADS).fetchall()}
        last = asked.execute(_SEAL).fetchone()
    if last is not None:
        heads[SEALS] = Seen(seq=last[0], hash=last[1])
    return PlantFacts(
        server_version=version, system=system, database=database, revision=revision, at=at.astimezone(UTC), rows=rows, heads=heads
    )


def _one(asked: psycopg.Cursor[Any], question: Any) -> tuple[Any, ...]:
    row = asked.execute(question).fetchone()
    assert row is not None
    return tuple(row)
