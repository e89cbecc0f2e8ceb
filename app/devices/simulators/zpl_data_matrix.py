"""Data Matrix as a ZPL printer makes it from a ``^BX`` field: escapes become code words, and nothing is judged.

Symbol libraries refuse or put right what a printer prints as it is told: a separator too many, a wrong check digit, an identifier that
does not exist. Here figures are packed in pairs and everything else one by one, which any encoder may do.

Source: Zebra ZPL II programming guide, ``^BX`` (parameters; escape sequences of quality 200).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from app.devices.simulators import ecc200
from app.devices.simulators.zpl_reader import Field
from app.devices.simulators.zpl_symbols import Modules, SymbolRefused

_FNC1, _UPPER_SHIFT = 232, 235
_LARGEST_TOLD, _SMALLEST_TOLD = 49, 9
_QUARTER_TURNS = {"N": 0, "R": -1, "I": 2, "B": 1}


def data_matrix(field: Field) -> Modules:
    """The symbol that a ``^BX`` field asks for, turned as told, one element per module.

    Raises:
        SymbolRefused: the printer leaves it out, or it is of a kind not drawn here (ECC 000 to 140, rectangles).
    """
    turned, quality, columns, rows, escape, aspect = (field.parameter(place) for place in (0, 2, 3, 4, 6, 7))
    if quality != "200":
        raise SymbolRefused(f"quality {quality or '0'} of ^BX is not drawn: only ECC 200 is")
    if aspect not in ("", "1") or columns != rows:
        raise SymbolRefused("rectangles of ^BX are not drawn")
    words = list(_code_words(field.text, escape or "~"))
    return np.rot90(ecc200.draw(words, _side(len(words), columns)), _QUARTER_TURNS.get(turned, 0))


def _side(words: int, told: str) -> int:
    """The size told, or the smallest that holds. Above 49 means: choose; one that is no size, or too small, leaves the label empty."""
    size = int(told) if told.isdigit() else 0
    if 0 < size < _SMALLEST_TOLD or (size <= _LARGEST_TOLD and size % 2):
        raise SymbolRefused(f"size {size} of ^BX: INVALID-P")
    for side in [size] if 0 < size <= _LARGEST_TOLD else ecc200.SIZES:
        if side in ecc200.SIZES and words <= ecc200.SIZES[side][0]:
            return side
    raise SymbolRefused(f"{words} code words in ^BX: INVALID-L")


def _code_words(data: str, escape: str) -> Iterator[int]:
    mark = re.escape(escape)
    token = rf"{mark}d(?P<number>[0-9]{{3}})|{mark}(?P<sign>.?)|(?P<pair>[0-9]{{2}})|(?P<char>.)"
    for found in re.finditer(token, data, re.DOTALL):
        if found["number"]:
            yield from _plain(int(found["number"]))
        elif found["sign"] is not None:
            yield from _escaped(found["sign"], escape)
        elif found["pair"]:
            yield 130 + int(found["pair"])
        else:
            yield from _plain(ord(found["char"]))


def _escaped(sign: str, escape: str) -> Iterator[int]:
    """``_1`` is FNC1, ``__`` the sign itself, ``_@`` to ``_^`` a control character."""
    if sign == "1":
        yield _FNC1
    elif sign == escape:
        yield from _plain(ord(escape))
    elif sign and "@" <= sign <= "_":
        yield from _plain(ord(sign) - ord("@"))
    else:
        raise SymbolRefused(f"escape sequence {escape}{sign} of ^BX is not drawn")


def _plain(number: int) -> Iterator[int]:
    if number > 255:
        raise SymbolRefused(f"U+{number:04X} is no character of a Data Matrix without ECI")
    if number > 127:
        yield _UPPER_SHIFT
    yield number % 128 + 1
