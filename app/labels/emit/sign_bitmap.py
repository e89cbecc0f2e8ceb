"""Framed words and icons as dots, for printers that draw neither in our own shape."""

from __future__ import annotations

from PIL import Image, ImageDraw

from app.labels.emit.glyph_bitmap import face, packed
from app.labels.emit.pieces import Icon, Sign
from app.reports.fonts import Weight

SIGN_LINE_MM = 0.2
"""Of the frame around a word."""
MIDDLE_OF_LETTERS = 0.37
"""Ems from the base line up to half the height of a capital letter; half a Han character stands there too."""


def draw(piece: Sign | Icon, *, dots_per_mm: float) -> list[bytes]:
    """Rows of packed dots, most significant bit left, 1 is black."""
    match piece:
        case Sign():
            return packed(_sign(piece, dots_per_mm))
        case Icon():
            return packed(_icon(piece, dots_per_mm))


def _sign(piece: Sign, dots_per_mm: float) -> Image.Image:
    width, height, size = (round(length * dots_per_mm) for length in (piece.width, piece.height, piece.size))
    ground, ink = (255, 0) if piece.filled else (0, 255)
    grey = Image.new("L", (width, height), ground)
    pen = ImageDraw.Draw(grey)
    if not piece.filled:
        pen.rectangle((0, 0, width - 1, height - 1), outline=ink, width=max(1, round(SIGN_LINE_MM * dots_per_mm)))
    pen.text((width / 2, height / 2 + MIDDLE_OF_LETTERS * size), piece.text, fill=ink, font=face(Weight.BOLD, size), anchor="ms")
    return grey


def _icon(piece: Icon, dots_per_mm: float) -> Image.Image:
    side, line = round(piece.size * dots_per_mm), max(1, round(piece.line * dots_per_mm))
    grey = Image.new("L", (side, side), 0)
    pen = ImageDraw.Draw(grey)
    for stroke in piece.strokes:
        pen.line([(across * (side - 1), down * (side - 1)) for across, down in stroke], fill=255, width=line, joint="curve")
    return grey
