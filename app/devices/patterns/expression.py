r"""Patterns of frames as an engineer writes them: the part of regular expressions that says what a line looks like, and no more.

Characters, ``.``, ``[…]``, ``\d \s \w`` and their opposites, ``\x1b``, ``(…)``, ``(?P<name>…)``, ``|``, ``* + ? {m,n}``. What looks
around, refers back or prefers the short match is refused: without it a pattern is a regular language, so that it can be matched in a
bounded number of steps (`app.devices.patterns.program`) and asked what it could ever match (`app.devices.patterns.language`).

A frame is bytes; a pattern is written in latin-1, one character for each byte. It must fit the whole frame, so ``^`` and ``$`` say nothing
and are refused too.
"""

from __future__ import annotations

from string import ascii_letters, digits

from app.base.phrases import Phrase
from app.devices.patterns.nodes import Either, Group, Node, OneOf, Repeat, Sequence, parts_of

LONGEST_PATTERN = 300
"""Characters."""
MOST_NESTED = 20
MOST_REPEATED = 128
"""No frame is longer; see `app.devices.patterns.written`."""
_ALL = frozenset(range(256))
_CLASSES = {
    "d": frozenset(digits.encode()),
    "s": frozenset(b" \t\n\r\f\v"),
    "w": frozenset((ascii_letters + digits + "_").encode()),
}
_SIGNS = {"r": 13, "n": 10, "t": 9, "f": 12, "v": 11, "0": 0}
_AFTER_ATOM = "*+?{"


class PatternRefused(ValueError):
    """A pattern that says nothing, something that cannot be decided, or what could make a wrong number."""

    def __init__(self, *, place: int | None, reason: Phrase) -> None:
        """Args:

        place: The character, counted from 1; ``None``: the pattern as a whole.
        reason: For the person who writes it.
        """
        self.place, self.reason = place, reason
        super().__init__(str(reason))


def read_pattern(text: str) -> Node:
    """Read one pattern.

    Args:
        text: At most `LONGEST_PATTERN` characters of latin-1.

    Raises:
        PatternRefused: with the place, counted from 1, and why.
    """
    if len(text) > LONGEST_PATTERN:
        raise PatternRefused(place=LONGEST_PATTERN + 1, reason=Phrase("it is longer than {most} characters.", most=LONGEST_PATTERN))
    return _Reader(text).whole()


class _Reader:
    """Reads from left to right; every method leaves `_at` behind what it read."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0
        self._names: set[str] = set()
        self._nested = 0

    def whole(self) -> Node:
        found = self._either()
        if self._at < len(self._text):
            raise self._refused(Phrase("a bracket is closed that was not opened."))
        return found

    def _either(self) -> Node:
        ways = [self._sequence()]
        while self._take("|"):
            ways.append(self._sequence())
        return ways[0] if len(ways) == 1 else Either(tuple(ways))

    def _sequence(self) -> Node:
        parts: list[Node] = []
        while self._next not in ("", "|", ")"):
            parts.append(self._repeated(self._atom()))
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _repeated(self, atom: Node) -> Node:
        begin = self._at
        match self._next:
            case "*" | "+" | "?" as sign:
                self._at += 1
                least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}[sign]
            case "{":
                least, most = self._braces()
            case _:
                return atom
        if self._next and self._next in _AFTER_ATOM:
            raise self._refused(Phrase("a repetition of a repetition is not known here."))
        if most != 1 and any(isinstance(one, Group) for one in parts_of(atom)):
            raise self._refused(Phrase("a named group cannot be repeated: it would stand for several texts."), begin)
        return Repeat(atom, least, most)

    def _braces(self) -> tuple[int, int | None]:
        begin = self._at
        self._at += 1
        least = self._number()
        most = (self._number() if self._next != "}" else None) if self._take(",") else least
        if least is None or not self._take("}"):
            raise self._refused(Phrase("write a repetition as {{3}}, {{1,6}} or {{1,}}."), begin)
        if max(least, most or 0) > MOST_REPEATED or (most is not None and most < max(least, 1)):
            raise self._refused(Phrase("a repetition is 1 to {most} times, the smaller number first.", most=MOST_REPEATED), begin)
        return least, most

    def _number(self) -> int | None:
        begin = self._at
        while self._next and self._next in digits and self._at - begin < 4:
            self._at += 1
        return int(self._text[begin : self._at]) if self._at > begin else None

    def _atom(self) -> Node:
        match self._next:
            case "(":
                return self._bracket()
            case "[":
                return OneOf(self._class())
            case ".":
                self._at += 1
                return OneOf(_ALL)
            case "^" | "$":
                raise self._refused(Phrase("a pattern always fits the whole frame: leave ^ and $ out, or write \\^ and \\$."))
            case sign if sign in _AFTER_ATOM:
                raise self._refused(Phrase("there is nothing to repeat before it."))
            case "\\":
                return OneOf(self._escape())
        return OneOf(frozenset({self._byte()}))

    def _bracket(self) -> Node:
        begin = self._at
        self._at += 1
        name: str | None = None
        if self._take("?P<"):
            end = self._text.find(">", self._at)
            name = self._text[self._at : end] if end != -1 else ""
            if not name.isidentifier() or not name.isascii():
                raise self._refused(Phrase("a named group is written (?P<name>…)."), begin)
            if name in self._names:
                raise self._refused(Phrase("the group {name} stands twice.", name=name), begin)
            self._names.add(name)
            self._at = end + 1
        elif self._next == "?" and not self._take("?:"):
            raise self._refused(Phrase("of brackets with (? only (?P<name>…) and (?:…) are known here."), begin)
        self._nested += 1
        if self._nested > MOST_NESTED:
            raise self._refused(Phrase("more than {most} brackets stand in each other.", most=MOST_NESTED), begin)
        inner = self._either()
        self._nested -= 1
        if not self._take(")"):
            raise self._refused(Phrase("this bracket is not closed."), begin)
        return inner if name is None else Group(name, inner)

    def _class(self) -> frozenset[int]:
        begin = self._at
        self._at += 1
        others = self._take("^")
        found: set[int] = set()
        first = True
        while first or self._next != "]":
            if not self._next:
                raise self._refused(Phrase("this bracket is not closed."), begin)
            first = False
            found |= self._span()
        self._at += 1
        taken = _ALL - found if others else frozenset(found)
        if not taken:
            raise self._refused(Phrase("nothing is left of this class."), begin)
        return taken

    def _span(self) -> frozenset[int]:
        """One member of a class, or a range of two."""
        begin = self._at
        low = self._member()
        if self._next != "-" or self._text[self._at + 1 : self._at + 2] in ("]", ""):
            return low
        self._at += 1
        high = self._member()
        if len(low) != 1 or len(high) != 1 or min(low) > min(high):
            raise self._refused(Phrase("a range is written a-z, the smaller one first."), begin)
        return frozenset(range(min(low), min(high) + 1))

    def _member(self) -> frozenset[int]:
        return self._escape() if self._next == "\\" else frozenset({self._byte()})

    def _escape(self) -> frozenset[int]:
        begin = self._at
        sign = self._text[begin + 1 : begin + 2]
        self._at += 2
        if sign.lower() in _CLASSES and sign:
            return _CLASSES[sign] if sign in _CLASSES else _ALL - _CLASSES[sign.lower()]
        if sign in _SIGNS and sign:
            return frozenset({_SIGNS[sign]})
        if sign == "x":
            return frozenset({self._hexadecimal(begin)})
        if not sign or sign.isalnum() or not sign.isascii():
            raise self._refused(Phrase("“\\{sign}” is not known here.", sign=sign), begin)
        return frozenset({ord(sign)})

    def _hexadecimal(self, begin: int) -> int:
        pair = self._text[self._at : self._at + 2]
        if len(pair) < 2 or any(one not in "0123456789abcdefABCDEF" for one in pair):
            raise self._refused(Phrase("a byte is written \\x1b, with two hexadecimal digits."), begin)
        self._at += 2
        return int(pair, 16)

    def _byte(self) -> int:
        sign = self._next
        if not sign or ord(sign) > 0xFF:
            raise self._refused(Phrase("“{sign}” is no byte.", sign=sign))
        self._at += 1
        return ord(sign)

    @property
    def _next(self) -> str:
        return self._text[self._at : self._at + 1]

    def _take(self, wanted: str) -> bool:
        found = self._text.startswith(wanted, self._at)
        self._at += len(wanted) * found
        return found

    def _refused(self, reason: Phrase, at: int | None = None) -> PatternRefused:
        return PatternRefused(place=(self._at if at is None else at) + 1, reason=reason)
