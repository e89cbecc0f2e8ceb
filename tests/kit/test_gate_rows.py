import pytest
from PySide6.QtCore import QPoint, Qt

from tests.kit.conftest import hear, hue
from ui.kit import Gate, GateRows, State, theme
from ui.kit.check import look_over

REASON = "Rule LAB-06: find both labels, or have quality sign."
GATES = [
    Gate(key="steps", state=State.PASS, name="Every step done"),
    Gate(key="labels", state=State.FAIL, name="Labels do not balance", why="2 not found", reason=REASON),
    Gate(key="held", state=State.HOLD, name="Lot on hold", why="L26-0344"),
    Gate(key="people", state=State.PASS, name="People were qualified"),
]


@pytest.fixture
def gates(shown):
    rows = GateRows()
    rows.show_gates(GATES)
    return shown(rows, 364, 400)


def texts(rows: GateRows) -> list[str]:
    return [said.text for said in rows.said()]


@pytest.mark.capability("F9")
def test_a_gate_that_is_shut_is_filled_and_bold_and_one_that_holds_is_quiet(gates, glass):
    image = glass(gates)
    assert hue(image, 3, 72 + 36) == theme.color.stopfill.name()
    assert hue(image, 360, 72 + 36) == theme.color.stopwash.name()
    assert hue(image, 3, 36) == theme.color.canvas.name(), "a calm row lets the panel through"
    weights = {said.text: (bool(said.bold), said.ink) for said in gates.said()}
    assert weights["Labels do not balance"] == (True, "ink")
    assert weights["Every step done"] == (False, "ink2")


def test_a_press_opens_the_reason_in_place_and_a_second_one_closes_it(gates, qtbot):
    opened = hear(gates.opened)
    at = QPoint(100, 72 + 30)
    qtbot.mouseClick(gates, Qt.MouseButton.LeftButton, pos=at)
    assert "Rule LAB-06:" in " ".join(texts(gates))
    assert gates.open_key == "labels"
    qtbot.mouseClick(gates, Qt.MouseButton.LeftButton, pos=at)
    assert "Rule LAB-06:" not in " ".join(texts(gates))
    assert opened == ["labels", "labels"]


def test_a_gate_without_a_longer_reason_is_opened_by_the_screen_alone(gates):
    opened = hear(gates.opened)
    gates.choose("held")
    gates.press(Qt.Key.Key_Space)
    assert (opened, gates.open_key) == (["held"], None)


def test_the_whole_reason_stands_whatever_its_length(shown):
    rows = GateRows()
    reason = "Rule LAB-06: every label is applied, destroyed or left. Find them, or have quality sign the difference. " * 2
    rows.show_gates([Gate(key="labels", state=State.FAIL, name="Labels do not balance", why="2", reason=reason), *GATES[2:]])
    shown(rows, 364, 600)
    rows.press(Qt.Key.Key_Down)
    rows.press(Qt.Key.Key_Space)
    assert " ".join(texts(rows)).count("difference.") == 2
    assert look_over(rows) == []


def test_an_open_reason_stays_when_the_gates_are_read_again_and_goes_with_its_gate(gates):
    gates.choose("labels")
    gates.press(Qt.Key.Key_Space)
    gates.show_gates(GATES)
    assert gates.open_key == "labels"
    gates.show_gates([gate for gate in GATES if gate.key != "labels"])
    assert gates.open_key is None


def test_nine_gates_stand_at_once_on_a_small_window_and_more_are_paged(shown):
    nine = [Gate(key=str(n), state=State.PASS, name=f"Gate {n}", why="all of it") for n in range(9)]
    rows = GateRows()
    rows.show_gates(nine)
    shown(rows, 364, 9 * 60)
    assert len(rows.standing()) == 9
    rows.show_gates([*nine, Gate(key="10", state=State.PASS, name="Gate 10")])
    assert len(rows.standing()) < 10
    assert not rows.pages_all
