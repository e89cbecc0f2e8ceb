"""Text drawn with our own font to black dots, for printers that hold no Chinese type."""

from __future__ import annotations

from functools import cache

from PIL import Image, ImageDraw, ImageFont

from app.reports.fonts import Weight

_HALF = 128


@cache
def _face(weight: Weight, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(weight.file, size, layout_engine=ImageFont.Layout.BASIC)


def draw(text: str, size: int, weight: Weight) -> list[bytes]:
    """One line of text as rows of packed dots, most significant bit left, 1 is black.

    `size` is the em in dots; the picture is a fifth higher, to hold what hangs below the line, with the ascenders at its top.
    The caller has made sure that the font knows every character (`fonts.require`).
    """
    face = _face(weight, size)
    ascent = round(size * 0.88)  # Han glyphs of Noto reach from -0.12 to 0.88 em
    width = max(1, round(face.getlength(text)))
    grey = Image.new("L", ((width + 7) // 8 * 8, size + size // 5), 0)
    ImageDraw.Draw(grey).text((0, ascent), text, fill=255, font=face, anchor="ls")
    packed = grey.point(lambda level: 255 if level >= _HALF else 0).convert("1").tobytes()
    per_row = grey.width // 8
    return [packed[start : start + per_row] for start in range(0, len(packed), per_row)]
