"""Material is received by two scans, a container is weighed, the last receipt is undone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from app.base.ids import new_id
from app.base.measurement import Quantity, Reading
from app.core.command import Permission, command
from app.core.refusals import RecordBusy, explain_constraint
from app.core.tasks import open_task
from app.core.work import Work
from app.labels.commands import request_label
from app.materials.commands import open_lot
from app.materials.queries import LotRow, approval_of, item_by_id, location_by_code, lot_of_supplier, supplier_name
from app.materials.rules import LotExpired
from app.plant.queries import asset_by_code
from app.receiving.queries import received_of
from app.receiving.records import Container, OrderLine, PurchaseOrder, Receipt, ReceiptUndo, Weighing
from app.receiving.rules import NotAQuarantineLocation, NotStable, OtherExpiry, OtherItem, SupplierNotApproved, TooMuch, UnknownLocation


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedLine:
    """One line of a purchase order."""

    id: UUID
    no: int
    item: UUID
    quantity: Decimal
    due_on: date


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
    """Put the order on record; receiving finds its lines by item."""
    work.add(PurchaseOrder(id=order.id, code=order.code, supplier=order.supplier, site=order.site))
    for line in order.lines:
        work.add(OrderLine(id=line.id, purchase_order=order.id, no=line.no, item=line.item, quantity=line.quantity, due_on=line.due_on))


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
    """Where the container label goes; ``None``: the label waits as PDF."""


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
        OtherItem, SupplierNotApproved, LotExpired, OtherExpiry, TooMuch, UnknownLocation, NotAQuarantineLocation: nothing is stored.
    """
    line = work.get(OrderLine, id=order.order_line)
    purchase = work.get(PurchaseOrder, id=line.purchase_order)
    known = _check(order, line, purchase, work)
    place = _quarantine_place(order.location, purchase.site, work)
    lot_id, lot_code = (known.id, known.code) if known else _open_lot(order, line, purchase, work)
    receipt, container = new_id(), new_id()
    work.add(
        Receipt(
            id=receipt,
            order_line=line.id,
            lot=lot_id,
            quantity=order.quantity,
            location=place,
            origin=order.origin,
            raw=order.raw,
            scanner=order.scanner,
        )
    )
    container_code = work.code("container")
    work.add(Container(id=container, code=container_code, receipt=receipt, lot=lot_id, quantity=order.quantity))
    if order.printer is not None:
        content = _label(order, work, lot_code, container_code)
        request_label(work, kind="container", subject_kind="container", subject_id=container, printer=order.printer, content=content)
    return Received(receipt=receipt, lot=lot_id, lot_code=lot_code, container=container, container_code=container_code)


def _quarantine_place(code: str, site: UUID, work: Work) -> UUID:
    place = location_by_code(work.session, code, site=site)
    if place is None:
        raise UnknownLocation(location=code)
    if place.kind != "quarantine":
        raise NotAQuarantineLocation(location=place.code)
    return place.id


def _open_lot(order: ReceiveLot, line: OrderLine, purchase: PurchaseOrder, work: Work) -> tuple[UUID, str]:
    """Open a lot for a supplier's lot that is new here, and let inspection know.

    Raises:
        RecordBusy: another station opened the same lot at this moment; asked again, the pack joins it.
    """
    lot, code = new_id(), work.code("lot")
    with explain_constraint("lot_of_supplier", RecordBusy()):
        open_lot(
            work,
            id=lot,
            code=code,
            item=line.item,
            supplier=purchase.supplier,
            supplier_lot=order.supplier_lot,
            site=purchase.site,
            made_on=order.made_on,
            expires_on=order.expires_on,
        )
    open_task(work, kind="inspect_lot", subject_kind="lot", subject_id=lot, site=purchase.site, for_job="inspector", facts={"lot": code})
    return lot, code


def _check(order: ReceiveLot, line: OrderLine, purchase: PurchaseOrder, work: Work) -> LotRow | None:
    """Say in a good sentence what the database would refuse; returns the lot when the supplier's lot is known here."""
    session, today = work.session, work.today
    ordered = item_by_id(session, line.item)
    if order.item != line.item:
        raise OtherItem(read=item_by_id(session, order.item).name, ordered=ordered.name)
    approval = approval_of(session, supplier=purchase.supplier, item=line.item, site=purchase.site, day=today)
    if approval is None or not approval.in_force:
        ended = min(approval.valid_to, approval.certificate_valid_to) if approval else "–"
        raise SupplierNotApproved(supplier=supplier_name(session, purchase.supplier), item=ordered.name, ended=ended)
    if (order.expires_on - today).days < ordered.min_days_left:
        raise LotExpired(expires_on=order.expires_on)
    left = line.quantity - received_of(session, line.id)
    if order.quantity > left:
        raise TooMuch(quantity=Quantity(order.quantity, ordered.unit), left=Quantity(left, ordered.unit))
    known = lot_of_supplier(session, item=line.item, supplier=purchase.supplier, supplier_lot=order.supplier_lot)
    if known is not None and known.expires_on != order.expires_on:
        raise OtherExpiry(read=order.expires_on, on_record=known.expires_on)
    return known


def _label(order: ReceiveLot, work: Work, lot_code: str, container_code: str) -> dict[str, object]:
    item = item_by_id(work.session, order.item)
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
        "received_by": work.person,
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
