"""The pack in the receiver's hands: what its code said, and what a hand added, until a location is scanned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from app.base import clock
from app.base.ids import new_id
from app.receiving.commands import ReceiveLot
from app.receiving.queries import OrderLineRow
from app.scanning.result import Scanned

KEYBOARD = "keyboard"
"""Stands for the scanner where a code came through the keyboard: by a wedge scanner or by hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """One scanned pack. Its receipt keeps one identity, so that asking again after a lost reply or a restart receives it once."""

    command_id: UUID
    question_id: UUID
    """Quality is asked once per pack, however often the button is pressed."""
    scanned: Scanned
    scanner: str
    read_at: datetime
    """The workstation's time of arrival, UTC."""
    typed_quantity: Decimal | None = None
    """What a hand counted, where the code says something else or nothing."""
    trouble: str | None = None
    """Short or damaged: one line, opened as a discrepancy together with the receipt."""
    trouble_class: str | None = None
    """Its class: ``minor``, ``major`` or ``critical``."""

    @property
    def gtin(self) -> str | None:
        """What it holds, 14 digits: its own number, or that of what a logistic unit contains."""
        found = self.scanned.fields.get("gtin", self.scanned.fields.get("content_gtin"))
        return found if isinstance(found, str) else None

    @property
    def lot(self) -> str | None:
        """The supplier's lot, shown even when the code may not be used."""
        found = self.scanned.fields.get("lot")
        return found if isinstance(found, str) else None

    @property
    def expires_on(self) -> date | None:
        """Expiry as printed, shown even when the code may not be used."""
        return self._day("expires_on")

    @property
    def made_on(self) -> date | None:
        """Day of production as printed."""
        return self._day("made_on")

    @property
    def quantity(self) -> Decimal | None:
        """What is received: counted by hand, else as the code says."""
        found = self.scanned.fields.get("quantity")
        return self.typed_quantity if self.typed_quantity is not None else found if isinstance(found, Decimal) else None

    def _day(self, name: str) -> date | None:
        found = self.scanned.fields.get(name)
        return found.date() if isinstance(found, datetime) else found if isinstance(found, date) else None

    def receipt_at(self, location: str, line: OrderLineRow, *, typed: bool, printer: str | None) -> ReceiveLot:
        """The order that posts it.

        Raises:
            ValueError: the pack lacks a fact; `judge` refuses it before. A bug.
        """
        if self.lot is None or self.expires_on is None or self.quantity is None:
            raise ValueError("a pack without lot, expiry or quantity is not received")
        return ReceiveLot(
            command_id=self.command_id,
            order_line=line.id,
            item=line.item.id,
            supplier_lot=self.lot,
            made_on=self.made_on,
            expires_on=self.expires_on,
            quantity=self.quantity,
            location=location,
            origin="typed" if typed or self.typed_quantity is not None else "scanned",
            raw=self.scanned.raw.encode("latin-1"),
            scanner=self.scanner,
            printer=printer,
        )

    def kept(self) -> dict[str, Any]:
        """What a draft keeps of it."""
        return {
            "pack": {
                "command_id": str(self.command_id),
                "question_id": str(self.question_id),
                "raw": self.scanned.raw,
                "scanner": self.scanner,
                "read_at": self.read_at.isoformat(),
                "typed_quantity": None if self.typed_quantity is None else str(self.typed_quantity),
                "trouble": self.trouble,
                "trouble_class": self.trouble_class,
            }
        }


def new_pack(scanned: Scanned, scanner: str) -> Pack:
    """A pack was scanned just now."""
    return Pack(command_id=new_id(), question_id=new_id(), scanned=scanned, scanner=scanner, read_at=clock.now())


def pack_from(kept: dict[str, Any]) -> Pack:
    """The pack a draft kept; its code is read again by the rules of today."""
    from app.scanning.interpret import interpret  # loaded ahead, before anybody is signed in who could have a draft

    typed = kept["typed_quantity"]
    return Pack(
        command_id=UUID(kept["command_id"]),
        question_id=UUID(kept["question_id"]),
        scanned=interpret(kept["raw"]),
        scanner=kept["scanner"],
        read_at=datetime.fromisoformat(kept["read_at"]),
        typed_quantity=None if typed is None else Decimal(typed),
        trouble=kept["trouble"],
        trouble_class=kept["trouble_class"],
    )


def counted(text: str) -> Decimal | None:
    """A quantity somebody typed: a positive decimal, blanks between thousands allowed; ``None`` for anything else."""
    try:
        number = Decimal(text.replace(" ", "").replace("\u2009", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() and number > 0 else None
