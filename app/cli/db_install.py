"""A database of the plant's own: made ready, its first administrator, and this computer as one of its stations. Twice changes nothing."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import psycopg

from app.base.errors import RuleViolation
from app.base.ids import new_id
from app.base.phrases import Phrase
from app.cli.superuser import Cluster, address_without_user
from app.cli.telling import say
from app.core import schema
from app.core import settings as workstation
from app.core.installing import FirstAdministrator, make_first_administrator
from app.core.people import verifier_of
from app.core.station_files import StationSecretMissing, keep_secret, read_secret, secret_file
from app.core.station_refusals import StationSecretRefused
from app.core.stations import StationLink, station_role


class LoginTaken(RuleViolation):
    """Logins hold for a whole server, for every database on it."""

    code = "install.login_taken"
    text = "Not made: there is already a login {login} on this server, for another database or by hand."
    next_step = "Choose another name, or use a server of its own: practice and production do not share one."


class NotInstalled(RuleViolation):
    code = "install.not_installed"
    text = "Nothing was done: the database {database} is not one of ours."
    next_step = "Make it first: python main.py db install"


class StationElsewhere(RuleViolation):
    code = "install.station_elsewhere"
    text = "Not enrolled: station {station} exists already, and this computer does not hold its secret."
    next_step = "Choose another code, or work at the computer that is this station."


class SiteWanted(RuleViolation):
    code = "install.site_wanted"
    text = "Not enrolled: it is not clear at which site the station stands. There are: {sites}."
    next_step = "Name it with --site CODE."


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStation:
    """What this computer is to be."""

    code: str
    name_en: str
    name_zh: str
    workbench: str
    site: str | None
    """Code of its site; ``None``: the only one there is."""


def install(cluster: Cluster, administrator: Callable[[], tuple[FirstAdministrator, str]], station: NewStation | None) -> None:
    """Make everything that is missing.

    Args:
        cluster: The server, as its superuser.
        administrator: Asked for the first administrator and their first secret, only when nobody was entered yet, before anything is made.
        station: What this computer is to be; ``None`` leaves it as it is.

    Raises:
        LoginTaken, StationElsewhere, SiteWanted, SecretTooShort, SchemaTooNew: what came before in this list of steps stands.
    """
    database = cluster.server.dbname
    with cluster.connect("postgres") as superuser:
        first = None
        if not _somebody_is_entered(cluster, superuser):
            first, secret = administrator()
            verifier_of(superuser, first.login, secret)  # too short is known before anything is made
            _demand_free_login(superuser, first.login)
        schema.install(superuser, cluster.server)
    with cluster.connect(database) as inside:
        found = schema.revision_of(inside)
        if found is None or found < schema.HEAD:
            upgrade(cluster, inside)
        schema.demand_head(schema.revision_of(inside))
    if first is not None:
        with cluster.connect(database) as inside, inside.transaction():
            make_first_administrator(inside, first, secret)
        say(Phrase("Site {site} and its first administrator {login} were made.", site=first.site_code, login=first.login))
    else:
        say(Phrase("The database {database} has its administrators already; nobody was made.", database=database))
    if station is not None:
        _enrol(cluster, station)


def upgrade(cluster: Cluster, inside: psycopg.Connection) -> None:
    """Bring the database to this program's version.

    Args:
        cluster: The server, as its superuser.
        inside: A connection to the database; a second one does the work.

    Raises:
        SchemaTooNew: the database knows more than this program; nothing was changed.
    """
    before = schema.revision_of(inside)
    if before is not None and before > schema.HEAD:
        schema.demand_head(before)
    with cluster.connect("postgres") as superuser:
        schema.install(superuser, cluster.server)
    with cluster.connect(cluster.server.dbname) as worker:
        schema.upgrade(worker)
    say(Phrase("The database {database} is at {revision} now.", database=cluster.server.dbname, revision=schema.HEAD))


def demand_installed(cluster: Cluster) -> str:
    """The version of the schema.

    Raises:
        NotInstalled: there is no such database, or it is not one of ours.
    """
    with cluster.connect("postgres") as superuser:
        if not _database_exists(superuser, cluster.server.dbname):
            raise NotInstalled(database=cluster.server.dbname)
    with cluster.connect(cluster.server.dbname) as inside:
        found = schema.revision_of(inside)
    if found is None:
        raise NotInstalled(database=cluster.server.dbname)
    return found


def _enrol(cluster: Cluster, station: NewStation) -> None:
    """Make the station, keep its secret here, and write it into the settings."""
    settings_file = workstation.settings_file()
    file = secret_file(settings_file, station.code)
    with cluster.connect(cluster.server.dbname) as inside:
        if inside.execute("SELECT FROM lineside.station WHERE code = %s", [station.code]).fetchone() is not None:
            _demand_own_secret(cluster, station.code)
        else:
            site = _site(inside, station.site)
            role = station_role(station.code)
            _demand_free_login(inside, role)
            secret = secrets.token_urlsafe(32)
            keep_secret(file, secret)  # first: a station without its secret could never be opened
            arguments = [
                new_id(),
                station.code,
                station.name_en,
                station.name_zh,
                site,
                station.workbench,
                verifier_of(inside, role, secret),
            ]
            with inside.transaction():
                inside.execute("SELECT lineside.enrol_station(%s, %s, %s, %s, %s, NULL, %s, %s)", arguments)
    settings = workstation.load(settings_file, {})
    server = "embedded" if cluster.embedded else address_without_user(cluster.server)
    wanted = settings.model_copy(update={"server": server, "station": station.code, "station_secret_file": file})
    if wanted != settings:
        workstation.save(wanted, settings_file)
    say(Phrase("This computer is station {station} now. Its secret lies in {file}.", station=station.code, file=file))


def _demand_own_secret(cluster: Cluster, code: str) -> None:
    try:
        link = StationLink(cluster.server, code, read_secret(secret_file(workstation.settings_file(), code), code))
        try:
            link.where()
        finally:
            link.close()
    except (StationSecretMissing, StationSecretRefused) as trouble:
        raise StationElsewhere(station=code) from trouble


def _site(inside: psycopg.Connection, code: str | None) -> UUID:
    sites: dict[str, UUID] = dict(inside.execute("SELECT code, id FROM lineside.site ORDER BY code").fetchall())
    if code is None and len(sites) == 1:
        return next(iter(sites.values()))
    if code not in sites:
        raise SiteWanted(sites=", ".join(sites))
    return sites[code]


def _demand_free_login(superuser: psycopg.Connection, login: str) -> None:
    if superuser.execute("SELECT FROM pg_roles WHERE rolname = %s", [login]).fetchone() is not None:
        raise LoginTaken(login=login)


def _database_exists(superuser: psycopg.Connection, name: str) -> bool:
    return superuser.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def _somebody_is_entered(cluster: Cluster, superuser: psycopg.Connection) -> bool:
    if not _database_exists(superuser, cluster.server.dbname):
        return False
    with cluster.connect(cluster.server.dbname) as inside:
        if schema.revision_of(inside) is None:
            return False
        return inside.execute("SELECT FROM lineside.person LIMIT 1").fetchone() is not None
