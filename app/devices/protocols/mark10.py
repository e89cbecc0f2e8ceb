"""Mark-10 force and torque gauges: Series 4, 5, 7, TT, and what others sell of them.

A plain ``?`` brings what the display shows; in a peak mode that is the peak. The minus sign is the direction, tension or
counter-clockwise, as long as the gauge's data format neither inverts nor omits the polarity: compare one pull with the display
when the gauge is set up.

Source: Series 4 user's guide §9.1 (``?``, answer, unit and polarity, ``*10``; 8N1, speed by menu); Series 5 user's guide §9.8
(GCL2: ``?C``, ``?PT``, ``?PC``, ``LIST``, error codes); Series TT03 §9.3 (torque).
"""

from __future__ import annotations

import re
from decimal import Decimal
from types import MappingProxyType

from app.base.measurement import Quantity
from app.devices.errors import AskingRefused, UnreadableFrame
from app.devices.framing import Lines
from app.devices.protocol import Known, Parsed, SerialLine, Status, protocol

KEY = "mark10"

_READING = re.compile(rb"(?P<value>-?\d{1,6}(?:\.\d{1,6})?) (?P<unit>[A-Za-z]{1,6})")
_REFUSED = re.compile(rb"\*\d\d")
_LIST = re.compile(rb"V\d{1,2}\.\d{1,3}(?:;[A-Z]{1,5}[-+.\d]{0,8}){1,24}")


@protocol(
    key=KEY,
    label="Mark-10 force or torque gauge",
    line=SerialLine(baud=9600),
    framing=Lines(b"\r\n", longest=256),
    gives="measurement",
    known=Known(
        source="Mark-10 Series 4 user's guide §9.1, Series 5 user's guide §9.8 (GCL2), Series TT03 §9.3",
        from_memory=("9600 baud as factory setting",),
    ),
)
class Mark10:
    """Pure: bytes in, reading or trouble out."""

    ask_for_value = b"?\r"
    # A Series 4 knows no question but those for readings, and to zero a gauge brings no answer that a manual tells of.
    are_you_there = None
    wishes: MappingProxyType[str, bytes] = MappingProxyType({})

    def __init__(self, *, unit: str | None) -> None:
        """Speak with one gauge; every reading carries its own unit."""

    def parse(self, frame: bytes) -> Parsed | Status:
        """Turn one line into a force or a torque.

        Args:
            frame: One line without its terminator, e.g. ``b"-18.78 lbF"``.

        Returns:
            The value with the gauge's own sign, digits and unit, ``stable`` is ``None``, a gauge cannot say; or its settings.

        Raises:
            AskingRefused: ``*10`` illegal command, ``*11`` not applicable, ``*12`` invalid specifier, ``*22`` value too large.
            UnreadableFrame: anything else. So is a number without its unit (data format "Numeric Only"): it may be a reading in
                any unit, a count or a serial number.
        """
        if match := _READING.fullmatch(frame):
            return Parsed(quantity=Quantity(Decimal(match["value"].decode("ascii")), match["unit"].decode("ascii")), stable=None)
        if _REFUSED.fullmatch(frame):
            raise AskingRefused(answer=frame.decode("ascii"))
        if _LIST.fullmatch(frame):
            return Status(about="LIST", text=frame.decode("ascii"), kind="info")
        raise UnreadableFrame(protocol=KEY, frame=frame)
