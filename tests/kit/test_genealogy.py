from decimal import Decimal
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt

from app.base.measurement import Quantity
from app.base.phrases import Language, Phrase
from tests.kit.conftest import hear, hue
from ui.kit import Duty, Genealogy, GraphEdge, GraphNode, Resource, set_language, theme
from ui.kit.check import look_over
from ui.kit.genealogy_layout import Box

SEALER = Resource(key="SL-03", name="sealer SL-03", icon="sensor")


def node(key: str, level: int, duty: Duty = Duty.NONE, resources: tuple[Resource, ...] = ()) -> GraphNode:
    count = Quantity(Decimal(2_000), "pcs")
    return GraphNode(key=key, level=level, title=key, second="2\u2009000", icon="pack", duty=duty, count=count, resources=resources)


NODES = [
    node("NF26-0874", 0, Duty.START),
    node("L26-0301", 1),
    node("L26-0302", 1),
    node("B26-1098", 2, resources=(SEALER,)),
    node("B26-1104", 2, resources=(SEALER,)),
    *(node(f"C-{n:02}", 3, Duty.TELL) for n in range(1, 12)),
    node("FG-2", 3, Duty.HOLD),
    node("lost", 3, Duty.UNKNOWN),
]
PAIRS = [("NF26-0874", "L26-0301"), ("NF26-0874", "L26-0302"), ("L26-0301", "B26-1098"), ("L26-0302", "B26-1104")]
PAIRS += [("B26-1098", f"C-{n:02}") for n in range(1, 12)] + [("B26-1104", "FG-2"), ("B26-1104", "lost")]
EDGES = [GraphEdge(source=source, target=target) for source, target in PAIRS]
NAMES = {0: "supplier lot", 1: "our lots", 2: Phrase("batches"), 3: "where now"}


@pytest.fixture
def tree(shown):
    tree = Genealogy(enter_opens=True)
    tree.show_graph(NODES, EDGES, NAMES)
    shown(tree, 1300, 860)
    tree.setFocus()
    return tree


def centre(tree: Genealogy, key: str) -> QPoint:
    box = next(one.box for one in tree.layout_now.nodes if one.node.key == key)
    return tree._rect(box).center().toPoint()


def ground(tree: Genealogy, glass, key: str) -> str:
    at = centre(tree, key)
    return hue(glass(tree), at.x() + 90, at.y() + 30)


def test_the_ground_of_a_node_tells_what_it_asks_for(tree, glass):
    grounds = {key: ground(tree, glass, key) for key in ("NF26-0874", "C-01", "FG-2", "L26-0301")}
    wanted = {"NF26-0874": "actwash", "C-01": "attwash", "FG-2": "holdwash", "L26-0301": "entry"}
    assert grounds == {key: theme.token(token).name() for key, token in wanted.items()}
    at, image = centre(tree, "lost"), glass(tree)
    hatched = {hue(image, at.x() + x, at.y() + 30) for x in range(-60, 60)}
    assert {theme.color.entry.name(), theme.color.line.name()} <= hatched


@pytest.mark.capability("H1")
def test_arrows_walk_along_edges_and_columns_and_say_where_they_are(tree, qtbot):
    focused = hear(tree.focused)
    assert tree.focus_key == "NF26-0874", "the start has the keyboard first"
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Left):
        qtbot.keyClick(tree, key)
    assert focused == ["L26-0301", "B26-1098", "SL-03", "L26-0301", "NF26-0874"]
    assert tree.accessibleName() == "NF26-0874, 2\u2009000"


def test_from_many_targets_the_one_at_the_same_height_is_next(shown):
    tree = Genealogy(enter_opens=True)
    customers = [node(f"C-{n}", 1) for n in range(5)]
    tree.show_graph([node("S", 0, Duty.START), *customers], [GraphEdge(source="S", target=one.key) for one in customers], {})
    tree.press(Qt.Key.Key_Right)
    boxes = {one.node.key: one.box for one in tree.layout_now.nodes}
    assert boxes[tree.focus_key].middle == boxes["S"].middle


@pytest.mark.capability("H4")
def test_a_machine_under_two_batches_is_one_machine_at_two_places(tree, qtbot):
    opened = hear(tree.opened)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Return):
        qtbot.keyClick(tree, key)
    qtbot.keyClick(tree, Qt.Key.Key_Down)
    assert tree.focus_key == "B26-1104"
    qtbot.keyClick(tree, Qt.Key.Key_Down)
    qtbot.keyClick(tree, Qt.Key.Key_Space)
    assert opened == ["SL-03", "SL-03"]


def test_enter_opens_only_where_the_screen_has_no_primary_for_it(shown, qtbot):
    tree = Genealogy(enter_opens=False)
    tree.show_graph(NODES, EDGES, NAMES)
    opened = hear(tree.opened)
    assert not tree.press(Qt.Key.Key_Return)
    assert tree.press(Qt.Key.Key_Space)
    assert opened == ["NF26-0874"]


@pytest.mark.capability("H3")
def test_a_column_that_is_too_long_folds_and_a_fold_gives_its_keys(tree, qtbot):
    texts = [said.text for said in tree.said()]
    assert "6 more" in texts
    assert "12\u2009000 pcs" in texts
    unfolded, opened = hear(tree.unfolded), hear(tree.opened)
    tree.focus_on("C-11")
    assert tree.focus_key is None, "a fold is no record of its own"
    qtbot.keyClick(tree, Qt.Key.Key_Return)
    assert unfolded == [tuple(f"C-{n:02}" for n in range(6, 12))]
    assert opened == []
    set_language(Language.ZH)
    assert "另有 6 项" in [said.text.replace("\u2009", " ") for said in tree.said()]


def test_a_press_puts_the_keyboard_there_and_a_second_one_opens(tree, qtbot):
    opened = hear(tree.opened)
    at = centre(tree, "B26-1104")
    qtbot.mouseClick(tree, Qt.MouseButton.LeftButton, pos=at)
    assert (tree.focus_key, opened) == ("B26-1104", [])
    qtbot.mouseClick(tree, Qt.MouseButton.LeftButton, pos=at)
    assert opened == ["B26-1104"]


def test_walking_brings_into_view_what_does_not_fit_on_the_glass(tree, qtbot):
    tree.resize(620, 400)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, *[Qt.Key.Key_Down] * 8):
        qtbot.keyClick(tree, key)
    assert tree.focus_key == "lost"
    assert "lost" in [said.text for said in tree.said()]
    assert tree.rect().contains(centre(tree, "lost"))
    assert look_over(tree) == []
    for _ in range(3):
        qtbot.keyClick(tree, Qt.Key.Key_Left)
    assert "NF26-0874" in [said.text for said in tree.said()]


def test_a_hand_that_drags_moves_the_graph_and_opens_nothing(tree, qtbot):
    tree.resize(620, 400)
    opened, before = hear(tree.opened), centre(tree, "C-01")
    qtbot.mousePress(tree, Qt.MouseButton.LeftButton, pos=QPoint(500, 300))
    qtbot.mouseMove(tree, QPoint(440, 250))
    qtbot.mouseMove(tree, QPoint(380, 200))
    qtbot.mouseRelease(tree, Qt.MouseButton.LeftButton, pos=QPoint(380, 200))
    after = centre(tree, "C-01")
    assert after.x() < before.x()
    assert opened == []


def test_an_edge_is_painted_where_only_its_way_past_other_nodes_is_on_the_glass(shown, glass):
    many = [node(f"B{n}", 1, resources=(SEALER,)) for n in range(6)]
    pairs = [("S", one.key) for one in many] + [(one.key, "T") for one in many] + [("S", "T")]
    tree = Genealogy(enter_opens=True)
    tree.show_graph([node("S", 0), *many, node("T", 2)], [GraphEdge(source=a, target=b) for a, b in pairs], {})
    shown(tree, 300, 36 + 130)
    [way] = [one.points for one in tree.layout_now.routes if (one.edge.source, one.edge.target) == ("S", "T")]
    longest = max(pairwise(way), key=lambda stroke: stroke[1][0] - stroke[0][0])
    (x, y), _ = longest
    tree._glass.bring(Box(x=x + 60, y=y - 20, width=100, height=40))
    at = tree._rect(Box(x=x + 110, y=y, width=1, height=1))
    image = glass(tree)
    assert theme.color.ink.name() in {hue(image, at.x(), at.y() + n) for n in range(-2, 3)}


def test_the_keyboard_stays_where_it_was_when_the_graph_is_read_again(tree):
    tree.focus_on("FG-2")
    tree.show_graph(NODES, EDGES, NAMES)
    assert tree.focus_key == "FG-2"
    tree.show_graph(NODES[:3], EDGES[:2], NAMES)
    assert tree.focus_key == "NF26-0874"


@pytest.mark.parametrize("scale", [1.0, 1.15, 1.3])
def test_everything_is_readable_at_every_scale(shown, scale):
    theme.look(scale=scale)
    tree = Genealogy(enter_opens=True)
    tree.show_graph(NODES, EDGES, NAMES)
    shown(tree, round(1300 * scale), round(860 * scale))
    assert {"supplier lot", "batches", "sealer SL-03", "lost"} <= {said.text for said in tree.said()}
    assert look_over(tree, shortened=True) == []


def test_an_empty_graph_is_an_empty_panel(shown):
    tree = Genealogy(enter_opens=True)
    tree.show_graph([], [], {})
    shown(tree, 600, 300)
    assert tree.said() == []
    assert tree.press(Qt.Key.Key_Right)
    assert tree.focus_key is None
