"""The ways of the edges between the columns of a genealogy: right angles, lanes 14 px apart, those of one source never cross.

An edge that goes down takes a lane further left the lower it ends, and mirrored upward (face.md §6). Two edges may share a line of the
picture only where they come from one source or go to one target: sources leave at other heights than targets are reached.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ui.kit.genealogy_columns import NODE_HEIGHT, NODE_WIDTH, PASS_HEIGHT, Path, Slot
from ui.kit.genealogy_graph import GraphEdge

LANE = 14
BEFORE_LANES, AFTER_LANES = 20, 28
"""Free between a column and the first lane behind it, and between the last lane and the next column: arrow heads and brackets."""
_PHASE = 8
_LEAVES, _ARRIVES = 0, 4
_PASSES = (2, 6)
"""Heights modulo 8 at which edges leave nodes, arrive at nodes and pass columns: never nearer to each other than 4 px, but for passes."""
_PORTS = 9
_BETWEEN = 6
"""Two edges on one lane keep at least that much between them."""

Segment = tuple[Slot, Slot]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """The way of one edge: corner points from the right side of its source to the left side of its target."""

    edge: GraphEdge
    points: tuple[tuple[int, int], ...]


def route(columns: list[list[Slot]], paths: Sequence[Path]) -> tuple[list[int], tuple[Route, ...]]:
    """Left edge of every column, and the corner points of every edge."""
    heights = _pass_heights(columns)
    ports = _ports(columns, heights)
    lanes = [_lanes(column, ports) for column in columns]
    lefts, left = [], 0
    for used in lanes:
        lefts.append(left)
        left += NODE_WIDTH + BEFORE_LANES + LANE * max(0, max(used.values(), default=0)) + AFTER_LANES
    routes = tuple(Route(edge=edge, points=_points(path, ports, lanes, lefts)) for edge, path in paths)
    return lefts, routes


def _pass_heights(columns: list[list[Slot]]) -> dict[Slot, int]:
    """Height of every pass: straight on from the pass before it where it can, never on the height of another one's."""
    heights: dict[Slot, int] = {}
    for column in columns:
        for slot in column:
            if slot.node is not None:
                continue
            before = slot.lefts[0]
            others = {heights[one] for one in (columns[slot.column - 1]) if one in heights and one is not before}
            free = [y for y in range(slot.top, slot.top + PASS_HEIGHT + 1) if y % _PHASE in _PASSES and y not in others]
            wanted = heights.get(before, before.anchor)
            heights[slot] = min(free, key=lambda y: abs(y - wanted))
    return heights


def _ports(columns: list[list[Slot]], passes: dict[Slot, int]) -> dict[Segment, tuple[int, int]]:
    """Height at which every segment leaves its left slot and reaches its right one."""
    leaves: dict[Segment, int] = {}
    arrives: dict[Segment, int] = {}
    for column in columns:
        for slot in column:
            rights = sorted(slot.rights, key=lambda one: passes.get(one, one.anchor))
            lefts = sorted(slot.lefts, key=lambda one: passes.get(one, one.anchor))
            leaves.update(zip(((slot, one) for one in rights), _spread(slot, len(rights), _LEAVES, passes), strict=True))
            arrives.update(zip(((one, slot) for one in lefts), _spread(slot, len(lefts), _ARRIVES, passes), strict=True))
    return {segment: _straightened(segment, leaves[segment], arrives[segment], passes) for segment in leaves}


def _spread(slot: Slot, count: int, phase: int, passes: dict[Slot, int]) -> list[int]:
    """Heights for that many edges on one side of a slot, top to bottom; more than nine share."""
    if slot in passes:
        return [passes[slot]] * count
    places = min(count, _PORTS)
    step = 24 if places <= 3 else 16 if places <= 5 else 8
    first = slot.anchor - (places - 1) * step / 2
    first = round((first - phase) / _PHASE) * _PHASE + phase
    return [int(first) + n * places // count * step for n in range(count)]


def _straightened(segment: Segment, leaves: int, arrives: int, passes: dict[Slot, int]) -> tuple[int, int]:
    """Without a corner where none is needed: both ends alone on one height, one end alone beside a pass, or hardly a step between them."""
    left, right = segment
    alone_left, alone_right = len(left.rights) == 1, len(right.lefts) == 1
    if alone_left and alone_right and left.anchor == right.anchor and left.node is not None and right.node is not None:
        return left.anchor, left.anchor
    if left in passes and right not in passes and alone_right and _reaches(right, leaves):
        return leaves, leaves
    if right in passes and left not in passes and alone_left and _reaches(left, arrives):
        return arrives, arrives
    if left not in passes and right not in passes and abs(leaves - arrives) <= _ARRIVES:
        return leaves, leaves
    return leaves, arrives


def _reaches(node: Slot, y: int) -> bool:
    """Whether an edge may arrive at a node there, clear of its corners."""
    return node.top + _ARRIVES <= y <= node.top + NODE_HEIGHT - _ARRIVES


def _lanes(column: list[Slot], ports: dict[Segment, tuple[int, int]]) -> dict[Segment, int]:
    """Lane of every segment that leaves a column and has a corner, from 0 at the left."""
    segments = [(slot, right) for slot in column for right in slot.rights]
    down = sorted((one for one in segments if ports[one][1] > ports[one][0]), key=lambda one: -ports[one][1])
    up = sorted((one for one in segments if ports[one][1] < ports[one][0]), key=lambda one: ports[one][1])
    lanes: dict[Segment, int] = {}
    taken: list[list[tuple[int, int]]] = []
    for one_way in (down, up):
        last: dict[Slot, int] = {}
        for segment in one_way:
            low, high = min(ports[segment]) - _BETWEEN, max(ports[segment]) + _BETWEEN
            lane = last.get(segment[0], -1) + 1
            while lane < len(taken) and any(start < high and end > low for start, end in taken[lane]):
                lane += 1
            if lane >= len(taken):
                taken.append([])
            taken[lane].append((low, high))
            lanes[segment] = last[segment[0]] = lane
    return lanes


def _points(
    path: list[Slot], ports: dict[Segment, tuple[int, int]], lanes: list[dict[Segment, int]], lefts: list[int]
) -> tuple[tuple[int, int], ...]:
    points: list[tuple[int, int]] = []
    for segment in pairwise(path):
        left, right = segment
        leaves, arrives = ports[segment]
        start = lefts[left.column] + NODE_WIDTH
        points.append((start, leaves))
        if leaves != arrives:
            x = start + BEFORE_LANES + LANE * lanes[left.column][segment]
            points += [(x, leaves), (x, arrives)]
        points.append((lefts[right.column], arrives))
    return tuple(points)
