"""The simulated sealer as a machine that tells by itself: over an OPC UA server, or over an MQTT broker, by the shipped maps."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Self

from app.devices.machines.access import Access, Security, SignIn
from app.devices.machines.map_file import read_tags
from app.devices.machines.tag_map import Address, Node, TagMap
from app.devices.settings import MQTT, OPCUA, Clock, DeviceSettings, TagSettings
from app.devices.simulators.mqtt_machine import MqttMachine
from app.devices.simulators.opcua_server import OpcUaServer
from app.devices.simulators.sealer_hands import SealerHands

Number = bool | int | float
_OUT_OF_SERVICE = 0x808D0000
NOWHERE = Path("certificates")
"""Certificates of a line without protection: none is ever looked for."""


class TellingSealer(SealerHands):
    """The sealer as a machine that tells by itself. `server` is what it speaks with, and has the bad manners."""

    def __init__(self, speaks: str, *, seed: int = 1, clock: Clock | None = None) -> None:
        """A warm sealer, switched off.

        Args:
            speaks: ``opcua`` or ``mqtt``.
            seed: Of its chance.
            clock: Whose time passes; a test turns its own.
        """
        super().__init__(seed=seed, clock=clock)
        self.speaks = speaks
        self.map: TagMap = read_tags("sealer_opcua" if speaks == OPCUA else "sealer_mqtt", own=None)
        self.server: OpcUaServer | MqttMachine = OpcUaServer(self) if speaks == OPCUA else MqttMachine(self)

    def start(self) -> str:
        """Switch on; returns the url for the device's settings."""
        self.url = self.server.start()
        return self.url

    def stop(self) -> None:
        """Take the machine away."""
        self.server.stop()

    def unplug(self) -> None:
        """The machine, or its broker, vanishes from the network."""
        self.server.unplug()

    def plug(self) -> None:
        """It is back at the same address."""
        self.server.plug()

    def fall_silent(self) -> None:
        """Its values stand still on the way: nothing of it is told any more."""
        self.server.is_telling = False

    def speak_again(self) -> None:
        """Tell again."""
        self.server.is_telling = True

    def refuse(self) -> None:
        """Vouch for nothing: every node is out of service, or the machine takes its leave from the broker."""
        if isinstance(self.server, OpcUaServer):
            self.server.statuses = dict.fromkeys(self.map.addresses, _OUT_OF_SERVICE)
        else:
            self.server.vanish()

    def obey(self) -> None:
        """Vouch for everything again."""
        if isinstance(self.server, OpcUaServer):
            self.server.statuses = {}
        else:
            self.server.return_()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def settings(
        self, *, looks_per_s: float, security: Security = Security.NONE, certificates: Path = NOWHERE, sign_in: SignIn | None = None
    ) -> TagSettings:
        """How a station listens to it."""
        return TagSettings(
            map=self.map,
            looks_per_s=looks_per_s if self.speaks == OPCUA else None,
            access=Access(security=security, certificates=certificates, sign_in=sign_in),
        )

    def device(self, code: str, *, looks_per_s: float) -> DeviceSettings:
        """It as a device of a station, on an unprotected line."""
        protocol = OPCUA if self.speaks == OPCUA else MQTT
        return DeviceSettings(code=code, protocol=protocol, url=self.url, unit=None, tags=self.settings(looks_per_s=looks_per_s))

    def numbers(self) -> dict[Address, Number]:
        """What it says at every address now, raw: as its control counts, before any scale."""
        shown = self.shown()
        rows: dict[Address, Number] = {}
        for tag in self.map.channels:
            value = shown.values[tag.name]
            raw = tag.sensor_break if value is None else Decimal(value) / tag.scale
            rows[tag.address] = _as_told(tag.address, raw if raw is not None else Decimal(0), tag.decimals, tag.scale)
        for counting, count in ((self.map.cycle_counter, shown.finished), (self.map.heartbeat, shown.beats)):
            if counting is not None:
                size = counting.address.type.span[1] + 1 if isinstance(counting.address, Node) else 2**31
                rows[counting.address] = count % size
        return rows


def _as_told(address: Address, raw: Decimal, decimals: int, scale: Decimal) -> Number:
    """Nodes hold the type their map says; a message holds as many digits as the value has."""
    if isinstance(address, Node):
        return float(raw) if address.type.is_float else int(raw.to_integral_value())
    digits = decimals + scale.adjusted()
    return float(round(raw, digits)) if digits > 0 else int(raw.to_integral_value())
