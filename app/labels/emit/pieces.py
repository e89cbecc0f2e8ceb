"""What labels are put together of, in millimetres from the upper left corner, and text that is made to fit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.base.errors import RuleViolation
from app.labels.emit.container_label import LabelStock
from app.labels.gs1_symbol import ProvenSymbol
from app.reports import fonts
from app.reports.fonts import CharacterNotInFont, Weight

SMALLEST_MM = 2.2
"""Type size (em) below which a gloved hand at arm's length cannot read a lot number."""


class DoesNotFitLabel(RuleViolation):
    """Cutting off a lot number would make two lots look alike."""

    code = "label.does_not_fit"
    text = "The label was not made: “{text}” is too long for a label {width} mm wide."
    next_step = "Choose a wider label for this printer."


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One line of text; `y` is the top of its em square, `size` the em."""

    x: float
    y: float
    size: float
    weight: Weight
    text: str
    own_face: bool = False
    """Drawn in our font also where a printer's own would do: for lines that must look alike although only one holds foreign characters."""

    @property
    def bottom(self) -> float:
        return self.y + self.size


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """A Code 128 without words under it; its quiet zones lie inside `width`."""

    x: float
    y: float
    width: float
    height: float
    code: str

    @property
    def bottom(self) -> float:
        return self.y + self.height


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """A GS1 DataMatrix that was proven; its quiet zone lies outside."""

    x: float
    y: float
    module: float
    symbol: ProvenSymbol

    @property
    def side(self) -> float:
        return self.symbol.side * self.module

    @property
    def bottom(self) -> float:
        return self.y + self.side


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A filled rule (`line` 0) or a frame with lines of that width."""

    x: float
    y: float
    width: float
    height: float
    line: float

    @property
    def bottom(self) -> float:
        return self.y + self.height


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """A word in a frame, like the symbols of ISO 15223-1, or white on black; drawn with our own font by every emitter."""

    x: float
    y: float
    width: float
    height: float
    size: float
    """The em of the word, which stands in the middle."""
    text: str
    filled: bool

    @property
    def bottom(self) -> float:
        return self.y + self.height


Strokes = tuple[tuple[tuple[float, float], ...], ...]
"""Lines from point to point; a point is (right, down) in parts of the picture's size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Icon:
    """A picture of lines in a square."""

    x: float
    y: float
    size: float
    line: float
    strokes: Strokes

    @property
    def bottom(self) -> float:
        return self.y + self.size


Piece = Text | Bars | Matrix | Box | Sign | Icon


def require_drawable(texts: Iterable[str]) -> None:
    """Stand in front of every label. A line end counts as a character nobody can draw: a label's lines are its own.

    Raises:
        CharacterNotInFont: names each missing character with its code.
    """
    for text in texts:
        fonts.require([text], Weight.BOLD)
        if "\n" in text:
            raise CharacterNotInFont(characters=fonts.described("\n"))


def fitted(text: str, *, x: float, y: float, width: float, size: float, stock: LabelStock) -> list[Text]:
    """Bold text made to fit `width`: first smaller, then over two lines of the smallest size inside the same height.

    Widths are those of Noto Sans SC, which runs wider than the condensed face inside a ZPL printer: what fits here fits there.
    """
    per_mm = fonts.width_of(text, 1.0, Weight.BOLD)
    one_line = min(size, width / per_mm) if per_mm else size
    if one_line >= SMALLEST_MM:
        return [Text(x=x, y=y + (size - one_line) * 0.8, size=one_line, weight=Weight.BOLD, text=text)]
    lines = _broken(text, width / SMALLEST_MM)
    if len(lines) > 2:
        raise DoesNotFitLabel(text=text, width=stock.width_mm)
    return [Text(x=x, y=y + number * SMALLEST_MM, size=SMALLEST_MM, weight=Weight.BOLD, text=line) for number, line in enumerate(lines)]


def _broken(text: str, width: float) -> list[str]:
    """Lines not wider than `width` ems; broken behind blanks where that takes no more lines, else anywhere: a lot number has no words."""
    anywhere = _filled(list(text), width)
    behind_blanks = _filled(re.findall(r"\S*\s|\S+", text), width)
    fits = all(fonts.width_of(line.rstrip(), 1.0, Weight.BOLD) <= width for line in behind_blanks)
    return behind_blanks if fits and len(behind_blanks) == len(anywhere) else anywhere


def _filled(parts: Sequence[str], width: float) -> list[str]:
    lines = [""]
    for part in parts:
        if fonts.width_of((lines[-1] + part).rstrip(), 1.0, Weight.BOLD) > width:
            lines.append("")
        lines[-1] += part
    return lines
