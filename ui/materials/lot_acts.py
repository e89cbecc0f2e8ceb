"""What may be signed on a lot, by its state and by the right of who is here. The database decides again at the signature."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.base.ids import new_id
from app.base.phrases import Phrase
from app.core.command import Permission
from app.core.signature import Preview
from app.materials.commands import EndHold, HoldLot, RejectLot, ReleaseLot
from app.tracing.history import LotHistory
from ui.shell.signing import SignAs


@dataclass(frozen=True, slots=True, kw_only=True)
class LotAct:
    """One signed act: as what it is signed, what follows from it, and the reason it asks for."""

    sign_as: SignAs
    after: Phrase
    permission: Permission
    from_states: frozenset[str]
    question: Phrase | None
    """Asks for one line why; ``None``: the act gives its own reason."""


def release(lot: UUID) -> LotAct:
    """Out of quarantine into use."""

    def make(seen: Preview) -> ReleaseLot:
        return ReleaseLot(command_id=new_id(), lot=lot, version=seen.version)

    return LotAct(
        sign_as=SignAs(words=Phrase("Released for use"), order=ReleaseLot, make=make),
        after=Phrase("the lot may be used"),
        permission=Permission.RELEASE_LOT,
        from_states=frozenset({"quarantine"}),
        question=None,
    )


def reject(lot: UUID) -> LotAct:
    """Never to be used; there is no way back."""

    def make(seen: Preview) -> RejectLot:
        return RejectLot(command_id=new_id(), lot=lot, version=seen.version)

    return LotAct(
        sign_as=SignAs(words=Phrase("Rejected for good"), order=RejectLot, make=make),
        after=Phrase("the lot never comes back"),
        permission=Permission.RELEASE_LOT,
        from_states=frozenset({"quarantine", "held"}),
        question=Phrase("Why is it rejected?"),
    )


def hold(lot: UUID) -> LotAct:
    """Nothing of it moves; a released lot too."""

    def make(seen: Preview) -> HoldLot:
        return HoldLot(command_id=new_id(), lot=lot, version=seen.version)

    return LotAct(
        sign_as=SignAs(words=Phrase("Held by decision"), order=HoldLot, make=make),
        after=Phrase("nothing of the lot moves"),
        permission=Permission.HOLD_LOT,
        from_states=frozenset({"quarantine", "released"}),
        question=Phrase("Why is it held?"),
    )


def end_hold(lot: UUID) -> LotAct:
    """Back to quarantine; releasing is another signature."""

    def make(seen: Preview) -> EndHold:
        return EndHold(command_id=new_id(), lot=lot, version=seen.version)

    return LotAct(
        sign_as=SignAs(words=Phrase("Hold ended"), order=EndHold, make=make),
        after=Phrase("the lot is in quarantine again"),
        permission=Permission.RELEASE_LOT,
        from_states=frozenset({"held"}),
        question=None,
    )


def is_offered(act: LotAct, history: LotHistory, rights: frozenset[Permission]) -> bool:
    """Whether it stands in the bar for this person at this state."""
    return history.lot.status in act.from_states and act.permission in rights
