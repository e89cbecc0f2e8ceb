"""The pages under a paper: what stands where, collected first, drawn when the number of pages is known.

Lengths are points (1/72 inch), `y` runs downwards from the upper edge of an A4 page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from io import BytesIO

from PIL import Image
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from app.reports import fonts
from app.reports.fonts import Weight
from app.reports.wrapping import Line, Run, width_of

WIDTH, HEIGHT = A4
LEFT, RIGHT = 18 * mm, WIDTH - 18 * mm
TOP: float = 24 * mm
BOTTOM: float = HEIGHT - 22 * mm
"""The body of a page; header and footer stand outside."""

HAIR = 0xC2CBD0
WASH = 0xF4F6F7
WATERMARK = 0xE4E9EC

Stroke = Callable[[Canvas], None]


@dataclass(slots=True)
class Page:
    """Strokes in the order they are drawn."""

    strokes: list[Stroke] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookmark:
    """One line of the outline a reader's program shows beside the pages."""

    title: str
    level: int
    """0 outermost; a line stands at most one level below the one before it."""
    y: float


@dataclass(slots=True)
class Sheets:
    """The pages so far and the place where the next thing goes."""

    pages: list[Page] = field(default_factory=lambda: [Page()])
    y: float = TOP
    top: float = TOP
    bookmarks: int = 0

    @property
    def room(self) -> float:
        """What is left of this page."""
        return BOTTOM - self.y

    def need(self, height: float) -> bool:
        """Go to the next page unless `height` is left on this one; whether it did."""
        if height <= self.room or self.y <= self.top:
            return False
        self.turn()
        return True

    def turn(self) -> None:
        """Begin the next page."""
        self.pages.append(Page())
        self.y = self.top = TOP

    def draw(self, stroke: Stroke) -> None:
        """Anything else, in the coordinates of reportlab."""
        self.pages[-1].strokes.append(stroke)

    def bookmark(self, mark: Bookmark) -> None:
        """A place readers jump to."""
        self.bookmarks += 1
        key = f"b{self.bookmarks}"

        def stroke(canvas: Canvas) -> None:
            canvas.bookmarkHorizontalAbsolute(key, HEIGHT - mark.y)
            canvas.addOutlineEntry(mark.title, key, level=mark.level, closed=False)

        self.draw(stroke)

    def line(self, runs: Line, x: float, baseline: float, size: float) -> None:
        """One line of text, runs side by side."""
        self.draw(lambda canvas: draw_line(canvas, runs, x, baseline, size))

    def rule(self, x: float, y: float, width: float, *, ink: int = HAIR, thickness: float = 0.5) -> None:
        """A horizontal line."""

        def stroke(canvas: Canvas) -> None:
            canvas.setStrokeColor(HexColor(ink))
            canvas.setLineWidth(thickness)
            canvas.line(x, HEIGHT - y, x + width, HEIGHT - y)

        self.draw(stroke)

    def box(self, x: float, y: float, width: float, height: float, *, ground: int | None, edge: int | None, dashed: bool = False) -> None:
        """A rectangle from its upper left corner; `ground` and `edge` are colours or nothing."""

        def stroke(canvas: Canvas) -> None:
            canvas.setLineWidth(0.7)
            canvas.setDash([3, 2] if dashed else [])
            canvas.setFillColor(HexColor(ground if ground is not None else 0))
            canvas.setStrokeColor(HexColor(edge if edge is not None else 0))
            canvas.rect(x, HEIGHT - y - height, width, height, stroke=int(edge is not None), fill=int(ground is not None))
            canvas.setDash([])

        self.draw(stroke)

    def picture(self, image: Image.Image | bytes, x: float, y: float, width: float, height: float) -> None:
        """A raster picture from its upper left corner; the bytes of a JPEG stand in the paper as they are."""
        reader = ImageReader(BytesIO(image) if isinstance(image, bytes) else image)
        self.draw(lambda canvas: canvas.drawImage(reader, x, HEIGHT - y - height, width, height))


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What every page carries around its body, already in the reader's language."""

    title: tuple[Run, ...]
    number: tuple[Run, ...]
    printed: tuple[Run, ...]
    page_of: Callable[[int, int], tuple[Run, ...]]
    """(page, pages) → e.g. "Page 2 of 7"."""
    watermark: tuple[Run, ...]
    """Empty for a record in force."""
    language: str


def draw_line(canvas: Canvas, runs: Iterable[Run], x: float, baseline: float, size: float) -> None:
    """Write one line; struck runs get their line through the middle of the small letters."""
    for run in runs:
        wide = width_of((run,), size)
        canvas.setFillColor(HexColor(run.ink))
        canvas.setFont(fonts.font(run.weight).fontName, size)
        canvas.drawString(x, HEIGHT - baseline, run.text)
        if run.struck and run.text:
            canvas.setStrokeColor(HexColor(run.ink))
            canvas.setLineWidth(0.8)
            canvas.line(x, HEIGHT - baseline + 0.32 * size, x + wide, HEIGHT - baseline + 0.32 * size)
        x += wide


def to_pdf(sheets: Sheets, frame: Frame) -> bytes:
    """Draw all pages. No clock and no chance goes in: the same sheets give the same bytes."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1, pageCompression=1, lang=frame.language)
    canvas.setTitle(_plain(frame.title))
    canvas.setSubject(_plain(frame.number))
    canvas.setCreator("Lineside")
    if sheets.bookmarks:
        canvas.showOutline()
    for number, page in enumerate(sheets.pages, start=1):
        _watermark(canvas, frame.watermark)
        _header_and_footer(canvas, frame, number, len(sheets.pages))
        for stroke in page.strokes:
            stroke(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _header_and_footer(canvas: Canvas, frame: Frame, number: int, pages: int) -> None:
    for y in (16 * mm, HEIGHT - 16 * mm):
        canvas.setStrokeColor(HexColor(HAIR))
        canvas.setLineWidth(0.5)
        canvas.line(LEFT, HEIGHT - y, RIGHT, HEIGHT - y)
    draw_line(canvas, frame.title, LEFT, 13.4 * mm, 8.5)
    draw_line(canvas, frame.number, RIGHT - width_of(frame.number, 8.5), 13.4 * mm, 8.5)
    draw_line(canvas, frame.printed, LEFT, HEIGHT - 11.6 * mm, 7.5)
    page_of = frame.page_of(number, pages)
    draw_line(canvas, page_of, RIGHT - width_of(page_of, 8.5), HEIGHT - 11.6 * mm, 8.5)


def _watermark(canvas: Canvas, runs: tuple[Run, ...]) -> None:
    """Large, light and aslant, under everything else, so that no number on it becomes hard to read."""
    if not runs:
        return
    text = _plain(runs)
    size = min(150.0, 430 / max(width_of((Run(text, Weight.BOLD),), 1.0), 1))
    canvas.saveState()
    canvas.translate(WIDTH / 2, HEIGHT / 2)
    canvas.rotate(50)
    canvas.setFillColor(HexColor(WATERMARK))
    canvas.setFont(fonts.font(Weight.BOLD).fontName, size)
    canvas.drawCentredString(0, -0.36 * size, text)
    canvas.restoreState()


def _plain(runs: Iterable[Run]) -> str:
    return "".join(run.text for run in runs)
