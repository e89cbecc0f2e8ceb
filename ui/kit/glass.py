"""How many rows of a whole-screen table a glass holds."""

from __future__ import annotations

from ui.kit.theme import theme
from ui.kit.tokens import CONTROL_HEIGHT

_HEADS = 48 + 44 + 44 + 4
"""Panel header, column headings, page count, borders."""


def rows_that_fit(height: int) -> int:
    """Four to nine rows of 56 px (face.md §9: five to nine; a sheet's banner may take one more)."""
    return min(9, max(4, (height - theme.px(_HEADS)) // theme.px(CONTROL_HEIGHT)))
