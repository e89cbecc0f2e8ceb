"""Where the numbers of a batch come from: in the list, and where it is released."""

from __future__ import annotations

from datetime import datetime, tzinfo
from uuid import UUID

from app.base.measurement import Quantity
from app.base.phrases import Phrase
from app.batches.review import BatchReview
from app.batches.worklist import BatchLine
from ui.batches.review_words import balance_of
from ui.kit import Number
from ui.shell.chip_row import age_words
from ui.shell.moments import moment_words


def numbers_of_batch(line: BatchLine, now: datetime, zone: tzinfo) -> tuple[Number, ...]:
    """What was planned, how far it is, how long it waits."""
    return (
        _planned(line.id, line.code, line.planned),
        Number(
            name=Phrase("Steps of batch {batch}", batch=line.code),
            value=Phrase("{open} of {all}", open=line.done, all=line.steps),
            how=Phrase("counted by the database: steps that are done or left out by a decided deviation, of all in its record"),
        ),
        Number(
            name=Phrase("Waits"),
            value=age_words(line.since, now),
            how=Phrase("reckoned from {at} to now", at=moment_words(line.since, zone)),
        ),
    )


def numbers_of_review(review: BatchReview) -> tuple[Number, ...]:
    """What was planned, what was made of it and where that went."""
    batch, balance, made = review.batch, balance_of(review), review.made
    planned = _planned(batch.id, batch.code, batch.planned)
    if balance is None or made is None:
        return (planned,)
    how = Phrase("counted in step {no}, where every entry has its own evidence", no=made.step)
    counted = [(balance.name, balance.whole), *((part.name, part.count) for part in balance.parts)]
    return (planned, *(Number(name=name, value=Phrase("{n}", n=count), how=how) for name, count in counted))


def _planned(batch: UUID, code: str, quantity: Quantity) -> Number:
    how = Phrase("entered when the batch was started")
    name, value = Phrase("Planned for batch {batch}", batch=code), Phrase("{quantity}", quantity=quantity)
    return Number(name=name, value=value, how=how, row=batch, column="planned")
