"""Data Matrix ECC 200: code words as dark and light modules.

Source: ISO/IEC 16022:2006, table 7 (sizes), annexes B.1 (padding), E (error correction in GF(256) by 301) and F (placement).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

SIZES = {10: (3, 5), 12: (5, 7), 14: (8, 10), 16: (12, 12), 18: (18, 14), 20: (22, 18), 22: (30, 20), 24: (36, 24), 26: (44, 28)}
SIZES |= {32: (62, 36), 36: (86, 42), 40: (114, 48), 44: (144, 56), 48: (174, 68)}
"""Side of a square symbol → data and check words, as far as they stand in one block."""
_TWO_BY_TWO_FROM = 32
"""Modules per side from which on a symbol has four regions, each with its own finder pattern."""
_PAD = 129
_FREE, _DARK, _LIGHT = -3, -2, -1

Corners = tuple[tuple[int, int], ...]
"""Row and column of the eight bits of one word, most significant first; negative ones are wrapped to the other edge."""


def draw(words: Sequence[int], side: int) -> NDArray[np.bool_]:
    """A symbol of `side` × `side` modules; ``True`` is dark.

    Args:
        words: Data code words, 0 to 255, not more than the size holds; padded here.
        side: One of `SIZES`.
    """
    capacity, checks = SIZES[side]
    padded = [*words, *_padding(len(words), capacity)]
    bits = np.unpackbits(np.array([*padded, *_check_words(padded, checks)], dtype=np.uint8)).astype(np.bool_)
    regions = 2 if side >= _TWO_BY_TWO_FROM else 1
    inner = side // regions - 2
    data = np.append(bits, [True, False])[_places(inner * regions)]
    symbol = np.zeros((side, side), dtype=np.bool_)
    for down in range(regions):
        for across in range(regions):
            region = symbol[down * (inner + 2) : (down + 1) * (inner + 2), across * (inner + 2) : (across + 1) * (inner + 2)]
            region[0, ::2] = region[1::2, -1] = True
            region[:, 0] = region[-1] = True
            region[1:-1, 1:-1] = data[down * inner : (down + 1) * inner, across * inner : (across + 1) * inner]
    return symbol


def _padding(words: int, capacity: int) -> Iterator[int]:
    for place in range(words + 1, capacity + 1):
        number = _PAD if place == words + 1 else _PAD + (149 * place) % 253 + 1
        yield number if number <= 254 else number - 254


def _check_words(words: Sequence[int], count: int) -> list[int]:
    """Remainder of the data by the generator polynomial with the roots 2¹ … 2ⁿ."""
    generator = [1]
    for power in range(1, count + 1):
        generator = [high ^ _times(low, _POWERS[power]) for high, low in zip([*generator, 0], [0, *generator], strict=True)]
    rest = [0] * count
    for word in words:
        lead = word ^ rest[0]
        rest = [one ^ _times(lead, factor) for one, factor in zip([*rest[1:], 0], generator[1:], strict=True)]
    return rest


def _powers_of_two() -> list[int]:
    powers = [1]
    for _ in range(254):
        double = powers[-1] << 1
        powers.append(double ^ 301 if double > 255 else double)
    return powers


_POWERS = _powers_of_two()
_LOGARITHMS = {power: place for place, power in enumerate(_POWERS)}


def _times(one: int, other: int) -> int:
    return _POWERS[(_LOGARITHMS[one] + _LOGARITHMS[other]) % 255] if one and other else 0


def _places(size: int) -> NDArray[np.int_]:
    """For every module of the data area the number of its bit in the stream; what stays free is the fixed pattern of the last corner."""
    places = np.full((size, size), _FREE, dtype=np.int_)
    for word, corners in enumerate(_shapes(size, places)):
        for bit, (row, column) in enumerate(corners):
            places[_within(row, column, size)] = 8 * word + bit
    places[(places == _FREE) & np.eye(size, dtype=np.bool_)] = _DARK
    places[places == _FREE] = _LIGHT
    return places


def _shapes(size: int, places: NDArray[np.int_]) -> Iterator[Corners]:
    """The shapes of the words in their order, along diagonals up and down; `places` is filled by the caller between two of them."""
    row, column = 4, 0
    while row < size or column < size:
        yield from _corner(row, column, size)
        for step_down, step_across in ((-2, 2), (2, -2)):
            while True:
                if 0 <= row < size and 0 <= column < size and places[row, column] == _FREE:
                    yield _utah(row, column)
                row, column = row + step_down, column + step_across
                if (step_down < 0 and (row < 0 or column >= size)) or (step_down > 0 and (row >= size or column < 0)):
                    break
            row, column = (row + 1, column + 3) if step_down < 0 else (row + 3, column + 1)


def _utah(row: int, column: int) -> Corners:
    above, higher, left, further = row - 1, row - 2, column - 1, column - 2
    return (
        *((higher, further), (higher, left)),
        *((above, further), (above, left), (above, column)),
        *((row, further), (row, left), (row, column)),
    )


def _corner(row: int, column: int, size: int) -> Iterator[Corners]:
    """The four shapes that are torn apart by the corners of the symbol."""
    end = size - 1
    if (row, column) == (size, 0):
        yield ((end, 0), (end, 1), (end, 2), (0, end - 1), (0, end), (1, end), (2, end), (3, end))
    if (row, column) == (size - 2, 0) and size % 4:
        yield ((end - 2, 0), (end - 1, 0), (end, 0), (0, end - 3), (0, end - 2), (0, end - 1), (0, end), (1, end))
    if (row, column) == (size - 2, 0) and size % 8 == 4:
        yield ((end - 2, 0), (end - 1, 0), (end, 0), (0, end - 1), (0, end), (1, end), (2, end), (3, end))
    if (row, column) == (size + 4, 2) and size % 8 == 0:
        yield ((end, 0), (end, end), (0, end - 2), (0, end - 1), (0, end), (1, end - 2), (1, end - 1), (1, end))


def _within(row: int, column: int, size: int) -> tuple[int, int]:
    if row < 0:
        row, column = row + size, column + 4 - (size + 4) % 8
    if column < 0:
        row, column = row + 4 - (size + 4) % 8, column + size
    return row, column
