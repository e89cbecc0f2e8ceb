"""What a pattern could ever match, asked before any frame comes: whether every text of a group is a number, a sign, a unit.

A pattern is a regular language and so is "a number"; that the one lies within the other is decided, not tried: every pair of states
that both can be in after the same bytes is looked at once.

Source: J. E. Hopcroft, J. D. Ullman, Introduction to Automata Theory, Languages, and Computation (1979), 3.3.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from app.devices.patterns.nodes import Node
from app.devices.patterns.program import Done, Mark, Program, Split, Take, compiled

DIGITS = frozenset(b"0123456789")
_SPACE = frozenset(b" ")
_MINUS_PLUS, _MINUS = frozenset(b"+-"), frozenset(b"-")
_SEPARATORS = frozenset(b".,")
_ALL = frozenset(range(256))


class Texts:
    """Texts of one kind: a machine with one state at a time."""

    def __init__(self, begin: str, accepting: frozenset[str], steps: Mapping[str, tuple[tuple[frozenset[int], str], ...]]) -> None:
        """States by name, each with the bytes that lead on."""
        self.begin, self.accepting = begin, accepting
        self._steps = {state: [_leads(ways, byte) for byte in range(256)] for state, ways in steps.items()}

    def step(self, state: str, byte: int) -> str | None:
        """Where a byte leads; ``None``: no text of this kind goes on so."""
        return self._steps[state][byte]


def _leads(ways: tuple[tuple[frozenset[int], str], ...], byte: int) -> str | None:
    return next((to for taken, to in ways if byte in taken), None)


def numbers(mark: bytes, *, signed: bool) -> Texts:
    """Numbers as instruments write them: spaces, a sign, spaces, digits with at most one decimal mark, spaces.

    Args:
        mark: The decimal mark, one byte.
        signed: Whether a sign may stand before the digits.
    """
    point = frozenset(mark)
    digits = ((DIGITS, "whole"), (point, "mark"))
    sign = ((_MINUS_PLUS, "sign"),) if signed else ()
    return Texts(
        "begin",
        frozenset({"whole", "decimals", "end"}),
        {
            "begin": ((_SPACE, "begin"), *sign, *digits),
            "sign": ((_SPACE, "sign"), *digits),
            "whole": ((DIGITS, "whole"), (point, "decimals"), (_SPACE, "end")),
            "mark": ((DIGITS, "decimals"),),
            "decimals": ((DIGITS, "decimals"), (_SPACE, "end")),
            "end": ((_SPACE, "end"),),
        },
    )


def signs() -> Texts:
    """A sign among spaces, or none."""
    return Texts(
        "begin",
        frozenset({"begin", "end"}),
        {"begin": ((_SPACE, "begin"), (_MINUS_PLUS, "end")), "end": ((_SPACE, "end"),)},
    )


def spaces() -> Texts:
    """Spaces, or nothing."""
    return Texts("begin", frozenset({"begin"}), {"begin": ((_SPACE, "begin"),)})


def units() -> Texts:
    """A unit among spaces, or nothing: it never begins as a number does, and has no control characters."""
    printable = frozenset(range(0x21, 0x7F)) | frozenset(range(0xA1, 0x100))
    first = printable - DIGITS - _MINUS_PLUS - _SEPARATORS
    return Texts(
        "begin",
        frozenset({"begin", "unit", "end"}),
        {
            "begin": ((_SPACE, "begin"), (first, "unit")),
            "unit": ((printable, "unit"), (_SPACE, "end")),
            "end": ((_SPACE, "end"),),
        },
    )


def before_a_number(mark: bytes) -> Texts:
    """Texts that may stand right before a number: no digit, no decimal mark, and no group of digits with a comma or point behind it."""
    point, others = frozenset(mark), _ALL - DIGITS - _SEPARATORS
    ways = ((DIGITS, "digit"), (point, "part"), (others, "free"))
    return Texts(
        "free",
        frozenset({"free", "separator"}),
        {
            "free": (*ways, (_SEPARATORS, "separator")),
            "separator": (*ways, (_SEPARATORS, "separator")),
            "digit": (*ways, (_SEPARATORS, "part")),
            "part": (*ways, (_SEPARATORS, "part")),
        },
    )


def before_an_unsigned_number() -> Texts:
    """Texts that may stand right before a number whose sign is taken elsewhere: they do not end with a minus and spaces."""
    others = _ALL - _MINUS - _SPACE
    return Texts(
        "free",
        frozenset({"free"}),
        {"free": ((_MINUS, "minus"), (_ALL, "free")), "minus": ((_MINUS | _SPACE, "minus"), (others, "free"))},
    )


def behind_a_number() -> Texts:
    """Texts that may stand right behind a number: they do not go on with digits, with a comma or point and digits, or with a minus."""
    others = _ALL - DIGITS - _SEPARATORS - _SPACE - _MINUS
    return Texts(
        "begin",
        frozenset({"begin", "separator", "spaces", "free"}),
        {
            "begin": ((_SEPARATORS, "separator"), (_SPACE, "spaces"), (others, "free")),
            "separator": ((_ALL - DIGITS, "free"),),
            "spaces": ((_SPACE, "spaces"), (_ALL - _SPACE - _MINUS, "free")),
            "free": ((_ALL, "free"),),
        },
    )


def stranger(node: Node, texts: Texts, *, most_states: int) -> bytes | None:
    """The shortest text the pattern matches and that is none of these; ``None``: there is none.

    Raises:
        TooLarge: see `compiled`.
    """
    program = compiled(node, most_states=most_states)
    start = [(place, texts.begin) for place in _without_a_byte(program, program.begin)]
    words: dict[tuple[int, str | None], bytes] = dict.fromkeys(start, b"")
    waiting: deque[tuple[int, str | None]] = deque(words)
    while waiting:
        place, kind = waiting.popleft()
        word, state = words[place, kind], program.states[place]
        if isinstance(state, Done) and kind not in texts.accepting:
            return word
        if not isinstance(state, Take):
            continue
        ways: dict[str | None, int] = {}
        for byte in sorted(state.bytes, key=_readable_first):
            ways.setdefault(texts.step(kind, byte) if kind is not None else None, byte)
        for following, byte in ways.items():
            for reached in _without_a_byte(program, state.then):
                if (reached, following) not in words:
                    words[reached, following] = word + bytes([byte])
                    waiting.append((reached, following))
    return None


def first_bytes(node: Node, *, most_states: int) -> frozenset[int]:
    """Every byte that its texts can begin with."""
    program = compiled(node, most_states=most_states)
    begins = (program.states[place] for place in _without_a_byte(program, program.begin))
    return frozenset(byte for state in begins if isinstance(state, Take) for byte in state.bytes)


def _without_a_byte(program: Program, place: int) -> list[int]:
    """The state and all that is reached from it without a byte."""
    found: list[int] = []
    waiting, seen = [place], {place}
    while waiting:
        at = waiting.pop()
        found.append(at)
        match program.states[at]:
            case Split(first, other):
                ahead = {first, other}
            case Mark(then=then):
                ahead = {then}
            case _:
                ahead = set()
        waiting += ahead - seen
        seen |= ahead
    return found


def _readable_first(byte: int) -> tuple[bool, int]:
    return not 0x20 <= byte < 0x7F, byte
