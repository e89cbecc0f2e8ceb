"""What the fields are called that belong to a kind of step and not to one record; the others carry their names themselves."""

from __future__ import annotations

from app.base.phrases import Phrase

OWN_FIELDS = {
    "asset": Phrase("Equipment"),
    "cleaned": Phrase("Cleaned"),
    "issued": Phrase("Labels issued"),
    "applied": Phrase("Labels applied"),
    "destroyed": Phrase("Labels destroyed"),
    "samples": Phrase("Samples"),
    "left": Phrase("Left over"),
    "made": Phrase("Made"),
    "good": Phrase("Good"),
    "scrapped": Phrase("Scrapped"),
    "not_found": Phrase("Not found"),
    "minutes": Phrase("Time passed"),
}
ANSWERS = {"yes": Phrase("yes"), "no": Phrase("no")}
