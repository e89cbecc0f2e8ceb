"""F4 on a deviation: the value that stands outside and the limit it was held against."""

from __future__ import annotations

from app.base.phrases import Phrase
from app.core.behind import Kept
from app.deviations.queries import DeviationRow
from ui.deviations.words import facts_of
from ui.shell.evidence import Evidence

_CAUSES = {"measurement": "value", "step_entry": "value"}
"""Records that carry a value of their own, and the column it stands in."""


def proofs_of(row: DeviationRow) -> tuple[Evidence, ...]:
    """The value with who entered it and the frame it came in; everything else as it was copied when the deviation was opened."""
    copied = Kept(row=row.id, column="facts")
    evidence = []
    for one in facts_of(row):
        column = _CAUSES.get(row.cause_kind) if one.is_wrong else None
        kept = Kept(row=row.cause_id, column=column) if column is not None else copied
        origin = Phrase("the value on record") if column is not None else Phrase("copied by the database when the deviation was opened")
        raw = row.facts.get("raw") if one.is_wrong else None
        title = Phrase("{name}: {value}", name=one.name, value=one.value)
        evidence.append(Evidence(title=title, origin=origin, facts=(), raw=bytes.fromhex(raw) if raw else None, kept=kept))
    return tuple(evidence)
