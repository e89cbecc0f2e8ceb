"""Power cuts many times over: rows for `make faults`, as `docs/reliability.md` keeps them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

import structlog

from tests.faults.power import lives
from tests.faults.power.cutting import Recording, chosen, cut_twice, cuts, new_folder, record, refused_once
from tests.faults.power.judging import Tally

Row = tuple[str, Callable[[], Tally]]
HEAD = ("power cut", "cuts", "acknowledged", "found", *Tally.WRONG)
FOUND = ((), ("spool.damaged",))
SQLITES_OWN_PAGES = 1_000


def held() -> Iterator[Row]:
    """Where nothing may be wrong."""
    for plot, seeds in (("put, forward, purge", range(3)), ("put", range(1))):
        yield f"at every event of: {plot}", partial(_everywhere, lives.PLOTS[plot], seeds)
    yield "at some events of: a day with SQLite's own length of journal", _long_journal
    yield "again in the start after the first one", _twice
    yield "at every event of: leaving a damaged file for the next", _salvaged
    yield "after one refusal of the disk, at each thing asked of it", _refused
    yield "the same while a damaged file is left", _refused_salvage


def planted() -> Iterator[Row]:
    """Where something must be lost, or the rows above say nothing."""
    for level in (("normal", 1), ("off", 0)):
        yield f"the spool with synchronous = {level[0].upper()}", partial(_weak, level)
    yield 'a disk that says "written" and has not', partial(_lossy, honest=False)
    yield "a disk that forgets the names of new files", partial(_lossy, of_names=False)


def head() -> str:
    """The head of the table."""
    return "\n".join(_line(cells) for cells in (HEAD, ("---", *("---:",) * (len(HEAD) - 1))))


def line(name: str, tally: Tally) -> str:
    """One row of it."""
    return _line((name, *(str(getattr(tally, column)) for column in ("cuts", *HEAD[2:]))))


def counted(rows: Iterator[Row]) -> list[tuple[str, Tally]]:
    """Each in its turn, said as soon as it was counted."""
    found = []
    print(head(), flush=True)
    for name, count in rows:
        with quiet():
            tally = count()
        found.append((name, tally))
        print(line(name, tally), flush=True)
    return found


@contextmanager
def quiet() -> Iterator[None]:
    """The spool's log tells of every entry that was set aside; here that is thousands of times the same one."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        yield
    finally:
        structlog.reset_defaults()


def _everywhere(plot: lives.Plot, seeds: Sequence[int]) -> Tally:
    return _sum(_at_all(record(plot, seed=seed), seed) for seed in seeds)


def _at_all(recorded: Recording, seed: int) -> Tally:
    return cuts(recorded, recorded.moments(), seed=seed)


def _long_journal() -> Tally:
    recorded = record(lives.a_day_of_large_ones, seed=11, checkpoint_pages=SQLITES_OWN_PAGES)
    return cuts(recorded, chosen(recorded, 60, seed=11), seed=11)


def _twice() -> Tally:
    recorded = record(lives.a_workday, seed=12)
    return cut_twice(recorded, sorted(chosen(recorded, 60, seed=12)), seed=12, each=6)


def _salvaged() -> Tally:
    with new_folder() as folder:
        files, known = lives.damaged(folder, entries=30)
    recorded = record(lives.a_salvage, seed=13, held=files, known=known)
    return cuts(recorded, recorded.moments(), seed=13, alarms=FOUND)


def _refused() -> Tally:
    asked = record(lives.a_morning_with_refusals, seed=0).asked
    return _sum(refused_once(lives.a_morning_with_refusals, at, seed=0) for at in range(1, asked + 1))


def _refused_salvage() -> Tally:
    with new_folder() as folder:
        files, known = lives.damaged(folder, entries=30)
    asked = record(lives.a_salvage, seed=0, held=files, known=known).asked
    return _sum(refused_once(lives.a_salvage, at, seed=0, held=files, known=known, alarms=FOUND) for at in range(1, asked + 1))


def _weak(level: tuple[str, int]) -> Tally:
    with lives.settings(synchronous=level):
        return _lossy()


def _lossy(**disk: bool) -> Tally:
    recorded = record(lives.a_long_morning, seed=14)
    return cuts(recorded, chosen(recorded, 400, seed=14), seed=14, **disk)


def _sum(tallies: Iterator[Tally]) -> Tally:
    whole = Tally()
    for one in tallies:
        whole.add(one)
    return whole


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
