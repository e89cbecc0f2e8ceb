"""The station's disk comes first: whatever ends the program or the line, an accepted entry arrives once, as a record or as a draft."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.base.errors import AppError
from app.core.late.store import LateStore, store
from app.core.refusals import DatabaseAway
from app.core.spool.refusals import StoreClosed, StoreFull, StoreTaken
from app.core.spool.rows import Row
from app.core.spool.standing import Room
from app.core.stations import StationLink
from app.inspection.commands import RecordMeasurement
from tests.core.spool_station import AT_ONCE, SpoolEar
from tests.late.drafts import Drafts, state_of

pytestmark = [pytest.mark.capability("R1"), pytest.mark.capability("R2")]
ROOM = Room(most_bytes=64 * 2**20, ballast_bytes=64 * 1024)


class Line(StationLink):
    """The station's connection with a switch: away, and losing answers after the database has done what was asked."""

    away = False
    loses_answers = 0

    def ask(self, statement: str, *arguments: object) -> list[dict[str, object]]:
        if self.away:
            raise DatabaseAway()
        found = super().ask(statement, *arguments)
        if self.loses_answers and "store_late_entry" in statement:
            self.loses_answers -= 1
            raise DatabaseAway()
        return found


class Desk:
    """A station's program: started, killed and started again over one folder."""

    def __init__(self, drafts: Drafts, folder: Path) -> None:
        plant = drafts.plant
        self.drafts, self.folder, self.ear = drafts, folder, SpoolEar()
        self.line = Line(plant.server, "IQC-02", plant.secrets["IQC-02"])
        self.store = self._store()

    def _store(self, room: Room = ROOM) -> LateStore:
        return LateStore(self.line, self.folder, sink=self.ear, room=room, backoff=AT_ONCE)

    def restart(self, room: Room = ROOM) -> None:
        """Whatever was in memory is gone; the disk is as it was."""
        self.store.close()
        self.store = self._store(room)
        self.store.open()

    def until_empty(self) -> None:
        self.ear.until(lambda: (state := self.store.state()) is not None and not state.waiting)

    def close(self) -> None:
        self.store.close()
        self.line.close()


@pytest.fixture
def desk(drafts: Drafts, tmp_path: Path) -> Iterator[Desk]:
    here = Desk(drafts, tmp_path / "entries")
    yield here
    here.close()


def test_what_is_on_record_is_no_draft_and_the_store_keeps_it_seven_days_more(desk: Desk):
    order = desk.drafts.order()
    desk.store.keep(order, "li.ming")
    desk.drafts.at.give(order)
    desk.store.settle(order.command_id)
    desk.until_empty()
    assert state_of(desk.drafts.plant, order) is None
    assert desk.ear.set_aside == []


def test_an_entry_in_hand_is_not_forwarded_and_nothing_overtakes_it(desk: Desk):
    first, second = desk.drafts.order(sample=1), desk.drafts.order(sample=2)
    for order in (first, second):
        desk.store.keep(order, "li.ming")
    desk.store.let_go([second.command_id])
    desk.drafts.at.give(first)  # longer than many rounds of the forwarder
    assert state_of(desk.drafts.plant, second) is None
    desk.store.let_go([first.command_id])
    desk.until_empty()
    assert (state_of(desk.drafts.plant, first), state_of(desk.drafts.plant, second)) == (None, "waiting")


@pytest.mark.parametrize("given", [False, True], ids=["killed before it was given", "killed before its answer"])
def test_a_program_that_is_killed_after_it_kept_an_entry_loses_and_doubles_nothing(desk: Desk, given: bool):
    order = desk.drafts.order()
    desk.store.keep(order, "li.ming")
    if given:
        desk.drafts.at.give(order)
    desk.restart()
    desk.until_empty()
    assert state_of(desk.drafts.plant, order) == (None if given else "waiting")
    desk.drafts.at.give(order)
    assert len(desk.drafts.measured()) == 1


def test_a_database_that_was_away_gets_everything_in_the_order_in_which_it_was_made(desk: Desk):
    desk.line.away = True
    orders = [desk.drafts.order(sample=sample) for sample in (3, 1, 2)]
    for order in orders:
        desk.store.keep(order, "li.ming")
        desk.store.let_go([order.command_id])
    desk.restart()
    desk.ear.until(lambda: "away" in [one.standing for one in desk.ear.states])
    assert desk.drafts.plant.rows("SELECT count(*) FROM lineside.late_entry") == [(0,)]
    desk.line.away, desk.line.loses_answers = False, 2
    desk.until_empty()
    arrived = desk.drafts.plant.rows("SELECT id, made_at <= received_at FROM lineside.late_entry ORDER BY received_at")
    assert arrived == [(order.command_id, True) for order in orders]


def test_a_whole_store_brought_twice_and_shuffled_arrives_once(desk: Desk):
    orders = [desk.drafts.order(sample=sample) for sample in range(1, 6)]
    rows: list[Row] = []
    for order in orders:
        desk.store.keep(order, "li.ming")
    spool = desk.store._opened()
    rows = spool._outbox.next_batch(100)
    for sequence in (rows, random.sample(rows, len(rows)), rows[::-1]):
        for row in sequence:
            assert store(desk.line, row) == "waiting"
    desk.drafts.at.give(orders[0])
    assert store(desk.line, rows[0]) == "on record"
    assert desk.drafts.plant.rows("SELECT count(*) FROM lineside.late_entry") == [(5,)]


@pytest.mark.capability("R5")
def test_the_same_identity_with_other_content_is_set_aside_and_the_first_stands(desk: Desk):
    order = desk.drafts.waiting("25.04")
    after = desk.drafts.order(sample=2)
    desk.store.keep(replace(order, sample_no=4), "li.ming")
    desk.store.keep(after, "li.ming")
    desk.store.let_go([order.command_id, after.command_id])
    desk.ear.until(lambda: desk.ear.set_aside)
    assert desk.ear.set_aside[0].reason.startswith("spool.other_content")
    desk.ear.until(lambda: state_of(desk.drafts.plant, after) == "waiting")
    assert desk.drafts.plant.rows("SELECT sample_no FROM lineside.late_entries(NULL, NULL, NULL) WHERE id = %s", order.command_id) == [(1,)]


def test_a_refusal_that_the_person_was_told_stands_with_the_entry_and_makes_no_draft(desk: Desk):
    order = desk.drafts.order()
    desk.drafts.at.give(desk.drafts.order())
    desk.store.keep(order, "li.ming")
    with pytest.raises(AppError) as refused:
        desk.drafts.at.give(order)
    desk.store.settle(order.command_id, refused.value.code)
    desk.restart()
    desk.until_empty()
    assert state_of(desk.drafts.plant, order) is None
    desk.store.close()
    assert _notes(desk.folder) == [("done", "INS-06")]


def _notes(folder: Path) -> list[tuple[str, str]]:
    import sqlite3

    (file,) = [one for one in folder.iterdir() if one.suffix in (".db", ".sqlite", ".spool") or one.name.startswith("outbox")][:1]
    with sqlite3.connect(file) as plain:
        return plain.execute("SELECT state, error FROM outbox").fetchall()


def test_a_second_program_and_a_closed_store_keep_nothing_and_say_so(desk: Desk):
    desk.store.keep(desk.drafts.order(), "li.ming")
    with pytest.raises(StoreTaken):
        desk._store().keep(desk.drafts.order(sample=2), "li.ming")
    desk.store.close()
    with pytest.raises(StoreClosed):
        desk.store.keep(desk.drafts.order(sample=3), "li.ming")


def test_a_full_store_refuses_the_next_entry_and_keeps_the_others(desk: Desk):
    desk.line.away = True
    desk.restart(Room(most_bytes=60_000, ballast_bytes=0))
    kept: list[RecordMeasurement] = []

    def keep_one_more() -> None:
        order = desk.drafts.order(sample=len(kept) + 1)
        desk.store.keep(order, "li.ming")
        desk.store.let_go([order.command_id])
        kept.append(order)

    with pytest.raises(StoreFull):
        [keep_one_more() for _ in range(200)]
    assert len(kept) > 5
    desk.line.away = False
    desk.until_empty()
    assert desk.drafts.plant.rows("SELECT count(*) FROM lineside.late_entry") == [(len(kept),)]
