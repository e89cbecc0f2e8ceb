"""Mitutoyo gauges behind a USB input tool (USB-ITN, U-WAVE) or with their own USB output (QM-Height).

The person presses the gauge's DATA button; nothing needs to be asked. The frame carries no unit: it comes from the asset's record.

Source: QM-Height user's manual 99MAF600B §6.2.2, USB data output: ``0`` ``1`` ``A`` sign, eight characters with floating point, CR.
The error answers ``911`` and ``912`` are known from the field, not from that manual.
"""

from __future__ import annotations

import re
from decimal import Decimal
from types import MappingProxyType

from app.base.measurement import Quantity
from app.devices.errors import InstrumentTrouble, UnreadableFrame
from app.devices.framing import Lines
from app.devices.protocol import Known, Parsed, SerialLine, protocol

KEY = "mitutoyo"

# Eight characters by the manual; nine are seen in the field (01A+00123.456). A cut frame is shorter and is refused.
_VALUE = re.compile(rb"01A(?P<sign>[+-])(?P<value>(?=[\d.]{8,9}\Z)\d{1,8}\.\d{1,7})")
_TROUBLE = re.compile(rb"(?:01A)?(?P<code>91[12])")


@protocol(
    key=KEY,
    label="Mitutoyo gauge (USB input tool)",
    line=SerialLine(baud=9600),
    framing=Lines(b"\r\n", b"\r", longest=64),
    gives="measurement",
    known=Known(source="QM-Height user's manual 99MAF600B §6.2.2", from_memory=("911", "912")),
    sends_unit=False,
)
class Mitutoyo:
    """Pure: bytes in, reading or trouble out."""

    ask_for_value = None
    are_you_there = None
    wishes: MappingProxyType[str, bytes] = MappingProxyType({})

    def __init__(self, *, unit: str | None) -> None:
        """Speak with one gauge.

        Args:
            unit: The unit of the gauge's display, from its record; a gauge switched from mm to inch cannot be told from the frame
                except by its number of decimals.

        Raises:
            ValueError: no unit; a number without one is no measurement.
        """
        if not unit:
            raise ValueError("a Mitutoyo gauge sends no unit: its record must name one")
        self._unit = unit

    def parse(self, frame: bytes) -> Parsed:
        """Turn one line into a length.

        Args:
            frame: One line without CR, e.g. ``b"01A+0000.123"``.

        Returns:
            The value with the gauge's own decimals; ``stable`` is ``None``, a gauge cannot say.

        Raises:
            InstrumentTrouble: ``911`` or ``912``, no value from the gauge.
            UnreadableFrame: anything else, a shorter or longer frame included; never a guessed number.
        """
        if match := _VALUE.fullmatch(frame):
            value = Decimal((match["sign"] + match["value"]).decode("ascii"))
            return Parsed(quantity=Quantity(value, self._unit), stable=None)
        if match := _TROUBLE.fullmatch(frame):
            raise InstrumentTrouble(reported=match["code"].decode("ascii"))
        raise UnreadableFrame(protocol=KEY, frame=frame)
