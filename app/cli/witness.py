"""``python main.py witness show | renew``: what this station has seen of the trail, and beginning anew after a known restore."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from app.base.errors import RuleViolation
from app.base.ids import new_id
from app.base.phrases import Phrase
from app.cli.person import signed_in
from app.cli.telling import say, told
from app.core import settings as workstation
from app.core.station_files import read_secret, secret_file
from app.core.stations import StationLink
from app.core.trust.renewal import RenewWitness
from app.core.trust.witness import Seen, WitnessUnreadable, read_witness, what_stands, witness_file, write_witness


class NoStationHere(RuleViolation):
    code = "TRL-03"
    text = "Nothing was done: this computer stands for no station."
    next_step = "Name one that was enrolled here: python main.py db install --station CODE"


def main(argv: Sequence[str]) -> int:
    """Show what was seen, or begin anew. Renewing needs an administrator, whose password is asked for or taken from PGPASSWORD."""
    parser = argparse.ArgumentParser(prog="main.py witness", description="What this station has seen of the trail.")
    ways = parser.add_subparsers(dest="way", required=True)
    ways.add_parser("show", help="by chain: number and hash of the newest entry this station has seen")
    renew = ways.add_parser("renew", help="take what stands in the database now; goes on record with who and why")
    renew.add_argument("--person", required=True, help="an administrator")
    renew.add_argument("--reason", required=True, help="in one line: which restore or failover it was, and who decided it")
    return told(lambda: _act(parser.parse_args(argv)))


def _act(asked: argparse.Namespace) -> int:
    settings = workstation.load(workstation.settings_file(), os.environ)
    if settings.station is None:
        raise NoStationHere()
    file = witness_file(settings.data_folder, settings.station)
    if asked.way == "show":
        for chain, one in sorted(read_witness(file).items()):
            print(f"{chain} {one.seq} {one.hash}")
        return 0
    return _renew(file, settings.station, settings.station_secret_file, person=asked.person, reason=asked.reason)


def _renew(file: Path, station: str, secret: Path | None, *, person: str, reason: str) -> int:
    with signed_in(person) as here:
        given = read_secret(secret or secret_file(workstation.settings_file(), station), station)
        with closing(StationLink(here.server, station, given)) as link:
            stands = what_stands(link)
        order = RenewWitness(
            command_id=new_id(), id=new_id(), station=station, seen=_told(_seen(file)), stands=_told(stands), reason=reason
        )
        here.give(order)
    write_witness(file, stands)
    say(Phrase("Station {station} begins anew with what stands in the database now. It is on record.", station=station))
    return 0


def _seen(file: Path) -> dict[str, Seen]:
    """A witness that cannot be read is given up too."""
    try:
        return read_witness(file)
    except WitnessUnreadable:
        return {}


def _told(seen: dict[str, Seen]) -> dict[str, list[object]]:
    return {chain: [one.seq, one.hash] for chain, one in sorted(seen.items())}
