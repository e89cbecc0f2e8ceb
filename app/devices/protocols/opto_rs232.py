"""Gauges on an Opto RS-232 cable: Sylvac and what Bowers sells of it, Trimos height gauges, Mahr Millimar.

Most frames carry no unit: it comes from the asset's record. A Millimar sends its unit, and then that one counts. Factory line
settings are Sylvac's, Bowers' and Trimos' 4800 7E2; a Mahr C1202 has 9600 7E2.

Source: Sylvac Opto instruments (Bowers) pp. 12–13: frame, errors, simplex and duplex cable; UniCal §VIII.5: commands, tolerance
sign, echo; Trimos V+ pp. 21–22: spaces for leading zeros and plus; Mahr Millimar C1208 pp. 69–70 and C1202 §7.2: unit, features,
``ERR6``; Teclock SSH ch. 12: ``NUM?``.
"""

from __future__ import annotations

import re
from decimal import Decimal
from types import MappingProxyType

from app.base.errors import DeviceError
from app.base.measurement import Quantity
from app.base.phrases import Phrase
from app.devices.errors import AskingRefused, InstrumentTrouble, UnreadableFrame
from app.devices.framing import Lines
from app.devices.protocol import Known, Parsed, SerialLine, Status, protocol

KEY = "opto_rs232"

_NUMBER = rb"(?P<value>\d{1,6}\.\d{1,6})"
# Without a unit the place of the sign is never empty: a frame that lost its beginning is refused.
_BARE = re.compile(rb" {0,5}(?P<sign>[-+ ])" + _NUMBER + rb"(?P<unit>) ?(?P<judged>[<=>]?)")
_WITH_UNIT = re.compile(
    rb"(?:[1-3] )? {0,5}(?P<sign>[-+]?)" + _NUMBER + rb" ?(?P<unit>mm|um|inch|in|deg|rad) ?(?P<judged>(?:[<=>](?: [<=>])?)?)"
)
_TROUBLE = re.compile(rb"(?:[1-3] )?ERR(?P<number>\d)")
_FEATURE_OFF = re.compile(rb"[1-3] ERR6")
_INFO = {
    "ID": re.compile(rb"[A-Z]{2}\d{3}[A-Z]?(?:\.[A-Z\d]{1,8}){0,2}|(?:SYLVAC|MAHR)[ -~]{1,40}|1 T \w{8} 1 S \w{8}[ \w]{0,50}"),
    "SET": re.compile(rb"(?i:MM|IN|UM)(?: [A-Z]{1,4}\d){0,8} ?"),
    "NUM": re.compile(rb"NUM [ -~]{1,20}"),
}
_WORDS = {
    b"0": "ERR0: sensor error",
    b"1": "ERR1: incorrect command",
    b"2": "ERR2: parity error",
    b"3": "ERR3: exceeded measurement range",
    b"6": "ERR6: feature deactivated",
}


@protocol(
    key=KEY,
    label="Sylvac, Bowers, Trimos or Mahr gauge (Opto RS-232)",
    line=SerialLine(baud=4800, bytesize=7, parity="E", stopbits=2),
    other_lines=(SerialLine(baud=9600, bytesize=7, parity="E", stopbits=2),),
    framing=Lines(b"\r\n", b"\r", b"\n", longest=96),
    gives="measurement",
    known=Known(source="Sylvac OPTO-RS pp. 12–13, UniCal §VIII.5, Trimos V+ pp. 21–22, Mahr Millimar C1208 pp. 69–70 and C1202 §7.2"),
    sends_unit=False,
)
class OptoRs232:
    """Pure: bytes in, reading or trouble out."""

    ask_for_value = b"?\r"
    # ``ID?`` is no harmless question: a gauge that understands no commands answers everything with its value, and holds it.
    are_you_there = None
    wishes = MappingProxyType({"preset": b"PRE\r"})

    def __init__(self, *, unit: str | None) -> None:
        """Speak with one gauge.

        Args:
            unit: The unit of the gauge's display, from its record.

        Raises:
            ValueError: no unit; a number without one is no measurement.
        """
        if not unit:
            raise ValueError("an Opto RS-232 gauge sends no unit: its record must name one")
        self._unit = unit

    def parse(self, frame: bytes) -> Parsed | Status:
        """Turn one line without its terminator, e.g. ``b"+012.345"``, ``b"  12.345<"``, ``b"12.345 mm"``, into a length.

        Returns:
            The value with the gauge's own decimals, ``stable`` ``None``: it cannot say; ``judged`` is its tolerance sign, followed
            by that of its warning limits. Or what it says of itself.

        Raises:
            AskingRefused: ``ERR1``, ``ERR2``: the gauge did not understand the question.
            InstrumentTrouble: any other ``ERR``. ``ERR3`` does not say at which end the range was left.
            UnreadableFrame: anything else, also more than one active feature in a line: nobody knows which is meant.
        """
        said = _only_active(frame)
        if match := _BARE.fullmatch(said) or _WITH_UNIT.fullmatch(said):
            return self._value(match)
        if match := _TROUBLE.fullmatch(said):
            raise _trouble(match["number"])
        for about, pattern in _INFO.items():
            if pattern.fullmatch(said):
                return Status(about=about, text=_text(said), kind="info")
        if said in (b"?", b"PRE"):  # a UniCal repeats what it was told
            return Status(about=_text(said), text="", kind="ack")
        raise UnreadableFrame(protocol=KEY, frame=frame)

    def _value(self, match: re.Match[bytes]) -> Parsed:
        value = Decimal(_text(match["sign"] + match["value"]))
        quantity = Quantity(value, _text(match["unit"]) or self._unit)
        return Parsed(quantity=quantity, stable=None, judged=_text(match["judged"]) or None)


def _only_active(frame: bytes) -> bytes:
    """A Millimar C1202 tells its three features in one line; those that are switched off are passed over."""
    active = [feature for feature in frame.split(b";") if not _FEATURE_OFF.fullmatch(feature)]
    return active[0] if len(active) == 1 else frame


def _text(said: bytes) -> str:
    return said.decode("ascii").strip()


def _trouble(number: bytes) -> DeviceError:
    words = Phrase(_WORDS[number]) if number in _WORDS else f"ERR{_text(number)}"
    return AskingRefused(answer=words) if number in (b"1", b"2") else InstrumentTrouble(reported=words)
