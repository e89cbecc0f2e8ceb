"""A draft is dropped with a reason, or a second person signs for it or against it.

Its author confirms it by giving it as the order it is, under its own identity: no command of ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.core.command import COMMANDS, Meaning, Permission, command
from app.core.late.written import order_in
from app.core.records import LateEntry
from app.core.subject import Subject
from app.core.work import Work

SUBJECT = "late_entry"
VERSION = 1
"""Nothing of a draft changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DropLate:
    """Its author does not stand for it; it stays visible with the reason."""

    command_id: UUID
    entry: UUID
    reason: str


@command(permission=Permission.EVERYBODY, signature=None)
def drop_late(order: DropLate, work: Work) -> None:
    """Drop a draft of one's own.

    Raises:
        LateIsSettled, LateIsAnothers, ReasonMissing: it stays as it is.
    """
    work.ask("drop_late_entry", order.entry, order.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmLateFor:
    """A second person stands for what somebody entered while the database was away."""

    command_id: UUID
    entry: UUID


@command(permission=Permission.VERIFY_STEP, signature=Meaning.CONFIRMED)
def confirm_late_for(order: ConfirmLateFor, work: Work) -> str:
    """Sign, and let it become what it says under the signer's name and right; returns the database's verdict.

    Raises:
        LateIsSettled, LateUnreadable: nothing was stored.
        AppError: whatever the entry itself is refused for, e.g. the cell was measured meanwhile; the draft stays.
    """
    kept = work.get(LateEntry, id=order.entry)
    entered = order_in(kept.content)
    work.sign(Subject(kind=SUBJECT, id=kept.id, version=VERSION), meaning=Meaning.CONFIRMED)
    work.ask("confirm_late_entry", kept.id)
    return str(COMMANDS[type(entered)].act(entered, work))


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLateAside:
    """A second person signs that a draft of somebody else does not count; it stays visible with the reason."""

    command_id: UUID
    entry: UUID
    reason: str


@command(permission=Permission.VERIFY_STEP, signature=Meaning.SET_ASIDE)
def set_late_aside(order: SetLateAside, work: Work) -> None:
    """Sign, and drop it.

    Raises:
        LateIsSettled, ReasonMissing: it stays as it is.
    """
    work.sign(Subject(kind=SUBJECT, id=order.entry, version=VERSION), meaning=Meaning.SET_ASIDE)
    work.ask("drop_late_entry", order.entry, order.reason)
