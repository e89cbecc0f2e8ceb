"""A label as SBPL for one print head: a picture, one copy.

The picture goes out in figures (``GH``), twice as long as in bytes: no byte of it can be ENQ, CAN or ESC.

Source: SATO SG112-ex programming reference, ``ESC V``, ``ESC H``, ``ESC G`` p. 297, print command p. 414; E-series programming reference
p. 2-37. Never tried on a printer.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.labels.emit.bands import SIDE, Band, bands
from app.labels.emit.burnt_label import burn
from app.labels.emit.container_label import LabelStock
from app.labels.emit.pieces import Piece


def sbpl_job(pieces: Sequence[Piece], stock: LabelStock, *, dpi: int) -> bytes:
    """One label, one copy. Its size, density and speed are not told: they were set at the printer, with the roll.

    SBPL has no order that keeps a printer from repeating a label interrupted by a fault: it must be told to forget it (CAN).

    Returns:
        ``STX ESC A … ESC Q1 ESC Z ETX``.

    Raises:
        DoesNotFitLabel, LabelNotProven: nothing is emitted.
    """
    label = burn(pieces, stock, dpi=dpi)
    return b"\x02\x1bA" + b"".join(map(_graphic, bands(label))) + b"\x1bQ1\x1bZ\x03"


def _graphic(band: Band) -> bytes:
    """Places are counted from 1, sizes in blocks of 8 dots."""
    rows, width = band.packed.shape
    place = b"\x1bV%04d\x1bH%04d" % (band.y + 1, band.x + 1)
    return place + b"\x1bGH%03d%03d" % (width, rows // SIDE) + band.packed.tobytes().hex().upper().encode("ascii")
