"""What lies on the inspector's bench: the inspection, the gauges that may be used, the deviations of the lot; and where the hand is."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from sqlalchemy.orm import Session

from app.base.measurement import Verdict
from app.base.phrases import Name
from app.core.late.queries import LateRow, waiting_about
from app.deviations.queries import DeviationRow, deviations_of
from app.inspection.queries import CharacteristicRow, GaugesHere, InspectionRow, MeasurementRow, gauges_here, inspection_by_id
from app.inspection.rules import Tally
from app.typed.queries import TypedRow
from ui.inspection.cursor import Place, next_empty, pages
from ui.shell.questions import names_of

RECENT = 10


@dataclass(frozen=True, kw_only=True)
class Bench:
    """Everything the measuring screen draws, as it is on record."""

    inspection: InspectionRow
    gauges: GaugesHere
    deviations: tuple[DeviationRow, ...]
    names: dict[str, Name]
    late: tuple[LateRow, ...] = ()
    """Readings made while the database was away that wait for their author."""

    @cached_property
    def drafted(self) -> dict[Place, LateRow]:
        """What waits, by its cell; a cell on record is no draft's any more."""
        rows = {one.no: n for n, one in enumerate(self.inspection.characteristics)}
        places = {Place(rows[one.no], one.sample_no): one for one in self.late if one.no in rows}
        return {place: one for place, one in places.items() if place not in self.taken}

    @cached_property
    def taken(self) -> dict[Place, MeasurementRow]:
        """The values so far by their cell."""
        rows = {one.id: n for n, one in enumerate(self.inspection.characteristics)}
        return {Place(rows[one.characteristic], one.sample_no): one for one in self.inspection.measurements}

    @cached_property
    def waiting(self) -> dict[Place, TypedRow]:
        """What was typed and waits for its second person, by its cell; a cell that was measured meanwhile has its value."""
        rows = {one.id: n for n, one in enumerate(self.inspection.characteristics)}
        found = {
            Place(rows[one.characteristic], one.sample_no): one for one in self.inspection.waiting if one.characteristic and one.sample_no
        }
        return {place: one for place, one in found.items() if place not in self.taken}

    @property
    def tally(self) -> Tally:
        """The count that decides."""
        return self.inspection.tally

    @property
    def is_complete(self) -> bool:
        """Whether the inspection is closed."""
        return self.inspection.status == "complete"

    @property
    def samples(self) -> int:
        return self.inspection.sample_size

    def characteristic(self, place: Place) -> CharacteristicRow:
        """What is measured in a cell."""
        return self.inspection.characteristics[place.row]

    def next_after(self, place: Place | None, *, besides: Set[Place] = frozenset()) -> Place | None:
        """The next empty cell that is not one of `besides`; ``None`` when there is none."""
        return next_empty(self.taken.keys() | besides, rows=len(self.inspection.characteristics), samples=self.samples, after=place)

    def typed_samples(self, row: int) -> frozenset[int]:
        """The samples of one characteristic whose values somebody typed."""
        return frozenset(place.sample for place, one in self.taken.items() if place.row == row and one.origin == "typed")

    def values(self, row: int) -> dict[int, Decimal]:
        """The values of one characteristic by sample number."""
        return {place.sample: one.measured.value for place, one in self.taken.items() if place.row == row}

    def recent(self, row: int) -> tuple[Decimal, ...]:
        """The last ten values of one characteristic, oldest first."""
        of_row = [one for place, one in self.taken.items() if place.row == row]
        return tuple(one.measured.value for one in sorted(of_row, key=lambda one: one.taken_at)[-RECENT:])

    def page_is_full(self, page: int) -> bool:
        """Whether every cell of a subgroup has its value."""
        rows = range(len(self.inspection.characteristics))
        return all(Place(row, sample) in self.taken for row in rows for sample in pages(self.samples)[page])

    def page_has_outside(self, page: int) -> bool:
        """Whether a value of a subgroup lies outside."""
        return any(place.page == page and one.verdict is not Verdict.CONFORMS for place, one in self.taken.items())

    def without_deviation(self) -> list[MeasurementRow]:
        """Values outside that nobody opened a deviation for yet."""
        known = {one.cause_id for one in self.deviations}
        return [one for one in self.inspection.measurements if one.verdict is not Verdict.CONFORMS and one.id not in known]

    def to_describe(self) -> list[DeviationRow]:
        """Deviations of this lot that say neither what happened nor what becomes of it, oldest first."""
        return [one for one in self.deviations if one.status == "open" and one.disposition is None]

    def to_sign(self) -> list[DeviationRow]:
        """Described deviations of this lot whose disposition waits for signatures, oldest first."""
        return [one for one in self.deviations if one.status == "open" and one.disposition is not None]

    def last_gauge(self, row: int) -> str:
        """The gauge that took the last value of a characteristic; empty before the first."""
        of_row = [one for place, one in self.taken.items() if place.row == row]
        return max(of_row, key=lambda one: one.taken_at).gauge if of_row else ""

    def connected(self, codes: Sequence[str], place: Place) -> list[str]:
        """Which of the devices at this station are of the kind a cell needs."""
        kind = self.characteristic(place).gauge_kind
        found = [self.gauges.named(code) for code in codes]
        return [asset.code for asset in found if asset is not None and asset.kind == kind]


def bench(session: Session, *, inspection: UUID, site: UUID) -> Bench | None:
    """All of it in one transaction."""
    row = inspection_by_id(session, inspection)
    if row is None:
        return None
    late = waiting_about(session, row.lot.id)
    came = [one.late for one in row.measurements if one.late is not None]
    people = frozenset(one.taken_by for one in row.measurements) | {one.author for one in late}
    people |= {who for one in came for who in (one.author, one.by)}
    return Bench(
        inspection=row,
        gauges=gauges_here(session, site=site),
        deviations=tuple(deviations_of(session, kind="lot", subject=row.lot.id)),
        names=names_of(session, people) if people else {},
        late=late,
    )
