"""Why a batch is not opened, not started, or a container not laid out here."""

from app.base.errors import RuleViolation


class BatchNotKnown(RuleViolation):
    code = "BAT-50"
    text = "Not opened: there is no batch {batch} in this plant."
    next_step = "Scan the code on the paper of the batch again, or choose it in the list."


class NoEffectiveRecord(RuleViolation):
    code = "BAT-51"
    text = "Not started: no master record is effective today."
    next_step = "Ask Engineering to hand one over and Quality to sign it."


class ContainerNotKnown(RuleViolation):
    code = "BAT-52"
    text = "Not laid out: there is no container {container} in this plant."
    next_step = "Scan the house label of the container."


class ContainerInKit(RuleViolation):
    code = "BAT-53"
    text = "Not laid out: container {container} stands in the kit of {batch} already."
    next_step = "Take another one, or put it back from the kit of {batch} first."
