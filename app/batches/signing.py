"""What is signed on a batch: work that was performed, work that another person verified, and the two releases."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.batches.records import Batch, BatchStep
from app.core.command import Meaning, Permission, command
from app.core.subject import Subject
from app.core.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class SignPerformed:
    """The operator signs that the named steps were done as recorded; again after a correction."""

    command_id: UUID
    step: UUID
    version: int


@command(permission=Permission.RUN_BATCH, signature=Meaning.PERFORMED)
def sign_performed(order: SignPerformed, work: Work) -> None:
    """Sign over the steps as they stand; the signature step is done with it.

    Raises:
        NoHandInIt: the signer did nothing of it.
    """
    _sign_step(work, order.step, order.version, Meaning.PERFORMED)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignVerified:
    """Another person, with no hand in the named steps, signs that they were verified."""

    command_id: UUID
    step: UUID
    version: int


@command(permission=Permission.VERIFY_STEP, signature=Meaning.VERIFIED)
def sign_verified(order: SignVerified, work: Work) -> None:
    """Sign over the steps as they stand.

    Raises:
        PerformerCannotSign: the signer had a hand in one of them.
    """
    _sign_step(work, order.step, order.version, Meaning.VERIFIED)


def _sign_step(work: Work, step: UUID, version: int, meaning: Meaning) -> None:
    work.sign(Subject(kind="batch_step", id=step, version=version), meaning=meaning)
    if work.get(BatchStep, id=step).status != "done":  # done already: what was corrected is signed anew
        work.change(BatchStep, step, version=version, status="done")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseBatch:
    """Quality releases a complete batch for production's part."""

    command_id: UUID
    batch: UUID
    version: int


@command(permission=Permission.RELEASE_BATCH, signature=Meaning.RELEASED_FOR_PRODUCTION)
def release_batch(order: ReleaseBatch, work: Work) -> None:
    """Sign and release.

    Raises:
        StepsNotDone, OutsideUndecided, BatchHasOpenDeviation, BatchIsToBeRejected, StepSignatureFell, StepIncomplete,
        ComponentNotReleased: nothing was released.
    """
    _sign_batch(work, order.batch, order.version, Meaning.RELEASED_FOR_PRODUCTION)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseToMarket:
    """A second person releases what quality released."""

    command_id: UUID
    batch: UUID
    version: int


@command(permission=Permission.RELEASE_MARKET, signature=Meaning.RELEASED_TO_MARKET)
def release_to_market(order: ReleaseToMarket, work: Work) -> None:
    """Sign and release; everything is looked at again."""
    _sign_batch(work, order.batch, order.version, Meaning.RELEASED_TO_MARKET)


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectBatch:
    """Quality rejects a batch, at any time before it is on the market."""

    command_id: UUID
    batch: UUID
    version: int


@command(permission=Permission.RELEASE_BATCH, signature=Meaning.REJECTED)
def reject_batch(order: RejectBatch, work: Work) -> None:
    """Sign and reject."""
    _sign_batch(work, order.batch, order.version, Meaning.REJECTED)


def _sign_batch(work: Work, batch: UUID, version: int, meaning: Meaning) -> None:
    work.sign(Subject(kind="batch", id=batch, version=version), meaning=meaning)
    work.change(Batch, batch, version=version, status=str(meaning))
