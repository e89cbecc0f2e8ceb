"""Why a lot is not opened."""

from app.base.errors import RuleViolation


class UnknownLot(RuleViolation):
    code = "TRC-01"
    text = "Not opened: nothing here has the label {code}."
    next_step = "Scan the label again; it may come from another plant."
