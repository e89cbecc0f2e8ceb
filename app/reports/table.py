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


@dataclass(frozen=True, slots=True)
class _Placed:
    column: Column
    x: float
    width: float


def draw_table(sheets: Sheets, voice: Voice, columns: Sequence[Column], rows: Sequence[Sequence[object]], none: Phrase) -> None:
    """Write a table at the present place; `none` stands in it when there are no rows.

    Raises:
        ValueError: a row has not as many cells as there are columns.
    """
    placed = _place(columns)
    heading = [wrap(voice.runs(cell.column.title, ink=INK_2), width=cell.width, size=_HEADING_SIZE) for cell in placed]
    sheets.need(_height(heading) + 3 * LEADING)
    _draw_heading(sheets, placed, heading)
    if not rows:
        _draw_row(sheets, [_Placed(columns[0], LEFT + PAD_X, RIGHT - LEFT - 2 * PAD_X)], [[voice.runs(none, ink=INK_2)]], SIZE)
    for row in rows:
        if len(row) != len(columns):
            raise ValueError(f"{len(row)} cells for {len(columns)} columns")
        cells = [wrap(voice.runs(fact), width=cell.width, size=SIZE) for fact, cell in zip(row, placed, strict=True)]
        for part in broken(cells, _MOST_LINES):
            if sheets.need(_height(part)):
                _draw_heading(sheets, placed, heading)
            _draw_row(sheets, placed, part, SIZE)
    sheets.y += LEADING


def _place(columns: Sequence[Column]) -> list[_Placed]:
    whole, x = sum(column.share for column in columns), LEFT
    placed = []
    for column in columns:
        width = (RIGHT - LEFT) * column.share / whole
        placed.append(_Placed(column, x + PAD_X, width - 2 * PAD_X))
        x += width
    return placed


def _height(cells: Sequence[Sequence[Line]]) -> float:
    return max(len(cell) for cell in cells) * LEADING + 2 * PAD_Y


def _draw_heading(sheets: Sheets, placed: Sequence[_Placed], heading: list[list[Line]]) -> None:
    sheets.box(LEFT, sheets.y, RIGHT - LEFT, _height(heading), ground=WASH, edge=None)
    _draw_row(sheets, placed, heading, _HEADING_SIZE)


def _draw_row(sheets: Sheets, placed: Sequence[_Placed], cells: Sequence[Sequence[Line]], size: float) -> None:
    top = sheets.y + PAD_Y
    for cell, lines in zip(placed, cells, strict=True):
        for number, line in enumerate(lines):
            spare = cell.width - width_of(line, size) if cell.column.align is Align.RIGHT else 0
            sheets.line(line, cell.x + spare, top + number * LEADING + 0.75 * LEADING, size)
    sheets.y += _height(cells)
    sheets.rule(LEFT, sheets.y, RIGHT - LEFT)
