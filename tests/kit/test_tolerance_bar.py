"""Pixels of a bar 160 px wide: limits 10 and 20, so that 10 stands at 30, 20 at 130 and a unit is 10 px."""

from decimal import Decimal

import pytest

from app.base.measurement import Limits
from tests.kit.conftest import hue
from ui.kit import BarSize, Mode, RunStrip, ToleranceBar, theme

BOTH = Limits(unit="mm", lower=Decimal(10), nominal=Decimal(15), upper=Decimal(20))
AT_LEAST = Limits(unit="N", lower=Decimal(10), nominal=None, upper=None)
AT_MOST = Limits(unit="kPa", lower=None, nominal=None, upper=Decimal(10))


@pytest.fixture
def picture(shown, glass):
    def take(limits, value, size=BarSize.PANEL, recent=(), width=160):
        bar = shown(ToleranceBar(limits, size=size), width, size.height)
        bar.setFixedWidth(width)
        bar.show_value(None if value is None else Decimal(value), [Decimal(one) for one in recent])
        return glass(bar)

    return take


def color(token: str) -> str:
    return theme.token(token).name()


def reds(image) -> list[int]:
    """Columns in which the middle line is vermillion."""
    return [x for x in range(image.width()) if hue(image, x, 14) == color("stopfill")]


def test_the_band_lies_between_the_limits_and_the_track_outside(picture):
    image = picture(BOTH, None)
    assert hue(image, 10, 14) == hue(image, 150, 14) == color("track")
    assert hue(image, 60, 14) == hue(image, 110, 14) == color("band")
    assert hue(image, 30, 14) == hue(image, 130, 14) == color("ink")
    assert hue(image, 80, 14) == color("ink2"), "nominal"


@pytest.mark.parametrize(("value", "x"), [("12", 50), ("15", 80), ("18.5", 115)])
def test_the_needle_stands_where_the_value_is_over_the_full_height(picture, value, x):
    image = picture(BOTH, value)
    assert [hue(image, x, y) for y in (0, 14, 27)] == [color("ink")] * 3
    assert hue(image, x - 3, 0) == color("entry"), "a gap keeps it apart from the band"
    assert reds(image) == []


@pytest.mark.parametrize("value", ["10", "20"])
def test_a_value_on_the_limit_is_drawn_inside(picture, value):
    image = picture(BOTH, value)
    assert reds(image) == []
    assert hue(image, 30 if value == "10" else 130, 1) == color("ink"), "the needle stands on the tick"


def test_a_value_a_hair_outside_is_a_diamond_and_no_needle(picture):
    image = picture(BOTH, "20.000001")
    assert reds(image), "diamond"
    assert hue(image, 130, 0) != color("ink"), "no needle"


def test_outside_runs_from_the_limit_to_a_diamond_at_the_value(picture):
    image = picture(BOTH, "21.5")
    run = reds(image)
    assert run[-1] == pytest.approx(145 + 10, abs=2), "right corner of the diamond at 21.5"
    assert run[0] == pytest.approx(131, abs=2), "begins at the upper limit"
    assert hue(image, 145, 14 - 7) == color("stopfill")


def test_beyond_the_scale_the_diamond_sits_at_the_edge_with_its_value(picture):
    image = picture(BOTH, "500", width=280)
    assert hue(image, 270, 14) == color("stopfill")
    washed = [x for x in range(280) if hue(image, x, 1) == color("stopwash")]
    assert len(washed) > 30, "the value stands beside it on the wash"


def test_a_one_sided_bar_is_open_with_a_chevron_and_has_no_second_tick(picture):
    image = picture(AT_LEAST, None)
    assert hue(image, 30, 14) == color("ink"), "the only limit"
    assert hue(image, 140, 10) == color("band"), "open to the end"
    assert hue(image, 158, 14) == color("ink2"), "tip of the chevron"
    mirrored = picture(AT_MOST, None)
    assert hue(mirrored, 130, 14) == color("ink")
    assert hue(mirrored, 1, 14) == color("ink2")


def test_far_inside_a_one_sided_limit_is_still_inside(picture):
    assert reds(picture(AT_LEAST, "900")) == []


def test_the_live_needle_is_blue_and_the_last_ten_values_stand_behind_it(picture):
    image = picture(BOTH, "15.5", BarSize.LIVE, recent=["11", *["13"] * 10])
    scale = 160 / 14.4
    x = (15.5 - 7.8) * scale
    assert hue(image, x, 28) == color("actfill")
    assert hue(image, 57, 28) == color("ink2")
    assert hue(image, 35, 28) == color("band"), "the eleventh value from the end is gone"


def test_a_dark_bar_has_the_colours_of_the_night(picture):
    theme.look(mode=Mode.DARK)
    assert hue(picture(BOTH, None), 60, 14) == "#45545d"


def test_a_run_strip_shows_a_fail_as_a_diamond_and_frames_the_sample_to_come(shown, glass):
    strip = shown(RunStrip(BOTH))
    strip.show_values([Decimal(15), Decimal(21), None, None], coming=2)
    image = glass(strip)
    first, second, third = 29, 88, 147
    y_of_21 = 58 - (21 - 7) / 16 * 58
    assert hue(image, first, 29) == color("ink")
    assert hue(image, second, y_of_21) == color("stopfill")
    assert hue(image, third - 29, 29) == color("actfill")
