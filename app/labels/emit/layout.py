"""Where everything stands on a container label, in millimetres from its upper left corner.

One layout for all emitters: the ZPL printer, the PDF and the picture on the screen show the same label.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.base.phrases import Language, Phrase, write
from app.labels.emit import iso_15223
from app.labels.emit.container_label import ContainerLabel, LabelStock
from app.labels.emit.pieces import Bars, Box, Piece, Text, fitted, require_drawable
from app.reports import fonts
from app.reports.fonts import Weight

CAPTION_MM = 2.5
VALUE_MM = 4.2
MARGIN_MM = 3.5
_SPLITS = (0.5, 0.5, 0.32)
"""Where the second column of each row of facts begins, as a part of the width."""
_PRACTICE_MM = 4.0
"""Height of the bar that says that the label was printed in practice; the bar code gives way to it."""


def lay_out(label: ContainerLabel, stock: LabelStock, language: Language) -> list[Piece]:
    """Place all pieces.

    Raises:
        DoesNotFitLabel: a fact is too long even at the smallest readable size and on its second line; nothing is ever cut off.
        CharacterNotInFont: a fact holds a character no emitter can draw.
    """
    facts = _facts(label, language)
    everything = [text for row in facts for pair in row for text in pair]
    require_drawable([*everything, label.item_name.in_language(language), label.item_code])
    right = stock.width_mm - MARGIN_MM
    pieces: list[Piece] = [*_head(label, stock, language)]
    top, bottom = 0.42 * stock.height_mm, stock.height_mm - MARGIN_MM
    pieces.append(Box(x=MARGIN_MM, y=top, width=right - MARGIN_MM, height=0.3, line=0))
    name = f"{label.item_code}  {label.item_name.in_language(language)}"
    pieces += fitted(name, x=MARGIN_MM, y=top + 1.2, width=right - MARGIN_MM, size=VALUE_MM, stock=stock)
    step = (bottom - top - 7.2) / len(facts)
    for number, (row, split) in enumerate(zip(facts, _SPLITS, strict=True)):
        middle = MARGIN_MM + split * (right - MARGIN_MM)
        y = top + 7.2 + number * step
        for (caption, value), x, end in zip(row, (MARGIN_MM, middle), (middle - 2, right), strict=True):
            pieces.append(Text(x=x, y=y, size=CAPTION_MM, weight=Weight.REGULAR, text=caption))
            pieces += fitted(value, x=x, y=y + CAPTION_MM + 0.5, width=end - x, size=VALUE_MM, stock=stock)
    return pieces


def _head(label: ContainerLabel, stock: LabelStock, language: Language) -> list[Piece]:
    """Code in words, its bars under it, and the status in a frame on the right; in practice a bar that says so."""
    right = stock.width_mm - MARGIN_MM
    status = label.status.in_language(language)
    frame = Box(x=0.62 * stock.width_mm, y=MARGIN_MM, width=right - 0.62 * stock.width_mm, height=8, line=0.5)
    require_drawable([status])
    word = fitted(status, x=0, y=frame.y + 1.7, width=frame.width - 3, size=4.4, stock=stock)
    middle = frame.x + frame.width / 2
    centred = [
        Text(x=middle - fonts.width_of(part.text, part.size, part.weight) / 2, y=part.y, size=part.size, weight=part.weight, text=part.text)
        for part in word
    ]
    code = fitted(label.code, x=MARGIN_MM, y=MARGIN_MM, width=0.62 * stock.width_mm - MARGIN_MM - 3, size=7.5, stock=stock)
    bars_top = MARGIN_MM + 9
    bottom = 0.42 * stock.height_mm - 1.6
    mark: list[Piece] = []
    if label.practice:
        bottom -= _PRACTICE_MM
        said = Phrase("PRACTICE").in_language(language)
        mark.append(iso_15223.sign(said, x=MARGIN_MM, y=bottom, height=_PRACTICE_MM, filled=True, least_width=right - MARGIN_MM))
        bottom -= 0.8
    bars = Bars(x=MARGIN_MM, y=bars_top, width=right - MARGIN_MM, height=bottom - bars_top, code=label.code)
    pieces: list[Piece] = [*code, frame, *centred, bars, *mark]
    if label.copy_no > 1:
        copy = Phrase("Copy {number}", number=str(label.copy_no)).in_language(language)
        wide = fonts.width_of(copy, 3.4, Weight.BOLD)
        pieces.append(Text(x=right - wide, y=bars_top + 1, size=3.4, weight=Weight.BOLD, text=copy))
    return pieces


def _facts(label: ContainerLabel, language: Language) -> Sequence[Sequence[tuple[str, str]]]:
    def say(text: str) -> str:
        return Phrase(text).in_language(language)

    at = label.received_at.astimezone(label.zone)
    received = f"{write(at, language, label.zone)} {at:%z} · {label.received_by}"
    expiry = write(label.expiry, language) if label.expiry else say("No expiry date")
    return (
        ((say("Supplier lot"), label.supplier_lot), (say("Our lot"), label.our_lot)),
        ((say("Expiry"), expiry), (say("Quantity"), label.quantity.in_language(language))),
        ((say("Location"), label.location), (say("Received"), received)),
    )
