"""``python main.py db backup | backup-key | restore-drill | sign-drill | drill-report``: by hand; the keeper takes backups by itself."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from uuid import UUID

from app.base.errors import OutageError, RuleViolation
from app.base.ids import new_id
from app.base.phrases import Phrase
from app.cli.drill_report import paper_of
from app.cli.person import password_of, signed_in
from app.cli.superuser import cluster_of
from app.cli.telling import language_here, say
from app.core import settings as workstation
from app.core.backup.comparing import heads_that_differ
from app.core.backup.drill import Drill, restore_drill
from app.core.backup.keys import make_key, private_keys_in, recipients_in
from app.core.backup.manifest import finished_in, read_manifest
from app.core.backup.recording import SUBJECT, SignDrill, order_of
from app.core.backup.report import as_json, as_text
from app.core.backup.taking import Replication, take_backup
from app.core.server_programs import installed_programs
from app.core.session import SignedIn, Signer
from app.core.settings import Settings
from app.core.signature import preview
from app.core.trust.witness import Seen, witnesses_here

DIFFERS = 1


class PlaceWanted(RuleViolation):
    code = "BAK-13"
    text = "Nothing was done: {option} is not given, and {setting} does not stand in the settings of this computer."
    next_step = "Give the one or write the other; docs/backup.md says what they mean."


class ReportNotWritten(OutageError):
    code = "BAK-14"
    text = "The report was not written: {file} cannot be written ({reason})."
    next_step = "Name another file, or make room on the disk. Nothing on record was changed."


def take(asked: argparse.Namespace) -> int:
    """Take one backup as the server's superuser."""
    settings = _settings()
    folder = asked.out or settings.backup_folder
    if folder is None:
        raise PlaceWanted(option="--out", setting="backup_folder")
    keys = asked.recipients or settings.backup_recipients
    if keys is None:
        raise PlaceWanted(option="--recipients", setting="backup_recipients")
    recipients = recipients_in(keys)
    with cluster_of(asked.url) as cluster:
        programs = settings.backup_programs or installed_programs()
        source = Replication(server=cluster.server, user=cluster.user, password=cluster.password, programs=programs)
        with closing(cluster.connect(cluster.server.dbname)) as reader:
            done = take_backup(reader, source, folder, recipients)
    manifest, digest = read_manifest(done)
    print(done)
    rows, size = sum(manifest.facts.rows.values()), sum(part.size for part in manifest.parts)
    say(Phrase("Backup taken: {rows} rows, {size} bytes encrypted. SHA-256 of its manifest: {digest}", rows=rows, size=size, digest=digest))
    say(Phrase("It counts once it was restored: python main.py db restore-drill"))
    return 0


def key(asked: argparse.Namespace) -> int:
    """Make a key."""
    print(make_key(asked.out))
    say(Phrase("The private key lies in {file}. Keep it away from this computer and from the backups, twice.", file=asked.out))
    return 0


def drill(asked: argparse.Namespace) -> int:
    """Restore, compare, report; on record where somebody answers for it. Exit code: 0 it holds, 1 it does not, 2 it was not tried."""
    settings = _settings()
    backup = asked.backup or _newest(settings)
    key_file = asked.key or settings.backup_key
    if key_file is None:
        raise PlaceWanted(option="--key", setting="backup_key")
    private_keys = private_keys_in(key_file)
    witnesses = witnesses_here(settings.data_folder, *asked.witness)
    scratch = asked.scratch or settings.backup_scratch
    if asked.person is None:
        done, number = restore_drill(backup, private_keys, witnesses=witnesses, living=None, scratch=scratch), None
    else:
        with signed_in(asked.person) as here:
            done = restore_drill(backup, private_keys, witnesses=witnesses, living=_living(here), scratch=scratch)
            number = new_id()
            here.give(order_of(done, command_id=new_id(), id=number))
    _tell(done, number, asked)
    return 0 if done.holds else DIFFERS


def sign(asked: argparse.Namespace) -> int:
    """Show what would be signed, then sign it on a login of its own."""
    password = password_of(asked.person)
    with signed_in(asked.person, password=password) as here:
        seen = here.ask(lambda session: preview(session, kind=SUBJECT, subject=asked.drill))
        print(seen.content)
        order = SignDrill(command_id=new_id(), drill=asked.drill)
        here.give(order, signer=Signer(login=asked.person, password=password, seen=seen.digest))
    say(Phrase("Signed by {person}.", person=asked.person))
    return 0


def report(asked: argparse.Namespace) -> int:
    """The report on paper."""
    with signed_in(asked.person) as here:
        content = here.ask(paper_of(asked.drill, language_here()))
    try:
        asked.out.write_bytes(content)
    except OSError as trouble:
        raise ReportNotWritten(file=asked.out, reason=trouble.strerror or type(trouble).__name__) from trouble
    say(Phrase("The report is in {file}.", file=asked.out))
    return 0


def _tell(done: Drill, number: UUID | None, asked: argparse.Namespace) -> None:
    print(json.dumps(as_json(done, number), ensure_ascii=False, indent=2) if asked.json else as_text(done, number))
    if number is not None:
        say(Phrase("On record as {number}; quality signs it: python main.py db sign-drill {number} --person LOGIN", number=number))
    else:
        say(Phrase("Not on record: nobody answers for it (--person)."))
    say(
        Phrase("Everything holds: this backup can be restored.")
        if done.holds
        else Phrase("This backup does NOT hold. Call IT and Quality.")
    )


def _living(here: SignedIn) -> Callable[[Mapping[str, Seen]], list[str]]:
    return lambda heads: here.ask(lambda session: heads_that_differ(session, heads))


def _newest(settings: Settings) -> Path:
    if settings.backup_folder is None:
        raise PlaceWanted(option="BACKUP", setting="backup_folder")
    found = finished_in(settings.backup_folder)
    if not found:
        read_manifest(settings.backup_folder)
    return found[-1]


def _settings() -> Settings:
    return workstation.load(workstation.settings_file(), os.environ)
