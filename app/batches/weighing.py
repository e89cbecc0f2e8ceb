"""What went on the scale becomes material of a step: gross less tare is net, in the lot's unit, by stable readings of one scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict, Unpack
from uuid import UUID

from app.base.errors import RuleViolation
from app.base.measurement import Quantity, Reading
from app.batches.commands import ConsumeMaterial
from app.inspection.rules import UnstableReading


class WeighedInOtherUnit(RuleViolation):
    code = "WGH-01"
    text = "Weight not taken: the scale shows {read}, the lot is kept in {wanted}."
    next_step = "Switch the scale to {wanted} and weigh again; if it cannot show that, take another scale."


class NoNetWeight(RuleViolation):
    code = "WGH-02"
    text = "Weight not taken: gross {gross} less tare {tare} leaves nothing."
    next_step = "Check which container stands on the scale and which tare belongs to it, then weigh again."


class WeighedOnTwoScales(RuleViolation):
    """Only one scale stands on record, with its calibration."""

    code = "WGH-03"
    text = "Weight not taken: the tare was weighed on {tare}, the gross weight on {gross}."
    next_step = "Weigh the empty and the full container on the same scale."


def net(*, gross: Quantity, tare: Quantity) -> Quantity:
    """Gross less tare, exact, with the digits of the finer of the two.

    Args:
        gross: Container and content.
        tare: The container alone, in the same unit.

    Raises:
        WeighedInOtherUnit: nothing is converted here.
        NoNetWeight: it would be negative.
    """
    if gross.unit != tare.unit:
        raise WeighedInOtherUnit(read=tare.unit, wanted=gross.unit)
    if gross.value < tare.value:
        raise NoNetWeight(gross=gross, tare=tare)
    return Quantity(gross.value - tare.value, gross.unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """One weighing that may be taken; make it with `weighed`."""

    gross: Reading
    tare: Reading | Quantity | None
    """As read from the same scale, as it stands on record, or ``None``: the scale itself was tared, or nothing holds it."""
    net: Quantity

    @property
    def raw(self) -> bytes:
        """The evidence: the frame of the gross weight, and in a second line that of the tare, or the tare on record in words."""
        match self.tare:
            case None:
                return self.gross.raw
            case Reading():
                return self.gross.raw + b"\n" + self.tare.raw
            case Quantity():
                return self.gross.raw + f"\ntare on record {self.tare.value} {self.tare.unit}".encode()


def weighed(*, gross: Reading, tare: Reading | Quantity | None, unit: str) -> Weighed:
    """Judge a weighing.

    Args:
        gross: Called stable by the scale itself.
        tare: See `Weighed.tare`.
        unit: Of the lot.

    Raises:
        UnstableReading: the scale moves, or its protocol cannot say that it does not.
        WeighedInOtherUnit, WeighedOnTwoScales, NoNetWeight: nothing is to be taken.
    """
    for read in (gross, tare):
        if isinstance(read, Reading) and read.stable is not True:
            raise UnstableReading(gauge=read.device)
    if gross.quantity.unit != unit:
        raise WeighedInOtherUnit(read=gross.quantity.unit, wanted=unit)
    if isinstance(tare, Reading) and tare.device != gross.device:
        raise WeighedOnTwoScales(tare=tare.device, gross=gross.device)
    empty = tare.quantity if isinstance(tare, Reading) else tare or Quantity(abs(gross.quantity.value) * 0, unit)
    left = net(gross=gross.quantity, tare=empty)
    if not left.value:
        raise NoNetWeight(gross=gross.quantity, tare=empty)
    return Weighed(gross=gross, tare=tare, net=left)


class ConsumedWhere(TypedDict):
    """Which material goes where; all that does not come from the scale."""

    command_id: UUID
    id: UUID
    step: UUID
    lot: UUID
    container: UUID
    unit_serial: str | None
    sublot: int | None


def consume_weighed(weighing: Weighed, **where: Unpack[ConsumedWhere]) -> ConsumeMaterial:
    """The order that takes it: the net weight as measured, with its frames and its scale."""
    return ConsumeMaterial(
        quantity=weighing.net.value,
        origin="measured",
        raw=weighing.raw,
        scale=weighing.gross.device,
        reason=None,
        reading=weighing.gross,
        **where,
    )
