"""What a machine that tells by itself and this station say to each other: no thread and no socket; messages and time come from outside.

A value counts only when the machine vouches for it, it can be true, and the machine's own program lives. A server that says with every
keep-alive that nothing changed vouches for the values before: each is told again once a second. A broker vouches for nothing: what does
not come is not told, and after its time the machine is silent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from struct import pack

from app.devices.events import Sink, Standing
from app.devices.machines.arrivals import Arrivals
from app.devices.machines.cycles import Cycles
from app.devices.machines.dead_band import AGAIN, DeadBand
from app.devices.machines.errors import ChannelSilent, Implausible, MachineGone, MachineQuiet, SensorBroken
from app.devices.machines.faults import COUNTER, Fault
from app.devices.machines.judging import valued
from app.devices.machines.pulse import Pulse
from app.devices.machines.reporting import Reporting
from app.devices.machines.samples import CycleSeen, Quality, Sample
from app.devices.machines.tag_map import Tag, TagMap
from app.devices.machines.telling import Latched, Message, TellingLine, Told
from app.devices.settings import Clock

_A_MICROSECOND = timedelta(microseconds=1)
_AT_ONCE = timedelta(milliseconds=1)
_MESSAGE = "message"
"""Where a message that cannot be read is named among the channels."""


class TellingConversation(Reporting):
    """The station's side of the table. Used by one thread."""

    def __init__(self, code: str, map: TagMap, sink: Sink, *, looks_per_s: float, clock: Clock) -> None:
        super().__init__(code, sink, Pulse(map.heartbeat, clock), looks_per_s=looks_per_s, clock=clock)
        self._map, self._cycles = map, Cycles(map.cycle_counter)
        self._tags = {tag.address: tag for tag in map.channels}
        self._dead_band, self._arrivals = DeadBand(map.channels), Arrivals(map, clock)
        self._moments: dict[str, datetime] = {}
        self._forget()

    def opened(self) -> None:
        """A connection is open. What was told before says nothing of now."""
        self._pulse.opened()
        self._arrivals.opened()
        self._forget()

    def heard(self, message: Message, line: TellingLine) -> None:
        """One message, and what became known by it.

        Raises:
            DeviceError: the connection broke while the results of a cycle were asked for; nothing of them was told.
        """
        if message.gone:
            self._gone()
            return
        self._stands.heard()
        self._batching.skip(message.lost)
        if message.error is not None:
            self._ill[_MESSAGE] = Fault(channel=_MESSAGE, error=message.error, raw=message.raw)
        elif message.told:
            self._is_gone, self._has_told = False, True
            self._ill.pop(_MESSAGE, None)
        self._vouched = message.vouches
        counted = self._feel(message)
        latched = line.latch(message) if counted else None
        cycle = self._cycle_of(message, latched, counted=counted)
        results = [] if latched is None else list(self._samples(latched.told, message.at, latched.count))
        self._told(message, results, cycle, latched)
        self.tick()

    def tick(self) -> None:
        """Time passed, whether or not anything came."""
        if self._batching.is_due:
            self._hand_over()
        if self._is_gone:
            return
        late = [self._tags[one] for one in self._arrivals.overdue if one in self._tags]
        if not self._vouched and self._arrivals.all_overdue:
            self._fall_silent(late)
            return
        self._tell_faults([*self._ill.values(), *(_silent(tag) for tag in late)])
        if self._has_told:
            self._draw_conclusions()

    def _fall_silent(self, late: list[Tag]) -> None:
        self._pulse.opened()  # whoever speaks again must prove anew that it lives
        cause = MachineQuiet(seconds=max((tag.within_s for tag in late if tag.within_s is not None), default=self._pulse.within_s))
        if self._change(Standing.SILENT, cause, since=self.state.last_heard):
            self._tell(cause, b"")

    def _forget(self) -> None:
        self._last: dict[Tag, Told] = {}
        self._ill: dict[str, Fault] = {}
        self._count: int | None = None
        self._beat: Decimal | None = None
        self._vouched = self._is_gone = self._has_told = False

    def _gone(self) -> None:
        if not self._is_gone:
            self._forget()
            self._pulse.opened()
            self._is_gone = True
            cause = MachineGone()
            if self._change(Standing.SILENT, cause, since=self.state.last_heard):
                self._tell(cause, b"")

    def _feel(self, message: Message) -> bool:
        """Note heartbeat and count; returns whether the count came and can be true."""
        counted = False
        for told in message.told:
            self._arrivals.came(told.address)
            if self._map.heartbeat is not None and told.address == self._map.heartbeat.address:
                self._beat = told.number
            if self._map.cycle_counter is not None and told.address == self._map.cycle_counter.address:
                counted = self._note_count(told)
        if message.told:
            self._pulse.feel(self._beat, self._count)
        return counted

    def _note_count(self, told: Told) -> bool:
        number = told.number
        whole = number is not None and number.is_finite() and number == number.to_integral_value()
        self._count = int(number) if whole and number is not None and self._cycles.is_plausible(int(number)) else None
        if self._count is not None:
            self._ill.pop(COUNTER, None)
            return True
        low, high = self._map.cycle_counter.plausible if self._map.cycle_counter is not None else (0, 0)
        wrong = told.complaint(COUNTER) if told.complaint is not None else None
        error = wrong or Implausible(channel=COUNTER, value=str(number), unit="", low=low, high=high)
        self._ill[COUNTER] = Fault(channel=COUNTER, error=error, raw=_bytes(told))
        return False

    def _cycle_of(self, message: Message, latched: Latched | None, *, counted: bool) -> int | None:
        """The cycle of what came beside a count: of one server's message nobody knows which was first, one broker's message is one."""
        if message.vouches:
            return None if counted else self._count
        return latched.count if latched is not None else None

    def _told(self, message: Message, results: list[Sample], cycle: int | None, latched: Latched | None) -> None:
        named = {told.address for told in latched.told} if latched is not None else set()
        samples = list(self._samples((told for told in message.told if told.address not in named), message.at, cycle))
        if message.vouches:
            samples += self._again(message.at, cycle)
        if samples or results:
            self._batching.add(self._dead_band.worth_telling([*samples, *results]))
        finished = self._cycles.see(latched.count) if latched is not None else None
        if finished is not None:
            self._hand_over()
            cycle_results = tuple(sample for sample in results if self._is_result(sample))
            self._sink.cycle(
                CycleSeen(machine=self._code, cycle=finished.cycle, missed=finished.missed, at=message.at, results=cycle_results)
            )

    def _is_result(self, sample: Sample) -> bool:
        return any(tag.of_cycle and tag.name == sample.channel for tag in self._map.channels)

    def _again(self, at: datetime, cycle: int | None) -> Iterator[Sample]:
        """What was told before and is unchanged. Results of a cycle are not: they are read once, with their count."""
        overdue = self._arrivals.overdue
        for tag, told in list(self._last.items()):
            if not tag.of_cycle and tag.address not in overdue and at - self._moments[tag.name] >= AGAIN:
                yield self._sample(tag, told, at, cycle)

    def _samples(self, told: Iterable[Told], at: datetime, cycle: int | None) -> Iterator[Sample]:
        for one in told:
            tag = self._tags.get(one.address)
            if tag is None:
                continue
            if one.quality is None:
                self._fall_ill(tag, one, None)
                continue
            self._last[tag] = one
            yield self._sample(tag, one, at, cycle)

    def _sample(self, tag: Tag, told: Told, at: datetime, cycle: int | None) -> Sample:
        value, quality = self._judge(tag, told)
        if quality is Quality.GOOD:
            self._ill.pop(tag.name, None)
        else:
            self._fall_ill(tag, told, quality)
        if not self._pulse.is_proven:
            value, quality = None, Quality.STALE
        moment = self._moments[tag.name] = self._moment(tag, at)
        return Sample(channel=tag.name, unit=tag.unit, at=moment, value=value, quality=quality, cycle=cycle, raw=told.raw)

    def _judge(self, tag: Tag, told: Told) -> tuple[Decimal | None, Quality]:
        if told.number is None or told.quality is not Quality.GOOD:
            return None, told.quality or Quality.STALE
        return valued(tag, told.number)

    def _fall_ill(self, tag: Tag, told: Told, quality: Quality | None) -> None:
        if told.complaint is not None:
            error = told.complaint(tag.name)
        elif quality is Quality.SENSOR_BREAK:
            error = SensorBroken(channel=tag.name)
        else:
            low, high = tag.plausible
            value = f"{told.number * tag.scale:.6g}" if told.number is not None else "–"
            error = Implausible(channel=tag.name, value=value, unit=tag.unit, low=low, high=high)
        self._ill[tag.name] = Fault(channel=tag.name, error=error, raw=_bytes(told))

    def _moment(self, tag: Tag, at: datetime) -> datetime:
        """Several values in one message stand a microsecond apart, in their order: no two samples of a channel have one time."""
        last = self._moments.get(tag.name)
        return last + _A_MICROSECOND if last is not None and timedelta(0) <= last - at < _AT_ONCE else at


def _silent(tag: Tag) -> Fault:
    return Fault(channel=tag.name, error=ChannelSilent(channel=tag.name, seconds=tag.within_s), raw=b"")


def _bytes(told: Told) -> bytes:
    return pack(f">{len(told.raw)}H", *told.raw)
