"""A backlog drains in few transactions; what the plant never takes is named and holds nothing up (E4, R2; reliability 2d)."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from app.base.errors import AppError
from app.base.ids import new_id
from app.capture.delivery import KIND, Taken, spooled
from app.capture.forwarding import MOST_SAMPLES, Forwarding
from app.capture.turned_away import TurnedAway
from app.core.spool.refusals import EntryRefused
from app.core.spool.rows import Row
from tests.plant import Plant

BEGIN = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)


def entry(seq: int, samples: int, *, channel: str = "pressure", kind: str = KIND) -> Row:
    """What a station kept of its sealer: `samples` looks, entry after entry."""
    told = [
        Taken(channel=channel, at=BEGIN + timedelta(milliseconds=seq * 10_000 + n), value=Decimal(n), quality="good", cycle=None, raw=(n,))
        for n in range(samples)
    ]
    payload = spooled("SL-03", told)
    return Row(seq=seq, id=new_id(), kind=kind, payload=payload, wall=BEGIN, mono_ns=seq, boot_id="", prev=b"", hash=b"")


def on_record(plant: Plant) -> dict[UUID, str]:
    """Every stored batch with the transaction that stored it."""
    return dict(plant.rows("SELECT id, xmin::text FROM lineside.sample_batch"))  # type: ignore[arg-type]


def forwarding(plant: Plant, told: list[AppError] | None = None) -> Forwarding:
    return Forwarding(plant.link(), TurnedAway(), (told if told is not None else []).append)


def forward(plant: Plant, rows: Sequence[Row]) -> list[UUID]:
    """As the spool's forwarder does: what is refused is set aside, the rest comes again. Returns what was set aside."""
    deliver, left, aside = forwarding(plant), list(rows), []
    while left:
        try:
            deliver(left)
        except EntryRefused as refusal:
            aside.append(refusal.id)
            left = [row for row in left if row.id != refusal.id]
        else:
            break
    return aside


@pytest.mark.capability("E4", "R1")
def test_small_batches_share_a_transaction_and_a_large_one_stands_alone(plant: Plant) -> None:
    small, large = [entry(seq, 10) for seq in range(40)], entry(40, MOST_SAMPLES + 1)
    forwarding(plant)([*small, large])
    stored = on_record(plant)
    assert set(stored) == {row.id for row in (*small, large)}
    assert len({stored[row.id] for row in small}) == 1
    assert stored[large.id] != stored[small[0].id]


@pytest.mark.capability("R2")
@pytest.mark.parametrize("where", [0, 7, 19])
def test_one_batch_the_plant_never_takes_is_set_aside_alone(plant: Plant, where: int) -> None:
    rows = [entry(seq, 3, channel="nobody knows it" if seq == where else "pressure") for seq in range(20)]
    assert forward(plant, rows) == [rows[where].id]
    assert set(on_record(plant)) == {row.id for row in rows} - {rows[where].id}


@pytest.mark.capability("R2")
def test_an_entry_of_another_kind_holds_up_neither_what_came_before_nor_after(plant: Plant) -> None:
    rows = [entry(seq, 3, kind="of a later program" if seq == 2 else KIND) for seq in range(5)]
    assert forward(plant, rows) == [rows[2].id]
    assert set(on_record(plant)) == {row.id for row in rows} - {rows[2].id}


@pytest.mark.capability("R2")
def test_a_backlog_that_comes_again_is_stored_once(plant: Plant) -> None:
    rows = [entry(seq, 5) for seq in range(12)]
    forwarding(plant)(rows)
    once = on_record(plant)
    forwarding(plant)([*rows[6:], *rows[:6]])
    assert on_record(plant) == once
    assert plant.rows("SELECT count(*) FROM lineside.sample") == [(60,)]
