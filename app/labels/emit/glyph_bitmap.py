"""Text drawn with our own font to black dots, for printers that hold no Chinese type."""

from __future__ import annotations

from functools import cache

from PIL import Image, ImageDraw, ImageFont

from app.reports.fonts import Weight

ASCENT = 0.88
"""Ems from the top of the em square down to the line that letters stand on; Han glyphs of Noto reach from -0.12 to 0.88."""
_HALF = 128


@cache
def face(weight: Weight, size: int) -> ImageFont.FreeTypeFont:
    """Our font with an em of `size` dots."""
    return ImageFont.truetype(weight.file, size, layout_engine=ImageFont.Layout.BASIC)


def draw(text: str, size: int, weight: Weight) -> list[bytes]:
    """One line of text as rows of packed dots, most significant bit left, 1 is black.

    `size` is the em in dots; the picture is a fifth higher, to hold what hangs below the line, with the ascenders at its top.
    The caller has made sure that the font knows every character (`fonts.require`).
    """
    type_face = face(weight, size)
    ascent = round(size * ASCENT)
    width = max(1, round(type_face.getlength(text)))
    grey = Image.new("L", (width, size + size // 5), 0)
    ImageDraw.Draw(grey).text((0, ascent), text, fill=255, font=type_face, anchor="ls")
    return packed(grey)


def packed(grey: Image.Image) -> list[bytes]:
    """A picture of light strokes on dark ground as rows of packed dots; what is lighter than half is burnt."""
    dots = grey.point(lambda level: 255 if level >= _HALF else 0).convert("1").tobytes()  # each row begins with a byte of its own
    per_row = (grey.width + 7) // 8
    return [dots[start : start + per_row] for start in range(0, len(dots), per_row)]
