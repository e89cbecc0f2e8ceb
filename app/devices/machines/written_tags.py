"""The shape of a tag map as people write it, for OPC UA and for MQTT, and what can be wrong in it beyond its shape."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Literal

from pydantic import Field

from app.base.phrases import Phrase
from app.devices.machines.tag_map import (
    Address,
    Node,
    Presence,
    SourceTime,
    Tag,
    TagCounter,
    TagHeartbeat,
    TimeForm,
    Topic,
    ValueType,
)
from app.devices.machines.written_reported import (
    Seconds,
    Strict,
    WrittenReported,
    no_empty_span,
    only_once,
    result_of_a_count,
    whole_digits,
)

_Count = Annotated[int, Field(ge=0, strict=True)]
_TopicName = Annotated[str, Field(pattern=r"^[^+#\x00-\x1f\x7f]{1,200}$")]
_Pointer = Annotated[str, Field(pattern=r"^(/([^~/\x00-\x1f]|~[01])+)+$", max_length=200)]


class WrittenNode(Strict):
    """Where a number stands in an OPC UA server."""

    namespace: Annotated[str, Field(pattern=r"^\S+$", max_length=200)]
    node: Annotated[str, Field(pattern=r"^(i=\d{1,10}|s=.{1,200})$")]
    type: Literal["bool", "i8", "u8", "i16", "u16", "i32", "u32", "i64", "u64", "f32", "f64"]

    @property
    def address(self) -> Node:
        """The same, frozen."""
        return Node(namespace=self.namespace, identifier=self.node, type=ValueType(self.type))


class WrittenTopic(Strict):
    """Where a number stands in the messages of an MQTT broker."""

    topic: _TopicName
    pointer: _Pointer | None = None

    @property
    def address(self) -> Topic:
        """The same, frozen."""
        return Topic(topic=self.topic, pointer=self.pointer)


class _Channel(WrittenReported):
    within_s: Seconds | None = None

    def tag(self, address: Address) -> Tag:
        return Tag(address=address, within_s=self.within_s, **self.facts)


class WrittenNodeChannel(WrittenNode, _Channel):
    """One ``[[channels]]`` of an OPC UA server."""


class WrittenTopicChannel(WrittenTopic, _Channel):
    """One ``[[channels]]`` of an MQTT machine."""


class _Counter(Strict):
    plausible: tuple[_Count, _Count]


class _Heartbeat(Strict):
    within_s: Seconds


class WrittenNodeCounter(WrittenNode, _Counter):
    """``[cycle_counter]`` of an OPC UA server."""


class WrittenTopicCounter(WrittenTopic, _Counter):
    """``[cycle_counter]`` of an MQTT machine."""


class WrittenNodeHeartbeat(WrittenNode, _Heartbeat):
    """``[heartbeat]`` of an OPC UA server."""


class WrittenTopicHeartbeat(WrittenTopic, _Heartbeat):
    """``[heartbeat]`` of an MQTT machine."""


class WrittenSourceTime(Strict):
    """``[source_time]``."""

    pointer: _Pointer
    form: Literal["unix_ms", "unix_s", "iso8601"]

    @property
    def frozen(self) -> SourceTime:
        """The same, frozen."""
        return SourceTime(pointer=self.pointer, form=TimeForm(self.form))


class WrittenPresence(Strict):
    """``[presence]``."""

    topic: _TopicName
    offline: Annotated[str, Field(min_length=1, max_length=200)]

    @property
    def frozen(self) -> Presence:
        """The same, frozen."""
        return Presence(topic=self.topic, offline=self.offline)


class WrittenNodeMap(Strict):
    """A whole file of an OPC UA machine."""

    speaks: Literal["opcua"]
    cycle_counter: WrittenNodeCounter | None = None
    heartbeat: WrittenNodeHeartbeat | None = None
    channels: Annotated[list[WrittenNodeChannel], Field(min_length=1)]


class WrittenTopicMap(Strict):
    """A whole file of an MQTT machine."""

    speaks: Literal["mqtt"]
    source_time: WrittenSourceTime | None = None
    presence: WrittenPresence | None = None
    cycle_counter: WrittenTopicCounter | None = None
    heartbeat: WrittenTopicHeartbeat | None = None
    channels: Annotated[list[WrittenTopicChannel], Field(min_length=1)]


WrittenTagMap = WrittenNodeMap | WrittenTopicMap


def counter_of(written: WrittenTagMap) -> TagCounter | None:
    """``[cycle_counter]``, frozen."""
    one = written.cycle_counter
    return TagCounter(address=one.address, plausible=one.plausible) if one is not None else None


def heartbeat_of(written: WrittenTagMap) -> TagHeartbeat | None:
    """``[heartbeat]``, frozen."""
    one = written.heartbeat
    return TagHeartbeat(address=one.address, within_s=one.within_s) if one is not None else None


def contradiction_of_tags(written: WrittenTagMap) -> tuple[str, Phrase] | None:
    """The first thing in a well-formed map that cannot be: where, and why; ``None`` when all can be."""
    for channel in written.channels:
        for check in _OF_CHANNELS:
            if (reason := check(channel, written)) is not None:
                return channel.name, reason
    for name, one in _counters(written):
        if isinstance(one, WrittenNode) and not one.type.startswith("u"):
            return name, Phrase("a count that only grows is u8, u16, u32 or u64.")
    if written.cycle_counter is not None and written.cycle_counter.plausible[0] > written.cycle_counter.plausible[1]:
        return "cycle_counter", Phrase("the lower end of “plausible” lies above the upper one.")
    return _alike(written) or _nobody_would_notice(written)


def _counters(written: WrittenTagMap) -> Iterator[tuple[str, WrittenNode | WrittenTopic]]:
    if written.cycle_counter is not None:
        yield "cycle_counter", written.cycle_counter
    if written.heartbeat is not None:
        yield "heartbeat", written.heartbeat


def _alike(written: WrittenTagMap) -> tuple[str, Phrase] | None:
    """Heartbeat and cycle counter may be one number; a channel has its own."""
    seen: dict[tuple[str, str | None], str] = {}
    for channel in written.channels:
        if (other := seen.setdefault(_where(channel), channel.name)) != channel.name:
            return channel.name, Phrase("it has the address of {other}.", other=other)
    for name, one in _counters(written):
        if _where(one) in seen:
            return name, Phrase("it has the address of {other}.", other=seen[_where(one)])
    return None


def _where(one: WrittenNode | WrittenTopic) -> tuple[str, str | None]:
    """A node written with two types is one node."""
    return (one.namespace, one.node) if isinstance(one, WrittenNode) else (one.topic, one.pointer)


def _nobody_would_notice(written: WrittenTagMap) -> tuple[str, Phrase] | None:
    """A broker answers for itself only: the machine behind it must be heard now and then."""
    if isinstance(written, WrittenNodeMap) or written.heartbeat is not None or any(one.within_s for one in written.channels):
        return None
    return "channels", Phrase("nobody would notice that the machine is silent: give a heartbeat, or one channel its within_s.")


def _once(channel: _Channel, written: WrittenTagMap) -> Phrase | None:
    channels: Sequence[WrittenReported] = written.channels
    return only_once(channel, channels)


def _digits(channel: _Channel, _: WrittenTagMap) -> Phrase | None:
    """A number in a message is text: its own digits count."""
    return whole_digits(channel) if isinstance(channel, WrittenNodeChannel) and not channel.address.type.is_float else None


def _span(channel: _Channel, _: WrittenTagMap) -> Phrase | None:
    return no_empty_span(channel)


def _possible_break(channel: _Channel, _: WrittenTagMap) -> Phrase | None:
    mark = channel.sensor_break
    if mark is None or not isinstance(channel, WrittenNodeChannel) or channel.address.type.is_float:
        return None
    low, high = channel.address.type.span
    if mark.is_finite() and mark == mark.to_integral_value() and low <= mark <= high:
        return None
    return Phrase("sensor_break is the raw number, and a {type} never holds {mark}.", type=channel.type, mark=str(mark))


def _belongs(channel: _Channel, written: WrittenTagMap) -> Phrase | None:
    """Only what comes in one message is of one cycle: a broker promises no order between topics."""
    if (reason := result_of_a_count(channel, written.cycle_counter)) is not None or not channel.of_cycle:
        return reason
    if isinstance(channel, WrittenTopicChannel) and written.cycle_counter is not None:
        counter = written.cycle_counter
        if isinstance(counter, WrittenTopicCounter) and counter.topic != channel.topic:
            return Phrase("a result of a cycle must come in the same message as the cycle_counter.")
    return None


_OF_CHANNELS: tuple[Callable[[_Channel, WrittenTagMap], Phrase | None], ...] = (_once, _digits, _span, _possible_break, _belongs)
