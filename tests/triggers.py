"""What a superuser can do to a table, and stand there afterwards as if nothing had been."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

_STATES = {"O": "ENABLE", "A": "ENABLE ALWAYS", "R": "ENABLE REPLICA", "D": "DISABLE"}
_OF_A_TABLE = "SELECT tgname, tgenabled::text FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal"


@contextmanager
def triggers_off(superuser: psycopg.Connection, *tables: str) -> Iterator[None]:
    """No trigger, no foreign key; afterwards each trigger stands as it stood."""
    before = {table: superuser.execute(_OF_A_TABLE, [f"lineside.{table}"]).fetchall() for table in tables}
    superuser.execute("SET session_replication_role = replica")
    for table in tables:
        superuser.execute(sql.SQL("ALTER TABLE lineside.{} DISABLE TRIGGER ALL").format(sql.Identifier(table)))
    try:
        yield
    finally:
        for table, triggers in before.items():
            superuser.execute(sql.SQL("ALTER TABLE lineside.{} ENABLE TRIGGER ALL").format(sql.Identifier(table)))
            for name, enabled in triggers:
                stands = sql.SQL("ALTER TABLE lineside.{} {} TRIGGER {}")
                superuser.execute(stands.format(sql.Identifier(table), sql.SQL(_STATES[enabled]), sql.Identifier(name)))
        superuser.execute("RESET session_replication_role")
