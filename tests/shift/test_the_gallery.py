"""`gallery`: every screen in every look, each looked over; and the pictures README shows are what the client draws."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.base.phrases import Language
from tests.core.cluster import fast_environment
from ui.kit import Label, Mode, set_language, theme
from ui.shell.registry import SCREENS, load_screens, offer
from ui.shift.camera import SIZES, Looks
from ui.shift.guided import unseen

HOUSE = Path(__file__).resolve().parents[2]
SHOWN = {"receive": "receive-pack", "measure": "measure-live"}
"""Pictures of README, and the moments of the shift they show."""
ALIKE, CLOSE = 0.97, 24
"""Clock, day and age of a value differ between two shifts: less than 1 % of the pixels. Another moment of a screen: 5 % and more."""


def pixels(file: Path) -> np.ndarray:
    """Height × width × 3, 0–255."""
    with Image.open(file) as picture:
        return np.asarray(picture.convert("RGB"), dtype=int)


def alike(one: Path, other: Path) -> float:
    """Share of pixels that are the same to an eye; 0 when the sizes differ."""
    first, second = pixels(one), pixels(other)
    return float((np.abs(first - second).max(axis=2) <= CLOSE).mean()) if first.shape == second.shape else 0.0


@pytest.mark.timeout(400)
@pytest.mark.capability("Q2")
@pytest.mark.capability("Q3")
def test_every_moment_is_pictured_light_and_dark_in_english_and_chinese_and_nothing_is_cut_or_faint(tmp_path: Path):
    command = [sys.executable, "main.py", "gallery", "--out", str(tmp_path)]
    done = subprocess.run(command, cwd=HOUSE, env=fast_environment(), capture_output=True, text=True, timeout=380, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    folder = tmp_path / "pictures"
    moments = {file.name.split("-1920x1080-")[0] for file in folder.glob("*-1920x1080-*")}
    assert {"home", "lock", "receive-pack", "measure-live", "sign-deviation", "lot-to-release", "history", "evidence"} <= moments
    for moment, (name, size), mode, language in product(moments, SIZES.items(), Mode, Language):
        with Image.open(folder / f"{moment}-{name}-{mode.value}-{language.value}.png") as picture:
            assert picture.size == size
    for shown, moment in SHOWN.items():
        for suffix, language in (("", Language.EN), ("-zh", Language.ZH)):
            fresh = folder / f"{moment}-1920x1080-light-{language.value}.png"
            share = alike(HOUSE / "docs" / "pictures" / f"{shown}{suffix}.png", fresh)
            assert share >= ALIKE, (
                f"docs/pictures/{shown}{suffix}.png is not what the client draws: put {fresh.name} of `make gallery` there"
            )


@pytest.fixture
def looks(tmp_path: Path, qtbot: QtBot) -> Iterator[Looks]:
    """A camera that looks; palette and language are put back."""
    yield Looks(folder=tmp_path)
    theme.look(mode=Mode.LIGHT)
    set_language(Language.EN)


def window_with(qtbot: QtBot, label: Label) -> QWidget:
    window = QWidget()
    QVBoxLayout(window).addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
    qtbot.addWidget(window)
    window.show()
    return window


def test_a_cut_word_is_named_with_every_look_it_is_cut_in(looks: Looks, qtbot: QtBot):
    label = Label("Effective length of sample 4")
    window = window_with(qtbot, label)
    label.setFixedWidth(60)
    looks.take(window, "narrow")
    assert len(looks.troubles) == 8
    assert all("clipped" in trouble for trouble in looks.troubles)
    assert looks.troubles[0].startswith("narrow-1920x1080-light-en: ")


def test_a_faint_word_is_named(looks: Looks, qtbot: QtBot):
    looks.take(window_with(qtbot, Label("hardly to be seen", ink="surface")), "faint")
    assert any("contrast" in trouble for trouble in looks.troubles)


def test_a_screen_that_no_step_of_the_shift_opens_is_named():
    offer("ui")
    load_screens()
    known = set(SCREENS)
    assert "inspection.measure" in known
    assert unseen(known) == []
    assert unseen(known - {"inspection.measure"}) == ["no picture of the screen inspection.measure: let a step of the shift open it"]
