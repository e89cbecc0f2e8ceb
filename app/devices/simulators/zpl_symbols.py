"""Code 128 as a ZPL printer makes it from field data: escapes are interpreted, then drawn as dark and light modules.

Source: Zebra ZPL II programming guide, ``^BC`` (table of invocation characters).
"""

from __future__ import annotations

import re

import numpy as np
import zxingcpp
from barcode.charsets import code128
from numpy.typing import NDArray

Modules = NDArray[np.bool_]
"""Shape (rows, columns); ``True`` is dark. A linear symbol has one row."""

_START = {":": 104, ";": 105, "9": 103}
_SUBSET_OF_START = {103: "A", 104: "B", 105: "C"}
_SUBSET_AFTER = {99: "C", 100: "B", 101: "A"}
_BY_ESCAPE = {"<": 62, "0": 30, "=": 94, "1": 95, "2": 96, "3": 97, "4": 98, "5": 99, "6": 100, "7": 101, "8": 102}


class SymbolRefused(Exception):
    """The field data makes no symbol."""


def code_128(data: str, mode: str) -> Modules:
    """``^BC`` in mode N (what is written is what is coded, subset B unless told) or A (the printer packs by itself)."""
    if mode == "A":
        try:
            bars = zxingcpp.create_barcode(data, zxingcpp.BarcodeFormat.Code128).to_image(scale=1, add_quiet_zones=False)
            return np.asarray(bars)[:1] < 128
        except ValueError as trouble:
            raise SymbolRefused(str(trouble)) from trouble
    if mode not in ("", "N"):
        raise SymbolRefused(f"mode {mode} of ^BC is not simulated")
    words = _code_words(data)
    check = (words[0] + sum(place * word for place, word in enumerate(words))) % 103
    pattern = "".join(code128.CODES[word] for word in [*words, check]) + code128.STOP + "11"
    return np.array([[bar == "1" for bar in pattern]])


def _code_words(data: str) -> list[int]:
    """Start and data words; a change of subset is a word of its own."""
    words, rest = [104], data
    if rest[:1] == ">" and rest[1:2] in _START:
        words, rest = [_START[rest[1]]], rest[2:]
    subset = _SUBSET_OF_START[words[0]]
    while rest:
        taken, word = _next_word(rest, subset)
        if rest[0] == ">":
            subset = _SUBSET_AFTER.get(word, subset)  # the word that would lead to the same subset is FNC4, which changes nothing
        words.append(word)
        rest = rest[taken:]
    return words


def _next_word(rest: str, subset: str) -> tuple[int, int]:
    """How many characters of field data the next code word takes, and its value."""
    if rest[0] == ">" and rest[1:2] in _BY_ESCAPE:
        return 2, _BY_ESCAPE[rest[1]]
    if subset == "C":
        if not re.match(r"[0-9]{2}", rest):
            raise SymbolRefused(f"subset C cannot code {rest[:2]!r}")
        return 2, int(rest[:2])
    value = ord(rest[0]) - 32
    if subset == "A" and value < 0:
        value += 96
    if not 0 <= value <= (94 if subset == "B" else 95):
        raise SymbolRefused(f"subset {subset} cannot code {rest[0]!r}")
    return 1, value
