"""Where a model of machine keeps its numbers, as data: what stands at which address, and what the bits there mean.

No standard map exists for the machines of this trade, and a wrong guess reads as a believable wrong number. So nothing here has a
default: type, word order, scale and plausible span are written down for every number, from the machine's manual.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.devices.machines.reported import Reported


class RegisterKind(StrEnum):
    """The two tables of a Modbus machine that hold numbers; each counts its addresses for itself."""

    INPUT = "input"
    HOLDING = "holding"


class NumberType(StrEnum):
    """What the bits at an address are."""

    U16 = "u16"
    I16 = "i16"
    U32 = "u32"
    I32 = "i32"
    F32 = "f32"

    @property
    def words(self) -> int:
        """How many registers of 16 bit it takes."""
        return 1 if self in (NumberType.U16, NumberType.I16) else 2

    @property
    def span(self) -> tuple[int, int]:
        """Lowest and highest whole number it can hold; for ``f32`` there is none and `KeyError` is raised."""
        return _SPANS[self]


_SPANS = {
    NumberType.U16: (0, 2**16 - 1),
    NumberType.I16: (-(2**15), 2**15 - 1),
    NumberType.U32: (0, 2**32 - 1),
    NumberType.I32: (-(2**31), 2**31 - 1),
}


class WordOrder(StrEnum):
    """Which half of a 32-bit number comes at the lower address; within a register the high byte always comes first."""

    BIG = "big"
    """The high word first."""
    LITTLE = "little"
    """The low word first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where one number stands, and how its bits are to be read."""

    kind: RegisterKind
    address: int
    """As it goes over the wire, counted from 0; a manual's 40001 is holding register 0 here."""
    type: NumberType
    word_order: WordOrder | None
    """For 32-bit numbers; ``None`` for those of one register, which have none."""

    @property
    def end(self) -> int:
        """The address after its last register."""
        return self.address + self.type.words


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel(Reported):
    """One value the machine keeps in its registers."""

    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleCounter:
    """A whole number that grows by one with every finished cycle, after the results of that cycle stand in their places."""

    place: Place
    plausible: tuple[int, int]
    """Both included; the machine's wrong half first would show far outside."""

    @property
    def size(self) -> int:
        """How many numbers it counts through before it begins at 0 again."""
        return self.place.type.span[1] + 1

    @property
    def has_halves(self) -> bool:
        """Whether it stands in two registers, whose order can be wrong."""
        return self.place.type.words > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """A whole number the machine's own program moves: what stands still is a frozen machine, however well its network card answers."""

    place: Place
    within_s: Decimal
    """It moves at least once in this time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterMap:
    """Everything that is read from one model of machine."""

    model: str
    channels: tuple[Channel, ...]
    cycle_counter: CycleCounter | None
    heartbeat: Heartbeat | None
    sha256: str
    """Of the file it was read from: which map made a number can be told for ever."""

    @property
    def places(self) -> tuple[Place, ...]:
        """Every place that is read, those of counter and heartbeat included."""
        others = [one.place for one in (self.cycle_counter, self.heartbeat) if one is not None]
        return (*(channel.place for channel in self.channels), *others)
