"""What people and stations are told of entries that came late; the database holds the same rules."""

from __future__ import annotations

from app.base.errors import RuleViolation
from app.core.refusals import Refused


class LateCannotBe(Refused):
    """The station's entry is set aside; told in its log and to IT."""

    code, sqlstate = "LAT-01", "LS180"
    text = "Not taken over: entry {entry} cannot be of {who} at this station."
    next_step = "Call IT: the store of this station was changed, or the record it belongs to is gone. The entry is kept on this station."


class LateOtherContent(Refused):
    code, sqlstate = "LAT-02", "LS181"
    text = "Not taken over: entry {entry} is in the database with other content."
    next_step = "Call IT: the store of this station was changed or copied. The first one stands; this one is kept on this station."


class LateIsSettled(Refused):
    code, sqlstate = "LAT-03", "LS182"
    text = "Not done: this entry does not wait any more."
    next_step = "Read the list again: somebody has confirmed or dropped it, or it was on record already."


class LateIsAnothers(Refused):
    code, sqlstate = "LAT-04", "LS183"
    text = "Not done: this entry was made by {who}."
    next_step = "Let its author confirm it, or have a second person sign for it."


class LateDiffers(Refused):
    code, sqlstate = "LAT-05", "LS184"
    text = "Not stored: this is not what was kept while the database was away."
    next_step = "Confirm the entry from its list; a correction is a new entry afterwards."


class LateWaits(Refused):
    code, sqlstate = "LAT-06", "LS185"
    text = "{subject} is not released: {count} entries made while the database was away still wait."
    next_step = "Let their authors confirm or drop them, or have a second person sign for them."


class LateUnreadable(RuleViolation):
    code = "LAT-07"
    text = "Not confirmed: this program cannot read the entry."
    next_step = "Enter the value again and drop this one with the reason, or confirm it at a station with the program that made it."
