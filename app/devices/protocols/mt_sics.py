"""Mettler Toledo balances and scales speaking MT-SICS level 0 and 1.

Source: MT-SICS reference manual, commands S, SI, SIR, Z, T, TA, I2, I3 (software version), I4; error frames ES, ET, EL.
"""

from __future__ import annotations

import re
from decimal import Decimal
from types import MappingProxyType

from app.base.errors import DeviceError
from app.base.measurement import Quantity
from app.devices.errors import AskingRefused, InstrumentTrouble, NotSettled, OutOfRange, UnreadableFrame
from app.devices.framing import Lines
from app.devices.protocol import Known, Parsed, SerialLine, Status, lines_of, protocol

KEY = "mt_sics"

_NUMBER = rb"(?P<value>-?\d{1,10}(?:\.\d{1,9})?) (?P<unit>[A-Za-z%/]{1,6})"
_WEIGHT = re.compile(rb"SI? (?P<state>[SD]) +" + _NUMBER + rb" *")
_TARE = re.compile(rb"(?P<command>T[IA]?) (?P<state>[SDA]) +" + _NUMBER + rb" *")
_DONE = re.compile(rb"(?P<command>ZI?|TAC|T|TI) [ASD] *")
_INFO = re.compile(rb'(?P<command>I\d{1,2}) A "?(?P<text>[^"]*)"? *')
_LIMIT = re.compile(rb"(?:SI?|ZI?|TI?) (?P<side>[+-]) *")
_BUSY = re.compile(rb"(?:SI?|ZI?|TI?|TA|I\d{1,2}) I *")
_WEIGHING_ERROR = re.compile(rb"SI? S +Error +(?P<code>\w{1,8}) *")


@protocol(
    key=KEY,
    label="Mettler Toledo scale (MT-SICS)",
    line=SerialLine(baud=9600, xonxoff=True),
    other_lines=lines_of(1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, bits="8N 7E 7O"),
    framing=Lines(b"\r\n"),
    gives="weight",
    known=Known(source="MT-SICS reference manual, levels 0 and 1", from_memory=("TA", "TAC", "TI A")),
    says_serial_number=True,
    who_are_you=(b"I3\r\n",),
)
class MtSics:
    """Pure: bytes in, reading or trouble out. Owns no port, no thread, no clock."""

    ask_for_value = b"SI\r\n"
    are_you_there = b"I4\r\n"
    wishes = MappingProxyType({"tare": b"T\r\n", "zero": b"Z\r\n"})

    def __init__(self, *, unit: str | None) -> None:
        """Speak with one scale; every weight carries its own unit."""

    def parse(self, frame: bytes) -> Parsed | Status:
        """Turn one reply line into a weight or a status.

        Args:
            frame: One line without its terminator, e.g. ``b"S S     105.00 g"``.

        Returns:
            The weight with the scale's own digits and unit, stable (``S``) or moving (``D``); or what it says of itself.

        Raises:
            OutOfRange: overload (``S +``) or underload (``S -``).
            NotSettled: ``S I``, no stable value now.
            AskingRefused: ``ES`` syntax, ``ET`` transmission, ``EL`` parameter.
            InstrumentTrouble: a weighing error, e.g. ``S S Error 10b``.
            UnreadableFrame: anything else; never a guessed number.
        """
        if match := _WEIGHT.fullmatch(frame):
            return Parsed(quantity=_quantity(match), stable=match["state"] == b"S")
        if match := _TARE.fullmatch(frame):
            return _tare(match)
        if match := _DONE.fullmatch(frame):
            return Status(about=match["command"].decode("ascii"), text="", kind="ack")
        if match := _INFO.fullmatch(frame):
            return _info(match)
        raise _trouble(frame)


def _quantity(match: re.Match[bytes]) -> Quantity:
    return Quantity(Decimal(match["value"].decode("ascii")), match["unit"].decode("ascii"))


def _tare(match: re.Match[bytes]) -> Status:
    """``A`` and ``TA`` tell which tare is set; ``S`` and ``D`` that it was set now, standing still or moving."""
    told = match["command"] == b"TA" or match["state"] == b"A"
    quantity = _quantity(match)
    return Status(about=match["command"].decode("ascii"), text=str(quantity), kind="tare_value" if told else "tare_done", quantity=quantity)


def _info(match: re.Match[bytes]) -> Status:
    command, text = match["command"].decode("ascii"), match["text"].decode("latin-1")
    return Status(
        about=command, text=text, kind="info", serial_number=text if command == "I4" else None, firmware=text if command == "I3" else None
    )


def _trouble(frame: bytes) -> DeviceError:
    if match := _LIMIT.fullmatch(frame):
        return OutOfRange(above=match["side"] == b"+")
    if _BUSY.fullmatch(frame):
        return NotSettled()
    if frame in (b"ES", b"ET", b"EL"):
        return AskingRefused(answer=frame.decode("ascii"))
    if match := _WEIGHING_ERROR.fullmatch(frame):
        return InstrumentTrouble(reported=match["code"].decode("ascii"))
    return UnreadableFrame(protocol=KEY, frame=frame)
