"""A&D balances and scales in their standard format: two letters, then sign, digits and unit.

Set the serial interface of the balance to answer commands (``erCd`` 1 or 2); with ``erCd`` 0 a wish is obeyed without a word. Not
all of them know a question that changes nothing, so an open port is all there is to know until one speaks.

Source: EK-L manual §9-2 (format, units), GC manual §16.2 (comparison, unit weight, error codes p. 56), FG-KCLWP
manual p. 39 and HC-i manual p. 36 and 48 (error codes, ``WT``), FC-i manual p. 53 (``TR``), FX-i manual §18 (commands).
"""

from __future__ import annotations

import re
from decimal import Decimal
from types import MappingProxyType

from app.base.errors import DeviceError
from app.base.measurement import Quantity
from app.devices.errors import AskingRefused, InstrumentTrouble, NotANetWeight, NotSettled, OutOfRange, UnreadableFrame
from app.devices.framing import Lines
from app.devices.protocol import Known, Parsed, SerialLine, Status, lines_of, protocol

KEY = "and_scale"

_COMPARED = rb"(?:(?P<judged>LO|OK|HI|--),)?"
_UNIT = rb" {0,4}(?P<unit>[A-Za-z]{1,3}|%)"
# Nine characters with sign and point by the manuals; eleven are seen in the field. A cut number is shorter and is refused.
_WEIGHT = re.compile(rb"(?P<header>ST|WT|US)," + _COMPARED + rb"(?P<value>[+-](?=[\d.]{8,10}[ A-Za-z%])\d{1,10}(?:\.\d{1,8})?)" + _UNIT)
_OTHER = re.compile(rb"(?P<header>QT|UW|PT|TR)," + _COMPARED + rb"[+-][\d.]{1,10}" + _UNIT)
_LIMIT = re.compile(rb"OL," + _COMPARED + rb"(?P<side>[+-])[\d.]{1,10}(?:E\+19|" + _UNIT + rb")?")
_OTHER_QUANTITIES = frozenset({"PC", "%"})
_DONE = re.compile(rb"\x06|[RTZ]")
_INFO = re.compile(rb"(?P<about>ID|SN|TN),(?P<text>[ -~]{1,20})")
_ERROR = re.compile(rb"EC,E(?P<number>\d{1,2})")
_NOT_NOW = frozenset({2, 11})  # not ready; value unstable
_REFUSALS = frozenset({0, 1, 3, 4, 5, 6, 7})  # communication, unknown command, time, length, ID, format, value


@protocol(
    key=KEY,
    label="A&D scale or balance",
    line=SerialLine(baud=2400, bytesize=7, parity="E"),
    other_lines=lines_of(1200, 2400, 4800, 9600, 19200, bits="7E 7O 8N"),
    framing=Lines(b"\r\n", longest=32),
    gives="weight",
    known=Known(
        source="A&D instruction manuals EK-L §9-2, GC §16.2, FG-KCLWP p. 39, HC-i p. 48, FC-i p. 53, FX-i §18",
        from_memory=("2400 baud 7E1", "I and ?", "E+19 after OL", "EC,E03", "PT"),
    ),
)
class AndScale:
    """Pure: bytes in, reading or trouble out. Owns no port, no thread, no clock."""

    ask_for_value = b"Q\r\n"
    are_you_there = None
    wishes = MappingProxyType({"tare": b"T\r\n", "zero": b"Z\r\n"})

    def __init__(self, *, unit: str | None) -> None:
        """Speak with one scale; every weight carries its own unit."""

    def parse(self, frame: bytes) -> Parsed | Status:
        """Turn one line into a weight or a status.

        Args:
            frame: One line without CR LF, e.g. ``b"ST,+00123.45  g"`` or, compared with limits, ``b"ST,OK,+0001.234 kg"``.

        Returns:
            The weight with the scale's own digits and unit, stable (``ST``, ``WT``) or moving (``US``), and the scale's own
            judgement where it compares; or what it says of itself.

        Raises:
            OutOfRange: ``OL``, whatever digits follow.
            NotANetWeight: a piece count, a unit weight, a tare, a percentage.
            NotSettled: ``I``, ``EC,E02`` or ``EC,E11``, no value now.
            AskingRefused: ``?`` and the error codes of a command that was not accepted.
            InstrumentTrouble: any other error code, e.g. ``EC,E20``.
            UnreadableFrame: anything else; never a guessed number.
        """
        if match := _WEIGHT.fullmatch(frame):
            return _weight(match)
        if match := _INFO.fullmatch(frame):
            return _info(match)
        if _DONE.fullmatch(frame):
            return Status(about="AK" if frame == b"\x06" else frame.decode("ascii"), text="", kind="ack")
        raise _trouble(frame)


def _weight(match: re.Match[bytes]) -> Parsed:
    unit, judged = match["unit"].decode("ascii"), match["judged"]
    if unit in _OTHER_QUANTITIES:
        raise NotANetWeight(sent=unit)
    return Parsed(
        quantity=Quantity(Decimal(match["value"].decode("ascii")), unit),
        stable=match["header"] != b"US",
        judged=judged.decode("ascii") if judged and judged != b"--" else None,
    )


def _info(match: re.Match[bytes]) -> Status:
    about, text = match["about"].decode("ascii"), match["text"].strip().decode("ascii")
    return Status(about=about, text=text, kind="info", serial_number=text if about == "SN" else None)


def _trouble(frame: bytes) -> DeviceError:
    if match := _LIMIT.fullmatch(frame):
        return OutOfRange(above=match["side"] == b"+")
    if match := _OTHER.fullmatch(frame):
        return NotANetWeight(sent=match["header"].decode("ascii"))
    if match := _ERROR.fullmatch(frame):
        return _error(int(match["number"]), frame.decode("ascii"))
    if frame == b"I":
        return NotSettled()
    return AskingRefused(answer="?") if frame == b"?" else UnreadableFrame(protocol=KEY, frame=frame)


def _error(number: int, said: str) -> DeviceError:
    if number in _NOT_NOW:
        return NotSettled()
    return AskingRefused(answer=said) if number in _REFUSALS else InstrumentTrouble(reported=said)
