"""What a fault is judged by: who was told "done", against what stands in the tables and in the trail.

Nothing is taken from the table of commands, which is what is on trial: an order is found by the supplier's lot it names, a machine's
sample by the number it counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from app.core.trust.verifying import verify
from tests.faults.load import lot_name
from tests.plant import Plant


@dataclass(kw_only=True)
class Told:
    """What the clients of one fault asked and heard; filled in the moment it happened."""

    asked: set[str] = field(default_factory=set)
    """Names of what was ever given."""
    acknowledged: set[str] = field(default_factory=set)
    """Names of what a program was told is done."""
    unknown: set[str] = field(default_factory=set)
    """Names of what the fault took the answer from."""
    found_done: int = 0
    """Of those: how many had been done when they were asked for again."""


@dataclass(frozen=True, kw_only=True)
class Count:
    """One row of the table."""

    fault: str
    times: int
    acknowledged: int
    stored: int
    lost: int
    duplicate: int
    unaudited: int
    breaks: int
    """Checks of `app.core.trust.verifying` that found something: chains, seals, rows, schema."""
    unknown: int
    """Orders whose answer the fault took; every one was asked again with its id …"""
    unknown_once: int
    """… and so many of them stand exactly once."""
    note: str = ""

    @property
    def holds(self) -> bool:
        """Nothing lost, nothing twice, nothing without its trail, no chain broken; what was unknown stands once."""
        return (self.lost, self.duplicate, self.unaudited, self.breaks) == (0, 0, 0, 0) and self.unknown == self.unknown_once


_RECEIVED = """SELECT l.supplier_lot, count(r.id) FROM lineside.lot l LEFT JOIN lineside.receipt r ON r.lot = l.id
    WHERE l.supplier_lot LIKE 'F-%%' GROUP BY 1"""
_POSTED = """SELECT l.supplier_lot, l.balance, (SELECT sum(g.quantity) FROM lineside.ledger g WHERE g.lot = l.id),
    (SELECT count(*) FROM lineside.container c WHERE c.lot = l.id),
    (SELECT count(*) FROM lineside.task t WHERE t.subject_id = l.id AND t.kind = 'inspect_lot')
    FROM lineside.lot l WHERE l.supplier_lot LIKE 'F-%%'"""
_UNAUDITED = """SELECT count(*) FROM lineside.{table} t
    WHERE NOT EXISTS (SELECT FROM lineside.audit_log a WHERE a.tab = '{table}' AND a.row_id = t.id)"""
TABLES = ("lot", "receipt", "ledger", "container", "task", "sample_batch")
"""What the loads write."""
_SAMPLED = """SELECT s.value::bigint, count(*) FROM lineside.sample s JOIN lineside.channel c ON c.id = s.channel
    WHERE c.name = 'channel_0' GROUP BY 1"""
_DIGESTS = """SELECT count(*) FROM lineside.sample_batch b
    WHERE sha256(convert_to(lineside.canonical_samples(b.id), 'UTF8')) IS DISTINCT FROM b.digest"""


def counted(plant: Plant, told: Told, *, fault: str, times: int, note: str = "") -> Count:
    """Orders that were given under one fault against the plant as it stands now."""
    stored = Counter({str(name): int(str(many)) for name, many in plant.rows(_RECEIVED)})
    return _row(plant, told, stored, fault=fault, times=times, note=note, more=_half_done(plant))


def counted_samples(plant: Plant, told: Told, *, fault: str, times: int, note: str = "") -> Count:
    """Entries of a station's spool likewise; each holds samples that carry its number."""
    stored = Counter({str(n): int(str(many)) for n, many in plant.rows(_SAMPLED)})
    ((differing,),) = plant.rows(_DIGESTS)
    assert differing == 0, "samples are not what their digest in the trail says"
    return _row(plant, told, stored, fault=fault, times=times, note=note, more=0)


def names(ids: Iterable[UUID]) -> set[str]:
    """Under which names orders stand in the tables."""
    return {lot_name(one) for one in ids}


def _half_done(plant: Plant) -> int:
    """Orders of which more or less stands than one receipt makes: a ledger, a container or a task too many or too few."""
    return sum(1 for _, *posted in plant.rows(_POSTED) if [int(str(one or 0)) for one in posted] != [1, 1, 1, 1])


def _row(plant: Plant, told: Told, stored: Counter[str], *, fault: str, times: int, note: str, more: int) -> Count:
    here = {name for name, many in stored.items() if many}
    strangers = here - told.asked
    assert not strangers, f"nobody gave {sorted(strangers)[:3]}"
    twice = sum(many - 1 for many in stored.values() if many > 1)
    return Count(
        fault=fault,
        times=times,
        acknowledged=len(told.acknowledged),
        stored=len(here),
        lost=len(told.acknowledged - here),
        duplicate=max(twice, more),
        unaudited=unaudited(plant),
        breaks=breaks(plant),
        unknown=len(told.unknown),
        unknown_once=sum(1 for name in told.unknown if stored[name] == 1),
        note=note,
    )


def unaudited(plant: Plant) -> int:
    """Rows of the loads' tables that no entry of the trail knows."""
    return sum(int(str(plant.rows(_UNAUDITED.format(table=table))[0][0])) for table in TABLES)


def breaks(plant: Plant) -> int:
    """How many of the program's own checks find a fault."""
    reader = plant.sign_in("ma.lin", station=None)
    outcomes = reader.ask(lambda session: verify(session, since=None, witnesses={}))
    reader.close()
    return sum(1 for one in outcomes if one.wrong is not None)


HEAD = ("fault", "times", "acknowledged", "stored", "lost", "duplicate", "unaudited", "chain breaks", "answer lost, then stored once", "")


def head() -> str:
    """The head of the table, as `docs/reliability.md` keeps it."""
    return "\n".join(_line(cells) for cells in (HEAD, ("---", *("---:",) * 8, "---")))


def line(one: Count) -> str:
    """One row of it."""
    figures = (one.times, one.acknowledged, one.stored, one.lost, one.duplicate, one.unaudited, one.breaks)
    return _line((one.fault, *(f"{figure}" for figure in figures), f"{one.unknown} → {one.unknown_once}", one.note))


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
