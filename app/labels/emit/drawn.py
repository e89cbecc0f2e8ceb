"""A label laid out: what every emitter draws, on a roll or on a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.labels.emit.container_label import LabelStock

if TYPE_CHECKING:
    from app.labels.emit.pieces import Piece


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Pieces in millimetres from the upper left corner of the stock."""

    pieces: Sequence[Piece]
    stock: LabelStock
    title: str
    """What a page is called."""
