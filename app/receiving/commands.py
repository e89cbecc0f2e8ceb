"""Material is received by two scans, a container is weighed, the last receipt is undone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from app.base.ids import new_id
from app.base.measurement import Quantity, Reading
from app.core.command import Permission, command
from app.core.records import said_beside
from app.core.refusals import RecordBusy, explain_constraint
from app.core.tasks import open_task
from app.core.work import NotFound, Work
from app.labels.commands import request_label
from app.materials.commands import open_lot
from app.materials.queries import ItemRow, item_by_id
from app.materials.rules import LotExpired
from app.plant.queries import asset_by_code
from app.receiving.queries import ReceiptFacts, facts_of_receipt
from app.receiving.records import Container, OrderLine, PurchaseOrder, Receipt, ReceiptUndo, Weighing
from app.receiving.rules import (
    NoPrice,
    NotAQuarantineLocation,
    NotStable,
    OtherExpiry,
    OtherItem,
    SupplierNotApproved,
    TooMuch,
    UnknownLocation,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedLine:
    """One line of a purchase order."""

    id: UUID
    no: int
    item: UUID
    quantity: Decimal
    due_on: date
    price: Quantity | None = None
    """Of one unit of the item; its unit is the currency, as ISO 4217 writes it: ``12.50 EUR``. ``None``: none was agreed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOrder:
    """Purchasing ordered; code as on the delivery note, e.g. ``PO26-0417``."""

    command_id: UUID
    id: UUID
    code: str
    supplier: UUID
    site: UUID
    lines: tuple[OrderedLine, ...]


@command(permission=Permission.KEEP_MATERIALS, signature=None)
def place_order(order: PlaceOrder, work: Work) -> None:
    """Put the order on record; receiving finds its lines by item.

    Raises:
        NoPrice: what was given as a price of a line is none; nothing is stored.
    """
    work.add(PurchaseOrder(id=order.id, code=order.code, supplier=order.supplier, site=order.site))
    for line in order.lines:
        priced = {} if line.price is None else {"unit_price": line.price.value, "currency": line.price.unit}
        with _explain_price(line):
            work.add(
                OrderLine(
                    id=line.id,
                    purchase_order=order.id,
                    no=line.no,
                    item=line.item,
                    quantity=line.quantity,
                    due_on=line.due_on,
                    **priced,
                )
            )


@contextmanager
def _explain_price(line: OrderedLine) -> Iterator[None]:
    """The database alone knows what a price may be."""
    told = NoPrice(no=line.no, price=line.price or "–")
    with explain_constraint("order_line_price_known", told), explain_constraint("order_line_currency_form", told):
        yield


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveLot:
    """A pack was scanned, then the location where it was put."""

    command_id: UUID
    order_line: UUID
    item: UUID
    """What the pack's GTIN says it is."""
    supplier_lot: str
    made_on: date | None
    expires_on: date
    quantity: Decimal
    location: str
    """Code of the scanned location."""
    origin: str
    """``scanned``, or ``typed`` as a marked exception."""
    raw: bytes
    """The supplier's code, byte for byte."""
    scanner: str
    printer: str | None
    """Where the container label goes, unless labels of containers go elsewhere here; ``None``: the label waits as PDF."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What the screen says after the second scan."""

    receipt: UUID
    lot: UUID
    lot_code: str
    container: UUID
    container_code: str


@command(permission=Permission.RECEIVE_MATERIAL, signature=None)
def receive_lot(order: ReceiveLot, work: Work) -> Received:
    """Post the pack: lot in quarantine (opened when it is new), ledger entry, container with its label, task for inspection.

    Raises:
        NotFound, OtherItem, SupplierNotApproved, LotExpired, TooMuch, OtherExpiry: nothing is stored.
        UnknownLocation, NotAQuarantineLocation: nothing is stored; the pack waits for another location.
    """
    facts = facts_of_receipt(work.session, line=order.order_line, supplier_lot=order.supplier_lot, location=order.location)
    if facts is None:
        raise NotFound(record="order_line", key=order.order_line)
    place = _check(order, facts, work)
    known = facts.known
    lot_id, lot_code = (known.id, known.code) if known is not None else _open_lot(order, facts, work)
    receipt, container = new_id(), new_id()
    work.add(
        Receipt(
            id=receipt,
            order_line=facts.line,
            lot=lot_id,
            quantity=order.quantity,
            location=place,
            origin=order.origin,
            raw=order.raw,
            scanner=order.scanner,
        )
    )
    container_code = work.add_coded(Container, "container", id=container, receipt=receipt, lot=lot_id, quantity=order.quantity)
    if order.printer is not None:
        content = _label(order, facts.item, work.person, lot_code, container_code)
        request_label(work, kind="container", subject_kind="container", subject_id=container, printer=order.printer, content=content)
    return Received(receipt=receipt, lot=lot_id, lot_code=lot_code, container=container, container_code=container_code)


def _open_lot(order: ReceiveLot, facts: ReceiptFacts, work: Work) -> tuple[UUID, str]:
    """Open a lot for a supplier's lot that is new here, and let inspection know.

    Raises:
        RecordBusy: another station opened the same lot at this moment; asked again, the pack joins it.
    """
    lot = new_id()
    with explain_constraint("lot_of_supplier", RecordBusy()):
        code = open_lot(
            work,
            id=lot,
            item=facts.item.id,
            supplier=facts.supplier,
            supplier_lot=order.supplier_lot,
            site=facts.site,
            made_on=order.made_on,
            expires_on=order.expires_on,
        )
    open_task(work, kind="inspect_lot", subject_kind="lot", subject_id=lot, site=facts.site, for_job="inspector", facts={"lot": code})
    return lot, code


def _check(order: ReceiveLot, facts: ReceiptFacts, work: Work) -> UUID:
    """Say in a good sentence what the database would refuse; returns the location where the pack stands."""
    ordered, approval, known, place = facts.item, facts.approval, facts.known, facts.place
    if order.item != ordered.id:
        raise OtherItem(read=item_by_id(work.session, order.item).name, ordered=ordered.name)
    if approval is None or not approval.in_force:
        ended = min(approval.valid_to, approval.certificate_valid_to) if approval else "–"
        raise SupplierNotApproved(supplier=facts.supplier_name, item=ordered.name, ended=ended)
    if (order.expires_on - facts.today).days < ordered.min_days_left:
        raise LotExpired(expires_on=order.expires_on)
    if order.quantity > facts.left.value:
        raise TooMuch(quantity=Quantity(order.quantity, ordered.unit), left=facts.left)
    if known is not None and known.expires_on != order.expires_on:
        raise OtherExpiry(read=order.expires_on, on_record=known.expires_on)
    if place is None:
        raise UnknownLocation(location=order.location)
    if place.kind != "quarantine":
        raise NotAQuarantineLocation(location=place.code)
    return place.id


def _label(order: ReceiveLot, item: ItemRow, person: str, lot_code: str, container_code: str) -> dict[str, object]:
    return {
        "container": container_code,
        "lot": lot_code,
        "item": item.code,
        "name_en": item.name.en,
        "name_zh": item.name.zh,
        "supplier_lot": order.supplier_lot,
        "expires_on": order.expires_on.isoformat(),
        "quantity": str(order.quantity),
        "unit": item.unit,
        "location": order.location,
        "received_by": person,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoReceipt:
    """The receiver takes the last receipt back, with a reason, as long as nobody inspected the lot."""

    command_id: UUID
    receipt: UUID
    reason: str


@command(permission=Permission.RECEIVE_MATERIAL, signature=None)
def undo_receipt(order: UndoReceipt, work: Work) -> None:
    """Write the compensating entry; the receipt stays visible.

    Raises:
        ReceiptStands: the lot is in inspection or decided.
    """
    work.add(ReceiptUndo(id=new_id(), receipt=order.receipt, reason=order.reason))


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighContainer:
    """A container's stable gross weight, as the scale sent it."""

    command_id: UUID
    container: UUID
    reading: Reading


@command(permission=Permission.RECEIVE_MATERIAL, signature=None)
def weigh_container(order: WeighContainer, work: Work) -> None:
    """Store weight, unit, scale and raw frame together.

    Raises:
        NotStable: the scale did not call the weight stable; nothing is stored.
        GaugeOverdue: the scale's calibration ran out; the database refuses it as well.
    """
    if order.reading.stable is not True:
        raise NotStable(scale=order.reading.device)
    scale = asset_by_code(work.session, order.reading.device)
    weight = order.reading.quantity
    read_at: datetime = order.reading.at
    work.add(
        Weighing(
            id=new_id(),
            container=order.container,
            kind="gross",
            value=weight.value,
            unit=weight.unit,
            scale=scale.id,
            raw=order.reading.raw,
            read_at=read_at,
            **said_beside(order.reading),
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AskToDecide:
    """A pack was refused and stands on the red shelf; Quality shall say what becomes of it. Nothing is booked by asking."""

    command_id: UUID
    order: UUID
    rule: str
    """Code of the refusal, e.g. ``RCV-12``."""
    item: str
    """Code of the item, or the GTIN nobody knows."""
    supplier_lot: str
    raw: bytes
    """The pack's code, byte for byte."""


@command(permission=Permission.RECEIVE_MATERIAL, signature=None)
def ask_to_decide(order: AskToDecide, work: Work) -> None:
    """Open the task for Quality at the site of the order."""
    purchase = work.get(PurchaseOrder, id=order.order)
    facts = {
        "order": purchase.code,
        "rule": order.rule,
        "item": order.item,
        "supplier_lot": order.supplier_lot,
        "raw": order.raw.decode("latin-1"),
    }
    open_task(
        work, kind="decide_pack", subject_kind="purchase_order", subject_id=purchase.id, site=purchase.site, for_job="quality", facts=facts
    )
