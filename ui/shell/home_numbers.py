"""F4 at home: the values devices say just now, and how long tasks wait. Nothing of it is on record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, tzinfo

from app.base.measurement import Reading
from app.base.phrases import Phrase
from ui.kit import Number, Words
from ui.shell.chip_row import age_words
from ui.shell.evidence import Evidence, Fact
from ui.shell.moments import moment_words


def proof_of_reading(one: Reading, zone: tzinfo) -> Evidence:
    """What a device said last, with the frame as it came."""
    facts = [Fact(name=Phrase("workstation time"), value=moment_words(one.at, zone))]
    if one.serial_no is not None:
        facts.append(Fact(name=Phrase("serial number"), value=one.serial_no))
    if one.firmware is not None:
        facts.append(Fact(name=Phrase("firmware"), value=one.firmware))
    title = Phrase("{name}: {value}", name=one.device, value=str(one.quantity))
    origin = Phrase("read from a device; on record only where a step or an inspection takes it")
    return Evidence(title=title, origin=origin, facts=tuple(facts), raw=one.raw)


def numbers_of_tasks(waiting: Iterable[tuple[Words, datetime]], now: datetime, zone: tzinfo) -> list[Number]:
    """How long each waits, by its title and since when."""
    return [
        Number(name=title, value=age_words(since, now), how=Phrase("reckoned from {at} to now", at=moment_words(since, zone)))
        for title, since in waiting
    ]
