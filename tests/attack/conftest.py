"""What an attacker finds: a plant with a lot that waits for its release, and people of one's own to misuse."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from psycopg import sql

from app.core import schema
from app.core.embedded_server import ServerAddress
from tests.attack.newcomers import Newcomers
from tests.attack.target import Target, furnish
from tests.plant import Plant, cloned


@pytest.fixture(scope="session")
def furnished(cluster: ServerAddress, station_secrets: dict[str, str]) -> Iterator[Target]:
    """Furnished once per run and copied from then on: a lot ready for release, another with a described deviation."""
    with cloned(cluster, station_secrets) as plant:
        yield furnish(plant)


@contextmanager
def _copied(furnished: Target, name: str) -> Iterator[Target]:
    address = furnished.plant.address
    source, copy = sql.Identifier(furnished.plant.server.dbname), sql.Identifier(name)
    with psycopg.connect(address.url("postgres"), autocommit=True) as superuser:
        superuser.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY wal_log").format(copy, source))
    with psycopg.connect(address.url(name), autocommit=True) as superuser:
        schema.harden(superuser)
    plant = Plant(address, name, furnished.plant.secrets)
    try:
        yield dataclasses.replace(furnished, plant=plant)
    finally:
        plant.close()
        with psycopg.connect(address.url("postgres"), autocommit=True) as superuser:
            superuser.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(copy))


@pytest.fixture(scope="module")
def shared(furnished: Target) -> Iterator[Target]:
    """One copy per file."""
    with _copied(furnished, "plant_attacked") as copy:
        yield copy


@pytest.fixture
def target(shared: Target) -> Iterator[Target]:
    """The file's plant, for tries that leave nothing behind; connections end with the test, whose number per person is limited."""
    yield shared
    shared.plant.close()


@pytest.fixture
def fresh(furnished: Target) -> Iterator[Target]:
    """A furnished plant of the test's own, for what does change something."""
    with _copied(furnished, "plant_fresh") as copy:
        yield copy


@pytest.fixture
def newcomers(request: pytest.FixtureRequest) -> Iterator[Newcomers]:
    """People made for one test, in its plant; roles are cluster-wide, so they are taken away again."""
    own = request.getfixturevalue("fresh").plant if "fresh" in request.fixturenames else request.getfixturevalue("plant")
    hired = Newcomers(own)
    yield hired
    hired.leave()
