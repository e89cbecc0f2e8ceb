"""What the release screen says: the sentence, the badge, why the release waits, the facts that are signed."""

from __future__ import annotations

from collections.abc import Sequence

from app.base.phrases import Phrase
from app.batches.review import BatchReview
from app.core.session import Who
from ui.batches.review_gates import OPEN, closed
from ui.batches.review_rows import Reviewed
from ui.kit import Balance, Fill, Gate, Part, State, Words
from ui.shell.evidence import Fact

_FIRST = {
    "steps": "Finish its steps first.",
    "components": "Have its components decided first.",
    "deviations": "Decide {deviation}, then release.",
    "outside": "Open a deviation for each value outside.",
    "labels": "Account for every label first.",
    "signatures": "Have the steps signed again.",
    "instruments": "A gauge was unfit: do not release.",
}


def sentence(review: BatchReview, gates: Sequence[Gate], rows: Sequence[Reviewed]) -> Phrase:
    """What is next for this batch."""
    batch = review.batch
    if batch.status == "rejected":
        return Phrase("{batch} is rejected.", batch=batch.code)
    if batch.status == "released to market":
        return Phrase("{batch} is released to the market.", batch=batch.code)
    shut = [gate for gate in gates if gate.state is State.FAIL]
    if shut:
        waiting = next((one.what for one in review.obstacles if one.rule == OPEN), None)
        key = "deviations" if waiting is not None else shut[0].key
        if key == "deviations" and waiting is None:
            return Phrase("Reject {batch}: its deviation says so.", batch=batch.code)
        return Phrase(_FIRST[key.partition(" ")[0]], deviation=waiting)
    if batch.status == "open":
        return Phrase("Complete {batch} first.", batch=batch.code)
    if batch.status == "released for production":
        return Phrase("Release {batch} to the market.", batch=batch.code)
    unread = sum(row.row.waits_for_review for row in rows)
    if unread:
        return Phrase("Review {count} entries, then release.", count=unread)
    return Phrase("Release {batch}: all in order.", batch=batch.code)


def badge(review: BatchReview, gates: Sequence[Gate]) -> tuple[State, Phrase]:
    """State of the batch as shape and word."""
    match review.batch.status:
        case "rejected":
            return State.FAIL, Phrase("rejected")
        case "released to market":
            return State.PASS, Phrase("released to market")
        case "released for production" if not closed(gates):
            return State.WAITING, Phrase("released for production")
        case "complete" if not closed(gates):
            return State.WAITING, Phrase("waits for release")
    return State.HOLD, Phrase("not released")


def why_not(review: BatchReview, gates: Sequence[Gate], who: Who | None) -> Phrase | None:
    """Why the release is closed for now; ``None`` when it is open."""
    shut, unread = closed(gates), sum(row.waits_for_review for row in review.exceptions)
    shut_words = Phrase("1 gate") if shut == 1 else Phrase("{count} gates", count=shut)
    unread_words = Phrase("1 review") if unread == 1 else Phrase("{count} reviews", count=unread)
    if shut and unread:
        return Phrase("blocked by {gates} and {reviews}", gates=shut_words, reviews=unread_words)
    if shut or unread:
        return Phrase("blocked by {what}", what=shut_words if shut else unread_words)
    if review.batch.status == "released for production" and who is not None and who.login == review.batch.released_by:
        return Phrase("you released it: a second person signs")
    return None


def balance_of(review: BatchReview, *, short: bool = False) -> Balance | None:
    """Made, and where it went; ``None`` until it was counted. ``short``: without the parts that are none."""
    made = review.made
    if made is None or "good" not in made.values:
        return None
    parts = (
        ("good", Phrase("Good"), Fill.FIRST),
        ("samples", Phrase("Samples"), Fill.SECOND),
        ("scrapped", Phrase("Scrapped"), Fill.THIRD),
    )
    return Balance(
        name=Phrase("were made"),
        whole=made.values["made"],
        parts=tuple(
            Part(name=name, count=made.values.get(key, 0), fill=fill)
            for key, name, fill in parts
            if key == "good" or not short or made.values.get(key)
        ),
        missing=Phrase("not found"),
        surplus=Phrase("too many"),
    )


def facts(review: BatchReview) -> list[Fact]:
    """Identity and outcome, as the signing sheet names them."""
    batch, balance = review.batch, balance_of(review)
    good: Words = Phrase("{good} of {made}", good=balance.parts[0].count, made=balance.whole) if balance is not None else "–"
    return [
        Fact(name=Phrase("product"), value=batch.name),
        Fact(name=Phrase("record"), value=Phrase("{code}, revision {revision}", code=batch.master_code, revision=batch.master_revision)),
        Fact(name=Phrase("good"), value=good),
        Fact(name=Phrase("expires"), value=Phrase("{day}", day=batch.expires_on)),
        Fact(name=Phrase("deviations"), value=str(len(review.deviations))),
    ]
