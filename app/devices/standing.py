"""How one device stands, kept for whoever asks and told to its sink whenever it changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from app.base.errors import DeviceError
from app.devices.events import DeviceState, Listener, Sink, Standing
from app.devices.protocol import Status
from app.devices.settings import Clock


class Stands:
    """One device's standing, from `begin` on. Used by one thread; `state` may be read by any."""

    def __init__(self, device: str, sink: Sink, clock: Clock) -> None:
        self._sink, self._clock = sink, clock
        self.state = DeviceState(
            device=device,
            standing=Standing.CONNECTING,
            since=clock.now(),
            cause=None,
            last_heard=None,
            serial_number=None,
            firmware=None,
        )

    def begin(self) -> None:
        """Tell the sink where we start."""
        self._sink.state(self.state)

    def hush(self) -> None:
        """Tell nobody anything any more."""
        self._sink = Listener()

    def heard(self) -> None:
        """Something was read whole; the chip shows its age."""
        self.state = replace(self.state, last_heard=self._clock.now())

    def says_of_itself(self, said: Status) -> None:
        """Serial number or firmware, where this status tells one; what a live device tells later is told on."""
        serial_number, firmware = said.serial_number or self.state.serial_number, said.firmware or self.state.firmware
        before, self.state = self.state, replace(self.state, serial_number=serial_number, firmware=firmware)
        if self.state != before and self.state.standing is Standing.LIVE:
            self._sink.state(self.state)

    def forgets_itself(self) -> None:
        """A connection begins: another instrument may hang there now."""
        self.state = replace(self.state, serial_number=None, firmware=None)

    def change(self, standing: Standing, cause: DeviceError | None = None, *, since: datetime | None = None) -> bool:
        """Change the standing and say so once; the same trouble again keeps its first time.

        Returns:
            Whether it was a change.
        """
        if standing is self.state.standing and _same(cause, self.state.cause):
            return False
        begun = self.state.since if standing is self.state.standing else since or self._clock.now()
        self.state = replace(self.state, standing=standing, since=begun, cause=cause)
        self._sink.state(self.state)
        return True


def _same(one: DeviceError | None, other: DeviceError | None) -> bool:
    """Whether two causes say the same sentence."""
    return type(one) is type(other) and (one is None or other is None or one.what == other.what)
