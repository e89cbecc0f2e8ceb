"""A keeper beside a plant of the test's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from app.base.ids import new_id
from app.core.embedded_server import ServerAddress
from app.core.keeper.enrolling import KeeperSecrets, keeper_of, new_secrets
from app.core.keeper.keeping import OWN_CLOCKS, Clocks, Keeper
from app.core.keeper.link import KeeperLink
from app.core.settings import Settings
from app.plant.commands import RecordCalibration
from tests.plant import Plant, cloned


@pytest.fixture(scope="session")
def in_order(cluster: ServerAddress, station_secrets: dict[str, str]) -> Iterator[Plant]:
    """The demonstration plant with its one overdue caliper calibrated: there is nothing to find in it. Furnished once per run."""
    with cloned(cluster, station_secrets) as furnished:
        ((caliper,),) = furnished.rows("SELECT id FROM asset WHERE code = 'DC-009'")
        today = datetime.now(UTC).date()
        days = {"done_on": today - timedelta(days=1), "due_on": today + timedelta(days=300)}
        order = RecordCalibration(command_id=new_id(), id=new_id(), asset=caliper, certificate="CC-9", passed=True, **days)  # type: ignore[arg-type]
        furnished.sign_in("zhao.lei").give(order)
        furnished.close()
        yield furnished


@pytest.fixture
def plant(in_order: Plant, cluster: ServerAddress, station_secrets: dict[str, str]) -> Iterator[Plant]:
    """A plant of the test's own, in order."""
    with cloned(cluster, station_secrets, template=in_order.server.dbname) as own:
        yield own


@pytest.fixture
def keeper_secrets(cluster: ServerAddress, station_secrets: dict[str, str]) -> KeeperSecrets:
    """Of the common server's two logins, new for every test: others give them new ones too."""
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
