"""A reviewer looks at what is out of the ordinary in a batch and accepts it by name, one by one, before the batch is released."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.batches.records import ExceptionAcceptance
from app.core.command import Permission, command
from app.core.refusals import OtherVersion, explain_constraint
from app.core.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptException:
    """Quality accepts one exception; ``kind`` and ``record`` as `app.batches.queries.ExceptionRow` has them."""

    command_id: UUID
    id: UUID
    batch: UUID
    kind: str
    record: UUID


@command(permission=Permission.RELEASE_BATCH, signature=None)
def accept_exception(order: AcceptException, work: Work) -> None:
    """Put on record who looked at it, and when; the release signs over it.

    Raises:
        NothingToAccept: it is decided by a deviation, was corrected away, or is of another batch.
        OtherVersion: somebody else has accepted it meanwhile.
        PerformerCannotSign: whoever had a hand in the batch reviews no part of it.
        BatchIsClosed: the batch is released or rejected.
    """
    with explain_constraint("exception_acceptance_record_kind_key", OtherVersion()):
        work.add(ExceptionAcceptance(id=order.id, batch=order.batch, kind=order.kind, record=order.record))
