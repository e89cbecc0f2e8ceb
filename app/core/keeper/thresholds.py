"""From when on a rule speaks. Defaults stand here; a plant's own are rows of ``setting`` under ``selfcheck.RULE``, in the trail."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import text
from sqlalchemy.orm import Session

_ROWS = text("SELECT key, value FROM lineside.setting WHERE starts_with(key, 'selfcheck.')")
PREFIX = "selfcheck."


class _Rule(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SelfVerification(_Rule):
    """Signatures by two people that look like one."""

    seconds: float = Field(default=3, ge=0, le=300)
    """Two people sign the same at one station within less than this: nobody reads and types a password so fast."""
    pairs: int = Field(default=20, ge=2)
    """So many of somebody's works were verified within `days`, all of them by one person whose own were all verified by the first."""
    days: int = Field(default=90, ge=1)


class TypedValues(_Rule):
    """Figures that were typed although an instrument is asked for, and codes that were typed instead of scanned."""

    percent: float = Field(default=20, ge=0, le=100)
    """More than so many of a person's figures at a station within `days` …"""
    least: int = Field(default=20, ge=1)
    """… once there are so many."""
    days: int = Field(default=7, ge=1)


class LateEntry(_Rule):
    """What was read from an instrument long before it was entered."""

    minutes: float = Field(default=15, gt=0)
    days: int = Field(default=7, ge=1)


class SameReadings(_Rule):
    """One instrument that says the same value again and again."""

    in_a_row: int = Field(default=15, ge=3)
    days: int = Field(default=7, ge=1)


class ClockJump(_Rule):
    """Clocks that were moved."""

    seconds: float = Field(default=30, gt=0)
    """A station's clock: a reading from the future, or one earlier than the reading before it at the same station."""
    server_seconds: float = Field(default=2, gt=0)
    """The database's clock against the keeper's steady one, between two looks."""
    days: int = Field(default=7, ge=1)


class UnsignedStep(_Rule):
    """What a signature covers is done, and nobody has signed."""

    hours: float = Field(default=24, gt=0)


class OverdueCalibration(_Rule):
    """Instruments in use whose calibration ran out."""

    days: int = Field(default=0, ge=0)
    """So many days ago at least."""


class LabelDifference(_Rule):
    """Labels that were not found again when they were counted."""

    labels: int = Field(default=0, ge=0)
    """More than so many."""
    days: int = Field(default=7, ge=1)


class RefusedLogIns(_Rule):
    """Wrong passwords past the stations, from the server's log."""

    many: int = Field(default=5, ge=1)
    """Of one name within `minutes` …"""
    of_all: int = Field(default=30, ge=1)
    """… or of any names together."""
    minutes: float = Field(default=15, gt=0)


class Thresholds(_Rule):
    """Of every rule."""

    self_verification: SelfVerification = SelfVerification()
    typed_values: TypedValues = TypedValues()
    late_entry: LateEntry = LateEntry()
    same_readings: SameReadings = SameReadings()
    clock_jump: ClockJump = ClockJump()
    unsigned_step: UnsignedStep = UnsignedStep()
    overdue_calibration: OverdueCalibration = OverdueCalibration()
    label_difference: LabelDifference = LabelDifference()
    refused_log_ins: RefusedLogIns = RefusedLogIns()


def thresholds_of(session: Session) -> tuple[Thresholds, list[str]]:
    """The plant's thresholds over the defaults, and the keys of rows that cannot be: their rule keeps its defaults."""
    own: dict[str, Any] = {key.removeprefix(PREFIX): value for key, value in session.execute(_ROWS)}
    unusable: list[str] = []
    while True:
        try:
            return Thresholds.model_validate(own), unusable
        except ValidationError as trouble:
            wrong = {str(error["loc"][0]) for error in trouble.errors()}
            unusable += sorted(PREFIX + rule for rule in wrong)
            own = {rule: value for rule, value in own.items() if rule not in wrong}
