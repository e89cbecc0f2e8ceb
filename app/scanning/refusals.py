"""The sentences of a refused scan, by code. Codes are stable: reports, tests and the router know them.

Each sentence says what was not read and why; the second one what to do now.
"""

from __future__ import annotations

from app.base.phrases import Phrase
from app.scanning.result import Refusal


class Refused(Exception):
    """A rule of the code's own standard is broken. Never leaves this package: `interpret` turns it into a `Refusal`."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        self.facts = facts
        super().__init__(code)


_AGAIN = Phrase("Scan the label again. If it repeats, set the pack aside and call Quality.")
_OTHER = Phrase("Scan another code on the pack, or ask the supplier for a correct label.")
_KEYS = Phrase("Check the letters and figures against the label and enter them again.")
_SETUP = Phrase("Call Maintenance: the scanner must send its symbology identifier (AIM) and the group separator.")

_SENTENCES: dict[str, tuple[Phrase, Phrase]] = {
    # what arrived is no identifier at all
    "empty_value": (Phrase("The scan was empty: nothing was read."), _AGAIN),
    "too_long": (Phrase("The scan was not read: it has {count} characters, more than any label holds."), _AGAIN),
    "nul": (Phrase("The scan was not read: it holds a NUL character."), _AGAIN),
    "control_character": (Phrase("The scan was not read: it holds the control character {point}."), _AGAIN),
    "surrogate": (Phrase("The scan was not read: it holds half a character ({point})."), _AGAIN),
    "text_direction": (Phrase("The scan was not read: it holds the invisible mark {point}, which turns the reading direction."), _KEYS),
    "invisible_character": (Phrase("The scan was not read: it holds the invisible character {point}."), _KEYS),
    "not_ascii": (Phrase("The scan was not read: {point} is not a letter, figure or sign an identifier may hold."), _KEYS),
    "not_recognised": (Phrase("Nothing here knows this code."), Phrase("Scan the code that the screen asks for.")),
    "ambiguous": (Phrase("This code may be read in two ways, so it was not taken."), _SETUP),
    "unsupported_symbology_identifier": (Phrase("A symbol of the type {symbology} is not accepted: it can be read in part."), _OTHER),
    # GS1
    "unknown_ai": (Phrase("The GS1 code was not taken: {found} is no known application identifier."), _AGAIN),
    "bad_length": (Phrase("The GS1 code was not taken: ({ai}) has the wrong length."), _AGAIN),
    "bad_character": (Phrase("The code was not taken: ({ai}) holds a character that is not allowed there."), _AGAIN),
    "bad_date": (Phrase("The code was not taken: ({ai}) {found} is no date of the calendar."), _AGAIN),
    "bad_time": (Phrase("The code was not taken: ({ai}) {found} is no time of the day."), _AGAIN),
    "check_digit": (Phrase("The code was not taken: the check digit of ({ai}) {found} is wrong."), _AGAIN),
    "check_pair": (Phrase("The code was not taken: the check characters of ({ai}) {found} are wrong."), _AGAIN),
    "bad_code_list": (Phrase("The GS1 code was not taken: ({ai}) {found} is not in the official list of codes."), _OTHER),
    "company_prefix": (Phrase("The GS1 code was not taken: ({ai}) does not start with a GS1 company prefix."), _OTHER),
    "rule": (Phrase("The GS1 code was not taken: ({ai}) {found} breaks the rule for this identifier."), _OTHER),
    "sequence_rule": (Phrase("The GS1 code was not taken: ({ai}) {found} counts a piece beyond its total."), _OTHER),
    "coupon_rule": (Phrase("The GS1 code was not taken: ({ai}) is no complete coupon."), _OTHER),
    "invalid_ai_pair": (Phrase("The GS1 code was not taken: ({ai}) and ({other}) exclude each other."), _OTHER),
    "repeated_ai_conflict": (Phrase("The GS1 code was not taken: ({ai}) stands in it twice with different values."), _OTHER),
    "missing_serial": (Phrase("The GS1 code was not taken: ({ai}) needs its serial part beside the digital signature (8030)."), _OTHER),
    "separator_lost": (
        Phrase("Lot {found} was not taken: it seems to hold another field, because the scanner sent no group separator."),
        _SETUP,
    ),
    "bracket": (Phrase("The text was not taken: brackets and values do not alternate."), _KEYS),
    "digital_link": (Phrase("The web address was not taken: it holds no GS1 product code in its path."), _OTHER),
    "digital_link_order": (Phrase("The web address was not taken: ({ai}) may not stand where it stands."), _OTHER),
    # other issuers
    "check_character": (Phrase("The HIBC code was not taken: its check character is {found}, it should be {expected}."), _AGAIN),
    "hibc_form": (Phrase("The HIBC code was not taken: its parts do not follow the HIBC standard."), _OTHER),
    "not_linked": (
        Phrase("The second HIBC code does not belong to the first: the link character is {found}, expected {expected}."),
        _AGAIN,
    ),
    "ma_form": (Phrase("The MA code was not taken: its parts do not follow the MA standard."), _OTHER),
    "ma_not_supported": (Phrase("The code {found} is not a Chinese MA code."), _OTHER),
    "iccbba_form": (Phrase("The ICCBBA code was not taken: its parts do not follow ISBT 128."), _OTHER),
    "ahm_opaque": (
        Phrase("This is a tracing code of the AHM platform; the plant has not said what its figures mean."),
        Phrase("Scan the GS1 or MA code of the pack."),
    ),
    # one line of a file of scans
    "line_not_readable": (Phrase('The line was not read: it is not a JSON object with "id" and "input".'), Phrase("Correct the line.")),
}


def refusal(code: str, **facts: object) -> Refusal:
    """The two sentences of one code with its facts.

    Raises:
        KeyError: the code has no sentence. A bug in this package; a test walks all of them.
    """
    text, next_step = _SENTENCES[code]
    return Refusal(code=code, text=Phrase(text.text, **facts), next_step=next_step)


def all_sentences() -> list[str]:
    """Every English sentence above; the translation test compares them with the catalogue."""
    return sorted({phrase.text for pair in _SENTENCES.values() for phrase in pair})
