"""Tables that break over pages: the heading comes again, a row stays whole where a page can hold it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.base.phrases import Phrase
from app.reports.facts import Voice
from app.reports.sheet import BOTTOM, LEFT, RIGHT, TOP, WASH, Sheets
from app.reports.wrapping import INK_2, Line, broken, width_of, wrap

SIZE = 8.5
LEADING = 12.0
PAD_X, PAD_Y = 6.0, 3.2
LEAST = 5 * LEADING + 2 * PAD_Y
"""Room for a heading of two lines and a row of three: a table begins on the next page where less is left."""
_HEADING_SIZE = 7.5
_MOST_LINES = int((BOTTOM - TOP) / LEADING) - 6
"""A row with more lines than a page holds is broken inside."""
_INDENT = 10.0
"""Of remarks under a row."""


class Align(StrEnum):
    """Words stand left, figures right."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column; `share` is its part of the width, relative to the others'."""

    title: Phrase
    share: float
    align: Align


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """A row with remarks under it over the whole width, e.g. why a value was corrected. They are never parted from it."""

    cells: Sequence[object]
    notes: Sequence[object]


@dataclass(frozen=True, slots=True)
class _Placed:
    column: Column
    x: float
    width: float


_Cells = Sequence[Sequence[Line]]


def draw_table(sheets: Sheets, voice: Voice, columns: Sequence[Column], rows: Sequence[Sequence[object] | Noted], none: Phrase) -> None:
    """Write a table at the present place; `none` stands in it when there are no rows. Neither its heading nor its last
    row stands alone on a page.

    Raises:
        ValueError: a row has not as many cells as there are columns.
    """
    placed = _place(columns)
    heading = [wrap(voice.runs(cell.column.title, ink=INK_2), width=cell.width, size=_HEADING_SIZE) for cell in placed]
    whole = [_Placed(Column(title=none, share=1, align=Align.LEFT), LEFT + PAD_X, RIGHT - LEFT - 2 * PAD_X)]
    parts = [part for row in rows for part in _parts(voice, placed, row)]
    heights = [_height(cells) + len(notes) * LEADING for cells, notes in parts]
    for number, (cells, notes) in enumerate(parts):
        first = _height(heading) if number == 0 else 0
        if sheets.need(first + _together(heights, number)) or number == 0:
            _draw_heading(sheets, placed, heading)
        _draw_row(sheets, placed, cells, SIZE, notes)
    if not parts:
        sheets.need(_height(heading) + 2 * LEADING)
        _draw_heading(sheets, placed, heading)
        _draw_row(sheets, whole, [[voice.runs(none, ink=INK_2)]], SIZE, [])
    sheets.y += LEADING


def _together(heights: Sequence[float], number: int) -> float:
    """Room a row wants: the last row but one takes the last with it, so that none stands alone on a page."""
    pair = sum(heights[number : number + 2])
    return pair if number == len(heights) - 2 and pair < (BOTTOM - TOP) / 2 else heights[number]


def _parts(voice: Voice, placed: Sequence[_Placed], row: Sequence[object] | Noted) -> list[tuple[_Cells, list[Line]]]:
    """A row as what stands whole on one page each: cells, and the remarks under them."""
    facts, remarks = (row.cells, row.notes) if isinstance(row, Noted) else (row, ())
    if len(facts) != len(placed):
        raise ValueError(f"{len(facts)} cells for {len(placed)} columns")
    cells = [wrap(voice.runs(fact), width=cell.width, size=SIZE) for fact, cell in zip(facts, placed, strict=True)]
    width = RIGHT - LEFT - 2 * PAD_X - _INDENT
    notes = [line for remark in remarks for line in wrap(voice.runs(remark, ink=INK_2), width=width, size=SIZE)]
    parts: list[tuple[_Cells, list[Line]]] = [(part, []) for part in broken(cells, _MOST_LINES)]
    if notes and _lines(parts[-1][0]) + len(notes) <= _MOST_LINES:
        parts[-1] = (parts[-1][0], notes)
    else:
        empty: _Cells = [[()] for _ in placed]
        parts += [(empty, notes[start : start + _MOST_LINES - 1]) for start in range(0, len(notes), _MOST_LINES - 1)]
    return parts


def _place(columns: Sequence[Column]) -> list[_Placed]:
    whole, x = sum(column.share for column in columns), LEFT
    placed = []
    for column in columns:
        width = (RIGHT - LEFT) * column.share / whole
        placed.append(_Placed(column, x + PAD_X, width - 2 * PAD_X))
        x += width
    return placed


def _lines(cells: _Cells) -> int:
    return max(len(cell) for cell in cells)


def _height(cells: _Cells) -> float:
    return _lines(cells) * LEADING + 2 * PAD_Y


def _draw_heading(sheets: Sheets, placed: Sequence[_Placed], heading: _Cells) -> None:
    sheets.box(LEFT, sheets.y, RIGHT - LEFT, _height(heading), ground=WASH, edge=None)
    _draw_row(sheets, placed, heading, _HEADING_SIZE, [])


def _draw_row(sheets: Sheets, placed: Sequence[_Placed], cells: _Cells, size: float, notes: Sequence[Line]) -> None:
    top = sheets.y + PAD_Y
    for cell, lines in zip(placed, cells, strict=True):
        for number, line in enumerate(lines):
            spare = cell.width - width_of(line, size) if cell.column.align is Align.RIGHT else 0
            sheets.line(line, cell.x + spare, top + number * LEADING + 0.75 * LEADING, size)
    top += _lines(cells) * LEADING
    for number, line in enumerate(notes):
        sheets.line(line, LEFT + PAD_X + _INDENT, top + number * LEADING + 0.75 * LEADING, size)
    sheets.y += _height(cells) + len(notes) * LEADING
    sheets.rule(LEFT, sheets.y, RIGHT - LEFT)
