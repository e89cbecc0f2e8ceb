"""The seals as they are stored, and what they bound, against the trail as it stands."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core.trust.seals import Seal, SealWalk
from app.core.trust.wrong import Wrong, streamed

_SEALS = "SELECT no, at, why, subject, heads, root, schema, told, prev, hash FROM lineside.seal ORDER BY no"
_BOUND = text("""
    SELECT s.no, h[1] AS chain, h[2]::bigint AS seq, l.hash IS NULL AS gone
      FROM lineside.seal s CROSS JOIN LATERAL regexp_split_to_table(s.heads, E'\\n') line
      CROSS JOIN LATERAL regexp_match(line, '^(.*) ([0-9]+) ([0-9a-f]{64})$') h
      LEFT JOIN lineside.audit_log l ON l.chain = h[1] AND l.seq = h[2]::bigint
     WHERE s.heads <> '' AND (CAST(:since AS timestamptz) IS NULL OR s.at >= :since) AND encode(l.hash, 'hex') IS DISTINCT FROM h[3]
     ORDER BY s.no LIMIT 1""")


def check_seals(session: Session, since: datetime | None) -> tuple[int, Wrong | None]:
    """Each seal anew from all before it; each head it bound is still what stands in the trail."""
    walk, counted = SealWalk(), 0
    for no, at, why, subject, heads, root, schema, told, prev, digest in streamed(session, _SEALS):
        counted += 1
        seal = Seal(
            no=no,
            at=at,
            why=why,
            subject=str(subject) if subject is not None else None,
            heads=heads,
            root=root,
            schema=schema,
            told=told,
            prev=prev,
            hash=digest,
        )
        wrong = walk.wrong_with(seal)
        if wrong is not None:
            return counted, Wrong(where=f"seal {no}", why=_SEAL_WORDS[wrong])
    bound = session.execute(_BOUND, {"since": since}).one_or_none()
    if bound is not None:
        why = "it is gone" if bound.gone else "it is another one now"
        return counted, Wrong(where=f"{bound.chain} entry {bound.seq}", why=f"seal {bound.no} bound it, and {why}")
    return counted, None


_SEAL_WORDS = {
    "gap": "it does not follow the seal before it",
    "time": "it is older than the seal before it",
    "text": "its text is not what its columns say",
    "hash": "its hash is not that of its text",
    "heads": "a chain in it goes back",
    "root": "its root is not that of the heads it bound",
}
