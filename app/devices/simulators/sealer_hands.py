"""A simulated pouch and tray sealer, its hands and its time, whatever it speaks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import RLock

from app.devices.settings import Clock, StationClock
from app.devices.simulators.sealing import STEP_MS, Sealing

_RECIPE = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the control says of itself at one moment."""

    values: Mapping[str, float | None]
    """By the name of the channel in the shipped maps; ``None``: the sensor is broken."""
    finished: int
    """How many cycles are finished."""
    beats: int
    """Moved ten times a second by the control's own program."""


class SealerHands:
    """Thread-safe; what a hand does is done when the call returns. Time passes by its clock, in steps of 10 ms."""

    def __init__(self, *, seed: int, clock: Clock | None) -> None:
        """A warm sealer.

        Args:
            seed: Of its chance; the same seed and clock make the same sealer.
            clock: Whose time passes; a test turns its own.
        """
        self._clock = clock or StationClock()
        self._sealing = Sealing(seed=seed, temperature_set=137.0, pressure_set=412.0, dwell_set_s=1.2)
        self._lock = RLock()
        self._begun_s, self._steps = self._clock.monotonic(), 0
        self._frozen: Shown | None = None

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
        self._frozen = self.shown()

    def thaw(self) -> None:
        """The control runs again."""
        self._frozen = None

    # --- what it shows --------------------------------------------------------------------------------------------

    @property
    def finished(self) -> int:
        """How many cycles are finished."""
        with self._lock:
            self.tick()
            return self._sealing.finished

    def shown(self) -> Shown:
        """What it says of itself now; what it last knew while it is frozen."""
        with self._lock:
            self.tick()
            return self._frozen or self._now()

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

    def _now(self) -> Shown:
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
        return Shown(values=values, finished=sealing.finished, beats=sealing.beats)
