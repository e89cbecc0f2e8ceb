"""A label as TSPL for one print head: a picture, one copy.

Source: TSC TSPL/TSPL2 programming manual, ``SIZE``, ``DIRECTION``, ``REFERENCE``, ``CLS``, ``BITMAP``, ``PRINT``, ``SET REPRINT``; that
a dot is burnt where ``BITMAP`` holds a 0 is from memory. Never tried on a printer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.labels.emit.bands import Band, bands, free_of
from app.labels.emit.burnt_label import burn
from app.labels.emit.container_label import LabelStock
from app.labels.emit.pieces import Piece

_AT_ONCE = b"\x1b!"
"""Begins an order that the printer obeys wherever it stands, perhaps also in the middle of a picture: a question, or a reset."""
_OVERWRITE = 0


def tspl_job(pieces: Sequence[Piece], stock: LabelStock, *, dpi: int) -> bytes:
    """One label, one copy, not repeated by the printer itself after a fault.

    Gap, density and speed are not told: they belong to roll and ribbon, and were set at the printer.

    Returns:
        From an empty line, which ends what somebody else may have begun, to ``PRINT 1,1``.

    Raises:
        DoesNotFitLabel, LabelNotProven: nothing is emitted.
    """
    label = burn(pieces, stock, dpi=dpi)
    inverted = [replace(band, packed=~band.packed) for band in bands(label)]
    pictures = [_bitmap(part) for band in inverted for part in free_of(_AT_ONCE, band)]
    head = [
        b"",
        b"SIZE %.1f mm,%.1f mm" % (stock.width_mm, stock.height_mm),
        b"SET REPRINT OFF",
        b"DIRECTION 0,0",
        b"REFERENCE 0,0",
        b"CLS",
    ]
    return b"\r\n".join([*head, *pictures, b"PRINT 1,1", b""])


def _bitmap(band: Band) -> bytes:
    rows, width = band.packed.shape
    return b"BITMAP %d,%d,%d,%d,%d," % (band.x, band.y, width, rows, _OVERWRITE) + band.packed.tobytes()
