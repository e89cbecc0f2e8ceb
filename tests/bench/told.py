"""The same thousand values a second, told by an OPC UA server to a subscription."""

from __future__ import annotations

from pathlib import Path

from app.devices.machines.access import Access, Security
from app.devices.settings import OPCUA, DeviceSettings, TagSettings
from tests.bench.measuring import Figure
from tests.bench.samples import CODE, LONG_S, LOOKS_PER_S, SHORT_S, measured
from tests.bench.telling_machine import counting_map
from tests.plant import Plant


def run(plant: Plant, *, long: bool) -> list[Figure]:
    """Two figures; the long form takes ten minutes."""
    access = Access(security=Security.NONE, certificates=Path("certificates"), sign_in=None)
    tags = TagSettings(map=counting_map(), looks_per_s=LOOKS_PER_S, access=access)
    return measured(
        plant,
        "machine values by OPC UA",
        "tests.bench.telling_machine",
        LONG_S if long else SHORT_S,
        lambda url: DeviceSettings(code=CODE, protocol=OPCUA, url=url, unit=None, tags=tags),
        tells=True,
    )
