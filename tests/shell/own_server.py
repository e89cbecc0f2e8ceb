"""A plant on a PostgreSQL of its own, which a test may stop and start as a plant's IT does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

from app.core.embedded_server import EmbeddedServer, ServerAddress
from app.core.people import verifier_of
from app.core.schema import HEAD
from app.core.stations import station_role
from tests.core.cluster import CHEAP, short_folder
from tests.plant import TEMPLATE, Plant, build_template


class OwnServer:
    """The server room: on, off, another version, another secret, a locked station."""

    def __init__(self, embedded: EmbeddedServer, address: ServerAddress) -> None:
        self._embedded, self._address = embedded, address
        self.plant = Plant(address, TEMPLATE, build_template(address))

    def switch_off(self) -> None:
        """Nobody reaches it, and whoever was connected is not any more."""
        self._embedded.stop()
        assert not self._embedded.running()

    def switch_on(self) -> None:
        """It takes connections again, at the same place."""
        assert self._embedded.start() == self._address

    def is_at(self, revision: str) -> None:
        """As if another program had upgraded it, or nobody had."""
        self._do("UPDATE lineside_meta.alembic_version SET version_num = %s", revision)

    def upgrade(self) -> None:
        """It is at this program's version."""
        self.is_at(HEAD)

    def give_secret(self, station: str, secret: str) -> None:
        """The role of a station has this secret from now on."""
        role = station_role(station)
        with psycopg.connect(self._address.url("postgres"), autocommit=True) as superuser:
            verifier = verifier_of(superuser, role, secret)
            superuser.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(verifier)))

    def lock(self, station: str, *, locked: bool) -> None:
        """A station is taken out of use, or put back into it."""
        self._do("UPDATE lineside.station SET enabled = %s WHERE code = %s", not locked, station)

    def cut(self, station: str) -> None:
        """Every connection of a station ends, once; it may come back at once."""
        self._do("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", station_role(station))

    def _do(self, statement: str, *arguments: object) -> None:
        with psycopg.connect(self._address.url(TEMPLATE), autocommit=True) as superuser:
            superuser.execute(statement, arguments)  # type: ignore[arg-type]


@contextmanager
def own_server() -> Iterator[OwnServer]:
    """A running one with the demonstration plant, thrown away at the end."""
    with short_folder() as folder:
        embedded = EmbeddedServer(folder / "data", settings=CHEAP)
        try:
            yield OwnServer(embedded, embedded.start())
        finally:
            embedded.stop()
