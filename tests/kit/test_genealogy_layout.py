"""Where everything of a genealogy stands, for any graph: nothing on anything else, every edge from its node to its node."""

from decimal import Decimal
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.base.measurement import Quantity
from ui.kit.genealogy_graph import MOST, Duty, Fold, GraphEdge, GraphNode, Resource, fold
from ui.kit.genealogy_layout import NODE_HEIGHT, NODE_WIDTH, Box, GraphLayout, lay_out
from ui.kit.genealogy_routes import LANE
from ui.kit.genealogy_walk import Step, Walk


def node(key: str, level: int, duty: Duty = Duty.NONE, count: Quantity | None = None, resources: int = 0) -> GraphNode:
    gauges = tuple(Resource(key=f"FG-{n:02}", name=f"gauge FG-{n:02}", icon="gauge") for n in range(resources))
    return GraphNode(key=key, level=level, title=key, second="", icon="pack", duty=duty, count=count, resources=gauges)


def edges(*pairs: str) -> list[GraphEdge]:
    return [GraphEdge(source=pair.split(">")[0], target=pair.split(">")[1]) for pair in pairs]


counts = st.none() | st.builds(Quantity, st.decimals(0, 10_000, places=2), st.sampled_from(["pcs", "kg"]))


@st.composite
def graphs(draw, most_levels: int = 6):
    """Some nodes on some levels, and edges from lower to higher ones, across several too."""
    levels = draw(st.lists(st.integers(0, most_levels - 1), min_size=1, max_size=40))
    nodes = [
        node(f"n{n}", level, draw(st.sampled_from(list(Duty))), draw(counts), draw(st.integers(0, 7))) for n, level in enumerate(levels)
    ]
    pairs = [(a.key, b.key) for a in nodes for b in nodes if a.level < b.level]
    chosen = draw(st.lists(st.sampled_from(pairs), max_size=60)) if pairs else []
    return nodes, [GraphEdge(source=source, target=target) for source, target in chosen]


@st.composite
def dense_graphs(draw):
    """Columns of some nodes with many edges between them, as a real recall has."""
    columns = draw(st.lists(st.integers(2, 9), min_size=2, max_size=5))
    nodes = [node(f"n{level}.{n}", level, draw(st.sampled_from(list(Duty)))) for level, many in enumerate(columns) for n in range(many)]
    pairs = [(a.key, b.key) for a in nodes for b in nodes if a.level < b.level]
    many = min(len(pairs), draw(st.integers(8, 60)))
    chosen = draw(st.permutations(pairs))[:many]
    return nodes, [GraphEdge(source=source, target=target) for source, target in chosen]


def boxes(layout: GraphLayout) -> list[Box]:
    return [box for one in layout.nodes for box in (one.box, *(resource.box for resource in one.resources))]


def overlap(one: Box, other: Box) -> bool:
    return one.x < other.right and other.x < one.right and one.y < other.bottom and other.y < one.bottom


def strokes(points) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    return list(pairwise(points))


def crosses(one, other) -> bool:
    """Whether a horizontal stroke and a vertical one cross inside both; touching ends are no crossing."""
    for (a, b), (c, d) in ((one, other), (other, one)):
        if a[1] == b[1] and c[0] == d[0]:
            left, right = sorted((a[0], b[0]))
            top, bottom = sorted((c[1], d[1]))
            if left < c[0] < right and top < a[1] < bottom:
                return True
    return False


@pytest.mark.capability("H1")
@settings(max_examples=200, deadline=None)
@given(graph=graphs())
def test_no_node_and_no_resource_stands_on_another(graph):
    layout = lay_out(*graph)
    for one, other in combinations(boxes(layout), 2):
        assert not overlap(one, other)
    for box in boxes(layout):
        assert box.x >= 0
        assert box.y >= 0
        assert box.right <= layout.width
        assert box.bottom <= layout.height


@settings(max_examples=200, deadline=None)
@given(graph=graphs())
def test_every_edge_leaves_its_source_at_the_right_and_ends_at_the_left_of_its_target(graph):
    layout = lay_out(*graph)
    place = {one.node.key: one.box for one in layout.nodes}
    assert {(r.edge.source, r.edge.target) for r in layout.routes} == {(e.source, e.target) for e in fold(*graph).edges}
    for route in layout.routes:
        source, target = place[route.edge.source], place[route.edge.target]
        (x, y), (end_x, end_y) = route.points[0], route.points[-1]
        assert (x, end_x) == (source.right, target.x)
        assert source.y < y < source.y + NODE_HEIGHT
        assert target.y < end_y < target.y + NODE_HEIGHT


@settings(max_examples=200, deadline=None)
@given(graph=graphs() | dense_graphs())
def test_edges_have_right_angles_and_run_through_no_node(graph):
    layout = lay_out(*graph)
    for route in layout.routes:
        for (x, y), (to_x, to_y) in strokes(route.points):
            assert x == to_x or y == to_y
            assert to_x >= x, "never back to the left"
            stroke = Box(x=min(x, to_x), y=min(y, to_y), width=abs(to_x - x), height=abs(to_y - y))
            for box in boxes(layout):
                inside = Box(x=box.x + 1, y=box.y + 1, width=box.width - 2, height=box.height - 2)
                assert not (stroke.x < inside.right and inside.x < stroke.right and stroke.y < inside.bottom and inside.y < stroke.bottom)


@settings(max_examples=300, deadline=None)
@given(graph=graphs() | dense_graphs())
def test_edges_of_one_source_never_cross(graph):
    for one, other in combinations(lay_out(*graph).routes, 2):
        if one.edge.source == other.edge.source:
            assert not any(crosses(a, b) for a in strokes(one.points) for b in strokes(other.points))


@settings(max_examples=60, deadline=None)
@given(graph=dense_graphs())
def test_lanes_are_fourteen_apart_and_two_edges_share_a_line_only_from_one_source_or_to_one_target(graph):
    layout = lay_out(*graph)
    columns = [left for _, left in layout.columns]
    for one, other in combinations(layout.routes, 2):
        related = one.edge.source == other.edge.source or one.edge.target == other.edge.target
        for (a, b), (c, d) in ((x, y) for x in strokes(one.points) for y in strokes(other.points)):
            if a[0] == b[0] == c[0] == d[0] and not related:
                low, high = max(min(a[1], b[1]), min(c[1], d[1])), min(max(a[1], b[1]), max(c[1], d[1]))
                assert low >= high, "one lane, two strangers"
            if a[1] == b[1] == c[1] == d[1] and not related:
                left, right = max(min(a[0], b[0]), min(c[0], d[0])), min(max(a[0], b[0]), max(c[0], d[0]))
                assert left >= right, "one height, two strangers"
            if a[0] == b[0] and c[0] == d[0]:
                first, second = (max(n for n, left in enumerate(columns) if left < x) for x in (a[0], c[0]))
                assert first != second or (a[0] - c[0]) % LANE == 0


@pytest.mark.capability("H3")
@settings(max_examples=200, deadline=None)
@given(graph=graphs(most_levels=2))
def test_folding_keeps_every_node_and_every_sum(graph):
    nodes, pairs = graph
    folded = fold(nodes, pairs)
    for column in folded.columns:
        assert len(column) <= MOST
        members = [key for one in column for key in (one.members if isinstance(one, Fold) else (one.key,))]
        mine = [one for one in nodes if one.level == column[0].level]
        assert sorted(members) == sorted(one.key for one in mine)
        for unit in ("pcs", "kg"):
            wanted = sum((one.count.value for one in mine if one.count is not None and one.count.unit == unit), Decimal(0))
            standing = [one.count for one in column if isinstance(one, GraphNode) and one.count is not None]
            summed = [*standing, *(one for fold in column if isinstance(fold, Fold) for one in fold.sums)]
            assert sum((one.value for one in summed if one.unit == unit), Decimal(0)) == wanted


def test_of_nine_nodes_eight_places_stand_and_the_last_is_the_rest():
    nodes = [node(f"C{n}", 0, count=Quantity(Decimal(100), "pcs")) for n in range(9)]
    [column] = fold(nodes, []).columns
    rest = column[-1]
    assert [one.key for one in column[:-1]] == [f"C{n}" for n in range(7)]
    assert (rest.members, [str(one) for one in rest.sums]) == (("C7", "C8"), ["200 pcs"])
    [all_eight] = fold(nodes[:8], []).columns
    assert [one.key for one in all_eight] == [f"C{n}" for n in range(8)], "eight need no fold"


def test_what_must_be_held_is_never_folded_away_and_unknown_stands_last():
    nodes = [node(f"C{n}", 0, Duty.TELL) for n in range(20)] + [node("store", 0, Duty.HOLD), node("lost", 0, Duty.UNKNOWN)]
    keys = [one.key for one in fold(nodes, []).columns[0]]
    assert keys[-1] == "lost"
    assert "store" in keys
    assert keys[-2].startswith("more@")


def test_edges_of_folded_nodes_become_one_edge_of_the_fold():
    nodes = [node("S", 0), *(node(f"C{n}", 1) for n in range(20))]
    folded = fold(nodes, edges(*(f"S>C{n}" for n in range(20))))
    assert len(folded.edges) == MOST
    assert [edge.target for edge in folded.edges].count(folded.columns[1][-1].key) == 1


def test_down_edges_end_lower_the_further_left_their_lane_is_and_up_edges_mirrored():
    nodes = [node("S", 0), *(node(f"C{n}", 1) for n in range(6))]
    layout = lay_out(nodes, edges(*(f"S>C{n}" for n in range(6))))
    corners = [(route.points[1][0], route.points[0][1], route.points[-1][1]) for route in layout.routes if len(route.points) == 4]
    down = sorted((x, end) for x, start, end in corners if end > start)
    up = sorted((x, end) for x, start, end in corners if end < start)
    assert [end for _, end in down] == sorted((end for _, end in down), reverse=True)
    assert [end for _, end in up] == sorted(end for _, end in up)
    assert len(down) + len(up) == 6


def test_a_chain_runs_straight():
    layout = lay_out([node("A", 0), node("B", 1), node("C", 5)], edges("A>B", "B>C"))
    assert [len(route.points) for route in layout.routes] == [2, 2]
    assert [level for level, _ in layout.columns] == [0, 1, 5]
    assert [left for _, left in layout.columns] == [0, NODE_WIDTH + 48, 2 * (NODE_WIDTH + 48)]


def test_resources_stand_under_their_node_and_more_than_four_are_counted():
    layout = lay_out([node("B", 0, resources=7)], [])
    [placed] = layout.nodes
    assert [one.resource.key if one.resource else len(one.hidden) for one in placed.resources] == ["FG-00", "FG-01", "FG-02", 4]
    assert all(one.box.y >= placed.box.bottom for one in placed.resources)


@pytest.mark.parametrize(
    ("nodes", "pairs", "told"),
    [
        ([node("A", 0), node("A", 1)], [], "same key"),
        ([node("A", 0)], ["A>B"], "no such node"),
        ([node("A", 0), node("B", 0)], ["A>B"], "higher level"),
        ([node("A", 1), node("B", 0)], ["A>B"], "higher level"),
    ],
)
def test_a_graph_that_is_none_is_a_bug_of_the_caller(nodes, pairs, told):
    with pytest.raises(ValueError, match=told):
        lay_out(nodes, edges(*pairs))


def test_an_empty_graph_takes_no_room():
    layout = lay_out([], [])
    assert (layout.width, layout.height, layout.nodes) == (0, 0, ())


@settings(max_examples=100, deadline=None)
@given(graph=graphs())
def test_every_node_is_reached_by_walking_up_and_down_and_along_the_edges(graph):
    layout = lay_out(*graph)
    walk = Walk(layout)
    for one in layout.nodes:
        below = walk.go(one.node.key, Step.DOWN)
        assert below is None or walk.go(below, Step.UP) == one.node.key
    joined = {(route.edge.source, route.edge.target) for route in layout.routes}
    for source, target in joined:
        assert (source, walk.go(source, Step.RIGHT)) in joined
        assert (walk.go(target, Step.LEFT), target) in joined
