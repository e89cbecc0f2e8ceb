"""A label as ZPL II for one print head."""

from __future__ import annotations

from collections.abc import Sequence

from app.base.phrases import THIN_SPACE, Language
from app.labels.emit import glyph_bitmap, sign_bitmap, zpl_fields
from app.labels.emit.container_label import ContainerLabel, LabelStock
from app.labels.emit.glyph_bitmap import ASCENT
from app.labels.emit.layout import lay_out
from app.labels.emit.pieces import Bars, Box, DoesNotFitLabel, Icon, Matrix, Piece, Sign, Text
from app.labels.emit.print_head import HEADS_DPI, MM_PER_INCH, NARROWEST_MODULE_MM, QUIET_MODULES, WIDEST_MODULE_MM, dots_of

_WIDEST_MODULE_DOTS = 10
"""Of a bar: ``^BY`` knows no more."""


def zpl_label(label: ContainerLabel, stock: LabelStock, language: Language, *, dpi: int) -> bytes:
    """A container label as one job, see `zpl_job`.

    Raises:
        DoesNotFitLabel, CharacterNotInFont, FontsNotBuilt: nothing is emitted.
    """
    return zpl_job(lay_out(label, stock, language), stock, dpi=dpi)


def zpl_job(pieces: Sequence[Piece], stock: LabelStock, *, dpi: int) -> bytes:
    """One label, one copy, never reprinted by the printer itself after a fault. `dpi` is the printer's head, one of `HEADS_DPI`.

    Returns:
        ``^XA … ^XZ``. ``^JZN``: a label interrupted by paper out is not printed again by itself, because then two would
        exist; a person decides. ``^PQ1``: one job is one label, so the printer's own count says which one is in doubt.

    Raises:
        DoesNotFitLabel: bars would be too narrow to scan; nothing is emitted.
    """
    if dpi not in HEADS_DPI:
        raise ValueError(f"no head has {dpi} dpi")
    width, height = dots_of(stock.width_mm, dpi), dots_of(stock.height_mm, dpi)
    fields = [_field(piece, stock, dpi) for piece in pieces]
    start = b"^XA^CI28^JZN^PW%d^LL%d^LH0,0^FWN" % (width, height)
    return b"\n".join([start, *fields, b"^PQ1^XZ", b""])


def _field(piece: Piece, stock: LabelStock, dpi: int) -> bytes:
    x, y = dots_of(piece.x, dpi), dots_of(piece.y, dpi)
    match piece:
        case Text():
            return _text(piece, x, y, dpi)
        case Box(line=0):
            return zpl_fields.filled(x, y, dots_of(piece.width, dpi), max(1, dots_of(piece.height, dpi)))
        case Box():
            return zpl_fields.frame(x, y, dots_of(piece.width, dpi), dots_of(piece.height, dpi), max(1, dots_of(piece.line, dpi)))
        case Bars():
            return _bars(piece, y, stock, dpi)
        case Matrix():
            return zpl_fields.gs1_datamatrix_field(x, y, dots_of(piece.module, dpi), piece.symbol)
        case Sign() | Icon():
            return zpl_fields.bitmap(x, y, sign_bitmap.draw(piece, dots_per_mm=dpi / MM_PER_INCH))


def _text(piece: Text, x: int, y: int, dpi: int) -> bytes:
    """ASCII in the printer's own font, which is fast and sharp; anything else, and what asks for it, as dots from ours."""
    size = dots_of(piece.size, dpi)
    plain = piece.text.replace(THIN_SPACE, " ")
    if plain.isascii() and not piece.own_face:
        return zpl_fields.text_field(x, y + round(ASCENT * size), size, plain)
    return zpl_fields.bitmap(x, y, glyph_bitmap.draw(piece.text, size, piece.weight))


def _bars(piece: Bars, y: int, stock: LabelStock, dpi: int) -> bytes:
    modules = zpl_fields.code_128_modules(piece.code)
    room = dots_of(piece.width, dpi)
    module = min(room // (modules + 2 * QUIET_MODULES), int(WIDEST_MODULE_MM * dpi / MM_PER_INCH), _WIDEST_MODULE_DOTS)
    if module * MM_PER_INCH / dpi < NARROWEST_MODULE_MM:
        raise DoesNotFitLabel(text=piece.code, width=stock.width_mm)
    # The margin of the label is a part of the left quiet zone, so the bars stand flush with the text as far as it allows.
    x = max(dots_of(piece.x, dpi), QUIET_MODULES * module)
    return zpl_fields.code_128_field(x, y, dots_of(piece.height, dpi), module, piece.code)
