"""A protocol while it is written: what is wrong with it, what its cases say, and what it makes of the bytes that are there."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from app.devices.frame_log import Piece
from app.devices.line_watch import Entry, LineWatch
from app.devices.meaning import Meaning, Reader
from app.devices.patterns.cases import Held, demand_proven, hold_cases
from app.devices.patterns.definition import Definition, DefinitionRefused, read_definition
from app.devices.protocol import Family

MOST_PIECES = 400
"""So many are held against every change of the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What became of one text."""

    source: str
    definition: Definition | None
    """``None``: it cannot be read, or could make a wrong number."""
    refusal: DefinitionRefused | None
    """What is to be mended first; ``None``: it can be handed over."""
    held: tuple[Held, ...]


def try_text(source: str) -> Tried:
    """Read a text and hold its cases against it. Takes up to some tenths of a second for the most complicated ones."""
    try:
        definition = read_definition(source)
    except DefinitionRefused as refusal:
        return Tried(source=source, definition=None, refusal=refusal, held=())
    held = tuple(hold_cases(definition))
    try:
        demand_proven(definition)
    except DefinitionRefused as refusal:
        return Tried(source=source, definition=definition, refusal=refusal, held=held)
    return Tried(source=source, definition=definition, refusal=None, held=held)


class Trial:
    """The last bytes of a line under a protocol that changes. `take` comes on any thread."""

    def __init__(self) -> None:
        self._pieces: deque[Piece] = deque(maxlen=MOST_PIECES)
        self._family: Family | None = None
        self._watch = LineWatch(None)
        self._lock = Lock()

    def take(self, piece: Piece) -> None:
        """Some bytes went by."""
        with self._lock:
            self._pieces.append(piece)
            self._watch.take(piece)

    def read_by(self, definition: Definition | None) -> None:
        """Read all of them once more by another text; ``None``: only show the bytes."""
        with self._lock:
            self._family = definition.family(None) if definition is not None else None
            self._begin(tuple(self._pieces))

    def forget(self, pieces: Sequence[Piece] = ()) -> None:
        """Another line: begin with these pieces."""
        with self._lock:
            self._pieces.clear()
            self._pieces.extend(pieces)
            self._begin(tuple(self._pieces))

    def entries(self) -> tuple[Entry, ...]:
        """The last ones, oldest first."""
        return self._watch.entries()

    def last_frame(self) -> Meaning | None:
        """The newest whole frame and what it means."""
        return next((one.meaning for one in reversed(self.entries()) if one.meaning is not None), None)

    def _begin(self, pieces: Sequence[Piece]) -> None:
        self._watch = LineWatch(Reader(self._family, unit=None) if self._family is not None else None)
        for piece in pieces:
            self._watch.take(piece)
