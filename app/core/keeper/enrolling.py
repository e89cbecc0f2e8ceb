"""The keeper gets its two secrets: into files of this computer for a plant's server, or for one run where the server is our own."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

from app.base.errors import RuleViolation
from app.core.backup.taking import Replication
from app.core.database import Server
from app.core.keeper.keeping import OWN_CLOCKS, Clocks, Keeper
from app.core.keeper.link import COPIER, LOGIN, KeeperLink
from app.core.people import verifier_of
from app.core.server_programs import installed_programs
from app.core.settings import Settings
from app.core.station_files import StationSecretMissing, keep_secret, read_secret, server_folder


class KeeperNotHere(RuleViolation):
    code = "KEP-02"
    text = "The keeper was not started: the file {file} with its secret is missing or empty."
    next_step = (
        "Let the administrator of the database make it here: python main.py db keeper --url postgresql://SUPERUSER@HOST:PORT/DATABASE"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class KeeperSecrets:
    """Of the two logins."""

    keeper: str = field(repr=False)
    copier: str = field(repr=False)


def secret_files(settings_file: Path) -> tuple[Path, Path]:
    """Where the keeper's secret lies on this computer, and that of who copies the server."""
    return settings_file.parent / "keeper" / "secret", settings_file.parent / "keeper" / "backup"


def new_secrets(superuser: psycopg.Connection) -> KeeperSecrets:
    """Give both logins new secrets; a keeper that runs elsewhere with the old ones is let in no more.

    Args:
        superuser: A superuser's connection in autocommit to any database of the server.
    """
    made = KeeperSecrets(keeper=secrets.token_urlsafe(32), copier=secrets.token_urlsafe(32))
    for login, secret in ((LOGIN, made.keeper), (COPIER, made.copier)):
        statement = sql.SQL("ALTER ROLE {} PASSWORD {}")
        superuser.execute(statement.format(sql.Identifier(login), sql.Literal(verifier_of(superuser, login, secret))))
    return made


def keep_secrets(made: KeeperSecrets, settings_file: Path) -> tuple[Path, Path]:
    """Write both into files that only this account may read; returns them."""
    files = secret_files(settings_file)
    for file, secret in zip(files, (made.keeper, made.copier), strict=True):
        keep_secret(file, secret)
    return files


def kept_secrets(settings_file: Path) -> KeeperSecrets:
    """The secrets of this computer.

    Raises:
        KeeperNotHere: it was not made a keeper.
        StationSecretOpen: others can read them.
    """
    found = []
    for file in secret_files(settings_file):
        try:
            found.append(read_secret(file, LOGIN))
        except StationSecretMissing as trouble:
            raise KeeperNotHere(file=file) from trouble
    return KeeperSecrets(keeper=found[0], copier=found[1])


def keeper_of(settings: Settings, server: Server, made: KeeperSecrets, *, embedded: bool, clocks: Clocks = OWN_CLOCKS) -> Keeper:
    """A keeper for the server, with what this computer's settings say about backups and logs."""
    programs = settings.backup_programs or installed_programs()
    log = server_folder(settings.data_folder) / "cluster" / "log" if embedded else settings.server_log
    return Keeper(
        KeeperLink(server, made.keeper),
        settings,
        copier=Replication(server=server, user=COPIER, password=made.copier, programs=programs),
        server_log=log,
        clocks=clocks,
    )
