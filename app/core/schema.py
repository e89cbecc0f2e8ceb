"""Make a database ours and bring it to the program's version. Run by a superuser; people and stations never need it."""

from __future__ import annotations

from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row
from sqlalchemy import NullPool, create_engine

from app.base.errors import OutageError
from app.core.database import Server

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
HEAD = "0029"
"""The revision this program works with; a test compares it with migrations/versions."""
NOTHING_YET = "0000"


class SchemaTooOld(OutageError):
    code = "DB-04"
    text = "Not opened: the database is at {found}, this program needs {wanted}."
    next_step = "Ask the administrator to run: python main.py db upgrade"


class SchemaTooNew(OutageError):
    code = "DB-05"
    text = "Not opened: the database is at {found}; this program knows only {wanted}."
    next_step = "Install the newer program on this station."


def install(superuser: psycopg.Connection, server: Server) -> None:
    """Make roles, database, schema, login trigger and ACL; doing it again brings an older database to head and changes nothing else.

    Args:
        superuser: A superuser's connection in autocommit to any database of the cluster.
        server: Where `server.dbname` is or will be.
    """
    superuser.execute(_sql("roles.sql"))
    if superuser.execute("SELECT 1 FROM pg_database WHERE datname = %s", [server.dbname]).fetchone() is None:
        create = "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C.UTF-8'"
        superuser.execute(sql.SQL(create).format(sql.Identifier(server.dbname)))


def upgrade(superuser: psycopg.Connection) -> None:
    """Bring the connected database to head and harden it.

    Args:
        superuser: A superuser's connection to the database itself; autocommit off is not needed, it is set here.
    """
    from alembic import command as alembic  # only who upgrades waits for it, no start of a client
    from alembic.config import Config

    superuser.autocommit = False
    engine = create_engine("postgresql+psycopg://", creator=lambda: superuser, poolclass=NullPool)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.connect() as connection:
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(4951762)")
        connection.exec_driver_sql("CREATE SCHEMA IF NOT EXISTS lineside_meta")
        config.attributes["connection"] = connection
        alembic.upgrade(config, HEAD)
        superuser.execute(_sql("keeper_reads.sql"))
        harden(superuser)  # past SQLAlchemy, which would read its % as a placeholder
        connection.exec_driver_sql("GRANT USAGE ON SCHEMA lineside_meta TO lineside_person, lineside_station")
        connection.exec_driver_sql("GRANT SELECT ON lineside_meta.alembic_version TO lineside_person, lineside_station")
        connection.commit()


def harden(superuser: psycopg.Connection) -> None:
    """Close the connected database to everybody but people and stations: at install, and after a restore or a template copy."""
    superuser.execute(_sql("harden.sql"))


def revision_of(connection: psycopg.Connection) -> str | None:
    """The version of the connected database's schema, asked in a transaction of its own; ``None``: it is not one of ours, or not yet."""
    try:
        with connection.transaction(), connection.cursor(row_factory=tuple_row) as asked:
            found = asked.execute("SELECT version_num FROM lineside_meta.alembic_version").fetchone()
    except (psycopg.errors.InvalidSchemaName, psycopg.errors.UndefinedTable):
        return None
    return str(found[0]) if found is not None else None


def demand_head(found: str | None) -> None:
    """Refuse a schema that is older or newer than this program works with; none at all is the oldest.

    Raises:
        SchemaTooOld, SchemaTooNew: with both revisions.
    """
    if found is None or found < HEAD:
        raise SchemaTooOld(found=found or NOTHING_YET, wanted=HEAD)
    if found > HEAD:
        raise SchemaTooNew(found=found, wanted=HEAD)


def _sql(name: str) -> sql.SQL:
    return sql.SQL(_text(name))  # our own file, not input


def _text(name: str) -> str:
    return (MIGRATIONS / "sql" / name).read_text(encoding="utf-8")
