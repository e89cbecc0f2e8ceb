"""Readings and entries made while the database was away, brought over the station's own connection as its store brings them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from app.base.ids import new_id
from app.batches.commands import EnterValue
from app.core.command import Order, digest_of, written
from app.core.late.commands import ConfirmLateFor
from app.core.stations import StationLink
from app.inspection.commands import RecordMeasurement
from app.inspection.queries import inspection_by_id
from tests.batches.runs import Run
from tests.plant import Plant, reading

STORE = "SELECT lineside.store_late_entry(%s, %s, %s, %s, 'this boot', 17) AS found"
MADE_AT = datetime(2026, 11, 26, 6, 30, tzinfo=UTC)


def bring(link: StationLink, order: Order, *, author: str, made_at: datetime = MADE_AT) -> str:
    """As the store of the station brings it; ``waiting`` or ``on record``."""
    return str(link.ask(STORE, order.command_id, author, written(order), made_at)[0]["found"])


def state_of(plant: Plant, order: Order) -> str | None:
    """How the draft of an order stands; ``None``: there is none."""
    rows = plant.rows("SELECT state FROM lineside.late_entries(NULL, NULL, NULL) WHERE id = %s", order.command_id)
    return str(rows[0][0]) if rows else None


def begun(order: Order, *, name: str | None = None, digest: bytes | None = None) -> str:
    """The SQL by which a shell begins the command of an order."""
    said = (digest or digest_of(order)).hex()
    return f"SELECT lineside.begin_command('{order.command_id}', '{name or type(order).__name__}', '\\x{said}', NULL)"


class Drafts:
    """The inspector, and what the inspector measures while nobody answers."""

    def __init__(self, plant: Plant, inspection: UUID, lot: UUID) -> None:
        self.plant, self.inspection, self.lot = plant, inspection, lot
        self.link = plant.link("IQC-02")
        self.at = plant.sign_in("li.ming")
        row = self.at.ask(lambda session: inspection_by_id(session, inspection))
        assert row is not None
        self.characteristics = [one.id for one in row.characteristics]

    def order(self, value: str = "25.04", *, sample: int = 1, no: int = 2, gauge: str = "DC-014") -> RecordMeasurement:
        """A reading the inspector accepted."""
        characteristic = self.characteristics[no - 1]
        return RecordMeasurement(
            command_id=new_id(),
            id=new_id(),
            inspection=self.inspection,
            characteristic=characteristic,
            sample_no=sample,
            reading=reading(value, gauge=gauge),
        )

    def bring(self, order: Order, *, author: str = "li.ming") -> str:
        """Over the station's connection."""
        return bring(self.link, order, author=author)

    def waiting(self, value: str = "25.04", *, sample: int = 1) -> RecordMeasurement:
        """One that arrived as a draft."""
        order = self.order(value, sample=sample)
        assert self.bring(order) == "waiting"
        return order

    def measured(self) -> list[tuple[object, ...]]:
        """What is on record: sample, value, who."""
        return self.plant.rows("SELECT sample_no, value::text, taken_by FROM lineside.measurement ORDER BY sample_no")

    def sign_for(self, entry: UUID, *, signer: str) -> object:
        """A second person stands for a draft."""
        return self.plant.give_signed(
            self.at, ConfirmLateFor(command_id=new_id(), entry=entry), kind="late_entry", subject=entry, signer=signer
        )


def answered(run: Run, field: str, *, said: str = "yes") -> EnterValue:
    """An answer of the line clearance."""
    nothing = {"value": None, "unit": None, "device": None, "done_at": None, "unit_serial": None, "corrects": None, "reason": None}
    return EnterValue(command_id=new_id(), id=new_id(), step=run.steps["clearance"], field=field, sample_no=1, said=said, **nothing)  # type: ignore[arg-type]


def hours_later(order: RecordMeasurement, hours: float) -> RecordMeasurement:
    """The same with another time of reading: another content."""
    return replace(order, reading=replace(order.reading, at=order.reading.at + timedelta(hours=hours)))
