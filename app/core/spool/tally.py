"""Counts of the spool's entries, how full it is, and what there is to tell. Only for whoever holds the outbox."""

from __future__ import annotations

from dataclasses import dataclass

from app.base.errors import AppError
from app.core.spool.outbox_file import OutboxFile
from app.core.spool.refusals import StoreDiskLow, StoreDiskRefuses, StoreFull, StoreHalfFull, StoreNearlyFull
from app.core.spool.rows import State
from app.core.spool.standing import Fill, Quarantined, Room

_ALARMS: dict[Fill, type[AppError]] = {Fill.HALF: StoreHalfFull, Fill.NEARLY: StoreNearlyFull, Fill.FULL: StoreFull}
_RISING = list(Fill)


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What happened while the outbox was held, to be told when it is free."""

    troubles: tuple[AppError, ...] = ()
    set_aside: tuple[Quarantined, ...] = ()


class Tally:
    """Kept in memory, so that asking costs nothing; counted anew from each file that is opened."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self.waiting = self.quarantined = self.kept = 0
        self._quota = Fill.ROOM
        self._quota_refused = False
        self._disk_refused = False
        self._reserve_held = True
        self._troubles: list[AppError] = []
        self._set_aside: list[Quarantined] = []

    @property
    def fill(self) -> Fill:
        """How full: by the quota, or because the disk itself is."""
        by_disk = Fill.FULL if self._disk_refused else Fill.ROOM if self._reserve_held else Fill.NEARLY
        return max(self._quota, by_disk, key=_RISING.index)

    @property
    def disk_refused(self) -> bool:
        """Whether the disk took nothing more and has not given the reserve back since."""
        return self._disk_refused

    def count(self, file: OutboxFile) -> None:
        """Begin with what a file holds."""
        self.waiting, self.quarantined, self.kept = (file.count(state) for state in (State.WAITING, State.QUARANTINED, State.DONE))
        self.weigh(file.used_bytes())

    def weigh(self, used_bytes: int) -> None:
        """Judge the quota anew; every rise is told once."""
        level = self._room.fill(used_bytes)
        self._quota_refused = self._quota_refused and level in (Fill.NEARLY, Fill.FULL)
        self._rise(Fill.FULL if self._quota_refused else level)

    def refuse(self) -> StoreFull:
        """The quota has no room for what was to be put; full until there is room for a new step again."""
        self._quota_refused = True
        self._rise(Fill.FULL)
        return StoreFull()

    def disk_refuses(self, trouble: StoreDiskRefuses) -> None:
        """The disk takes nothing more; told once until it has given the reserve back."""
        if not self._disk_refused:
            self._troubles.append(trouble)
        self._disk_refused, self._reserve_held = True, False

    def reserve(self, *, held: bool) -> None:
        """Whether the disk could spare the reserve."""
        if self._reserve_held and not held:
            self._troubles.append(StoreDiskLow())
        self._reserve_held = held
        self._disk_refused = self._disk_refused and not held

    def tell(self, trouble: AppError) -> None:
        """Remember a trouble for the news."""
        self._troubles.append(trouble)

    def tell_set_aside(self, entry: Quarantined) -> None:
        """Remember an entry for the news."""
        self._set_aside.append(entry)

    def take_news(self) -> News:
        """What there is to tell since the last time."""
        news = News(troubles=tuple(self._troubles), set_aside=tuple(self._set_aside))
        self._troubles.clear()
        self._set_aside.clear()
        return news

    def _rise(self, level: Fill) -> None:
        if _RISING.index(level) > _RISING.index(self._quota):
            self._troubles.append(_ALARMS[level]())
        self._quota = level
