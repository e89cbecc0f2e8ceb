"""Who must sign which disposition. The table ``disposition_rule`` holds the same rows; a test compares them."""

from __future__ import annotations

from app.base.errors import RuleViolation
from app.core.command import Meaning
from app.core.refusals import Refused

CLASSES = ("minor", "major", "critical")
DISPOSITIONS = ("use as is", "reject", "return to supplier")


def meanings_demanded(class_: str, disposition: str) -> tuple[Meaning, ...]:
    """The signatures a disposition needs, in the order in which they are asked for."""
    if class_ == "critical" or (class_ == "major" and disposition == "use as is"):
        return (Meaning.APPROVED_BY_SUPERVISOR, Meaning.APPROVED_BY_QUALITY)
    return (Meaning.APPROVED_BY_SUPERVISOR,)


class CauseOfOtherLot(Refused):
    code, sqlstate = "DEV-01", "LS061"
    text = "Not opened: that reading belongs to another lot."
    next_step = "Open the deviation from the reading itself."


class NotDescribed(RuleViolation):
    code = "DEV-02"
    text = "Not signed: {deviation} does not say yet what happened and what becomes of it."
    next_step = "Write one line, choose the disposition, then ask for the signature."


class HoldSaysWhy(RuleViolation):
    code = "DEV-03"
    text = "Not held: nobody wrote why."
    next_step = "Write in one line what happened, then hold the batch."


class PictureThere(RuleViolation):
    code = "DEV-04"
    text = "Not added: the picture {file} stands beside this deviation already."
    next_step = "Take another picture, or choose another one."


class DeviationIsDecided(Refused):
    code, sqlstate = "DEV-05", "LS119"
    text = "Not changed: deviation {deviation} is decided and signed."
    next_step = "Open a new deviation for what was seen since."
