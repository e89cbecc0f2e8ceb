"""Tasks wait for a job; they are opened by what happened, taken and done by people. Calls for help are tasks too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.base.errors import RuleViolation
from app.base.ids import new_id
from app.core.command import Permission, command
from app.core.records import Task, TaskSeen
from app.core.refusals import Refused, explain_constraint
from app.core.stations import station_role
from app.core.work import Work

CALL_TOPICS = ("material", "quality", "maintenance", "safety")
"""What somebody is called for, in the order of the keys; the database knows the same and which job each one goes to (``job_called``)."""


class NoSuchTopic(Refused):
    code, sqlstate = "TSK-01", "LS091"
    text = "Nobody was called: there is no such reason for a call."
    next_step = "Choose one of those in the list."


class CalledAgain(RuleViolation):
    code = "TSK-02"
    text = "Not given back: this station has called for the same again meanwhile."
    next_step = "Go there, or say that this call is done; the newer one stays open."


def open_task(work: Work, *, kind: str, subject_kind: str, subject_id: UUID, site: UUID, for_job: str, facts: dict[str, Any]) -> None:
    """Let something wait for a job, as part of the command that caused it."""
    work.add(
        Task(
            id=new_id(),
            kind=kind,
            subject_kind=subject_kind,
            subject_id=subject_id,
            site=site,
            station=work.station,
            for_job=for_job,
            facts=facts,
        )
    )


def finish_tasks(work: Work, *, kind: str, subject_id: UUID) -> None:
    """Close what waited for this subject; several may have been opened, none is fine too."""
    for task in work.session.scalars(select(Task).where(Task.kind == kind, Task.subject_id == subject_id, Task.status != "done")):
        work.change(Task, task.id, status="done")


@dataclass(frozen=True, slots=True, kw_only=True)
class CallForHelp:
    """F9: somebody at a station needs somebody."""

    command_id: UUID
    id: UUID
    topic: str
    """One of `CALL_TOPICS`."""


@command(permission=Permission.EVERYBODY, signature=None)
def call_for_help(order: CallForHelp, work: Work) -> None:
    """Open the call for the job that helps with this topic at this site.

    Raises:
        NoSuchTopic: nobody is called for that.
    """
    if order.topic not in CALL_TOPICS:
        raise NoSuchTopic()
    if work.site is None:
        raise ValueError("a call comes from a station")
    work.add(
        Task(
            id=order.id,
            kind="call",
            subject_kind="station",
            subject_id=work.site,
            site=work.site,
            station=work.station,
            for_job=work.ask("job_called", order.topic),
            facts={"topic": order.topic},
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveTask:
    """Somebody takes a task, gives it back, or says it is done."""

    command_id: UUID
    task: UUID
    status: str
    """``taken``, ``open`` or ``done``; the database knows which way is open."""


@command(permission=Permission.EVERYBODY, signature=None)
def move_task(order: MoveTask, work: Work) -> None:
    """Move a task; who and when is the database's."""
    with explain_constraint("task_station_call", CalledAgain()):
        work.change(Task, order.task, status=order.status)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """One waiting task as lists show it; kind and facts are codes, the screen says them."""

    id: UUID
    kind: str
    subject_kind: str
    subject_id: UUID
    station: str | None
    for_job: str
    facts: dict[str, Any]
    status: str
    opened_by: str
    opened_at: datetime
    taken_by: str | None

    @property
    def is_by_station(self) -> bool:
        """Nobody was signed in there: the station itself called."""
        return self.station is not None and self.opened_by == station_role(self.station)


def waiting(session: Session, *, site: UUID, jobs: frozenset[str], own_station: str | None) -> list[TaskRow]:
    """What waits at a site for any of these jobs, oldest first, and every open call of one's own station."""
    mine = or_(TaskSeen.for_job.in_(jobs), (TaskSeen.kind == "call") & (TaskSeen.station == own_station))
    open_here = select(TaskSeen).where(TaskSeen.site == site, TaskSeen.status != "done", mine)
    rows = session.scalars(open_here.order_by(TaskSeen.opened_at, TaskSeen.id).limit(200))
    return [
        TaskRow(
            id=t.id,
            kind=t.kind,
            subject_kind=t.subject_kind,
            subject_id=t.subject_id,
            station=t.station,
            for_job=t.for_job,
            facts=t.facts,
            status=t.status,
            opened_by=t.opened_by,
            opened_at=t.opened_at,
            taken_by=t.taken_by,
        )
        for t in rows
    ]
