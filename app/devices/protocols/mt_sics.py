"""Mettler Toledo balances and scales speaking MT-SICS level 0 and 1.

Source: MT-SICS reference manual, commands S, SI, SIR, Z, T, TA, I2, I4; error frames ES, ET, EL.
"""

from __future__ import annotations

import re
from decimal import Decimal
from types import MappingProxyType

from app.base.measurement import Quantity
from app.base.phrases import Phrase
from app.devices.errors import AskingRefused, InstrumentTrouble, MinusZero, NotSettled, OutOfRange, UnreadableFrame, WrongUnit
from app.devices.framing import Lines
from app.devices.protocol import Parsed, SerialLine, Status, protocol

KEY = "mt_sics"

_NUMBER = rb"(?P<value>-?\d{1,10}(?:\.\d{1,9})?) (?P<unit>[A-Za-z%/]{1,6})"
_WEIGHT = re.compile(rb"SI? (?P<state>[SD]) +" + _NUMBER + rb" *")
_TARE = re.compile(rb"T[IA]? [SDA] +(?P<text>" + _NUMBER + rb") *")
_DONE = re.compile(rb"(?P<command>ZI?|TAC|T|TI) [ASD] *")
_INFO = re.compile(rb'(?P<command>I\d{1,2}) A "?(?P<text>[^"]*)"? *')
_LIMIT = re.compile(rb"(?:SI?|ZI?|TI?) (?P<side>[+-]) *")
_BUSY = re.compile(rb"(?:SI?|ZI?|TI?|TA|I\d{1,2}) I *")
_WEIGHING_ERROR = re.compile(rb"SI? S +Error +(?P<code>\w{1,8}) *")
_SIDES = {b"+": Phrase("above"), b"-": Phrase("below")}


@protocol(
    key=KEY,
    label="Mettler Toledo scale (MT-SICS)",
    line=SerialLine(baud=9600, xonxoff=True),
    framing=Lines(b"\r\n"),
    says_serial_number=True,
)
class MtSics:
    """Pure: bytes in, reading or trouble out. Owns no port, no thread, no clock."""

    ask_for_value = b"SI\r\n"
    are_you_there = b"I4\r\n"
    wishes = MappingProxyType({"tare": b"T\r\n", "zero": b"Z\r\n"})

    def __init__(self, *, unit: str | None) -> None:
        """Speak with one scale.

        Args:
            unit: The unit its record says; a weight in another unit is refused. ``None``: every unit is taken as sent.
        """
        self._unit = unit

    def parse(self, frame: bytes) -> Parsed | Status:
        """Turn one reply line into a weight or a status.

        Args:
            frame: One line without its terminator, e.g. ``b"S S     105.00 g"``.

        Returns:
            The weight with the scale's own digits and unit, stable (``S``) or moving (``D``); or what it says of itself.

        Raises:
            OutOfRange: overload (``S +``) or underload (``S -``).
            NotSettled: ``S I``, no stable value now.
            WrongUnit, MinusZero: a weight that may not be taken.
            AskingRefused: ``ES`` syntax, ``ET`` transmission, ``EL`` parameter.
            InstrumentTrouble: a weighing error, e.g. ``S S Error 10b``.
            UnreadableFrame: anything else; never a guessed number.
        """
        if match := _WEIGHT.fullmatch(frame):
            return Parsed(quantity=self._weight(match, frame), stable=match["state"] == b"S")
        if match := _TARE.fullmatch(frame):
            return Status(about="tare", text=match["text"].decode("ascii"))
        if match := _DONE.fullmatch(frame):
            return Status(about=match["command"].decode("ascii"), text="")
        if match := _INFO.fullmatch(frame):
            return self._info(match)
        raise self._trouble(frame)

    def _weight(self, match: re.Match[bytes], frame: bytes) -> Quantity:
        value, unit = Decimal(match["value"].decode("ascii")), match["unit"].decode("ascii")
        if self._unit is not None and unit != self._unit:
            raise WrongUnit(sent=unit, expected=self._unit)
        if value.is_zero() and value.is_signed():
            raise MinusZero(protocol=KEY, frame=frame)
        return Quantity(value, unit)

    def _info(self, match: re.Match[bytes]) -> Status:
        command, text = match["command"].decode("ascii"), match["text"].decode("latin-1")
        return Status(about=command, text=text, serial_number=text if command == "I4" else None)

    def _trouble(self, frame: bytes) -> Exception:
        if match := _LIMIT.fullmatch(frame):
            return OutOfRange(side=_SIDES[match["side"]])
        if _BUSY.fullmatch(frame):
            return NotSettled()
        if frame in (b"ES", b"ET", b"EL"):
            return AskingRefused(answer=frame.decode("ascii"))
        if match := _WEIGHING_ERROR.fullmatch(frame):
            return InstrumentTrouble(reported=match["code"].decode("ascii"))
        return UnreadableFrame(protocol=KEY, frame=frame)
