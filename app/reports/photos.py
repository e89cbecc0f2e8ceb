"""Photographs for paper. The file itself lies beside the paper, whole; what is printed is as large as an eye can use."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

LONGEST_PX = 1200
"""The longer side: 300 dots an inch over 100 mm."""
_QUALITY = 85


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallPicture:
    """A JPEG of so many pixels."""

    content: bytes
    width: int
    height: int


def small_jpeg(content: bytes) -> SmallPicture:
    """Upright as the camera says, at most `LONGEST_PX` on its longer side, on white. The same bytes make the same bytes.

    Args:
        content: PNG or JPEG that was read to its end when it was kept (`app.core.pictures`).
    """
    with Image.open(BytesIO(content), formats=("PNG", "JPEG")) as image:
        upright = ImageOps.exif_transpose(image).convert("RGBA")
    upright.thumbnail((LONGEST_PX, LONGEST_PX), Image.Resampling.LANCZOS)
    ground = Image.new("RGB", upright.size, "white")
    ground.paste(upright, mask=upright.getchannel("A"))
    out = BytesIO()
    ground.save(out, "JPEG", quality=_QUALITY)
    return SmallPicture(content=out.getvalue(), width=ground.width, height=ground.height)
