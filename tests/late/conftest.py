"""An inspection under way, and a batch whose line clearance was begun, for whoever loses the database."""

from collections.abc import Iterator

import pytest

from app.core.embedded_server import ServerAddress
from tests.batches.conftest import floor
from tests.batches.runs import Run
from tests.late.drafts import Drafts
from tests.plant import Plant, cloned

__all__ = ["floor"]


@pytest.fixture
def drafts(plant: Plant) -> Drafts:
    """The inspector at IQC-02 with an inspection of two characteristics on five samples."""
    lot = plant.receive()
    inspection = plant.begin(lot.lot)
    return Drafts(plant, inspection, lot.lot)


@pytest.fixture
def run(cluster: ServerAddress, floor: Run) -> Iterator[Run]:
    """A batch whose first step, the line clearance, was begun by the operator."""
    with cloned(cluster, floor.plant.secrets, template=floor.plant.server.dbname) as plant:
        made = Run(plant, floor.batch, floor.hubs, floor.clips)
        made.start("clearance")
        yield made
