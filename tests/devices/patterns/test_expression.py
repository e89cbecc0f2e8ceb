"""Patterns are read as regular expressions are everywhere, only that none of them can hang a station."""

import re
import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.devices.patterns.expression import PatternRefused, read_pattern
from app.devices.patterns.program import TooLarge, compiled, groups_in

pytestmark = pytest.mark.capability("E1")

MOST = 1000
ATOMS = st.sampled_from(["a", "b", "[ab]", "[^a]", r"\d", ".", r"\.", "1", "[0-9.]", r"\x61", r"[\d-]"])


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        several.map("".join),
        several.map(lambda ways: "(?:" + "|".join(ways) + ")"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,3}", "{2,}"])).map(lambda pair: f"(?:{pair[0]}){pair[1]}"),
    )


PATTERNS = st.recursive(ATOMS, _grown, max_leaves=8)
NAMED = st.tuples(PATTERNS, PATTERNS, PATTERNS).map(lambda three: f"{three[0]}(?P<value>{three[1]}){three[2]}")


@given(pattern=NAMED, frame=st.text("ab1.\n", max_size=10).map(str.encode))
@settings(max_examples=1500, deadline=None)
def test_a_frame_fits_and_its_groups_are_what_any_other_engine_finds(pattern: str, frame: bytes):
    other = re.compile(pattern.encode("latin-1"), re.DOTALL).fullmatch(frame)
    found = groups_in(compiled(read_pattern(pattern), most_states=5000), frame)
    assert (found is None) == (other is None)
    if other is not None:
        assert found == {"value": other["value"]}


@pytest.mark.parametrize(
    "pattern",
    [
        r"(a+)+b",
        r"(a|a)*b",
        r"(a|aa)+b",
        r"((a*)*)*b",
        r"(?:a?){30}a{30}b",
        r"(.*a){12}b",
        r"(?:.?){128}b",
        r"([a-z]+)*\d",
        r"(a|b|ab)*c",
        r".*.*.*.*.*=.*",
    ],
)
def test_patterns_that_hang_other_engines_cost_at_most_length_times_states(pattern: str):
    program = compiled(read_pattern(pattern), most_states=MOST)
    begun = time.process_time()
    assert groups_in(program, b"a" * 128) is None
    assert time.process_time() - begun < 2  # 128 bytes, at most 1000 states: some hundredths of a second; others need years


@pytest.mark.parametrize("pattern", [r"(?:.{128}){128}", r"(?:(?:a{100}){100}){100}"])
def test_a_pattern_with_too_many_states_is_never_built(pattern: str):
    with pytest.raises(TooLarge):
        compiled(read_pattern(pattern), most_states=MOST)


@pytest.mark.parametrize(
    ("pattern", "place", "reason"),
    [
        ("(a", 1, "not closed"),
        ("a)", 2, "not opened"),
        ("[a", 1, "not closed"),
        ("a**", 3, "repetition of a repetition"),
        ("a+?", 3, "repetition of a repetition"),
        ("*a", 1, "nothing to repeat"),
        (r"\q", 1, "not known here"),
        (r"(?=a)", 1, "only (?P<name>…) and (?:…)"),
        (r"(?<!a)b", 1, "only (?P<name>…) and (?:…)"),
        (r"(?P=value)", 1, "only (?P<name>…) and (?:…)"),
        (r"(a)\1", 4, "not known here"),
        ("^a$", 1, "always fits the whole frame"),
        ("a{2,1}", 2, "smaller number first"),
        ("a{0}", 2, "1 to 128 times"),
        ("a{,3}", 2, "{3}, {1,6} or {1,}"),
        ("a{200}", 2, "1 to 128 times"),
        (r"[^\x00-\xff]", 1, "nothing is left"),
        ("[z-a]", 2, "the smaller one first"),
        (r"\x1", 1, "two hexadecimal digits"),
        ("(?P<v>a)+", 9, "cannot be repeated"),
        ("(?P<v>a)(?P<v>b)", 9, "stands twice"),
        ("(?P<1>a)", 1, "(?P<name>…)"),
        ("喆", 1, "is no byte"),
        ("(" * 21 + "a" + ")" * 21, 21, "brackets stand in each other"),
        ("a" * 301, 301, "longer than 300"),
    ],
)
def test_what_cannot_be_decided_is_refused_where_it_stands(pattern: str, place: int, reason: str):
    with pytest.raises(PatternRefused) as refused:
        read_pattern(pattern)
    assert refused.value.place == place
    assert reason in str(refused.value)


@given(st.text(st.characters(max_codepoint=0x2FF), max_size=60))
@settings(max_examples=1500, deadline=None)
def test_whatever_is_written_is_a_pattern_or_is_refused_with_a_reason(written: str):
    places: list[int | None] = []
    try:
        node = read_pattern(written)
    except PatternRefused as refused:
        places.append(refused.place)
    else:
        with suppress(TooLarge):
            groups_in(compiled(node, most_states=MOST), b"12.50 mm")
    assert all(place is not None and 1 <= place <= len(written) + 1 for place in places)
