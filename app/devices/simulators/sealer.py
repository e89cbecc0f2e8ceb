"""A simulated pouch and tray sealer on Modbus TCP, or on a serial line with Modbus RTU, by the shipped register map `sealer`."""

from __future__ import annotations

from decimal import Decimal
from types import TracebackType
from typing import Self

from app.devices.machines.decoding import words_of
from app.devices.machines.map_file import read_registers
from app.devices.machines.register_map import Channel, Place, RegisterMap
from app.devices.protocol import SerialLine
from app.devices.settings import Clock, MachineSettings
from app.devices.simulators.modbus_server import ModbusServer, Registers
from app.devices.simulators.rtu_server import RtuServer
from app.devices.simulators.sealer_hands import SealerHands

UNIT_ID = 1
_BUSY = 6


class SealerSimulator(SealerHands):
    """The sealer as a machine that is asked."""

    def __init__(
        self, *, seed: int = 1, clock: Clock | None = None, map: RegisterMap | None = None, line: SerialLine | None = None
    ) -> None:
        """A warm sealer, switched off.

        Args:
            seed: Of its chance; the same seed and clock make the same sealer.
            clock: Whose time passes; a test turns its own.
            map: Where its numbers stand; the shipped map unless a test brings another with the same names.
            line: How its serial line is set; ``None``: it hangs on the network.
        """
        super().__init__(seed=seed, clock=clock)
        self.map = map or read_registers("sealer", own=None)
        addresses = {(place.kind, address) for place in self.map.places for address in range(place.address, place.end)}
        self.server: ModbusServer | RtuServer = (
            RtuServer(self, addresses, unit_id=UNIT_ID, line=line) if line else ModbusServer(self, addresses, unit_id=UNIT_ID)
        )

    # --- the plug -------------------------------------------------------------------------------------------------

    def start(self) -> str:
        """Switch on; returns the url for the device's settings."""
        return self.server.start()

    def stop(self) -> None:
        """Take the machine away."""
        self.server.stop()

    def unplug(self) -> None:
        """The machine vanishes from the network."""
        self.server.unplug()

    def plug(self) -> None:
        """The machine is back at the same address."""
        self.server.plug()

    def __enter__(self) -> Self:
        self.url = self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def settings(self, *, looks_per_s: float) -> MachineSettings:
        """How a station reads it."""
        return MachineSettings(map=self.map, unit_id=UNIT_ID, looks_per_s=looks_per_s)

    # --- bad manners of its network card --------------------------------------------------------------------------

    def fall_silent(self) -> None:
        """Take questions, answer none."""
        self.server.manner = _nothing

    def answer_half(self) -> None:
        """Break off in the middle of every answer."""
        self.server.manner = _half

    def speak_again(self) -> None:
        """Answer as it should."""
        self.server.manner = bytes

    def refuse(self, exception: int = _BUSY) -> None:
        """Answer everything with this Modbus exception; 6 is busy, 2 an address it does not have."""
        self.server.refusal = exception

    def obey(self) -> None:
        """Refuse nothing any more."""
        self.server.refusal = None

    # --- what stands in its registers -----------------------------------------------------------------------------

    def registers(self) -> Registers:
        """What stands in every register now."""
        shown = self.shown()
        rows = [(channel.place, _raw(channel, shown.values[channel.name])) for channel in self.map.channels]
        for counting, count in ((self.map.cycle_counter, shown.finished), (self.map.heartbeat, shown.beats)):
            if counting is not None:
                rows.append((counting.place, Decimal(count % (counting.place.type.span[1] + 1))))
        return {(place.kind, address): word for place, raw in rows for address, word in _addressed(place, raw)}


def _raw(channel: Channel, value: float | None) -> Decimal:
    """The number in the register; the mark of a broken sensor for ``None``."""
    if value is None:
        return channel.sensor_break or Decimal(0)
    return (Decimal(value) / channel.scale).to_integral_value()


def _addressed(place: Place, raw: Decimal) -> list[tuple[int, int]]:
    return list(zip(range(place.address, place.end), words_of(raw, place), strict=True))


def _nothing(_: bytes) -> bytes:
    return b""


def _half(answer: bytes) -> bytes:
    return answer[: len(answer) // 2]
