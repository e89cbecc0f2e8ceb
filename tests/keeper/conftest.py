"""A keeper beside a plant of the test's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from app.core.embedded_server import ServerAddress
from app.core.keeper.enrolling import KeeperSecrets, keeper_of, new_secrets
from app.core.keeper.keeping import OWN_CLOCKS, Clocks, Keeper
from app.core.keeper.link import KeeperLink
from app.core.settings import Settings
from tests.plant import Plant


@pytest.fixture(scope="session")
def keeper_secrets(cluster: ServerAddress, station_secrets: dict[str, str]) -> KeeperSecrets:
    """Of the common server's two logins."""
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as superuser:
        return new_secrets(superuser)


@pytest.fixture
def link(plant: Plant, keeper_secrets: KeeperSecrets) -> Iterator[KeeperLink]:
    made = KeeperLink(plant.server, keeper_secrets.keeper)
    yield made
    made.close()


MakeKeeper = Callable[..., Keeper]


@pytest.fixture
def make_keeper(plant: Plant, keeper_secrets: KeeperSecrets, tmp_path: Path) -> Iterator[MakeKeeper]:
    """Keepers of this plant; what is given stands over the settings, or is handed to the keeper itself."""
    made: list[Keeper] = []

    def make(*, server_log: Path | None = None, wall: Any = None, steady: Any = None, **settings: Any) -> Keeper:
        own = Settings(data_folder=tmp_path / "data", server_log=server_log, **settings)
        clocks = Clocks(wall=wall or OWN_CLOCKS.wall, steady=steady or OWN_CLOCKS.steady)
        keeper = keeper_of(own, plant.server, keeper_secrets, embedded=False, clocks=clocks)
        made.append(keeper)
        return keeper

    yield make
    for one in made:
        one.close()


def findings(plant: Plant) -> list[tuple[str, dict[str, object]]]:
    """What is on record, by kind, oldest first."""
    return [(str(kind), facts) for kind, facts in plant.rows("SELECT kind, facts FROM finding ORDER BY found_at")]  # type: ignore[misc]
