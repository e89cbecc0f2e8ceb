"""How many rows of a whole-screen table a glass holds."""

from __future__ import annotations

from ui.kit.theme import theme
from ui.kit.tokens import CONTROL_HEIGHT

_HEADS = 48 + 44 + 44 + 4
"""Panel header, column headings, page count, borders."""


def rows_that_fit(height: int) -> int:
    """Three to nine rows of 56 px (face.md §9: five to nine; a banner of two lines on a small glass takes two)."""
    return min(9, max(3, (height - theme.px(_HEADS)) // theme.px(CONTROL_HEIGHT)))
