"""A station's hub with quick retries, listening to whatever simulated device a test plugs in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import enumerate as threads

import pytest

from app.devices.events import Standing
from app.devices.hub import Hub
from app.devices.protocol import SerialLine
from app.devices.settings import Backoff, Clock, DeviceSettings, Patience
from app.devices.simulators.simulator import Simulator
from tests.devices.ear import Ear
from tests.devices.transcripts import unit_of


class Station:
    """A hub, an ear, and devices plugged in by code."""

    def __init__(self, hub: Hub, ear: Ear) -> None:
        self.hub, self.ear = hub, ear

    def connect(self, device: Simulator, *, code: str = "DEV-1", unit: str | None = "", live: bool = True, **settings: object) -> Ear:
        """Connect a started device and wait until it is live."""
        unit = unit_of(device.key) if unit == "" else unit
        self.hub.start(DeviceSettings(code=code, protocol=device.key, url=device.url, unit=unit, **settings))
        if live:
            self.ear.until(lambda ear: any(state.device == code and state.standing is Standing.LIVE for state in ear.states))
        return self.ear

    def standing(self, code: str = "DEV-1") -> Standing:
        return self.hub.states()[code].standing


@pytest.fixture
def new_station(tmp_path: Path) -> Iterator[Callable[..., Station]]:
    """Make a station; a clock and a patience may be given. All its threads have ended when the test is over."""
    hubs = []

    def make(*, clock: Clock | None = None, patience: Patience | None = None) -> Station:
        hub = Hub(frame_logs=tmp_path / "frames", clock=clock, patience=patience, backoff=Backoff(first_s=0.01, longest_s=0.05))
        hubs.append(hub)
        ear = Ear()
        hub.subscribe(ear)
        return Station(hub, ear)

    yield make
    for hub in hubs:
        assert hub.stop() == []
    assert [thread.name for thread in threads() if thread.name.startswith("device ")] == []


@pytest.fixture
def station(new_station: Callable[..., Station]) -> Station:
    return new_station()


RS232 = SerialLine(baud=4800, bytesize=7, parity="E", stopbits=2)
