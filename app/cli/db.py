"""``python main.py db install | upgrade | dsn | backup …``: what the administrator of a database does. Secrets are never arguments."""

from __future__ import annotations

import argparse
import getpass
import os
import secrets
import sys
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from zoneinfo import available_timezones

from app.base.errors import RuleViolation
from app.base.phrases import Phrase
from app.cli.backup_options import TOOLS, add_parsers
from app.cli.db_install import NewStation, demand_installed, install, upgrade
from app.cli.superuser import Cluster, address_without_user, cluster_of
from app.cli.telling import language_here, say, told
from app.core import schema
from app.core import settings as workstation
from app.core.database import Server
from app.core.installing import FirstAdministrator

WORKBENCHES = ("receive", "inspect")


class OptionWanted(RuleViolation):
    code = "install.option_wanted"
    text = "Nothing was done: {option} is not given, and there is no terminal to ask for it."
    next_step = "Give it as an option; python main.py db install --help lists them."


class SecretWanted(RuleViolation):
    code = "install.secret_wanted"
    text = "Nothing was done: the first administrator needs a first password, and there is no terminal to ask for it."
    next_step = "Add --generate-secret: one is made and shown once."


class SecretsDiffer(RuleViolation):
    code = "install.secrets_differ"
    text = "Nothing was done: the two passwords are not the same."
    next_step = "Start again and type it twice alike."


class ZoneUnknown(RuleViolation):
    code = "install.zone_unknown"
    text = "Nothing was done: {zone} is no time zone."
    next_step = "Write it like Asia/Shanghai or Europe/Berlin."


class NoSuchPerson(RuleViolation):
    code = "install.no_such_person"
    text = "There is no person {login} in this database."
    next_step = "Check the name; it is written as at sign-in, for example wang.haiyan."


def main(argv: Sequence[str]) -> int:
    """Run one of the database tools.

    Args:
        argv: The arguments after ``db``.

    Returns:
        0 when it is done, 2 when it was refused and the sentences say why.
    """
    arguments = _parser().parse_args(argv)
    tools: dict[str, Callable[[argparse.Namespace], int]] = {name: partial(_elsewhere, name) for name in TOOLS}
    tools |= {"install": _install, "upgrade": _upgrade, "dsn": _dsn}
    return told(lambda: tools[arguments.tool](arguments))


def _elsewhere(tool: str, arguments: argparse.Namespace) -> int:
    module, function = TOOLS[tool]
    return int(getattr(import_module(module), function)(arguments))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="main.py db", description="Make and keep the database of a plant.")
    tools = parser.add_subparsers(dest="tool", required=True, metavar="install | upgrade | dsn | backup | …")
    address = "postgresql://SUPERUSER@HOST:PORT/DATABASE, without password; left out: the embedded server of this computer"
    making = tools.add_parser("install", help="make roles, schema and rights, the first administrator, and this computer a station")
    making.add_argument("--url", help=address)
    first = making.add_argument_group("the first administrator and site (asked for when left out)")
    first.add_argument("--admin", metavar="LOGIN", help="name at sign-in, for example sun.wei")
    first.add_argument("--admin-name", metavar="NAME")
    first.add_argument("--admin-name-zh", metavar="NAME", default="")
    first.add_argument("--identity-check", metavar="HOW", help="who checked the identity, and how (21 CFR 11.100(b))")
    first.add_argument("--site", metavar="CODE", help="code of the site, for example SUZ; also the site of --station")
    first.add_argument("--site-name", metavar="NAME")
    first.add_argument("--site-name-zh", metavar="NAME", default="")
    first.add_argument("--zone", metavar="ZONE", help="time zone of the site, for example Asia/Shanghai")
    first.add_argument("--generate-secret", action="store_true", help="make the first password and show it once, instead of asking")
    here = making.add_argument_group("this computer")
    here.add_argument("--station", metavar="CODE", help="enrol this computer as a station; its secret is kept in a file of its own")
    here.add_argument("--station-name", metavar="NAME")
    here.add_argument("--station-name-zh", metavar="NAME", default="")
    here.add_argument("--workbench", choices=WORKBENCHES, default="receive", help="where its window begins")
    newer = tools.add_parser("upgrade", help="bring the database to the version of this program")
    newer.add_argument("--url", help=address)
    dsn = tools.add_parser("dsn", help="print a person's address for psql; the password is asked for by psql")
    dsn.add_argument("--person", metavar="NAME", required=True)
    add_parsers(tools, address)
    return parser


def _install(arguments: argparse.Namespace) -> int:
    station = None
    if arguments.station:
        station = NewStation(
            code=arguments.station,
            name_en=arguments.station_name or arguments.station,
            name_zh=arguments.station_name_zh,
            workbench=arguments.workbench,
            site=arguments.site,
        )
    made: list[str] = []
    with cluster_of(arguments.url) as cluster:
        install(cluster, lambda: _first_administrator(arguments, made), station)
    for secret in made:
        say(Phrase("First password of the administrator, shown only now:"))
        print(secret)
    return 0


def _upgrade(arguments: argparse.Namespace) -> int:
    with cluster_of(arguments.url) as cluster:
        found = demand_installed(cluster)
        if found == schema.HEAD:
            say(Phrase("Nothing was to be done: the database {database} is at {revision}.", database=cluster.server.dbname, revision=found))
            return 0
        with cluster.connect(cluster.server.dbname) as inside:
            upgrade(cluster, inside)
    return 0


def _dsn(arguments: argparse.Namespace) -> int:
    settings = workstation.load(workstation.settings_file(), os.environ)
    if settings.server != "embedded":
        print(address_without_user(Server.from_url(settings.server), arguments.person))
        return 0
    with cluster_of(None) as cluster:
        demand_installed(cluster)
        _demand_person(cluster, arguments.person)
        print(address_without_user(cluster.server, arguments.person))
    say(Phrase("The server of this station answers while Lineside is open on this computer."))
    return 0


def _demand_person(cluster: Cluster, login: str) -> None:
    with cluster.connect(cluster.server.dbname) as inside:
        if inside.execute("SELECT FROM lineside.person WHERE login = %s", [login]).fetchone() is None:
            raise NoSuchPerson(login=login)


def _first_administrator(arguments: argparse.Namespace, made: list[str]) -> tuple[FirstAdministrator, str]:
    """From the options, and from the person at the terminal for what they leave out; a secret that is made here is added to `made`."""
    site = arguments.site or _ask("--site", Phrase("Code of the first site, for example SUZ: "))
    first = FirstAdministrator(
        login=arguments.admin or _ask("--admin", Phrase("Sign-in name of the first administrator, for example sun.wei: ")),
        name_en=arguments.admin_name or _ask("--admin-name", Phrase("Their full name: ")),
        name_zh=arguments.admin_name_zh,
        identity_check=arguments.identity_check or _ask("--identity-check", Phrase("Who checked their identity, and how: ")),
        site_code=site,
        site_name_en=arguments.site_name or site,
        site_name_zh=arguments.site_name_zh,
        zone=arguments.zone or _ask("--zone", Phrase("Time zone of the site, for example Asia/Shanghai: ")),
    )
    if first.zone not in available_timezones():
        raise ZoneUnknown(zone=first.zone)
    if arguments.generate_secret:
        made.append(secrets.token_urlsafe(12))
        return first, made[0]
    return first, _asked_secret(first.login)


def _ask(option: str, question: Phrase) -> str:
    if not sys.stdin.isatty():
        raise OptionWanted(option=option)
    answer = ""
    while not answer:
        print(question.in_language(language_here()), end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:
            raise OptionWanted(option=option)
        answer = line.strip()
    return answer


def _asked_secret(login: str) -> str:
    if not sys.stdin.isatty():
        raise SecretWanted()
    language = language_here()
    secret = getpass.getpass(Phrase("First password of {login}, at least 10 characters: ", login=login).in_language(language))
    if getpass.getpass(Phrase("The same again: ").in_language(language)) != secret:
        raise SecretsDiffer()
    return secret
