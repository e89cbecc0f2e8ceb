"""What the forms about people refuse before anything is sent."""

from __future__ import annotations

from app.base.errors import RuleViolation


class NoPersonChosen(RuleViolation):
    code = "PER-31"
    text = "Nothing was opened: nobody in this list has the badge {badge}."
    next_step = "Choose a person with the arrows, or write the badge into their account."
