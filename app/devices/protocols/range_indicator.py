"""Balances that send ``+000.00/0 G S``: Shinko VIBRA, KERN PES, PEJ and PNJ.

Sign, digits, unit (``G`` is the gram), judgement of the limit function, status. Verified models put a slash before the last digit of
their display: it stands for less than the verified division. Drivers take that digit for a range or a stability and leave it out;
the makers' manuals count it to the value. Where it is 0 all agree; any other is refused, so nobody's reading is cut or guessed.

Source: KERN PES/PEJ operating instructions §14.4 (format, slash, status); Shinko interface specifications §10.4 (units, judgement)
and §10.5 (commands). ``O0`` to ``O9`` change when the balance sends until it is switched off: the station does not send them.
"""

from __future__ import annotations

import re
from decimal import Decimal
from types import MappingProxyType

from app.base.errors import DeviceError
from app.base.measurement import Quantity
from app.devices.errors import AskingRefused, InstrumentTrouble, NotANetWeight, UnreadableFrame
from app.devices.framing import Lines
from app.devices.protocol import Known, Parsed, SerialLine, Status, protocol

KEY = "range_indicator"

_UNITS = {"G": "g", "KG": "kg", "CT": "ct", "OZ": "oz", "LB": "lb"}
"""The five that a record may name otherwise than the balance writes them; any other is given out as it was sent."""
_END = rb"(?P<unit> [A-Z%]|[A-Za-z]{2})(?P<judged>[ LGH])(?P<status>[SU ])"
# Six digits and their point in seven places; an integer leaves the last place blank. With the slash there are eight.
_PLAIN = re.compile(rb"(?=.{12}\Z)(?P<sign>[+ -]) *(?P<value>\d{1,5}\.\d{1,5}|\d{1,6} )(?P<last>)" + _END)
_SLASH = re.compile(rb"(?=.{13}\Z)(?P<sign>[+ -]) *(?P<value>\d{1,4}\.\d{1,4})/(?P<last>\d)" + _END)
_ERROR = re.compile(rb"[+ -][ \d./-]{7,8}[ A-Za-z%]{2}[ LGH]E")
_REFUSED = re.compile(rb"(?P<code>E\d{2})")
_DONE, _NO_TARE = b"A00", "E01"


@protocol(
    key=KEY,
    label="Shinko VIBRA or KERN PES balance",
    line=SerialLine(baud=1200, stopbits=2),
    framing=Lines(b"\r\n", longest=32),
    gives="weight",
    known=Known(
        source="KERN PES/PEJ operating instructions §14.4; Shinko interface specifications §10.4, §10.5",
        from_memory=("1200 baud, no parity", "commands end with CR LF", "error answers other than E01"),
    ),
)
class RangeIndicator:
    """Pure: bytes in, reading or trouble out."""

    ask_for_value = None
    are_you_there = None
    wishes = MappingProxyType({"tare": b"T \r\n"})

    def __init__(self, *, unit: str | None) -> None:
        """Speak with one balance; every weight carries its own unit."""

    def parse(self, frame: bytes) -> Parsed | Status:
        """Turn one line into a weight or a status.

        Args:
            frame: One line without its terminator, e.g. ``b"+000.00/0 G S"``.

        Returns:
            The weight with the balance's own digits, stable (``S``), moving (``U``) or unknown (blank), and what its limit function
            says: ``L``, ``G`` or ``H``; or the answer to a command.

        Raises:
            NotANetWeight: pieces, a percentage, or a digit behind the slash other than 0.
            InstrumentTrouble: status ``E``, the display shows an overload or underload; or ``E01``, it could not tare.
            AskingRefused: another error answer.
            UnreadableFrame: anything else; never a guessed number.
        """
        if match := _PLAIN.fullmatch(frame) or _SLASH.fullmatch(frame):
            return _weight(match)
        if frame == _DONE:
            return Status(about="T", text="", kind="ack")
        raise _trouble(frame)


def _weight(match: re.Match[bytes]) -> Parsed:
    value, last, sent = match["value"].decode("ascii").strip(), match["last"].decode("ascii"), match["unit"].decode("ascii").strip()
    if sent in ("PC", "%"):
        raise NotANetWeight(sent=f"{value} {sent}")
    if last not in ("", "0"):
        raise NotANetWeight(sent=f"{value}/{last} {sent}")
    sign = match["sign"].decode("ascii").strip()
    return Parsed(
        quantity=Quantity(Decimal(sign + value), _UNITS.get(sent, sent)),
        stable={b"S": True, b"U": False}.get(match["status"]),
        judged=match["judged"].decode("ascii").strip() or None,
    )


def _trouble(frame: bytes) -> DeviceError:
    if _ERROR.fullmatch(frame):
        return InstrumentTrouble(reported="o-Err / u-Err")
    if match := _REFUSED.fullmatch(frame):
        code = match["code"].decode("ascii")
        return InstrumentTrouble(reported=code) if code == _NO_TARE else AskingRefused(answer=code)
    return UnreadableFrame(protocol=KEY, frame=frame)
