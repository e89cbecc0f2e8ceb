"""Where the hand is in the grid: along the row with one gauge, then down, one subgroup of five samples after the other."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass

SUBGROUP = 5
"""Samples of one page."""


@dataclass(frozen=True, slots=True)
class Place:
    """A cell of the grid."""

    row: int
    """Characteristic, from 0 in the order of the plan."""
    sample: int
    """Sample number, from 1 as it is written on the bag."""

    @property
    def page(self) -> int:
        """Which subgroup, from 0."""
        return (self.sample - 1) // SUBGROUP


def pages(samples: int) -> list[range]:
    """Sample numbers of every subgroup; the last may be shorter."""
    return [range(first, min(first + SUBGROUP, samples + 1)) for first in range(1, samples + 1, SUBGROUP)]


def walk(rows: int, samples: int) -> Iterator[Place]:
    """Every cell in the order of the work."""
    for page in pages(samples):
        for row in range(rows):
            yield from (Place(row, sample) for sample in page)


def next_empty(taken: Set[Place], *, rows: int, samples: int, after: Place | None) -> Place | None:
    """The next cell without a value after a cell, from the beginning again when the end is reached; ``None`` when all are full."""
    order = list(walk(rows, samples))
    start = order.index(after) + 1 if after is not None else 0
    return next((place for place in order[start:] + order[:start] if place not in taken), None)


def moved(place: Place, *, rows: int, samples: int, down: int = 0, right: int = 0) -> Place:
    """One step by an arrow key; the edges of the grid hold."""
    return Place(min(max(place.row + down, 0), rows - 1), min(max(place.sample + right, 1), samples))
