"""One container label as the receiving bench prints it, and a printer on the loop."""

import socket
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from app.base.measurement import Quantity
from app.base.phrases import Name, Phrase
from app.devices.simulators.zpl_printer import ZplPrinter
from app.labels.emit.container_label import ContainerLabel

LABEL = ContainerLabel(
    code="C26-00017",
    item_code="RM-0042",
    item_name=Name("PVC tubing 3.0 × 4.1 mm", "医用 PVC 软管 3.0 × 4.1 mm"),
    supplier_lot="LOT-A123",
    our_lot="L26-0003",
    expiry=date(2029, 9, 30),
    quantity=Quantity(Decimal("12.50"), "kg"),
    location="A-01-02",
    status=Phrase("Received"),
    received_by="Wang Li",
    received_at=datetime(2026, 9, 30, 6, 5, tzinfo=UTC),
    zone=ZoneInfo("Asia/Shanghai"),
    copy_no=1,
    practice=False,
)


def label(**facts):
    return replace(LABEL, **facts)


@pytest.fixture
def print_on():
    """Send ZPL through a real socket; returns the printer, after it has printed."""
    running = []

    def send(zpl, *, dpi=203, labels=1):
        printer = ZplPrinter(dpi=dpi)
        running.append(printer)
        host, port = printer.start().removeprefix("socket://").split(":")
        with socket.create_connection((host, int(port)), timeout=5) as line:
            line.sendall(zpl)
            printer.wait_until_printed(labels, timeout_s=5)
        return printer

    yield send
    for printer in running:
        printer.stop()
