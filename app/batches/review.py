"""A batch as whoever releases it looks at it: what must hold, what is out of order, what was made, who signed. Ten statements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.base.phrases import Name
from app.batches.queries import BatchRow, ExceptionRow, Obstacle, batch_by_id, exceptions_of, obstacles_of
from app.batches.step_facts import ConsumptionRow, EntryRow
from app.batches.step_view import rows_behind
from app.core.work import NotFound
from app.deviations.queries import DeviationRow, deviations_of
from app.deviations.rules import meanings_demanded

FELL = "LS095"
"""The database's code of a step whose signature does not stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedStep:
    """A step without its entries; ``asked`` holds by field what the frozen record says of it (name, unit, limits)."""

    id: UUID
    no: int
    key: str
    kind: str
    name: Name
    status: str
    asked: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A lot that went in and was not taken back."""

    lot: UUID
    code: str
    item: str
    status: str
    """As the lot stands now; the database looked at it at each use too."""
    expires_on: date
    last_used_on: date
    """Calendar day at the site."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """A gauge or machine whose values count, with the calibration that was in force. ``due_on`` earliest, ``used_on`` latest."""

    code: str
    due_on: date | None
    passed: bool
    used_on: date
    without: int
    """Values that were read without a calibration in force."""

    @property
    def was_fit(self) -> bool:
        """Whether it was in calibration whenever it was used."""
        return self.without == 0 and self.passed and (self.due_on is None or self.used_on <= self.due_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A step that counts: ``label`` or ``yield``. Current values by field: issued, applied, destroyed, samples, left, made, good, scrapped,
    not_found.
    """

    step: int
    kind: str
    values: Mapping[str, Decimal]

    @property
    def not_found(self) -> Decimal | None:
        """What nobody accounts for; ``None`` until everything is counted."""
        return self.values.get("not_found")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """A signature on the batch or on one of its steps. ``step``: ``None`` for the batch. ``stands``: over what is recorded now."""

    step: int | None
    meaning: str
    signer: str
    name: Name
    at: datetime
    stands: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchReview:
    """Everything the release screen shows, as of one look."""

    batch: BatchRow
    steps: tuple[ReviewedStep, ...]
    entries: int
    """Values, materials and labels on record, corrections and what was taken back with them."""
    obstacles: tuple[Obstacle, ...]
    """What the database would refuse a release for, now."""
    exceptions: tuple[ExceptionRow, ...]
    behind: Mapping[UUID, EntryRow | ConsumptionRow]
    """The entries and consumptions that the exceptions are of, with all their evidence, by their id."""
    deviations: tuple[DeviationRow, ...]
    demanded: Mapping[UUID, tuple[str, ...]]
    """Of each open deviation the meanings that are still to be signed; empty: it is not described yet."""
    components: tuple[Component, ...]
    instruments: tuple[Instrument, ...]
    counted: tuple[Counted, ...]
    signatures: tuple[Signing, ...]
    hands: frozenset[str]
    """Logins of who had a hand in it, and therefore cannot release it."""
    names: Mapping[str, Name]

    def name_of(self, login: str | None) -> Name:
        """Printed name; the login itself for somebody without a row."""
        return self.names.get(login or "", Name(login or "–", ""))

    def step(self, no: int | None) -> ReviewedStep | None:
        """The step with this number."""
        return next((step for step in self.steps if step.no == no), None)

    def deviation(self, code: str | None) -> DeviationRow | None:
        """The deviation with this code."""
        return next((row for row in self.deviations if row.code == code), None)

    @property
    def made(self) -> Counted | None:
        """The yield of the batch: its last step that counts what was made."""
        return next((one for one in reversed(self.counted) if one.kind == "yield" and "made" in one.values), None)


def batch_review(session: Session, batch: UUID) -> BatchReview:
    """All of it.

    Raises:
        NotFound: there is no such batch.
    """
    row = batch_by_id(session, batch)
    if row is None:
        raise NotFound(record="batch", key=str(batch))
    asked = {"batch": batch}
    steps = tuple(_step(one) for one in session.execute(_STEPS, asked))
    deviations = tuple(deviations_of(session, kind="batch", subject=batch))
    obstacles = obstacles_of(session, batch)
    sums = session.execute(_SUMS, asked).one()
    exceptions = exceptions_of(session, batch)
    return BatchReview(
        batch=row,
        steps=steps,
        entries=sums.entries,
        obstacles=tuple(obstacles),
        exceptions=tuple(exceptions),
        behind=rows_behind(session, {one.record for one in exceptions}),
        deviations=deviations,
        demanded=_demanded(session, [one for one in deviations if one.status == "open"]),
        components=tuple(Component(**one._mapping) for one in session.execute(_COMPONENTS, asked)),
        instruments=tuple(Instrument(**one._mapping) for one in session.execute(_INSTRUMENTS, asked)),
        counted=tuple(_counted(session, batch)),
        signatures=tuple(_signing(one, obstacles) for one in session.execute(_SIGNATURES, asked)),
        hands=frozenset(sums.hands),
        names={p.login: Name(p.name_en, p.name_zh) for p in session.execute(_NAMES)},
    )


_STEPS = text("SELECT id, no, key, kind, status, spec FROM lineside.batch_step_seen WHERE batch = :batch ORDER BY no")
_SUMS = text("""
    SELECT (SELECT count(*) FROM lineside.batch_step s JOIN lineside.step_entry e ON e.batch_step = s.id WHERE s.batch = :batch)
         + (SELECT count(*) FROM lineside.batch_step s JOIN lineside.consumption c ON c.batch_step = s.id WHERE s.batch = :batch)
         + (SELECT count(*) FROM lineside.unit u JOIN lineside.label l ON l.kind = 'unit' AND l.subject_id = u.id WHERE u.batch = :batch)
           AS entries,
           ARRAY(SELECT lineside.performers('batch', :batch)) AS hands""")
_COMPONENTS = text("""
    SELECT l.id AS lot, l.code, i.code AS item, l.status, l.expires_on, max((c.consumed_at AT TIME ZONE t.zone)::date) AS last_used_on
      FROM lineside.batch b JOIN lineside.site t ON t.id = b.site JOIN lineside.batch_step s ON s.batch = b.id
      JOIN lineside.consumption c ON c.batch_step = s.id JOIN lineside.lot l ON l.id = c.lot JOIN lineside.item i ON i.id = l.item
      LEFT JOIN lineside.consumption_undo u ON u.consumption = c.id
     WHERE b.id = :batch AND u.id IS NULL GROUP BY l.id, i.code ORDER BY l.code""")
_INSTRUMENTS = text("""
    SELECT a.code, min(k.due_on) AS due_on, bool_and(coalesce(k.passed, true)) AS passed,
           max((e.entered_at AT TIME ZONE t.zone)::date) AS used_on,
           count(*) FILTER (WHERE e.origin = 'measured' AND k.id IS NULL) AS without
      FROM lineside.batch b JOIN lineside.site t ON t.id = b.site JOIN lineside.batch_step s ON s.batch = b.id
      JOIN lineside.step_entry e ON e.batch_step = s.id JOIN lineside.asset a ON a.id = e.device
      LEFT JOIN lineside.calibration k ON k.id = e.calibration
     WHERE b.id = :batch AND (e.calibration IS NOT NULL OR e.origin = 'measured') GROUP BY a.code ORDER BY a.code""")
_COUNTED = text("""
    SELECT s.no, s.kind, e.field, e.value FROM lineside.batch_step s JOIN lineside.step_entry e ON e.batch_step = s.id
     WHERE s.batch = :batch AND s.kind IN ('label', 'yield') AND e.unit_serial IS NULL
       AND NOT EXISTS (SELECT FROM lineside.step_entry c WHERE c.corrects = e.id) ORDER BY s.no""")
_SIGNATURES = text("""
    WITH subject AS (
      SELECT 'batch' AS kind, b.id, NULL::integer AS no, b.version FROM lineside.batch b WHERE b.id = :batch
      UNION ALL SELECT 'batch_step', s.id, s.no, s.version FROM lineside.batch_step s WHERE s.batch = :batch AND s.kind = 'sign')
    SELECT k.no, g.meaning, g.signer, g.signer_name_en, g.signer_name_zh, g.at, g.subject_version = k.version AS of_this_version,
           CASE WHEN k.no IS NULL THEN g.meaning = ANY (lineside.standing_meanings('batch', k.id)) END AS batch_stands
      FROM subject k JOIN lineside.signature g ON g.subject_kind = k.kind AND g.subject_id = k.id ORDER BY g.at""")
_OPEN = text("SELECT d.id, lineside.standing_meanings('deviation', d.id) AS standing FROM lineside.deviation d WHERE d.id = ANY (:ids)")
_NAMES = text("SELECT login, name_en, name_zh FROM lineside.person")


_PARTS = ("checks", "parameters", "choices", "times", "photos", "characteristics")
"""Parts of a step in which the record names fields."""


def _step(row: Any) -> ReviewedStep:
    spec: dict[str, Any] = row.spec
    parts = [one for part in _PARTS for one in spec.get(part, ())]
    return ReviewedStep(
        id=row.id,
        no=row.no,
        key=row.key,
        kind=row.kind,
        name=Name(spec["name"]["en"], spec["name"]["zh"]),
        status=row.status,
        asked={part["key"]: part for part in parts},
    )


def _counted(session: Session, batch: UUID) -> list[Counted]:
    found: dict[tuple[int, str], dict[str, Decimal]] = {}
    for row in session.execute(_COUNTED, {"batch": batch}):
        found.setdefault((row.no, row.kind), {})[row.field] = row.value
    return [Counted(step=no, kind=kind, values=values) for (no, kind), values in found.items()]


def _signing(row: Any, obstacles: list[Obstacle]) -> Signing:
    """Of a step the database said already whether its signature stands: what does not is an obstacle. Nothing is hashed twice."""
    fell = any(one.rule == FELL and one.step == row.no for one in obstacles)
    stands = row.of_this_version and (row.batch_stands if row.no is None else not fell)
    name = Name(row.signer_name_en, row.signer_name_zh)
    return Signing(step=row.no, meaning=row.meaning, signer=row.signer, name=name, at=row.at, stands=stands)


def _demanded(session: Session, waiting: list[DeviationRow]) -> dict[UUID, tuple[str, ...]]:
    standing = {row.id: row.standing for row in session.execute(_OPEN, {"ids": [one.id for one in waiting]})} if waiting else {}
    return {
        one.id: tuple(m for m in map(str, meanings_demanded(one.class_, one.disposition)) if m not in standing[one.id])
        if one.disposition is not None
        else ()
        for one in waiting
    }
