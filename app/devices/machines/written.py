"""The shape of a register map as people write it, and what can be wrong in it beyond its shape."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field

from app.base.phrases import Phrase
from app.devices.machines.register_map import (
    Channel,
    CycleCounter,
    Heartbeat,
    NumberType,
    Place,
    RegisterKind,
    WordOrder,
)
from app.devices.machines.written_reported import (
    Strict,
    WrittenReported,
    no_empty_span,
    only_once,
    result_of_a_count,
    whole_digits,
)


class WrittenPlace(Strict):
    """Where a number stands."""

    kind: Literal["input", "holding"]
    address: Annotated[int, Field(ge=0, le=65535, strict=True)]
    type: Literal["u16", "i16", "u32", "i32", "f32"]
    word_order: Literal["big", "little"] | None = None

    @property
    def place(self) -> Place:
        """The same, frozen."""
        order = WordOrder(self.word_order) if self.word_order is not None else None
        return Place(kind=RegisterKind(self.kind), address=self.address, type=NumberType(self.type), word_order=order)


class WrittenChannel(WrittenPlace, WrittenReported):
    """One ``[[channels]]``."""

    @property
    def channel(self) -> Channel:
        """The same, frozen."""
        return Channel(place=self.place, **self.facts)


class WrittenCounter(WrittenPlace):
    """``[cycle_counter]``."""

    plausible: tuple[Annotated[int, Field(strict=True)], Annotated[int, Field(strict=True)]]

    @property
    def counter(self) -> CycleCounter:
        """The same, frozen."""
        return CycleCounter(place=self.place, plausible=self.plausible)


class WrittenHeartbeat(WrittenPlace):
    """``[heartbeat]``."""

    within_s: Annotated[Decimal, Field(gt=0, le=3600, allow_inf_nan=False)]

    @property
    def heartbeat(self) -> Heartbeat:
        """The same, frozen."""
        return Heartbeat(place=self.place, within_s=self.within_s)


class WrittenMap(Strict):
    """A whole file."""

    speaks: Literal["modbus"] = "modbus"
    cycle_counter: WrittenCounter | None = None
    heartbeat: WrittenHeartbeat | None = None
    channels: Annotated[list[WrittenChannel], Field(min_length=1)]


def contradiction(written: WrittenMap) -> tuple[str, Phrase] | None:
    """The first thing in a well-formed map that cannot be: where, and why; ``None`` when all can be."""
    for name, one in _entries(written):
        for check in _OF_PLACES:
            if (reason := check(one)) is not None:
                return name, reason
    for channel in written.channels:
        for look in _OF_CHANNELS:
            if (reason := look(channel, written)) is not None:
                return channel.name, reason
    for name, counter in _counters(written):
        if counter.type not in ("u16", "u32"):
            return name, Phrase("a count that only grows is u16 or u32.")
    if written.cycle_counter is not None and written.cycle_counter.plausible[0] > written.cycle_counter.plausible[1]:
        return "cycle_counter", Phrase("the lower end of “plausible” lies above the upper one.")
    return _overlap(written)


def _counters(written: WrittenMap) -> Iterator[tuple[str, WrittenPlace]]:
    if written.cycle_counter is not None:
        yield "cycle_counter", written.cycle_counter
    if written.heartbeat is not None:
        yield "heartbeat", written.heartbeat


def _entries(written: WrittenMap) -> Iterator[tuple[str, WrittenPlace]]:
    yield from _counters(written)
    yield from ((channel.name, channel) for channel in written.channels)


def _word_order(one: WrittenPlace) -> Phrase | None:
    wide = NumberType(one.type).words > 1
    if wide and one.word_order is None:
        return Phrase("a number of 32 bits needs its word_order, big or little; the machine's manual says which.")
    if not wide and one.word_order is not None:
        return Phrase("a number of one register has no word_order.")
    return None


def _within_table(one: WrittenPlace) -> Phrase | None:
    return Phrase("its second register would lie beyond the last address.") if one.place.end > 65536 else None


def _whole_digits(channel: WrittenChannel, _: WrittenMap) -> Phrase | None:
    return None if channel.type == "f32" else whole_digits(channel)


def _span(channel: WrittenChannel, _: WrittenMap) -> Phrase | None:
    return no_empty_span(channel)


def _possible_break(channel: WrittenChannel, _: WrittenMap) -> Phrase | None:
    mark = channel.sensor_break
    if mark is None or channel.type == "f32":
        return None
    low, high = NumberType(channel.type).span
    if mark.is_finite() and mark == mark.to_integral_value() and low <= mark <= high:
        return None
    return Phrase("sensor_break is the raw number, and a {type} never holds {mark}.", type=channel.type, mark=str(mark))


def _needs_counter(channel: WrittenChannel, written: WrittenMap) -> Phrase | None:
    return result_of_a_count(channel, written.cycle_counter)


def _only_once(channel: WrittenChannel, written: WrittenMap) -> Phrase | None:
    return only_once(channel, written.channels)


def _overlap(written: WrittenMap) -> tuple[str, Phrase] | None:
    ordered = sorted(((one.kind, one.address, one.place.end, name) for name, one in _entries(written)))
    for (kind, _, end, name), (next_kind, start, _, other) in pairwise(ordered):
        if kind == next_kind and start < end:
            return other, Phrase("it stands in the registers of {other}.", other=name)
    return None


_OF_PLACES: tuple[Callable[[WrittenPlace], Phrase | None], ...] = (_word_order, _within_table)
_OF_CHANNELS: tuple[Callable[[WrittenChannel, WrittenMap], Phrase | None], ...] = (
    _only_once,
    _whole_digits,
    _span,
    _possible_break,
    _needs_counter,
)
