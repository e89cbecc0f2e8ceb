"""``python main.py export LOT --person NAME --out FILE``: a record as one file, checked without our software by tools/verify_export.py."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from app.base.errors import OutageError, RuleViolation
from app.base.phrases import Language, Phrase
from app.cli.person import signed_in
from app.cli.telling import language_here, say, told
from app.materials.queries import lot_by_code
from app.tracing.export import lot_bundle


class NoSuchLot(RuleViolation):
    code = "TRC-03"
    text = "Not exported: there is no lot {lot}."
    next_step = "Check the code; it is written as on the label, for example L26-0001."


class BundleNotWritten(OutageError):
    code = "TRC-04"
    text = "Not exported: {file} cannot be written ({reason})."
    next_step = "Name another file, or make room on the disk. Nothing on record was changed."


def main(argv: Sequence[str]) -> int:
    """Write one bundle. The person must have the right to read the trail; the password is asked for or taken from PGPASSWORD."""
    parser = argparse.ArgumentParser(prog="main.py export", description="Write the record of a lot as one file with its trail.")
    parser.add_argument("lot", help="code of the lot, as on its label")
    parser.add_argument("--person", required=True, help="who exports; needs the right to read the trail")
    parser.add_argument("--out", required=True, type=Path, help="the file to write, for example L26-0001.zip")
    parser.add_argument("--language", choices=[one.value for one in Language], default=language_here().value, help="language of the paper")
    return told(lambda: _export(parser.parse_args(argv)))


def _export(asked: argparse.Namespace) -> int:
    with signed_in(asked.person) as here:
        lot = here.ask(lambda session: lot_by_code(session, asked.lot))
        if lot is None:
            raise NoSuchLot(lot=asked.lot)
        content = here.ask(lambda session: lot_bundle(session, lot.id, Language(asked.language)))
    half_written = asked.out.with_name(asked.out.name + ".new")
    try:
        half_written.write_bytes(content)
        half_written.replace(asked.out)
    except OSError as trouble:
        raise BundleNotWritten(file=asked.out, reason=trouble.strerror or type(trouble).__name__) from trouble
    say(Phrase("The record of lot {lot} is in {file}. Check it with: python tools/verify_export.py {file}", lot=lot.code, file=asked.out))
    return 0
