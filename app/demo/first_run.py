"""What `make run` needs on first use: the embedded server, the demonstration plant in it, and this computer enrolled as its stations.

The plant is built under another database name and renamed when it is whole: whoever finds a database named ``lineside`` finds a
finished one, and what a killed start left half-built is thrown away by the next. Doing it again changes nothing.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_urlsafe

import psycopg
from psycopg import sql

from app.base.phrases import Phrase
from app.core import schema
from app.core import settings as workstation
from app.core.database import Server
from app.core.embedded_server import NO_SETTINGS, EmbeddedServer, ServerAddress
from app.core.practice import declare_practice
from app.core.schema import SchemaTooNew
from app.core.settings import Settings
from app.core.station_files import OWN_DATABASE, StationSecretMissing, keep_secret, read_secret, secret_file, server_folder
from app.core.station_refusals import StationSecretRefused
from app.core.stations import StationLink
from app.demo.people import DEMONSTRATION, PRACTICE_SECRET, STATIONS, Keys

HALF_BUILT = f"{OWN_DATABASE}_being_built"
THIS_STATION = "IQC-02"
"""What this computer is after the first run; it may also stand for the plant's other stations."""
_ONE_AT_A_TIME = 4951764

Tell = Callable[[Phrase], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """Which plant is built where none is."""

    keys: Keys
    practice: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstRun:
    """A running server with a plant in it. Whoever holds this stops the server at the end."""

    embedded: EmbeddedServer
    address: ServerAddress
    server: Server
    """Where people and stations sign in."""
    secrets: Mapping[str, str] = field(repr=False)
    """Secret by station, for the stations of the demonstration plant; empty when another plant, or another version, is in the server."""
    settings: Settings
    """As they stand in the settings file now."""


def prepare(
    data_folder: Path, settings_file: Path, tell: Tell, *, practice: bool, server_settings: Mapping[str, str] = NO_SETTINGS
) -> FirstRun:
    """Start the embedded server and make whatever is missing.

    Args:
        data_folder: Where the data lie; made when it is missing.
        settings_file: ``settings.toml`` of this workstation; an enrolment that stands in it already is left alone.
        tell: Hears what is being done, step by step, for the start screen or the terminal.
        practice: Whether a plant that is built now is one for practice, for good. Its stations get secrets of their own.
        server_settings: PostgreSQL settings over our own; for throw-away servers.

    Raises:
        OutageError: the server did not start, or its database belongs to a newer version of this program (`schema.demand_head`) and
            this computer is no station yet.
    """
    embedded = EmbeddedServer(server_folder(data_folder), settings=server_settings)
    tell(Phrase("The database is being started."))
    address = embedded.start()
    server = Server(host=address.host, port=address.port, dbname=OWN_DATABASE)
    try:
        keys = _practice_keys(settings_file) if practice else DEMONSTRATION
        wanted = _Wanted(keys=keys, practice=practice)
        secrets, settings = _furnish(address, server, data_folder, settings_file, tell, wanted)
    except BaseException:
        embedded.stop()
        raise
    return FirstRun(embedded=embedded, address=address, server=server, secrets=secrets, settings=settings)


def _furnish(
    address: ServerAddress, server: Server, data_folder: Path, settings_file: Path, tell: Tell, wanted: _Wanted
) -> tuple[Mapping[str, str], Settings]:
    """A plant in the server and this computer as its station. An older plant is brought to this version; a newer one is left as it is:
    the station's window says so and goes on when the program was brought up.
    """
    try:
        with psycopg.connect(address.url("postgres"), autocommit=True) as superuser:
            superuser.execute("SELECT pg_advisory_lock(%s)", [_ONE_AT_A_TIME])  # a second start waits here, and then finds everything
            _bring_to_this_version(superuser, address, server, tell)
            if is_empty(superuser, address):
                _build(superuser, address, tell, wanted)
    except SchemaTooNew:
        settings = workstation.load(settings_file, {})
        if settings.station is None:
            raise
        return {}, settings
    secrets = _secrets_that_open(server, wanted.keys)
    return secrets, _enrol_here(settings_file, data_folder, secrets, tell)


@contextmanager
def throw_away_folder() -> Iterator[Path]:
    """A folder for a server that lives only for one run, reachable for the server's own account under root; gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="lineside-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def is_empty(superuser: psycopg.Connection, address: ServerAddress) -> bool:
    """Whether the embedded server holds no plant yet: no database, or one in which nobody was ever entered.

    Raises:
        SchemaTooOld, SchemaTooNew: there is one, of another version; it is left as it is.
    """
    if superuser.execute("SELECT FROM pg_database WHERE datname = %s", [OWN_DATABASE]).fetchone() is None:
        return True
    with psycopg.connect(address.url(OWN_DATABASE), autocommit=True) as inside:
        if inside.execute("SELECT to_regclass('lineside.person')").fetchone() == (None,) and schema.revision_of(inside) is None:
            return True
        schema.demand_head(schema.revision_of(inside))
        return inside.execute("SELECT FROM lineside.person LIMIT 1").fetchone() is None


def _bring_to_this_version(superuser: psycopg.Connection, address: ServerAddress, server: Server, tell: Tell) -> None:
    """A single station is its own administrator: an older plant in its server is upgraded before anybody signs in, whole or not at all."""
    if superuser.execute("SELECT FROM pg_database WHERE datname = %s", [OWN_DATABASE]).fetchone() is None:
        return
    with psycopg.connect(address.url(OWN_DATABASE), autocommit=True) as inside:
        found = schema.revision_of(inside)
        if found is None or found >= schema.HEAD:
            return
        tell(Phrase("The database is being brought from version {found} to {wanted}.", found=found, wanted=schema.HEAD))
        schema.install(superuser, server)
        schema.upgrade(inside)


def _build(superuser: psycopg.Connection, address: ServerAddress, tell: Tell, wanted: _Wanted) -> None:
    """Build the demonstration plant from nothing and give it its name as the last step."""
    _throw_away_what_is_half_built(superuser)
    tell(Phrase("The database is being made ready."))
    half_built = Server(host=address.host, port=address.port, dbname=HALF_BUILT)
    schema.install(superuser, half_built)
    with psycopg.connect(address.url(HALF_BUILT)) as inside:
        schema.upgrade(inside)
    tell(Phrase("The demonstration plant is being built: people, stations, gauges, materials, an order and an inspection plan."))
    with psycopg.connect(address.url(HALF_BUILT), autocommit=True) as inside:
        from app.demo import plant  # commands of every slice: only the first start waits for them

        if wanted.practice:
            declare_practice(inside)  # before anybody is entered; nobody can say it later
        plant.build(inside, half_built, wanted.keys)
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    superuser.execute(rename.format(sql.Identifier(HALF_BUILT), sql.Identifier(OWN_DATABASE)))


def _throw_away_what_is_half_built(superuser: psycopg.Connection) -> None:
    """Only called while the server holds no plant: the logins of a half-built one belong to nobody."""
    for name in (HALF_BUILT, OWN_DATABASE):
        superuser.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    logins = superuser.execute(
        "SELECT DISTINCT login.rolname FROM pg_auth_members m"
        " JOIN pg_roles login ON login.oid = m.member JOIN pg_roles kind ON kind.oid = m.roleid"
        " WHERE kind.rolname IN ('lineside_person', 'lineside_station') AND login.rolcanlogin AND NOT login.rolsuper"
    ).fetchall()
    for (login,) in logins:
        superuser.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(login)))


def _secrets_that_open(server: Server, keys: Keys) -> Mapping[str, str]:
    """Secrets of the demonstration plant's stations, if this is it: they are tried, never assumed."""
    found = {}
    for code, secret in keys.stations.items():
        link = StationLink(server, code, secret)
        try:
            link.where()
        except StationSecretRefused:
            continue
        finally:
            link.close()
        found[code] = secret
    return found


def _enrol_here(settings_file: Path, data_folder: Path, secrets: Mapping[str, str], tell: Tell) -> Settings:
    """Write secret files that are missing, and this station into settings that name none."""
    for code, secret in secrets.items():
        file = secret_file(settings_file, code)
        if not file.exists():
            keep_secret(file, secret)
    settings = workstation.load(settings_file, {})
    if settings.station is None and THIS_STATION in secrets:
        tell(Phrase("This computer is being enrolled as station {station}.", station=THIS_STATION))
        mine = {"station": THIS_STATION, "station_secret_file": secret_file(settings_file, THIS_STATION), "data_folder": data_folder}
        settings = settings.model_copy(update=mine)
        workstation.save(settings, settings_file)
    return settings


def _practice_keys(settings_file: Path) -> Keys:
    """Station secrets that no other plant knows, each made once and kept before its station is made, or that could never be opened."""
    stations = {}
    for code, *_ in STATIONS:
        file = secret_file(settings_file, code)
        try:
            stations[code] = read_secret(file, code)
        except StationSecretMissing:
            stations[code] = token_urlsafe(32)
            keep_secret(file, stations[code])
    return Keys(own=PRACTICE_SECRET, stations=stations)
