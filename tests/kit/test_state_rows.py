"""Rows with their state: every numbered row has a digit on some page, and telling the rows otherwise turns no page."""

import pytest
from PySide6.QtCore import Qt

from ui.kit import State, StateRow, StateRows


def rows_of(count: int, state: State = State.TO_DO) -> list[StateRow]:
    return [StateRow(state=state, title=f"Row {n}", line="waits") for n in range(count)]


@pytest.mark.parametrize("height", [180, 700, 1400])
@pytest.mark.parametrize("count", [9, 10, 25])
def test_each_numbered_row_is_opened_by_a_digit_of_its_page(height: int, count: int):
    rows = StateRows(numbered=True)
    rows.resize(500, height)
    rows.show_rows(rows_of(count))
    opened: list[int] = []
    rows.opened.connect(opened.append)
    for _ in range(count):
        for digit in range(9):
            rows.press(Qt.Key.Key_1 + digit)
        rows.press(Qt.Key.Key_PageDown)
    assert set(opened) == set(range(count))


def test_rows_without_digits_stand_as_many_as_there_is_room_for():
    rows = StateRows(numbered=False)
    rows.resize(500, 1400)
    rows.show_rows(rows_of(20))
    assert {said.text for said in rows.said()} >= {f"Row {n}" for n in range(20)}


def test_the_same_rows_told_otherwise_stay_on_their_page_and_others_begin_at_the_first():
    rows = StateRows(numbered=True)
    rows.resize(500, 300)
    rows.show_rows(rows_of(12))
    rows.press(Qt.Key.Key_PageDown)
    before = [said.text for said in rows.said()]
    assert "Row 0" not in before
    rows.show_rows(rows_of(12, State.HERE), stay=True)
    assert [said.text for said in rows.said()] == before
    rows.show_rows(rows_of(12))
    assert "Row 0" in [said.text for said in rows.said()]
