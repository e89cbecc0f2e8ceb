"""Which registers are asked for together: neighbours in one request, and never an address nobody wrote down.

A gap is not bridged: many machines refuse a whole request when one address in it is not theirs.

Source:
    Modbus Application Protocol V1.1b3, 6.3 and 6.4: at most 125 registers per request.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.devices.machines.register_map import Place, RegisterKind

MOST_REGISTERS = 125


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Neighbouring registers, read in one request."""

    kind: RegisterKind
    address: int
    count: int

    def holds(self, place: Place) -> bool:
        """Whether all registers of a place stand in it."""
        return place.kind is self.kind and self.address <= place.address and place.end <= self.address + self.count

    def cut(self, place: Place, words: Sequence[int]) -> tuple[int, ...]:
        """The registers of a place it holds, out of the answer to this request."""
        return tuple(words[place.address - self.address : place.end - self.address])


def blocks_of(places: Iterable[Place]) -> tuple[Block, ...]:
    """As few requests as bring all these places; no number is ever split between two."""
    blocks: list[Block] = []
    for place in sorted(places, key=lambda one: (one.kind, one.address)):
        last = blocks[-1] if blocks else None
        joins = last is not None and last.kind is place.kind and last.address + last.count == place.address
        if last is not None and joins and last.count + place.type.words <= MOST_REGISTERS:
            blocks[-1] = Block(kind=last.kind, address=last.address, count=last.count + place.type.words)
        else:
            blocks.append(Block(kind=place.kind, address=place.address, count=place.type.words))
    return tuple(blocks)


def block_of(place: Place) -> Block:
    """The request that brings this place alone."""
    return Block(kind=place.kind, address=place.address, count=place.type.words)
