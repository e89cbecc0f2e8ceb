"""The line a Mettler Toledo balance prints: ``     N       0.3746 g   ``, sent by its print key or by itself to a "printer".

A letter says which weight it is, N net, G gross, T tare; that the pan stood still, the line does not say. It has twenty-four
characters; one that lost or gained any is refused.

Source: lines recorded at an MS204TS balance, 26 bytes with CR LF; the settings of the port from the operating instructions of the AT
balances, p. 23.
"""

from __future__ import annotations

import re
from decimal import Decimal
from types import MappingProxyType

from app.base.measurement import Quantity
from app.devices.errors import NotANetWeight, UnreadableFrame
from app.devices.framing import Lines
from app.devices.protocol import Known, Parsed, SerialLine, Status, protocol

KEY = "mt_printout"

# The digits end at the nineteenth place, the unit begins at the twenty-first.
_LINE = re.compile(rb"(?=.{24}\Z)(?=.{19} [A-Za-z%]) {5}(?P<which>[A-Z]) +(?P<value>-?\d{1,8}(?:\.\d{1,7})?) (?P<unit>[A-Za-z]{1,4}|%) *")
_COUNTED = frozenset({"PCS", "pcs", "%"})


@protocol(
    key=KEY,
    label="Mettler Toledo balance (print key)",
    line=SerialLine(baud=9600, xonxoff=True),
    framing=Lines(b"\r\n", longest=40),
    gives="weight",
    known=Known(source="lines recorded at a METTLER TOLEDO MS204TS", from_memory=("G", "T", "PCS")),
)
class MtPrintout:
    """Pure: bytes in, reading or trouble out."""

    ask_for_value = None
    are_you_there = None
    wishes: MappingProxyType[str, bytes] = MappingProxyType({})

    def __init__(self, *, unit: str | None) -> None:
        """Listen to one balance; every weight carries its own unit."""

    def parse(self, frame: bytes) -> Parsed | Status:
        """Turn one printed line into a weight.

        Args:
            frame: One line without its terminator, e.g. ``b"     N       0.3746 g   "``.

        Returns:
            The net or gross weight with the balance's own digits and unit, ``stable`` unknown; or the tare, which is no weight of
            anything.

        Raises:
            NotANetWeight: pieces, a percentage, or a letter we do not know.
            UnreadableFrame: anything else, e.g. the date or the header of a report; never a guessed number.
        """
        match = _LINE.fullmatch(frame)
        if match is None:
            raise UnreadableFrame(protocol=KEY, frame=frame)
        which, unit = match["which"].decode("ascii"), match["unit"].decode("ascii")
        if which not in "NGT" or unit in _COUNTED:
            raise NotANetWeight(sent=f"{which} {match['value'].decode('ascii')} {unit}")
        quantity = Quantity(Decimal(match["value"].decode("ascii")), unit)
        if which == "T":
            return Status(about=which, text=str(quantity), kind="tare_value", quantity=quantity)
        return Parsed(quantity=quantity, stable=None)
