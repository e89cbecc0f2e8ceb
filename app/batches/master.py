"""A master record: how a product is made, step by step, with everything a step demands. Frozen values, no file and no database.

Shapes: figures are exact decimals in the unit beside them; minutes and hours are whole; names and sentences stand in both languages.
The same classes read the YAML file, the stored record and the frozen copy a batch was started with.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, StringConstraints, TypeAdapter

_STRICT = ConfigDict(extra="forbid")
_FIGURE = re.compile(r"-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?")
_UNSEEN = re.compile("[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]")


def _exact(given: object) -> Decimal:
    """A figure as it was written: 132.0 keeps its digit. At most 12 digits before and 6 after the point."""
    if isinstance(given, bool) or not isinstance(given, str | int | Decimal) or not _FIGURE.fullmatch(str(given)):
        raise ValueError("figure")
    return Decimal(str(given))


def _seen(given: str) -> str:
    if _UNSEEN.search(given):
        raise ValueError("unseen")
    return given


Figure = Annotated[Decimal, BeforeValidator(_exact)]
Amount = Annotated[Figure, Field(gt=0)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9-]{2,24}$")]
Unit = Annotated[str, StringConstraints(min_length=1, max_length=12), AfterValidator(_seen)]
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=400), AfterValidator(_seen)]
Count = Annotated[int, Field(strict=True, ge=1, le=2000)]
Minutes = Annotated[int, Field(strict=True, ge=0, le=100_000)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A name or a sentence in both languages."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    en: Sentence
    zh: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What every step has. ``key`` is stable over revisions; ``no`` follows from the order in the file."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    key: Key
    name: Words
    no: int = 0
    after: tuple[Key, ...] | None = None
    """Keys of the steps that must be done before; ``None`` in a file: the step before. Two steps may follow one: branches."""
    needs: Sentence | None = None
    """Qualification the operator needs, in words."""
    text: tuple[Words, ...] = ()
    """The work instruction, line by line."""
    picture: Sentence | None = None
    """File name of a picture beside the record, PNG or JPEG; of a record that is stored the SHA-256 of its bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruction(Head):
    """Only read and done."""

    kind: Literal["instruction"] = "instruction"


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedField:
    """A field that needs no more than its name: a check that is answered yes or no, a time, a picture."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    key: Key
    name: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class LineClearance(Head):
    """Nothing of the batch before is left; every check is answered."""

    kind: Literal["line_clearance"] = "line_clearance"
    checks: Annotated[tuple[NamedField, ...], Field(min_length=1, max_length=40)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Material(Head):
    """One component, by scan. ``tolerance``: how much more or less of the whole demand is still right, in ``unit``."""

    kind: Literal["material"] = "material"
    item: Code
    quantity: Amount
    per: Literal["unit", "batch"]
    unit: Unit
    tolerance: Annotated[Figure, Field(ge=0)]
    by: Literal["count", "weigh"]
    bound_to: Literal["batch", "sublot", "unit"]
    """To what a consumption is bound: the whole batch, a sub-lot of it (`MasterRecord.sublot_size`), or one unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Equipment(Head):
    """A machine or tool of one kind, fit for use; cleaned not longer ago than so many hours."""

    kind: Literal["equipment"] = "equipment"
    asset: Key
    calibrated: bool
    cleaned_within_h: Annotated[int, Field(strict=True, ge=1, le=10_000)] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One figure of the process. Outside ``lower``/``upper`` it needs a deviation; outside the soft limits it is only marked."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    key: Key
    name: Words
    unit: Unit
    decimals: Annotated[int, Field(strict=True, ge=0, le=6)]
    lower: Figure | None = None
    nominal: Figure | None = None
    upper: Figure | None = None
    soft_lower: Figure | None = None
    soft_upper: Figure | None = None
    source: Literal["typed", "device", "channel", "formula"]
    device: Key | None = None
    """Kind of asset that sends it; only with ``source: device``."""
    machine: Key | None = None
    """Key of the equipment step in which the machine was scanned; this and the next two only with ``source: channel``."""
    channel: Key | None = None
    """Name of the channel in the machine's register map."""
    longest_gap_s: Annotated[int, Field(strict=True, ge=1, le=99_999)] | None = None
    """Longest time without a good sample that needs no deviation, seconds."""
    readings: Count = 1
    formula: Sentence | None = None
    """How the database computes it from figures before it in the step (`app.batches.formula`); only with ``source: formula``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One answer of a choice. One that is not accepted is stored too, and needs a deviation."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    key: Key
    name: Words
    accepted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A field whose answer is one of a few."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    key: Key
    name: Words
    options: Annotated[tuple[Option, ...], Field(min_length=2, max_length=9)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters(Head):
    """What is read while the process runs: figures, answers that are one of a few, times that somebody saw, pictures that somebody took."""

    kind: Literal["parameter"] = "parameter"
    parameters: Annotated[tuple[Parameter, ...], Field(max_length=40)] = ()
    choices: Annotated[tuple[Choice, ...], Field(max_length=40)] = ()
    times: Annotated[tuple[NamedField, ...], Field(max_length=40)] = ()
    photos: Annotated[tuple[NamedField, ...], Field(max_length=40)] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InProcessInspection(Head):
    """An inspection plan for stage ``in-process``, by its code; the revision effective when the batch starts is frozen into it."""

    kind: Literal["inspection"] = "inspection"
    plan: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelling(Head):
    """Labels of one form: how many, and whether each is scanned back. Issued = applied + destroyed + samples + left."""

    kind: Literal["label"] = "label"
    form: Literal["unit", "box"]
    count: Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
    scan_back: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold(Head):
    """Wait so many minutes after the end of another step."""

    kind: Literal["hold"] = "hold"
    since: Key
    min_minutes: Minutes
    max_minutes: Minutes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Yield(Head):
    """Made = good + scrapped + samples. ``units``: made is counted by the database from the units of the batch."""

    kind: Literal["yield"] = "yield"
    counted: Literal["units", "typed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign(Head):
    """A signature over other steps: who performed them, or another person who verified them. ``right``: one more right it needs."""

    kind: Literal["sign"] = "sign"
    sign: Literal["perform", "verify"]
    signs: Annotated[tuple[Key, ...], Field(min_length=1, max_length=400)]
    right: Literal["approve_deviation", "inspect_lot", "release_batch"] | None = None


Step = Annotated[
    Instruction | LineClearance | Material | Equipment | Parameters | InProcessInspection | Labelling | Hold | Yield | Sign,
    Field(discriminator="kind"),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterRecord:
    """How one product is made. ``batch_size`` and what ``per: unit`` counts are in ``unit``.

    ``sublot_size``: how many units go through the line together, in one tray or on one rack; units 1 to n are the first sub-lot.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    code: Code
    revision: Annotated[int, Field(strict=True, ge=1, le=10_000)]
    name: Words
    product: Code
    batch_size: Amount
    unit: Unit
    shelf_life_days: Annotated[int, Field(strict=True, ge=1, le=36_500)]
    steps: Annotated[tuple[Step, ...], Field(min_length=1, max_length=400)]
    sublot_size: Count | None = None

    def step(self, key: str) -> Step | None:
        """The step with this key."""
        return next((step for step in self.steps if step.key == key), None)


READER: TypeAdapter[MasterRecord] = TypeAdapter(MasterRecord)
"""Reads plain values (of a file or of the stored record) into a `MasterRecord`."""
