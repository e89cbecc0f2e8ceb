"""How the spool stands: for the strip, for whoever starts a step, and for whoever listens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from app.base.errors import AppError
from app.base.phrases import Phrase

WARN_AT, NO_START_AT = 0.5, 0.9
"""Shares of the quota from which a person is warned, and from which no step may start."""


class Standing(StrEnum):
    """Whether entries reach the database."""

    HERE = "here"
    AWAY = "away"
    STOPPED = "stopped"
    """Nobody forwards: before the start, after the end, or after a defect that has gone to the crash report."""


class Fill(StrEnum):
    """How full the spool is."""

    ROOM = "room"
    HALF = "half"
    NEARLY = "nearly full"
    FULL = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How much a station may keep."""

    most_bytes: int
    """Quota of the file. 72 h at one entry a second of 150 bytes are about 0.1 GB."""
    ballast_bytes: int = 64 * 2**20
    """Reserve on the disk that is released when the disk is full; 0 keeps none."""
    kept_for: timedelta = timedelta(days=7)
    """Forwarded entries stay so long, for a database that lost its last minutes. They give way earlier when room is short."""

    def fill(self, used_bytes: int) -> Fill:
        """On the mark counts as reached."""
        if used_bytes >= self.most_bytes:
            return Fill.FULL
        if used_bytes >= NO_START_AT * self.most_bytes:
            return Fill.NEARLY
        return Fill.HALF if used_bytes >= WARN_AT * self.most_bytes else Fill.ROOM


@dataclass(frozen=True, slots=True, kw_only=True)
class SpoolState:
    """How the spool stands, as the strip shows it."""

    standing: Standing
    since: datetime
    """When this standing began, workstation time; for ``away`` the first try that failed."""
    cause: AppError | None
    """Why, for ``away``."""
    waiting: int
    """Entries kept and not yet in the database."""
    quarantined: int
    """Entries set aside for a person."""
    fill: Fill

    @property
    def words(self) -> Phrase:
        """The chip's sentence."""
        match self.standing:
            case Standing.HERE if self.waiting == 0:
                return Phrase("Everything is in the database.")
            case Standing.HERE:
                return Phrase("On the way to the database: {waiting}.", waiting=self.waiting)
            case Standing.AWAY:
                return Phrase("Database away since {since}. Waiting here, all kept: {waiting}.", since=self.since, waiting=self.waiting)
            case Standing.STOPPED:
                return Phrase("Nothing is being forwarded. Waiting here, all kept: {waiting}.", waiting=self.waiting)

    @property
    def quarantine_words(self) -> Phrase | None:
        """What a person must look at; ``None``: nothing."""
        return Phrase("Set aside, somebody must look: {quarantined}.", quarantined=self.quarantined) if self.quarantined else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """An entry that was set aside. After rot its parts may be anything that can still be read."""

    id: str
    """The entry's UUID; other text when the disk changed it."""
    kind: str
    payload: bytes
    wall: str
    """The workstation's time of keeping, ISO 8601."""
    reason: str
    """SQLSTATE or code of the refusal, then the words of whoever refused; for the log and for IT, in English."""
    sound: bool
    """Whether the content is still what was kept; a rotten entry is never forwarded."""


class SpoolSink(Protocol):
    """Who listens to the spool. Called on a thread of the spool or of whoever puts; return quickly, hand over to your own."""

    def state(self, state: SpoolState) -> None:
        """The standing changed. A change of the number waiting alone is told at most four times a second."""

    def quarantined(self, entry: Quarantined) -> None:
        """An entry was set aside."""

    def trouble(self, trouble: AppError) -> None:
        """The store is filling up, was damaged, or its disk refuses."""
