"""``python main.py master check | import | diff``: master records as files. A person signs in for what the database is asked."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from sqlalchemy import select

from app.base.errors import RuleViolation
from app.base.ids import new_id
from app.base.phrases import Phrase
from app.batches.difference import difference
from app.batches.master import MasterRecord
from app.batches.master_commands import DraftMaster
from app.batches.master_file import parse
from app.batches.master_pictures import Picture, pictures_beside
from app.batches.master_queries import master_by_revision
from app.cli.db_install import demand_installed
from app.cli.superuser import cluster_of
from app.cli.telling import language_here, say, told
from app.core import settings as workstation
from app.core.database import Server
from app.core.records import Site
from app.core.session import SignedIn, sign_in


class FileNotRead(RuleViolation):
    code = "MBR-05"
    text = "Nothing was done: {file} could not be read: {reason}"
    next_step = "Check the name of the file; it is text in UTF-8."


class NoSuchRevision(RuleViolation):
    code = "MBR-06"
    text = "Nothing was compared: there is no revision {revision} of {code}."
    next_step = "Look at the code at the head of the file."


class NoSuchSite(RuleViolation):
    code = "MBR-07"
    text = "Nothing was stored: it is not clear for which site. There are: {sites}."
    next_step = "Name it with --site CODE."


class PasswordWanted(RuleViolation):
    code = "MBR-08"
    text = "Nothing was done: the password of {login} is asked for, and there is no terminal to ask."
    next_step = "Start it at a terminal, or give the password in PGPASSWORD."


def main(argv: Sequence[str]) -> int:
    """Run one of the tools.

    Args:
        argv: The arguments after ``master``.

    Returns:
        0 done; 2 refused, the reason is said.
    """
    arguments = _parser().parse_args(argv)
    tools = {"check": _check, "import": _import, "diff": _diff}
    return told(lambda: tools[arguments.tool](arguments))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="main.py master", description="Master records of batches, as files.")
    tools = parser.add_subparsers(dest="tool", required=True, metavar="check | import | diff")
    check = tools.add_parser("check", help="read a file and name what is wrong in it")
    check.add_argument("file", type=Path)
    taken = tools.add_parser("import", help="store a file as a draft of its revision")
    taken.add_argument("file", type=Path)
    taken.add_argument("--effective-from", type=date.fromisoformat, required=True, metavar="YYYY-MM-DD")
    taken.add_argument("--site", metavar="CODE")
    diff = tools.add_parser("diff", help="what changed between two revisions on record")
    diff.add_argument("code")
    diff.add_argument("old", type=int)
    diff.add_argument("new", type=int)
    for tool in (taken, diff):
        tool.add_argument("--person", metavar="NAME", required=True)
    return parser


def _check(arguments: argparse.Namespace) -> int:
    record = parse(_text(arguments.file))
    _pictures(arguments.file, record)
    _say_read(arguments.file, record)
    return 0


def _say_read(file: Path, record: MasterRecord) -> None:
    say(Phrase("{file} is {code} revision {revision} with {n} steps.", file=file, **_facts(record)))


def _facts(record: MasterRecord) -> dict[str, object]:
    return {"code": record.code, "revision": record.revision, "n": len(record.steps)}


def _import(arguments: argparse.Namespace) -> int:
    source = _text(arguments.file)
    record = parse(source)
    pictures = _pictures(arguments.file, record)
    with _signed_in(arguments.person) as person:
        sites = person.ask(lambda session: {site.code: site.id for site in session.scalars(select(Site))})
        site = arguments.site if arguments.site is not None or len(sites) > 1 else next(iter(sites), None)
        if site not in sites:
            raise NoSuchSite(sites=", ".join(sorted(sites)))
        person.give(
            DraftMaster(
                command_id=new_id(),
                id=new_id(),
                site=sites[site],
                effective_from=arguments.effective_from,
                source=source,
                pictures=pictures,
            )
        )
    say(Phrase("{code} revision {revision} is a draft now, with {n} steps.", **_facts(record)))
    return 0


def _diff(arguments: argparse.Namespace) -> int:
    with _signed_in(arguments.person) as person:
        old, new = (_revision(person, arguments.code, revision) for revision in (arguments.old, arguments.new))
    for change in difference(old, new):
        print(change.sentence.in_language(language_here()))
    return 0


def _revision(person: SignedIn, code: str, revision: int) -> MasterRecord:
    filed = person.ask(lambda session: master_by_revision(session, code=code, revision=revision))
    if filed is None:
        raise NoSuchRevision(code=code, revision=revision)
    return filed.record


def _pictures(file: Path, record: MasterRecord) -> tuple[Picture, ...]:
    try:
        return pictures_beside(file, record)
    except OSError as trouble:
        raise FileNotRead(file=trouble.filename, reason=str(trouble)) from trouble


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as trouble:
        raise FileNotRead(file=file, reason=str(trouble)) from trouble


@contextmanager
def _signed_in(login: str) -> Iterator[SignedIn]:
    """A person at this computer's database, past the stations, for one tool."""
    with _server() as server:
        person = sign_in(server, login=login, password=_password(login), tickets=lambda: None)
        try:
            yield person
        finally:
            person.close()


@contextmanager
def _server() -> Iterator[Server]:
    settings = workstation.load(workstation.settings_file(), os.environ)
    if settings.server != "embedded":
        yield Server.from_url(settings.server)
        return
    with cluster_of(None) as cluster:
        demand_installed(cluster)
        yield cluster.server


def _password(login: str) -> str:
    given = os.environ.get("PGPASSWORD")
    if given is not None:
        return given
    if not sys.stdin.isatty():
        raise PasswordWanted(login=login)
    return getpass.getpass(Phrase("Password of {login}: ", login=login).in_language(language_here()))
