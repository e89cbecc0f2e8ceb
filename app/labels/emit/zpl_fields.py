r"""ZPL II fields: text that prints literally, bar codes, graphics.

Every ``^FD`` of text stands behind ``^FH\``: what could be read as a command (``^``, ``~``), the indicator itself and every
control character go out as hexadecimal, so lot text such as ``^XA~JA`` is printed and never obeyed. The indicator is the
backslash because the usual ``_`` is taken: ``^BX`` writes FNC1 as ``_1``, and hexadecimal is undone before that.

Source: Zebra ZPL II programming guide, ``^FH``, ``^BC`` (table of invocation characters), ``^BX`` (escape sequences), ``^GF``.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.labels.gs1_symbol import ProvenSymbol
from app.scanning.characters import GS
from app.scanning.gs1_writing import element_string

FNC1 = GS
"""How this module writes FNC1 between GS1 elements before a symbol's own escapes are applied."""

_DANGEROUS = frozenset(b"^~\\") | frozenset(range(0x20)) | {0x7F}
_CODE_128_ESCAPES = {">": ">0", "~": ">=", "^": "><", FNC1: ">8"}
_TO_C, _TO_B, _START_C, _START_B = ">5", ">6", ">;", ">:"


def literal(text: str) -> bytes:
    """``^FH`` + ``^FD`` + text + ``^FS``, UTF-8 (needs ``^CI28``), that no printer reads as a command."""
    safe = b"".join(b"\\%02X" % byte if byte in _DANGEROUS else bytes((byte,)) for byte in text.encode("utf-8"))
    return b"^FH\\^FD" + safe + b"^FS"


def at(x: int, y: int) -> bytes:
    """``^FO``: upper left corner of the field, in dots."""
    return b"^FO%d,%d" % (x, y)


def text_field(x: int, line: int, height: int, text: str) -> bytes:
    """Text in the printer's own scalable font, `height` dots per em, standing on the line `line` dots from the top (``^FT``)."""
    return b"^FT%d,%d^A0N,%d,%d" % (x, line, height, height) + literal(text)


def filled(x: int, y: int, width: int, height: int) -> bytes:
    """A black rule or block."""
    return at(x, y) + b"^GB%d,%d,%d^FS" % (width, height, min(width, height))


def frame(x: int, y: int, width: int, height: int, line: int) -> bytes:
    """A rectangle drawn with lines `line` dots wide."""
    return at(x, y) + b"^GB%d,%d,%d^FS" % (width, height, line)


def bitmap(x: int, y: int, rows: Sequence[bytes]) -> bytes:
    """A picture, one ``bytes`` per row, most significant bit left, 1 is black; all rows of one length."""
    per_row = len(rows[0])
    total = per_row * len(rows)
    return at(x, y) + b"^GFA,%d,%d,%d," % (total, total, per_row) + b"".join(rows).hex().upper().encode("ascii") + b"^FS"


def code_128_field(x: int, y: int, height: int, module: int, text: str) -> bytes:
    """A Code 128 without interpretation line; `module` is the narrow bar in dots."""
    return at(x, y) + b"^BY%d^BCN,%d,N,N,N,N" % (module, height) + literal(code_128_text(text))


def gs1_128_field(x: int, y: int, height: int, module: int, content: ProvenSymbol) -> bytes:
    """A GS1-128 of elements that were proven in a DataMatrix."""
    data = FNC1 + element_string(content.elements)
    return at(x, y) + b"^BY%d^BCN,%d,N,N,N,N" % (module, height) + literal(code_128_text(data))


def gs1_datamatrix_field(x: int, y: int, module: int, symbol: ProvenSymbol) -> bytes:
    """A GS1 DataMatrix (ECC 200) of the size of the proven one, `module` dots per module.

    The escape character is always named, because old firmware defaults to ``~``. There is no ``^FH``: GS1 data holds neither ``^`` nor
    ``~``, and hexadecimal escapes would be undone before those of the symbol.
    """
    escaped = (FNC1 + element_string(symbol.elements)).replace("_", "__").replace(FNC1, "_1")
    return at(x, y) + b"^BXN,%d,200,%d,%d,,_^FD" % (module, symbol.side, symbol.side) + escaped.encode("ascii") + b"^FS"


def code_128_text(text: str) -> str:
    """``^BC`` field data in mode N: start and changes of subset written out, digits in pairs where that is shorter.

    Raises:
        ValueError: a character outside printable ASCII (FNC1 excepted).
    """
    if not all(char == FNC1 or " " <= char <= "~" for char in text):
        raise ValueError(f"{text!r} cannot stand in a Code 128 of subsets B and C")
    in_pairs = _digits_ahead(text.lstrip(FNC1)) >= 4
    out = _START_C if in_pairs else _START_B
    position = 0
    while position < len(text):
        ahead = _digits_ahead(text[position:])
        if text[position] == FNC1:
            taken = 1
        elif in_pairs and ahead < 2:
            out, in_pairs = out + _TO_B, False
            continue
        elif not in_pairs and ahead >= 4 and ahead % 2 == 0:
            out, in_pairs = out + _TO_C, True
            continue
        else:
            taken = 2 if in_pairs else 1
        piece = text[position : position + taken]
        out += piece if in_pairs and taken == 2 else _CODE_128_ESCAPES.get(piece, piece)
        position += taken
    return out


def code_128_modules(text: str) -> int:
    """Width of the bars in modules, quiet zones (10 on either side) not counted."""
    data = code_128_text(text)[2:]
    symbols = 2  # start and check character
    in_pairs = code_128_text(text)[:2] == _START_C
    while data:
        if data[:2] in (_TO_B, _TO_C):
            in_pairs = data[:2] == _TO_C
        taken = 2 if data[0] == ">" or in_pairs else 1
        data, symbols = data[taken:], symbols + 1
    return 11 * symbols + 13


def _digits_ahead(text: str) -> int:
    return len(text) - len(text.lstrip("0123456789"))
