"""Two batches of units out of two hub lots and two clip lots, so that every mix-up of a trace would be seen."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tests.batches.runs import Run
from tests.plant import Plant


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """What was made: the first batch from both hub lots, its first unit with a clip of the first clip lot, its second with the other's.

    A clip of the second clip lot was put on the first unit and taken back. The second batch took from the first hub lot and the second
    clip lot only; a deviation is open on it; the step of its clips is under way.
    """

    plant: Plant
    hubs: tuple[str, str]
    """Codes of the hub lots; the supplier's: NF26-0931, NF26-0932."""
    clips: tuple[str, str]
    """The supplier's: BK-771, BK-772."""
    first: str
    second: str
    """Codes of the batches."""
    units: tuple[str, str]
    """Serials of the first batch."""
    others: tuple[str, str]
    """Serials of the second batch."""


def make(plant: Plant) -> Product:
    """By the product's own commands."""
    hubs = (plant.released_lot(supplier_lot="NF26-0931"), plant.released_lot(supplier_lot="NF26-0932"))
    clips = (plant.released_clips(supplier_lot="BK-771"), plant.released_clips(supplier_lot="BK-772"))
    run = Run(plant, plant.start_batch(), hubs[0], clips[0])
    units = _loaded(run, hubs, clips)
    run.assemble()
    run.seal()
    run.finish("sealing")
    run.count()
    run.home()
    other = Run(plant, plant.start_batch(), hubs[0], clips[1])
    other.clear()
    other.start("hubs")
    other.consume("hubs", hubs[0], "2")
    other.finish("hubs")
    others = other.units()
    other.start("clips")
    for serial in others:
        other.consume("clips", clips[1], "1", unit=serial)
    other.deviate(other.batch, cause_kind="other", decided=False)
    other.home()
    return Product(
        plant=plant,
        hubs=_codes(plant, "lot", hubs),
        clips=_codes(plant, "lot", clips),
        first=_codes(plant, "batch", (run.batch, run.batch))[0],
        second=_codes(plant, "batch", (other.batch, other.batch))[0],
        units=(units[0], units[1]),
        others=(others[0], others[1]),
    )


def _loaded(run: Run, hubs: tuple[UUID, UUID], clips: tuple[UUID, UUID]) -> list[str]:
    run.clear()
    run.start("hubs")
    for lot in hubs:
        run.consume("hubs", lot, "1")
    run.finish("hubs")
    serials = run.units()
    run.start("clips")
    run.take_back(run.consume("clips", clips[1], "1", unit=serials[0]))
    for serial, lot in zip(serials, clips, strict=True):
        run.consume("clips", lot, "1", unit=serial)
    run.finish("clips")
    return serials


def _codes(plant: Plant, table: str, ids: tuple[UUID, UUID]) -> tuple[str, str]:
    first, second = (str(plant.rows(f"SELECT code FROM {table} WHERE id = %s", one)[0][0]) for one in ids)
    return first, second
