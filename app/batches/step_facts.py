"""What a person sees of the step that is being carried out: frozen rows, and what follows from them without asking anybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.base.measurement import Limits, Quantity, Verdict
from app.base.phrases import Name
from app.core.late.queries import CameLate, LateRow
from app.deviations.photos import PhotoRow
from app.deviations.queries import DeviationFile, DeviationRow
from app.inspection.queries import GaugesHere
from app.typed.queries import TypedRow

OWN_FORMS = frozenset({"computed", "minutes", "channel", "formula"})
"""Forms of fields that the database fills itself."""
FIGURES = frozenset({"figure", "channel", "formula"})
"""Forms with a name, a unit and limits in the record."""
NAMED = FIGURES | {"check", "choice", "time", "photo"}
"""Forms that the record gives a name; the others are called by the kind of their step."""
Place = tuple[str, int]
"""A field and its sample number, from 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchHead:
    """The batch as the head of the screen names it."""

    id: UUID
    code: str
    name: Name
    planned: Quantity
    status: str
    version: int
    units: int
    """Pieces that have a serial."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RailStep:
    """One step as the rail shows it."""

    id: UUID
    no: int
    key: str
    kind: str
    name: Name
    status: str
    version: int
    started_at: datetime | None
    done_at: datetime | None
    waits: str | None
    """Number of the first step it waits for."""
    held_by: str | None
    """Code of an open deviation on it."""
    fell: bool
    """A signature step that is done and whose signature does not stand on what is recorded now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedField:
    """One value the step asks for.

    ``form``: ``check``, ``choice``, ``figure``, ``count``, ``asset``, ``cleaned``, ``time``, ``photo``, one of `OWN_FORMS`.
    """

    field: str
    sample_no: int
    form: str
    ask: dict[str, Any]
    """What the frozen record says of it: of a parameter its limits, of a count the step itself."""
    figure: Decimal | None
    """What the database would enter now; ``None``: nothing yet, or a person enters it."""

    @property
    def place(self) -> Place:
        """Where its entries stand."""
        return self.field, self.sample_no

    @property
    def answers(self) -> tuple[tuple[str, Name], ...]:
        """Of a choice what may be said, with its words."""
        return tuple((one["key"], Name(one["name"]["en"], one["name"]["zh"])) for one in self.ask.get("options", ()))

    @property
    def name(self) -> Name | None:
        """Its own name; ``None`` where the field is one of the kind itself, such as ``scrapped``."""
        if self.form in NAMED:
            return Name(self.ask["name"]["en"], self.ask["name"]["zh"])
        return None

    @property
    def unit(self) -> str:
        """Unit of the value; empty for a count and an answer."""
        if self.form == "minutes":
            return "min"
        if self.field.endswith(".gap"):
            return "s"
        return str(self.ask["unit"]) if self.form in FIGURES else ""

    @property
    def decimals(self) -> int:
        """Most digits after the point."""
        return 1 if self.field.endswith(".gap") else int(self.ask.get("decimals", 0))

    @property
    def is_outside(self) -> bool:
        """Whether what the database would enter now lies outside its limits."""
        limits = self.limits
        if self.figure is None or limits is None:
            return False
        if self.form == "minutes":
            return limits.upper is not None and self.figure > limits.upper
        return limits.judge(Quantity(self.figure, limits.unit)) is not Verdict.CONFORMS

    def is_to_enter(self, entry: EntryRow | None) -> bool:
        """Counts go on record together, so that the database reconciles them; machine figures and times only where they lie outside.

        What is left over and what a formula says the database enters unasked.
        """
        if self.field == "not_found" or self.form == "formula" or self.figure is None or (entry is not None and entry.value == self.figure):
            return False
        return self.form == "computed" or (self.is_outside and not (self.form == "minutes" and entry is not None))

    @property
    def limits(self) -> Limits | None:
        """The hard ones; of a gap the longest it may be, of a hold the longest time."""
        if self.field.endswith(".gap"):
            return Limits(unit="s", lower=None, nominal=None, upper=Decimal(self.ask["longest_gap_s"]))
        if self.form == "minutes":
            most = self.ask.get("max_minutes")
            return None if most is None else Limits(unit="min", lower=Decimal(self.ask["min_minutes"]), nominal=None, upper=Decimal(most))
        return self._limits("lower", "nominal", "upper") if self.form in FIGURES else None

    @property
    def soft(self) -> Limits | None:
        """The alert limits inside the hard ones; a side that has none keeps the hard one."""
        if self.limits is None or self.form not in FIGURES or self.field.endswith(".gap"):
            return None
        return self._limits("soft_lower", "nominal", "soft_upper")

    def _limits(self, lower: str, nominal: str, upper: str) -> Limits | None:
        low, middle, high = (None if self.ask.get(key) is None else Decimal(self.ask[key]) for key in (lower, nominal, upper))
        return None if low is None and high is None else Limits(unit=self.unit, lower=low, nominal=middle, upper=high)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    """One entry as it stands on record; it never changes."""

    id: UUID
    field: str
    sample_no: int
    unit_serial: str | None
    value: Decimal | None
    said: str | None
    unit: str | None
    verdict: str
    near_limit: bool
    origin: str
    device: str | None
    device_serial_no: str | None
    """As it is registered."""
    said_serial_no: str | None
    """As it said of itself when the value came; ``None``: its protocol does not say it."""
    said_firmware: str | None
    certificate: str | None
    due_on: date | None
    raw: bytes | None
    read_at: datetime | None
    clock_ahead_ms: int | None
    station: str | None
    by: str
    at: datetime
    corrects: UUID | None
    reason: str | None
    typed: TypedRow | None
    """Who typed it in place of a device, and who verified it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsumptionRow:
    """Material that went into this step; ``undone``: why it was taken back."""

    id: UUID
    lot: str
    container: str
    unit_serial: str | None
    sublot_code: str | None
    quantity: Quantity
    origin: str
    raw: bytes | None
    scale: str | None
    scale_serial_no: str | None
    said_serial_no: str | None
    said_firmware: str | None
    certificate: str | None
    """Of the scale, in force when it was taken."""
    due_on: date | None
    read_at: datetime | None
    clock_ahead_ms: int | None
    station: str | None
    by: str
    at: datetime
    reason: str | None
    undone: str | None
    typed: TypedRow | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentRow:
    """A component of the batch: what one lot gave to one step; ``lot`` is ``None`` while nothing was scanned."""

    step: int
    name: Name
    lot: str | None
    quantity: Quantity | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EquipmentRow:
    """A machine or tool that was scanned for the batch."""

    step: str
    """Key of its step."""
    code: str
    name: Name
    due_on: date | None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NextUnit:
    """The first piece that still needs this step."""

    id: UUID
    serial: str
    no: int
    sublot_code: str | None
    label: UUID | None
    label_status: str | None
    label_detail: str
    label_printer: str
    copies: int
    """Labels that were asked for of it so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenStep:
    """The step that stands open, with everything it asks for and has."""

    id: UUID
    no: int
    key: str
    kind: str
    name: Name
    spec: dict[str, Any]
    status: str
    version: int
    started_by: str | None
    started_at: datetime | None
    missing: str | None
    undecided: str | None
    fields: tuple[AskedField, ...]
    entries: tuple[EntryRow, ...]
    """All of them in their order, corrected ones too."""
    consumptions: tuple[ConsumptionRow, ...]
    typed: tuple[TypedRow, ...]
    """Typed in place of a device and not verified yet; they count for nothing."""
    demand: Decimal
    consumed: Decimal
    next_unit: NextUnit | None
    units_done: int
    waited_since: datetime | None
    """When the step ended that a hold counts from."""
    machines: dict[str, str]
    """Code of the machine by the key of the equipment step in which it was scanned."""
    counts: dict[str, int]
    """Labels of the batch: ``issued``, ``applied``, ``destroyed``."""

    @property
    def current(self) -> dict[Place, EntryRow]:
        """The entry that stands, by its place."""
        old = {one.corrects for one in self.entries}
        return {(one.field, one.sample_no): one for one in self.entries if one.id not in old}

    def asks(self, entry: EntryRow) -> AskedField | None:
        """The field an entry stands in."""
        return next((one for one in self.fields if one.place == (entry.field, entry.sample_no)), None)

    @property
    def waiting(self) -> dict[Place, TypedRow]:
        """What was typed for an empty field and waits for its second person, by its place."""
        found = {(one.field, one.sample_no): one for one in self.typed if one.field and one.sample_no and one.corrects is None}
        return {place: one for place, one in found.items() if place not in self.current}

    def before(self, entry: EntryRow) -> tuple[EntryRow, ...]:
        """What an entry replaced, oldest first."""
        if entry.corrects is None:
            return ()
        by_id, older = {one.id: one for one in self.entries}, list[EntryRow]()
        while entry.corrects is not None:
            entry = by_id[entry.corrects]
            older.insert(0, entry)
        return tuple(older)

    @property
    def asked_of_people(self) -> tuple[AskedField, ...]:
        """What somebody enters."""
        return tuple(one for one in self.fields if one.form not in OWN_FORMS)

    @property
    def still_wanted(self) -> Decimal:
        """Material that is still to be taken, at least zero."""
        return max(self.demand - self.consumed, Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """Everything the step screen draws, as it is on record at one moment."""

    batch: BatchHead
    rail: tuple[RailStep, ...]
    step: OpenStep | None
    """``None``: no step of the batch can be worked on."""
    deviations: tuple[DeviationRow, ...]
    """All of the batch."""
    photos: tuple[PhotoRow, ...]
    """Theirs, oldest first."""
    file: DeviationFile | None
    """The newest open deviation on the open step."""
    components: tuple[ComponentRow, ...]
    equipment: tuple[EquipmentRow, ...]
    names: dict[str, Name]
    gauges: GaugesHere
    """What may measure at the site now."""
    kinds: dict[str, str]
    """Kind of every asset of the site by its code."""
    now: datetime
    """The database's clock at this look."""
    signed_by: dict[str, tuple[str, ...]]
    """Keys of the steps that a signature step covers, by its key."""
    late: tuple[LateRow, ...]
    """Entries of the open step made while the database was away that wait for their author."""
    came_late: dict[UUID, CameLate]
    """Entries of the open step that were made then and are on record, by entry."""

    def who(self, login: str | None) -> Name | str:
        """Printed name behind a login."""
        return self.names.get(login or "", login or "")

    @property
    def done(self) -> int:
        """How many steps need nobody any more."""
        return sum(1 for one in self.rail if one.status in ("done", "void"))

    @property
    def of_step(self) -> tuple[DeviationRow, ...]:
        """Deviations that hold the open step, oldest first: its own, or while the whole batch is held that one alone."""
        if self.batch_is_held:
            return tuple(one for one in self.deviations if one.holds_batch and one.status == "open")
        key = self.step.key if self.step is not None else None
        return tuple(one for one in self.deviations if one.facts.get("step_key") == key)

    @property
    def batch_is_held(self) -> bool:
        """Whether somebody has stopped the whole batch."""
        return any(one.holds_batch and one.status == "open" for one in self.deviations)

    def without_deviation(self) -> list[EntryRow]:
        """Entries of the open step that stand outside and have no deviation yet."""
        if self.step is None:
            return []
        known = {one.cause_id for one in self.deviations}
        return [one for one in self.step.current.values() if one.verdict != "conforms" and one.id not in known]

    def signs_over(self, key: str) -> tuple[RailStep, ...]:
        """Signature steps that are done and fall when an entry of this step is corrected."""
        return tuple(one for one in self.rail if one.kind == "sign" and one.status == "done" and key in self.signed_by.get(one.key, ()))
