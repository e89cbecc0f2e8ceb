"""A deviation is opened where it happened, described, and its disposition signed by those its class demands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.core.command import Meaning, Permission, command
from app.core.subject import Subject
from app.core.tasks import finish_tasks, open_task
from app.core.work import Work
from app.deviations.records import Deviation
from app.deviations.rules import HoldSaysWhy, NotDescribed, meanings_demanded


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDeviation:
    """Somebody saw something out of order. For a reading the facts come from the record, not from here."""

    command_id: UUID
    id: UUID
    subject: Subject
    cause_kind: str
    """``measurement``, ``receipt``, ``step_entry``, ``batch_step``, ``other``; ``hold``: the whole batch is stopped for what happened."""
    cause_id: UUID
    kind: str
    """``out of limits`` or ``discrepancy``."""
    facts: dict[str, Any]
    class_: str
    what_happened: str


@command(permission=Permission.RAISE_DEVIATION, signature=None)
def open_deviation(order: OpenDeviation, work: Work) -> str:
    """Open it and let a supervisor know; returns its code. Opening it again for the same cause returns the first one's code.

    Raises:
        HoldSaysWhy: a batch is held for no reason.
    """
    if order.cause_kind == "hold" and not order.what_happened.strip():
        raise HoldSaysWhy
    known = work.find(Deviation, cause_kind=order.cause_kind, cause_id=order.cause_id)
    if known is not None:
        return known.code
    code = work.code("deviation")
    work.add(
        Deviation(
            id=order.id,
            code=code,
            subject_kind=order.subject.kind,
            subject_id=order.subject.id,
            cause_kind=order.cause_kind,
            cause_id=order.cause_id,
            kind=order.kind,
            facts=order.facts,
            class_=order.class_,
            what_happened=order.what_happened,
        )
    )
    if work.site is not None:
        facts = {"deviation": code}
        open_task(
            work, kind="decide_deviation", subject_kind="deviation", subject_id=order.id, site=work.site, for_job="supervisor", facts=facts
        )
    return code


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribeDeviation:
    """One line what happened, its class, and what is proposed to become of the material."""

    command_id: UUID
    deviation: UUID
    version: int
    what_happened: str
    class_: str
    disposition: str


@command(permission=Permission.RAISE_DEVIATION, signature=None)
def describe_deviation(order: DescribeDeviation, work: Work) -> None:
    """Write it down; a new version, so that signatures on the old one no longer count."""
    work.change(
        Deviation,
        order.deviation,
        version=order.version,
        what_happened=order.what_happened,
        class_=order.class_,
        disposition=order.disposition,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveDisposition:
    """The line supervisor signs the disposition, over the version that was read."""

    command_id: UUID
    deviation: UUID
    version: int


@command(permission=Permission.APPROVE_DEVIATION, signature=Meaning.APPROVED_BY_SUPERVISOR)
def approve_disposition(order: ApproveDisposition, work: Work) -> str:
    """Sign as supervisor; returns ``decided``, or ``open`` while another signature is wanted."""
    return _sign(order.deviation, order.version, Meaning.APPROVED_BY_SUPERVISOR, work)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveDispositionAsQuality:
    """Quality signs a disposition that needs two persons."""

    command_id: UUID
    deviation: UUID
    version: int


@command(permission=Permission.APPROVE_DEVIATION_QUALITY, signature=Meaning.APPROVED_BY_QUALITY)
def approve_disposition_as_quality(order: ApproveDispositionAsQuality, work: Work) -> str:
    """Sign as quality; returns ``decided``, or ``open`` while another signature is wanted."""
    return _sign(order.deviation, order.version, Meaning.APPROVED_BY_QUALITY, work)


def _sign(deviation: UUID, version: int, meaning: Meaning, work: Work) -> str:
    """Collect one signature over the frozen version; the last one decides. The database holds the same rule at commit."""
    now = work.get(Deviation, id=deviation)
    if not now.what_happened or now.disposition is None:
        raise NotDescribed(deviation=now.code)
    work.sign(Subject(kind="deviation", id=deviation, version=version), meaning=meaning)
    standing = set(work.ask("standing_meanings", "deviation", deviation))
    wanted = {str(m) for m in meanings_demanded(now.class_, now.disposition)}
    if wanted <= standing:
        work.change(Deviation, deviation, version=version, status="decided")
        finish_tasks(work, kind="decide_deviation", subject_id=deviation)
        return "decided"
    if meaning is Meaning.APPROVED_BY_SUPERVISOR and work.site is not None:
        open_task(
            work,
            kind="decide_deviation",
            subject_kind="deviation",
            subject_id=deviation,
            site=work.site,
            for_job="quality",
            facts={"deviation": now.code},
        )
    return "open"
