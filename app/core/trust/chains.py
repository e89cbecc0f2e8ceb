"""The chains of the trail, computed anew from their stored bytes."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core.trust.wrong import Wrong, streamed

_ENTRIES = """SELECT chain, seq, at, payload, prev, hash, tab, row_id FROM lineside.audit_log
    WHERE CAST(:since AS timestamptz) IS NULL OR at >= :since ORDER BY chain, seq"""
_HEADS = text("SELECT chain, seq, hash FROM lineside.audit_chain")


def check_chains(session: Session, since: datetime | None) -> tuple[int, Wrong | None]:
    """Numbers without a gap, links, hashes, times that do not go back, columns that say what the payload says, heads that end it."""
    sha256 = hashlib.sha256
    ends: dict[str, tuple[int, bytes]] = {}
    counted, here, number, link, before = 0, None, 0, b"", None
    for chain, seq, at, payload, prev, stored, table, row in streamed(session, _ENTRIES, since=since):
        if chain != here:
            here, before = chain, None
            number, link = (seq - 1, prev) if since is not None else (0, b"")
        counted += 1
        why = None
        if seq != number + 1 or prev != link:
            why = "it does not follow the entry before it: one is missing, or was exchanged"
        elif sha256(prev + payload.encode()).digest() != stored:
            why = "its hash is not that of what it says"
        elif before is not None and at < before:
            why = "it is older than the entry before it"
        elif not _says(payload, chain, seq, table, str(row)):
            why = "its columns say something else than what was hashed"
        if why is not None:
            return counted, Wrong(where=f"{chain} entry {seq} ({table} {row})", why=why)
        number, link, before = seq, stored, at
        ends[chain] = number, link
    for chain, seq, digest in session.execute(_HEADS):
        if ends.get(chain, (seq, bytes(digest)) if since is not None else (0, b"")) != (seq, bytes(digest)):
            return counted, Wrong(where=f"{chain} entry {seq}", why="the chain ends elsewhere than its head says: its end is gone")
        ends.pop(chain, None)
    if ends:
        return counted, Wrong(where=min(ends), why="the chain has no head")
    return counted, None


def _says(payload: str, chain: str, seq: int, table: str, row: str) -> bool:
    """Whether the columns beside a payload are what it says; without reading all of it, as every entry begins and ends alike."""
    return f'"tab": "{table}"' in payload and f'"chain": "{chain}"' in payload and f'"seq": {seq},' in payload and row in payload
