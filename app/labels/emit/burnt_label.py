"""A whole label as black dots, for printers to which it is sent as a picture; its symbols are read back from the dots themselves.

ZPL says what a symbol holds, and the printer draws it. TSPL and SBPL say so too (``DMATRIX`` with ``c126``, ``ESC BX``), but what
comes out depends on the firmware: escapes that one maker's printers obey another's print, fonts have other widths under the same
name. A picture is the same on all of them, holds nothing that could be taken for a command, and is proven before it leaves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import barcode
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from app.labels.emit import glyph_bitmap, sign_bitmap
from app.labels.emit.container_label import LabelStock
from app.labels.emit.pieces import Bars, Box, DoesNotFitLabel, Icon, Matrix, Piece, Sign, Text
from app.labels.emit.print_head import HEADS_DPI, MM_PER_INCH, NARROWEST_MODULE_MM, QUIET_MODULES, WIDEST_MODULE_MM, dots_of
from app.labels.gs1_symbol import CARRIER, LabelNotProven, shown
from app.reports import fonts

Dots = NDArray[np.bool_]
"""Shape (rows, columns); ``True`` is burnt."""
_CODE_128 = "]C0"
"""AIM identifier of a Code 128 without FNC1 in front (ISO/IEC 15424)."""
_MATRIX_QUIET_MODULES = 1
"""Around a DataMatrix, ISO/IEC 16022 §7.3.2."""
_SYMBOLS = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.Code128, zxingcpp.BarcodeFormat.DataMatrix])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    """A symbol on the label, with what it needs around it and what must be read from it."""

    x: int
    y: int
    dots: Dots
    quiet_x: int
    quiet_y: int
    says: str
    """With its AIM identifier; GS stands for FNC1 between elements."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BurntLabel:
    """A label as dots, and what was read from them."""

    dots: Dots
    read: str
    """Of all its symbols, in the order they were placed, each with its AIM identifier; GS stands for FNC1 between elements."""


def burn(pieces: Sequence[Piece], stock: LabelStock, *, dpi: int) -> Dots:
    """The dots of `burn_and_read`."""
    return burn_and_read(pieces, stock, dpi=dpi).dots


def burn_and_read(pieces: Sequence[Piece], stock: LabelStock, *, dpi: int) -> BurntLabel:
    """Draw the label and read every symbol of it back from the drawing.

    Args:
        pieces: In millimetres.
        stock: The roll.
        dpi: Of the print head, one of `HEADS_DPI`.

    Raises:
        DoesNotFitLabel: bars would be too narrow to scan, or ink would fall beside the label.
        LabelNotProven: a symbol reads otherwise than it should, or something stands in its quiet zone; nothing may be printed.
    """
    if dpi not in HEADS_DPI:
        raise ValueError(f"no head has {dpi} dpi")
    label = np.zeros((dots_of(stock.height_mm, dpi), dots_of(stock.width_mm, dpi)), dtype=np.bool_)
    symbols: list[_Placed] = []
    for piece in pieces:
        x, y = dots_of(piece.x, dpi), dots_of(piece.y, dpi)
        if isinstance(piece, Bars | Matrix):
            symbol = _bars(piece, y, stock, dpi) if isinstance(piece, Bars) else _matrix(piece, x, y, dpi)
            symbols.append(symbol)
            _put(label, symbol.x, symbol.y, symbol.dots, piece, stock)
        else:
            _put(label, x, y, _drawn(piece, dpi), piece, stock)
    return BurntLabel(dots=label, read="".join(_read_back(label, symbol) for symbol in symbols))


def _drawn(piece: Text | Box | Sign | Icon, dpi: int) -> Dots:
    match piece:
        case Text():
            return _text(piece, dpi)
        case Box(line=0):
            return np.ones((max(1, dots_of(piece.height, dpi)), dots_of(piece.width, dpi)), dtype=np.bool_)
        case Box():
            line = max(1, dots_of(piece.line, dpi))
            box = np.ones((dots_of(piece.height, dpi), dots_of(piece.width, dpi)), dtype=np.bool_)
            box[line:-line, line:-line] = False
            return box
        case Sign() | Icon():
            return _unpacked(sign_bitmap.draw(piece, dots_per_mm=dpi / MM_PER_INCH))


def _text(piece: Text, dpi: int) -> Dots:
    """Letters of whole dots run wider than drawn ones: as small as it takes to stay within the width the layout reckoned with."""
    size, room = dots_of(piece.size, dpi), dots_of(fonts.width_of(piece.text, piece.size, piece.weight), dpi)
    while glyph_bitmap.face(piece.weight, size).getlength(piece.text) > room + 1 and size > 1:
        size -= 1
    return _unpacked(glyph_bitmap.draw(piece.text, size, piece.weight))


def _bars(piece: Bars, y: int, stock: LabelStock, dpi: int) -> _Placed:
    modules = np.array([module == "1" for module in barcode.Code128(piece.code).build()[0]], dtype=np.bool_)
    room = dots_of(piece.width, dpi)
    module = min(room // (len(modules) + 2 * QUIET_MODULES), int(WIDEST_MODULE_MM * dpi / MM_PER_INCH))
    if module * MM_PER_INCH / dpi < NARROWEST_MODULE_MM:
        raise DoesNotFitLabel(text=piece.code, width=stock.width_mm)
    # The margin of the label is a part of the left quiet zone, so the bars stand flush with the text as far as it allows.
    x, quiet = max(dots_of(piece.x, dpi), QUIET_MODULES * module), QUIET_MODULES * module
    dots = np.tile(modules.repeat(module), (dots_of(piece.height, dpi), 1))
    return _Placed(x=x, y=y, dots=dots, quiet_x=quiet, quiet_y=0, says=_CODE_128 + piece.code)


def _matrix(piece: Matrix, x: int, y: int, dpi: int) -> _Placed:
    module = dots_of(piece.module, dpi)
    quiet = _MATRIX_QUIET_MODULES * module
    dots = np.array(piece.symbol.modules, dtype=np.bool_).repeat(module, axis=0).repeat(module, axis=1)
    return _Placed(x=x, y=y, dots=dots, quiet_x=quiet, quiet_y=quiet, says=CARRIER + piece.symbol.decoded.decode("ascii"))


def _put(label: Dots, x: int, y: int, piece_dots: Dots, piece: Piece, stock: LabelStock) -> None:
    """Burn a piece. White that hangs over the edge is no loss; ink would be."""
    height, width = label[y : y + piece_dots.shape[0], x : x + piece_dots.shape[1]].shape
    if piece_dots[height:].any() or piece_dots[:, width:].any():
        raise DoesNotFitLabel(text=getattr(piece, "text", getattr(piece, "code", "–")), width=stock.width_mm)
    label[y : y + height, x : x + width] |= piece_dots[:height, :width]


def _read_back(label: Dots, symbol: _Placed) -> str:
    """Read the symbol where it stands, with its quiet zone as the finished label has it."""
    height, width = symbol.dots.shape
    top, left = max(0, symbol.y - symbol.quiet_y), max(0, symbol.x - symbol.quiet_x)
    there = label[top : symbol.y + height + symbol.quiet_y, left : symbol.x + width + symbol.quiet_x]
    light = np.pad(np.where(there, 0, 255).astype(np.uint8), 1, constant_values=255)
    found = zxingcpp.read_barcodes(light, formats=_SYMBOLS, try_rotate=False)
    read = "".join(one.symbology_identifier + one.bytes.decode("latin-1") for one in found)
    if read != symbol.says:
        raise LabelNotProven(asked=shown(symbol.says), found=shown(read))
    return read


def _unpacked(rows: Sequence[bytes]) -> Dots:
    return np.unpackbits(np.frombuffer(b"".join(rows), dtype=np.uint8).reshape(len(rows), -1), axis=1).astype(np.bool_)
