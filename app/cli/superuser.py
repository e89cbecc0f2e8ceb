"""The administrator's way into a database server: the plant's own by URL, or the embedded one of this station."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import quote, unquote, urlencode, urlsplit

import psycopg

from app.base.errors import OutageError, RuleViolation
from app.base.phrases import Phrase
from app.cli.telling import language_here
from app.core import settings as workstation
from app.core.database import CONNECT_TIMEOUT_S, Server, WrongNameOrPassword
from app.core.embedded_server import EmbeddedServer
from app.core.station_files import OWN_DATABASE, server_folder

OLDEST_SERVER = 18


class AddressUnusable(RuleViolation):
    code = "install.address"
    text = "Nothing was done: “{url}” is no address of a database with its superuser."
    next_step = "Write it like postgresql://postgres@db.plant.example:5432/lineside"


class PasswordInAddress(RuleViolation):
    """Arguments stand in the process list and in the shell's history; the address is not repeated here."""

    code = "install.password_in_address"
    text = "Nothing was done: the address holds a password, which every account of this computer could read."
    next_step = "Leave it out. It is asked for, or taken from PGPASSWORD or the password file of PostgreSQL."


class PasswordWanted(RuleViolation):
    code = "install.password_wanted"
    text = "Nothing was done: the server asks for the password of {user}, and there is no terminal to ask for it."
    next_step = "Put it into PGPASSWORD or the password file of PostgreSQL."


class ServerNotReached(OutageError):
    code = "install.not_reached"
    text = "Nothing was done: the database server {host} does not let this computer in: {reason}"
    next_step = "Check the address, the network and the server's own rules (pg_hba.conf), then start again."


class ServerTooOld(RuleViolation):
    code = "install.server_too_old"
    text = "Nothing was done: the server is PostgreSQL {found}; {wanted} or newer is needed."
    next_step = "Let the administrator bring the server to a newer version."


class SuperuserWanted(RuleViolation):
    code = "install.superuser_wanted"
    text = "Nothing was done: {user} is no superuser of this server."
    next_step = "Name a superuser in the address: people's logins and the login trigger can only be made by one."


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A server on which somebody is superuser."""

    server: Server
    """With the database that is or will be ours."""
    user: str
    password: str | None = field(repr=False)
    """``None``: libpq finds it by itself."""
    embedded: bool

    def connect(self, dbname: str) -> psycopg.Connection:
        """A superuser's connection in autocommit.

        Raises:
            WrongNameOrPassword, ServerNotReached: none was opened.
        """
        server = self.server
        try:
            return psycopg.connect(
                host=server.host or None,
                port=server.port,
                dbname=dbname,
                user=self.user,
                password=self.password,
                **server.tls,
                connect_timeout=CONNECT_TIMEOUT_S,
                application_name="lineside db",
                autocommit=True,
            )
        except psycopg.OperationalError as trouble:
            said = str(trouble).strip()
            if "no password supplied" in said:
                raise PasswordWanted(user=self.user) from None
            if "password authentication failed" in said:
                raise WrongNameOrPassword() from None
            raise ServerNotReached(host=server.host, reason=said.splitlines()[-1] if said else "no answer") from None


@contextmanager
def cluster_of(url: str | None) -> Iterator[Cluster]:
    """The server behind an address, or without one the embedded server of this station, running meanwhile.

    Raises:
        AddressUnusable, PasswordInAddress, PasswordWanted, WrongNameOrPassword, ServerNotReached, ServerTooOld, SuperuserWanted.
    """
    if url is not None:
        cluster = _with_password(_named(url))
        _demand_ours(cluster)
        yield cluster
        return
    settings = workstation.load(workstation.settings_file(), os.environ)
    embedded = EmbeddedServer(server_folder(settings.data_folder))
    address = embedded.start()
    try:
        server = Server(host=address.host, port=address.port, dbname=OWN_DATABASE)
        yield Cluster(server=server, user=address.superuser, password=address.secret, embedded=True)
    finally:
        embedded.stop()


def address_without_user(server: Server, user: str | None = None) -> str:
    """A URL of the database that holds no password; with `user` for psql, without one for the settings."""
    login = f"{quote(user, safe='')}@" if user else ""
    if server.host.startswith("/"):
        host = "" if user else "localhost"  # settings want a name; the folder of the socket wins over it
        return f"postgresql://{login}{host}/{quote(server.dbname)}?host={quote(server.host, safe='')}&port={server.port}"
    tls = server.tls if server.sslmode != "prefer" else {}
    secure = f"?{urlencode(tls)}" if tls else ""
    return f"postgresql://{login}{server.host}:{server.port}/{quote(server.dbname)}{secure}"


def _named(url: str) -> Cluster:
    try:
        parts = urlsplit(url)
        server = Server.from_url(url)
    except ValueError as trouble:
        raise AddressUnusable(url=url) from trouble
    if parts.password is not None or "password" in parts.query:
        raise PasswordInAddress()
    if parts.scheme != "postgresql" or not parts.username or not server.host or not server.dbname:
        raise AddressUnusable(url=url)
    return Cluster(server=server, user=unquote(parts.username), password=None, embedded=False)


def _with_password(cluster: Cluster) -> Cluster:
    """Ask for the password when the server wants one that libpq does not find, and somebody is there to ask."""
    try:
        cluster.connect("postgres").close()
    except PasswordWanted:
        if not sys.stdin.isatty():
            raise
        asked = Phrase("Password of {user} on {host}: ", user=cluster.user, host=cluster.server.host).in_language(language_here())
        return Cluster(server=cluster.server, user=cluster.user, password=getpass.getpass(asked), embedded=False)
    return cluster


def _demand_ours(cluster: Cluster) -> None:
    with cluster.connect("postgres") as connection:
        row = connection.execute(
            "SELECT current_setting('server_version_num')::int / 10000, current_setting('server_version'), current_setting('is_superuser')"
        ).fetchone()
    assert row is not None
    if row[0] < OLDEST_SERVER:
        raise ServerTooOld(found=row[1], wanted=str(OLDEST_SERVER))
    if row[2] != "on":
        raise SuperuserWanted(user=cluster.user)
