r"""CAS indicators and Torrey scales.

Three lines are known: the 22 bytes of CAS with device number and lamp byte, ``ST,GS,1\xe4,  13.500 kg``; the plain
``ST,GS,+   1.250kg``; and the short ``D   1.250 kg`` (``S`` stable, ``D`` moving). Each has its one length: one that lost or gained a
character is refused.

Source: CAS CI-400 owner's manual appendix 1 (22 bytes, lamp byte) and appendix 2 (command mode 1: ``RW``, ``MZ``, ``MT``, answers
``?`` and ``!``); CI-170A p. 61 for the eight places of the digits. The plain and the short line are known from drivers only.
"""

from __future__ import annotations

import re
from types import MappingProxyType

from app.base.errors import DeviceError
from app.devices.errors import AskingRefused, NotANetWeight, NotSettled
from app.devices.framing import Lines
from app.devices.header_lines import DIGITS, HEADER, UNIT, trouble_in, weight_in
from app.devices.protocol import Known, Parsed, SerialLine, Status, protocol

KEY = "cas"

_HOLD = 0x10
_PLAIN = re.compile(rb"(?=.{17}\Z)" + HEADER + rb",(?P<sign>[+-])(?=[ \d.]{8}\D) *" + DIGITS + rb" *" + UNIT)
_SHORT = re.compile(rb"(?=.{12}\Z)(?P<state>[SD]) *(?P<sign>-?)" + DIGITS + rb" " + UNIT + rb" ?")
# The lamp byte has its highest bit set; a line with seven data bits drops that bit.
_CAS = re.compile(
    rb"(?=.{20}\Z)" + HEADER + rb",[\x30-\x93](?P<lamp>[\x20-\xff]),(?=[ \d.+-]{8} )(?P<sign>[ +-]?) *" + DIGITS + rb" +" + UNIT
)
_ECHO = re.compile(rb"\d{2}(?P<command>M[ZT])")


@protocol(
    key=KEY,
    label="CAS indicator or Torrey scale",
    line=SerialLine(baud=9600),
    framing=Lines(b"\r\n", longest=32),
    gives="weight",
    known=Known(
        source="CAS CI-400 owner's manual, appendix 1 and 2; CAS CI-170A owner's manual p. 61",
        from_memory=("ST,GS,+   1.250kg", "D   1.250 kg", "device number 01", "9600 8N1"),
    ),
)
class Cas:
    """Pure: bytes in, reading or trouble out."""

    ask_for_value = b"01RW\r\n"
    are_you_there = None  # Torrey scales know no RW, and an indicator with another number keeps silent
    wishes = MappingProxyType({"tare": b"01MT\r\n", "zero": b"01MZ\r\n"})

    def __init__(self, *, unit: str | None) -> None:
        """Speak with one scale; every weight carries its own unit."""

    def parse(self, frame: bytes) -> Parsed | Status:
        """Turn one line into a weight or a status.

        Args:
            frame: One line without its terminator, e.g. ``b"ST,GS,+   1.250kg"``.

        Returns:
            The weight, net or gross as the scale shows it, with its own digits and unit, stable or moving; or the echo of a
            command that was carried out.

        Raises:
            OutOfRange: ``OL``, even when digits follow.
            NotANetWeight: a held value, pieces or a percentage.
            AskingRefused: ``?``, the indicator did not understand.
            NotSettled: ``!``, it understood and could not do it now.
            UnreadableFrame: anything else; never a guessed number.
        """
        for line in (_PLAIN, _CAS, _SHORT):
            if match := line.fullmatch(frame):
                return _weight(match)
        if match := _ECHO.fullmatch(frame):
            return Status(about=match["command"].decode("ascii"), text="", kind="ack")
        raise _trouble(frame)


def _weight(match: re.Match[bytes]) -> Parsed:
    lamp = match.groupdict().get("lamp")
    if lamp and lamp[0] & _HOLD:
        raise NotANetWeight(sent="HOLD")
    return weight_in(match)


def _trouble(frame: bytes) -> DeviceError:
    if frame == b"?":
        return AskingRefused(answer="?")
    if frame == b"!":
        return NotSettled()
    return trouble_in(frame, protocol=KEY)
