"""What a value must have stood in: an understanding of every frame that shares nothing with the protocols it judges.

Digits, sign and unit must have come in this order, in one whole frame. A number among others is enough: which one counts is for the
transcripts to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from app.base.measurement import Quantity, Reading

# Digits with what stands before them; no digit and no point may touch either end.
_NUMBER = re.compile(rb"(?<![\d.])(?P<sign>[+-]?) *(?<![\d.])(?P<digits>\d+\.?\d*)(?![\d.])")
_SPELLED = {b"G": "g", b"KG": "kg", b"CT": "ct", b"OZ": "oz", b"LB": "lb"}
_SPELT_BY = "range_indicator"
"""The only family whose units are written otherwise in a record."""


def stood_in(reading: Reading, key: str, *, sends_unit: bool, recorded: str | None) -> bool:
    """Whether this value stood in the frame it is said to come from.

    Args:
        reading: What was taken, with its frame.
        key: The family.
        sends_unit: Whether its frames carry units.
        recorded: The unit of the asset's record.
    """
    if key == "mt_continuous":
        return _continuous(reading.raw, reading.quantity)
    if key == "cosmo" and not _adds_up(reading.raw):
        return False
    frame = reading.raw.translate(None, b"[]")  # a Sartorius digit in brackets is a digit like the others
    return any(_says(frame, match, reading.quantity, key, sends_unit, recorded) for match in _NUMBER.finditer(frame))


def _says(frame: bytes, match: re.Match[bytes], quantity: Quantity, key: str, sends_unit: bool, recorded: str | None) -> bool:
    if not match["sign"] and frame[: match.start()].rstrip(b" ").endswith((b"-", b"+")):
        return False  # its sign was left behind
    sent = Decimal((match["sign"] + match["digits"]).decode("ascii"))
    if sent.as_tuple() != quantity.value.as_tuple():
        return False
    behind = frame[match.end() :].lstrip(b" ")
    if key == _SPELT_BY:
        behind = behind.removeprefix(b"/0").lstrip(b" ")
        for spelling, unit in _SPELLED.items():
            if unit == quantity.unit and behind.startswith(spelling):
                return True
    if behind.startswith(quantity.unit.encode("ascii")):
        return sends_unit or quantity.unit == recorded
    return not sends_unit and quantity.unit == recorded


def _adds_up(frame: bytes) -> bool:
    """Cosmo: all bytes up to the colon and the number behind it make a multiple of 256."""
    said, _, checksum = frame.rpartition(b":")
    return (sum(said) + ord(":") + int(checksum, 16)) % 256 == 0


def _continuous(frame: bytes, quantity: Quantity) -> bool:
    """Mettler Toledo's continuous frame: point, sign and unit are bits of three bytes in front of six digits."""
    a, b, c, *_ = frame.removeprefix(b"\x02")
    digits = frame.removeprefix(b"\x02")[3:9].decode("ascii").strip(" ").rjust(1, "0")
    places = (0, 0, 0, 1, 2, 3, 4, 5)[a % 8]
    shown = Decimal(digits).scaleb(-places)
    unit = ("kg" if b // 16 % 2 else "lb", "g", "t")[c % 8]
    minus = b // 2 % 2 == 1
    return quantity.value.as_tuple() == (-shown if minus else shown).as_tuple() and quantity.unit == unit


def whole(frame: bytes, heard: bytes, *, begins: tuple[bytes, ...], ends: tuple[bytes, ...]) -> bool:
    """Whether the frame came whole: somewhere in what was heard it stands between two ends, with nothing cut off."""
    place = heard.find(frame)
    while place != -1:
        before, behind = heard[:place], heard[place + len(frame) :]
        if (not before or before.endswith(begins)) and behind.startswith(ends):
            return True
        place = heard.find(frame, place + 1)
    return False


Check = Callable[[bytes, object], bool]
"""Whether what was understood stood in the bytes."""


def zpl_stood_in(answer: bytes, status: object) -> bool:
    """Three frames; ready only without a 1 in any of nine places; the count as sent."""
    rows = [piece.partition(b"\x03")[0].split(b",") for piece in answer.split(b"\x02")[1:]]
    flags = [rows[0][n] for n in (1, 2, 5, 6, 9, 10, 11)] + [rows[1][2], rows[1][3]]
    said = status.ready, status.labels_remaining, status.formats_in_buffer  # type: ignore[attr-defined]
    return len(rows) == 3 and said == (b"1" not in flags, int(rows[1][8]), int(rows[0][4]))


def tspl_stood_in(answer: bytes, status: object) -> bool:
    """One byte; ready only if nothing but its printing bit is set."""
    return len(answer) == 1 and status.ready == (answer in (b"\x00", b" "))  # type: ignore[attr-defined]


def sbpl_stood_in(answer: bytes, status: object) -> bool:
    """Between STX and ETX two places, a letter, six digits: the letters of a printer on line that did not stop are the ready ones."""
    body = answer[answer.rindex(b"\x02") + 1 : -1]
    said = status.labels_remaining, status.ready  # type: ignore[attr-defined]
    return answer.endswith(b"\x03") and len(body) in (9, 25) and said == (int(body[3:9]), chr(body[2]) in "ABCDGHIJMNOPSTUV")
