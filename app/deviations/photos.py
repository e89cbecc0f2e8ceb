"""Pictures of what a deviation is about: beside its description, part of what is signed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.command import Permission, command
from app.core.pictures import keep_picture
from app.core.refusals import explain_constraint
from app.core.work import Work
from app.deviations.records import DeviationPhoto
from app.deviations.rules import PictureThere


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoRow:
    """A picture as screens and papers show it."""

    deviation: UUID
    picture: str
    taken_at: datetime
    station: str | None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPhoto:
    """Somebody took a picture of what is out of order."""

    command_id: UUID
    id: UUID
    deviation: UUID
    file_name: str
    content: bytes
    """PNG or JPEG, at most 20 MB."""
    taken_at: datetime
    """As the file says, by the workstation's clock."""


@command(permission=Permission.RAISE_DEVIATION, signature=None)
def add_photo(order: AddPhoto, work: Work) -> None:
    """Put it beside the description: another version, so that a signature before it no longer counts; who adds one cannot sign.

    Raises:
        NotAPicture, FileTooLarge, PictureThere: nothing was stored.
        DeviationIsDecided: it is too late for it.
    """
    digest = keep_picture(work, order.content, file_name=order.file_name)
    with explain_constraint("deviation_photo_deviation_picture_key", PictureThere(file=order.file_name)):
        work.add(DeviationPhoto(id=order.id, deviation=order.deviation, picture=digest, taken_at=order.taken_at))


def photos_of(session: Session, deviations: Iterable[UUID]) -> tuple[PhotoRow, ...]:
    """The pictures of several deviations, oldest first."""
    mine = select(DeviationPhoto).where(DeviationPhoto.deviation.in_(list(deviations)))
    rows = session.scalars(mine.order_by(DeviationPhoto.added_at, DeviationPhoto.id))
    return tuple(
        PhotoRow(deviation=p.deviation, picture=p.picture, taken_at=p.taken_at, station=p.station, by=p.added_by, at=p.added_at)
        for p in rows
    )
