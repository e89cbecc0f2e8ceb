"""Where everything stands on the label of a unit, in millimetres from its upper left corner.

Product name; under it the symbol with the facts beside it, each behind its sign of ISO 15223-1 (in Chinese behind its word); then the
human-readable interpretation. Dates beside the signs read YYYY-MM-DD, those behind brackets are the symbol's own characters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from app.base.phrases import Language, Name, Phrase
from app.labels.emit import iso_15223
from app.labels.emit.container_label import LabelStock
from app.labels.emit.pieces import SMALLEST_MM, Box, DoesNotFitLabel, Matrix, Piece, Sign, Strokes, Text, fitted, require_drawable
from app.labels.emit.unit_label import UNIT_STOCK, UnitLabel
from app.reports import fonts
from app.reports.fonts import Weight

_MARGIN_MM = 1.3
_GAP_MM = 0.7
"""Between blocks and around the symbol: more than one module, which is the quiet zone it needs (ISO/IEC 16022)."""
_RULE_MM, _RULE_GAP_MM = 0.25, 0.4
_UDI_SIGN_MM = 2.8
_SIZES_MM = ((3.2, 2.8, 2.2, 4.2), (2.8, 2.5, 2.0, 3.5), (SMALLEST_MM, SMALLEST_MM, 1.7, 2.8))
"""Type of name, facts and interpretation, and height of the mark of practice, on the smallest roll; the first four that fit are taken."""
_IN_DOTS = 0.98
"""Type of whole dots runs a little wider than drawn type."""
_MANY_COPIES = 99
_LINE, _AIRY_LINE = 1.12, 1.45
"""From line to line, in ems: at least, and where there is room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fact:
    word: Phrase
    icon: Strokes | None
    """Stands in place of the English word."""
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """The roll, and how much larger than the smallest everything on it is drawn."""

    stock: LabelStock
    scale: float

    @property
    def margin(self) -> float:
        return _MARGIN_MM * self.scale

    @property
    def gap(self) -> float:
        return _GAP_MM * self.scale

    @property
    def width(self) -> float:
        """Between the margins."""
        return self.stock.width_mm - 2 * self.margin

    @property
    def right(self) -> float:
        return self.stock.width_mm - self.margin

    @property
    def bottom(self) -> float:
        return self.stock.height_mm - self.margin


def lay_out_unit(label: UnitLabel, stock: LabelStock, language: Language, *, module_mm: float) -> list[Piece]:
    """Place all pieces; type as large as the label allows.

    Args:
        label: What to print.
        stock: The roll; drawn for 50 mm × 30 mm.
        language: Of name and words.
        module_mm: Side of one module of the symbol, as the print head draws it.

    Raises:
        DoesNotFitLabel: something is too long even at the smallest readable size; nothing is ever cut off.
        CharacterNotInFont: a fact holds a character no emitter can draw.
    """
    facts = tuple(_facts(label))
    words: list[Phrase | Name] = [*(fact.word for fact in facts), Phrase("PRACTICE"), label.name]
    require_drawable([*(word.in_language(language) for word in words), *(fact.value for fact in facts)])
    scale = max(1.0, min(stock.width_mm / UNIT_STOCK.width_mm, stock.height_mm / UNIT_STOCK.height_mm))
    sheet = _Sheet(stock=stock, scale=scale)
    for sizes in _SIZES_MM[:-1]:
        with suppress(DoesNotFitLabel):
            return _placed(label, facts, sheet, language, sizes=sizes, module_mm=module_mm)
    return _placed(label, facts, sheet, language, sizes=_SIZES_MM[-1], module_mm=module_mm)


def _placed(
    label: UnitLabel,
    facts: Sequence[_Fact],
    sheet: _Sheet,
    language: Language,
    *,
    sizes: tuple[float, float, float, float],
    module_mm: float,
) -> list[Piece]:
    """Name, symbol, facts and interpretation in type of these sizes.

    Raises:
        DoesNotFitLabel: they run over an edge.
    """
    name_mm, fact_mm, small_mm, mark_mm = (size * sheet.scale for size in sizes)
    title = _title(label.name.in_language(language), sheet, size=name_mm)
    top = _bottom(title) + sheet.gap
    symbol, mark = _symbol(label, sheet, language, y=top, module_mm=module_mm, mark_mm=mark_mm)
    rows = _rows(facts, sheet, language, x=sheet.margin + max(symbol.side, mark.width) + 2 * sheet.gap, size=fact_mm)
    lines = _interpretation(label, sheet, language, size=small_mm)
    heights = [max(fact_mm, _bottom(row)) + (_LINE - 1) * fact_mm for row in rows]
    room = sheet.bottom - top - sheet.gap - len(lines) * _LINE * small_mm
    if max(mark.bottom - top, sum(heights)) > room:
        raise DoesNotFitLabel(text=max((fact.value for fact in facts), key=len), width=sheet.stock.width_mm)
    air = min((_AIRY_LINE - _LINE) * fact_mm, (room - sum(heights)) / len(rows))
    beside: list[Piece] = []
    y = top
    for row, height in zip(rows, heights, strict=True):
        beside += _moved(row, y)
        y += height + air
    interpretation = _set(lines, label, sheet, language, y=max(y, mark.bottom) + sheet.gap, size=small_mm)
    return [*title, symbol, mark, *beside, *interpretation]


def _facts(label: UnitLabel) -> Iterator[_Fact]:
    udi = label.udi
    yield _Fact(word=Phrase("REF"), icon=None, value=label.ref)
    if label.holds > 1:
        yield _Fact(word=Phrase("QTY"), icon=None, value=str(label.holds))
    yield _Fact(word=Phrase("LOT"), icon=None, value=udi.lot)
    if udi.serial is not None:
        yield _Fact(word=Phrase("SN"), icon=None, value=udi.serial)
    if udi.made_on is not None:
        yield _Fact(word=Phrase("Date of manufacture"), icon=iso_15223.FACTORY, value=udi.made_on.isoformat())
    yield _Fact(word=Phrase("Use-by date"), icon=iso_15223.HOURGLASS, value=udi.expires_on.isoformat())


def _title(name: str, sheet: _Sheet, *, size: float) -> list[Piece]:
    """Name and a rule under it."""
    width = sheet.width
    lines = fitted(name, x=sheet.margin, y=sheet.margin, width=_IN_DOTS * width, size=size, stock=sheet.stock)
    return [
        *(replace(line, own_face=True) for line in lines),
        Box(x=sheet.margin, y=_bottom(lines) + _RULE_GAP_MM * sheet.scale, width=width, height=_RULE_MM * sheet.scale, line=0),
    ]


def _symbol(label: UnitLabel, sheet: _Sheet, language: Language, *, y: float, module_mm: float, mark_mm: float) -> tuple[Matrix, Sign]:
    """The symbol, and under it what it is: a UDI, or nothing but practice."""
    symbol = Matrix(x=sheet.margin, y=y, module=module_mm, symbol=label.udi.symbol)
    under = symbol.bottom + sheet.gap
    if not label.practice:
        return symbol, iso_15223.sign("UDI", x=sheet.margin, y=under, height=_UDI_SIGN_MM * sheet.scale, filled=False)
    word = Phrase("PRACTICE").in_language(language)
    return symbol, iso_15223.sign(word, x=sheet.margin, y=under, height=mark_mm, filled=True, least_width=symbol.side)


def _rows(facts: Sequence[_Fact], sheet: _Sheet, language: Language, *, x: float, size: float) -> list[list[Piece]]:
    """Every fact behind its sign, each row from 0 downwards."""
    words = [fact.word.in_language(language) for fact in facts]
    if language is Language.ZH:
        wide = max(fonts.width_of(word, size, Weight.REGULAR) for word in words)
    else:
        wide = max(iso_15223.sign_width(word, size) for word, fact in zip(words, facts, strict=True) if fact.icon is None)
    rows: list[list[Piece]] = []
    for fact, word in zip(facts, words, strict=True):
        head: Piece
        if language is Language.ZH:
            head = Text(x=x, y=0, size=size, weight=Weight.REGULAR, text=word)
        elif fact.icon is None:
            head = iso_15223.sign(word, x=x, y=0, height=size, filled=False, least_width=wide)
        else:
            head = iso_15223.icon(fact.icon, x=x + (wide - size) / 2, y=0, size=size)
        beside = x + wide + sheet.gap
        rows.append([head, *fitted(fact.value, x=beside, y=0, width=sheet.right - beside, size=size, stock=sheet.stock)])
    return rows


def _interpretation(label: UnitLabel, sheet: _Sheet, language: Language, *, size: float) -> list[str]:
    """As many elements on a line as fit, none ever broken: what finds room beside the symbol in larger type finds it here.

    At the end of the last line there is room to say which copy this is, also on the original: what was printed once can be printed again.
    """
    lines = [""]
    for element in label.udi.hri:
        if lines[-1] and _wide(lines[-1] + element, size) > sheet.width:
            lines.append("")
        lines[-1] += element
    if _wide(lines[-1] + _copy(max(label.copy_no, _MANY_COPIES), language), size) + sheet.gap > sheet.width:
        lines.append("")
    return lines


def _set(lines: Sequence[str], label: UnitLabel, sheet: _Sheet, language: Language, *, y: float, size: float) -> Iterator[Text]:
    for number, line in enumerate(lines):
        yield Text(x=sheet.margin, y=y + number * _LINE * size, size=size, weight=Weight.REGULAR, text=line)
    if label.copy_no > 1:
        word = _copy(label.copy_no, language)
        x, last = sheet.right - fonts.width_of(word, size, Weight.BOLD), y + (len(lines) - 1) * _LINE * size
        yield Text(x=x, y=last, size=size, weight=Weight.BOLD, text=word, own_face=True)


def _copy(number: int, language: Language) -> str:
    return Phrase("Copy {number}", number=str(number)).in_language(language)


def _wide(text: str, size: float) -> float:
    return fonts.width_of(text, size, Weight.BOLD)


def _moved(pieces: Sequence[Piece], down: float) -> list[Piece]:
    return [replace(piece, y=piece.y + down) for piece in pieces]


def _bottom(pieces: Sequence[Piece]) -> float:
    return max(piece.bottom for piece in pieces)
