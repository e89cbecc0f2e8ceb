"""What may be done while the database is away, as a table over every command of the house."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.base.ids import new_id
from app.base.measurement import Quantity, Reading
from app.batches.commands import EnterValue, TakeReading
from app.core.command import COMMANDS, Order, Permission, command, digest_of, plain, written
from app.core.drafts import SaveDraft
from app.core.late.rules import LateUnreadable
from app.core.late.written import draft_kinds, order_in, restored
from app.core.while_away import WhileAway, as_draft
from app.core.work import Work
from app.inspection.commands import RecordMeasurement
from tests.attack.target import furnish
from tests.core import matrices
from tests.core.orders import one_of_each
from tests.plant import Plant

pytestmark = pytest.mark.capability("R3")
DRAFTS = {"RecordMeasurement", "EnterValue", "TakeReading"}
"""Readings, scans and first entries of somebody who is signed in. Written by hand: a command that is added is refused."""


def answers(order: Order) -> WhileAway:
    return COMMANDS[type(order)].away(order)


def test_of_every_command_only_readings_and_first_entries_are_drafts(plant: Plant):
    assert matrices.JOBS
    target = furnish(plant)
    plant.receive(supplier_lot="NF26-0800")
    told = {name: answers(order) for name, order in one_of_each(target).items()}
    assert len(told) > 75
    assert {name for name, answer in told.items() if answer is WhileAway.DRAFT} == DRAFTS == set(draft_kinds())
    assert {name for name, answer in told.items() if answer is WhileAway.KEPT} == {"SaveDraft"}
    signed = {registered.name for registered in COMMANDS.values() if registered.signature is not None}
    assert {told[name] for name in signed} == {WhileAway.REFUSED}


def test_a_command_that_asks_for_a_signature_cannot_be_made_a_draft():
    from app.core.command import Meaning

    def act(order: SaveDraft, work: Work) -> None: ...

    class Other(SaveDraft): ...

    act.__annotations__ = {"order": Other, "work": Work, "return": type(None)}
    with pytest.raises(TypeError, match="nobody signs"):
        command(permission=Permission.EVERYBODY, signature=Meaning.APPROVED, away=as_draft)(act)


READING = Reading(quantity=Quantity(Decimal("12.50"), "mm"), stable=True, device="DC-014", raw=b"01A+012.50", at=datetime.now(UTC))


def entered(**other: object) -> EnterValue:
    told = {"value": Decimal(3), "said": None, "unit": "s", "device": None, "done_at": None, "corrects": None, "reason": None, **other}
    return EnterValue(command_id=new_id(), id=new_id(), step=new_id(), field="dwell", sample_no=1, unit_serial=None, **told)  # type: ignore[arg-type]


def read(**other: object) -> TakeReading:
    told = {"corrects": None, "reason": None, **other}
    return TakeReading(
        command_id=new_id(),
        id=new_id(),
        step=new_id(),
        field="c1",
        sample_no=1,
        unit_serial=None,
        reading=READING,
        **told,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    "order",
    [
        entered(corrects=new_id(), reason="was wrong"),
        entered(reason="the gauge is away"),
        entered(value=None, unit=None),
        read(corrects=new_id(), reason="was wrong"),
    ],
)
def test_a_correction_an_exception_and_a_figure_of_the_databases_own_wait_for_the_database(order: Order):
    assert answers(order) is WhileAway.REFUSED
    with pytest.raises(LateUnreadable):
        order_in(written(order))


MOMENTS = st.datetimes(timezones=st.just(UTC))
FIGURES = st.decimals(allow_nan=False, allow_infinity=False)
READINGS = st.builds(
    Reading,
    quantity=st.builds(Quantity, FIGURES, st.text(max_size=5).filter(lambda text: "\0" not in text and text.isprintable())),
    stable=st.sampled_from([None, True, False]),
    device=st.text("ABC-019", max_size=8),
    raw=st.binary(max_size=60),
    at=MOMENTS,
)


@given(READINGS)
def test_an_order_comes_out_of_the_store_as_it_went_in_with_the_digest_it_had(reading: Reading):
    order = RecordMeasurement(command_id=new_id(), id=new_id(), inspection=new_id(), characteristic=new_id(), sample_no=3, reading=reading)
    found = order_in(written(order))
    assert found == order
    assert digest_of(found) == digest_of(order)
    assert restored(Reading, plain(reading)) == reading


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: "",
        lambda text: text[:-9],
        lambda text: text.replace("RecordMeasurement", "ReleaseLot"),
        lambda text: text.replace('"sample_no": 3', '"sample_no": "3"'),
        lambda text: text.replace('"sample_no": 3', '"sample_no": true'),
        lambda text: text.replace('"12.50"', '"12,50"'),
        lambda text: text.replace('"12.50"', '"NaN"'),
        lambda text: text.replace('"mm"', "null"),
        lambda text: text.replace('"raw": "', '"raw": "x'),
        lambda text: "[1, 2, 3]",
    ],
)
def test_a_spoiled_text_is_no_order(spoil: Callable[[str], str]):
    order = RecordMeasurement(command_id=new_id(), id=new_id(), inspection=new_id(), characteristic=new_id(), sample_no=3, reading=READING)
    with pytest.raises(LateUnreadable):
        order_in(spoil(written(order)))
    assert order_in(written(replace(order, sample_no=4))) == replace(order, sample_no=4)
