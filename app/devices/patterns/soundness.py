"""Whether a pattern can ever make a wrong number of a frame. Asked when it is defined; what is refused here never meets a device.

Four things make wrong numbers: a value group that fits text which is no number; a sign that the pattern passes over; a sign that is
somebody else's, because it does not stand at the number; and a value that begins or ends in the middle of the digits, because something
beside it can take the others.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.base.phrases import Phrase
from app.devices.errors import readable
from app.devices.patterns.expression import PatternRefused, read_pattern
from app.devices.patterns.language import (
    DIGITS,
    Texts,
    before_a_number,
    before_an_unsigned_number,
    behind_a_number,
    first_bytes,
    numbers,
    signs,
    spaces,
    stranger,
    units,
)
from app.devices.patterns.nodes import Group, Node, Repeat, Sequence, groups_of, lengths_of
from app.devices.patterns.program import Program, TooLarge, compiled
from app.devices.patterns.written import WrittenPattern, WrittenStable

MOST_STATES = 1000
"""Of all patterns of a protocol together; with the longest frame, 128 bytes, the bound of what a frame can cost."""
_GROUPS = {"value": {"value", "sign", "unit", "stable", "judged"}, "info": {"serial", "text"}}


def program_of(one: WrittenPattern) -> Program:
    """The machine of a pattern that can make no wrong number.

    Raises:
        PatternRefused: it can, or it cannot be read, or it is too large.
    """
    node = read_pattern(one.pattern)
    try:
        for reason in _reasons(node, one):
            raise PatternRefused(place=None, reason=reason)
        return compiled(node, most_states=MOST_STATES)
    except TooLarge as trouble:
        raise PatternRefused(place=None, reason=too_large()) from trouble


def too_large() -> Phrase:
    """What to say of patterns that would cost too much."""
    return Phrase("it has more than {most} states: repeat less, or split the protocol.", most=MOST_STATES)


def _reasons(node: Node, one: WrittenPattern) -> Iterator[Phrase]:
    """Everything that speaks against it, the plainest first."""
    known, groups = _GROUPS.get(one.means, {"text"}), groups_of(node)
    for name in groups:
        if name not in known:
            yield Phrase("a pattern that means {means} has no group {name}. It may have: {known}.", **_words(one, name, known))
    if lengths_of(node)[0] == 0:
        yield Phrase("it also fits an empty frame.")
    if one.means == "value":
        yield from _of_value(node, one, groups)
    elif one.unit is not None or one.decimal is not None or one.stable is not None:
        yield Phrase("only a pattern that means value has unit, decimal and stable.")


def _words(one: WrittenPattern, name: str, known: set[str]) -> dict[str, object]:
    return {"means": one.means, "name": name, "known": ", ".join(sorted(known))}


def _of_value(node: Node, one: WrittenPattern, groups: dict[str, Group]) -> Iterator[Phrase]:
    parts = node.parts if isinstance(node, Sequence) else (node,)
    value = next((part for part in parts if isinstance(part, Group) and part.name == "value"), None)
    if value is None:
        yield Phrase("a value needs the group (?P<value>…), outside of brackets, | and repetitions.")
        return
    if one.decimal is None or one.unit is None or one.stable is None:
        yield Phrase("a value says decimal, unit and stable; none of them is taken for granted.")
        return
    if (one.unit == "frame") != ("unit" in groups):
        yield Phrase("unit = “frame” and the group (?P<unit>…) belong together.")
    if isinstance(one.stable, WrittenStable) != ("stable" in groups):
        yield Phrase("the group (?P<stable>…) and a table of its texts belong together.")
    mark = one.decimal.encode("ascii")
    yield from _texts(groups, mark)
    place = parts.index(value)
    if "sign" in groups and not _sign_stands_at(place, parts):
        yield Phrase("the sign stands beside the value, outside of brackets and |, and only spaces between: (?P<sign>[+-]?) *(?P<value>…).")
    yield from _beside(value, Sequence(parts[:place]), Sequence(parts[place + 1 :]), mark)


def _texts(groups: dict[str, Group], mark: bytes) -> Iterator[Phrase]:
    if (text := _other(groups["value"].node, numbers(mark, signed="sign" not in groups))) is not None:
        yield Phrase("the group value also fits “{text}”, which is no number.", text=text)
    if "sign" in groups and (text := _other(groups["sign"].node, signs())) is not None:
        yield Phrase("the group sign also fits “{text}”, which is no sign.", text=text)
    if "unit" in groups and (text := _other(groups["unit"].node, units())) is not None:
        yield Phrase("the group unit also fits “{text}”, which is no unit.", text=text)


def _beside(value: Group, before: Sequence, after: Sequence, mark: bytes) -> Iterator[Phrase]:
    """What stands next to the value takes no part of the number, unless every place of the frame is fixed."""
    begins = first_bytes(value.node, most_states=MOST_STATES) & (DIGITS | frozenset(mark))
    if begins and not _is_fixed(before, value) and (text := _other(before, before_a_number(mark))) is not None:
        yield Phrase("“{text}” before the value could be its first digits. Let a space, a letter or the sign stand between.", text=text)
    if not _is_fixed(value, after) and (text := _other(_without_sign(after), behind_a_number())) is not None:
        yield Phrase("“{text}” behind the value could be a part of it. Let a space or a letter stand between.", text=text)
    if begins and (text := _other(_without_sign(before), before_an_unsigned_number())) is not None:
        yield Phrase("“{text}” before the value could be its minus sign. Name the sign: (?P<sign>[+-]?).", text=text)


def _other(node: Node, texts: Texts) -> str | None:
    text = stranger(node, texts, most_states=MOST_STATES)
    return readable(text) if text is not None else None


def _is_fixed(*nodes: Node) -> bool:
    return all(low == high for low, high in map(lengths_of, nodes))


def _without_sign(beside: Sequence) -> Sequence:
    """What stands beside the number and is not its sign."""
    return Sequence(tuple(part for part in beside.parts if not _is_sign(part)))


def _is_sign(part: Node) -> bool:
    """The group itself, once or not at all; in a bracket with anything else it would take that along."""
    bare = part.node if isinstance(part, Repeat) and part.most == 1 else part
    return isinstance(bare, Group) and bare.name == "sign"


def _sign_stands_at(value: int, parts: tuple[Node, ...]) -> bool:
    """Whether the sign can be no other number's."""
    sign = next((place for place, part in enumerate(parts) if _is_sign(part)), None)
    if sign is None:
        return False
    first, last = sorted((sign, value))
    return _other(Sequence(parts[first + 1 : last]), spaces()) is None
