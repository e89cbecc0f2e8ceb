"""A label as one PDF page of the label's size, for office printers and for the record of what was printed."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import barcode
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from app.base.phrases import Language
from app.labels.emit.container_label import ContainerLabel, LabelStock
from app.labels.emit.glyph_bitmap import ASCENT
from app.labels.emit.layout import lay_out
from app.labels.emit.pieces import Bars, Box, DoesNotFitLabel, Icon, Matrix, Piece, Sign, Text
from app.labels.emit.print_head import NARROWEST_MODULE_MM, QUIET_MODULES, WIDEST_MODULE_MM
from app.labels.emit.sign_bitmap import MIDDLE_OF_LETTERS, SIGN_LINE_MM
from app.reports import fonts
from app.reports.fonts import Weight


def pdf_label(label: ContainerLabel, stock: LabelStock, language: Language) -> bytes:
    """A container label as a page, see `pdf_page`.

    Raises:
        DoesNotFitLabel, CharacterNotInFont, FontsNotBuilt: nothing is made.
    """
    return pdf_page(lay_out(label, stock, language), stock, title=label.code)


def pdf_page(pieces: Sequence[Piece], stock: LabelStock, *, title: str) -> bytes:
    """One page, vector symbols, embedded font; the same label gives the same bytes.

    Raises:
        DoesNotFitLabel: bars would be too narrow to scan; nothing is made.
    """
    page = BytesIO()
    canvas = Canvas(page, pagesize=(stock.width_mm * mm, stock.height_mm * mm), invariant=1, pageCompression=1)
    canvas.setTitle(title)
    canvas.setLineJoin(0)
    for piece in pieces:
        _draw(canvas, piece, stock)
    canvas.showPage()
    canvas.save()
    return page.getvalue()


def _draw(canvas: Canvas, piece: Piece, stock: LabelStock) -> None:
    x, top = piece.x * mm, (stock.height_mm - piece.y) * mm
    match piece:
        case Text():
            canvas.setFont(fonts.font(piece.weight).fontName, piece.size * mm)
            canvas.drawString(x, top - ASCENT * piece.size * mm, piece.text)
        case Box(line=0):
            canvas.rect(x, top - piece.height * mm, piece.width * mm, piece.height * mm, stroke=0, fill=1)
        case Box():
            inset = piece.line * mm / 2
            canvas.setLineWidth(piece.line * mm)
            canvas.rect(x + inset, top - piece.height * mm + inset, piece.width * mm - 2 * inset, piece.height * mm - 2 * inset)
        case Bars():
            _draw_bars(canvas, piece, stock)
        case Matrix():
            _draw_matrix(canvas, piece, stock)
        case Sign():
            _draw_sign(canvas, piece, stock)
        case Icon():
            _draw_icon(canvas, piece, stock)


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


def _draw_matrix(canvas: Canvas, piece: Matrix, stock: LabelStock) -> None:
    """One square per module, all of one path: neighbours run together without a hairline. On whole modules from the page's corner."""
    module = piece.module * mm
    left, top = (round(place / piece.module) * module for place in (piece.x, stock.height_mm - piece.y))
    squares = canvas.beginPath()
    for down, row in enumerate(piece.symbol.modules, start=1):
        for across, dark in enumerate(row):
            if dark:
                squares.rect(left + across * module, top - down * module, module, module)
    canvas.drawPath(squares, stroke=0, fill=1)


def _draw_sign(canvas: Canvas, piece: Sign, stock: LabelStock) -> None:
    line = 0 if piece.filled else SIGN_LINE_MM
    canvas.saveState()
    canvas.setLineWidth(line * mm)
    bottom = stock.height_mm - piece.y - piece.height
    canvas.rect(
        (piece.x + line / 2) * mm,
        (bottom + line / 2) * mm,
        (piece.width - line) * mm,
        (piece.height - line) * mm,
        stroke=int(not piece.filled),
        fill=int(piece.filled),
    )
    canvas.setFillGray(1 if piece.filled else 0)
    canvas.setFont(fonts.font(Weight.BOLD).fontName, piece.size * mm)
    canvas.drawCentredString(
        (piece.x + piece.width / 2) * mm, (bottom + piece.height / 2 - MIDDLE_OF_LETTERS * piece.size) * mm, piece.text
    )
    canvas.restoreState()


def _draw_icon(canvas: Canvas, piece: Icon, stock: LabelStock) -> None:
    canvas.setLineWidth(piece.line * mm)
    for stroke in piece.strokes:
        path = canvas.beginPath()
        for number, (across, down) in enumerate(stroke):
            place = ((piece.x + across * piece.size) * mm, (stock.height_mm - piece.y - down * piece.size) * mm)
            (path.lineTo if number else path.moveTo)(*place)
        canvas.drawPath(path, stroke=1, fill=0)
