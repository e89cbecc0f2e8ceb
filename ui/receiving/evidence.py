"""Where a received quantity comes from: the code byte for byte, the scanner, the person, the times, the station."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from app.base.measurement import Quantity
from app.base.phrases import Name, Phrase
from app.receiving.queries import LastReceipt, WeighedRow
from ui.kit import Words
from ui.receiving.pack import KEYBOARD, Pack
from ui.receiving.pack_check import amount
from ui.shell.evidence import Evidence, Fact
from ui.typed.facts import calibration_fact, clock_facts, device_facts

_BY_KEYBOARD = Phrase("by keyboard")


def of_pack(pack: Pack, unit: str, zone: tzinfo) -> Sequence[Evidence]:
    """A pack in hand; nothing of it is on record yet."""
    if pack.quantity is None:
        return ()
    typed = pack.typed_quantity is not None
    return (
        Evidence(
            title=Phrase("Quantity of the pack: {quantity}", quantity=amount(Quantity(pack.quantity, unit))),
            origin=Phrase("counted and typed by a person") if typed else Phrase("read from the pack's code, not yet received"),
            facts=(
                Fact(name=Phrase("scanner"), value=_BY_KEYBOARD if pack.scanner == KEYBOARD else pack.scanner),
                Fact(name=Phrase("read"), value=_when(pack.read_at, zone)),
            ),
            raw=pack.scanned.raw.encode("latin-1"),
        ),
    )


def of_receipt(last: LastReceipt, by: Name | str, station: str | None, zone: tzinfo) -> Sequence[Evidence]:
    """A receipt on record, and the weight of its container if it was taken.

    Args:
        last: The receipt with its lot.
        by: Printed name of who received it.
        station: Where; ``None`` for a receipt made before the screen was opened (its station stands in the trail).
        zone: The plant's.
    """
    receipt, lot = last.receipt, last.lot
    facts = [
        Fact(name=Phrase("scanner"), value=_BY_KEYBOARD if receipt.scanner == KEYBOARD else receipt.scanner),
        Fact(name=Phrase("received by"), value=by),
        *([Fact(name=Phrase("station"), value=station)] if station is not None else []),
        Fact(name=Phrase("received"), value=_when(receipt.received_at, zone)),
        Fact(name=Phrase("order"), value=receipt.order_code),
        Fact(name=Phrase("container"), value=receipt.container_code),
    ]
    how_much = amount(Quantity(receipt.quantity, lot.balance.unit))
    scanned = receipt.origin == "scanned"
    received = Evidence(
        title=Phrase("Received quantity of lot {lot}: {quantity}", lot=lot.code, quantity=how_much),
        origin=Phrase("read from the pack's code, location scanned") if scanned else Phrase("location or quantity typed by a person"),
        facts=tuple(facts),
        raw=receipt.raw,
    )
    if receipt.weight is None or receipt.weighed is None:
        return (received,)
    title = Phrase("Gross weight of {container}: {quantity}", container=receipt.container_code, quantity=receipt.weight)
    return (
        received,
        Evidence(title=title, origin=Phrase("read from a scale"), facts=_weight(receipt.weighed, zone), raw=receipt.weighed.raw),
    )


def _weight(one: WeighedRow, zone: tzinfo) -> tuple[Fact, ...]:
    said = {"said_serial_no": one.said_serial_no, "firmware": one.said_firmware}
    return (
        *device_facts(device=one.scale, serial_no=one.scale_serial_no, **said),
        calibration_fact(one.certificate, one.due_on),
        *clock_facts(one.read_at, one.clock_ahead_ms, zone),
        Fact(name=Phrase("database time"), value=_when(one.at, zone)),
    )


def _when(at: datetime, zone: tzinfo) -> Words:
    local = at.astimezone(zone)
    return Phrase("{day} {time}", day=local.date(), time=f"{local:%H:%M:%S}")
