"""A label is asked for by the act that needs it; the print queue does the rest, and a person decides on what nobody knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.base.errors import RuleViolation
from app.base.ids import new_id
from app.core.command import Permission, command
from app.core.work import Work
from app.labels.records import LabelRow, LabelSeen


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
    """Ask for a label at a printer of this station.

    Args:
        work: The command this is a part of; a refused command asks for no label.
        kind: Which form, e.g. ``container``.
        subject_kind: Table of what is labelled.
        subject_id: Which one.
        printer: Code of the printer.
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


class LabelUndecided(RuleViolation):
    """A second paper is only made when it is known what became of the first."""

    code = "label.undecided"
    text = "No other copy was asked for: nobody knows yet whether copy {copy_no} came out."
    next_step = "Look at the printer, say whether it came out, then ask again."


class LabelWaits(RuleViolation):
    code = "label.waits"
    text = "No other copy was asked for: copy {copy_no} still waits for printer {printer}."
    next_step = "Put the printer right: the label comes out by itself."


@dataclass(frozen=True, slots=True, kw_only=True)
class ReprintLabel:
    """Somebody needs another paper: the old one is torn, or did not come out."""

    command_id: UUID
    label: UUID
    """Any copy of it."""
    reason: str
    """One line why; stands on record with the copy, which says on its face which copy it is."""


@command(permission=Permission.RECEIVE_MATERIAL, signature=None)
def reprint_label(order: ReprintLabel, work: Work) -> int:
    """Ask for one more copy at the same printer; returns its number. There is never a second original.

    Raises:
        LabelUndecided: the last copy is unknown.
        LabelWaits: the last copy was not printed yet.
    """
    first = work.get(LabelRow, id=order.label)
    copies = select(LabelSeen).filter_by(kind=first.kind, subject_id=first.subject_id).order_by(LabelSeen.copy_no.desc()).limit(1)
    last = work.session.scalars(copies).one()
    if last.status == "unknown":
        raise LabelUndecided(copy_no=last.copy_no)
    if last.status in ("requested", "sent"):
        raise LabelWaits(copy_no=last.copy_no, printer=last.printer)
    work.add(
        LabelRow(
            id=new_id(),
            kind=last.kind,
            subject_kind=last.subject_kind,
            subject_id=last.subject_id,
            copy_no=last.copy_no + 1,
            printer=last.printer,
            station=work.station or "direct",
            content=last.content,
            reason=order.reason,
        )
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
    work.ask("settle_label", order.label, "printed" if order.came_out else "refused", order.remark)
