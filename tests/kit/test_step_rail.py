"""Steps of a batch: 56 px each, the current one 87, inside a rail of 328 × 660."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

from app.base.phrases import Language, Name
from tests.kit.conftest import hear, hue
from ui.kit import State, StepLine, StepRail, Type, set_language, theme
from ui.kit.check import look_over


def step(n: int, state: State = State.TO_DO, **more: object) -> StepLine:
    return StepLine(key=f"s{n}", number=str(n), name=Name(f"Step no {n}", f"第{n}道"), state=state, **more)


def batch(count: int, current: int) -> list[StepLine]:
    done = [step(n, State.PASS, ended=f"{6 + n // 60:02}:{n % 60:02}") for n in range(1, current)]
    return [*done, step(current, State.HERE, second="since 10:04"), *(step(n) for n in range(current + 1, count + 1))]


@pytest.fixture
def rail(shown):
    rail = StepRail()
    rail.show_steps(batch(11, 6), "s6")
    return shown(rail, 328, 660)


def texts(rail: StepRail) -> list[str]:
    return [said.text for said in rail.said()]


def test_the_current_step_is_higher_bold_and_on_the_brightest_ground(rail, glass):
    [name] = [said for said in rail.said() if said.text == "6  Step no 6"]
    assert (name.kind, name.bold, name.ground) == (Type.VALUE, True, "entry")
    image = glass(rail)
    white = [y for y in range(660) if hue(image, 320, y) == theme.color.entry.name()]
    assert len(white) == pytest.approx(56 * 1.55, abs=3), "87 px less its two hairlines"
    assert white[0] == pytest.approx(5 * 56, abs=2)


def test_a_step_that_is_done_has_its_time_at_the_right_end_in_the_second_ink(rail):
    [ended] = [said for said in rail.said() if said.text == "06:05"]
    assert ended.room.right() == 328 - 16
    assert ended.ink == "ink2"


def test_shapes_stand_on_one_line_in_a_column_of_60_px(rail, glass):
    image = glass(rail)
    between = 56
    assert hue(image, 30, between) == hue(image, 29, between) == theme.color.band.name(), "2 px between two steps"
    assert hue(image, 27, between) != theme.color.band.name()
    assert hue(image, 30, 2) != theme.color.band.name(), "nothing above the first step"


@pytest.mark.capability("F3")
def test_a_blocked_step_says_why_in_the_ink_of_hold(shown):
    rail = StepRail()
    rail.show_steps([step(1, State.HERE), step(2, State.HOLD, second="printer LP-07: no paper")], "s1")
    shown(rail, 328, 300)
    [why] = [said for said in rail.said() if said.text == "printer LP-07: no paper"]
    assert why.ink == "hold"


@pytest.mark.capability("F8")
def test_a_current_step_held_by_a_deviation_shows_the_square_and_one_with_an_open_deviation_the_octagon(shown, glass):
    rail = StepRail()
    rail.show_steps([step(1, State.FAIL, second="deviation open"), step(2, State.HOLD, second="held by DEV 26-0188")], "s2")
    image = glass(shown(rail, 328, 300))
    assert hue(image, 30 - 11, 33) == theme.color.stopfill.name()
    assert hue(image, 30 - 10, 66 + 43) == theme.color.holdfill.name()
    assert [said.ink for said in rail.said() if said.text == "deviation open"] == ["stop"]


def test_of_three_hundred_steps_the_current_one_stands_with_what_came_before_and_what_comes_next(shown):
    rail = StepRail()
    rail.show_steps(batch(300, 217), "s217")
    shown(rail, 328, 660)
    standing = [f"s{n + 1}" for n in rail.standing()]
    assert {"s216", "s217", "s218"} <= set(standing)
    assert rail.findChildren(QWidget) == [], "no widget for a row"
    assert texts(rail)[-1] == f"{rail.standing().start + 1}–{rail.standing().stop} of 300"
    assert look_over(rail) == []


def test_a_page_that_was_turned_stays_until_another_step_is_the_current_one(shown, qtbot):
    rail = StepRail()
    rail.show_steps(batch(300, 217), "s217")
    shown(rail, 328, 660)
    for _ in range(3):
        qtbot.keyClick(rail, Qt.Key.Key_PageUp)
    here = rail.standing()
    rail.show_steps(batch(300, 217), "s217")
    assert rail.standing() == here
    assert not rail.current_stands
    rail.show_steps(batch(300, 218), "s218")
    assert rail.current_stands


def test_a_smaller_window_still_shows_the_current_step(shown):
    rail = StepRail()
    rail.show_steps(batch(40, 23), "s23")
    shown(rail, 328, 900)
    rail.resize(328, 230)
    assert rail.current_stands


def test_a_press_opens_a_step_and_so_does_space_where_the_keyboard_stands(rail, qtbot):
    opened = hear(rail.opened)
    qtbot.mouseClick(rail, Qt.MouseButton.LeftButton, pos=QPoint(100, 2 * 56 + 20))
    qtbot.keyClick(rail, Qt.Key.Key_Down)
    qtbot.keyClick(rail, Qt.Key.Key_Space)
    assert opened == ["s3", "s4"]
    assert rail.key_at == "s4"
    assert rail.accessibleName() == "4  Step no 4, 06:04"


def test_enter_stays_the_primarys(rail, qtbot):
    opened = hear(rail.opened)
    qtbot.keyClick(rail, Qt.Key.Key_Down)
    qtbot.keyClick(rail, Qt.Key.Key_Return)
    assert opened == []
    assert not rail.press(Qt.Key.Key_Return)


def test_the_foot_turns_the_page_by_hand(shown, qtbot):
    rail = StepRail()
    rail.show_steps(batch(60, 1), "s1")
    shown(rail, 328, 400)
    first = rail.standing()
    qtbot.mouseClick(rail, Qt.MouseButton.LeftButton, pos=QPoint(300, 390))
    assert rail.standing().start == first.stop
    qtbot.mouseClick(rail, Qt.MouseButton.LeftButton, pos=QPoint(30, 390))
    assert rail.standing() == first


def test_the_rail_speaks_the_readers_language(rail):
    set_language(Language.ZH)
    assert "6  第\u20096\u2009道" in texts(rail)


def test_a_current_step_that_is_none_of_the_batch_is_a_bug_of_the_caller():
    rail = StepRail()
    with pytest.raises(ValueError, match="not in list"):
        rail.show_steps(batch(3, 1), "s9")
    with pytest.raises(ValueError, match="same key"):
        rail.show_steps([step(1), step(1)], None)


@settings(max_examples=60, deadline=None)
@given(lines=st.lists(st.booleans(), min_size=1, max_size=80), high=st.integers(70, 900), current=st.integers(0, 79))
def test_whatever_the_heights_paging_reaches_every_step_and_ends_on_a_full_page(lines, high, current):
    rail = StepRail()
    rail.resize(328, high)
    steps = [step(n, second="why" if two else "") for n, two in enumerate(lines)]
    rail.show_steps(steps, steps[current % len(steps)].key)
    assert rail.current_stands
    rail.turn(-len(steps))
    seen = set(rail.standing())
    for _ in steps:
        rail.turn(1)
        seen |= set(rail.standing())
    assert seen == set(range(len(steps)))
    last = rail.standing()
    assert last.stop == len(steps)
    before = range(max(0, last.start - 1), last.stop)
    assert len(last) >= 1
    assert last.start == 0 or sum(rail.row_height(n) for n in before) > high - 56, "one more would not fit"
    rail.turn(-1)
    assert rail.standing().stop >= last.start, "nothing is jumped over on the way back"
