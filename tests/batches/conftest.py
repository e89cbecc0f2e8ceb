"""A floor with released components and a batch that was just started: furnished once, copied for every test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.base.phrases import Language
from app.core.embedded_server import ServerAddress
from tests.batches.masters import revised, signed
from tests.batches.runs import Run
from tests.batches.screens import window_over
from tests.batches.stories import Told, rich_batch
from tests.plant import Plant, cloned
from tests.shell.conftest import Hand
from tests.triggers import triggers_off
from ui.kit import Mode, set_language, theme
from ui.shell.start import Shell


@pytest.fixture(scope="session")
def floor(cluster: ServerAddress, station_secrets: dict[str, str]) -> Iterator[Run]:
    """Nobody is signed in here; tests work on copies."""
    with cloned(cluster, station_secrets) as plant:
        hubs, clips = plant.released_lot(), plant.released_clips()
        yield Run(plant, plant.start_batch(), hubs, clips)


@pytest.fixture(scope="session")
def made_floor(cluster: ServerAddress, floor: Run) -> Iterator[Run]:
    """The same with the batch complete, nothing out of order."""
    with cloned(cluster, floor.plant.secrets, template=floor.plant.server.dbname) as plant:
        made = Run(plant, floor.batch, floor.hubs, floor.clips)
        made.make()
        yield made


@pytest.fixture
def run(cluster: ServerAddress, floor: Run) -> Iterator[Run]:
    """A batch of two units, just started."""
    with cloned(cluster, floor.plant.secrets, template=floor.plant.server.dbname) as plant:
        yield Run(plant, floor.batch, floor.hubs, floor.clips)


@pytest.fixture
def made(cluster: ServerAddress, made_floor: Run) -> Iterator[Run]:
    """A batch that is complete."""
    with cloned(cluster, made_floor.plant.secrets, template=made_floor.plant.server.dbname) as plant:
        yield Run(plant, made_floor.batch, made_floor.hubs, made_floor.clips)


@pytest.fixture(scope="session")
def told_floor(cluster: ServerAddress, station_secrets: dict[str, str]) -> Iterator[Told]:
    """A complete batch with everything a record must tell. Only read here; tests that change it work on copies."""
    with cloned(cluster, station_secrets) as plant:
        yield rich_batch(plant)


@pytest.fixture
def told(cluster: ServerAddress, told_floor: Told) -> Iterator[Told]:
    """A copy of it."""
    told_floor.run.home()
    with cloned(cluster, told_floor.plant.secrets, template=told_floor.plant.server.dbname) as plant:
        yield told_floor.on(plant)


@pytest.fixture
def open_batches(
    request: pytest.FixtureRequest, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Hand]]:
    """Open a station's window over the plant of the test's batch; closed at the end."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    opened: list[Shell] = []

    def open_one(plant: Plant | None = None, *, size: tuple[int, int] = (1920, 1080)) -> Hand:
        if plant is None:
            name = "made" if "made" in request.fixturenames else "run"
            here: Run = request.getfixturevalue(name)
            plant = here.plant
        hand = window_over(plant, qtbot, tmp_path, size=size)
        opened.append(hand.shell)
        return hand

    yield open_one
    for shell in opened:
        shell.close()
    theme.look(mode=Mode.LIGHT, scale=1.0)
    set_language(Language.EN)


@pytest.fixture(scope="module")
def made_shared(cluster: ServerAddress, made_floor: Run) -> Iterator[Run]:
    """A complete batch for tests that leave nothing behind."""
    with cloned(cluster, made_floor.plant.secrets, template=made_floor.plant.server.dbname) as plant:
        yield Run(plant, made_floor.batch, made_floor.hubs, made_floor.clips)


@pytest.fixture
def weighing(run: Run) -> Run:
    """A batch whose hubs are weighed in; the lot is kept in grams."""
    master = signed(run.plant, revised(2, ("    by: count", "    by: weigh")))
    own = Run(run.plant, run.plant.start_batch(master=master), run.hubs, run.clips)
    superuser = run.plant.superuser()
    with triggers_off(superuser, "lot", "batch_step"):
        superuser.execute("UPDATE lineside.lot SET unit = 'g' WHERE id = %s", [run.hubs])
        superuser.execute("""UPDATE lineside.batch_step SET spec = spec || '{"unit": "g"}' WHERE id = %s""", [own.steps["hubs"]])
    own.clear()
    own.start("hubs")
    return own
