"""PySide6 6.12.0 on Python 3.10 and 3.11 loses one reference to None with every call that returns nothing, and aborts."""

import sys

from PySide6.QtWidgets import QLabel

from ui.kit import State, icon_names
from ui.kit.icons import ICONS
from ui.kit.shapes import _DRAW


def test_fifty_thousand_calls_into_qt_lose_no_reference_to_none(client):
    label = QLabel()
    before = sys.getrefcount(None)
    for _ in range(50_000):
        label.setText("25.04 mm")
    assert abs(sys.getrefcount(None) - before) < 100


def test_every_icon_is_drawn_on_the_24_grid_in_one_colour():
    assert len(icon_names()) >= 40
    for name in icon_names():
        drawing = (ICONS / f"{name}.svg").read_text(encoding="utf-8")
        assert 'viewBox="0 0 24 24"' in drawing, name
        assert "currentColor" in drawing, name
        assert "#" not in drawing, name


def test_every_state_has_its_own_silhouette():
    assert set(_DRAW) == set(State)
    assert len(set(_DRAW.values())) == len(State)
