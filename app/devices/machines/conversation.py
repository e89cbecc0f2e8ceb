"""What one machine and this station say to each other: no thread and no socket; line and time come from outside.

A value counts only when it was read whole, can be true, and the machine behind its network card is alive. What is none is told as
trouble once, kept with its registers and its quality, and never as a value.
"""

from __future__ import annotations

from datetime import datetime
from struct import pack

from app.base.errors import DeviceError
from app.devices.errors import PortUnavailable, SessionBroke
from app.devices.events import DeviceState, Listener, Sink, Standing, Trouble
from app.devices.machines.batching import Batching
from app.devices.machines.belief import Belief
from app.devices.machines.cycles import Cycles
from app.devices.machines.errors import AnswerUnreadable, ChannelsBad, MachineFrozen, MachineSilent, ReaderMissing
from app.devices.machines.faults import Faulty, faults_in
from app.devices.machines.judging import sample_of
from app.devices.machines.look import Look, Looking
from app.devices.machines.modbus import MachineLine
from app.devices.machines.pulse import Pulse
from app.devices.machines.register_map import RegisterMap
from app.devices.machines.samples import CycleSeen, Sample
from app.devices.settings import Clock
from app.devices.standing import Stands

_CHIP_ALONE = (PortUnavailable, ReaderMissing, SessionBroke)
"""Nothing came that anybody waited for: no trouble beside the standing."""


class MachineConversation:
    """The station's side of the table. Used by one thread."""

    def __init__(self, code: str, map: RegisterMap, sink: Sink, *, looks_per_s: float, clock: Clock) -> None:
        self._code, self._map, self._sink, self._clock = code, map, sink, clock
        self._stands = Stands(code, sink, clock)
        self._looking, self._pulse, self._cycles = Looking(map, clock), Pulse(map.heartbeat, clock), Cycles(map.cycle_counter)
        self._heartbeat = map.heartbeat
        self._batching = Batching(code, looks_per_s, clock)
        self._faulty, self._belief = Faulty(clock), Belief(map.channels, clock)

    @property
    def state(self) -> DeviceState:
        """How the machine stands now."""
        return self._stands.state

    def begin(self) -> None:
        """Tell the sink where we start."""
        self._stands.begin()

    def hush(self) -> None:
        """Tell nobody anything any more: the session was given up while it hung."""
        self._sink = Listener()
        self._stands.hush()

    def opened(self) -> None:
        """A connection is open. Whether the machine behind it lives must be seen anew."""
        self._pulse.opened()

    def look(self, line: MachineLine) -> None:
        """Look at the machine once, and tell what became known by it.

        Raises:
            DeviceError: it did not answer as it should; nothing of this look was told.
        """
        look = self._looking.look(line)
        self._stands.heard()
        self._pulse.feel(None if self._heartbeat is None else look.words[self._heartbeat.place], look.after)
        cycle = self._cycles.belonging(look)
        fresh = self._pulse.is_proven
        samples = [
            self._belief.weigh(sample_of(channel, look.words[channel.place], at=look.at[channel.place], cycle=cycle, fresh=fresh))
            for channel in self._map.channels
        ]
        self._batching.add(samples)
        if self._batching.is_due:
            self._hand_over()
        self._tell_cycle(cycle, samples)
        self._tell_faults(samples, look)
        self._draw_conclusions()

    def skipped(self, looks: int) -> None:
        """So many looks were due and not made."""
        self._batching.skip(looks)

    def lost(self, cause: DeviceError) -> None:
        """The machine cannot be reached or does not answer as it should."""
        self._hand_over()
        silent = isinstance(cause, MachineSilent)
        since = self.state.last_heard if silent else None
        if self._change(Standing.SILENT if silent else Standing.FAULT, cause, since=since) and not isinstance(cause, _CHIP_ALONE):
            self._tell(cause, cause.frame if isinstance(cause, AnswerUnreadable) else b"")

    def closed(self) -> None:
        """We closed the connection ourselves."""
        self._change(Standing.CLOSED)

    def _tell_cycle(self, cycle: int | None, samples: list[Sample]) -> None:
        finished = self._cycles.see(cycle)
        if finished is None:
            return
        self._hand_over()
        results = tuple(sample for channel, sample in zip(self._map.channels, samples, strict=True) if channel.of_cycle)
        seen = CycleSeen(machine=self._code, cycle=finished.cycle, missed=finished.missed, at=self._clock.now(), results=results)
        self._sink.cycle(seen)

    def _tell_faults(self, samples: list[Sample], look: Look) -> None:
        """Every channel that has just fallen ill, once. A stale look says nothing new of any."""
        if not self._pulse.is_proven:
            return
        for fault in self._faulty.note(list(faults_in(self._map, samples, look, self._cycles))):
            self._tell(fault.error, pack(f">{len(fault.raw)}H", *fault.raw))

    def _draw_conclusions(self) -> None:
        stood_since = self._pulse.stood_since
        if self._heartbeat is not None and stood_since is not None:
            self._change(Standing.STALE, MachineFrozen(seconds=self._heartbeat.within_s), since=stood_since)
        elif not self._pulse.is_proven:
            self._change(Standing.CONNECTING)
        elif self._faulty.channels:
            self._change(Standing.FAULT, ChannelsBad(channels=", ".join(self._faulty.channels)))
        else:
            self._change(Standing.LIVE)

    def _change(self, standing: Standing, cause: DeviceError | None = None, *, since: datetime | None = None) -> bool:
        """Samples from before a change are handed over before it is told."""
        if standing is not self.state.standing:
            self._hand_over()
        return self._stands.change(standing, cause, since=since)

    def _hand_over(self) -> None:
        batch = self._batching.take()
        if batch is not None:
            self._sink.samples(batch)

    def _tell(self, error: DeviceError, raw: bytes) -> None:
        self._sink.trouble(Trouble(device=self._code, error=error, raw=raw, at=self._clock.now()))
