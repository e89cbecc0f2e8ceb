"""How a heat sealer behaves: jaws that follow their heater with lag, a press that closes, dwells and opens, a count of cycles.

Pure and repeatable: time passes in steps of 10 ms, chance comes from one seed, and who looks when makes no difference.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

STEP_MS = 10
_LAG_S = 4.0
"""Time constant of jaw and sensor behind the heater."""
_COOLING = 1.5
"""°C by which a closed jaw would settle lower: the film takes heat."""
_NOISE, _NOISE_KEPT = 0.05, 0.9
"""°C per step, and how much of it lives on into the next."""
_OPEN_MS, _CLOSING_MS, _OPENING_MS = 1500, 300, 200
_BEAT_MS = 100
_ALARM_AT = 5.0
"""°C away from the set point."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What the control keeps of the last finished cycle."""

    temperature: float | None
    """°C, mean over the dwell; ``None``: the sensor was broken meanwhile."""
    pressure: float
    """kPa, mean over the dwell."""
    dwell_s: float


class Sealing:
    """One sealer. Temperatures in °C, pressures in kPa, times in seconds unless the name says ms."""

    def __init__(self, *, seed: int, temperature_set: float, pressure_set: float, dwell_set_s: float) -> None:
        """A warm sealer that begins its first cycle."""
        self._chance = Random(seed)
        self.temperature_set, self._pressure_set, self._dwell_set_ms = temperature_set, pressure_set, round(dwell_set_s * 1000)
        self._jaw, self._noise = temperature_set, 0.0
        self._now_ms = self._phase_ms = 0
        self._dwell_ms = self._next_dwell_ms()
        self._off_by, self._off_until_ms = 0.0, 0
        self._sums = [0.0, 0.0, 0.0]
        self.pressure = 0.0
        self.is_cycling, self.sensor_is_broken = True, False
        self._broke_in_dwell = False
        self.finished, self.beats = 0, 0
        self.results = Results(temperature=0.0, pressure=0.0, dwell_s=0.0)

    @property
    def temperature(self) -> float | None:
        """What the sensor says; ``None``: it is broken."""
        return None if self.sensor_is_broken else self._jaw + self._noise

    @property
    def alarms(self) -> int:
        """Bit 0: too far from the set point; bit 1: sensor broken."""
        off = not self.sensor_is_broken and abs(self._jaw - self.temperature_set) > _ALARM_AT
        return int(off) | int(self.sensor_is_broken) << 1

    def drive_off(self, by: float, for_s: float) -> None:
        """The heater goes astray by so many °C, for so long."""
        self._off_by, self._off_until_ms = by, self._now_ms + round(for_s * 1000)

    def step(self) -> None:
        """10 ms pass."""
        self._now_ms += STEP_MS
        self.beats = self._now_ms // _BEAT_MS
        self._heat()
        if self.is_cycling or self._phase_ms > _OPEN_MS:
            self._press()

    @property
    def _is_dwelling(self) -> bool:
        return 0 <= self._phase_ms - _OPEN_MS - _CLOSING_MS < self._dwell_ms

    def _heat(self) -> None:
        goal = self.temperature_set + (self._off_by if self._now_ms < self._off_until_ms else 0.0)
        if self._is_dwelling:
            goal -= _COOLING
        self._jaw += (goal - self._jaw) * STEP_MS / 1000 / _LAG_S
        self._noise = _NOISE_KEPT * self._noise + self._chance.gauss(0, _NOISE)

    def _press(self) -> None:
        self._phase_ms += STEP_MS
        closing = self._phase_ms - _OPEN_MS
        opening = closing - _CLOSING_MS - self._dwell_ms
        if closing < 0:
            self.pressure = max(0.0, self._chance.gauss(0, 0.3))
        elif closing < _CLOSING_MS:
            self.pressure = self._pressure_set * closing / _CLOSING_MS
        elif opening < 0:
            self.pressure = self._pressure_set + self._chance.gauss(0, 1.5)
            self._note_dwell()
        elif opening < _OPENING_MS:
            self.pressure = self._pressure_set * (1 - opening / _OPENING_MS)
        else:
            self._finish()

    def _note_dwell(self) -> None:
        self._broke_in_dwell |= self.sensor_is_broken
        for place, value in enumerate((1.0, self._jaw + self._noise, self.pressure)):
            self._sums[place] += value

    def _finish(self) -> None:
        """Results first, the count last: who reads the same count twice has the results that belong to it."""
        steps, warmth, force = self._sums
        mean = None if self._broke_in_dwell else warmth / steps
        self.results = Results(temperature=mean, pressure=force / steps, dwell_s=steps * STEP_MS / 1000)
        self.finished += 1
        self._sums, self._broke_in_dwell = [0.0, 0.0, 0.0], False
        self._phase_ms, self.pressure = 0, 0.0
        self._dwell_ms = self._next_dwell_ms()

    def _next_dwell_ms(self) -> int:
        """The valve is not always equally quick."""
        return STEP_MS * round((self._dwell_set_ms + self._chance.gauss(0, 8)) / STEP_MS)
