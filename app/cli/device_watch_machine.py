"""``python main.py device watch URL --map MODEL``: one machine that tells by itself, sample by sample.

A line for each sample (time, channel, value and unit, quality, cycle), for each finished cycle and for each change of standing. Nothing is
stored and nothing is written to the machine. The line is unprotected and nobody signs in: where the machine demands more, connect it to a
station.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from threading import Event

from app.cli.telling import language_here
from app.devices.events import DeviceState, Listener, Trouble
from app.devices.hub import Hub
from app.devices.machines.access import Access, Security
from app.devices.machines.map_file import read_tags
from app.devices.machines.samples import CycleSeen, Sample, SampleBatch
from app.devices.settings import OPCUA, DeviceSettings, TagSettings

CODE = "WATCHED"
_LOOKS_PER_S = 10.0


def settings_of(url: str, model: str, maps: Path | None) -> DeviceSettings:
    """The machine at this address as a device.

    Args:
        url: ``opc.tcp://…`` or ``mqtt://…``.
        model: Name of its map.
        maps: The plant's own folder of maps.

    Raises:
        MapMissing, MapTwice, MapUnreadable: of its map.
        ValueError: the map is of a machine that is asked.
    """
    found = read_tags(model, own=maps)
    access = Access(security=Security.NONE, certificates=Path("certificates"), sign_in=None)
    looks_per_s = _LOOKS_PER_S if found.speaks == OPCUA else None
    return DeviceSettings(
        code=CODE, protocol=found.speaks, url=url, unit=None, tags=TagSettings(map=found, looks_per_s=looks_per_s, access=access)
    )


def watch_machine(settings: DeviceSettings, tell: Callable[[str], None], ended: Event) -> None:
    """Tell line by line until `ended` is set, or a `KeyboardInterrupt` comes."""
    hub = Hub(frame_logs=None)
    hub.subscribe(_Told(tell))
    hub.start(settings)
    try:
        ended.wait()
    finally:
        hub.stop()


def sample_line(sample: Sample) -> str:
    """``13:40:01.123 temperature_actual 137.4 °C  good  cycle 7``; a dash where there is no value."""
    value = "–" if sample.value is None else f"{sample.value:f} {sample.unit}".rstrip()
    cycle = "" if sample.cycle is None else f"  cycle {sample.cycle}"
    return f"{_time(sample.at)} {sample.channel} {value}  {sample.quality.value}{cycle}"


def _time(at: datetime) -> str:
    return f"{at:%H:%M:%S.%f}"[:12]


class _Told(Listener):
    """What the machine says, in words."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell

    def samples(self, batch: SampleBatch) -> None:
        for sample in batch.samples:
            self._tell(sample_line(sample))

    def cycle(self, seen: CycleSeen) -> None:
        self._tell(f"{_time(seen.at)} cycle {seen.cycle}: " + ", ".join(f"{one.channel} {one.value}" for one in seen.results))

    def trouble(self, trouble: Trouble) -> None:
        self._tell(f"    {trouble.error.what.in_language(language_here())}")

    def state(self, state: DeviceState) -> None:
        self._tell(f"    {state.words.in_language(language_here())}")
