"""Rows against the trail: what stands in the tables is the last image the trail has of it. An edit past the triggers shows here."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core.masking import shown_as
from app.core.trust.wrong import Wrong

_FOLLOWED = text("""
    SELECT c.relname FROM pg_catalog.pg_class c WHERE c.relnamespace = 'lineside'::regnamespace AND c.relkind = 'r'
       AND (EXISTS (SELECT FROM pg_catalog.pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = 'audit_insert')
            OR EXISTS (SELECT FROM lineside.audit_log l WHERE l.tab = c.relname)) ORDER BY 1""")
_SUSPECT = """
    SELECT t.id FROM lineside.{rows} t LEFT JOIN LATERAL (
        SELECT l.payload, l.at FROM lineside.audit_log_seen l WHERE l.row_id = t.id AND l.tab = '{table}'
         ORDER BY l.at DESC, l.seq DESC LIMIT 1) l ON true
     CROSS JOIN LATERAL (SELECT '"new": ' || row_to_json(t) || '}}' AS image) i
     WHERE (CAST(:since AS timestamptz) IS NULL OR l.at IS NULL OR l.at >= :since)
       AND (l.payload IS NULL OR right(l.payload, length(i.image)) <> i.image)"""
"""Rows whose last image does not end with what they are now: changed, or of before a column came; looked at one by one."""
_COUNT = "SELECT count(*) FROM lineside.{table}"
_MISSING = """
    SELECT DISTINCT l.tab, l.row_id FROM lineside.audit_log l LEFT JOIN ({ids}) i ON i.tab = l.tab AND i.id = l.row_id
     WHERE i.id IS NULL AND (CAST(:since AS timestamptz) IS NULL OR l.at >= :since)"""
_OF_ROW = text("SELECT at, payload FROM lineside.audit_log_seen WHERE row_id = :row AND tab = :table ORDER BY at, seq")


def check_rows(session: Session, since: datetime | None) -> tuple[int, Wrong | None]:
    """Every row is the last image the trail has of it; no row is there that the trail does not know, and none is missing."""
    tables = [name for (name,) in session.execute(_FOLLOWED)]
    counted = 0
    for table in tables:
        counted += session.execute(text(_COUNT.format(table=table))).scalar_one()
        for (row,) in session.execute(text(_SUSPECT.format(table=table, rows=shown_as(table))), {"since": since}):
            why = _differs(session, table, row)
            if why is not None:
                return counted, Wrong(where=f"{table} {row}", why=why)
    ids = " UNION ALL ".join(f"SELECT '{table}' AS tab, id FROM lineside.{table}" for table in tables)
    for table, row in session.execute(text(_MISSING.format(ids=ids)), {"since": since}):
        last = _last_image(session, table, row)
        if last is not None and last[1] is not None:
            return counted, Wrong(where=f"{table} {row}", why="the trail has it, the table does not")
    return counted, None


def _differs(session: Session, table: str, row: UUID) -> str | None:
    """Column by column: one that came later is empty, or it is not what the trail has."""
    last = _last_image(session, table, row)
    if last is None:
        return "the trail does not know it"
    image = last[1]
    if image is None:
        return "the trail says it was deleted"
    told = session.execute(
        text(f"SELECT row_to_json(t)::text FROM lineside.{shown_as(table)} t WHERE t.id = :row"), {"row": row}
    ).scalar_one()
    now = json.loads(told, parse_float=str, parse_int=str)
    for column in sorted(now.keys() | image.keys()):
        if now.get(column) != image.get(column):
            return f"{column} is not what the trail has"
    return None


def _last_image(session: Session, table: str, row: UUID) -> tuple[tuple[Any, int], dict[str, Any] | None] | None:
    """The newest image of a row, ``None`` in it where it was deleted; by time and the row's own version, as chains may interleave."""
    newest: tuple[tuple[Any, int], dict[str, Any] | None] | None = None
    for at, payload in session.execute(_OF_ROW, {"row": row, "table": table}):
        said = json.loads(payload, parse_float=str, parse_int=str)
        image = said.get("new")
        order = (at, int((image or {}).get("version") or 0))
        if newest is None or order >= newest[0]:
            newest = order, image
    return newest
