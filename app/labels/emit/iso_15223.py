"""Signs that medical-device labels use in place of words: framed letters, hourglass, factory.

Source: ISO 15223-1:2021 (5.1.3 date of manufacture, 5.1.4 use-by date, 5.1.5 batch code, 5.1.6 catalogue number, 5.1.7 serial number,
5.7.10 unique device identifier). Pictures are our own, drawn as lines.
"""

from __future__ import annotations

from app.labels.emit.pieces import Icon, Sign, Strokes
from app.reports import fonts
from app.reports.fonts import Weight

HOURGLASS: Strokes = (
    ((0.1, 0.04), (0.9, 0.04)),
    ((0.1, 0.96), (0.9, 0.96)),
    ((0.2, 0.04), (0.2, 0.2), (0.8, 0.8), (0.8, 0.96)),
    ((0.8, 0.04), (0.8, 0.2), (0.2, 0.8), (0.2, 0.96)),
)
"""ISO 7000-2607."""
FACTORY: Strokes = (
    (
        *((0.04, 0.96), (0.04, 0.04), (0.26, 0.04), (0.26, 0.6), (0.5, 0.38), (0.5, 0.6)),
        *((0.73, 0.38), (0.73, 0.6), (0.96, 0.38), (0.96, 0.96), (0.04, 0.96), (0.04, 0.9)),
    ),
)
"""ISO 7000-2497."""
LINE_EM = 0.09
"""Of icons, in parts of their size."""
_WORD_EM = 0.72
"""Letters in a frame, in parts of its height."""
_PADDING_EM = 0.5
"""On both sides of the letters together, in parts of the height."""


def sign(word: str, *, x: float, y: float, height: float, filled: bool, least_width: float = 0) -> Sign:
    """A word in a frame as wide as the word needs, or as `least_width`."""
    width = max(least_width, sign_width(word, height))
    return Sign(x=x, y=y, width=width, height=height, size=_WORD_EM * height, text=word, filled=filled)


def sign_width(word: str, height: float) -> float:
    """Of a framed word of that height."""
    return fonts.width_of(word, _WORD_EM * height, Weight.BOLD) + _PADDING_EM * height


def icon(strokes: Strokes, *, x: float, y: float, size: float) -> Icon:
    """A picture in a square of `size`."""
    return Icon(x=x, y=y, size=size, line=LINE_EM * size, strokes=strokes)
