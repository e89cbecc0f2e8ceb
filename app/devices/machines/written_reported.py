"""What people write of a value in the map of a machine, whatever it speaks, and what can be wrong in it beyond its shape."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, TypedDict

from pydantic import BaseModel, ConfigDict, Field

from app.base.phrases import Phrase

SURE = Decimal("1e15")
"""No value of a machine is larger: beyond it a decimal of 28 digits could not keep its places after the point."""
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Bound = Annotated[Decimal, Field(ge=-SURE, le=SURE, allow_inf_nan=False)]
Seconds = Annotated[Decimal, Field(gt=0, le=3600, allow_inf_nan=False)]


class Strict(BaseModel):
    """No name that is not known."""

    model_config = ConfigDict(extra="forbid")


class Facts(TypedDict):
    """What `app.devices.machines.reported.Reported` takes."""

    name: str
    scale: Decimal
    unit: str
    decimals: int
    sensor_break: Decimal | None
    plausible: tuple[Decimal, Decimal]
    of_cycle: bool
    dead_band: Decimal | None


class WrittenReported(Strict):
    """The part of a ``[[channels]]`` that is the same for every transport."""

    name: Name
    scale: Annotated[Decimal, Field(gt=0, le=SURE, allow_inf_nan=False)]
    unit: Annotated[str, Field(max_length=12)]
    decimals: Annotated[int, Field(ge=0, le=9, strict=True)]
    sensor_break: Annotated[Decimal, Field(allow_inf_nan=True)] | None = None
    plausible: tuple[Bound, Bound]
    of_cycle: Annotated[bool, Field(strict=True)]
    dead_band: Annotated[Decimal, Field(gt=0, le=SURE, allow_inf_nan=False)] | None = None

    @property
    def facts(self) -> Facts:
        """All of it, by name."""
        return Facts(
            name=self.name,
            scale=self.scale,
            unit=self.unit,
            decimals=self.decimals,
            sensor_break=self.sensor_break,
            plausible=self.plausible,
            of_cycle=self.of_cycle,
            dead_band=self.dead_band,
        )


def whole_digits(channel: WrittenReported) -> Phrase | None:
    """Why the digits of a whole raw number would be cut; ``None`` when they are not."""
    if channel.scale == channel.scale.quantize(Decimal(1).scaleb(-channel.decimals)):
        return None
    return Phrase("with scale {scale} more than {decimals} decimals are needed.", scale=channel.scale, decimals=channel.decimals)


def no_empty_span(channel: WrittenReported) -> Phrase | None:
    """Why nothing could be plausible."""
    low, high = channel.plausible
    return Phrase("the lower end of “plausible” lies above the upper one.") if low > high else None


def result_of_a_count(channel: WrittenReported, counter: object | None) -> Phrase | None:
    """Why a result belongs to no cycle."""
    if channel.of_cycle and counter is None:
        return Phrase("a result of a cycle needs a cycle_counter in the map.")
    return None


def only_once(channel: WrittenReported, channels: Sequence[WrittenReported]) -> Phrase | None:
    """Why a name is taken."""
    alike = [one for one in channels if one.name == channel.name]
    return Phrase("it is written down twice.") if len(alike) > 1 or channel.name in ("cycle_counter", "heartbeat") else None
