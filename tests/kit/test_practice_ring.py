"""The amber ring of practice: on every glass and in both palettes nobody takes it for work."""

from itertools import product

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from ui.kit import Banner, Frame, Mode, Panel, PrimaryButton, Sheet, State, theme
from ui.kit.check import look_over, widget_lines
from ui.kit.practice_ring import RING, RING_LINE
from ui.kit.tokens import contrast

pytestmark = pytest.mark.capability("J6")


@pytest.fixture
def frame(shown):
    frame = Frame()
    frame.top_bar.show_station("IQC-02", "Incoming inspection")
    frame.top_bar.show_person("李明 Li Ming", "inspector")
    frame.top_bar.show_clock("14:26:31", "Tue 24 Nov 2026 · UTC+8")
    frame.next_band.tell("Measure (2) length of sample 13, then press the caliper key.", "Incoming inspection TIQC26-0001")
    frame.action_bar.lay(primary=PrimaryButton("Take 25.04 mm"))
    frame.show_body(Panel("Lot TL26-0001"))
    return shown(frame, 1920, 1080)


def ring_of(frame) -> set[tuple[str, ...]]:
    """The colours a walk from the middle of each edge inwards meets, first amber, then the line."""
    QApplication.processEvents()
    picture = frame.grab().toImage()
    wide, high, middle, line = picture.width(), picture.height(), theme.px(RING) // 2, theme.px(RING) + theme.px(RING_LINE) // 2
    edges = [
        [(wide // 2, depth), (wide // 2, high - 1 - depth), (depth, high // 2), (wide - 1 - depth, high // 2)] for depth in (middle, line)
    ]
    return {tuple(picture.pixelColor(*places[side]).name() for places in edges) for side in range(4)}


@pytest.mark.parametrize("scale", [1.0, 1.3])
def test_the_ring_stands_on_every_side_in_every_size_and_palette_with_or_without_a_sheet(frame, scale: float) -> None:
    frame.show_practice(True)
    for size, mode, sheet in product([(1920, 1080), (1280, 800)], Mode, [None, Sheet("Evidence", primary=None)]):
        theme.look(mode=mode, scale=scale)
        frame.resize(*size)
        frame.show_sheet(sheet)
        ((amber, line),) = ring_of(frame)
        assert (amber, line) == (theme.color.attfill.name(), theme.color.atton.name())
        assert contrast(QColor(amber), QColor(line)) >= 4.5
        frame.show_sheet(None)
        frame.show_banner(Banner(State.FAIL, "The database is away since 14:03.", ""))
        assert ring_of(frame) == {(amber, line)}
        frame.show_banner(None)


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("size", [(1920, 1080), (1280, 800)])
def test_the_word_stands_before_the_station_and_can_be_read(frame, size: tuple[int, int], mode: Mode) -> None:
    frame.show_practice(True)
    theme.look(mode=mode)
    frame.resize(*size)
    assert "Practice" in [said.text for said in widget_lines(frame.top_bar)]
    assert look_over(frame) == []


def test_without_practice_there_is_neither_ring_nor_word(frame) -> None:
    frame.show_practice(True)
    frame.show_practice(False)
    assert "Practice" not in [said.text for said in widget_lines(frame.top_bar)]
    assert (theme.color.attfill.name(), theme.color.atton.name()) not in ring_of(frame)
