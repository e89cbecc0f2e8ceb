"""What every widget of the kit can do: say its words again, take on another look, and tell what it says and how big it must be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from PySide6.QtCore import QRectF, Qt

from ui.kit.tokens import Type

LEFT = Qt.AlignmentFlag.AlignLeft
RIGHT = Qt.AlignmentFlag.AlignRight
CENTRE = Qt.AlignmentFlag.AlignHCenter


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One line of text as it stands on the glass. Painting and checking read the same list, so a check sees what a person sees."""

    text: str
    room: QRectF
    """Where it must fit, in the widget's own pixels; the line is centred vertically in it."""
    kind: Type = Type.TEXT
    bold: bool | None = None
    ink: str = "ink"
    ground: str | None = None
    """Token under the text; ``None``: whatever the widget stands on."""
    align: Qt.AlignmentFlag = LEFT
    elides: bool = False
    struck: bool = False


class Piece:
    """Mixed into every kit widget, before its Qt class."""

    ground: str | None = None
    """Token this widget fills its rectangle with; ``None``: it lets its parent through."""
    least: ClassVar[tuple[int, int] | None] = None
    """Smallest width and height of a target, in pixels at 96 dpi; ``None``: nothing to press."""

    def said(self) -> list[Said]:
        """Every line of text standing on this widget now (not on its children)."""
        return []

    def retell(self) -> None:
        """The reader's language is another one: say everything again."""

    def restyle(self) -> None:
        """Colours, fonts or sizes are others: measure and paint again."""
