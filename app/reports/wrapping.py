"""Breaking text of both languages into lines of one width."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.reports import fonts
from app.reports.fonts import Weight

INK = 0x14191D
INK_2 = 0x47535B
"""Second ink: captions and what was replaced. Both from the tokens of the screens (light)."""

_HAN = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_CLOSING = "，。；：！？、）》」』】％”’"
_OPENING = "（《「『【“‘"
_TOKEN = re.compile(rf"\n| +|[{_OPENING}]*[{_HAN}][{_CLOSING}]*|[^ \n{_HAN}]+[{_CLOSING}]*")
"""A line may end after a space, before and after a Han character, never before closing punctuation. A thin space inside a number holds."""


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one manner."""

    text: str
    weight: Weight = Weight.REGULAR
    ink: int = INK
    struck: bool = False


Line = tuple[Run, ...]


def wrap(runs: Iterable[Run], *, width: float, size: float) -> list[Line]:
    """Break runs into lines no wider than `width` (points) at type size `size`; a word that is wider alone is broken inside.

    An empty text gives one empty line: a row of a table is never lower than one line.
    """
    room = width / size
    lines: list[list[Run]] = [[]]
    used = 0.0
    for run in runs:
        if "\n" not in run.text and used + (whole := ems(run.text, run.weight)) <= room:  # most facts fit as they are
            lines[-1] += [run] if run.text else []
            used += whole
            continue
        for token in _TOKEN.findall(run.text):
            if token == "\n":
                lines.append([])
                used = 0.0
                continue
            wide = ems(token, run.weight)
            if used + wide > room and used and token.strip(" "):
                lines.append([])
                used = 0.0
            for piece in [token] if wide <= room else _cut(token, run.weight, room):
                if piece is not token and used:
                    lines.append([])
                    used = 0.0
                lines[-1].append(_with(run, piece))
                used += ems(piece, run.weight)
    return [_joined(line) for line in lines]


def broken(cells: Sequence[list[Line]], most: int) -> list[list[list[Line]]]:
    """Cells of one row cut into rows of at most `most` lines, so that no text runs over the foot of a page."""
    longest = max(len(cell) for cell in cells)
    return [[cell[start : start + most] or [()] for cell in cells] for start in range(0, longest, most)]


def width_of(line: Sequence[Run], size: float) -> float:
    """Width of one line in points."""
    return sum(ems(run.text, run.weight) for run in line) * size


@lru_cache(maxsize=20_000)
def ems(text: str, weight: Weight) -> float:
    """Width of `text` in em."""
    return fonts.width_of(text, 1.0, weight)


def _cut(token: str, weight: Weight, room: float) -> list[str]:
    pieces = [""]
    for char in token:
        if pieces[-1] and ems(pieces[-1], weight) + ems(char, weight) > room:
            pieces.append("")
        pieces[-1] += char
    return pieces


def _joined(line: list[Run]) -> Line:
    """Neighbours of one manner become one run; spaces at the end of a line are dropped."""
    out: list[Run] = []
    for run in line:
        if out and (out[-1].weight, out[-1].ink, out[-1].struck) == (run.weight, run.ink, run.struck):
            out[-1] = _with(run, out[-1].text + run.text)
        else:
            out.append(run)
    while out and out[-1].text.endswith(" "):
        kept = out.pop()
        if text := kept.text.rstrip(" "):
            out.append(_with(kept, text))
    return tuple(out)


def _with(run: Run, text: str) -> Run:
    return Run(text, run.weight, run.ink, run.struck)
