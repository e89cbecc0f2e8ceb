"""Everything on record of one lot, as facts, in the order in which it happened."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

from app.base.ids import new_id
from app.base.phrases import THIN_SPACE
from app.core.work import NotFound
from app.tracing.gates import gates_of, why_not_released
from app.tracing.history import Standing
from app.tracing.queries import lot_history, lot_of_container
from app.tracing.words import EVENTS, event_words, readable
from tests.plant import PACK, Plant
from tests.tracing.lots import clean_lot, rich_lot


@contextmanager
def questions() -> Iterator[list[str]]:
    """Every statement that reaches any database meanwhile."""
    asked: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def history_of(plant: Plant, lot: object, login: str = "wang.haiyan"):
    person = plant.sign_in(login)
    history = person.ask(lambda session: lot_history(session, lot))
    plant.close()
    return history


@pytest.mark.capability("A6")
@pytest.mark.capability("H4")
def test_the_history_of_a_lot_is_what_stands_in_the_tables(plant: Plant):
    walked = rich_lot(plant, released=True)
    history = history_of(plant, walked.lot)
    lot = walked.lot
    assert (history.lot.supplier_lot, history.lot.code, history.lot.status) == ("NF26-0931", walked.code, "released")
    packs = "SELECT r.id, r.quantity, raw, scanner, received_by, received_at, c.code FROM receipt r JOIN container c ON c.receipt = r.id"
    assert [(p.receipt, p.quantity.value, p.raw, p.scanner, p.by, p.at, p.container_code) for p in history.packs] == plant.rows(
        packs + " WHERE r.lot = %s ORDER BY r.received_at", lot
    )
    assert [(p.undone.reason, p.undone.by, p.undone.at) for p in history.packs if p.undone] == plant.rows(
        "SELECT reason, undone_by, undone_at FROM receipt_undo"
    )
    assert [(w.weight.value, w.raw, w.by, w.at) for p in history.packs for w in p.weighings] == plant.rows(
        "SELECT value, raw, weighed_by, weighed_at FROM weighing"
    )
    assert [(b.copy_no, b.printer, b.station, b.status, b.at) for p in history.packs for b in p.labels] == plant.rows(
        "SELECT copy_no, printer, station, status, requested_at FROM label ORDER BY requested_at"
    )
    assert [(m.no, m.quantity.value, m.after.value, m.kind, m.by) for m in history.movements] == plant.rows(
        "SELECT no, quantity, after_balance, kind, by_person FROM ledger ORDER BY no"
    )
    assert [(m.sample_no, m.measured.value, m.raw, m.taken_by, m.taken_at) for m in history.inspection.measurements] == plant.rows(
        "SELECT sample_no, value, raw, taken_by, taken_at FROM measurement ORDER BY taken_at"
    )
    assert [(g.subject_id, g.meaning, g.signer, g.at, g.station, g.digest) for g in history.signatures] == plant.rows(
        "SELECT subject_id, meaning, signer, at, station, digest FROM signature WHERE subject_kind <> 'document' ORDER BY at"
    )


def test_the_acts_stand_in_the_order_of_the_database_with_printed_names(plant: Plant):
    history = history_of(plant, rich_lot(plant, released=True).lot)
    assert [event.kind for event in history.events if not event.kind.startswith("measured")] == [
        "lot opened",
        "received",
        "label requested",
        "weighed",
        "received",
        "label requested",
        "receipt undone",
        "inspection begun",
        "inspection accepted",
        "deviation opened major",
        "signed approved by supervisor",
        "signed approved by quality",
        "deviation decided use as is",
        "signed released",
    ]
    assert [event.at for event in history.events] == sorted(event.at for event in history.events)
    last = history.events[-1]
    assert (str(history.name_of(last.by)), history.name_of(last.by).zh, last.station) == ("Wang Haiyan", "王海燕", "IQC-02")
    assert all(event.kind in EVENTS for event in history.events)
    assert str(event_words(history.events[1])).startswith(f"4{THIN_SPACE}000 pcs received into Q-A-03: order PO26-0417")


def test_an_undone_receipt_stays_in_the_history_and_so_does_what_undid_it(plant: Plant):
    history = history_of(plant, rich_lot(plant).lot)
    assert [pack.undone.reason if pack.undone else None for pack in history.packs] == [None, "pack is torn"]
    assert [event.kind for event in history.events if event.is_undone] == ["received"]
    assert (history.lot.balance.value, history.movements[-1].after.value) == (4000, 4000)


@pytest.mark.capability("RAL-04")
def test_a_scan_is_kept_byte_for_byte_and_shown_with_its_control_characters_by_name(plant: Plant):
    history = history_of(plant, rich_lot(plant).lot)
    assert history.packs[0].raw == PACK.encode("latin-1")
    assert readable(history.packs[0].raw) == PACK.replace("\x1d", "<GS>")


def test_two_lots_of_one_item_never_mix(plant: Plant):
    one, other = rich_lot(plant, supplier_lot="NF26-0931"), clean_lot(plant, supplier_lot="NF26-0932")
    first, second = history_of(plant, one.lot), history_of(plant, other.lot)
    assert ({p.container for p in first.packs} & {p.container for p in second.packs}, len(second.packs)) == (set(), 1)
    assert (second.deviations, second.signatures, second.inspection.code) == ((), (), "IQC26-0002")
    assert (first.deviations[0].subject_id, {g.subject_code for g in first.signatures}) == (one.lot, {first.deviations[0].code})


def test_the_number_of_questions_does_not_grow_with_the_lot(plant: Plant):
    small, large = clean_lot(plant, supplier_lot="NF26-0932"), rich_lot(plant, released=True)
    person = plant.sign_in("wang.haiyan")
    counts = []
    for walked in (small, large):
        with questions() as asked:
            person.ask(lambda session, lot=walked.lot: lot_history(session, lot))
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 21


def test_a_container_leads_to_its_lot_and_an_unknown_one_to_none(plant: Plant):
    walked = clean_lot(plant, supplier_lot="NF26-0932")
    person = plant.sign_in("wang.haiyan")
    assert person.ask(lambda session: lot_of_container(session, walked.container)) == walked.lot
    assert person.ask(lambda session: lot_of_container(session, "C26-99999")) is None


def test_a_lot_that_does_not_exist_has_no_history(plant: Plant):
    person = plant.sign_in("wang.haiyan")
    with pytest.raises(NotFound):
        person.ask(lambda session: lot_history(session, new_id()))


def test_the_gates_say_what_the_database_would_refuse(plant: Plant):
    received = plant.receive()
    plant.close()
    closed = {gate.key: gate.is_open for gate in gates_of(history_of(plant, received.lot))}
    assert closed == {"state": True, "inspection": False, "values": True, "deviations": True, "date": True, "signatures": True}
    open_one = history_of(plant, rich_lot(plant, supplier_lot="NF26-0940", decided=False).lot)
    assert [gate.key for gate in gates_of(open_one) if not gate.is_open] == ["values", "deviations"]
    assert str(why_not_released(gates_of(open_one))) == "blocked by 2 gates"


def test_every_gate_is_open_once_the_deviation_is_decided(plant: Plant):
    history = history_of(plant, rich_lot(plant).lot)
    assert why_not_released(gates_of(history)) is None
    assert {given.standing for given in history.signatures} == {Standing.STANDS}
