"""What the step screen itself refuses before anybody is asked."""

from __future__ import annotations

from app.base.errors import RuleViolation


class StepIsHeld(RuleViolation):
    code = "BAT-40"
    text = "Not taken: step {step} is held by deviation {deviation}."
    next_step = "Describe the deviation and have it signed; then go on."


class ScanTheUnitFirst(RuleViolation):
    code = "BAT-42"
    text = "Not taken: nobody knows yet which unit {container} goes into."
    next_step = "Scan the serial of the unit in your hand, then the container."


class UnitHasItsPart(RuleViolation):
    code = "BAT-43"
    text = "Not taken: unit {unit} has its part already."
    next_step = "Put it aside and scan the next unit."


class ScanTheTrayFirst(RuleViolation):
    code = "BAT-76"
    text = "Not taken: nobody knows yet which sub-lot {container} goes into."
    next_step = "Scan the card of the tray in your hand, or a unit in it, then the container."


class SublotHasItsPart(RuleViolation):
    code = "BAT-77"
    text = "Not taken: sub-lot {sublot} has its part already."
    next_step = "Put the tray aside and scan the next one."


class NoScaleHere(RuleViolation):
    code = "BAT-44"
    text = "Not weighed: no scale is connected to this station."
    next_step = "Weigh it at a station with a scale, or have one connected here."


class NoPrinterHere(RuleViolation):
    code = "BAT-45"
    text = "Not printed: no label printer is connected to this station."
    next_step = "Label the batch at a station with a printer, or have one connected here."


class NotATime(RuleViolation):
    code = "BAT-46"
    text = "Not entered: “{typed}” is no time of the day."
    next_step = "Write hours and minutes, such as 07:40."
