"""Why a value that was typed in place of a device does not go on record."""

from __future__ import annotations

from app.base.errors import RuleViolation
from app.core.refusals import Refused


class TypedValueEnded(Refused):
    code, sqlstate = "TYP-01", "LS190"
    text = "Nothing was done: this typed value was verified or withdrawn already."
    next_step = "Look at what stands on record now."


class VerifiedBySignature(Refused):
    code, sqlstate = "TYP-02", "LS191"
    text = "Not verified: a typed value is verified by the signature of a second person."
    next_step = "Let a second person read the instrument and sign."


class SecondPersonWanted(Refused):
    code, sqlstate = "TYP-03", "LS192"
    text = "Not stored: {field} is sent by a device. A typed value needs a reason and a second person who signs it."
    next_step = "Press “Type it”, name instrument and reason, and let a second person sign; or take the value from the device."


class TypedAlready(RuleViolation):
    code = "TYP-04"
    text = "Not stored: a typed value waits for its second person here already."
    next_step = "Have that one verified, or withdraw it."


class PlaceIsTaken(RuleViolation):
    code = "TYP-05"
    text = "Not verified: a value stands here already; it was measured meanwhile, or corrected."
    next_step = "Look at what stands on record; withdraw the typed value if it is not needed."
