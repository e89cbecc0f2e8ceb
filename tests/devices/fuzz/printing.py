"""What printers answer, spoilt: a state is believed only if it stands in the bytes, and nothing but a whole answer is ready."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.devices.printer_condition import UnreadablePrinterAnswer
from app.devices.protocol import SerialLine, families
from app.devices.protocols import sbpl, tspl, zpl
from tests.devices.fuzz.counting import Count
from tests.devices.fuzz.spoiling import Spoiler
from tests.devices.fuzz.talking import messages_of
from tests.devices.fuzz.truth import Check, sbpl_stood_in, tspl_stood_in, zpl_stood_in

_LINE = SerialLine(baud=9600)
_ZPL = (
    b"\x02030,0,0,0300,000,0,0,0,000,0,0,0\x03\r\n\x02000,0,0,0,1,2,4,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n",
    b"\x02030,1,0,1245,003,0,0,0,000,0,0,0\x03\r\n\x02001,0,1,0,0,2,6,0,00000012,1,000\x03\r\n\x020000,1\x03\r\n",
    b"\x02030,0,1,0300,000,1,1,1,000,1,1,1\x03\r\n\x02000,0,0,1,1,2,4,1,00000001,1,004\x03\r\n\x021234,0\x03\r\n",
)
_SBPL = (
    b"\x0207G000012\x03",
    b"\x02  A000000\x03",
    b"\x0212c000003\x03",
    b"\x00\x00\x00\x0b\x0207K000012\x03",
    b"\x0207G0000120000000C26-00017\x03",
    b"\x00\x00\x00\x20\x00\x00\x00\x1c\x0507M0000120000000C26-00017\x03",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """How one printer language is read, and what must be true of a state that was."""

    answers: tuple[bytes, ...]
    read: Callable[[bytes], Any]
    stood_in: Check
    collector: Callable[[], Any] | None = None
    longest: int = 512


LANGUAGES: Mapping[str, Language] = {
    "zpl": Language(answers=_ZPL, read=zpl.read_status, stood_in=zpl_stood_in, collector=zpl.StatusCollector),
    "tspl": Language(answers=tuple(bytes([bits]) for bits in range(256)), read=tspl.read_status, stood_in=tspl_stood_in, longest=8),
    "sbpl": Language(answers=_SBPL, read=sbpl.read_status, stood_in=sbpl_stood_in, collector=sbpl.StatusCollector, longest=36),
}


def printed(key: str, frames: int, dice: random.Random, *, language: Language | None = None) -> Count:
    """Let a printer's answers be spoilt so many times; ``language`` is a planted fault in its place."""
    language = language or LANGUAGES[key]
    count = Count(name=key)
    foreign = [answer for other in LANGUAGES if other != key for answer in LANGUAGES[other].answers]
    foreign += [message for family in families() for message in messages_of(family)]
    spoiler = Spoiler(dice, own=language.answers, foreign=foreign, line=_LINE, longest=language.longest)
    for n in range(frames):
        answer = spoiler.spoilt(spoiler.ways[n % len(spoiler.ways)])
        count.frames += 1
        count.timed(lambda answer=answer: _answered(language, answer, count), answer)  # type: ignore[misc]
        if language.collector is not None:
            count.timed(lambda answer=answer: _collected(language, answer, count, dice), answer)  # type: ignore[misc]
    return count


def _answered(language: Language, answer: bytes, count: Count) -> None:
    try:
        status = language.read(answer)
    except UnreadablePrinterAnswer as refusal:
        count.refused[refusal.code] += 1
        return
    count.taken += 1
    if not _true(language.stood_in, answer, status):
        count.wrong.append(f"{status} from {answer!r}")


def _collected(language: Language, answer: bytes, count: Count, dice: random.Random) -> None:
    """The same in pieces: a collector ends by itself, whatever comes, and holds no more than an answer."""
    assert language.collector is not None
    collector, place = language.collector(), 0
    while place < len(answer):
        size = dice.choice((1, 5, 40))
        try:
            status = collector.feed(answer[place : place + size])
        except UnreadablePrinterAnswer:
            return
        if len(collector.heard) > language.longest + size:
            count.unbounded.append(f"{len(collector.heard)} bytes held at {answer[:60]!r}")
            return
        if status is not None:
            if not _true(language.stood_in, collector.heard, status):
                count.wrong.append(f"{status} collected from {collector.heard!r}")
            return
        place += size


def _true(check: Check, answer: bytes, status: object) -> bool:
    try:
        return check(answer, status)
    except (ValueError, IndexError):
        return False
