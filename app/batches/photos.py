"""A picture that a step asks for: the file is kept, the entry names it by its fingerprint."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.batches.commands import store_entry
from app.batches.records import StepEntry
from app.core.command import Permission, command
from app.core.pictures import keep_picture
from app.core.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class TakePhoto:
    """Somebody took a picture for a field of the step. ``corrects``: the entry it replaces, with a reason."""

    command_id: UUID
    id: UUID
    step: UUID
    field: str
    file_name: str
    content: bytes
    """PNG or JPEG, at most 20 MB."""
    taken_at: datetime
    """As the file says, by the workstation's clock; one that is much older than its entry is told as late."""
    corrects: UUID | None = None
    reason: str | None = None


@command(permission=Permission.RUN_BATCH, signature=None)
def take_photo(order: TakePhoto, work: Work) -> str:
    """Keep and store it.

    Raises:
        NotAPicture, FileTooLarge: it cannot be shown.
        PictureUsed: the same picture proves another field, or is the instruction's own.
        TimeCannotBe: the camera's clock is wrong.
        StepNotStarted, FieldNotAsked, ValueCannotBe, WhyWanted, NotTheCurrentEntry, OtherVersion: as of every entry; nothing was stored.
    """
    digest = keep_picture(work, order.content, file_name=order.file_name)
    entry = StepEntry(
        id=order.id,
        batch_step=order.step,
        field=order.field,
        sample_no=1,
        said=digest,
        origin="imported",
        read_at=order.taken_at,
        corrects=order.corrects,
        reason=order.reason,
    )
    return store_entry(work, entry)
