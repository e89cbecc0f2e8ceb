"""The report of a drill on paper, from its record: what was compared, what differed, who signed it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.base.phrases import Language, Phrase
from app.core.backup.recording import SUBJECT
from app.core.practice import is_practice
from app.core.records import RestoreDrill, Site
from app.core.signature import Signed, signatures_of
from app.core.work import NotFound
from app.reports.facts import Signature, Strong, Unprintable
from app.reports.page import Paper
from app.reports.table import Align, Column

CHECKS = {
    "parts": "the backup's parts against the fingerprints of its manifest (bytes)",
    "key": "opened with a private key and unpacked (files)",
    "files": "every file and the log it needs, against the base backup's own list",
    "start": "the database recovered and started",
    "origin": "cluster, database and version of the schema",
    "counts": "rows of every table against the manifest (tables)",
    "heads": "ends of all chains and the last seal against the manifest",
    "chains": "the trail's chains computed anew (entries)",
    "seals": "the seals computed anew",
    "rows": "rows against the trail's last image of each",
    "schema": "what the database is made of against this program",
    "witness": "what stations saw of the trail",
    "living": "its chains stand in the database that is worked with",
    "pages": "tables and indexes sound within (tables)",
}


def paper_of(drill: UUID, language: Language) -> Callable[[Session], bytes]:
    """The question that answers with the report as a PDF.

    Raises:
        NotFound: there is no such drill.
    """

    def question(session: Session) -> bytes:
        row = session.get(RestoreDrill, drill)
        if row is None:
            raise NotFound(record=SUBJECT, key=drill)
        site = session.get_one(Site, row.site)
        now = session.execute(select(func.clock_timestamp())).scalar_one()
        paper = Paper(
            Phrase("Restore report"),
            language,
            ZoneInfo(site.zone),
            number=row.backup,
            printed=Phrase("Printed {at}", at=now),
            watermark=None,
            practice=is_practice(session),
            unprintable=Unprintable.SPELL_OUT,
        )
        _write(paper, row, signatures_of(session, kind=SUBJECT, subject=drill), language)
        return paper.to_bytes()

    return question


def _write(paper: Paper, row: RestoreDrill, signed: list[Signed], language: Language) -> None:
    facts = row.facts
    result = Phrase("This backup was restored, and everything holds.") if row.holds else Phrase("This backup does not hold.")
    paper.facts(
        [
            (Phrase("Result"), Strong(result)),
            (Phrase("As of"), row.taken_at),
            (Phrase("Drilled"), row.drilled_at),
            (Phrase("Drilled by"), row.drilled_by),
            (Phrase("Database"), f"{facts.get('revision')} · PostgreSQL {facts.get('server_version')} · {facts.get('system')}"),
            (Phrase("Manifest"), f"SHA-256 {row.manifest.hex()}"),
            (Phrase("Number"), str(row.id)),
        ]
    )
    paper.section(Phrase("What was compared"))
    columns = [
        Column(title=Phrase("Check"), share=5, align=Align.LEFT),
        Column(title=Phrase("Compared"), share=1.3, align=Align.RIGHT),
        Column(title=Phrase("Result"), share=4, align=Align.LEFT),
    ]
    paper.table(
        columns,
        [_row(one) for one in facts["checks"]] + [_not_done(check) for check in facts["not_done"]],
        none=Phrase("Nothing was compared."),
    )
    paper.section(Phrase("Signatures"))
    paper.signatures(
        [
            Signature(meaning=Phrase("Report reviewed"), name=one.name.in_language(language), at=one.at, remark=one.reason or one.station)
            for one in signed
        ]
        or [Signature(meaning=Phrase("Report reviewed"), name=None, at=None, remark=None)]
    )


def _row(one: dict[str, Any]) -> tuple[object, ...]:
    wrong = one["wrong"]
    return Phrase(CHECKS[one["check"]]), one["compared"], Strong("; ".join(wrong)) if wrong else Phrase("holds")


def _not_done(check: str) -> tuple[object, ...]:
    return Phrase(CHECKS[check]), None, Strong(Phrase("not done"))
