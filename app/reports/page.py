"""A paper: title, sections, facts, tables and signatures on A4, in the language of its reader.

Every slice's ``report.py`` stands on this and knows no PDF. A paper shows what it is given and nothing else: it has no clock,
so a record printed twice is the same file, byte for byte.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from PIL import Image
from reportlab.lib.units import mm

from app.base.phrases import Language, Phrase
from app.reports import table
from app.reports.facts import Signature, Unprintable, Voice
from app.reports.fonts import Weight
from app.reports.photos import small_jpeg
from app.reports.sheet import BOTTOM, HAIR, LEFT, RIGHT, TOP, WASH, Bookmark, Frame, Sheets, to_pdf
from app.reports.table import Align, Column, Noted
from app.reports.trace import HEIGHT as TRACE_HEIGHT
from app.reports.trace import Trace, draw_trace
from app.reports.wrapping import INK, INK_2, Line, Run, broken, wrap

SIZE, LEADING = 9.0, 13.0
_CAPTION = 7.5
_MOST_LINES = int((BOTTOM - TOP) / LEADING) - 1
_GUTTER = 8 * mm


class Paper:
    """Built from top to bottom; each call adds one block and returns the paper."""

    def __init__(
        self,
        title: Phrase,
        language: Language,
        zone: tzinfo,
        *,
        number: str,
        printed: Phrase,
        watermark: Phrase | None,
        practice: bool,
        unprintable: Unprintable = Unprintable.REFUSE,
    ) -> None:
        """Begin the first page.

        Args:
            title: What kind of paper it is.
            language: In which it is read.
            zone: The plant's; every time is shown in it, with its offset.
            number: What it is about, e.g. ``L26-0003``; stands at the top of every page.
            printed: When, by whom and where it was printed; stands at the foot of every page. The caller's words, the database's time.
            watermark: What stands large and light across every page, e.g. "Draft"; ``None`` for a record in force.
            practice: Whether the plant is one for practice, as its database says: every page says then that it is no record, at its head
                and across.
            unprintable: What to do with characters the font does not know.
        """
        self._voice = Voice(language=language, zone=zone, unprintable=unprintable)
        self._sheets = Sheets()
        self._frame = Frame(
            title=(*self._voice.runs(title, ink=INK_2), *self._mark(practice, before=" · ")),
            number=self._voice.runs(number, Weight.BOLD),
            printed=self._voice.runs(printed, ink=INK_2),
            page_of=lambda page, pages: self._voice.runs(Phrase("Page {page} of {pages}", page=str(page), pages=str(pages)), ink=INK_2),
            watermark=self._mark(practice) or (self._voice.runs(watermark, Weight.BOLD) if watermark is not None else ()),
            language=language.value.replace("_", "-"),
        )
        self._heading(title, number)

    def section(self, title: Phrase, *, level: int = 0, room_mm: float = 32) -> Paper:
        """A heading with its bookmark; it never stands alone at the foot of a page.

        Args:
            title: What it says.
            level: 0, or 1 inside the one before.
            room_mm: What must be left on this page for it and what belongs to it.
        """
        sheets = self._sheets
        sheets.need(room_mm * mm)
        sheets.y += 5 * mm if sheets.y > sheets.top else 0
        sheets.bookmark(Bookmark(title=self._voice.say(title), level=level, y=sheets.y))
        lines = wrap(self._voice.runs(title, Weight.BOLD), width=RIGHT - LEFT, size=11.5)
        self._write(lines, LEFT, 11.5, 16)
        sheets.y += 1.5
        sheets.rule(LEFT, sheets.y, RIGHT - LEFT, ink=INK, thickness=0.8)
        sheets.y += 2 * mm
        return self

    def facts(self, pairs: Sequence[tuple[Phrase, object]]) -> Paper:
        """Names and values, two pairs side by side, read line by line."""
        width = (RIGHT - LEFT - _GUTTER) / 2
        label, spare = 0.36 * width, 2 * mm
        for start in range(0, len(pairs), 2):
            cells: list[list[Line]] = []
            for name, value in pairs[start : start + 2]:
                cells.append(wrap(self._voice.runs(name, ink=INK_2), width=label - spare, size=SIZE))
                cells.append(wrap(self._voice.runs(value), width=width - label, size=SIZE))
            for part in broken(cells, _MOST_LINES):
                self._row_of_facts(part, width, label)
        self._sheets.y += 1.5 * mm
        return self

    def text(self, said: Phrase | str) -> Paper:
        """A paragraph."""
        for line in wrap(self._voice.runs(said), width=RIGHT - LEFT, size=SIZE):
            self._sheets.need(LEADING)
            self._write([line], LEFT, SIZE, LEADING)
        self._sheets.y += 4
        return self

    def table(
        self, columns: Sequence[Column], rows: Sequence[Sequence[object] | Noted], *, none: Phrase, caption: Phrase | None = None
    ) -> Paper:
        """A table that may run over pages; `none` says in words that there is nothing to list, `caption` never stands without it.

        Raises:
            ValueError: a row has not as many cells as there are columns.
        """
        if caption is not None:
            self._sheets.need(table.LEAST + 2 * LEADING)
            self.text(caption)
        table.draw_table(self._sheets, self._voice, columns, rows, none)
        return self

    def picture(self, image: Image.Image, *, width_mm: float, caption: Phrase) -> Paper:
        """A chart or photograph in its own proportions, with a line under it; it is never parted from it."""
        width = min(width_mm * mm, RIGHT - LEFT)
        height = width * image.height / image.width
        self._sheets.need(height + 2 * LEADING)
        self._sheets.picture(image, LEFT, self._sheets.y, width, height)
        self._sheets.y += height + 3
        self._write(wrap(self._voice.runs(caption, ink=INK_2), width=RIGHT - LEFT, size=_CAPTION), LEFT, _CAPTION, 11)
        self._sheets.y += 4
        return self

    def photo(self, content: bytes, *, width_mm: float, caption: Phrase) -> Paper:
        """A photograph as a camera wrote it, upright and small enough for paper, with its words under it; it is never parted from them.

        Args:
            content: PNG or JPEG.
            width_mm: Its longer side.
            caption: Whose it is; a line break stands where a new line begins.
        """
        picture = small_jpeg(content)
        words = wrap(self._voice.runs(caption, ink=INK_2), width=RIGHT - LEFT, size=_CAPTION)
        if picture is None:
            self.text(Phrase("This picture cannot be shown here. Its file lies beside this paper."))
        else:
            longest = min(width_mm * mm, RIGHT - LEFT)
            width, height = (max(1.0, longest * side / max(picture.width, picture.height)) for side in (picture.width, picture.height))
            self._sheets.need(height + len(words) * 11 + 7)
            self._sheets.picture(picture.content, LEFT, self._sheets.y, width, height)
            self._sheets.y += height + 3
        self._write(words, LEFT, _CAPTION, 11)
        self._sheets.y += 4
        return self

    def trace(self, trace: Trace, *, caption: Phrase) -> Paper:
        """What a machine said over a time, drawn as lines, with its words under it."""
        words = wrap(self._voice.runs(caption, ink=INK_2), width=RIGHT - LEFT, size=_CAPTION)
        self._sheets.need(TRACE_HEIGHT + len(words) * 11 + 4)
        draw_trace(self._sheets, self._voice, trace)
        self._write(words, LEFT, _CAPTION, 11)
        self._sheets.y += 4
        return self

    def signatures(self, signatures: Sequence[Signature]) -> Paper:
        """Two signatures side by side, each whole on one page; one that is still missing has a dashed frame and says so."""
        width = (RIGHT - LEFT - _GUTTER) / 2
        for start in range(0, len(signatures), 2):
            blocks = [self._signature_lines(signature, width - 6 * mm) for signature in signatures[start : start + 2]]
            height = max(sum(leading for _, _, leading in block) for block in blocks) + 4 * mm
            self._sheets.need(height)
            for column, block in enumerate(blocks):
                signed = signatures[start + column].at is not None
                x, y = LEFT + column * (width + _GUTTER), self._sheets.y
                self._sheets.box(x, y, width, height, ground=WASH if signed else None, edge=HAIR, dashed=not signed)
                y += 2 * mm
                for line, size, leading in block:
                    self._sheets.line(line, x + 3 * mm, y + 0.76 * leading, size)
                    y += leading
            self._sheets.y += height + 3 * mm
        return self

    def to_bytes(self) -> bytes:
        """The PDF. Asked twice, it gives the same bytes."""
        return to_pdf(self._sheets, self._frame)

    def _mark(self, practice: bool, *, before: str = "") -> tuple[Run, ...]:
        """What a paper of a plant for practice is; nothing on any other."""
        if not practice:
            return ()
        between = (Run(before, Weight.REGULAR),) if before else ()
        return (*between, *self._voice.runs(Phrase("Practice – not a record"), Weight.BOLD))

    def _heading(self, title: Phrase, number: str) -> None:
        self._write(wrap(self._voice.runs(title, Weight.BOLD), width=RIGHT - LEFT, size=18), LEFT, 18, 25)
        self._write(wrap(self._voice.runs(number, ink=INK_2), width=RIGHT - LEFT, size=12), LEFT, 12, 18)
        self._sheets.y += 3 * mm

    def _row_of_facts(self, cells: Sequence[Sequence[Line]], width: float, label: float) -> None:
        height = max(len(lines) for lines in cells) * LEADING
        self._sheets.need(height + 4)
        top = self._sheets.y
        for place, lines in enumerate(cells):
            column, is_value = divmod(place, 2)
            x = LEFT + column * (width + _GUTTER)
            self._write_at(lines, x + label * is_value, top, SIZE, LEADING)
            self._sheets.rule(x, top + height + 2.5, width)
        self._sheets.y = top + height + 5

    def _signature_lines(self, signature: Signature, width: float) -> list[tuple[Line, float, float]]:
        """Lines with type size and leading: meaning, printed name, time with zone, remark."""
        at = self._voice.moment(signature.at, seconds=True) if signature.at is not None else Phrase("Not signed yet")
        wanted = [
            (self._voice.runs(signature.meaning, ink=INK_2), 8.0, 12.0),
            (self._voice.runs(signature.name, Weight.BOLD), 11.0, 16.0),
            (self._voice.runs(at), 8.5, 12.5),
            *([(self._voice.runs(signature.remark, ink=INK_2), 8.0, 12.0)] if signature.remark else []),
        ]
        return [(line, size, leading) for runs, size, leading in wanted for line in wrap(runs, width=width, size=size)]

    def _write(self, lines: Sequence[Line], x: float, size: float, leading: float) -> None:
        self._write_at(lines, x, self._sheets.y, size, leading)
        self._sheets.y += len(lines) * leading

    def _write_at(self, lines: Sequence[Line], x: float, top: float, size: float, leading: float) -> None:
        for number, line in enumerate(lines):
            self._sheets.line(line, x, top + number * leading + 0.76 * leading, size)


__all__ = ["Align", "Column", "Noted", "Paper", "Signature", "Trace", "Unprintable"]
