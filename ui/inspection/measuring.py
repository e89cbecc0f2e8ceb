"""The state of measuring, without a widget: which cell is in focus, which value of now could go into it, how the gauges stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from app.base.errors import AppError
from app.base.measurement import Limits, Quantity, Reading
from app.base.phrases import Phrase
from app.core.late.queries import LateRow
from app.devices.events import DeviceState, Standing
from app.devices.protocol import families
from app.devices.settings import DeviceSettings
from app.inspection.queries import CharacteristicRow
from ui.inspection.bench import Bench
from ui.inspection.cursor import Place, moved, pages
from ui.inspection.readings import NoCellWaits, refusal_of
from ui.inspection.sending import Cell, Sending, Taken
from ui.inspection.words import kind_words, measure_words, read_words
from ui.kit import Words

_STANDS = {
    Standing.CONNECTING: Phrase("is being connected"),
    Standing.SILENT: Phrase("is silent"),
    Standing.STALE: Phrase("stands still"),
    Standing.FAULT: Phrase("is in fault"),
    Standing.CLOSED: Phrase("is not in use here"),
}


def can_be_asked(settings: DeviceSettings) -> bool:
    """Whether F5 can make this device send; a gauge with a key of its own cannot be asked."""
    family = families().get(settings.protocol)
    return family is not None and family.make(unit=settings.unit).ask_for_value is not None


@dataclass(slots=True, kw_only=True)
class Measuring:
    """One inspection under the hand."""

    devices: Sequence[DeviceSettings]
    """What is connected to this station."""
    sending: Sending
    """What was taken and is not on record yet."""
    bench: Bench | None = None
    focus: Place | None = None
    page: int = 0
    reading: Reading | None = None
    """The value of now that could be taken; never one of a gauge that went silent since."""
    standing: dict[str, Standing] = field(default_factory=dict)
    used: str = ""
    """The gauge that sent last: F5 asks it again."""

    # on record --------------------------------------------------------------------------------------------------------------------

    def put(self, bench: Bench) -> None:
        """What is on record now; the hand stays where it is while that cell is empty, else it goes to the next empty one."""
        same = self.bench is not None and self.bench.inspection.id == bench.inspection.id
        waited = same and self.waits
        self.bench = bench
        self.sending.is_read_again(bench)
        if not same:
            self.reading, self.focus = None, None
            self.go(self._next_empty(None))
        elif waited and self.focus in bench.taken:
            self.reading = None
            self.go(self._next_empty(self.focus))
        elif self.focus is None:
            self.go(self._next_empty(None))
        if bench.is_complete and self.focus is None:
            self.go(Place(0, 1))

    def take(self) -> Taken | None:
        """Enter: the value of now is taken for the focused cell, and the hand goes on at once, however long storing takes."""
        if self.bench is None or self.focus is None or self.reading is None or not self.waits:
            return None
        taken = self.sending.take(self.bench, self.focus, self.reading)
        self.reading = None
        self.go(self._next_empty(self.focus))
        return taken

    def refused(self, taken: Taken) -> list[Cell]:
        """A value was not stored: the hand that took it goes back to its cell.

        Returns:
            Every cell to be measured again: its own, those that were taken after it, and the one whose value stood live.
        """
        own = self.under_way.get(taken.place) is taken
        again = self.sending.is_refused(taken)
        if own:
            if self.reading is not None and self.focus is not None:
                again.append(Cell(place=self.focus, no=self.bench.characteristic(self.focus).no))
            self.reading = None
            self.go(taken.place)
        return again

    def _next_empty(self, after: Place | None) -> Place | None:
        """The next cell that nothing is on its way for; when only typed values wait, the first of those."""
        if self.bench is None:
            return None
        found = self.bench.next_after(after, besides=self.closed | self.bench.waiting.keys())
        return found or self.bench.next_after(after, besides=self.closed)

    def go(self, place: Place | None) -> None:
        """Another cell in focus; its page comes with it. A value of another characteristic does not follow."""
        if place is None or self.focus is None or place.row != self.focus.row:
            self.reading = None
        self.focus = place
        if place is not None:
            self.page = place.page

    def step(self, *, down: int = 0, right: int = 0) -> None:
        """An arrow key."""
        if self.bench is not None:
            rows = len(self.bench.inspection.characteristics)
            start = self.focus or Place(0, pages(self.bench.samples)[self.page].start)
            self.go(moved(start, rows=rows, samples=self.bench.samples, down=down, right=right))

    def turn(self, page: int) -> None:
        """Another subgroup: its first empty cell, else its first."""
        if self.bench is None or not 0 <= page < len(pages(self.bench.samples)):
            return
        row = self.focus.row if self.focus is not None else 0
        first = Place(row, pages(self.bench.samples)[page].start)
        empty = self._next_empty(None)
        self.go(empty if empty is not None and empty.page == page else first)

    @property
    def characteristic(self) -> CharacteristicRow | None:
        """What the focused cell measures."""
        return self.bench.characteristic(self.focus) if self.bench is not None and self.focus is not None else None

    @property
    def under_way(self) -> dict[Place, Taken]:
        """What was taken for this inspection and is not on record yet, by its cell."""
        return self.sending.of(self.bench.inspection.id) if self.bench is not None else {}

    @property
    def closed(self) -> set[Place]:
        """Cells that take no other value: theirs is on its way, or waits as a draft for its author."""
        return set(self.under_way) | set(self.bench.drafted if self.bench is not None else ())

    @property
    def drafts(self) -> dict[Place, tuple[Decimal, str]]:
        """What waits for the database or for its author, by cell: the value and the author's login; empty for the hand that is here."""
        if self.bench is None:
            return {}
        found = {place: (Decimal(one.value), one.author) for place, one in self.bench.drafted.items()}
        return found | {place: (one.value, "") for place, one in self.under_way.items() if self.sending.waits(one)}

    @property
    def draft_in_focus(self) -> LateRow | None:
        """The draft of the focused cell, when it has arrived in the database."""
        return self.bench.drafted.get(self.focus) if self.bench is not None and self.focus is not None else None

    @property
    def waits(self) -> bool:
        """Whether an empty cell is in focus."""
        bench, focus = self.bench, self.focus
        return bench is not None and not bench.is_complete and focus is not None and focus not in bench.taken.keys() | self.closed

    @property
    def is_full(self) -> bool:
        """Whether every cell has its value on record."""
        return self.bench is not None and self.bench.next_after(None) is None

    # from the gauges --------------------------------------------------------------------------------------------------------------

    def hear(self, reading: Reading) -> AppError | None:
        """A device sent a value: it stands in focus, or it is refused and nothing stands there any more."""
        one = self.characteristic
        if self.bench is None or one is None or not self.waits:
            return NoCellWaits(value=reading.quantity, gauge=reading.device)
        refusal = refusal_of(reading, one.gauge_kind, one.limits, self.bench.gauges)
        self.reading = reading if refusal is None else None
        if refusal is None:
            self.used = reading.device
        return refusal

    def stands(self, state: DeviceState) -> bool:
        """A device's standing changed; whether its value had to go."""
        self.standing[state.device] = state.standing
        gone = state.standing is not Standing.LIVE and self.reading is not None and self.reading.device == state.device
        if gone:
            self.reading = None
        return gone

    def fitting(self) -> list[str]:
        """Connected devices of the kind the focused cell needs, the last used one first."""
        if self.bench is None or self.focus is None:
            return []
        found = self.bench.connected([one.code for one in self.devices], self.focus)
        return sorted(found, key=lambda code: code != self.used)

    def asked(self) -> bool:
        """Whether the gauge of the focused cell is read by F5 because it has no key of its own to press."""
        fitting = set(self.fitting())
        return any(can_be_asked(one) for one in self.devices if one.code in fitting)

    def gauge_of(self, row: int) -> str:
        """Code of the gauge for a characteristic: the one that read it last, else the connected one."""
        if self.bench is None:
            return ""
        connected = self.bench.connected([one.code for one in self.devices], Place(row, 1))
        return self.bench.last_gauge(row) or (connected[0] if connected else "")

    # in words ---------------------------------------------------------------------------------------------------------------------

    @property
    def limits(self) -> Limits | None:
        one = self.characteristic
        return one.limits if one is not None else None

    def gauge_title(self, *, short: bool) -> Words:
        """Name and code of the gauge in the hand, or the kind that is wanted; `short`: kind and code."""
        fitting = self.fitting()
        code = self.reading.device if self.reading is not None else fitting[0] if fitting else ""
        asset = self.bench.gauges.named(code) if self.bench is not None else None
        if asset is not None:
            return Phrase("{name} • {code}", name=kind_words(asset.kind) if short else asset.name, code=code)
        one = self.characteristic
        return kind_words(one.gauge_kind) if one is not None else ""

    def awaited(self) -> Words:
        """What stands where the value will stand."""
        one, fitting = self.characteristic, self.fitting()
        if one is None or not self.waits:
            return ""
        if not fitting:
            return Phrase("no {kind} is connected here", kind=kind_words(one.gauge_kind))
        stands = _STANDS.get(self.standing.get(fitting[0], Standing.CONNECTING))
        return Phrase("{gauge} {stands}", gauge=fitting[0], stands=stands) if stands is not None else Phrase("waiting for the value")

    def sentence(self) -> Words:
        """The next band."""
        bench, one, focus = self.bench, self.characteristic, self.focus
        if bench is None:
            return ""
        if bench.is_complete:
            return self._verdict(bench)
        if one is not None and focus is not None and focus in bench.taken:
            value = read_words(bench.taken[focus].measured)
            return Phrase("({no}) {name}, sample {sample}: {value} is stored.", no=one.no, name=one.name, sample=focus.sample, value=value)
        if one is not None and focus is not None and focus in self.drafts:
            return self._draft_sentence(bench, one, focus)
        if one is not None and focus is not None and (coming := self.under_way.get(focus)) is not None:
            value = read_words(coming.order.reading.quantity)
            return Phrase("({no}) {name}, sample {sample}: {value} is being stored.", no=one.no, name=one.name, sample=focus.sample,
                          value=value)  # fmt: skip
        if one is not None and focus is not None and (typed := bench.waiting.get(focus)) is not None and self.reading is None:
            value = read_words(typed.quantity)
            return Phrase("({no}) {value} of sample {sample} waits for a second person.", no=one.no, value=value, sample=focus.sample)
        if one is not None and focus is not None:
            return measure_words(one, focus.sample, asked=self.asked())
        if self.drafts:
            return Phrase("Every cell has its value; {n} wait and are not on record yet.", n=len(self.drafts))
        if not self.is_full:
            return Phrase("Every cell has its value: the last ones are being stored.")
        return Phrase("Every cell has its value: complete the inspection.")

    def _draft_sentence(self, bench: Bench, one: CharacteristicRow, focus: Place) -> Words:
        value, author = self.drafts[focus]
        facts = {"no": one.no, "name": one.name, "sample": focus.sample, "value": read_words(Quantity(value, one.limits.unit))}
        if author:
            return Phrase("({no}) {name}, sample {sample}: {value} waits for {who}.", who=bench.names.get(author, author), **facts)
        return Phrase("({no}) {name}, sample {sample}: {value} waits for the database; it is kept.", **facts)

    @staticmethod
    def _verdict(bench: Bench) -> Words:
        facts = {"lot": bench.inspection.lot.code, "n": bench.tally.defective}
        if bench.inspection.verdict == "accepted":
            return Phrase("Lot {lot} is accepted: {n} defective, Ac {ac}.", ac=bench.tally.accept_no, **facts)
        return Phrase("Lot {lot} is rejected: {n} defective, Re {re}.", re=bench.tally.reject_no, **facts)
