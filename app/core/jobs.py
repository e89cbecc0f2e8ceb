"""What a job may do: rights given to it and taken from it, pairs of rights that may not meet in one person, how old a password may be."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.base.errors import RuleViolation
from app.core.command import Permission, command
from app.core.records import RightConflict
from app.core.refusals import explain_constraint
from app.core.work import Work


class HasItAlready(RuleViolation):
    code = "PER-28"
    text = "Nothing changed: this job has the right already."
    next_step = "Look at the list again; somebody may have been faster."


class PairStands(RuleViolation):
    code = "PER-29"
    text = "Nothing changed: these two rights are kept apart already."
    next_step = "Look at the list of pairs."


class SecretDaysOut(RuleViolation):
    code = "PER-30"
    text = "Not stored: a password lasts between 30 and 730 days, not {days}."
    next_step = "Write a number of days between them."


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveRight:
    """A job gets a right; everybody who has the job has it from now on."""

    command_id: UUID
    id: UUID
    job: str
    right: str


@command(permission=Permission.MANAGE_PEOPLE, signature=None)
def give_right(order: GiveRight, work: Work) -> None:
    """Grant the role and write it down in one transaction.

    Raises:
        PairMeets: somebody with the job would hold both rights of a pair.
        OwnJob: nobody adds to a job of their own.
        HasItAlready, NoSuchJob, NoSuchRight.
    """
    with explain_constraint("job_right_job_right_name_key", HasItAlready()):
        work.ask("give_right", order.id, order.job, order.right)


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawRight:
    """A job loses a right; a line why is demanded."""

    command_id: UUID
    job: str
    right: str


@command(permission=Permission.MANAGE_PEOPLE, signature=None)
def withdraw_right(order: WithdrawRight, work: Work) -> None:
    """Revoke it; it bites at the next statement of everybody who has the job.

    Raises:
        NobodyLeft: nobody could give rights any more.
        JobRemains: somebody else than this program granted it too.
        ReasonMissing: no line why.
    """
    work.ask("withdraw_right", order.job, order.right)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRights:
    """From now on two rights may not meet in one person."""

    command_id: UUID
    id: UUID
    first: str
    second: str
    why: str


@command(permission=Permission.MANAGE_PEOPLE, signature=None)
def part_rights(order: PartRights, work: Work) -> None:
    """Set the pair.

    Raises:
        PairMeets: somebody holds both today; named.
        PairStands: it is set.
    """
    first, second = sorted((order.first, order.second))
    with explain_constraint("right_conflict_pair", PairStands()):
        work.add(RightConflict(id=order.id, first_right=first, second_right=second, why=order.why))


@dataclass(frozen=True, slots=True, kw_only=True)
class EndPair:
    """Two rights may meet again; a line why is demanded."""

    command_id: UUID
    id: UUID


@command(permission=Permission.MANAGE_PEOPLE, signature=None)
def end_pair(order: EndPair, work: Work) -> None:
    """End the pair; it stays on record that it stood.

    Raises:
        ReasonMissing: no line why.
    """
    work.change(RightConflict, order.id, ended=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetSecretDays:
    """How many days an own password lasts."""

    command_id: UUID
    days: int


@command(permission=Permission.MANAGE_PEOPLE, signature=None)
def set_secret_days(order: SetSecretDays, work: Work) -> None:
    """Write it, 30 to 730 days; a line why is demanded (21 CFR 11.300(b)).

    Raises:
        SecretDaysOut: less or more.
    """
    with explain_constraint("secret_days_known", SecretDaysOut(days=order.days)):
        work.ask("set_secret_days", order.days)
