"""Questions about physical labels."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.labels.records import LabelRow


def copies_of(session: Session, *, kind: str, subject: UUID) -> int:
    """How many labels were asked for of one thing."""
    return session.scalar(select(func.count()).select_from(LabelRow).filter_by(kind=kind, subject_id=subject)) or 0
