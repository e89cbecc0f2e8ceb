"""What a deviation, task, label or signature points at, without importing it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A record by kind and id, and the version somebody saw. ``kind`` is the table's name: ``lot``, ``deviation``, ``document`` …"""

    kind: str
    id: UUID
    version: int
