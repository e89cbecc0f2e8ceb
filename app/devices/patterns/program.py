"""Patterns as a machine of few states that reads a frame once, byte by byte, with all its possibilities side by side.

It never goes back, so that no pattern can hang a station: a frame costs at most its length times the states of the pattern. What was
found is what a search that goes back would find first.

Source: K. Thompson, Regular Expression Search Algorithm, CACM 11 (1968) 419; R. Pike's threads that carry the places of groups, as
R. Cox describes them in Regular Expression Matching: the Virtual Machine Approach (2009).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from app.devices.patterns.nodes import Either, Group, Node, OneOf, Repeat, Sequence

Places = tuple[tuple[str, int, bool], ...]
"""Group, place in the frame, whether it begins there; in the order they were passed."""


class TooLarge(ValueError):
    """The pattern has more states than were allowed."""


@dataclass(frozen=True, slots=True)
class Take:
    """One byte out of these, then on."""

    bytes: frozenset[int]
    then: int


@dataclass(frozen=True, slots=True)
class Split:
    """Both ways; the first is preferred."""

    first: int
    other: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A group begins or ends here."""

    name: str
    begins: bool
    then: int


@dataclass(frozen=True, slots=True)
class Done:
    """All was read."""


State = Take | Split | Mark | Done


@dataclass(frozen=True, slots=True)
class Program:
    """The states, and the one it begins in."""

    states: tuple[State, ...]
    begin: int


def compiled(node: Node, *, most_states: int) -> Program:
    """Make the machine of a pattern.

    Raises:
        TooLarge: it would have more states than that.
    """
    builder = _Builder(most_states)
    begin = builder.add(node, builder.state(Done()))
    return Program(tuple(builder.states), begin)


@dataclass(slots=True)
class _Builder:
    """Builds backwards: what comes next is there already."""

    most: int
    states: list[State] = field(default_factory=list)

    def state(self, state: State) -> int:
        if len(self.states) >= self.most:
            raise TooLarge
        self.states.append(state)
        return len(self.states) - 1

    def add(self, node: Node, then: int) -> int:
        match node:
            case OneOf(taken):
                return self.state(Take(taken, then))
            case Sequence(parts):
                for part in reversed(parts):
                    then = self.add(part, then)
                return then
            case Either(ways):
                begin = self.add(ways[-1], then)
                for way in reversed(ways[:-1]):
                    begin = self.state(Split(self.add(way, then), begin))
                return begin
            case Group(name, inner):
                return self.state(Mark(name, True, self.add(inner, self.state(Mark(name, False, then)))))
            case Repeat(inner, least, most):
                return self._repeat(inner, least, most, then)

    def _repeat(self, node: Node, least: int, most: int | None, then: int) -> int:
        if most is None:
            then = self._without_end(node, then)
        else:
            after = then
            for _ in range(most - least):
                then = self.state(Split(self.add(node, then), after))
        for _ in range(least):
            then = self.add(node, then)
        return then

    def _without_end(self, node: Node, then: int) -> int:
        loop = self.state(Split(then, then))
        self.states[loop] = Split(self.add(node, loop), then)
        return loop


def groups_in(program: Program, frame: bytes) -> dict[str, bytes] | None:
    """What the named groups hold if the pattern fits the whole frame; a group that was passed by is missing. ``None``: it does not fit."""
    now: dict[int, Places] = {}
    _enter(program, program.begin, 0, (), now)
    for at, byte in enumerate(frame, 1):
        following: dict[int, Places] = {}
        for place, passed in now.items():
            state = program.states[place]
            if isinstance(state, Take) and byte in state.bytes:
                _enter(program, state.then, at, passed, following)
        if not following:
            return None
        now = following
    for place, passed in now.items():
        if isinstance(program.states[place], Done):
            return _texts(frame, passed)
    return None


def _enter(program: Program, place: int, at: int, passed: Places, into: dict[int, Places]) -> None:
    """A state and all that is reached from it without a byte, in the order of preference; who was there first stays."""
    waiting = [(place, passed)]
    seen = into
    while waiting:
        place, passed = waiting.pop()
        if place in seen:
            continue
        seen[place] = passed
        match program.states[place]:
            case Split(first, other):
                waiting += [(other, passed), (first, passed)]
            case Mark(name, begins, then):
                waiting.append((then, (*passed, (name, at, begins))))
            case _:
                pass


def _texts(frame: bytes, passed: Places) -> dict[str, bytes]:
    begins = {name: at for name, at, begin in passed if begin}
    return {name: frame[begins[name] : at] for name, at, begin in passed if not begin}
