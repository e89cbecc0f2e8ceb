"""Keyence displacement controllers with commands on RS-232: LK-G laser displacement, LS optical micrometer.

Frames carry no unit: it comes from the asset's record. Of several outputs in one line only the first one asked is taken.

Source: LK-G Series user's manual LK-G-M-NO5-E pp. 5-5 (commands, errors) and 5-6 (measurement value: one sign, seven characters;
``±FFFFFFF`` and ``XXXXXXXX`` for what the display shows as ``±FFFFFF`` and ``-------``); LS-7000 user's manual pp. 7-6 (errors)
and 7-8 (``M``: outputs, comparator result). There the question carries an output type, ``M0,0`` or ``M0,1``.
"""

from __future__ import annotations

import re
from decimal import Decimal
from types import MappingProxyType

from app.base.errors import DeviceError
from app.base.measurement import Quantity
from app.devices.errors import AskingRefused, NotSettled, OutOfRange, UnreadableFrame
from app.devices.framing import Lines
from app.devices.protocol import Known, Parsed, SerialLine, protocol

KEY = "keyence"

# Seven characters after the sign on the LK-G; the LS sends eight. A cut frame is shorter and is refused.
_NUMBER = rb"[-+](?=[\d.]{7,8}(?:,|\Z))\d{1,8}(?:\.\d{1,6})?"
_NOTHING = rb"[-+]F{7,8}|X{7,9}|-{7,9}"
_COMPARED = rb"HH|HI|GO|LO|LL"
_ANSWER = re.compile(
    rb"M[0-2],(?:(?P<value>" + _NUMBER + rb")|(?P<nothing>" + _NOTHING + rb"))(?:,(?P<judged>" + _COMPARED + rb"))?"
    rb"(?:,(?:" + _NUMBER + rb"|" + _NOTHING + rb")(?:,(?:" + _COMPARED + rb"))?)?"
)
_REFUSED = re.compile(rb"ER,[A-Z\d]{1,4},\d\d")


@protocol(
    key=KEY,
    label="Keyence displacement sensor (LK-G, LS)",
    line=SerialLine(baud=9600),
    framing=Lines(b"\r\n", b"\r", b"\n", longest=64),
    gives="measurement",
    known=Known(
        source="LK-G user's manual LK-G-M-NO5-E pp. 5-5, 5-6; LS-7000 user's manual pp. 7-6, 7-8",
        from_memory=("9600 8N1 as factory setting", "M0 without an output type", "F: beyond the range; X and dashes: no value yet"),
    ),
    sends_unit=False,
)
class Keyence:
    """Pure: bytes in, reading or trouble out."""

    ask_for_value = b"M0\r"
    are_you_there = None  # no question that certainly changes nothing, except the one for a value
    wishes: MappingProxyType[str, bytes] = MappingProxyType({})

    def __init__(self, *, unit: str | None) -> None:
        """Speak with one controller.

        Args:
            unit: The unit its outputs are set to, from its record.

        Raises:
            ValueError: no unit; a number without one is no measurement.
        """
        if not unit:
            raise ValueError("a Keyence controller sends no unit: its record must name one")
        self._unit = unit

    def parse(self, frame: bytes) -> Parsed:
        """Turn one answer into the value of its first output.

        Args:
            frame: One line without CR, e.g. ``b"M0,+01.3450,HI,-00.0120,GO"``.

        Returns:
            The value with the controller's own decimals; ``judged`` is the comparator's result, if it is sent. ``stable`` is
            ``None``, the protocol cannot say.

        Raises:
            OutOfRange: ``+FFFFFFF`` above, ``-FFFFFFF`` below, whatever the second output measures.
            NotSettled: ``XXXXXXXX`` or dashes, no value now.
            AskingRefused: ``ER``, the command and its error: 00 command, 01 status, 20 length, 21 count, 22 parameter, 88 time.
            UnreadableFrame: anything else; never a guessed number.
        """
        if _REFUSED.fullmatch(frame):
            raise AskingRefused(answer=frame.decode("ascii"))
        match = _ANSWER.fullmatch(frame)
        if match is None:
            raise UnreadableFrame(protocol=KEY, frame=frame)
        if match["nothing"] is not None:
            raise _no_value(match["nothing"])
        judged = match["judged"]
        quantity = Quantity(Decimal(match["value"].decode("ascii")), self._unit)
        return Parsed(quantity=quantity, stable=None, judged=judged.decode("ascii") if judged else None)


def _no_value(said: bytes) -> DeviceError:
    return OutOfRange(above=said.startswith(b"+")) if said.endswith(b"F") else NotSettled()
