"""A simulated pouch and tray sealer on Modbus TCP, or on a serial line with Modbus RTU, by the shipped register map `sealer`."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from threading import RLock
from types import TracebackType
from typing import Self

from app.devices.machines.decoding import words_of
from app.devices.machines.map_file import read_map
from app.devices.machines.register_map import Channel, Place, RegisterMap
from app.devices.protocol import SerialLine
from app.devices.settings import Clock, MachineSettings, StationClock
from app.devices.simulators.modbus_server import ModbusServer, Registers
from app.devices.simulators.rtu_server import RtuServer
from app.devices.simulators.sealing import STEP_MS, Sealing

UNIT_ID = 1
_RECIPE = 12
_BUSY = 6


class SealerSimulator:
    """Thread-safe; what a hand does is done when the call returns. Time passes by its clock, in steps of 10 ms."""

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
        self.map = map or read_map("sealer", own=None)
        self._clock = clock or StationClock()
        self._sealing = Sealing(seed=seed, temperature_set=137.0, pressure_set=412.0, dwell_set_s=1.2)
        self._lock = RLock()
        self._begun_s, self._steps = self._clock.monotonic(), 0
        self._frozen: Registers | None = None
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

    # --- hands at the machine -------------------------------------------------------------------------------------

    def excursion(self, by: float, for_s: float) -> None:
        """The heater goes astray by so many °C, for so many seconds; the jaws follow with their lag."""
        self._act(lambda: self._sealing.drive_off(by, for_s))

    def stop_cycling(self) -> None:
        """Finish this cycle and begin no other."""
        self._act(lambda: setattr(self._sealing, "is_cycling", False))

    def start_cycling(self) -> None:
        """Seal on."""
        self._act(lambda: setattr(self._sealing, "is_cycling", True))

    def break_sensor(self) -> None:
        """The wire of the temperature sensor breaks."""
        self._act(lambda: setattr(self._sealing, "sensor_is_broken", True))

    def mend_sensor(self) -> None:
        """The wire is mended."""
        self._act(lambda: setattr(self._sealing, "sensor_is_broken", False))

    def freeze(self) -> None:
        """The control hangs; its network card goes on answering with what it last knew."""
        self._frozen = self.registers()

    def thaw(self) -> None:
        """The control runs again."""
        self._frozen = None

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

    @property
    def finished(self) -> int:
        """How many cycles are finished."""
        with self._lock:
            self.tick()
            return self._sealing.finished

    def registers(self) -> Registers:
        """What stands in every register now."""
        with self._lock:
            self.tick()
            return self._frozen if self._frozen is not None else self._written_down()

    def tick(self) -> None:
        """Let the time pass that has passed."""
        with self._lock:
            due = round((self._clock.monotonic() - self._begun_s) * 1000) // STEP_MS
            for _ in range(due - self._steps):
                self._sealing.step()
            self._steps = due

    def _act(self, act: Callable[[], None]) -> None:
        with self._lock:
            self.tick()
            act()

    def _written_down(self) -> Registers:
        sealing = self._sealing
        values = {
            "temperature_actual": sealing.temperature,
            "pressure": sealing.pressure,
            "alarm_word": sealing.alarms,
            "seal_temperature": sealing.results.temperature,
            "seal_pressure": sealing.results.pressure,
            "dwell": sealing.results.dwell_s,
            "temperature_set": sealing.temperature_set,
            "recipe_id": _RECIPE,
        }
        rows = [(channel.place, _raw(channel, values[channel.name])) for channel in self.map.channels]
        for counting, count in ((self.map.cycle_counter, sealing.finished), (self.map.heartbeat, sealing.beats)):
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
