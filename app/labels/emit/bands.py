"""A label's dots cut into the pictures that are sent: whole blocks of 8 × 8 dots, no two over one another, white left out.

Printers measure the width of a picture in bytes, SATO's its height in eights too; and whether a picture wipes out what another one
drew under it differs among them. So no dot is sent twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.labels.emit.burnt_label import Dots

SIDE = 8
"""Of a block, in dots."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """One picture and its place."""

    x: int
    """Dots from the left edge, a multiple of 8."""
    y: int
    """Dots from the upper edge."""
    packed: NDArray[np.uint8]
    """Shape (rows, bytes); most significant bit left, 1 is burnt."""


def bands(dots: Dots) -> Iterator[Band]:
    """Cut a label, from top to bottom. Beyond its right and lower edge a band may hang over with white."""
    height, width = dots.shape
    padded = np.pad(dots, ((0, -height % SIDE), (0, -width % SIDE)))
    packed = np.packbits(padded, axis=1)
    inked = np.logical_or.reduce(packed.reshape(-1, SIDE, packed.shape[1]) > 0, axis=1)  # blocks down, blocks across
    edges = np.flatnonzero(np.diff(np.pad(inked.any(axis=1), 1).astype(np.int8)))
    for top, bottom in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        across = np.flatnonzero(inked[top:bottom].any(axis=0)).tolist()
        left, right = across[0], across[-1] + 1
        yield Band(x=left * SIDE, y=top * SIDE, packed=packed[top * SIDE : bottom * SIDE, left:right])


def free_of(forbidden: bytes, band: Band) -> Iterator[Band]:
    """The band cut further, until in no part the two bytes follow one another in the order they are sent.

    Args:
        forbidden: Two different bytes.
        band: What to cut.
    """
    waiting = [band]
    while waiting:
        part = waiting.pop()
        width = part.packed.shape[1]
        place = part.packed.tobytes().find(forbidden)
        if place == -1:
            yield part
        elif width > 1:
            cut = min(place % width + 1, width - 1)
            waiting.append(Band(x=part.x + cut * SIDE, y=part.y, packed=part.packed[:, cut:]))
            waiting.append(Band(x=part.x, y=part.y, packed=part.packed[:, :cut]))
        else:
            cut = place + 1
            waiting.append(Band(x=part.x, y=part.y + cut, packed=part.packed[cut:]))
            waiting.append(Band(x=part.x, y=part.y, packed=part.packed[:cut]))
