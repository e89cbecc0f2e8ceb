"""Cuts the power at every event of what was recorded, or at some of them, and counts."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.core.spool_station import Central
from tests.faults.power.disk import Cut, Disk, Event, Made, Removed, Renamed, Waited, Written, written_out
from tests.faults.power.judging import Tally, central_of, judge
from tests.faults.power.known import KILLED, Known
from tests.faults.power.lives import Life, Plot, TapedCentral, a_day_after_a_cut
from tests.faults.power.recorder import Tape, recording

CHECKPOINT_PAGES = 25
"""Of a recording: with SQLite's own 1000 few recordings would see the journal brought in and begun anew."""


Alarms = Sequence[Sequence[str]]
"""Which troubles a start after a cut may tell, in words' codes; one of these lists."""


@dataclass(frozen=True, kw_only=True)
class Recording:
    """What one program did, and on what it began."""

    tape: Tape
    held: dict[str, bytes]
    known: Known
    """What was known before it began."""
    asked: int
    """See `Recorder`."""
    refused: bool
    """Whether the disk refused what it was told to refuse."""

    def moments(self) -> list[int]:
        """Where the power may go: while each event happens."""
        return [place for place, one in enumerate(self.tape) if isinstance(one, Event)]

    def rare(self) -> set[int]:
        """Of those: names made, changed and taken away, and files cut."""
        return {place for place in self.moments() if isinstance(self.tape[place], (Made, Renamed, Removed, Cut))}


@contextmanager
def new_folder() -> Iterator[Path]:
    """Removed afterwards, whatever became of its files."""
    folder = Path(tempfile.mkdtemp(prefix="ls-power-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def record(
    plot: Plot,
    *,
    seed: int,
    held: dict[str, bytes] | None = None,
    known: Known | None = None,
    central: Central | None = None,
    checkpoint_pages: int = CHECKPOINT_PAGES,
    refuse_at: int = 0,
) -> Recording:
    """Let a program live, with nobody cutting the power.

    Args:
        plot: What it does.
        seed: Of its chance.
        held: Files it begins with, by their path below the disk's top.
        known: What was acknowledged and stored before.
        central: The central database as it was left.
        checkpoint_pages: See `recording`.
        refuse_at: See `Recorder`.
    """
    known = known or Known()
    with new_folder() as disk:
        for path, content in (held or {}).items():
            (disk / path).parent.mkdir(parents=True, exist_ok=True)
            (disk / path).write_bytes(content)
        with recording(disk, checkpoint_pages=checkpoint_pages) as recorder:
            recorder.refuse_at = refuse_at
            life = Life(
                recorder=recorder,
                central=TapedCentral(recorder, central or Central()),
                chance=Random(seed),
                first=sum(map(len, known.given)),
            )
            plot(life)
        tape = recorder.tape[: recorder.tape.index(KILLED)] if KILLED in recorder.tape else recorder.tape
        return Recording(tape=tape, held=dict(held or {}), known=known, asked=recorder.asked, refused=recorder.refused)


def refused_once(
    plot: Plot, at: int, *, seed: int, held: dict[str, bytes] | None = None, known: Known | None = None, alarms: Alarms = ((),)
) -> Tally:
    """The disk refuses one thing that SQLite asks; the program goes on and is killed, then the power is cut instead.

    No cuts are counted where the program ended before it asked so often.
    """
    recorded = record(plot, seed=seed, held=held, known=known, refuse_at=at)
    if not recorded.refused:
        return Tally()
    last = recorded.moments()[-1]
    tally = cuts(recorded, [last], seed=seed + at, alarms=alarms)
    with new_folder() as folder:
        left, then = everything_written(recorded)
        written_out(left, folder)
        tally.add(judge(folder, then, alarms=alarms)[0])
    return _named(tally, f"refused at {at}")


def everything_written(recorded: Recording) -> tuple[dict[str, bytes | None], Known]:
    """What a killed program leaves: the operating system brings all of it to the disk."""
    disk, known = Disk(recorded.held), recorded.known.copy()
    for one in recorded.tape:
        if isinstance(one, Event):
            disk.take(one)
        else:
            known.hear(one)
    return disk.all(), known


def cuts(recorded: Recording, places: Collection[int], *, seed: int, alarms: Alarms = ((),), **disk: bool) -> Tally:
    """Cut the power at these places, each time on another disk, and judge what is left."""
    tally = Tally()
    for place, left, known in _lefts(recorded, places, seed=seed, **disk):
        with new_folder() as folder:
            written_out(left, folder)
            tally.add(_named(judge(folder, known, alarms=alarms)[0], f"seed {seed}, at {place}, {_said(recorded.tape[place])}"))
    return tally


def cut_twice(recorded: Recording, places: Sequence[int], *, seed: int, each: int) -> Tally:
    """Cut the power, let the next program begin with what is left, and cut it again `each` times at chance."""
    tally, chance = Tally(), Random(seed)
    for place, left, known in _lefts(recorded, places, seed=seed):
        files = {path: content for path, content in left.items() if content is not None}
        second = record(a_day_after_a_cut, seed=seed, held=files, known=known, central=central_of(known))
        moments = second.moments()
        again = chance.sample(moments, min(each, len(moments)))
        tally.add(_named(cuts(second, again, seed=seed), f"after a cut at {place}"))
    return tally


def chosen(recorded: Recording, many: int, *, seed: int) -> set[int]:
    """So many moments: every change of a name or a length, and others at chance."""
    moments, rare = recorded.moments(), recorded.rare()
    chance = Random(seed)
    some = set(chance.sample(sorted(rare), min(len(rare), many // 3)))
    return some | set(chance.sample(moments, min(many, len(moments)) - len(some)))


def _lefts(
    recorded: Recording, places: Collection[int], *, seed: int, **disk: bool
) -> Iterator[tuple[int, dict[str, bytes | None], Known]]:
    now, known, wanted = Disk(recorded.held, **disk), recorded.known.copy(), set(places)
    for place, one in enumerate(recorded.tape):
        if not isinstance(one, Event):
            known.hear(one)
            continue
        if not isinstance(one, Waited):
            now.take(one)  # it is under way: the disk may have any of it
        if place in wanted:
            yield place, now.cut(Random(f"{seed} {place}")), known.copy()
        if isinstance(one, Waited):
            now.take(one)


def _named(tally: Tally, where: str) -> Tally:
    tally.telling = [f"{where}: {finding}" for finding in tally.telling]
    return tally


def _said(one: object) -> str:
    return f"{type(one).__name__} {one.path}" + (f" {one.offset}" if isinstance(one, Written) else "") if isinstance(one, Event) else ""
