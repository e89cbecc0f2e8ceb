"""What the inspector is told, and what the values say of the lot so far."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.base.errors import RuleViolation
from app.core.refusals import Refused


class NoSuchCell(Refused):
    code, sqlstate = "INS-01", "LS052"
    text = "Reading not taken: the plan has no such sample or characteristic."
    next_step = "Open the inspection again."


class ReadingsMissing(Refused):
    code, sqlstate = "INS-02", "LS054"
    text = "Not completed: {missing} readings are missing."
    next_step = "Measure the empty cells."


class InspectionIsComplete(Refused):
    code, sqlstate = "INS-03", "LS055"
    text = "Reading not taken: inspection {inspection} is complete."
    next_step = "A correction is a new entry with reason and second signature."


class NoEffectivePlan(Refused):
    code, sqlstate = "INS-04", "LS056"
    text = "Not begun: there is no effective inspection plan for lot {lot}."
    next_step = "Ask Engineering to prepare a plan and Quality to sign it."


class UnstableReading(RuleViolation):
    code = "INS-05"
    text = "Reading not taken: {gauge} does not call it stable."
    next_step = "Hold the gauge still and press again."


class CellIsTaken(RuleViolation):
    code = "INS-06"
    text = "Reading not taken: sample {sample} has a value already."
    next_step = "Go on with the next cell."


class LotVerdict(StrEnum):
    """What the readings so far say of the lot."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Counted defective samples against the plan's acceptance number.

    A sample is defective when any of its values lies outside its limits; it counts once.
    ``Re = Ac + 1`` in single sampling (ISO 2859-1:1999, table 2-A).
    """

    defective: int
    accept_no: int
    read: int
    wanted: int

    @property
    def reject_no(self) -> int:
        """The count at which the lot is rejected."""
        return self.accept_no + 1

    @property
    def verdict(self) -> LotVerdict:
        """Rejected as soon as ``Re`` is reached; accepted only when every reading is there."""
        if self.defective >= self.reject_no:
            return LotVerdict.REJECTED
        return LotVerdict.ACCEPTED if self.read >= self.wanted else LotVerdict.OPEN
