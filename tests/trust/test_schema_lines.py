"""What the database is made of is what the program ships; whatever is changed past it has a name."""

import os

import psycopg
import pytest
from psycopg import sql

from app.core import schema
from app.core.database import Server
from app.core.embedded_server import ServerAddress
from app.core.trust.schema_lines import QUERY, SHIPPED, differences, lines_of, read, shipped, written
from tests.plant import Plant

pytestmark = pytest.mark.capability("K5")

WRITE = "LINESIDE_WRITE_SCHEMA_LINES"


def test_a_fresh_installation_is_made_of_what_is_shipped(plant: Plant):
    """After a migration: run this test with ``LINESIDE_WRITE_SCHEMA_LINES=1``, look at the difference, and commit the file with it."""
    here = plant.sign_in("ma.lin").ask(lines_of)
    if os.environ.get(WRITE):
        SHIPPED.write_text(written(here), "utf-8")
    assert differences(here, shipped()) == []
    assert SHIPPED.read_text("utf-8") == written(shipped())


def test_an_older_database_that_was_upgraded_is_made_of_the_same(cluster: ServerAddress, monkeypatch: pytest.MonkeyPatch):
    """Rights are lists in the order in which they were given: what is given at every upgrade must stand at the same place."""
    server = Server(host=cluster.host, port=cluster.port, dbname="came_through_0016")
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as superuser:
        schema.install(superuser, server)
        try:
            for head in ("0016", schema.HEAD):
                monkeypatch.setattr(schema, "HEAD", head)
                with psycopg.connect(cluster.url(server.dbname)) as inside:
                    schema.upgrade(inside)
            with psycopg.connect(cluster.url(server.dbname)) as inside:
                assert differences(read(inside.execute(QUERY.read_text("utf-8"))), shipped()) == []
        finally:
            superuser.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(server.dbname)))
