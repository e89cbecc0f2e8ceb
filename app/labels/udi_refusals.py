"""Why no UDI was made: each names the part that is wrong and where it is put right."""

from __future__ import annotations

from app.base.errors import RuleViolation
from app.base.phrases import Phrase
from app.scanning.gs1_checks import CSET82

_PARTS = {"10": Phrase("the lot number"), "21": Phrase("the serial number")}


class NoGtin(RuleViolation):
    code = "udi.no_gtin"
    text = "The label was not made: the product has no GTIN for this packing level."
    next_step = "Have the GTIN entered in the product's master data, then print again."


class GtinNotFourteenFigures(RuleViolation):
    code = "udi.gtin_form"
    text = "The label was not made: the GTIN {gtin} is not 14 figures."
    next_step = "Have the GTIN corrected in the product's master data. A GTIN of 13 figures gets a 0 in front."


class GtinCheckDigitWrong(RuleViolation):
    code = "udi.gtin_check_digit"
    text = "The label was not made: the check digit of GTIN {gtin} is wrong."
    next_step = "Compare it with the certificate of its issue and have it corrected in the product's master data."


class GtinForInHouseUse(RuleViolation):
    """GS1 General Specifications §1.4.4: restricted circulation numbers are unique in one company or region only."""

    code = "udi.gtin_in_house"
    text = "The label was not made: {gtin} is a number for use inside a company and identifies no product outside it."
    next_step = "Have the GTIN that GS1 issued entered in the product's master data."


class WrongLength(RuleViolation):
    code = "udi.wrong_length"
    text = "The label was not made: {part} has {count} characters, and a UDI takes 1 to 20."
    next_step = "Correct it where it was given out, then print again. Nothing is cut off."

    def __init__(self, *, ai: str, value: str) -> None:
        super().__init__(part=_PARTS[ai], count=len(value))


class CharactersNotInGs1(RuleViolation):
    code = "udi.characters"
    text = "The label was not made: {part} holds {characters}, which no UDI may hold."
    next_step = "Correct it where it was given out: letters, figures and ! \" % & ' ( ) * + , - . / : ; < = > ? _ may stand there."

    def __init__(self, *, ai: str, value: str) -> None:
        from app.reports.fonts import described  # fonts are not waited for at the start of a client

        strange = dict.fromkeys(char for char in value if char not in CSET82)
        super().__init__(part=_PARTS[ai], characters=", ".join(described(char) for char in strange))


class DateOutOfReach(RuleViolation):
    """GS1 General Specifications §7.12: 49 years back, 50 years ahead."""

    code = "udi.date_out_of_reach"
    text = "The label was not made: {day} cannot stand in a UDI, which is read as a year from 49 years ago to 50 years ahead."
    next_step = "Correct the date in the batch or the shelf life of the product, then print again."


class MadeAfterExpiry(RuleViolation):
    code = "udi.made_after_expiry"
    text = "The label was not made: it would say made on {made_on} and usable until {expires_on}, before it was made."
    next_step = "Correct the date that is wrong in the batch or the shelf life of the product, then print again."


class LotLooksLikeTwoFields(RuleViolation):
    """Readers that guard against a lost separator would refuse our own label (see `app.scanning.gs1.suspicious_lot`)."""

    code = "udi.lot_looks_like_two_fields"
    text = (
        "The label was not made: lot {lot} looks like a lot with a date or a serial number behind it, and would not be taken when scanned."
    )
    next_step = "Give the lot a number of at most 14 characters, or give its units serial numbers."
