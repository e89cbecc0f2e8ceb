"""What is kept of a value that a machine told by itself, as eight words of 16 bits beside the sample.

===== ==================================================================================================================
words meaning
===== ==================================================================================================================
0     OPC UA: the upper half of the status code (severity and code; OPC 10000-4, 7.39). MQTT: exponent of ten
1…3   the source's own time in milliseconds since 1970 UTC; 0: it said none
4…7   OPC UA: the number, whole as 64 bits, a float as IEEE 754 double. MQTT: the digits as a whole number of 64 bits, so
      that number = digits · 10^exponent, exactly as it was written
===== ==================================================================================================================
"""

from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta
from decimal import Decimal

WORDS = 8
MOST_DIGITS = 18
"""So many always fit into 64 bits. No sensor has more."""
_MOST_EXPONENT = 400
"""More than any float has."""
_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_MS = 2**48 - 1
_WHOLE = (-(2**63), 2**64 - 1)


def of_node(status: int, source: datetime | None, value: bool | int | float | None) -> tuple[int, ...]:
    """What is kept of a value an OPC UA server told.

    Args:
        status: Its status code, 32 bits.
        source: The source's time, aware; ``None``: it said none.
        value: The number as it came; ``None``: no number came.
    """
    return ((status >> 16) & 0xFFFF, *_time(source), *_number(value))


def of_message(number: Decimal | None, source: datetime | None) -> tuple[int, ...]:
    """What is kept of a number in an MQTT message; zeros where no finite number of at most `MOST_DIGITS` digits came."""
    if number is None or not fits(number):
        return (0, *_time(source), 0, 0, 0, 0)
    sign, digits, exponent = number.as_tuple()
    whole = int("".join(map(str, digits)) or "0") * (-1 if sign else 1)
    return (int(exponent) & 0xFFFF, *_time(source), *struct.unpack(">4H", struct.pack(">q", whole)))


def fits(number: Decimal) -> bool:
    """Whether a number can be kept whole."""
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and abs(exponent) <= _MOST_EXPONENT and len(number.as_tuple().digits) <= MOST_DIGITS


def number_in_message(words: tuple[int, ...]) -> Decimal:
    """The number of which `of_message` kept these words."""
    exponent, digits = struct.unpack(">h", struct.pack(">H", words[0]))[0], struct.unpack(">q", struct.pack(">4H", *words[4:]))[0]
    return Decimal(digits).scaleb(exponent)


def source_time(words: tuple[int, ...]) -> datetime | None:
    """The source's own time, to the millisecond."""
    ms = words[1] << 32 | words[2] << 16 | words[3]
    return _BEGIN + timedelta(milliseconds=ms) if ms else None


def _time(source: datetime | None) -> tuple[int, int, int]:
    """A clock that stands before 1970 or beyond 48 bits says no time."""
    ms = (source - _BEGIN) // timedelta(milliseconds=1) if source is not None else 0
    ms = ms if 0 <= ms <= _MOST_MS else 0
    return ms >> 32, ms >> 16 & 0xFFFF, ms & 0xFFFF


def _number(value: bool | int | float | None) -> tuple[int, ...]:
    if value is None:
        content = bytes(8)
    elif isinstance(value, float):
        content = struct.pack(">d", value)
    else:
        low, high = _WHOLE
        content = struct.pack(">Q", int(value) % 2**64) if low <= value <= high else bytes(8)
    return struct.unpack(">4H", content)
