import pytest
from PySide6.QtCore import QRectF

from app.base.phrases import Language, Name
from tests.kit.conftest import hue
from ui.kit import RIGHT, Cell, Column, Number, Recorded, Row, StruckValue, Table, recorded_said, set_language, theme
from ui.kit.check import look_over


def texts(lines) -> list[str]:
    return [said.text for said in lines]


@pytest.mark.capability("C6")
def test_every_old_value_stays_visible_struck_through_before_the_new_one(shown):
    value = shown(StruckValue(Recorded(now="2.41 N", before=("2.14 N", "2.44 N"))), 400, 40)
    lines = value.said()
    assert texts(lines) == ["2.14 N", "→", "2.44 N", "→", "2.41 N"]
    assert [said.struck for said in lines] == [True, False, True, False, False]
    assert lines[-1].bold
    assert value.accessibleName() == "2.41 N, corrected from 2.14 N, 2.44 N"


def test_a_value_that_never_changed_is_just_itself(shown):
    value = shown(StruckValue(Recorded(now="47 %")), 200, 40)
    assert texts(value.said()) == ["47 %"]
    assert not value.said()[0].bold


@pytest.mark.capability("E6")
def test_a_typed_value_keeps_its_amber_tag(shown, glass):
    value = shown(StruckValue(Recorded(now="2.4", typed=True)), 200, 32)
    assert texts(value.said()) == ["typed", "2.4"]
    assert hue(glass(value), 5, 8) == theme.color.attwash.name()
    set_language(Language.ZH)
    assert texts(value.said()) == ["手工输入", "2.4"]


def test_a_draft_is_dashed_and_names_its_author(shown, glass):
    value = shown(StruckValue(Recorded(now="47 %", draft_by=Name("Li Na", "李娜"))), 300, 56)
    assert texts(value.said()) == ["47 %", "draft, Li Na"]
    image = glass(value)
    border = [hue(image, x, 0) == theme.color.edge.name() for x in range(20, 280)]
    assert 0.2 < sum(border) / len(border) < 0.8, "dashes, not a line"
    set_language(Language.ZH)
    assert "草稿，李娜" in value.accessibleName()


def test_where_the_room_is_short_the_first_and_the_last_value_stay(shown):
    recorded = Recorded(now="40", before=("39", "41", "38", "42"))
    assert texts(recorded_said(recorded, QRectF(0, 0, 120, 28))) == ["39", "→", "…", "→", "40"]
    [between] = [said for said in recorded_said(recorded, QRectF(0, 0, 120, 28)) if said.text == "…"]
    assert not between.struck


def test_a_table_cell_shows_the_correction_where_the_number_stands(shown, glass):
    table = Table([Column(title="step"), Column(title="trays", width=240, number=True)])
    trays = Number(name="trays", value="40", how="typed by a person")
    cells = ("Pouch sealing", Cell(recorded=Recorded(now="40", before=("39",), typed=True)))
    table.show_rows([Row(key="1", cells=cells, numbers=(trays,))])
    shown(table, 640, 120)
    cell = [said for said in table.said() if said.text in ("typed", "39", "→", "40")]
    assert texts(cell) == ["typed", "39", "→", "40"]
    assert cell[-1].room.right() == pytest.approx(640 - 16, abs=1)
    assert look_over(table) == []
    tag = cell[0].room
    assert hue(glass(table), tag.left() + 4, tag.center().y()) == theme.color.attwash.name()


def test_a_value_at_the_right_end_never_begins_left_of_its_room():
    lines = recorded_said(Recorded(now="12\u2009345", before=("12\u2009344",)), QRectF(10, 0, 30, 28), align=RIGHT)
    assert lines[0].room.left() == 10


def test_a_correction_is_shown_at_once(shown):
    value = shown(StruckValue(Recorded(now="39")), 200, 40)
    value.show_value(Recorded(now="40", before=("39",)))
    assert texts(value.said()) == ["39", "→", "40"]
