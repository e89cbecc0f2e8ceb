"""What may be signed on a batch, by its state and by the right of who is here. The database decides again at the signature."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from app.base.ids import new_id
from app.base.phrases import Phrase
from app.batches.signing import RejectBatch, ReleaseBatch, ReleaseToMarket
from app.core.command import Order, Permission
from app.core.signature import Preview
from ui.shell.signing import SignAs


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchAct:
    """One signed act: the right it needs, the states it starts from, the meaning it is signed as, and what follows."""

    permission: Permission
    from_states: frozenset[str]
    words: Phrase
    order: type
    make: Callable[[UUID, Preview], Order]
    after: Phrase

    def is_offered(self, status: str, rights: frozenset[Permission]) -> bool:
        """Whether it stands in the bar for this person at this state."""
        return status in self.from_states and self.permission in rights

    def sign_as(self, batch: UUID) -> SignAs:
        """The choice of the signing sheet, over the version the sheet shows."""
        return SignAs(words=self.words, order=self.order, make=lambda seen: self.make(batch, seen))


RELEASE = BatchAct(
    permission=Permission.RELEASE_BATCH,
    from_states=frozenset({"complete"}),
    words=Phrase("Released for production's part"),
    order=ReleaseBatch,
    make=lambda batch, seen: ReleaseBatch(command_id=new_id(), batch=batch, version=seen.version),
    after=Phrase("a second person may release it to the market"),
)
TO_MARKET = BatchAct(
    permission=Permission.RELEASE_MARKET,
    from_states=frozenset({"released for production"}),
    words=Phrase("Released to the market"),
    order=ReleaseToMarket,
    make=lambda batch, seen: ReleaseToMarket(command_id=new_id(), batch=batch, version=seen.version),
    after=Phrase("the batch may be shipped"),
)
REJECT = BatchAct(
    permission=Permission.RELEASE_BATCH,
    from_states=frozenset({"open", "complete", "released for production"}),
    words=Phrase("Rejected, never to be shipped"),
    order=RejectBatch,
    make=lambda batch, seen: RejectBatch(command_id=new_id(), batch=batch, version=seen.version),
    after=Phrase("nothing of the batch is ever shipped"),
)
