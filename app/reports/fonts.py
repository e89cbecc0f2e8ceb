"""The one type face of papers and labels, and the guard in front of it.

A PDF that names a font without carrying it prints boxes on another machine, and a character the font cannot draw prints
nothing at all, without any complaint. So: Noto Sans SC is embedded always, and every character is looked up before it is written.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from app.base.errors import OutageError, RuleViolation
from app.base.phrases import RESOURCES

FOLDER = RESOURCES / "fonts"


class Weight(StrEnum):
    """The two weights there are; the value is the file's stem and the name reportlab knows it by."""

    REGULAR = "NotoSansSC-Regular"
    BOLD = "NotoSansSC-Bold"

    @property
    def file(self) -> Path:
        """Where the set-up puts the font."""
        return FOLDER / f"{self.value}.ttf"


class FontsNotBuilt(OutageError):
    """The set-up was not run, or its result was lost."""

    code = "paper.fonts_not_built"
    text = "No paper or label can be made: the font {font} is not there or cannot be read."
    next_step = "Run the set-up once more. It builds the fonts."


class CharacterNotInFont(RuleViolation):
    """Printing would silently leave the characters out."""

    code = "paper.character_not_in_font"
    text = "This cannot be printed: the font has no picture for {characters}."
    next_step = "Write it with other characters, or run the set-up with the large character set."


@cache
def font(weight: Weight) -> TTFont:
    """The font, read and registered with reportlab at first use.

    Raises:
        FontsNotBuilt: the file is absent or damaged.
    """
    try:
        loaded = TTFont(weight.value, str(weight.file))
    except TTFError as trouble:
        raise FontsNotBuilt(font=weight.file.name) from trouble
    pdfmetrics.registerFont(loaded)
    return loaded


def missing(text: str, weight: Weight) -> list[str]:
    """The characters of `text` the font cannot draw, in order, each once. A line end is not drawn and never missing."""
    known = font(weight).face.charToGlyph
    return list(dict.fromkeys(char for char in text if char != "\n" and ord(char) not in known))


def require(texts: Iterable[str], weight: Weight) -> None:
    """Stand in front of every print.

    Raises:
        CharacterNotInFont: names each missing character with its code.
        FontsNotBuilt: no font to ask.
    """
    absent = dict.fromkeys(char for text in texts for char in missing(text, weight))
    if absent:
        raise CharacterNotInFont(characters=", ".join(described(char) for char in absent))


def described(char: str) -> str:
    """``喆 (U+5586)``; a control character by its code alone, because it would not show."""
    code = f"U+{ord(char):04X}"
    return f"{char} ({code})" if char.isprintable() else code


def spelled_out(text: str, weight: Weight) -> str:
    """`text` with every character the font cannot draw replaced by its code in brackets, e.g. ``[U+20BB7]``: visible, never lost."""
    absent = set(missing(text, weight))
    return "".join(f"[U+{ord(char):04X}]" if char in absent else char for char in text)


def width_of(text: str, size: float, weight: Weight) -> float:
    """How wide one line of text runs, in the unit of `size`."""
    return float(font(weight).stringWidth(text, size))
