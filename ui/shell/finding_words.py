"""What the keeper found, as people say it; the record keeps codes and facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.base.phrases import Phrase
from ui.kit import Words

FINDINGS = {
    "self-verification": Phrase("signatures of two that may be one"),
    "typed values": Phrase("many values typed by hand"),
    "late entry": Phrase("readings entered late"),
    "same readings": Phrase("the same reading again and again"),
    "clock jump": Phrase("a clock was moved"),
    "unsigned step": Phrase("a step that nobody signed"),
    "overdue calibration": Phrase("a calibration that ran out"),
    "label difference": Phrase("labels that were not found"),
    "not compared": Phrase("something could not be compared"),
}
"""What waits on the home screen; what rings is a call."""
LINES = (
    ("where", "{where}: {why}"),
    ("login", "{refused} wrong passwords for {login}"),
    ("wrong", "{backup}: {wrong}"),
    ("minutes", "{who} at {station}: {entries}, up to {minutes} min late"),
    ("typed", "{who} at {station}: {typed} of {entered} typed"),
    ("in_a_row", "{device}: {value} {unit}, {in_a_row} times in a row"),
    ("readings", "{station}: by up to {seconds} s"),
    ("moved_s", "the database: by {moved_s} s"),
    ("behind_s", "the database: {behind_s} s behind its trail"),
    ("hours", "{batch}, {step}: for {hours} h"),
    ("due", "{device}: was due on {due}"),
    ("labels", "{batch}, {step}: {labels} labels"),
    ("other", "{one} and {other}"),
    ("before", "{signer} and {before}"),
    ("performer", "{signer} and {performer}"),
)
"""By a fact that only such cases have, what is said of them."""


def finding_title(found: str) -> Phrase:
    """What kind of case it is; one nobody gave words to by its code."""
    return Phrase("Self-check: {found}", found=FINDINGS.get(found, found))


def finding_facts(facts: Mapping[str, Any]) -> Words:
    """The case itself, in one line."""
    told = {name: "; ".join(value) if isinstance(value, list) else value for name, value in facts.items()}
    if told.get("login") == "*":
        return Phrase("{refused} wrong passwords for several names", refused=told["refused"])
    for fact, sentence in LINES:
        if fact in told:
            return Phrase(sentence, **told)
    return str(told["told"]) if "told" in told else ", ".join(f"{name}: {value}" for name, value in told.items())
