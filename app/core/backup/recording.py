"""A drill goes on record: who did it, what was compared, what differed. Quality signs it with the product's own signature."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from app.core.command import Meaning, Permission, command
from app.core.records import RestoreDrill
from app.core.subject import Subject
from app.core.tasks import finish_tasks
from app.core.work import Work

if TYPE_CHECKING:
    from app.core.backup.drill import Drill  # only who drills waits for it, no start of a client

SUBJECT = "restore_drill"
MOST_DIFFERENCES = 20
"""Of one check that are put on record; the report has them all."""
LONGEST = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDrill:
    """An administrator restored a backup and compared it."""

    command_id: UUID
    id: UUID
    backup: str
    manifest: bytes
    taken_at: datetime
    facts: dict[str, Any]


@command(permission=Permission.MANAGE_STATIONS, signature=None)
def record_drill(order: RecordDrill, work: Work) -> bool:
    """Put it on record; returns whether it holds, as the database reads it from the facts. A failed drill is recorded too."""
    site = work.site or work.ask("first_site")
    row = RestoreDrill(id=order.id, site=site, backup=order.backup, manifest=order.manifest, taken_at=order.taken_at, facts=order.facts)
    work.add(row)
    return row.holds


@dataclass(frozen=True, slots=True, kw_only=True)
class SignDrill:
    """Quality has reviewed the report of a drill."""

    command_id: UUID
    drill: UUID


@command(permission=Permission.APPROVE_DOCUMENT, signature=Meaning.REVIEWED)
def sign_drill(order: SignDrill, work: Work) -> None:
    """Sign it, whether it holds or not: a failed one is reviewed as well. Who drilled cannot sign.

    Raises:
        NotFound: there is no such drill.
    """
    drill = work.get(RestoreDrill, id=order.drill)
    work.sign(Subject(kind=SUBJECT, id=drill.id, version=drill.version), meaning=Meaning.REVIEWED)
    finish_tasks(work, kind="sign_drill", subject_id=drill.id)


def facts_of_drill(drill: Drill) -> dict[str, Any]:
    """What is put on record of a drill: of the manifest what the comparison stands on, of every check what it found."""
    facts = drill.manifest.facts
    return {
        "system": facts.system,
        "server_version": facts.server_version,
        "revision": facts.revision,
        "wal": [drill.manifest.wal_start, drill.manifest.wal_stop],
        "took_s": round(drill.took_s),
        "not_done": list(drill.not_done),
        "rows": sum(drill.restored.values()),
        "checks": [
            {
                "check": one.check,
                "compared": one.compared,
                "later": one.later,
                "wrong": [said[:LONGEST] for said in one.wrong[:MOST_DIFFERENCES]],
            }
            for one in drill.checks
        ],
    }


def order_of(drill: Drill, *, command_id: UUID, id: UUID) -> RecordDrill:
    """The order that puts a drill on record."""
    return RecordDrill(
        command_id=command_id,
        id=id,
        backup=drill.backup,
        manifest=bytes.fromhex(drill.manifest_sha256),
        taken_at=drill.manifest.facts.at,
        facts=facts_of_drill(drill),
    )
