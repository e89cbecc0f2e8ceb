"""T-Scale balances and indicators: ``ST,GS    20.7g`` (NHB) and ``ST,GS,   245.6 g`` (QHW), sent all the time or by the print key.

Every line has sixteen characters; one that lost or gained any is refused.

Source: T-Scale BWS technical manual, ROW user manual p. 15 and KERN KFB-TM operating manual §10.3 and §10.4 (headers, commands);
lines recorded at an NHB and a QHW balance. The scale answers ``T`` and ``Z`` (tare, zero) with nothing, so nobody would learn
whether it was done: they are not offered here, the keys on the scale do the same.
"""

from __future__ import annotations

import re
from types import MappingProxyType

from app.devices.framing import Lines
from app.devices.header_lines import DIGITS, HEADER, UNIT, trouble_in, weight_in
from app.devices.protocol import Known, Parsed, SerialLine, protocol

KEY = "t_scale"

# Header, perhaps a comma, sign, seven places for the digits, the rest for the unit.
_WEIGHT = re.compile(rb"(?=.{16}\Z)" + HEADER + rb",?(?P<sign>[ +-])(?=[ \d.]{7}\D) *" + DIGITS + rb" *" + UNIT + rb" *")


@protocol(
    key=KEY,
    label="T-Scale balance or indicator",
    line=SerialLine(baud=9600),
    framing=Lines(b"\r\n", longest=32),
    gives="weight",
    known=Known(
        source="T-Scale BWS technical manual, RS-232 output; KERN KFB-TM operating manual §10.3, §10.4",
        from_memory=("OL", "W ends with CR LF", "9600 8N1", "KERN KFB-TM speaks as a T-Scale does"),
    ),
)
class TScale:
    """Pure: bytes in, reading or trouble out."""

    ask_for_value = b"W\r\n"
    are_you_there = None  # W brings an answer from some models only
    wishes: MappingProxyType[str, bytes] = MappingProxyType({})

    def __init__(self, *, unit: str | None) -> None:
        """Speak with one scale; every weight carries its own unit."""

    def parse(self, frame: bytes) -> Parsed:
        """Turn one line into a weight.

        Args:
            frame: One line without its terminator, e.g. ``b"ST,GS    20.7g  "``.

        Returns:
            The weight, net or gross as the scale shows it, with its own digits and unit; stable (``ST``) or moving (``US``).

        Raises:
            OutOfRange: ``OL``, even when digits follow.
            NotANetWeight: the scale counts pieces or weighs in percent.
            UnreadableFrame: anything else; never a guessed number.
        """
        if match := _WEIGHT.fullmatch(frame):
            return weight_in(match)
        raise trouble_in(frame, protocol=KEY)
