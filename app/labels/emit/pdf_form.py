"""A container label as one PDF page of the label's size, for office printers and for the record of what was printed."""

from __future__ import annotations

from io import BytesIO

import barcode
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from app.base.phrases import Language
from app.labels.emit.container_label import ContainerLabel, LabelStock
from app.labels.emit.layout import Bars, Box, DoesNotFitLabel, Piece, Text, lay_out
from app.labels.emit.zpl_form import NARROWEST_MODULE_MM, QUIET_MODULES, WIDEST_MODULE_MM
from app.reports import fonts


def pdf_label(label: ContainerLabel, stock: LabelStock, language: Language) -> bytes:
    """One page, vector bars, embedded font; the same label gives the same bytes.

    Raises:
        DoesNotFitLabel, CharacterNotInFont, FontsNotBuilt: nothing is made.
    """
    page = BytesIO()
    canvas = Canvas(page, pagesize=(stock.width_mm * mm, stock.height_mm * mm), invariant=1, pageCompression=1)
    canvas.setTitle(label.code)
    canvas.setLineJoin(0)
    for piece in lay_out(label, stock, language):
        _draw(canvas, piece, stock)
    canvas.showPage()
    canvas.save()
    return page.getvalue()


def _draw(canvas: Canvas, piece: Piece, stock: LabelStock) -> None:
    x, top = piece.x * mm, (stock.height_mm - piece.y) * mm
    match piece:
        case Text():
            canvas.setFont(fonts.font(piece.weight).fontName, piece.size * mm)
            canvas.drawString(x, top - 0.88 * piece.size * mm, piece.text)
        case Box(line=0):
            canvas.rect(x, top - piece.height * mm, piece.width * mm, piece.height * mm, stroke=0, fill=1)
        case Box():
            inset = piece.line * mm / 2
            canvas.setLineWidth(piece.line * mm)
            canvas.rect(x + inset, top - piece.height * mm + inset, piece.width * mm - 2 * inset, piece.height * mm - 2 * inset)
        case Bars():
            _draw_bars(canvas, piece, stock)


def _draw_bars(canvas: Canvas, piece: Bars, stock: LabelStock) -> None:
    """Runs of dark modules as one rectangle each: no hairlines between neighbours."""
    modules: str = barcode.Code128(piece.code).build()[0]
    module = min(piece.width / (len(modules) + 2 * QUIET_MODULES), WIDEST_MODULE_MM)
    if module < NARROWEST_MODULE_MM:
        raise DoesNotFitLabel(text=piece.code, width=stock.width_mm)
    left = max(piece.x, QUIET_MODULES * module)
    bottom = stock.height_mm - piece.y - piece.height
    position = 0
    for run in modules.replace("01", "0 1").replace("10", "1 0").split(" "):
        if run[0] == "1":
            canvas.rect((left + position * module) * mm, bottom * mm, len(run) * module * mm, piece.height * mm, stroke=0, fill=1)
        position += len(run)
