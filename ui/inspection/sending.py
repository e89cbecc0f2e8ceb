"""Values that Enter took and the record does not have yet: each with its cell, in the order in which they were taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from app.base.ids import new_id
from app.base.measurement import Reading
from app.base.phrases import Phrase
from app.inspection.commands import RecordMeasurement
from app.inspection.queries import CharacteristicRow
from ui.inspection.bench import Bench
from ui.inspection.cursor import Place
from ui.inspection.readings import listed
from ui.kit import Words
from ui.shell.series import Series


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One value on its way. Its cell was chosen when it was taken and never becomes another one."""

    inspection: str
    """Code of its inspection."""
    place: Place
    characteristic: CharacteristicRow
    order: RecordMeasurement
    series: Series
    """Its line: a refused value stops what was taken after it by the same person for the same inspection."""

    @property
    def value(self) -> Decimal:
        """As the gauge sent it."""
        return self.order.reading.quantity.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell that must be measured again."""

    place: Place
    no: int
    """Number of its characteristic."""


class Sending:
    """What is on its way from this station, whichever inspection stands on the screen."""

    def __init__(self) -> None:
        self._series: dict[UUID, Series] = {}
        """The line that goes on, by inspection."""
        self._unanswered: list[Taken] = []
        self._unknown: set[UUID] = set()
        """Of those: asked again by itself when the database is back; by their orders' identity."""
        self._drafts: list[Taken] = []
        """They wait for their author; the screen has not read them from the database yet."""
        self._stored: list[Taken] = []
        """The database has it, the screen has not read it again yet."""

    def take(self, bench: Bench, place: Place, reading: Reading) -> Taken:
        """A value was taken for a cell."""
        one, test = bench.characteristic(place), bench.inspection
        order = RecordMeasurement(
            command_id=new_id(), id=new_id(), inspection=test.id, characteristic=one.id, sample_no=place.sample, reading=reading
        )
        series = self._series.setdefault(test.id, Series())
        taken = Taken(inspection=test.code, place=place, characteristic=one, order=order, series=series)
        self._unanswered.append(taken)
        return taken

    def is_stored(self, taken: Taken) -> None:
        """The database has it."""
        self._unanswered.remove(taken)
        if self._goes_on(taken):
            self._stored.append(taken)

    def is_unknown(self, taken: Taken) -> None:
        """The database went away: it lies on this station's disk, and nobody knows more."""
        self._unknown.add(taken.order.command_id)

    def is_drafted(self, taken: Taken) -> None:
        """It waits for its author. What comes now begins a new line: nothing waits behind a draft."""
        self._unanswered.remove(taken)
        if self._goes_on(taken):
            del self._series[taken.order.inspection]
            self._drafts.append(taken)
        elif any(one.order.inspection == taken.order.inspection for one in self._drafts):
            self._drafts.append(taken)

    def is_refused(self, taken: Taken) -> list[Cell]:
        """It was refused, and with it everything behind it in its line: the cells of all of them. What comes now begins a new line."""
        behind = [one for one in self._unanswered if one.series is taken.series]  # what was before it has its answer
        self._unanswered = [one for one in self._unanswered if one not in behind]
        if self._goes_on(taken):
            del self._series[taken.order.inspection]
        return [Cell(place=one.place, no=one.characteristic.no) for one in behind]

    def is_read_again(self, bench: Bench) -> None:
        """What stands on record is on its way no longer."""
        on_record = {one.id for one in bench.inspection.measurements}
        self._stored = [one for one in self._stored if one.order.id not in on_record]
        arrived = on_record | {one.record for one in bench.late}
        self._drafts = [one for one in self._drafts if one.order.id not in arrived]

    def forget(self) -> None:
        """Another person goes on: what is on its way still gets its answer, its cells are free to be measured."""
        self._series, self._stored, self._drafts = {}, [], []

    def of(self, inspection: UUID) -> dict[Place, Taken]:
        """What is on its way into one inspection, by its cell."""
        unanswered = [one for one in self._unanswered if self._goes_on(one)]
        return {one.place: one for one in (*self._drafts, *self._stored, *unanswered) if one.order.inspection == inspection}

    def waits(self, taken: Taken) -> bool:
        """Whether it waits for the database, and nobody knows how long."""
        return taken.order.command_id in self._unknown or taken in self._drafts

    def _goes_on(self, taken: Taken) -> bool:
        return self._series.get(taken.order.inspection) is taken.series


def cells_words(cells: Sequence[Cell]) -> Words:
    """``(1) sample 3, 4, 5, (2) sample 1``: the characteristics with their samples, in the order in which they were taken."""
    samples: dict[int, list[str]] = {}
    for cell in cells:
        samples.setdefault(cell.no, []).append(str(cell.place.sample))
    return listed([Phrase("({no}) sample {samples}", no=no, samples=", ".join(these)) for no, these in samples.items()])
