"""What a check found wrong, and how long rows are walked through without holding all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

_BATCH = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """The first thing of a check that does not hold."""

    where: str
    """E.g. ``IQC-02/ui entry 41 (lot 0190…)``, ``seal 7``, ``lot 0190…``, ``function lot_gate()``."""
    why: str


def streamed(session: Session, statement: str, **asked: Any) -> Iterator[list[Any]]:
    """Rows as they come from the server, a few thousand at a time."""
    with session.execute(text(statement).execution_options(yield_per=_BATCH), asked) as rows:
        for row in rows:
            yield [bytes(value) if isinstance(value, memoryview) else value for value in row]
