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
    "not compared": Phrase("something could not be compared"),
}
"""What waits on the home screen; what rings is a call."""


def finding_title(found: str) -> Phrase:
    """What kind of case it is; one nobody gave words to by its code."""
    return Phrase("Self-check: {found}", found=FINDINGS.get(found, found))


def finding_facts(found: str, facts: Mapping[str, Any]) -> Words:
    """The case itself, in one line."""
    match found, facts:
        case "record differs", {"where": where, "why": why}:
            return Phrase("{where}: {why}", where=where, why=why)
        case "refused log-ins", {"login": "*", "refused": many}:
            return Phrase("{many} wrong passwords for several names", many=many)
        case "refused log-ins", {"login": login, "refused": many}:
            return Phrase("{many} wrong passwords for {login}", many=many, login=login)
        case "drill failed" | "no backup" | "not compared", {"told": told}:
            return str(told)
        case "drill failed", {"backup": backup, "wrong": wrong}:
            return Phrase("{where}: {why}", where=backup, why="; ".join(wrong))
        case "late entry", {"who": who, "station": station, "entries": many, "minutes": minutes}:
            return Phrase("{who} at {station}: {many}, up to {minutes} min late", who=who, station=station, many=many, minutes=minutes)
        case "typed values", {"who": who, "station": station, "typed": typed, "entered": entered}:
            return Phrase("{who} at {station}: {typed} of {entered} typed", who=who, station=station, typed=typed, entered=entered)
        case "same readings", {"device": device, "value": value, "unit": unit, "in_a_row": many}:
            return Phrase("{device}: {value} {unit}, {many} times in a row", device=device, value=value, unit=unit, many=many)
        case "clock jump", {"station": station, "seconds": seconds}:
            return Phrase("{station}: by up to {seconds} s", station=station, seconds=seconds)
        case "clock jump", {"moved_s": seconds} | {"behind_s": seconds}:
            return Phrase("the database: by {seconds} s", seconds=seconds)
        case "self-verification", {"one": one, "other": other} | {"signer": one, "before": other} | {"signer": one, "performer": other}:
            return Phrase("{one} and {other}", one=one, other=other)
    return ", ".join(f"{name}: {value}" for name, value in facts.items())
