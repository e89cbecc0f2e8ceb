"""``python main.py export CODE --person NAME --out FILE``: a record as one file, checked without our software by tools/verify_export.py."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from sqlalchemy.orm import Session

from app.base.errors import OutageError, RuleViolation
from app.base.phrases import Language, Phrase
from app.batches.queries import batch_by_code
from app.cli.person import signed_in
from app.cli.telling import language_here, say, told
from app.core.session import SignedIn
from app.materials.queries import lot_by_code
from app.tracing.batch_export import batch_bundle
from app.tracing.export import lot_bundle


class NoSuchRecord(RuleViolation):
    code = "TRC-03"
    text = "Not exported: there is no lot and no batch {code}."
    next_step = "Check the code; it is written as on the label, for example L26-0001 or B26-0001."


class BundleNotWritten(OutageError):
    code = "TRC-04"
    text = "Not exported: {file} cannot be written ({reason})."
    next_step = "Name another file, or make room on the disk. Nothing on record was changed."


def main(argv: Sequence[str]) -> int:
    """Write one bundle. The person must have the right to read the trail; the password is asked for or taken from PGPASSWORD."""
    parser = argparse.ArgumentParser(prog="main.py export", description="Write the record of a lot or a batch as one file with its trail.")
    parser.add_argument("code", help="code of the lot or the batch, as on its label")
    parser.add_argument("--person", required=True, help="who exports; needs the right to read the trail")
    parser.add_argument("--out", required=True, type=Path, help="the file to write, for example L26-0001.zip")
    parser.add_argument("--language", choices=[one.value for one in Language], default=language_here().value, help="language of the paper")
    return told(lambda: _export(parser.parse_args(argv)))


def _export(asked: argparse.Namespace) -> int:
    with signed_in(asked.person) as here:
        content = here.ask(_bundle_of(here, asked.code, Language(asked.language)))
    half_written = asked.out.with_name(asked.out.name + ".new")
    try:
        half_written.write_bytes(content)
        half_written.replace(asked.out)
    except OSError as trouble:
        raise BundleNotWritten(file=asked.out, reason=trouble.strerror or type(trouble).__name__) from trouble
    say(Phrase("The record of {code} is in {file}. Check it with: python tools/verify_export.py {file}", code=asked.code, file=asked.out))
    return 0


def _bundle_of(here: SignedIn, code: str, language: Language) -> Callable[[Session], bytes]:
    """The question that answers with the whole record of the lot or the batch of this code."""
    if (lot := here.ask(lambda session: lot_by_code(session, code))) is not None:
        return partial(lot_bundle, lot=lot.id, language=language)
    if (batch := here.ask(lambda session: batch_by_code(session, code))) is not None:
        return partial(batch_bundle, batch=batch.id, language=language)
    raise NoSuchRecord(code=code)
