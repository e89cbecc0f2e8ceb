"""Pages of a PDF as pictures, for the screen and for tests that look at what was printed."""

from __future__ import annotations

from io import BytesIO

import pypdfium2
from PIL import Image

_POINTS_PER_INCH = 72


def page_pictures(pdf: bytes, *, dpi: int) -> list[Image.Image]:
    """Every page, drawn at `dpi`, in RGB.

    Raises:
        pypdfium2.PdfiumError: the bytes are no PDF. Ours are; certificates from outside are checked when they are taken in.
    """
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.render(scale=dpi / _POINTS_PER_INCH).to_pil().convert("RGB") for page in document]
    finally:
        document.close()


def page_png(pdf: bytes, *, page: int, dpi: int) -> bytes:
    """One page (counted from 1) as PNG, for a screen that knows nothing of PDF.

    Raises:
        ValueError: there is no such page.
    """
    document = pypdfium2.PdfDocument(pdf)
    try:
        if not 1 <= page <= len(document):
            raise ValueError(f"page {page} of {len(document)}")
        picture = BytesIO()
        document[page - 1].render(scale=dpi / _POINTS_PER_INCH).to_pil().convert("RGB").save(picture, "PNG")
        return picture.getvalue()
    finally:
        document.close()


def page_count(pdf: bytes) -> int:
    """How many pages a PDF has."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()
