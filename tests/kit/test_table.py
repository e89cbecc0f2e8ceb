from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint, Qt

from app.base.measurement import Limits
from tests.kit.conftest import hear, hue
from ui.kit import AiBox, Cell, Column, Number, RawCode, Row, State, Table, VerdictLadder, theme

COLUMNS = [Column(title="lot", width=160), Column(title="state", width=200), Column(title="quantity", width=140, number=True)]
COUNTED = (Number(name="quantity", value="8", how="counted"),)


@pytest.fixture
def table(shown):
    table = Table(COLUMNS, page=7)
    rows = [Row(key=f"L{n}", cells=(f"L26-{n:04}", Cell(state=State.WAITING), str(n)), numbers=COUNTED) for n in range(1, 24)]
    table.show_rows(
        [*rows[:3], Row(key="bad", trouble=State.FAIL, cells=("L26-0340", Cell(state=State.FAIL), "8"), numbers=COUNTED), *rows[3:]]
    )
    return shown(table, 700, 520)


def test_a_long_list_turns_pages_by_key_and_stops_at_its_ends(table, qtbot):
    assert (table.pages, len(table.standing())) == (4, 7)
    qtbot.keyClick(table, Qt.Key.Key_PageDown)
    assert table.standing()[0].key == "L7"
    for _ in range(9):
        qtbot.keyClick(table, Qt.Key.Key_PageDown)
    assert (table.page, len(table.standing())) == (3, 7), "the last page is a full one too"
    qtbot.keyClick(table, Qt.Key.Key_PageUp)
    assert table.page == 2


def test_arrows_choose_across_pages_and_a_second_click_opens(table, qtbot):
    chosen, opened = hear(table.chosen), hear(table.opened)
    for _ in range(8):
        qtbot.keyClick(table, Qt.Key.Key_Down)
    assert chosen == ["L1", "L2", "L3", "bad", "L4", "L5", "L6", "L7"]
    assert table.page == 1
    first_row = QPoint(40, 44 + 28)
    qtbot.mouseClick(table, Qt.MouseButton.LeftButton, pos=first_row)
    assert opened == ["L7"]


def test_numbers_stand_at_the_right_edge_of_their_column(table):
    eights = [said for said in table.said() if said.text == "8"]
    assert {bool(said.align & Qt.AlignmentFlag.AlignRight) for said in eights} == {True}
    assert {said.room.right() for said in eights} == {500 - 16}


def test_trouble_has_its_wash_and_a_mark_and_quiet_rows_have_neither(table, glass):
    image = glass(table)
    assert hue(image, 3, 44 + 3 * 56 + 28) == theme.color.stopfill.name()
    assert hue(image, 690, 44 + 3 * 56 + 28) == theme.color.stopwash.name()
    assert hue(image, 690, 44 + 28) == theme.color.canvas.name()


def test_the_chosen_row_is_kept_when_the_list_is_read_again(table):
    table.show_rows(table._rows, chosen="bad")
    table.show_rows([row for row in table._rows if row.key in ("L9", "bad")])
    assert table.chosen_key == "bad"
    table.show_rows([row for row in table._rows if row.key == "L9"])
    assert table.chosen_key is None


def test_a_measured_cell_draws_its_limits(shown, glass):
    limits = Limits(unit="mm", lower=Decimal("24.5"), nominal=None, upper=Decimal("25.5"))
    table = Table([Column(title="length, mm", width=240)])
    table.show_rows([Row(key="1", cells=(Cell(words="25.62", limits=limits, value=Decimal("25.62")),))])
    image = glass(shown(table, 240, 120))
    assert any(hue(image, x, 44 + 28) == theme.color.stopfill.name() for x in range(120, 224))


def test_the_ladder_turns_amber_when_one_more_defect_decides_and_vermillion_when_it_did(shown, glass):
    ladder = shown(VerdictLadder(1, 2), 480, 64)
    amber, red = theme.color.attfill.name(), theme.color.stopfill.name()
    assert hue(glass(ladder), 20, 10) == theme.color.ink.name()
    ladder.show_count(1)
    assert ladder.one_more_decides
    assert hue(glass(ladder), 180, 10) == amber
    ladder.show_count(2)
    assert hue(glass(ladder), 340, 10) == red
    ladder.show_count(5)
    assert hue(glass(ladder), 340, 10) == red, "more than Re is still rejected"


def test_accept_on_zero_is_never_amber_before_anything_was_found(shown, glass):
    ladder = shown(VerdictLadder(0, 1), 480, 64)
    assert hue(glass(ladder), 20, 10) == theme.color.ink.name()


def test_over_five_cells_the_ladder_becomes_a_bar_with_ac_and_re():
    ladder = VerdictLadder(7, 8, found=3)
    assert ladder.is_bar
    assert [said.text for said in ladder.said()] == ["now 3", "Ac 7 · Re 8"]


def test_a_group_separator_is_a_box_with_its_name_not_a_hole(shown):
    code = shown(RawCode("10NF26-0931\x1d374000"), 800, 32)
    assert code.accessibleName() == "10NF26-0931<GS>374000"
    assert code.sizeHint().width() > RawCode("10NF26-0931374000").sizeHint().width()
    assert [said.text for said in shown(AiBox("17")).said()] == ["17"]


def test_any_other_control_character_shows_its_code(shown):
    assert shown(RawCode("A\x02B")).accessibleName() == "A<02>B"


def test_a_number_that_cannot_say_where_it_comes_from_is_not_shown(qtbot):
    table = Table(COLUMNS)
    qtbot.addWidget(table)
    with pytest.raises(ValueError, match="says where it comes from"):
        table.show_rows([Row(key="1", cells=("L26-0340", Cell(state=State.FAIL), "8"))])
