"""Colours, type and sizes of the face: the numbers behind every screen, nothing else.

Source: design/face.md §2 (colour), §3 (type), §4 (sizes). Pixels are those at 96 dpi and scale 1.0; `theme` turns them into
pixels of the glass in front of the person.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from math import ceil

from PySide6.QtGui import QColor

FAMILY = "Noto Sans SC"
DESIGN_DPI = 96.0
SCALES = (1.0, 1.15, 1.3)
"""What a person may choose: everything grows together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Colours:
    """Every colour a widget may paint with, by what it is for."""

    frame: QColor
    canvas: QColor
    surface: QColor
    entry: QColor
    line: QColor
    edge: QColor
    track: QColor
    band: QColor
    ink: QColor
    ink2: QColor
    act: QColor
    actwash: QColor
    actfill: QColor
    acton: QColor
    ok: QColor
    okwash: QColor
    okfill: QColor
    okon: QColor
    stop: QColor
    stopwash: QColor
    stopfill: QColor
    stopon: QColor
    att: QColor
    attwash: QColor
    attfill: QColor
    atton: QColor
    hold: QColor
    holdwash: QColor
    holdfill: QColor
    holdon: QColor


TOKENS: tuple[str, ...] = tuple(Colours.__dataclass_fields__)


def _colours(text: str) -> Colours:
    words = text.split()
    return Colours(**{name: QColor(code) for name, code in zip(words[::2], words[1::2], strict=True)})


LIGHT = _colours("""
    frame #D2D9DD  canvas #E7EBED  surface #F4F6F7  entry #FFFFFF  line #C2CBD0  edge #6C7A82  track #DDE3E6  band #B4C2C9
    ink #14191D  ink2 #47535B
    act #00619A  actwash #D8E9F4  actfill #006AA8  acton #FFFFFF
    ok #006B4C  okwash #D8EBE3  okfill #007A57  okon #FFFFFF
    stop #A33A00  stopwash #FBE3D5  stopfill #B84300  stopon #FFFFFF
    att #6B4B00  attwash #F9EBC8  attfill #E69F00  atton #14191D
    hold #77375F  holdwash #F0E0EA  holdfill #87466F  holdon #FFFFFF
""")

DARK = _colours("""
    frame #080B0D  canvas #11161A  surface #1A2126  entry #06090B  line #343F47  edge #73828B  track #262F35  band #45545D
    ink #E4EAED  ink2 #A5B2BA
    act #6FC1F0  actwash #11303F  actfill #56B4E9  acton #0A1014
    ok #46CFA3  okwash #0F3229  okfill #22B98B  okon #0A1014
    stop #FF9F66  stopwash #43230F  stopfill #F0793A  stopon #140A04
    att #F3C353  attwash #3B2E0C  attfill #E69F00  atton #14191D
    hold #DDA3C6  holdwash #3A2333  holdfill #CC79A7  holdon #140A10
""")


def high_contrast(colours: Colours) -> Colours:
    """Second text as strong as the first, hairlines as strong as borders, one ground (face.md §2, last line)."""
    return replace(colours, ink2=colours.ink, line=colours.edge, surface=colours.entry, canvas=colours.entry)


class Type(Enum):
    """The six sizes of writing: pixels, line height, bold by nature. 19 px is the floor for everything."""

    TEXT = (19, 28, False)
    VALUE = (24, 32, False)
    TITLE = (30, 40, True)
    NEXT = (38, 48, True)
    VERDICT = (56, 64, True)
    LIVE = (112, 112, False)

    @property
    def px(self) -> int:
        return self.value[0]

    @property
    def line(self) -> int:
        return self.value[1]

    @property
    def bold(self) -> bool:
        return self.value[2]


# Sizes, face.md §4 and §5.
PAD = 16
GAP = 12
RADIUS = 4
PRIMARY_HEIGHT = 76
PRIMARY_WIDTH = 320
SLOT_WIDTH = 420
CONTROL_HEIGHT = 56
CHIP_HEIGHT = 44
TAB_HEIGHT = 40
BADGE_HEIGHT = 36
CAP_HEIGHT = 28
SHEET_WIDTH = 648
COMPACT_WIDTH = 1366
"""Up to this width (in pixels at 96 dpi and scale 1.0) the rules of the 1280 × 800 picture apply."""


def even_px(mm: float, dpi: float) -> int:
    """Millimetres of glass → pixels, to the next even number, so that a size asked for in mm is never missed.

    A tenth of a pixel is forgiven: 10.6 mm at 96 dpi are 40.06 px and stay 40.
    """
    return max(2, 2 * ceil((mm * dpi / 25.4 - 0.1) / 2))


def luminance(colour: QColor) -> float:
    """Relative luminance 0–1 (WCAG 2.2, definition)."""

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


def contrast(one: QColor, other: QColor) -> float:
    """Contrast ratio 1–21 between two opaque colours (WCAG 2.2)."""
    dark, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dark + 0.05)
