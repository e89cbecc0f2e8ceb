"""Photographs for paper. The file itself lies beside the paper, whole; what is printed is as large as an eye can use."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

LONGEST_PX = 1200
"""The longer side: 300 dots an inch over 100 mm."""
_QUALITY = 85
_MOST_PIXELS = 80_000_000
_ORIENTATION = 0x0112
_TURNED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""How a picture is put upright, by what its EXIF says of its orientation (EXIF 2.3, tag 0x0112)."""
_UNREADABLE = (OSError, SyntaxError, ValueError, KeyError, EOFError, TypeError, AttributeError, IndexError, struct.error, MemoryError)


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallPicture:
    """A JPEG of so many pixels."""

    content: bytes
    width: int
    height: int


def small_jpeg(content: bytes) -> SmallPicture | None:
    """Upright as the camera says, at most `LONGEST_PX` on its longer side, on white. The same bytes make the same bytes.

    A paper must come out whatever once went in: what cannot be drawn is ``None``, and whoever prints says so.
    """
    try:
        with Image.open(BytesIO(content), formats=("PNG", "JPEG")) as image:
            if image.width * image.height > _MOST_PIXELS:
                return None
            turn = _turn_of(image)
            image.draft("RGB", (LONGEST_PX, LONGEST_PX))  # a JPEG is read as small as it may be
            seen = image.convert("RGBA")
        if turn is not None:
            seen = seen.transpose(turn)
        seen.thumbnail((LONGEST_PX, LONGEST_PX), Image.Resampling.LANCZOS)
        ground = Image.new("RGB", seen.size, "white")
        ground.paste(seen, mask=seen.getchannel("A"))
        out = BytesIO()
        ground.save(out, "JPEG", quality=_QUALITY)
    except (*_UNREADABLE, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None
    return SmallPicture(content=out.getvalue(), width=ground.width, height=ground.height)


def _turn_of(image: Image.Image) -> Image.Transpose | None:
    """A damaged EXIF says nothing; the picture is none the worse for it."""
    try:
        return _TURNED.get(image.getexif().get(_ORIENTATION))  # type: ignore[arg-type]
    except _UNREADABLE:
        return None
