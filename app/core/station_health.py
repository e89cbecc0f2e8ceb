"""Whether a workstation is fit to be worked at: its clock against the database's, and the room on its disk (R5)."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from app.base import clock
from app.base.errors import RuleViolation

CLOCK_WARNS = timedelta(seconds=2)
CLOCK_FORBIDS_SIGNING = timedelta(seconds=30)
LEAST_FREE_BYTES = 1_000_000_000
"""1 GB: below it a station that keeps readings while the database is away may run out of room within days."""


class StationClockOff(RuleViolation):
    code = "STN-06"
    text = "Not signed: the clock of this station is {off} off the database's clock."
    next_step = "Let IT set the clock of this computer, or sign at another station."


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockOffset:
    """How a workstation's clock stands to the database's, which is the official one."""

    ahead: timedelta
    """How far the database's clock is ahead of the workstation's; negative: behind."""
    unsure: timedelta
    """Half of the time the answer was on its way: so much of `ahead` proves nothing."""

    @classmethod
    def measured(cls, official: datetime, *, asked_at: datetime, took: timedelta) -> ClockOffset:
        """From one question: asked at the workstation's `asked_at`, answered with `official` after `took` by a steady clock."""
        return cls(ahead=official - (asked_at + took / 2), unsure=took / 2)

    @property
    def off(self) -> timedelta:
        """How far the workstation's clock is off at least; never negative."""
        return max(timedelta(0), abs(self.ahead) - self.unsure)

    @property
    def warns(self) -> bool:
        """More than 2 s; exactly 2 s is let be."""
        return self.off > CLOCK_WARNS

    @property
    def forbids_signing(self) -> bool:
        """More than 30 s (R5): the times beside a signature, of readings and scans, are the workstation's."""
        return self.off > CLOCK_FORBIDS_SIGNING

    @property
    def refusal(self) -> StationClockOff | None:
        """Why nobody may sign at this station, or ``None``."""
        return StationClockOff(off=clock.span(self.off)) if self.forbids_signing else None


NOT_COMPARED = ClockOffset(ahead=timedelta(0), unsure=timedelta(0))


def ahead_ms(offset: ClockOffset) -> int | None:
    """How many milliseconds the database's clock is ahead, as it is kept beside a value; ``None``: not compared yet."""
    return None if offset is NOT_COMPARED else round(offset.ahead / timedelta(milliseconds=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskRoom:
    """What is left on the disk of the data folder."""

    free_bytes: int | None
    """``None``: the disk did not answer."""
    least_bytes: int
    """Below it a person is warned."""

    @property
    def is_short(self) -> bool:
        """Less than there must be, or nobody knows."""
        return self.free_bytes is None or self.free_bytes < self.least_bytes


def free_bytes(folder: Path) -> int:
    """How many bytes this account may still write where `folder` lies, or will lie once it is made.

    Raises:
        OSError: the disk does not answer.
    """
    there = folder.expanduser().absolute()
    while not there.exists() and there != there.parent:
        there = there.parent
    return shutil.disk_usage(there).free
