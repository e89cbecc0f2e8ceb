"""A plant in which every masked column holds a value that stands nowhere else: whoever finds one has seen through a mask."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType
from uuid import UUID

from app.base.ids import new_id
from app.base.measurement import Quantity
from app.materials.commands import AddSupplier, ApproveSupplier
from app.receiving.commands import AskToDecide, OrderedLine, PlaceOrder, Received, ReceiveLot
from tests.batches.masters import revised, signed
from tests.plant import Plant

LOT = "CNRY-LOT-9"
RAW = f"]d20109521101530025112610011729093010{LOT}"
CANARIES = MappingProxyType(
    {
        "personal": ("CNRY-BDG-7", "CanaryIdentity"),
        "supplier": ("CNRYSUP", "Canary Werke", "金丝雀工厂", LOT, LOT.encode().hex(), "CANARY-CERT"),
        "price": ("7313.377", "QQZ"),
        "formula": ("2.713133", "CANARYTEXT"),
    }
)
"""By class what must not be found; a code that was scanned also as the hex digits of its bytes."""
CLEAR = MappingProxyType(
    {
        "personal": frozenset({"administrator", "auditor"}),
        "supplier": frozenset({"receiver", "inspector", "supervisor", "quality", "planner", "auditor"}),
        "price": frozenset({"planner", "auditor"}),
        "formula": frozenset({"operator", "inspector", "supervisor", "quality", "regulatory", "engineer", "planner", "auditor"}),
    }
)
"""By class the jobs that see it by default, written a second time: docs/decisions/0010-masking.md."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """Where the canaries sit."""

    plant: Plant
    site: UUID
    supplier: UUID
    item: UUID
    order: UUID
    line: UUID
    order_code: str
    received: Received
    master: UUID
    batch: UUID

    def on(self, plant: Plant) -> "Planted":
        """The same in a copy of the plant."""
        return replace(self, plant=plant)


def forbidden(job: str) -> dict[str, tuple[str, ...]]:
    """What somebody of this one job must never find, by class."""
    return {name: words for name, words in CANARIES.items() if job not in CLEAR[name]}


def plant_canaries(plant: Plant) -> Planted:
    """A lot of a supplier of its own, released with a signature over all of it; a batch of a record of its own; a person's badge."""
    ((site, item, today),) = plant.rows("SELECT s.id, i.id, lineside.today_at(s.id) FROM site s, item i WHERE i.code = 'CH-2225'")
    assert isinstance(site, UUID)
    assert isinstance(item, UUID)
    assert isinstance(today, date)
    supplier = _supplier(plant, site, item, today)
    order, line, code = new_id(), new_id(), "PO26-7313"
    price = Quantity(Decimal("7313.377"), "QQZ")
    ordered = OrderedLine(id=line, no=1, item=item, quantity=Decimal(9000), due_on=today, price=price)
    plant.sign_in("gao.yun").give(PlaceOrder(command_id=new_id(), id=order, code=code, supplier=supplier, site=site, lines=(ordered,)))
    received = _receive(plant, order, line, item)
    plant.inspect(received.lot)
    plant.close()
    plant.release(received.lot)
    master = signed(plant, revised(2, ("tolerance: 2\n", "tolerance: 2.713133\n"), ("# beside the hubs", "# CANARYTEXT")))
    badge = "UPDATE lineside.person SET badge = 'CNRY-BDG-7', enabled_check = 'CanaryIdentity, in person' WHERE login = 'he.qing'"
    plant.superuser().execute(badge)
    batch = plant.start_batch(master=master)
    return Planted(
        plant=plant,
        site=site,
        supplier=supplier,
        item=item,
        order=order,
        line=line,
        order_code=code,
        received=received,
        master=master,
        batch=batch,
    )


def _supplier(plant: Plant, site: UUID, item: UUID, today: date) -> UUID:
    supplier, until = new_id(), today + timedelta(days=300)
    plant.sign_in("gao.yun").give(
        AddSupplier(command_id=new_id(), id=supplier, code="CNRYSUP", name_en="Canary Werke", name_zh="金丝雀工厂")
    )
    approved = {"valid_from": today, "valid_to": until, "certificate": "CANARY-CERT", "certificate_valid_to": until}
    plant.sign_in("wang.haiyan").give(
        ApproveSupplier(command_id=new_id(), id=new_id(), supplier=supplier, item=item, site=site, **approved)  # type: ignore[arg-type]
    )
    plant.close()
    return supplier


def _receive(plant: Plant, order: UUID, line: UUID, item: UUID) -> Received:
    """Two packs of the lot: one that is received, with its label, and one that is refused and waits for Quality."""
    receiver = plant.sign_in("zhou.min")
    received: Received = receiver.give(
        ReceiveLot(
            command_id=new_id(),
            order_line=line,
            item=item,
            supplier_lot=LOT,
            made_on=date(2026, 10, 1),
            expires_on=date(2029, 9, 30),
            quantity=Decimal(4000),
            location="Q-A-03",
            origin="scanned",
            raw=RAW.encode(),
            scanner="SC-11",
            printer="LP-02",
        )
    )
    receiver.give(AskToDecide(command_id=new_id(), order=order, rule="RCV-12", item="CH-2225", supplier_lot=LOT, raw=RAW.encode()))
    plant.close()
    return received
