"""Stations with the lot's screens; papers go to a folder of the test's own."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

import ui.materials.lot_screen
from app.core.embedded_server import ServerAddress
from tests.plant import cloned
from tests.shell.conftest import Hand
from tests.shell.conftest import open_station as open_any_station
from tests.tracing.lots import Walked
from tests.tracing.product import Product, make

__all__ = ["open_any_station"]
SCREENS = ("ui.shell", "ui.deviations", "ui.materials", "ui.tracing")


@pytest.fixture
def open_station(open_any_station: Callable[..., Hand]) -> Callable[..., Hand]:
    """A station whose window offers the lot's screens."""
    return partial(open_any_station, screens=SCREENS)


@pytest.fixture
def documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The account's documents folder."""
    monkeypatch.setenv("XDG_DOCUMENTS_DIR", str(tmp_path / "documents"))
    return tmp_path / "documents"


@pytest.fixture
def open_lot(open_station: Callable[..., Hand], documents: Path) -> Callable[..., Hand]:
    """Somebody at IQC-02 with a lot open."""

    def open_one(walked: Walked, login: str = "wang.haiyan", *, size: tuple[int, int] = (1920, 1080)) -> Hand:
        hand = open_station("IQC-02", size=size)
        hand.sign_in(login)
        show_lot(hand, walked)
        return hand

    return open_one


def show_lot(hand: Hand, walked: Walked) -> None:
    """Open the lot's screen and wait until it stands."""
    screen = hand.window.open("materials.lot", {"lot": str(walked.lot)})
    assert isinstance(screen, ui.materials.lot_screen.LotScreen)
    hand.until(lambda: screen.history is not None and screen.history.lot.id == walked.lot)


@pytest.fixture(scope="session")
def product(cluster: ServerAddress, station_secrets: dict[str, str]) -> Iterator[Product]:
    """Made once; tests ask and change nothing, or work on a copy."""
    with cloned(cluster, station_secrets) as plant:
        yield make(plant)
