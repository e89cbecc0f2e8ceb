"""The second person at the same station: the signing sheet over what was typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from app.base.ids import new_id
from app.base.measurement import Quantity
from app.base.phrases import Phrase
from app.core.signature import Preview
from app.typed.commands import VerifyTyped
from app.typed.queries import TypedRow
from ui.kit import Panel, Words
from ui.shell.evidence import Fact
from ui.shell.signing import SignAs

if TYPE_CHECKING:
    from ui.shell.screen import Screen


@dataclass(frozen=True, slots=True, kw_only=True)
class ToVerify:
    """What the second person reads before signing."""

    id: UUID
    what: Words
    quantity: Quantity
    device: str
    reason: str

    @classmethod
    def of(cls, row: TypedRow, what: Words) -> ToVerify:
        """A value that waits on record."""
        return cls(id=row.id, what=what, quantity=row.quantity, device=row.device, reason=row.reason)


def have_verified(screen: Screen, one: ToVerify, *, done: Callable[[], None], frame_around: Panel | None = None) -> None:
    """Open the signing sheet; "not now" leaves the value waiting on record."""

    def make(seen: Preview) -> VerifyTyped:
        return VerifyTyped(command_id=new_id(), typed=one.id, version=seen.version)

    screen.sign(
        kind="typed_value",
        subject=one.id,
        title=Phrase("{value}, read from {device}", value=one.quantity, device=one.device),  # stands also where facts have no room
        what=(Fact(name=Phrase("typed for"), value=one.what), Fact(name=Phrase("typed because"), value=one.reason)),
        choices=(SignAs(words=Phrase("Verified: I read the same value"), order=VerifyTyped, make=make),),
        done=lambda *_: done(),
        after=Phrase("it goes on record, marked as typed"),
        frame_around=frame_around,
    )
