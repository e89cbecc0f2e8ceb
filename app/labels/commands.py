"""A physical label is asked for as a part of the act that needs it; the station's print queue does the rest."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from app.base.ids import new_id
from app.core.work import Work
from app.labels.records import LabelRow


def request_label(work: Work, *, kind: str, subject_kind: str, subject_id: UUID, printer: str, content: dict[str, Any]) -> UUID:
    """Ask for the first copy of a label at a printer of this station.

    Args:
        work: The command this is a part of; a refused command asks for no label.
        kind: Which form, e.g. ``container``.
        subject_kind: Table of what is labelled.
        subject_id: Which one.
        printer: Code of the printer.
        content: The facts to print, as they are now.
    """
    label = new_id()
    work.add(
        LabelRow(
            id=label,
            kind=kind,
            subject_kind=subject_kind,
            subject_id=subject_id,
            copy_no=1,
            printer=printer,
            station=work.station or "direct",
            content=content,
        )
    )
    return label
