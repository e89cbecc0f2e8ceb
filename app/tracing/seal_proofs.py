"""What binds an exported record to the seals of its releases, so that the file and the seal printed on the paper prove each other.

A seal binds the heads of all chains at one moment. For each chain the record has entries in, the bundle tells where the chain stood and
the way from there to the seal's root (RFC 6962, section 2.1.1: audit path). Where the record's last entry before the seal is not the
head itself, the entries that follow it are told when they are of the same transaction: what a release writes besides the record. What
other records wrote into a chain in between is theirs and stays where it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.core.trust.seals import merkle_path
from app.reports.bundle import json_line

_OF_RECORD = text("SELECT no, told, prev, hash FROM lineside.seal WHERE subject = :record ORDER BY no")
_HEADS = text("""
    SELECT c.chain, h.line FROM lineside.audit_chain c CROSS JOIN LATERAL (
      SELECT l.line FROM lineside.seal s CROSS JOIN LATERAL regexp_split_to_table(s.heads, E'\\n') AS l (line)
       WHERE s.no <= :no AND strpos(s.heads, c.chain || ' ') > 0 AND (regexp_match(l.line, '^(.*) [0-9]+ [0-9a-f]{64}$'))[1] = c.chain
       ORDER BY s.no DESC LIMIT 1) h
     ORDER BY c.chain COLLATE "C\"""")
_LAST = text("""
    SELECT chain, max(seq) AS seq FROM lineside.audit_log a
     WHERE row_id = ANY(:rows) AND EXISTS (SELECT FROM unnest(CAST(:chains AS text[]), CAST(:heads AS bigint[])) h (chain, seq)
       WHERE h.chain = a.chain AND a.seq <= h.seq) GROUP BY chain""")
_AFTER = text("""
    SELECT a.chain, a.seq, a.payload, a.prev, a.hash FROM lineside.audit_log_seen a
     WHERE a.chain = :chain AND a.seq > :last AND a.seq <= :head
       AND a.tx = (SELECT b.tx FROM lineside.audit_log b WHERE b.chain = :chain AND b.seq = :last) ORDER BY a.seq""")


def seal_lines(session: Session, record: UUID, rows: Sequence[UUID]) -> bytes:
    """Every seal of a record's releases with its proofs, one a line; nothing for a record nobody released.

    Args:
        session: Of a person who may read the trail.
        record: The lot or batch.
        rows: Identities of all its rows.
    """
    return b"".join(json_line(_proven(session, seal, rows)) for seal in session.execute(_OF_RECORD, {"record": record}))


def _proven(session: Session, seal: Row[Any], rows: Sequence[UUID]) -> dict[str, Any]:
    stood = session.execute(_HEADS, {"no": seal.no}).all()
    leaves = [row.line for row in stood]
    heads = {row.chain: (int(row.line.rsplit(" ", 2)[1]), row.line.rsplit(" ", 1)[1]) for row in stood}
    asked = {"rows": [*rows], "chains": [*heads], "heads": [seq for seq, _ in heads.values()]}
    told = []
    for last in sorted(session.execute(_LAST, asked), key=lambda row: str(row.chain)):
        seq, digest = heads[last.chain]
        index = [*heads].index(last.chain)
        path = [node.hex() for node in merkle_path(leaves, index)]
        after = [_entry(row) for row in session.execute(_AFTER, {"chain": last.chain, "last": last.seq, "head": seq})]
        follows = after if len(after) == seq - last.seq else []
        told.append({"chain": last.chain, "seq": seq, "hash": digest, "index": index, "path": path, "after": follows})
    return {"told": seal.told, "prev": bytes(seal.prev).hex(), "hash": bytes(seal.hash).hex(), "size": len(leaves), "heads": told}


def _entry(row: Row[Any]) -> dict[str, Any]:
    return {"chain": row.chain, "seq": row.seq, "payload": row.payload, "prev": bytes(row.prev).hex(), "hash": bytes(row.hash).hex()}
