"""What a restored database holds, against what the backup's manifest says it must, against what stations saw, and against the living one.

The manifest's moment lies before the base backup: what others committed while it was copied is in the restored database too. The trail says
how much that is, table by table, so that counts are compared exactly and not roughly.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import psycopg
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core.backup.facts import PlantFacts
from app.core.trust.witness import SEALS, Seen

Connection = psycopg.Connection[Any]
_LATER = """
    SELECT l.tab, l.payload::jsonb ->> 'op' AS op, count(*) FROM lineside.audit_log l
      LEFT JOIN unnest(%s::text[], %s::bigint[]) h (chain, seq) ON h.chain = l.chain
     WHERE l.seq > coalesce(h.seq, 0) GROUP BY 1, 2"""
_FOLLOWED = """
    SELECT c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_trigger t ON t.tgrelid = c.oid
     WHERE c.relnamespace = 'lineside'::regnamespace AND t.tgname = 'audit_insert'"""
_STANDING = """
    SELECT h.chain, encode(l.hash, 'hex') FROM unnest(%s::text[], %s::bigint[]) h (chain, seq)
      JOIN lineside.audit_log l ON l.chain = h.chain AND l.seq = h.seq"""
_SEAL = "SELECT encode(hash, 'hex') FROM lineside.seal WHERE no = %s"
_ENDS = "SELECT chain, max(seq) FROM lineside.audit_log GROUP BY chain"
_ASKED = text("SELECT chain, seq, gone FROM lineside.heads_that_differ(:chains, :numbers, :hashes)")
_LAST_SEAL = "SELECT max(no) FROM lineside.seal"


def about_differs(promised: PlantFacts, found: PlantFacts) -> Iterator[str]:
    """Another cluster, database or version of the schema than the manifest says."""
    for name in ("system", "database", "revision"):
        wanted, here = getattr(promised, name), getattr(found, name)
        if wanted != here:
            yield f"{name}: the manifest says {wanted}, the restored database {here}"


def counts_differ(connection: Connection, promised: PlantFacts, found: PlantFacts) -> Iterator[str]:
    """Tables whose rows are not what the manifest says, with what the trail has of the time after it counted in."""
    chains, numbers = _columns({chain: seen for chain, seen in promised.heads.items() if chain != SEALS})
    later: Counter[str] = Counter()
    entries = 0
    for table, op, many in connection.execute(_LATER, [chains, numbers]).fetchall():
        entries += many
        later[table] += {"INSERT": many, "DELETE": -many}.get(op, 0)
    exact = {name for (name,) in connection.execute(_FOLLOWED).fetchall()} | {"audit_log"}
    later["audit_log"] = entries
    for table, wanted in sorted(promised.rows.items()):
        here = found.rows.get(table)
        if here is None:
            yield f"{table}: the manifest has {wanted} rows, the restored database no such table"
        elif here != wanted + later[table] if table in exact else here < wanted:
            came = f", {later[table]:+} came while it was copied" if later[table] else ""
            yield f"{table}: the manifest has {wanted} rows{came}, the restored database {here}"


def heads_differ(connection: Connection, promised: Mapping[str, Seen]) -> Iterator[str]:
    """Chains, and the last seal, that do not stand in this database as they are promised."""
    standing = _standing(connection, promised)
    for chain, seen in sorted(promised.items()):
        now = standing.get(chain)
        if now != seen.hash:
            yield f"{chain} entry {seen.seq}: " + ("it is not there" if now is None else "it is another one")


def witness_differs(connection: Connection, seen: Mapping[str, Seen]) -> tuple[int, list[str]]:
    """How much of what a station saw stands in the restored database; the rest came after the backup, or is named.

    A later entry cannot be compared with an older copy; one the copy must have, and has not or has otherwise, contradicts it.
    """
    ends: dict[str, int] = dict(connection.execute(_ENDS).fetchall())
    last = connection.execute(_LAST_SEAL).fetchone()
    ends[SEALS] = (last[0] if last is not None else None) or 0
    covered = {chain: one for chain, one in seen.items() if one.seq <= ends.get(chain, 0)}
    return len(covered), list(heads_differ(connection, covered))


def _standing(connection: Connection, heads: Mapping[str, Seen]) -> dict[str, str]:
    chains, numbers = _columns({chain: one for chain, one in heads.items() if chain != SEALS})
    found: dict[str, str] = dict(connection.execute(_STANDING, [chains, numbers]).fetchall())
    if SEALS in heads:
        row = connection.execute(_SEAL, [heads[SEALS].seq]).fetchone()
        if row is not None:
            found[SEALS] = row[0]
    return found


def _columns(heads: Mapping[str, Seen]) -> tuple[Sequence[str], Sequence[int]]:
    return list(heads), [one.seq for one in heads.values()]


def heads_that_differ(session: Session, heads: Mapping[str, Seen]) -> list[str]:
    """Which of these do not stand in the database that is worked with; for an administrator, who may not read the trail."""
    chains = sorted(heads)
    asked = {"chains": chains, "numbers": [heads[chain].seq for chain in chains], "hashes": [heads[chain].hash for chain in chains]}
    found = session.execute(_ASKED, asked)
    return [f"{row.chain} entry {row.seq}: the living database has " + ("none" if row.gone else "another") for row in found]
