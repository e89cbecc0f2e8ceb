"""The load under every fault: one pack after the other is received, by the product's own command.

One receipt writes a lot, a receipt, a ledger entry, a container and a task, all with identities the order does not name: acting twice
would show.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from app.base.ids import new_id
from app.core.session import SignedIn, sign_in
from app.core.stations import StationLink
from app.receiving.commands import OrderedLine, PlaceOrder, ReceiveLot
from app.receiving.queries import order_by_code
from tests.plant import PACK, Plant

CODE = "PO26-9000"
RECEIVER = "zhou.min"
STATIONS = ("REC-01", "IQC-02", "PK-03")


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What receipts are posted against."""

    line: UUID
    item: UUID


def furnish(plant: Plant) -> Ground:
    """An order nobody comes to the end of."""
    ((supplier, site, item),) = plant.rows(
        "SELECT s.id, p.id, i.id FROM lineside.supplier s, lineside.site p, lineside.item i"
        " WHERE s.code = 'NORDFIL' AND p.code = 'SUZ' AND i.code = 'CH-2225'"
    )
    line = OrderedLine(id=new_id(), no=1, item=item, quantity=Decimal(10_000_000), due_on=datetime.now(UTC).date())  # type: ignore[arg-type]
    planner = plant.sign_in("gao.yun")
    planner.give(PlaceOrder(command_id=new_id(), id=new_id(), code=CODE, supplier=supplier, site=site, lines=(line,)))  # type: ignore[arg-type]
    assert planner.ask(lambda session: order_by_code(session, CODE)) is not None
    plant.close()
    return Ground(line=line.id, item=line.item)


def receipt(ground: Ground, command_id: UUID) -> ReceiveLot:
    """One piece of a supplier's lot that no other order names."""
    return ReceiveLot(
        command_id=command_id,
        order_line=ground.line,
        item=ground.item,
        supplier_lot=lot_name(command_id),
        made_on=date(2026, 10, 1),
        expires_on=date(2029, 9, 30),
        quantity=Decimal(1),
        location="Q-A-03",
        origin="scanned",
        raw=PACK.encode("latin-1"),
        scanner="SC-11",
        printer=None,
    )


def lot_name(command_id: UUID) -> str:
    """The supplier's lot an order posts, from its identity alone: what is stored names the order past the table of commands."""
    return f"F-{command_id.hex[-16:].upper()}"


def at_station(plant: Plant, station: str) -> SignedIn:
    """The receiver at one station, on connections of their own; the station's link ends with the sign-in."""
    link = StationLink(plant.server, station, plant.secrets[station])
    try:
        return sign_in(plant.server, login=RECEIVER, password=plant.secret, tickets=link.ticket)
    finally:
        link.close()
