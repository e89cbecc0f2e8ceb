"""The record of a batch on 200 pages: read from the database and written as PDF, beside the same lines written by reportlab alone."""

from __future__ import annotations

import statistics
from io import BytesIO
from uuid import UUID

import pypdfium2
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from app.base.phrases import Language, Phrase
from app.reports.fonts import Weight, font
from app.tracing.batch_history import BatchHistory
from app.tracing.batch_queries import batch_history
from app.tracing.batch_report import batch_paper
from tests.bench.measuring import Figure, Plant, timed

UNITS = 1600
REPEATS = 7
GOAL_PAGES, GOAL_S = 200, 5.0
# What a batch of so many units leaves behind. The gates are passed by: measured is the reading and the writing, not the making.
FILL = (
    """INSERT INTO lineside.unit (id, batch, no, serial, status, made_by)
       SELECT uuidv7(), b.id, n, b.code || '-' || lpad(n::text, 5, '0'), 'labelled', 'chen.jing'
         FROM lineside.batch b, generate_series(1, %(units)s) n WHERE b.id = %(batch)s""",
    """INSERT INTO lineside.consumption (id, batch_step, lot, container, unit_serial, quantity, origin, raw, station, consumed_by)
       SELECT uuidv7(), s.id, c.lot, c.id, u.serial, 1, 'scanned', '\\x5d6432303130393532313130313533303036333137323930393330313042',
              'IQC-02', 'chen.jing'
         FROM lineside.unit u JOIN lineside.batch_step s ON s.batch = u.batch AND s.key = 'clips'
         CROSS JOIN (SELECT id, lot FROM lineside.container ORDER BY code LIMIT 1) c WHERE u.batch = %(batch)s""",
    """INSERT INTO lineside.label (id, kind, subject_kind, subject_id, copy_no, printer, station, content, status, requested_by,
              sent_at, settled_at, ended_by, ended_at, scanned)
       SELECT uuidv7(), 'unit', 'unit', u.id, 1, 'LP-02', 'IQC-02', jsonb_build_object('decoded', lineside.udi_of_unit(u.id)), 'applied',
              'chen.jing', clock_timestamp(), clock_timestamp(), 'chen.jing', clock_timestamp(), '\\x00'
         FROM lineside.unit u WHERE u.batch = %(batch)s""",
)


def run(plant: Plant) -> list[Figure]:
    """One figure."""
    plant.released_lot()
    batch = _large_batch(plant)
    reader = plant.sign_in("wang.haiyan")
    papers: list[bytes] = []

    def write() -> None:
        history: BatchHistory = reader.ask(lambda session: batch_history(session, batch))
        papers.append(batch_paper(history, Language.EN, printed=Phrase("Page {page} of {pages}", page="–", pages="–")))

    seconds = [timed(write) / 1000 for _ in range(REPEATS)]
    lines = _lines(papers[0])
    bare = statistics.median(timed(lambda: _bare(lines)) / 1000 for _ in range(REPEATS))
    plant.close()
    median, worst, pages = statistics.median(seconds), max(seconds), len(lines)
    count = sum(map(len, lines))
    return [
        Figure(
            name=f"batch record of {pages} pages, read and written, the same each time",
            unit="s",
            median=median,
            p95=worst,
            goal=f"median <= {GOAL_S:.0f} s",
            holds=median <= GOAL_S and pages >= GOAL_PAGES and len(set(papers)) == 1,
            limit=f"reportlab alone writes its {count} lines in {bare:.2f} s",
        )
    ]


def _large_batch(plant: Plant) -> UUID:
    batch = plant.start_batch()
    shell = plant.superuser()
    shell.execute("SET session_replication_role = replica")
    tables = ("unit", "consumption", "label")
    for table in tables:
        shell.execute(f"ALTER TABLE lineside.{table} DISABLE TRIGGER ALL")
    for statement in FILL:
        shell.execute(statement, {"units": UNITS, "batch": batch})
    plant.close()
    return batch


def _lines(pdf: bytes) -> list[list[str]]:
    """Every line of text by page."""
    document = pypdfium2.PdfDocument(pdf)
    found = [page.get_textpage().get_text_range().splitlines() for page in document]
    document.close()
    return found


def _bare(pages: list[list[str]]) -> bytes:
    """The same lines in the same type face, with nothing around them."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1, pageCompression=1)
    name = font(Weight.REGULAR).fontName
    for lines in pages:
        canvas.setFont(name, 8.5)
        for number, line in enumerate(lines):
            canvas.drawString(50, 800 - 8 * number, line)
        canvas.showPage()
    canvas.save()
    return out.getvalue()
