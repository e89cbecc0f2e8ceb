"""What a pattern is made of, once it was read. Bytes, not characters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OneOf:
    """One byte out of these."""

    bytes: frozenset[int]


@dataclass(frozen=True, slots=True)
class Sequence:
    """One after the other; empty: nothing at all."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of them; where several fit, the first."""

    ways: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """The same again, as often as it fits."""

    node: Node
    least: int
    most: int | None
    """``None``: without end."""


@dataclass(frozen=True, slots=True)
class Group:
    """A part that has a name."""

    name: str
    node: Node


Node = OneOf | Sequence | Either | Repeat | Group


def parts_of(node: Node) -> list[Node]:
    """The node and everything within it, outermost first."""
    match node:
        case OneOf():
            return [node]
        case Sequence(parts) | Either(parts):
            return [node, *(inner for part in parts for inner in parts_of(part))]
        case Repeat(node=inner) | Group(node=inner):
            return [node, *parts_of(inner)]


def groups_of(node: Node) -> dict[str, Group]:
    """Every named group."""
    return {one.name: one for one in parts_of(node) if isinstance(one, Group)}


def lengths_of(node: Node) -> tuple[int, int | None]:
    """Fewest and most bytes it can match; ``None``: without end."""
    match node:
        case OneOf():
            return 1, 1
        case Sequence(parts):
            return _added([lengths_of(part) for part in parts], sum)
        case Either(ways):
            spans = [lengths_of(way) for way in ways]
            return min(low for low, _ in spans), _added(spans, max)[1]
        case Group(node=inner):
            return lengths_of(inner)
        case Repeat(node=inner, least=least, most=most):
            low, high = lengths_of(inner)
            return low * least, None if most is None or high is None else high * most


def _added(spans: list[tuple[int, int | None]], how: Callable[[list[int]], int]) -> tuple[int, int | None]:
    highest = [high for _, high in spans if high is not None]
    return sum(low for low, _ in spans), how(highest) if len(highest) == len(spans) else None
