"""Controlled documents: draft → review → signed → effective → obsolete, once, for whatever needs it.

*Effective* is a condition at use: signed, and the day has come; the highest such revision counts.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from app.core.command import Meaning
from app.core.records import Document
from app.core.subject import Subject
from app.core.work import Work


def prepare(work: Work, *, id: UUID, kind: str, code: str, revision: int, site: UUID, effective_from: date) -> None:
    """Open a draft; its content may change until it leaves the draft."""
    work.add(Document(id=id, kind=kind, code=code, revision=revision, site=site, effective_from=effective_from))


def submit_for_review(work: Work, document: UUID) -> None:
    """From now on the content stands still."""
    work.change(Document, document, status="review")


def approve(work: Work, document: UUID, *, version: int) -> None:
    """Sign a reviewed document; the preparer cannot."""
    work.sign(Subject(kind="document", id=document, version=version), meaning=Meaning.APPROVED)
    work.change(Document, document, version=version, status="signed")


def withdraw(work: Work, document: UUID, *, version: int) -> None:
    """Sign that a document is used no more; what was begun with it goes on."""
    work.sign(Subject(kind="document", id=document, version=version), meaning=Meaning.WITHDRAWN)
    work.change(Document, document, version=version, status="obsolete")
