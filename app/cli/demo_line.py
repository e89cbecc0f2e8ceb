"""The devices of the demonstration plant on fixed loopback ports, and what a hand can do at each of them."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from types import TracebackType
from typing import Self

from app.base.errors import OutageError, RuleViolation
from app.core.devices_here import PRINTERS, DevicesHere, PrinterHere
from app.devices.machines.errors import ReaderMissing
from app.devices.protocol import families
from app.devices.settings import MODBUS, DeviceSettings
from app.devices.simulators.line_scanner import LineScannerSimulator
from app.devices.simulators.mitutoyo import MitutoyoSimulator
from app.devices.simulators.mt_sics import MtSicsSimulator
from app.devices.simulators.sealer import SealerSimulator
from app.devices.simulators.simulator import Simulator
from app.devices.simulators.telling_sealer import TellingSealer
from app.devices.simulators.zpl_printer import ZplPrinter

FIRST_PORT = 47801
"""The devices hang on this port and the next ones, in the order of `CODES`."""
CODES = ("SC-11", "SC-12", "DC-014", "DC-009", "LM-07", "WB-04", "LP-02", "SL-03", "SC-13")
_UNITS = {"DC-014": "mm", "DC-009": "mm", "LM-07": "mm", "WB-04": "g"}
_AT = {
    "REC-01": ("SC-11", "WB-04", "LP-02"),
    "IQC-02": ("SC-12", "DC-014", "DC-009", "LM-07", "WB-04", "LP-02"),
    "PK-03": ("SC-13", "SL-03", "DC-014", "WB-04", "LP-02"),
}
"""One window may play the whole plant, so inspection and packing also reach caliper, scale and printer; whoever connects first has them."""
LOOKS_PER_S = 10

PACK = "]d20109521101530025112610011729093010NF26-0931\x1d304000"
"""The supplier's DataMatrix on 4 000 catheter hubs: GTIN, made on, expiry, lot, quantity."""
CODES_TO_SCAN: Mapping[str, str] = {
    "po": "PO26-0417",
    "lapsed": "PO26-0409",
    "pack": PACK,
    "pack other-expiry": PACK.replace("17290930", "17290831"),
    "pack other-item": PACK.replace("09521101530025", "09521101530032"),
    "pack other-lot": PACK.replace("NF26-0931", "NF26-0932"),
    "pack wrong-digit": PACK.replace("09521101530025", "09521101530026"),
    "loc": "LOC:Q-A-03",
}


class PortTaken(OutageError):
    code = "simulate.port_taken"
    text = "Not started: port {port} of this computer is taken."
    next_step = "Perhaps the devices are simulated already in another window. Otherwise choose other ports with --first-port."


class NotAValue(RuleViolation):
    code = "simulate.not_a_value"
    text = "Nothing was done: “{value}” cannot be shown by this device."
    next_step = "Write a number as the device shows it, for example 25.04."


class NoSealer(RuleViolation):
    code = "simulate.no_sealer"
    text = "Nothing was done: the sealer is not played here, because the package for it is not installed."
    next_step = "Install Lineside with its extra “machines”: pip install lineside[machines]. Then start again."


Sealer = SealerSimulator | TellingSealer
Device = Simulator | ZplPrinter | SealerSimulator | TellingSealer


class DemoLine:
    """All devices, started and stopped together."""

    def __init__(self, *, first_port: int = FIRST_PORT, sealer: str = MODBUS) -> None:
        """Args:
        first_port: Of the row of ports; 0 lets the operating system choose, for tests.
        sealer: What the sealer speaks, one of `app.devices.settings.MACHINES`.
        """
        scanner, scale = families()["line_scanner"].line, families()["mt_sics"].line
        self.scanners = (LineScannerSimulator(line=scanner), LineScannerSimulator(line=scanner), LineScannerSimulator(line=scanner))
        self.caliper = MitutoyoSimulator(line=None, value="0.00")
        self.overdue_caliper = MitutoyoSimulator(line=None, value="0.00")
        self.micrometer = MitutoyoSimulator(line=None, value="0.000")
        self.scale = MtSicsSimulator(line=scale, serial_number="B825410067", capacity="6100.00")
        self.printer = ZplPrinter()
        self._sealer: Sealer = SealerSimulator() if sealer == MODBUS else TellingSealer(sealer)
        gauges = (self.caliper, self.overdue_caliper, self.micrometer)
        goods_in, inspection, packing = self.scanners
        everything = (goods_in, inspection, *gauges, self.scale, self.printer, self._sealer, packing)
        self._devices: Mapping[str, Device] = dict(zip(CODES, everything, strict=True))
        self._first_port = first_port
        self.urls: dict[str, str] = {}

    def __enter__(self) -> Self:
        for place, (code, device) in enumerate(self._devices.items()):
            port = self._first_port + place if self._first_port else 0
            try:
                self.urls[code] = _start(device, port)
            except ReaderMissing:
                continue  # everything else can still be played; `sealer` says so when it is wanted
            except OSError as trouble:
                self._stop()
                raise PortTaken(port=str(port)) from trouble
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stop()

    def _stop(self) -> None:
        for code in self.urls:
            self._devices[code].stop()

    def at(self, station: str) -> DevicesHere:
        """What hangs at one of the demonstration plant's stations."""
        return self._hung(_AT[station])

    def at_one_station(self) -> DevicesHere:
        """Everything at one station, for practice; of the two scanners one, because both hear every trigger."""
        return self._hung(tuple(code for code in CODES if code != "SC-11"))

    def _hung(self, wanted: tuple[str, ...]) -> DevicesHere:
        codes = [code for code in wanted if code in self.urls]
        return DevicesHere(
            instruments=tuple(self._connection(code) for code in codes if self._protocol(code) not in PRINTERS),
            printers=tuple(PrinterHere(connection=self._connection(code)) for code in codes if self._protocol(code) in PRINTERS),
        )

    @property
    def sealer(self) -> Sealer:
        """The sealer of the packing station.

        Raises:
            NoSealer: it cannot be played here.
        """
        if "SL-03" not in self.urls:
            raise NoSealer
        return self._sealer

    def scan(self, text: str) -> None:
        """Pull the triggers: whichever scanner a station is connected to hears it."""
        for scanner in self.scanners:
            scanner.scan(text)

    def scan_paper(self, number: str) -> None:
        """Scan a label that came out of the printer, the last one unless another is named; nothing is read where there is none.

        Raises:
            NotAValue: no number of a paper.
        """
        papers = self.printer.printed
        place = _number(number) if number else Decimal(len(papers))
        if place != int(place) or place < 0:
            raise NotAValue(value=number)
        scans = papers[int(place) - 1].scans if 0 < place <= len(papers) else ()
        self.scan(scans[0] if scans else "NOREAD")

    def press(self, gauge: MitutoyoSimulator, value: str) -> None:
        """Close the jaws on a part and press DATA; without a value on the same part again.

        Raises:
            NotAValue: the display cannot show it.
        """
        if value:
            try:
                gauge.show(_number(value))
            except ValueError as trouble:
                raise NotAValue(value=value) from trouble
        gauge.press()

    def put(self, weight: str, *, moving: bool) -> None:
        """Put so much on the scale in all.

        Raises:
            NotAValue: it is no weight.
        """
        self.scale.put(_number(weight), settle=5 if moving else 0)

    def drive_off(self, degrees: str, seconds: str) -> None:
        """The sealer's heater goes astray.

        Raises:
            NotAValue: no numbers, or more than 100 °C or an hour.
        """
        by, for_s = _number(degrees), _number(seconds)
        if abs(by) > 100 or not 0 < for_s <= 3600:
            raise NotAValue(value=f"{degrees} {seconds}")
        self.sealer.excursion(float(by), float(for_s))

    def _protocol(self, code: str) -> str:
        match self._devices[code]:
            case Simulator() as device:
                return device.key
            case SealerSimulator():
                return MODBUS
            case TellingSealer() as device:
                return device.speaks
            case ZplPrinter():
                return "zpl"

    def _connection(self, code: str) -> DeviceSettings:
        device = self._devices[code]
        if isinstance(device, TellingSealer):
            return replace(device.device(code, looks_per_s=LOOKS_PER_S), url=self.urls[code])
        machine = device.settings(looks_per_s=LOOKS_PER_S) if isinstance(device, SealerSimulator) else None
        return DeviceSettings(code=code, protocol=self._protocol(code), url=self.urls[code], unit=_UNITS.get(code), machine=machine)


def _start(device: Device, port: int) -> str:
    """Start at a port of our choice, so that settings written once stay true; the simulators themselves take whatever is free."""
    if port:
        socket.create_server(("127.0.0.1", port)).close()  # a taken port is known before anything of the device is open
    match device:
        case Simulator():
            device._serving._port = port
        case SealerSimulator() | TellingSealer():
            device.server.port = port
        case ZplPrinter():
            device._port = port
    return device.start()


def _number(value: str) -> Decimal:
    try:
        number = Decimal(value)
    except InvalidOperation as trouble:
        raise NotAValue(value=value) from trouble
    if not number.is_finite():
        raise NotAValue(value=value)
    return number
