"""What a station tells of one machine, whoever asks or is told: standing, troubles, batches of samples, each in its order."""

from __future__ import annotations

from datetime import datetime

from app.base.errors import DeviceError
from app.devices.errors import PortUnavailable, SessionBroke
from app.devices.events import DeviceState, Listener, Sink, Standing, Trouble
from app.devices.machines.batching import Batching
from app.devices.machines.errors import AnswerUnreadable, ChannelsBad, MachineFrozen, MachineSilent, ReaderMissing
from app.devices.machines.faults import Fault, Faulty
from app.devices.machines.pulse import Pulse
from app.devices.settings import Clock
from app.devices.standing import Stands

_CHIP_ALONE = (PortUnavailable, ReaderMissing, SessionBroke)
"""Nothing came that anybody waited for: no trouble beside the standing."""


class Reporting:
    """The part of a conversation that faces the house. Used by one thread."""

    def __init__(self, code: str, sink: Sink, pulse: Pulse, *, looks_per_s: float, clock: Clock) -> None:
        self._code, self._sink, self._pulse, self._clock = code, sink, pulse, clock
        self._stands = Stands(code, sink, clock)
        self._batching = Batching(code, looks_per_s, clock)
        self._faulty = Faulty(clock)

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

    def _tell_faults(self, faults: list[Fault]) -> None:
        """Every channel that has just fallen ill, once. What is stale says nothing new of any."""
        if not self._pulse.is_proven:
            return
        for fault in self._faulty.note(faults):
            self._tell(fault.error, fault.raw)

    def _draw_conclusions(self) -> None:
        stood_since = self._pulse.stood_since
        if stood_since is not None:
            self._change(Standing.STALE, MachineFrozen(seconds=self._pulse.within_s), since=stood_since)
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
