"""The engineer at a station with simulated devices on its ports."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest

from app.core.devices_here import DevicesHere
from app.devices.settings import DeviceSettings
from app.devices.simulators.mitutoyo import MitutoyoSimulator
from app.devices.simulators.mt_sics import MtSicsSimulator
from tests.shell.conftest import Hand
from tests.shell.conftest import open_station as open_any_station

__all__ = ["open_any_station"]


@pytest.fixture
def scale() -> Iterator[MtSicsSimulator]:
    with MtSicsSimulator() as made:
        yield made


@pytest.fixture
def gauge() -> Iterator[MitutoyoSimulator]:
    with MitutoyoSimulator(value="25.04") as made:
        yield made


@pytest.fixture
def devices(scale: MtSicsSimulator, gauge: MitutoyoSimulator) -> DevicesHere:
    return DevicesHere(
        instruments=(
            DeviceSettings(code="DC-014", protocol="mitutoyo", url=gauge.url, unit="mm"),
            DeviceSettings(code="WB-04", protocol="mt_sics", url=scale.url, unit="g"),
        )
    )


@pytest.fixture
def open_station(open_any_station: Callable[..., Hand], devices: DevicesHere) -> Callable[..., Hand]:
    """A station whose window offers the screens about devices."""
    return partial(open_any_station, screens=("ui.shell", "ui.devices"), devices=devices)
