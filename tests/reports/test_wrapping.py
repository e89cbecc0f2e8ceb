"""Lines of both languages."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.reports.fonts import Weight
from app.reports.wrapping import Run, ems, width_of, wrap

TEXT = st.text("ab WX-0，。（外径）\n\u2009", max_size=80)


@settings(max_examples=200, deadline=None)
@given(TEXT, st.floats(20, 200))
def test_no_line_is_wider_than_its_column_and_nothing_but_space_is_lost(text, width):
    lines = wrap([Run(text), Run(text, Weight.BOLD)], width=width, size=9)
    assert all(width_of(line, 9) <= width + 0.01 for line in lines)
    assert "".join(run.text for line in lines for run in line).replace(" ", "") == (2 * text).replace("\n", "").replace(" ", "")


@pytest.mark.parametrize("width", range(30, 90, 3))
def test_no_line_begins_with_closing_punctuation(width):
    lines = wrap([Run("外径合格，内径合格。（复检）外观：合格；包装、标签合格。")], width=width, size=9)
    assert not any(line[0].text[0] in "，。；：、）" for line in lines)
    assert not any(line[-1].text[-1] == "（" for line in lines)


def test_a_number_with_its_thin_spaces_is_never_parted():
    wide = ems("12\u2009000", Weight.REGULAR) * 9 + 1
    assert [line[0].text for line in wrap([Run("of 12\u2009000")], width=wide, size=9)] == ["of", "12\u2009000"]


def test_nothing_is_one_empty_line():
    assert wrap([Run("")], width=50, size=9) == [()]
