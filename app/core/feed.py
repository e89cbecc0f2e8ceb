"""What changed since a mark, in the order of commits; polled every 1–2 s, never pushed (NOTIFY would serialise commits)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.core.stations import StationLink


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A row of a table changed; what it says now is asked by whoever shows it."""

    table: str
    row: UUID
    op: str
    """``INSERT``, ``UPDATE`` or ``DELETE``."""


class Feed:
    """Reads on from where it stopped; a restart begins at now."""

    def __init__(self, link: StationLink) -> None:
        self._link = link
        self._mark: int | None = None

    def changes(self) -> list[Change]:
        """What was committed since the last call; nothing is missed and nothing comes twice.

        Raises:
            DatabaseAway: the next call goes on from the same mark.
        """
        if self._mark is None:
            self._mark = int(str(self._link.ask("SELECT lineside.feed_mark()::text AS mark")[0]["mark"]))
            return []
        statement = (
            "SELECT f.tx::text, f.tab, f.row_id, f.op, lineside.feed_mark()::text AS mark FROM lineside.feed_after(%s::text::xid8) f"
        )
        rows = self._link.ask(statement, str(self._mark))
        if rows:
            self._mark = max(int(row["tx"]) for row in rows) + 1
        return [Change(table=row["tab"], row=row["row_id"], op=row["op"]) for row in rows]
