"""What the keeper found, before it is on record."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

LONGEST_KEY = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One case."""

    kind: str
    """One of the database's ``finding.kind``."""
    key: str
    """The case itself, the same whenever it is found again; cut to `LONGEST_KEY`."""
    facts: dict[str, Any] = field(default_factory=dict)
    """Codes and plain values."""
    site: UUID | None = None
    """``None``: it belongs to no single site."""
    subject_kind: str = "plant"
    subject_id: UUID | None = None
