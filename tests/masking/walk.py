"""Everywhere somebody can look, as that person: what is granted, what may be called, what the program reads, files and prints for them."""

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import psycopg
import pypdfium2

from app.base.errors import AppError
from app.base.phrases import Language, Name
from app.core.session import SignedIn
from app.tracing.batch_export import batch_bundle
from app.tracing.export import lot_bundle
from app.tracing.filing import Filed, file_lot_paper
from app.tracing.trail import as_csv, trail
from tests.masking.canaries import Planted
from tests.masking.read_models import READ_MODELS

_GRANTED = """SELECT c.relname, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'lineside'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') AND NOT c.relispartition AND a.attnum > 0
      AND has_column_privilege(c.oid, a.attnum, 'SELECT') GROUP BY c.relname ORDER BY 1"""
_CALLED = """SELECT p.proname, array(SELECT format_type(t, NULL) FROM unnest(p.proargtypes) t) FROM pg_proc p
    WHERE p.pronamespace = 'lineside'::regnamespace AND p.provolatile = 's' AND p.prorettype <> 'trigger'::regtype
      AND has_function_privilege(p.oid, 'EXECUTE') ORDER BY 1"""
"""Functions that read and change nothing; what is immutable reads no table."""
_KINDS = ("supplier_lot", "lot", "batch", "batch_step", "document", "master_record", "personal", "price")
_WRONG = (
    "SELECT supplier_lot::integer FROM lineside.lot_seen",
    "SELECT 1 FROM lineside.lot_seen WHERE supplier_lot::date < now() ORDER BY supplier_lot",
    "SELECT (code || name_en || name_zh)::uuid FROM lineside.supplier_seen",
    "SELECT certificate::integer FROM lineside.approval_seen",
    "SELECT convert_from(raw, 'UTF8')::integer FROM lineside.receipt_seen",
    "SELECT (content ->> 'supplier_lot')::integer FROM lineside.label_seen WHERE content ? 'supplier_lot'",
    "SELECT (facts ->> 'supplier_lot')::integer, (facts ->> 'raw')::integer FROM lineside.task_seen WHERE facts ? 'raw'",
    "SELECT (badge || enabled_check)::integer FROM lineside.person_seen",
    "SELECT currency::integer FROM lineside.order_line_seen",
    "SELECT unit_price / 0 FROM lineside.order_line_seen",
    "SELECT source::integer FROM lineside.master_record_seen",
    "SELECT (spec ->> 'tolerance')::integer FROM lineside.batch_step_seen",
    "SELECT frozen::text::integer FROM lineside.batch_seen",
    "SELECT content::integer FROM lineside.signature_seen",
    "SELECT payload::integer FROM lineside.audit_log_seen",
    "INSERT INTO lineside.lot SELECT * FROM lineside.lot_seen",
    "UPDATE lineside.supplier SET name_en = ''",
    "EXPLAIN (ANALYZE, VERBOSE) SELECT * FROM lineside.lot_seen l JOIN lineside.supplier_seen s ON s.id = l.supplier",
)
"""What makes the server tell a value in its refusal, or in the plan of a question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What somebody read, and where."""

    where: str
    told: str


def found(texts: Iterator[Text], forbidden: dict[str, tuple[str, ...]]) -> set[tuple[str, str]]:
    """Places where something was told that must not be, with the class."""
    return {(one.where, name) for one in texts for name, words in forbidden.items() if any(word in one.told for word in words)}


def in_the_database(shell: psycopg.Connection, planted: Planted) -> Iterator[Text]:
    """Every granted column of every table and view, every function that reads, statistics, refusals and plans."""
    for table, columns in shell.execute(_GRANTED).fetchall():
        rows = shell.execute(f"SELECT ROW({columns})::text FROM lineside.{table}").fetchall()  # type: ignore[arg-type]
        yield Text(where=f"table {table}", told="\n".join(str(row) for (row,) in rows))
    yield Text(where="statistics", told=str(shell.execute("SELECT s::text FROM pg_stats s WHERE schemaname = 'lineside'").fetchall()))
    yield from _functions(shell, planted)
    for statement in _WRONG:
        try:
            told = str(shell.execute(statement).fetchall())  # type: ignore[arg-type]
        except psycopg.Error as refused:
            told = f"{refused} {refused.diag.message_detail} {refused.diag.context}"
        yield Text(where=f"refusal of {statement}", told=told)


def _functions(shell: psycopg.Connection, planted: Planted) -> Iterator[Text]:
    got = planted.received
    ids = [str(one) for one in (got.lot, planted.batch, planted.master, got.receipt, got.container, planted.order, planted.line)]
    ids += [str(one) for one in (planted.site, planted.item, planted.supplier)]
    ids += [str(one) for (one,) in shell.execute("SELECT id FROM lineside.batch_step WHERE batch = %s LIMIT 2", [planted.batch]).fetchall()]
    given = {
        "uuid": [f"'{one}'::uuid" for one in ids],
        "text": [f"'{one}'" for one in (*_KINDS, got.lot_code, got.container_code)],
        "integer": ["100"],
        "boolean": ["true", "false"],
        "uuid[]": ["ARRAY[" + ", ".join(f"'{one}'::uuid" for one in ids) + "]"],
        "text[]": ["'{sent,printed}'::text[]"],
        "timestamp with time zone": ["now()"],
        "date": ["current_date"],
        "xid8": ["'0'::xid8"],
        "jsonb": ["'{}'::jsonb"],
        "numeric": ["1"],
        "bigint[]": ["'{1}'::bigint[]"],
        "batch_step": ["(SELECT ROW(s.*)::lineside.batch_step FROM lineside.batch_step_seen s LIMIT 1)"],
    }
    for name, types in shell.execute(_CALLED).fetchall():
        most = 20 if len(types) < 3 else 3
        ways = list(product(*(given[kind.removeprefix("lineside.")][:most] for kind in types)))
        calls = [f"SELECT f::text FROM lineside.{name}({', '.join(of)}) f" for of in ways]
        yield Text(where=f"function {name}", told=_answers(shell, calls))


def _answers(shell: psycopg.Connection, calls: list[str]) -> str:
    """All in one statement; one by one where one of them is refused."""
    try:
        return str(shell.execute(" UNION ALL ".join(calls)).fetchall())  # type: ignore[arg-type]
    except psycopg.Error as refused:
        if len(calls) == 1:
            return f"{refused} {refused.diag.message_detail}"
        return "\n".join(_answers(shell, [call]) for call in calls)


def in_the_program(here: SignedIn, planted: Planted, folder: Path) -> Iterator[Text]:
    """What the program reads for screens, and the files, papers and refusals it makes for this person."""
    for name, question in READ_MODELS.items():
        yield Text(where=f"read model {name}", told=_said(lambda question=question: repr(here.ask(question(planted, here.who)))))
    for name, words in {"everything": "", "the person": "he.qing", "the lot": planted.received.lot_code}.items():
        told = _said(lambda words=words: here.ask(lambda s: as_csv(trail(s, words=words, since=None).entries)).decode())
        yield Text(where=f"trail of {name}", told=told)
    lot, batch = planted.received.lot, planted.batch
    # the paper of the batch is a part of its file; what is asked before it is made alone: test_rules.py
    yield Text(where="file of the lot", told=_said(lambda: _whole(here.ask(lambda s: lot_bundle(s, lot, Language.EN)))))
    yield Text(where="file of the batch", told=_said(lambda: _whole(here.ask(lambda s: batch_bundle(s, batch, Language.ZH)))))
    who: dict[str, Any] = {"language": Language.EN, "person": Name("x", ""), "station": "QA-01", "folder": folder}
    yield Text(where="paper of the lot", told=_said(lambda: _filed(here.ask(lambda s: file_lot_paper(s, lot, **who)))))


def _filed(paper: Filed) -> str:
    return _pages(paper.file.read_bytes())


def _said(ask: Callable[[], str]) -> str:
    try:
        return ask()
    except AppError as refused:
        return f"{refused} {refused.facts!r} {refused.next}"


def _whole(bundle: bytes) -> str:
    """The text of every part of a record's file, the paper's pages too."""
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return "\n".join(_pages(part) if name.endswith(".pdf") else part.decode("utf-8", "replace") for name, part in parts.items())


def _pages(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    told = "\n".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return told
