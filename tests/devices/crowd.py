"""Twenty simulated devices on one station: thirteen that are well, five that keep silent, one that babbles, one that vanishes.

The one that vanishes hangs on a USB adapter and comes back under another name, while another adapter has taken its old one.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Self

from app.devices.protocol import SerialLine
from app.devices.settings import MODBUS, DeviceSettings
from app.devices.simulators.mitutoyo import MitutoyoSimulator
from app.devices.simulators.mt_continuous import MtContinuousSimulator
from app.devices.simulators.mt_sics import MtSicsSimulator
from app.devices.simulators.opto_rs232 import OptoRs232Simulator
from app.devices.simulators.sartorius_sbi import SartoriusSbiSimulator
from app.devices.simulators.sealer import SealerSimulator
from app.devices.simulators.simulator import Simulator, simulators
from app.devices.simulators.wire import carry
from tests.devices.adapters import UsbPorts
from tests.devices.transcripts import unit_of

BABBLE_BYTES_PER_S = 11_000
"""All that 115,200 baud can carry."""
ADAPTER, OTHER_ADAPTER = "A6015XNQ", "FT5OTHER"
LOOKS_PER_S = 10
VANISHING, BABBLING, MACHINE = "DC-20", "BAB-19", "SL-13"
_EVERY_S = 0.05
_SPOKEN_WITH = ("line_scanner", "mitutoyo", "keyence", "mark10", "and_scale", "cas", "t_scale", "ohaus", "mt_sics", "mt_printout", "ateq")
"""The families of the devices 1 to 11, each on a socket; 12 hangs on a terminal server, 13 is a machine."""
_BEHIND_A_SERVER = SerialLine(baud=4800, bytesize=7, parity="E", stopbits=2)
_AT_9600 = SerialLine(baud=9600)


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """How one device is connected; a machine's map is the shipped one."""

    code: str
    protocol: str
    url: str
    line: SerialLine | None = None

    def settings(self) -> DeviceSettings:
        """As the station has it."""
        if self.protocol == MODBUS:
            machine = SealerSimulator().settings(looks_per_s=LOOKS_PER_S)
            return DeviceSettings(code=self.code, protocol=MODBUS, url=self.url, unit=None, machine=machine)
        return DeviceSettings(code=self.code, protocol=self.protocol, url=self.url, unit=unit_of(self.protocol), line=self.line)


def endless_noise(dice: random.Random) -> bytes:
    """Whatever a motor nearby makes of an open line; a line ends in it once in a blue moon."""
    return dice.randbytes(BABBLE_BYTES_PER_S // 20)


def garbled_lines(dice: random.Random) -> bytes:
    """Lines of a scale at seven bits and even parity, as a port of eight bits without parity hears them."""
    line = f"S D {dice.randrange(10_000) / 100:>10.2f} g\r".encode() + b"\n"
    seven_even = SerialLine(baud=9600, bytesize=7, parity="E")
    return carry(line * 26, sender=seven_even, receiver=_AT_9600)[: BABBLE_BYTES_PER_S // 20].replace(b"\x8d", b"\r")


def stream_of_values(dice: random.Random) -> bytes:
    """No babble at all, and as much of it: a scale set to send what it shows as fast as the line can."""
    return b"".join(f"S D {dice.randrange(10_000) / 100:>10.2f} g\r\n".encode() for _ in range(BABBLE_BYTES_PER_S // 20 // 20))


class Crowd:
    """Started on entering; every device does what its place in the crowd says."""

    def __init__(self, folder: Path, *, babble: Callable[[random.Random], bytes] = endless_noise) -> None:
        """Twenty devices; the names of ports stand in the folder, and the nineteenth device babbles like this."""
        self._babble = babble
        self.ports = UsbPorts(folder)
        self.well: dict[str, Simulator] = {f"DEV-{n:02}": simulators()[key](line=None) for n, key in enumerate(_SPOKEN_WITH, start=1)}
        self.well["DG-12"] = OptoRs232Simulator(line=_BEHIND_A_SERVER)
        self.machine, self.silent_machine = SealerSimulator(seed=7), SealerSimulator(seed=8)
        self.silent: dict[str, Simulator] = {
            "OFF-14": MtSicsSimulator(line=None),
            "OFF-15": SartoriusSbiSimulator(line=None),
            "OFF-16": MtContinuousSimulator(line=None),
            "OFF-17": MtSicsSimulator(line=_AT_9600),
        }
        self.babbling = MtSicsSimulator(line=None)
        self.gauge, self.decoy = MitutoyoSimulator(value="12.50"), MitutoyoSimulator(value="99.99")
        self._over = Event()
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        for one in (*self.well.values(), *self.silent.values(), self.babbling, self.gauge, self.decoy):
            self._stack.enter_context(one)
        for machine in (self.machine, self.silent_machine):
            self._stack.enter_context(machine)
        for one in self.silent.values():
            one.switch_off()
        self.silent_machine.fall_silent()
        self._stack.callback(self.ports.close)
        self._own, self._other = self.ports.adapter(ADAPTER, self.gauge.url), self.ports.adapter(OTHER_ADAPTER, self.decoy.url)
        self.name_of_port = self._own.plug()
        self._babbler = Thread(target=self._go_on_babbling, name="babbling device", daemon=True)
        self._babbler.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._over.set()
        self._babbler.join()
        self._stack.close()

    def connected(self) -> tuple[Connected, ...]:
        """All twenty, in their order."""
        well = [Connected(code=code, protocol=one.key, url=one.url) for code, one in self.well.items() if code != "DG-12"]
        silent = [
            Connected(code=code, protocol=one.key, url=one.url, line=_AT_9600 if code == "OFF-17" else None)
            for code, one in self.silent.items()
        ]
        return (
            *well,
            Connected(code="DG-12", protocol="opto_rs232", url=self.well["DG-12"].url, line=_BEHIND_A_SERVER),
            Connected(code=MACHINE, protocol=MODBUS, url=self.machine.url),
            *silent,
            Connected(code="OFF-18", protocol=MODBUS, url=self.silent_machine.url),
            Connected(code=BABBLING, protocol=self.babbling.key, url=self.babbling.url),
            Connected(code=VANISHING, protocol=self.gauge.key, url=f"usb:{ADAPTER}"),
        )

    def vanish(self) -> None:
        """The gauge's adapter is pulled out, and another one gets its name."""
        self._other.unplug()
        self._own.unplug()
        self._other.plug(name=self.name_of_port)

    def come_back(self) -> None:
        """The gauge's adapter is plugged in again; its old name is taken."""
        before, self.name_of_port = self.name_of_port, self._own.plug()
        assert self.name_of_port != before

    def stream(self) -> None:
        """The device that babbles sends values instead."""
        self._babble = stream_of_values

    def speak(self) -> Iterator[str]:
        """Everything that is well sends one frame in its turn; the code of whoever has just spoken."""
        for code, one in self.well.items():
            one.send(one.typical_frame())
            yield code

    @property
    def expected(self) -> Mapping[str, str]:
        """How the chip of each must stand while nothing vanishes: its first words behind the code."""
        well = dict.fromkeys((*self.well, MACHINE, VANISHING), "live")
        return {**well, **dict.fromkeys((*self.silent, "OFF-18"), "silent "), BABBLING: "fault since "}

    def _go_on_babbling(self) -> None:
        dice = random.Random(19)
        while not self._over.wait(_EVERY_S):
            self.babbling.babble(self._babble(dice))
