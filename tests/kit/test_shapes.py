import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from tests.kit.conftest import hue
from ui.kit import Badge, Shape, State, draw_state, theme


def grey(state: State) -> bytes:
    """The silhouette alone: everything painted is black."""
    image = QImage(52, 52, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    draw_state(painter, state, QRectF(0, 0, 52, 52))
    painter.end()
    return bytes(1 if image.pixelColor(x, y).alpha() > 127 else 0 for y in range(52) for x in range(52))


@pytest.mark.capability("Q2")
def test_seven_states_differ_by_shape_alone():
    pictures = [grey(state) for state in State]
    for n, one in enumerate(pictures):
        for other in pictures[n + 1 :]:
            assert sum(a != b for a, b in zip(one, other, strict=True)) > 100


def test_good_is_outlined_and_trouble_is_filled():
    filled = {state: sum(grey(state)) / 52**2 for state in State}
    assert max(filled[state] for state in State if state in (State.PASS, State.WAITING, State.TO_DO)) < 0.3
    assert min(filled[state] for state in State if state.is_trouble) > 0.35


@pytest.mark.parametrize("size", [22, 26, 30, 52])
def test_a_shape_stands_at_its_four_sizes(shown, size):
    shape = shown(Shape(State.FAIL, size))
    assert shape.sizeHint().width() == size


def test_a_pass_badge_has_no_ground_and_a_hold_badge_has(shown, glass):
    quiet, held = shown(Badge(State.PASS)), shown(Badge(State.HOLD))
    assert hue(glass(quiet), 4, 4) == theme.color.canvas.name()
    assert hue(glass(held), 4, 4) == theme.color.holdwash.name()
    assert (quiet.said()[0].bold, held.said()[0].bold) == (False, True)
