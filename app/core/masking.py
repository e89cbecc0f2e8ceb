"""Who sees which class of fields: the rules, as an administrator sets them. The database masks; nothing here hides anything.

Every masked column is read from a view ``…_seen`` (migrations/sql/masking_views.sql), which shows it by the jobs of who asks: screens,
files and papers get what their person may see, and there is no second rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.base.ids import new_id
from app.base.phrases import Language, Phrase
from app.core.command import Permission, command
from app.core.job_words import JOBS
from app.core.records import MaskRule
from app.core.refusals import Refused
from app.core.work import Work

MASK = "•••"
"""What stands where something is hidden; no record holds it (constraints ``…_is_no_mask``)."""
CLASSES = {"personal": Phrase("personal"), "supplier": Phrase("supplier"), "price": Phrase("price"), "formula": Phrase("formula")}
"""Classes of fields, with their words."""
RULES = {"clear": Phrase("in clear"), "masked": Phrase("masked"), "hidden": Phrase("hidden")}
"""``masked``: the first sign of a text stays, of a figure nothing; ``hidden``: nothing stays. No rule: hidden."""
SHOWN_MASKED = frozenset(
    {
        *("person", "supplier", "lot", "approval", "receipt", "label", "task", "order_line", "master_record", "batch", "batch_step"),
        *("signature", "audit_log"),
    }
)
"""Tables that are read through a view of their own; a test compares them with the database."""


def shown_as(table: str) -> str:
    """Where the rows of a table are read: the table, or its view with the same columns."""
    return f"{table}_seen" if table in SHOWN_MASKED else table


@dataclass(frozen=True, slots=True)
class _Jobs:
    """Jobs in one line."""

    jobs: tuple[str, ...]

    def in_language(self, language: Language) -> str:
        said = [JOBS[job].in_language(language) for job in JOBS if job in self.jobs]
        return ("、" if language is Language.ZH else ", ").join(said) or "–"


class NotShownToYou(Refused):
    code, sqlstate = "MSK-01", "LS150"
    text = "Not done: it holds {field_class} fields that your job does not see."
    next_step = "Let one of these do it: {who}. It is made whole, or not at all."

    def __init__(self, **facts: object) -> None:
        jobs = facts.get("jobs")
        who = _Jobs(tuple(str(job) for job in jobs) if isinstance(jobs, list) else ())
        super().__init__(field_class=CLASSES.get(str(facts.get("class")), "–"), who=who)


class NeededForWork(Refused):
    code, sqlstate = "MSK-02", "LS151"
    text = "Not changed: {who} cannot work without seeing {field_class} fields."
    next_step = "Leave them in clear for this job, or take the people who must not see them out of it."

    def __init__(self, **facts: object) -> None:
        super().__init__(who=_Jobs((str(facts.get("job")),)), field_class=CLASSES.get(str(facts.get("class")), "–"))


def demand_sees(session: Session, *classes: str) -> None:
    """For what must be whole to prove itself, such as a record's paper and file.

    Raises:
        NotShownToYou: who asks does not see all of these classes; it says whose jobs do.
    """
    session.execute(text("SELECT lineside.demand_sees(CAST(:classes AS text[]))"), {"classes": list(classes)})


@dataclass(frozen=True, slots=True, kw_only=True)
class SetMaskRule:
    """An administrator decides what a job sees of a class of fields, and says why."""

    command_id: UUID
    field_class: str
    """One of `CLASSES`."""
    job: str
    rule: str
    """One of `RULES`."""


@command(permission=Permission.MANAGE_PEOPLE, signature=None)
def set_mask_rule(order: SetMaskRule, work: Work) -> None:
    """Put the rule on record; it counts at the next question of every open session.

    Raises:
        NeededForWork: the job has a right that nobody can use without seeing the class.
        ReasonMissing: nothing is changed without a line why.
    """
    known = work.find(MaskRule, field_class=order.field_class, job=order.job)
    if known is not None:
        work.change(MaskRule, known.id, rule=order.rule)
    else:
        work.add(MaskRule(id=new_id(), field_class=order.field_class, job=order.job, rule=order.rule))


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskRuleRow:
    """What one job sees of one class."""

    field_class: str
    job: str
    rule: str


def mask_rules(session: Session) -> Sequence[MaskRuleRow]:
    """A rule for every class and job, in the order of the lists; where none is on record it is ``hidden``."""
    known = {(one.field_class, one.job): one.rule for one in session.scalars(select(MaskRule))}
    return tuple(MaskRuleRow(field_class=one, job=job, rule=known.get((one, job), "hidden")) for one in CLASSES for job in JOBS)
