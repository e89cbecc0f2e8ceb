"""Why a batch is not opened or not started here."""

from app.base.errors import RuleViolation


class BatchNotKnown(RuleViolation):
    code = "BAT-50"
    text = "Not opened: there is no batch {batch} in this plant."
    next_step = "Scan the code on the paper of the batch again, or choose it in the list."


class NoEffectiveRecord(RuleViolation):
    code = "BAT-51"
    text = "Not started: no master record is effective today."
    next_step = "Ask Engineering to hand one over and Quality to sign it."
