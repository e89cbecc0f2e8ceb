"""A trace of 780 × 240: limits 132 and 142, so that 145 is the top of the plot and 129 its foot."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import numpy as np
import pytest

from app.base.measurement import Limits
from app.base.phrases import Language, Name
from tests.kit.conftest import ROOT, hue
from ui.kit import Mode, NowValue, ParameterTrace, State, TracedParameter, TracePoints, set_language, theme
from ui.kit.check import look_over
from ui.kit.time_ticks import time_ticks

HEAT = Limits(unit="°C", lower=Decimal("132.0"), nominal=Decimal("137.0"), upper=Decimal("142.0"))
AT_LEAST = Limits(unit="kPa", lower=Decimal(380), nominal=None, upper=None)
NOW = datetime(2026, 11, 24, 2, 42, 8, tzinfo=UTC)
CHINA = timezone(timedelta(hours=8))
NAME = Name("Seal temperature", "封口温度")


def traced(limits: Limits = HEAT, key: str = "heat") -> TracedParameter:
    return TracedParameter(key=key, name=NAME, limits=limits, silent_after_s=3)


def calm(seconds: int = 1200) -> tuple[np.ndarray, np.ndarray]:
    at = NOW.timestamp() - seconds + np.arange(seconds + 1.0)
    return at, np.full(len(at), 136.5)


def points(at, values, key: str = "heat") -> TracePoints:
    return TracePoints(key=key, at_s=np.asarray(at, dtype=np.float64), values=np.asarray(values, dtype=np.float64))


@pytest.fixture
def trace(shown):
    return shown(ParameterTrace([traced()], zone=CHINA), 780, 240)


def y_of(trace: ParameterTrace, value: float) -> float:
    return (145 - value) / 16 * trace.plot.height()


def x_of(trace: ParameterTrace, seconds_ago: float) -> float:
    return (1 - seconds_ago / 1200) * trace.plot.width()


def texts(trace: ParameterTrace) -> list[str]:
    return [said.text for said in trace.said()]


def test_the_client_starts_without_the_half_second_a_trace_takes():
    script = "import sys, ui.kit; print([one for one in ('numpy', 'pyqtgraph') if one in sys.modules])"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert told.stdout.strip() == "[]"


@pytest.mark.capability("E4")
def test_the_band_lies_between_limits_of_two_pixels_and_the_line_where_its_values_are(trace, glass):
    trace.show_points(points(*calm()))
    image = glass(trace)
    assert hue(image, 100, y_of(trace, 144)) == theme.color.entry.name()
    assert hue(image, 100, y_of(trace, 140)) == theme.color.track.name()
    assert hue(image, 100, y_of(trace, 130)) == theme.color.entry.name()
    upper = round(y_of(trace, 142))
    assert [hue(image, 100, upper + n) == theme.color.ink.name() for n in (-3, -1, 0, 2)] == [False, True, True, False]
    assert hue(image, 300, y_of(trace, 136.5)) == theme.color.ink.name()
    assert hue(image, trace.plot.width() - 6, y_of(trace, 136.5)) == theme.color.actfill.name(), "now is blue"


@pytest.mark.capability("F8")
def test_an_excursion_has_its_column_its_red_line_and_a_diamond_with_its_value_at_the_peak(trace, glass):
    at, values = calm()
    values[940:1003] = 137 + 6.4 * np.sin(np.linspace(0, np.pi, 63))
    trace.show_points(points(at, values))
    image = glass(trace)
    peak = x_of(trace, 1200 - 971)
    assert hue(image, peak, y_of(trace, 130)) == theme.color.stopwash.name()
    assert hue(image, peak + 40, y_of(trace, 130)) == theme.color.entry.name()
    assert hue(image, peak, y_of(trace, 143.4)) == theme.color.stopfill.name()
    [said] = [said for said in trace.said() if said.text == "143.4"]
    assert (said.ink, said.bold) == ("stop", True)
    assert said.room.bottom() <= y_of(trace, 142) + 1, "clear of the limit"
    assert look_over(trace) == []


def test_two_excursions_are_two_and_nothing_red_joins_them(trace, glass):
    at, values = calm()
    values[300:320] = values[900:920] = 143.0
    trace.show_points(points(at, values))
    assert len(trace.plot.picture.peaks) == 2
    image, limit = glass(trace), round(y_of(trace, 142))
    between = {hue(image, x, y) for x in range(round(x_of(trace, 700)), round(x_of(trace, 500))) for y in range(2, limit - 2)}
    assert between == {theme.color.entry.name()}
    assert hue(image, x_of(trace, 600), limit) == theme.color.ink.name(), "the limit is not red between them"


def test_one_value_in_twelve_hundred_thousand_still_has_its_diamond(trace):
    at = NOW.timestamp() - 1200 + np.arange(1_200_000) / 1000
    values = np.full(len(at), 137.0)
    values[400_000] = 131.9
    trace.show_points(points(at, values))
    assert "131.9" in texts(trace)
    assert len(trace.plot.picture.columns) == len(trace.plot.picture.peaks) == 1


def test_beyond_the_scale_the_diamond_stands_at_the_edge_with_its_value(trace, glass):
    at, values = calm()
    values[600] = 900.0
    trace.show_points(points(at, values))
    assert "900.0" in texts(trace)
    assert hue(glass(trace), x_of(trace, 600), 12) == theme.color.stopfill.name()


def test_a_peak_is_never_rounded_to_the_limit_it_broke(trace):
    at, values = calm()
    values[600] = 142.04
    trace.show_points(points(at, values))
    assert "142.04" in texts(trace)
    values[600] = 142.000000001
    trace.show_points(points(at, values))
    assert any(text.startswith("142.000000001") for text in texts(trace))


@pytest.mark.capability("E7")
def test_a_gap_is_hatched_and_named_and_no_line_crosses_it(trace, glass):
    at, values = calm()
    heard = (np.arange(len(at)) < 500) | (np.arange(len(at)) > 620)
    trace.show_points(points(at[heard], values[heard]))
    [gap] = trace.plot.picture.silent
    assert "silent" in texts(trace)
    image, level = glass(trace), y_of(trace, 136.5)
    inside = {hue(image, x, level) for x in range(round(gap.left()) + 3, round(gap.right()) - 3)}
    assert theme.color.ink.name() not in inside
    assert {theme.color.entry.name(), theme.color.edge.name()} <= {
        hue(image, x, y) for x in range(round(gap.left()) + 3, round(gap.right()) - 3) for y in range(40, 90)
    }
    assert hue(image, gap.left() - 4, level) == hue(image, gap.right() + 4, level) == theme.color.ink.name()


@pytest.mark.capability("E7")
def test_a_device_that_fell_silent_has_no_blue_point_and_the_gap_grows_with_the_clock(trace, glass, qtbot):
    trace.show_points(points(*calm()))
    trace.show_now(NOW + timedelta(seconds=40))
    qtbot.waitUntil(lambda: trace.plot.picture.silent != ())
    assert trace.plot.picture.now is None
    first = trace.plot.picture.silent[0].width()
    trace.show_now(NOW + timedelta(seconds=80))
    qtbot.waitUntil(lambda: trace.plot.picture.silent[0].width() > first)
    assert trace.summary().endswith("Silent now.")


def test_nothing_is_called_silent_before_the_first_value_came(trace):
    at, values = calm(60)
    trace.show_points(points(at, values))
    assert trace.plot.picture.silent == ()


def test_a_value_with_no_neighbour_is_a_dot(trace, glass):
    at, _ = calm()
    trace.show_points(points([at[0], at[600], at[-1]], [136.5, 139.0, 136.5]))
    assert hue(glass(trace), x_of(trace, 600), y_of(trace, 139)) == theme.color.ink.name()


def test_appended_values_are_drawn_together_at_most_ten_times_a_second(trace, qtbot):
    at, values = calm()
    trace.show_points(points(at[:600], values[:600]))
    before = trace.plot.picture
    for n in range(600, 1201):
        trace.append(points(at[n : n + 1], values[n : n + 1]))
    assert trace.plot.picture is before, "not for every value"
    qtbot.waitUntil(lambda: trace.plot.picture is not before)
    assert trace.plot.picture.now is not None
    assert len(trace.plot.picture.x) == 1201


def test_one_plot_shows_one_of_the_parameters_that_are_fed(shown):
    trace = shown(ParameterTrace([traced(), traced(AT_LEAST, "pressure")], zone=UTC), 780, 240)
    at, values = calm()
    trace.show_points(points(at, values))
    trace.show_points(points(at, values + 275, "pressure"))
    assert "142.0" in texts(trace)
    trace.show_parameter("pressure")
    assert "380" in texts(trace)
    assert "142.0" not in texts(trace)
    with pytest.raises(KeyError):
        trace.append(points(at, values, "dwell"))
    with pytest.raises(KeyError):
        trace.show_parameter("dwell")


def test_one_parameter_that_lags_behind_does_not_turn_back_the_clock(shown):
    trace = shown(ParameterTrace([traced(), traced(AT_LEAST, "pressure")], zone=UTC), 780, 240)
    at, values = calm()
    trace.show_points(points(at, values))
    trace.show_points(points(at[:900], values[:900] + 275, "pressure"))
    trace.show_now(NOW - timedelta(seconds=30))
    trace.settle()
    assert trace.plot.picture.now is not None
    assert trace.facts.last_s == at[-1]


def test_what_a_broken_device_sends_is_drawn_and_not_written_out(trace):
    at, values = calm()
    values[600] = 1e300
    trace.show_points(points(at, values))
    assert "1.000e+300" in texts(trace)
    assert look_over(trace) == []


def test_towards_an_open_side_the_scale_follows_the_values(shown):
    trace = shown(ParameterTrace([traced(AT_LEAST, "p")], zone=UTC), 780, 240)
    at, _ = calm()
    trace.show_points(points(at, np.full(len(at), 2000.0), "p"))
    high = trace.plot.height()
    assert 0 < float(trace.plot.picture.y[0]) < high
    assert trace.plot.picture.columns == ()


@pytest.mark.capability("Q1")
@pytest.mark.parametrize("mode", list(Mode))
def test_the_plot_follows_day_and_night_while_it_stands(trace, glass, mode):
    trace.show_points(points(*calm()))
    theme.look(mode=mode)
    image = glass(trace)
    assert hue(image, 100, y_of(trace, 144)) == theme.color.entry.name()
    assert hue(image, 300, y_of(trace, 136.5)) == theme.color.ink.name()
    assert look_over(trace) == []


@pytest.mark.parametrize("scale", [1.0, 1.15, 1.3])
def test_no_figure_of_the_axes_is_smaller_than_the_floor(shown, scale):
    theme.look(scale=scale)
    trace = shown(ParameterTrace([traced()], zone=CHINA), 780, 300)
    trace.show_points(points(*calm()))
    assert {said.kind.px for said in trace.said()} == {19}
    assert look_over(trace) == []
    assert {"142.0", "137.0", "132.0", "10:25", "10:30", "now"} <= set(texts(trace))


def test_the_picture_says_itself_in_both_languages(trace):
    at, values = calm()
    values[940:1003] = 137 + 6.4 * np.sin(np.linspace(0, np.pi, 63))
    heard = (np.arange(len(at)) < 500) | (np.arange(len(at)) > 540)
    trace.show_points(points(at[heard], values[heard]))
    assert trace.accessibleDescription() == (
        "Seal temperature, 10:22 to 10:42: 136.5 to 143.4 °C, limits 132.0 – 142.0. Times outside: 1, farthest 143.4 at 10:38. "
        "Times silent: 1, 42 s in all. Now 136.5 °C."
    )
    set_language(Language.ZH)
    assert "超限 1 次，最大偏离 143.4，时间 10:38。" in trace.accessibleDescription()


def test_where_there_is_no_room_for_a_picture_its_words_stand(shown):
    trace = shown(ParameterTrace([traced()], zone=CHINA), 500, 84)
    trace.show_points(points(*calm()))
    assert not trace.plot.isVisible()
    assert " ".join(texts(trace)).startswith("Seal temperature, 10:22 to 10:42: 136.5 to 136.5 °C")
    assert look_over(trace) == []


def test_before_any_value_the_trace_says_so(shown):
    trace = shown(ParameterTrace([traced()], zone=CHINA), 780, 240)
    assert trace.summary() == "Seal temperature: no value yet."
    assert trace.facts is None


def test_a_time_without_zone_and_a_silence_of_nothing_are_bugs_of_the_caller(trace):
    with pytest.raises(ValueError, match="no zone"):
        trace.show_now(datetime(2026, 11, 24, 10, 42))  # noqa: DTZ001
    with pytest.raises(ValueError, match="silent after"):
        TracedParameter(key="x", name=NAME, limits=HEAT, silent_after_s=0)
    with pytest.raises(ValueError, match="key of its own"):
        ParameterTrace([traced(), traced()], zone=UTC)


def test_ticks_stand_at_full_minutes_of_the_plants_clock():
    half = timezone(timedelta(hours=5, minutes=45))
    end = NOW.timestamp()
    ticks = time_ticks(end - 1200, end, least_s=200, zone=half)
    assert [tick.text for tick in ticks] == ["08:10", "08:15", "08:20", "08:25"]
    assert time_ticks(end - 4, end, least_s=1, zone=CHINA)[0].text == "10:42:04"


def test_where_it_stands_now_is_told_by_figure_bar_and_word(shown, glass):
    now = NowValue(NAME, HEAT, flat=False)
    assert (now.state, now.said()[-1].text) == (State.WAITING, "no value yet")
    now.show_value(Decimal("137.4"))
    shown(now, 216, now.sizeHint().height())
    assert [said.text for said in now.said()] == ["137.4", "°C", "132.0 – 142.0 °C", "inside now"]
    assert look_over(now) == []
    now.show_value(Decimal("142.1"))
    assert (now.state, now.said()[-1].text, now.said()[0].ink) == (State.FAIL, "above its limit", "stop")


@pytest.mark.capability("E7")
@pytest.mark.parametrize("flat", [False, True])
def test_a_silent_device_shows_its_age_and_not_its_last_value(shown, flat):
    now = shown(NowValue(NAME, HEAT, flat=flat), 420, 180)
    now.show_value(Decimal("137.4"))
    now.show_silent(40)
    assert "137.4" not in [said.text for said in now.said()]
    assert "silent 40 s" in [said.text for said in now.said()]
    assert (now.value, now.state) == (None, State.ATTENTION)
    assert look_over(now) == []
