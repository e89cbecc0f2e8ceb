from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint, Qt

from app.base.measurement import Limits
from app.base.phrases import Language, Name
from tests.kit.conftest import hear, hue
from ui.kit import ExceptionLine, ExceptionRows, Measured, Recorded, State, set_language, theme
from ui.kit.check import look_over

HEAT = Limits(unit="°C", lower=Decimal("132.0"), nominal=None, upper=Decimal("142.0"))


def line(key: str, state: State = State.PASS, act: str | None = None, **more: object) -> ExceptionLine:
    given = {"kind": f"kind {key}", "what": "what", "reason": "step 6", "owner": Name("Li Na", "李娜"), "outcome": "" if act else "agreed"}
    return ExceptionLine(key=key, state=state, act=act, **{**given, **more})


ROWS = [
    line("dev", State.FAIL, "Open", evidence="2 not found"),
    line("late", State.ATTENTION, "Decide", evidence="47 %"),
    line("heat", evidence=Measured(limits=HEAT, value=Decimal("143.4"))),
    line("tray", evidence=Recorded(now="40", before=("39",))),
]


@pytest.fixture
def rows(shown):
    rows = ExceptionRows()
    rows.show_exceptions(ROWS, in_order=1279)
    return shown(rows, 1000, 560)


def texts(rows: ExceptionRows) -> list[str]:
    return [said.text for said in rows.said()]


@pytest.mark.capability("F9")
def test_only_exceptions_stand_and_the_rest_is_one_grey_line_with_its_count(rows, glass):
    assert texts(rows)[:2] == ["1\u2009279", "entries in order, not shown"]
    assert hue(glass(rows), 500, 10) == theme.color.track.name()


def test_the_grey_line_counts_what_is_decided_and_what_is_not(rows):
    assert texts(rows)[2:5] == ["1", "1", "2"], "one to stop, one to look at, two agreed"


def test_a_digit_opens_the_undecided_row_it_is_printed_on(rows, qtbot):
    opened = hear(rows.opened)
    qtbot.keyClick(rows, Qt.Key.Key_2)
    qtbot.keyClick(rows, Qt.Key.Key_1)
    assert opened == ["late", "dev"]
    assert not rows.press(Qt.Key.Key_3), "decided rows have no digit"


def test_a_decided_row_is_opened_by_a_press_all_the_same(rows, qtbot):
    opened = hear(rows.opened)
    qtbot.mouseClick(rows, Qt.MouseButton.LeftButton, pos=QPoint(300, 52 + 2 * 94 + 40))
    assert opened == ["heat"]


def test_the_grey_line_can_be_opened_and_need_not_be(rows, qtbot):
    asked = []
    rows.in_order_asked.connect(lambda: asked.append(True))
    opened = hear(rows.opened)
    qtbot.mouseClick(rows, Qt.MouseButton.LeftButton, pos=QPoint(300, 20))
    assert (asked, opened) == ([True], [])


def test_what_stops_the_release_is_filled_and_what_was_agreed_is_quiet(rows, glass):
    image = glass(rows)
    first, third = 52 + 47, 52 + 2 * 94 + 41
    assert hue(image, 3, first) == theme.color.stopfill.name()
    assert hue(image, 990, 52 + 4) == theme.color.stopwash.name()
    assert hue(image, 3, third) == theme.color.canvas.name()


def test_the_row_the_keyboard_stands_on_is_where_you_are(rows, glass):
    rows.choose("late")
    image = glass(rows)
    assert hue(image, 3, 52 + 94 + 47) == theme.color.actfill.name()
    assert hue(image, 990, 52 + 94 + 4) == theme.color.entry.name()


def test_evidence_is_drawn_struck_or_written_as_what_it_is(rows, glass):
    [old] = [said for said in rows.said() if said.struck]
    assert old.text == "39"
    [wrong] = [said for said in rows.said() if said.text == "2 not found"]
    assert (wrong.bold, wrong.ink) == (True, "stop")
    image, middle = glass(rows), 52 + 2 * 94 + 41
    assert any(hue(image, x, middle) == theme.color.stopfill.name() for x in range(550, 900)), "the value outside its limits"


def test_a_narrow_panel_keeps_the_owner_behind_the_reason(shown):
    rows = ExceptionRows()
    rows.show_exceptions(ROWS, in_order=0)
    shown(rows, 600, 560)
    assert "step 6 • Li Na" in texts(rows)
    assert "Li Na" not in texts(rows)
    assert look_over(rows) == []
    set_language(Language.ZH)
    assert "step 6 • 李娜" in texts(rows)


def test_twelve_undecided_rows_are_numbered_page_by_page_from_one(shown):
    rows = ExceptionRows()
    rows.show_exceptions([line(f"e{n}", State.ATTENTION, "Decide") for n in range(12)], in_order=3)
    shown(rows, 1000, 480)
    opened = hear(rows.opened)
    assert len(rows.numbered()) == len(rows.standing()) < 12
    rows.press(Qt.Key.Key_PageDown)
    first = rows.standing().start
    rows.press(Qt.Key.Key_1)
    assert opened == [f"e{first}"]


def test_there_are_nine_digits_and_the_tenth_row_is_opened_by_hand(shown):
    rows = ExceptionRows()
    rows.show_exceptions([line(f"e{n}", State.ATTENTION, "Decide") for n in range(11)], in_order=3)
    shown(rows, 1000, 52 + 11 * 94)
    opened = hear(rows.opened)
    assert len(rows.standing()) == 11
    assert rows.numbered() == list(range(9))
    rows.choose("e9")
    rows.press(Qt.Key.Key_9)
    rows.choose("e10")
    rows.press(Qt.Key.Key_Space)
    assert opened == ["e8", "e10"]
