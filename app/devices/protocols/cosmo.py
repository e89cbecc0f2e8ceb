"""Cosmo air leak testers (LS, LR series) set to their T format: the leak alone, in fixed columns, with a checksum.

A tester speaks by itself when its test ends. It could be asked for its last result (``RLD``) as well, and is not: that may be the
leak of the part before. Other formats carry limits and pressures too and are refused; LS-R700 leaves the factory with one of them.

Source: LS-1866 user's manual §11.5 (T format, RLD, error response), LS-R700 user's manual §3-2.3 to 2.5 (T format, checksum with
a worked example).
"""

from __future__ import annotations

import re
from decimal import Decimal
from types import MappingProxyType

from app.base.errors import DeviceError
from app.base.measurement import Quantity
from app.devices.errors import AskingRefused, InstrumentTrouble, NotSettled, UnreadableFrame
from app.devices.framing import Lines
from app.devices.protocol import Known, Parsed, SerialLine, protocol

KEY = "cosmo"

_FRAME = re.compile(rb"(?P<summed>#\d\d 00 (?P<said>[ -~]{1,12}?) ?:)(?P<sum>[\dA-F]{2})")
# Sign and five characters, the point among them or not: -000.4, +0.123, +0999., +00999. Beside an error stands +999. or anything.
_LEAK = re.compile(rb"(?P<judged>[1249C]) (?P<value>[+-](?=[\d.]{5}\Z)\d{1,5}\.?\d{0,4})")
_NO_LEAK = re.compile(rb"(?P<judged>[0D]) [+-][\d.]{1,6}")
_REFUSED = re.compile(rb"\d\d (?P<code>01|10|40|80)")
_JUDGED = {b"1": "Lo NG", b"2": "GOOD", b"4": "Hi NG", b"9": "LL NG", b"C": "HH NG"}
_BUSY, _ERROR = b"10", b"D"


@protocol(
    key=KEY,
    label="Cosmo leak tester (T format)",
    line=SerialLine(baud=9600),
    framing=Lines(b"\r\n", b"\r", b"\n", longest=32),
    gives="measurement",
    known=Known(source="LS-1866 manual §11.5; LS-R700 manual §3-2.3 to 2.5", from_memory=("8N1", "LR series")),
    sends_unit=False,
)
class Cosmo:
    """Pure: bytes in, reading or trouble out."""

    ask_for_value = None
    are_you_there = None
    wishes: MappingProxyType[str, bytes] = MappingProxyType({})

    def __init__(self, *, unit: str | None) -> None:
        """Speak with one tester.

        Args:
            unit: The leak unit of the tester's own settings, from its record; it cannot be told from the frame.

        Raises:
            ValueError: no unit; a number without one is no measurement.
        """
        if not unit:
            raise ValueError("a Cosmo leak tester sends no unit: its record must name one")
        self._unit = unit

    def parse(self, frame: bytes) -> Parsed:
        """Turn one line into a leak.

        Args:
            frame: One line without CR, e.g. ``b"#00 00 2 -000.4:32"``.

        Returns:
            The leak with the tester's own decimals. ``judged`` is its judgement in the manual's word; ``stable`` is ``None``.

        Raises:
            InstrumentTrouble: judgement ``D``, the test ended with an error; the figures beside it are none.
            NotSettled: judgement ``0``, no test was made yet; or error response ``10``, busy.
            AskingRefused: error response ``01`` data, ``40`` checksum or ``80`` command.
            UnreadableFrame: a wrong checksum, or anything else; never a guessed number.
        """
        whole = _FRAME.fullmatch(frame)
        if whole is None or whole["sum"] != _checksum(whole["summed"]):
            raise UnreadableFrame(protocol=KEY, frame=frame)
        said = whole["said"]
        if match := _LEAK.fullmatch(said):
            quantity = Quantity(Decimal(match["value"].decode("ascii")), self._unit)
            return Parsed(quantity=quantity, stable=None, judged=_JUDGED[match["judged"]])
        raise _trouble(said) or UnreadableFrame(protocol=KEY, frame=frame)


def _checksum(summed: bytes) -> bytes:
    """Two's complement of the sum of everything from ``#`` to ``:``, as two hexadecimal digits."""
    return b"%02X" % (-sum(summed) & 0xFF)


def _trouble(said: bytes) -> DeviceError | None:
    if match := _NO_LEAK.fullmatch(said):
        return InstrumentTrouble(reported="D ERROR") if match["judged"] == _ERROR else NotSettled()
    if match := _REFUSED.fullmatch(said):
        return NotSettled() if match["code"] == _BUSY else AskingRefused(answer=match["code"].decode("ascii"))
    return None
