"""What this screen itself refuses before anybody is asked."""

from app.base.errors import RuleViolation


class NoOrderYet(RuleViolation):
    code = "RCV-20"
    text = "Not received: no order was scanned, and it is not clear which one {item} is for."
    next_step = "Scan the order on the delivery note; the pack stays on the screen."


class UnreadablePack(RuleViolation):
    code = "RCV-21"
    text = "Not received. {why}"
    next_step = "{then}"


class NoPackYet(RuleViolation):
    code = "RCV-22"
    text = "Not received: {location} was scanned before a pack."
    next_step = "Scan the pack first, then the location where you put it."


class PackStopped(RuleViolation):
    code = "RCV-23"
    text = "Not received: this pack was refused before, so it has no location."
    next_step = "Put it on the red shelf and scan the next pack; with a new approval press Read again."


class NotACount(RuleViolation):
    code = "RCV-24"
    text = "Not changed: {typed} is no quantity."
    next_step = "Write figures, as many as were counted."


class ReasonWanted(RuleViolation):
    code = "RCV-25"
    text = "Not undone: an undo needs a reason."
    next_step = "Write one line why; both entries stay visible."
