"""Holds what a power cut left against what was acknowledged before it."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, fields
from pathlib import Path

from app.base.errors import AppError
from app.core.spool.rows import Row
from tests.core.spool_station import Central, Station
from tests.faults.power.known import Known
from tests.faults.power.lives import ROOM, SPOOL, refuse_poison

AFTERWARDS = b"work goes on"
"""Put after every cut."""


class CentralNow(Central):
    """The central database as it stood when the power went; it never refuses but for poison."""

    def deliver(self, rows: Sequence[Row]) -> None:
        refuse_poison(rows)
        super().deliver(rows)


@dataclass(kw_only=True)
class Tally:
    """Counts over many cuts; every one of `wrong` must be nought."""

    cuts: int = 0
    acknowledged: int = 0
    found: int = 0
    lost: int = 0
    """Acknowledged, and neither in the central database afterwards nor set aside in the spool."""
    doubled: int = 0
    """There under more than one identity, or twice in the spool's file."""
    invented: int = 0
    """Nobody gave it, or under another identity than was acknowledged."""
    disordered: int = 0
    """Came to the central database before an older one, or only a part of one put is there."""
    broken: int = 0
    """The spool's own check of its chain finds something, or an alarm is told that no damage caused, or it does not go on."""
    telling: list[str] = field(default_factory=list)
    """The first few findings, in words."""

    WRONG = ("lost", "doubled", "invented", "disordered", "broken")

    @property
    def holds(self) -> bool:
        return self.cuts > 0 and not any(getattr(self, name) for name in self.WRONG)

    def add(self, other: Tally) -> None:
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))
        del self.telling[5:]

    def find(self, what: str, which: Iterable[object]) -> None:
        """Count each, and say it."""
        found = list(which)
        setattr(self, what, getattr(self, what) + len(found))
        if found:
            self.telling.append(f"{what} {len(found)}: {str(found)[:100]}")


def judge(disk: Path, known: Known, *, alarms: Sequence[Sequence[str]] = ((),)) -> tuple[Tally, Central]:
    """Open the spool as the product does after the power is back, let it forward everything, look at everything.

    Args:
        disk: What the power cut left.
        known: What was acknowledged and stored.
        alarms: Which troubles it may tell.

    Returns:
        The counts of this cut, and the central database after it.
    """
    tally = Tally(cuts=1, acknowledged=len(known.acknowledged))
    station, central = Station(disk / SPOOL), central_of(known)
    before = len(central.taken)
    try:
        spool = station.start(room=ROOM)
    except AppError as refused:
        tally.find("broken", [refused])
        tally.find("lost", known.acknowledged)
        return tally, central
    try:
        tally.find("broken", [] if spool.check().sound else ["chain"])
        station.drain(central, batch=20)
        spool.put("sample", [AFTERWARDS])
        station.until_nothing_waits()
        quarantined = {entry.payload: entry.id for entry in spool.quarantined()}
        tally.find("broken", [] if tuple(station.ear.codes) in {tuple(one) for one in alarms} else station.ear.codes)
        tally.find("broken", [] if spool.check().sound else ["chain afterwards"])
    finally:
        station.stop()
    _compare(tally, known, _Found(central=central.payloads[before:], quarantined=quarantined, ids=_ids(central), kept=_kept(station)))
    return tally, central


def central_of(known: Known) -> CentralNow:
    """As it stood."""
    central = CentralNow()
    central.taken.update({one: _Row(payload, digest) for one, (payload, digest) in known.stored.items()})  # type: ignore[misc]
    return central


@dataclass(frozen=True)
class _Row:
    """What the central database keeps of an entry."""

    payload: bytes
    digest: bytes


@dataclass(frozen=True, kw_only=True)
class _Found:
    """Everything that is left, seen from all sides."""

    central: list[bytes]
    """What came to the central database since the power is back, in its order."""
    ids: dict[bytes, list[str]]
    """Under which identities the central database has each payload."""
    quarantined: dict[bytes, str]
    kept: Counter[bytes]
    """Payloads in the spool's file, forwarded ones too: for a database that loses its last minutes."""


def _compare(tally: Tally, known: Known, found: _Found) -> None:
    given = {payload: number for number, put in enumerate(known.given) for payload in put} | {AFTERWARDS: len(known.given)}
    there = {payload: ids[0] for payload, ids in found.ids.items()} | found.quarantined
    lost = {one for one in known.acknowledged if one not in there or not (known.purging or one in found.kept)}
    tally.found = len(known.acknowledged) - len(lost)
    tally.find("lost", lost)
    tally.find("doubled", {one for one, ids in found.ids.items() if len(ids) > 1} | {one for one, many in found.kept.items() if many > 1})
    tally.find("invented", {*there, *found.kept} - given.keys())
    tally.find("invented", [one for one, its in known.acknowledged.items() if there.get(one, str(its)) != str(its)])
    tally.find("disordered", [put for put in known.given if 0 < sum(one in there for one in put) < len(put)])
    came = [given.get(one, 0) for one in found.central]
    tally.find("disordered", [] if came == sorted(came) else [came])


def _ids(central: Central) -> dict[bytes, list[str]]:
    ids = defaultdict[bytes, list[str]](list)
    for one, row in central.taken.items():
        ids[row.payload].append(str(one))
    return ids


def _kept(station: Station) -> Counter[bytes]:
    with closing(sqlite3.connect(max(station.folder.glob("outbox-*.sqlite")))) as connection:
        return Counter(payload for (payload,) in connection.execute("SELECT payload FROM outbox"))
