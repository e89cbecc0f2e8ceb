"""A client with our fonts, by day, in English, at 96 dpi; put back after every test."""

import runpy
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import SignalInstance
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.base.phrases import Language
from ui.kit import Mode, set_language, theme
from ui.kit.theme import FONTS
from ui.kit.tokens import DESIGN_DPI

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def fonts() -> None:
    """Built once where set-up has not done it yet."""
    if not (FONTS / "NotoSansSC-Bold.ttf").exists():
        runpy.run_path(str(ROOT / "tools" / "build_fonts.py"))["main"]()


@pytest.fixture(autouse=True)
def client(qapp: QApplication, fonts: None) -> Iterator[QApplication]:
    theme.start(qapp)
    yield qapp
    set_language(Language.EN)
    theme.look(mode=Mode.LIGHT, high_contrast=False, scale=1.0, dpi=DESIGN_DPI, reduced_motion=False)


@pytest.fixture
def shown(qtbot: QtBot) -> Callable[..., QWidget]:
    """Show a widget at a size and wait until it stands."""

    def show(widget: QWidget, width: int | None = None, height: int | None = None) -> QWidget:
        qtbot.addWidget(widget)
        if width is not None and height is not None:
            widget.resize(width, height)
        with qtbot.waitExposed(widget):
            widget.show()
        return widget

    return show


@pytest.fixture
def glass() -> Callable[[QWidget], QImage]:
    """What stands on the glass, pixel by pixel."""
    return lambda widget: widget.grab().toImage()


def hue(image: QImage, x: float, y: float) -> str:
    """Colour of one pixel as #rrggbb."""
    return QColor(image.pixel(round(x), round(y))).name()


def hear(signal: SignalInstance) -> list[object]:
    """Everything a signal with one argument will say."""
    heard: list[object] = []

    def note(what: object) -> None:
        heard.append(what)

    signal.connect(note)
    return heard
