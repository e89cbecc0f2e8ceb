"""How the recording of machines stands: for the strip, and for whoever starts a step that needs a machine's values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from app.base.errors import AppError
from app.core.spool.standing import Fill, SpoolState


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingState:
    """One moment."""

    spool: SpoolState | None
    """``None``: the station's store is not open (yet)."""
    trouble: AppError | None
    """Why nothing can be kept now, or the store is filling up; ``None``: all is well."""
    turned_away: Mapping[str, AppError]
    """Machines of which nothing is kept, because the plant takes nothing of them, with the reason."""
    lost: int
    """Samples since the start that found no room on the disk or waited too long for it."""
    arrived: int
    """The last mark of `Recorder.hand_over` of which everything has come to its end: in the database, or set aside."""

    @property
    def keeps(self) -> bool:
        """Whether what machines say now is kept."""
        return self.spool is not None and self.spool.fill is not Fill.FULL and self.trouble is None


class RecordingSink(Protocol):
    """Who listens to the recorder. Called on its threads; return quickly, hand over to your own."""

    def recording(self, state: RecordingState) -> None:
        """It stands differently."""

    def recording_trouble(self, trouble: AppError) -> None:
        """Something a person must hear of, once: the store fills up or was damaged, a machine is turned away."""
