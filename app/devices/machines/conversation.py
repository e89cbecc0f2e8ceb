"""What a machine that is asked and this station say to each other: no thread and no socket; line and time come from outside.

A value counts only when it was read whole, can be true, and the machine behind its network card is alive. What is none is told as
trouble once, kept with its registers and its quality, and never as a value.
"""

from __future__ import annotations

from app.devices.events import Sink
from app.devices.machines.belief import Belief
from app.devices.machines.cycles import Cycles
from app.devices.machines.dead_band import DeadBand
from app.devices.machines.faults import faults_in
from app.devices.machines.judging import sample_of
from app.devices.machines.look import Looking
from app.devices.machines.modbus import MachineLine
from app.devices.machines.pulse import Pulse
from app.devices.machines.register_map import RegisterMap
from app.devices.machines.reporting import Reporting
from app.devices.machines.samples import CycleSeen, Sample
from app.devices.settings import Clock


class MachineConversation(Reporting):
    """The station's side of the table. Used by one thread."""

    def __init__(self, code: str, map: RegisterMap, sink: Sink, *, looks_per_s: float, clock: Clock) -> None:
        super().__init__(code, sink, Pulse(map.heartbeat, clock), looks_per_s=looks_per_s, clock=clock)
        self._map, self._heartbeat = map, map.heartbeat
        self._looking, self._cycles = Looking(map, clock), Cycles(map.cycle_counter)
        self._belief, self._dead_band = Belief(map.channels, clock), DeadBand(map.channels)

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
        self._batching.add(self._dead_band.worth_telling(samples))
        if self._batching.is_due:
            self._hand_over()
        self._tell_cycle(cycle, samples)
        self._tell_faults(list(faults_in(self._map, samples, look, self._cycles)))
        self._draw_conclusions()

    def skipped(self, looks: int) -> None:
        """So many looks were due and not made."""
        self._batching.skip(looks)

    def _tell_cycle(self, cycle: int | None, samples: list[Sample]) -> None:
        finished = self._cycles.see(cycle)
        if finished is None:
            return
        self._hand_over()
        results = tuple(sample for channel, sample in zip(self._map.channels, samples, strict=True) if channel.of_cycle)
        seen = CycleSeen(machine=self._code, cycle=finished.cycle, missed=finished.missed, at=self._clock.now(), results=results)
        self._sink.cycle(seen)
