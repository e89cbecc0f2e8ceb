"""A label format burnt into dots, and what a hand scanner finds on the result."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import zxingcpp
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from app.devices.simulators import zpl_symbols
from app.devices.simulators.zpl_data_matrix import data_matrix
from app.devices.simulators.zpl_reader import Field, Format
from app.devices.simulators.zpl_symbols import Modules, SymbolRefused

_READABLE = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.Code128, zxingcpp.BarcodeFormat.DataMatrix, zxingcpp.BarcodeFormat.QRCode])

Dots = NDArray[np.bool_]
"""Shape (rows, columns) of the label; ``True`` is burnt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedLabel:
    """One piece of paper that came out of the printer."""

    dots: Dots
    scans: tuple[str, ...]
    """What a scanner reports of each symbol found in the picture, with its AIM identifier, from top to bottom: ``]C0C26-00017``."""
    texts: tuple[str, ...]
    """Field data of the text fields, as the printer understood it."""
    refused: tuple[str, ...]
    """Why a symbol asked for is not on the paper."""
    complete: bool
    """``False``: the paper ended within the label; what is on it is not the whole label."""

    def picture(self) -> Image.Image:
        """Black on white, one pixel per dot."""
        return Image.fromarray(np.where(self.dots, 0, 255).astype(np.uint8))


def burn(label: Format, *, upto: float) -> PrintedLabel:
    """Draw and read back one label; only the first part `upto` (0 to 1) of its length reaches the paper."""
    dots = np.zeros((label.height, label.width), dtype=np.bool_)
    refused: list[str] = []
    for field in label.fields:
        try:
            _burn_field(dots, field)
        except SymbolRefused as trouble:
            refused.append(str(trouble))
    dots[round(label.height * upto) :] = False
    return PrintedLabel(
        dots=dots,
        scans=scan(dots),
        texts=tuple(field.text for field in label.fields if field.kind == "A"),
        refused=tuple(refused),
        complete=upto >= 1,
    )


def scan(dots: Dots) -> tuple[str, ...]:
    """Read every symbol in the picture, like a hand scanner that reports AIM identifiers; GS stands where FNC1 separates."""
    light = np.pad(np.where(dots, 0, 255).astype(np.uint8), 20, constant_values=255)
    found = sorted(zxingcpp.read_barcodes(light, formats=_READABLE), key=lambda symbol: symbol.position.top_left.y)
    return tuple(symbol.symbology_identifier + symbol.bytes.decode("utf-8", errors="replace") for symbol in found)


def _burn_field(dots: Dots, field: Field) -> None:
    match field.kind:
        case "A":
            text, ascent = _type(field)
            _put(dots, field.x, field.y - ascent if field.on_line else field.y, text)
        case "BC":
            bars = zpl_symbols.code_128(field.text, field.parameter(5))
            height = _size(field, 1, field.bar_height)
            _put(dots, field.x, field.y, np.repeat(np.repeat(bars, field.module, axis=1), height, axis=0))
        case "BX":
            matrix = data_matrix(field)
            module = _size(field, 1, 0) or max(1, round(field.bar_height / len(matrix)))
            _put(dots, field.x, field.y, matrix.repeat(module, axis=0).repeat(module, axis=1))
        case "GB":
            _put(dots, field.x, field.y, _box(field))
        case "GF":
            _put(dots, field.x, field.y, _graphic(field))


def _type(field: Field) -> tuple[Modules, int]:
    """Text and how far it reaches up from its line. The built-in face has no Chinese: empty boxes stand there, as in life."""
    size = max(_size(field, 1, 10), 6)  # ^A0N,h,w: font and rotation come first
    face = ImageFont.load_default(size)
    assert isinstance(face, ImageFont.FreeTypeFont)
    ascent, descent = face.getmetrics()
    picture = Image.new("1", (max(int(face.getlength(field.text)), 1), ascent + descent), 0)
    ImageDraw.Draw(picture).text((0, ascent), field.text, fill=1, font=face, anchor="ls")
    return np.asarray(picture, dtype=np.bool_), ascent


def _box(field: Field) -> Modules:
    line = max(_size(field, 2, 1), 1)
    width, height = (max(_size(field, place, line), line) for place in (0, 1))
    box = np.ones((height, width), dtype=np.bool_)
    box[line : height - line, line : width - line] = False
    return box


def _graphic(field: Field) -> Modules:
    """``^GFA``: compression A means hexadecimal digits; a length that does not fit prints nothing."""
    total, per_row, digits = _size(field, 2, 0), _size(field, 3, 1), field.parameter(4)
    if field.parameter(0) != "A" or len(digits) != 2 * total or total % per_row or set(digits) - set("0123456789ABCDEFabcdef"):
        raise SymbolRefused("graphic data does not fit its announced length")
    packed = np.frombuffer(bytes.fromhex(digits), dtype=np.uint8).reshape(-1, per_row)
    return np.unpackbits(packed, axis=1).astype(np.bool_)


def _put(dots: Dots, x: int, y: int, piece: Modules) -> None:
    """Burn a piece; what hangs over the edge of the label is lost."""
    height, width = dots[y : y + piece.shape[0], x : x + piece.shape[1]].shape
    dots[y : y + height, x : x + width] |= piece[:height, :width]


def _size(field: Field, place: int, otherwise: int) -> int:
    """A number of dots; a printer takes its own value where none, or no number, was given."""
    text = field.parameter(place)
    return int(text) if text.isdigit() else otherwise
