"""What somebody began and has not finished, kept under their name until they go on or finish."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.base.ids import new_id
from app.core.command import Permission, command
from app.core.records import Draft
from app.core.while_away import kept
from app.core.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveDraft:
    """A screen keeps what was entered so far; empty content drops the draft."""

    command_id: UUID
    screen: str
    content: dict[str, Any]


@command(permission=Permission.EVERYBODY, signature=None, away=kept)
def save_draft(order: SaveDraft, work: Work) -> None:
    """One draft per person, station and screen."""
    here = work.station or "direct"
    left = work.find(Draft, person=work.person, station=here, screen=order.screen)
    if left is not None and order.content:
        work.change(Draft, left.id, content=order.content)
    elif left is not None:
        work.session.delete(left)
    elif order.content:
        work.add(Draft(id=new_id(), station=here, screen=order.screen, content=order.content))


def own_draft(session: Session, *, person: str, station: str, screen: str) -> dict[str, Any] | None:
    """What this person left on this screen, or ``None``."""
    return session.scalars(select(Draft.content).filter_by(person=person, station=station, screen=screen)).one_or_none()
