"""``python main.py verify --person NAME``: whether the record is still what it was. Names the first thing of each check that is not."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

from app.base.phrases import Phrase
from app.cli.person import signed_in
from app.cli.telling import say, told
from app.core import settings as workstation
from app.core.trust.verifying import Outcome, verify
from app.core.trust.witness import Seen, witnesses_here

BROKEN = 1


def main(argv: Sequence[str]) -> int:
    """Compare everything. The person must have the right to read the trail; the password is asked for or taken from PGPASSWORD.

    Exit code: 0 everything holds, 1 something does not, 2 it was not compared.
    """
    parser = argparse.ArgumentParser(prog="main.py verify", description="Whether trail, seals, rows and schema are what they were.")
    parser.add_argument("--person", required=True, help="who asks; needs the right to read the trail")
    parser.add_argument("--since", type=_moment, help="only what was written since this day or time, e.g. 2026-11-01 (UTC)")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    return told(lambda: _verify(parser.parse_args(argv)))


def _moment(written: str) -> datetime:
    at = datetime.fromisoformat(written)
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)


def _verify(asked: argparse.Namespace) -> int:
    with signed_in(asked.person) as here:
        outcomes: list[Outcome] = here.ask(partial(verify, since=asked.since, witnesses=_witnesses()))
    holds = all(one.wrong is None for one in outcomes)
    if asked.json:
        print(json.dumps({"holds": holds, "checks": [_as_json(one) for one in outcomes]}, ensure_ascii=False, indent=2))
    else:
        for one in outcomes:
            print(_line(one))
    say(Phrase("Everything that was compared is what it was.") if holds else Phrase("Something is not what it was. Call Quality."))
    return 0 if holds else BROKEN


def _witnesses() -> dict[str, dict[str, Seen]]:
    """What the stations of this computer have seen."""
    return witnesses_here(workstation.load(workstation.settings_file(), os.environ).data_folder)


def _as_json(one: Outcome) -> dict[str, object]:
    wrong = {"where": one.wrong.where, "why": one.wrong.why} if one.wrong is not None else None
    return {"check": one.check, "compared": one.counted, "seconds": round(one.took_s, 3), "first_wrong": wrong}


def _line(one: Outcome) -> str:
    state = "holds" if one.wrong is None else f"DOES NOT HOLD: {one.wrong.where}: {one.wrong.why}"
    return f"{one.check:8} {one.counted:>10} compared in {one.took_s:8.2f} s  {state}"
