"""From registers to a number and back, exactly: no float arithmetic, no guess about halves.

Source:
    Modbus Application Protocol V1.1b3, 4.2: a register is sent high byte first. The order of the two registers of a 32-bit number is
    not defined there; every maker chooses.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from decimal import Decimal

from app.devices.machines.register_map import NumberType, Place, WordOrder

_FORMATS = {NumberType.U16: ">H", NumberType.I16: ">h", NumberType.U32: ">I", NumberType.I32: ">i", NumberType.F32: ">f"}


def number_of(words: Sequence[int], place: Place) -> Decimal:
    """The raw number that stands in these registers, before scaling.

    Args:
        words: Exactly its registers, each 0…65535, in the order of their addresses.
        place: What they are.

    Returns:
        Exactly that number; for ``f32`` with all its binary digits, or NaN or an infinity.

    Raises:
        ValueError: another count of registers, or one that is none.
    """
    if len(words) != place.type.words:
        raise ValueError(f"{len(words)} registers for a number of {place.type}")
    try:
        content = struct.pack(f">{len(words)}H", *_high_first(words, place))
    except struct.error as trouble:
        raise ValueError(f"{list(words)} are no registers") from trouble
    return Decimal(struct.unpack(_FORMATS[place.type], content)[0])


def words_of(number: Decimal, place: Place) -> tuple[int, ...]:
    """The registers that hold this raw number: what a simulated machine puts there.

    Raises:
        ValueError: the type cannot hold it.
    """
    value: int | float = float(number) if place.type is NumberType.F32 else int(number)
    try:
        content = struct.pack(_FORMATS[place.type], value)
    except (struct.error, OverflowError) as trouble:
        raise ValueError(f"{number} is no {place.type}") from trouble
    return tuple(_high_first(struct.unpack(f">{place.type.words}H", content), place))


def _high_first(words: Sequence[int], place: Place) -> Sequence[int]:
    return words[::-1] if place.word_order is WordOrder.LITTLE else words
