"""The chains of the trail, computed anew from their stored bytes.

Entries are fetched as the server's binary COPY, one chain after the other: a row costs two microseconds so, in a result set four.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Generator
from contextlib import closing
from datetime import datetime

import psycopg
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core.trust.wrong import Wrong

_CHAINS = text("SELECT chain FROM lineside.audit_chain UNION SELECT chain FROM lineside.audit_log ORDER BY 1")
_HEADS = text("SELECT chain, seq, hash FROM lineside.audit_chain")
_OF_ENTRY = text("SELECT tab, row_id FROM lineside.audit_log WHERE chain = :chain AND seq = :seq")
_ENTRIES = """
    COPY (SELECT seq, (extract(epoch FROM at) * 1000000)::bigint,
        strpos(payload, '"tab": "' || tab || '"') > 0 AND strpos(payload, row_id::text) > 0
          AND strpos(payload, '"chain": "' || chain || '"') > 0 AND strpos(payload, '"seq": ' || seq || ',') > 0,
        hash, prev || convert_to(payload, 'UTF8')
      FROM lineside.audit_log_seen WHERE chain = {} AND (CAST({} AS timestamptz) IS NULL OR at >= {})
     ORDER BY seq) TO STDOUT (FORMAT BINARY)"""
_HEADER = 19
"""Bytes before the first row of a binary COPY: signature, flags, length of an extension that is none."""
_ROW = struct.Struct(">hiqiqi?i32si")
"""Five fields, each after its length: number, microseconds, whether the columns say what was hashed, hash; then the hashed bytes."""
_HASH = 32


def check_chains(session: Session, since: datetime | None) -> tuple[int, Wrong | None]:
    """Numbers without a gap, links, hashes, times that do not go back, columns that say what the payload says, heads that end it.

    Args:
        session: Of a person who may read the trail.
        since: Entries from then on; the one before the first is taken as it stands.
    """
    connection = session.connection().connection.driver_connection
    if not isinstance(connection, psycopg.Connection):
        raise TypeError("a person's connection is psycopg's")
    heads = {chain: (seq, bytes(digest)) for chain, seq, digest in session.execute(_HEADS)}
    counted = 0
    for (chain,) in session.execute(_CHAINS).all():
        walked, end, wrong = _walk(connection, chain, since)
        counted += walked
        if wrong is not None:
            seq, why = wrong
            of = session.execute(_OF_ENTRY, {"chain": chain, "seq": seq}).one()
            return counted, Wrong(where=f"{chain} entry {seq} ({of.tab} {of.row_id})", why=why)
        head = heads.get(chain)
        if head is None:
            return counted, Wrong(where=chain, why="the chain has no head")
        if head != (end if end is not None else (0, b"") if since is None else head):
            return counted, Wrong(where=f"{chain} entry {head[0]}", why="the chain ends elsewhere than its head says: its end is gone")
    return counted, None


def _walk(
    connection: psycopg.Connection, chain: str, since: datetime | None
) -> tuple[int, tuple[int, bytes] | None, tuple[int, str] | None]:
    """How many entries, the last of them, and the first that is wrong."""
    sha256 = hashlib.sha256
    counted, number, link, before = 0, 0, b"", None
    with closing(_rows(connection, chain, since)) as rows:
        for seq, at, says, stored, hashed in rows:
            if counted == 0 and since is not None:
                number, link = seq - 1, hashed[:_HASH] if seq > 1 else b""
            counted += 1
            why = None
            if seq != number + 1 or not hashed.startswith(link):
                why = "it does not follow the entry before it: one is missing, or was exchanged"
            elif sha256(hashed).digest() != stored:
                why = "its hash is not that of what it says"
            elif before is not None and at < before:
                why = "it is older than the entry before it"
            elif not says:
                why = "its columns say something else than what was hashed"
            if why is not None:
                return counted, None, (seq, why)
            number, link, before = seq, stored, at
    return counted, ((number, link) if counted else None), None


def _rows(connection: psycopg.Connection, chain: str, since: datetime | None) -> Generator[tuple[int, int, bool, bytes, bytes]]:
    """Number, time, whether the columns agree, hash, hashed bytes; a hash of another length is none."""
    unpack, size = _ROW.unpack_from, _ROW.size
    query = psycopg.sql.SQL(_ENTRIES).format(chain, since, since)
    with connection.cursor() as cursor, cursor.copy(query) as blocks:
        first = True
        for block in blocks:
            row = bytes(block)[_HEADER:] if first else bytes(block)
            first = False
            if len(row) >= size:
                _, _, seq, _, at, _, says, length, digest, _ = unpack(row)
                yield (seq, at, says, digest, row[size:]) if length == _HASH else (seq, at, says, b"", b"")
