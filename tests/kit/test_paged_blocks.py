"""Blocks of any height: none is divided or cut, whatever the glass."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.kit import Label, PagedBlocks


def block(lines: int) -> QWidget:
    made = QWidget()
    rows = QVBoxLayout(made)
    for n in range(lines):
        rows.addWidget(Label(f"line {n}"))
    return made


@pytest.fixture
def pages(shown):
    pages = PagedBlocks()
    pages.show_blocks([block(4) for _ in range(7)])
    return shown(pages, 500, 600)


def whole(pages: PagedBlocks) -> bool:
    """Whether all that stands has the height it needs."""
    return all(one.height() >= one.sizeHint().height() and one.geometry().bottom() <= pages.height() for one in pages.standing)


def test_pages_are_turned_by_key_and_every_block_comes_once_and_whole(pages, qtbot):
    seen = [*pages.standing]
    assert 0 < len(seen) < 7
    assert whole(pages)
    while seen[-1] is not pages.blocks[-1]:
        assert pages.press(Qt.Key.Key_PageDown)
        qtbot.wait(1)
        assert whole(pages)
        seen += [one for one in pages.standing if one not in seen]
    assert seen == [*pages.blocks]
    first = pages.standing
    assert pages.press(Qt.Key.Key_PageDown)
    assert pages.standing == first, "the last page is the end"
    for _ in range(7):
        pages.press(Qt.Key.Key_PageUp)
    assert pages.standing[0] is pages.blocks[0]


def test_on_a_higher_glass_all_of_them_stand_and_the_keys_are_not_taken(pages, qtbot):
    pages.resize(500, 2000)
    qtbot.waitUntil(lambda: len(pages.standing) == 7)
    assert not pages.count.isVisible()
    assert not pages.press(Qt.Key.Key_PageDown)


def test_a_block_that_grows_gives_way_to_no_other_by_being_cut(pages, qtbot):
    for _ in range(12):
        pages.blocks[0].layout().addWidget(Label("and one more"))
    qtbot.waitUntil(lambda: whole(pages) or len(pages.standing) == 1)
    assert pages.standing[0] is pages.blocks[0]


def test_one_that_is_higher_than_the_glass_stands_alone(shown):
    pages = PagedBlocks()
    pages.show_blocks([block(60), block(2)])
    shown(pages, 500, 400)
    assert pages.standing == pages.blocks[:1]
    pages.press(Qt.Key.Key_PageDown)
    assert pages.standing == pages.blocks[1:]
