"""A pattern that could ever make a wrong number of a frame is refused when it is written, not when it happens."""

import re
from decimal import Decimal, DecimalTuple

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.devices.patterns.expression import PatternRefused
from app.devices.patterns.program import groups_in
from app.devices.patterns.soundness import program_of
from app.devices.patterns.written import WrittenPattern

pytestmark = pytest.mark.capability("E1")

TRUE_NUMBER = re.compile(rb"(?:(?P<sign>[+-]) *|(?<![\d.])(?<!\d,)(?<![+-])(?<![+-] ))(?P<digits>\d+\.?\d*|\.\d+)(?!\d|[.,]\d)")
"""Digits that nothing beside them continues, with the sign before them. A comma between digits belongs to a number, others divide."""


def value(pattern: str, **given_: object) -> WrittenPattern:
    unit = "frame" if "(?P<unit>" in pattern else "record"
    return WrittenPattern.model_validate(
        {"pattern": pattern, "means": "value", "decimal": ".", "unit": unit, "stable": "unknown", **given_}
    )


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        (r"(?P<value>\d*) mm", "the group value also fits “”, which is no number"),
        (r"(?P<value>[\d.]+)", "the group value also fits “.”, which is no number"),
        (r"(?P<value>[\d.]{7})", "which is no number"),
        (r"x(?P<value>.*)", "which is no number"),
        (r"(?P<value>\d+-\d+)", "“0-0”, which is no number"),
        (r"(?P<value>\d+,\d+)", "“0,0”, which is no number"),
        (r"(?P<value>\d+e\d+)", "which is no number"),
        (r"(?P<sign>.)(?P<value>\d+)", "which is no sign"),
        (r"(?P<sign>[+-])(?P<value>-?\d+)", "“-0”, which is no number"),
        (r"(?P<value>\d+)(?P<unit>.*)", "which is no unit"),
        (r".*(?P<value>\d+\.\d+)", "could be its first digits"),
        (r"\d*(?P<value>\d+)", "could be its first digits"),
        (r"(\d+,)?(?P<value>\d+\.\d+)", "could be its first digits"),
        (r"(\d+\.)?(?P<value>\d+)", "could be its first digits"),
        (r"(?P<value>\d+)\d", "could be a part of it"),
        (r"(?P<value>\d+)(\.\d+)?", "could be a part of it"),
        (r"(?P<value>\d+).*", "could be a part of it"),
        (r"(?P<value>\d+) *-? mm", "could be a part of it"),
        (r"[^\d.]*(?P<value>\d+\.\d+)", "could be its minus sign"),
        (r"x- *(?P<value>\d+)", "could be its minus sign"),
        (r"[^0-9.](?P<value>\d+)", "could be its minus sign"),
        (r"(?P<sign>[+-]?)x(?P<value>\d+)", "the sign stands beside the value"),
        (r"A(?P<sign>-)1x(?P<value>\d+)", "the sign stands beside the value"),
        (r"(?:(?P<sign>\+)|-)(?P<value>\d+)", "the sign stands beside the value"),
        (r"(?:(?P<sign>[+-])x)?(?P<value>\d+)", "the sign stands beside the value"),
        (r"x(?:(?P<sign>\+)-)(?P<value>\d+)", "the sign stands beside the value"),
        (r"(?P<value>\d+) mm(?P<sign>-)", "the sign stands beside the value"),
        (r"(?P<sign>[+-]){2}(?P<value>\d+)", "a named group cannot be repeated"),
        (r"(?:(?P<value>\d+)|OL)", "outside of brackets"),
        (r"(?P<value>\d+)?x", "outside of brackets"),
        (r"(?P<val>\d+)", "has no group val"),
        (r"(?P<text>x)(?P<value>\d+)", "has no group text"),
        (r"(?P<value>\d*)", "fits an empty frame"),
        (r"(?:(?:.{100}){100})(?P<value>\d+)", "states"),
    ],
)
def test_a_pattern_that_could_make_a_wrong_number_is_refused_with_the_text_that_shows_it(pattern: str, reason: str):
    with pytest.raises(PatternRefused) as refused:
        program_of(value(pattern))
    assert reason in str(refused.value)


@pytest.mark.parametrize(
    ("pattern", "frame", "number"),
    [
        (r"(?P<sign>[+-]?) *(?P<value>\d+\.\d+) mm", b"-  12.50 mm", "-12.50"),
        (r"ST,GS,(?P<sign>[+-]?) *(?P<value>\d+\.\d+) *kg", b"ST,GS,   1.250kg", "1.250"),
        (r"01(?P<value>[+-]\d+\.\d+)", b"01+0012.5", "+0012.5"),
        (r"\d\d(?P<value>\d\d\.\d)S", b"0112.5S", "12.5"),
        (r"[^:]*: *(?P<value>[+-]?\d+)", b"A-7: -3", "-3"),
        (r"(?P<value>\d+\.\d+)(?P<sign>-?) mm", b"0.50- mm", "0.50"),
    ],
)
def test_what_devices_really_send_can_be_written(pattern: str, frame: bytes, number: str):
    groups = groups_in(program_of(value(pattern)), frame)
    assert groups is not None
    assert (
        Decimal((groups.get("sign", b"") + groups["value"]).strip().decode().replace("-", "-", 1)).copy_abs() == Decimal(number).copy_abs()
    )


def test_a_value_takes_nothing_for_granted():
    for missing in ("decimal", "unit", "stable"):
        with pytest.raises(PatternRefused) as refused:
            program_of(value(r"(?P<value>\d+)", **{missing: None}))
        assert "decimal, unit and stable" in str(refused.value)


PARTS = st.sampled_from(
    [
        "x",
        " ",
        " *",
        "[^:]*:",
        r"\d",
        r"\d*",
        "[A-Z]+",
        r"(?P<sign>[+-]?)",
        r"(?P<sign>[ +-])",
        r"(?:(?P<sign>\+)|-)",
        r"(?:(?P<sign>[+-])x)?",
        r"(?P<sign>-){0,1}",
        ".*",
        ".",
        "-",
        r"\.",
        ",",
        r"[^\d]*",
        "1",
        "(?:a|1)",
    ]
)
VALUES = st.sampled_from([r"\d+", r"\d+\.\d+", r"\d{2}", r"\d+\.?\d*", r"[+-]?\d+", r" *\d+", r"[+-] *\d+\.\d", r"\.\d+", r"\d\.\d\d"])
BEHIND = st.sampled_from(["x", " ", "", " mm", r"\d", r"\d*", r"\.", ",", ".*", "[A-Z]*", r"(\.\d)?", " *[a-z]+", r",\d", "-?"])


def varies(pattern: str) -> bool:
    """Whether texts of this pattern have several lengths; where every place is fixed, digits beside a value are another field."""
    plain = re.sub(r"\(\?P<\w+>|\(\?:|\\[.]|\[[^\]]*\]", "(", pattern)
    return bool(re.search(r"[*+?]", plain))


@given(before=st.lists(PARTS, max_size=3).map("".join), number=VALUES, behind=st.lists(BEHIND, max_size=2).map("".join), data=st.data())
@settings(max_examples=1500, deadline=None)
def test_no_pattern_that_is_accepted_makes_a_number_that_did_not_stand_in_the_frame(
    before: str, number: str, behind: str, data: st.DataObject
):
    assume(before.count("(?P<sign>") <= 1)
    pattern = f"{before}(?P<value>{number}){behind}"
    assume(varies(before + number) and varies(number + behind))
    try:
        program = program_of(value(pattern))
    except PatternRefused:
        return
    frame = data.draw(st.from_regex(re.compile(pattern.encode(), re.DOTALL), fullmatch=True))
    groups = groups_in(program, frame)
    assert groups is not None
    sign, digits = groups.get("sign", b"").strip(), groups["value"].replace(b" ", b"")
    spoken = [exact((one["sign"] or b"") + one["digits"]) for one in TRUE_NUMBER.finditer(frame)]
    assert exact(sign + digits) in spoken, (pattern, frame, groups)


def exact(written: bytes) -> DecimalTuple:
    """Sign, digits and decimals; a point with nothing behind it says nothing."""
    return Decimal(written.decode()).as_tuple()
