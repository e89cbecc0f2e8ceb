"""Questions about physical labels."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.labels.records import LabelRow


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelState:
    """One physical label and what is known of it."""

    id: UUID
    subject: UUID
    copy_no: int
    printer: str
    status: str
    """``requested``, ``sent``, ``printed``, ``unknown``, ``refused``; of a unit also ``applied``, ``destroyed``."""
    detail: str
    decoded: str
    """What a scan of it says behind the symbology identifier."""


def copies_of(session: Session, *, kind: str, subject: UUID) -> int:
    """How many labels were asked for of one thing."""
    return session.scalar(select(func.count()).select_from(LabelRow).filter_by(kind=kind, subject_id=subject)) or 0


def labels_of_units(session: Session, units: list[UUID]) -> dict[UUID, LabelState]:
    """The last label of each unit that has one, in one query."""
    rows = session.scalars(select(LabelRow).where(LabelRow.kind == "unit", LabelRow.subject_id.in_(units)).order_by(LabelRow.copy_no))
    return {
        row.subject_id: LabelState(
            id=row.id,
            subject=row.subject_id,
            copy_no=row.copy_no,
            printer=row.printer,
            status=row.status,
            detail=row.detail,
            decoded=str(row.content["decoded"]),
        )
        for row in rows
    }
