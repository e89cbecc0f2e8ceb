"""What may arrive from a scanner at all: printable ASCII and the group separator.

Anything else is refused by its own name, because "unreadable" teaches nobody that a font, an input method or a pasted text did it.
Source: Unicode 16, chapters 2.4 and 23 (control, format, surrogate); Trojan-source marks: UTR 36.
"""

from __future__ import annotations

import re

from app.scanning.refusals import Refused

GS = "\x1d"
LONGEST = 7_200
"""Characters. A QR symbol of the largest size holds 7,089 figures (ISO/IEC 18004, table 7)."""
_ALLOWED = re.compile(r"[\x20-\x7e\x1d]*")
_DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_INVISIBLE = frozenset("\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\u3164\ufeff\uffa0")


def refuse_hostile(text: str) -> None:
    """Refuse text that holds anything but printable ASCII and GS.

    Raises:
        Refused: ``nul``, ``control_character``, ``surrogate``, ``text_direction``, ``invisible_character``, ``not_ascii`` or ``too_long``.
    """
    if len(text) > LONGEST:
        raise Refused("too_long", count=len(text))
    end = _ALLOWED.match(text).end()  # type: ignore[union-attr]  # the empty match always succeeds
    if end == len(text):
        return
    point = f"U+{ord(text[end]):04X}"
    raise Refused(_name(text[end]), point=point)


def _name(character: str) -> str:
    number = ord(character)
    if number == 0:
        return "nul"
    if 0xD800 <= number <= 0xDFFF:
        return "surrogate"
    if number < 0x20 or 0x7F <= number < 0xA0:
        return "control_character"
    if character in _DIRECTION:
        return "text_direction"
    if character in _INVISIBLE or 0xE0000 <= number <= 0xE0FFF or 0xFE00 <= number <= 0xFE0F:
        return "invisible_character"
    return "not_ascii"
