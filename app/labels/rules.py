"""Why a label is not taken, not asked for or not sent elsewhere. The database decides; these classes explain."""

from __future__ import annotations

from app.base.errors import RuleViolation
from app.core.refusals import Refused


class OtherLabel(Refused):
    code, sqlstate = "LBL-11", "LS170"
    text = "Not accepted: what was scanned is not the label of {what}."
    next_step = "Scan the label that was printed for {what}; a foreign one is destroyed."


class LabelIsVoid(Refused):
    """The paper in the hand was destroyed, as the record says, and none was printed in its place."""

    code, sqlstate = "LBL-12", "LS171"
    text = "Not accepted: copy {copy_no} of the label of {what} was destroyed by {who}: {reason}"
    next_step = "Do not use it. Destroy the paper and print another copy."


class CopyCounts(Refused):
    code, sqlstate = "LBL-13", "LS172"
    text = "No other copy was asked for: copy {copy_no} of the label of {what} still counts."
    next_step = "Destroy that one with a reason; then ask for another."


class NoSuchPrinter(Refused):
    code, sqlstate = "LBL-14", "LS173"
    text = "Not changed: {printer} is no printer of this site."
    next_step = "Register the printer among the assets first, or choose another one."


class LabelUndecided(RuleViolation):
    """A second paper is only made when it is known what became of the first."""

    code = "label.undecided"
    text = "No other copy was asked for: nobody knows yet whether copy {copy_no} came out."
    next_step = "Look at the printer, say whether it came out, then ask again."


class LabelWaits(RuleViolation):
    code = "label.waits"
    text = "No other copy was asked for: copy {copy_no} still waits for printer {printer}."
    next_step = "Put the printer right: the label comes out by itself."
