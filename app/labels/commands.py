"""A label is asked for by the act that needs it; the print queue does the rest, and a person decides on what nobody knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.base.ids import new_id
from app.core.command import Permission, command
from app.core.work import Work
from app.labels.records import LabelRow, LabelSeen
from app.labels.rules import LabelUndecided, LabelWaits

ON_ITS_WAY = ("requested", "validated", "sent", "printing")
"""What the print queue still has to do with."""


def request_label(
    work: Work,
    *,
    kind: str,
    subject_kind: str,
    subject_id: UUID,
    printer: str,
    content: dict[str, Any],
    copy_no: int = 1,
    reason: str | None = None,
) -> UUID:
    """Ask for a label where labels of this kind come out at this station.

    Args:
        work: The command this is a part of; a refused command asks for no label.
        kind: Which form, e.g. ``container``.
        subject_kind: Table of what is labelled.
        subject_id: Which one.
        printer: Code of a printer of this station; where an engineer said where this kind goes (`LabelRoute`), the database sends it there.
        content: The facts to print, as they are now.
        copy_no: Which copy; from the second on with its reason.
        reason: Why there is another copy.
    """
    label = new_id()
    work.add(
        LabelRow(
            id=label,
            kind=kind,
            subject_kind=subject_kind,
            subject_id=subject_id,
            copy_no=copy_no,
            printer=printer,
            station=work.station or "direct",
            content=content,
            reason=reason,
        )
    )
    return label


def demand_label(work: Work, label: UUID) -> None:
    """Raise `NotFound` when there is no such label."""
    work.get(LabelRow, id=label)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReprintLabel:
    """Somebody needs another paper: the old one is torn, which destroys it, or did not come out."""

    command_id: UUID
    label: UUID
    """Any copy of it."""
    reason: str
    """One line why; stands on record with the copy, which says on its face which copy it is."""


@command(permission=Permission.RECEIVE_MATERIAL, signature=None)
def reprint_label(order: ReprintLabel, work: Work) -> int:
    """Ask for one more copy, which names the one it stands for; returns its number. That one counts as destroyed from now on.

    Raises:
        LabelUndecided: the last copy is unknown.
        LabelWaits: the last copy was not printed yet.
    """
    first = work.get(LabelRow, id=order.label)
    copies = select(LabelSeen).filter_by(kind=first.kind, subject_id=first.subject_id).order_by(LabelSeen.copy_no.desc()).limit(1)
    last = work.session.scalars(copies).one()
    if last.status == "unknown":
        raise LabelUndecided(copy_no=last.copy_no)
    if last.status in ON_ITS_WAY:
        raise LabelWaits(copy_no=last.copy_no, printer=last.printer)
    if last.status not in ("refused", "destroyed"):
        destroy(work, last.id, order.reason)
    request_label(
        work,
        kind=last.kind,
        subject_kind=last.subject_kind,
        subject_id=last.subject_id,
        printer=last.printer,
        content=last.content,
        copy_no=last.copy_no + 1,
        reason=order.reason,
    )
    return last.copy_no + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmLabel:
    """A person looked at the printer and says what became of a label that nobody knew of."""

    command_id: UUID
    label: UUID
    came_out: bool
    remark: str
    """What was seen, e.g. ``roll empty, nothing came out``; may be empty when it came out."""


@command(permission=Permission.RECEIVE_MATERIAL, signature=None)
def confirm_label(order: ConfirmLabel, work: Work) -> None:
    """Settle an unknown label as printed or as refused; nothing is printed by it.

    Raises:
        WayClosed: it is not unknown (any more).
    """
    settle(work, order.label, came_out=order.came_out, remark=order.remark)


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyLabel:
    """A container's label that came out was scanned back; ``scanned`` as the scanner sent it."""

    command_id: UUID
    label: UUID
    scanned: str


@command(permission=Permission.RECEIVE_MATERIAL, signature=None)
def verify_label(order: VerifyLabel, work: Work) -> None:
    """The database compares what was read with what the record says.

    Raises:
        OtherLabel: it is some other label.
        LabelIsVoid: that paper was destroyed.
        WayClosed: it did not come out yet, or was verified before.
    """
    verify(work, order.label, order.scanned)


@dataclass(frozen=True, slots=True, kw_only=True)
class DestroyContainerLabel:
    """A container's label is torn, wrong or left over, and was destroyed."""

    command_id: UUID
    label: UUID
    reason: str


@command(permission=Permission.RECEIVE_MATERIAL, signature=None)
def destroy_container_label(order: DestroyContainerLabel, work: Work) -> None:
    """Count it as destroyed; the container has none until another copy was asked for.

    Raises:
        ReasonMissing, WayClosed: nothing is changed.
    """
    destroy(work, order.label, order.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class RerouteLabel:
    """The printer of a container's label that waits is out of order or not here: somebody sends it to another one."""

    command_id: UUID
    label: UUID
    printer: str
    reason: str


@command(permission=Permission.RECEIVE_MATERIAL, signature=None)
def reroute_label(order: RerouteLabel, work: Work) -> None:
    """It comes out there; no second one is made by it.

    Raises:
        WayClosed: a byte of it may have left already.
        NoSuchPrinter, ReasonMissing: nothing is changed.
    """
    reroute(work, order.label, order.printer, order.reason)


def settle(work: Work, label: UUID, *, came_out: bool, remark: str) -> None:
    """An unknown label came out, or did not."""
    demand_label(work, label)
    work.ask("settle_label", label, "printed" if came_out else "refused", remark)


def verify(work: Work, label: UUID, scanned: str) -> None:
    """A label that came out was scanned back."""
    demand_label(work, label)
    work.ask("verify_label", label, scanned.encode())


def destroy(work: Work, label: UUID, reason: str) -> None:
    """A paper was destroyed."""
    demand_label(work, label)
    work.ask("destroy_label", label, reason)


def reroute(work: Work, label: UUID, printer: str, reason: str) -> None:
    """A waiting label goes to another printer."""
    demand_label(work, label)
    work.ask("reroute_label", label, printer, reason)
