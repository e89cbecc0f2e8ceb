"""Rights as people say them; records and roles keep the codes."""

from __future__ import annotations

from app.base.phrases import Phrase
from app.core.command import Permission

RIGHTS = {
    Permission.RECEIVE_MATERIAL: Phrase("receive material"),
    Permission.INSPECT_LOT: Phrase("inspect lots"),
    Permission.RAISE_DEVIATION: Phrase("raise deviations"),
    Permission.APPROVE_DEVIATION: Phrase("decide deviations for production"),
    Permission.APPROVE_DEVIATION_QUALITY: Phrase("decide deviations for quality"),
    Permission.HOLD_LOT: Phrase("hold lots"),
    Permission.RELEASE_LOT: Phrase("release and reject lots"),
    Permission.KEEP_MATERIALS: Phrase("keep items, suppliers and orders"),
    Permission.APPROVE_SUPPLIER: Phrase("approve suppliers"),
    Permission.KEEP_ASSETS: Phrase("keep devices and machines"),
    Permission.CALIBRATE: Phrase("record calibrations"),
    Permission.PREPARE_DOCUMENT: Phrase("write plans and master records"),
    Permission.APPROVE_DOCUMENT: Phrase("approve plans and master records"),
    Permission.MANAGE_PEOPLE: Phrase("keep people and their rights"),
    Permission.MANAGE_STATIONS: Phrase("keep sites and stations"),
    Permission.READ_TRAIL: Phrase("read the audit trail"),
    Permission.PLAN_BATCH: Phrase("start batches"),
    Permission.RUN_BATCH: Phrase("make batches"),
    Permission.VERIFY_STEP: Phrase("verify steps"),
    Permission.RELEASE_BATCH: Phrase("release and reject batches"),
    Permission.RELEASE_MARKET: Phrase("release to the market"),
    Permission.LAY_OUT_KIT: Phrase("lay out kits"),
}
"""In the order of the lists; a test holds that none is missing."""


def right_words(right: str) -> Phrase | str:
    """A right in words; a code nobody gave words to is shown as it is."""
    return next((words for one, words in RIGHTS.items() if one == right), right)
