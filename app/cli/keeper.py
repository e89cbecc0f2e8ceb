"""``python main.py keeper``: what must happen without a person, as a service; ``--once`` one round, ``--night`` the night's work now."""

from __future__ import annotations

import argparse
import json
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC

from sqlalchemy import select

from app.base.phrases import Phrase
from app.cli.person import signed_in
from app.cli.superuser import cluster_of
from app.cli.telling import say, told
from app.core import settings as workstation
from app.core.database import Server
from app.core.keeper.enrolling import keep_secrets, keeper_of, kept_secrets, new_secrets
from app.core.keeper.keeping import Keeper, Kept
from app.core.keeper.rounds import keep
from app.core.logs import start_logging
from app.core.records import Finding
from app.core.settings import Settings

FOUND = 1
MOST = 200
"""Findings that are listed."""


def main(argv: Sequence[str]) -> int:
    """Keep until stopped. With ``--once``: 0 nothing was found, 1 something was, 2 it could not be done."""
    parser = argparse.ArgumentParser(prog="main.py keeper", description="Seals, nightly comparison, self-check, backups, drills.")
    parser.add_argument("--once", action="store_true", help="one round, then end")
    parser.add_argument("--night", action="store_true", help="do the night's work now, in one round")
    parser.add_argument("--findings", action="store_true", help="do nothing; list what is on record, newest first; with --person")
    parser.add_argument("--person", metavar="LOGIN", help="who asks for the findings")
    asked = parser.parse_args(argv)
    if asked.findings and asked.person is None:
        parser.error("--findings needs --person")
    return told(lambda: _findings(asked.person) if asked.findings else _run(asked))


def enrol(asked: argparse.Namespace) -> int:
    """``db keeper``: new secrets for the keeper's two logins, kept on this computer."""
    with cluster_of(asked.url) as cluster, cluster.connect(cluster.server.dbname) as superuser:
        files = keep_secrets(new_secrets(superuser), workstation.settings_file())
    say(Phrase("This computer can be the keeper now. The secrets of its two logins lie in {folder}.", folder=files[0].parent))
    return 0


def _run(asked: argparse.Namespace) -> int:
    settings = workstation.load(workstation.settings_file(), os.environ)
    start_logging(settings.log_folder)
    if settings.backup_folder is None or settings.backup_recipients is None:
        say(Phrase("No backup is taken from here: backup_folder and backup_recipients do not both stand in the settings."))
    with _keeper(settings) as keeper:
        if asked.once or asked.night:
            try:
                return _told(keeper.round(night=asked.night))
            finally:
                keeper.close()
        stopping = threading.Event()
        for which in (signal.SIGINT, signal.SIGTERM):
            signal.signal(which, lambda *_: stopping.set())
        say(Phrase("The keeper keeps. It is stopped with Ctrl+C, or by the system."))
        keep(lambda: keeper, stopping)
    return 0


def _findings(person: str) -> int:
    with signed_in(person) as here:
        rows = here.ask(lambda session: session.scalars(select(Finding).order_by(Finding.found_at.desc()).limit(MOST)).all())
        for row in rows:
            print(f"{row.found_at.astimezone(UTC):%Y-%m-%d %H:%M}Z {row.kind}: {json.dumps(row.facts, ensure_ascii=False)}")
    return 0


def _told(kept: Kept) -> int:
    if not kept.elected:
        say(Phrase("Another keeper keeps; nothing was done here."))
        return 0
    for one in kept.found:
        print(f"{one.kind}: {one.key} {one.facts}")
    say(Phrase("Found and put on record: {count}.", count=len(kept.found)))
    return FOUND if kept.found else 0


@contextmanager
def _keeper(settings: Settings) -> Iterator[Keeper]:
    """Of the plant's server with the secrets of this computer; of our own server with new ones, as long as it lasts."""
    if settings.server != "embedded":
        made = kept_secrets(workstation.settings_file())
        yield keeper_of(settings, Server.from_url(settings.server), made, embedded=False)
        return
    with cluster_of(None) as cluster:
        with cluster.connect(cluster.server.dbname) as superuser:
            made = new_secrets(superuser)
        yield keeper_of(settings, cluster.server, made, embedded=True)
