"""Stations of the demonstration plant for whoever measures."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.inspection.station import Station, open_station
from tests.plant import Plant


@pytest.fixture
def station_of(plant: Plant, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Station]]:
    """Open the inspection station, sign the inspector in, wait for the gauges; what the test did by commands before is closed first."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    with ExitStack() as stack:

        def open_one(*, login: str = "li.ming", **options: object) -> Station:
            plant.close()
            plant._open.clear()
            station = stack.enter_context(open_station(plant, qtbot, tmp_path, **options))
            station.sign_in(login)
            station.gauges_live()
            return station

        yield open_one


@pytest.fixture
def lot(plant: Plant) -> str:
    """A received lot: its code."""
    return plant.receive().lot_code


@pytest.fixture
def measuring(station_of: Callable[..., Station], lot: str) -> Station:
    """The inspector with the lot open: two characteristics, five samples, Ac 1."""
    station = station_of()
    station.open_lot(lot)
    return station
