"""A throw-away plant with its line: an own PostgreSQL, the demonstration plant, and simulated devices on real ports."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from app.base.phrases import Language
from app.core import schema
from app.core.database import Server
from app.core.devices_here import DevicesHere, PrinterHere
from app.core.embedded_server import EmbeddedServer, ServerAddress
from app.core.settings import Settings
from app.core.stations import StationLink
from app.demo import plant
from app.demo.people import DEMONSTRATION
from app.devices.protocol import SerialLine
from app.devices.settings import DeviceSettings
from app.devices.simulators.line_scanner import LineScannerSimulator
from app.devices.simulators.mitutoyo import MitutoyoSimulator
from app.devices.simulators.mt_sics import MtSicsSimulator
from app.devices.simulators.zpl_printer import ZplPrinter
from app.labels.queue import PrintQueue
from ui.shell.start import Shell, open_window
from ui.shell.tones import Tones

FURNISHED, DATABASE = "plant", "shift"
GAUGE_LINE = SerialLine(baud=9600)
THROW_AWAY = {"fsync": "off", "scram_iterations": "4096"}
"""Nobody keeps what is in such a server: no waiting for the disk, passwords hashed a little less often."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The simulated devices of both stations, each at its own end of a cable."""

    dock_scanner: LineScannerSimulator
    scale: MtSicsSimulator
    printer: ZplPrinter
    lab_scanner: LineScannerSimulator
    caliper: MitutoyoSimulator
    overdue_caliper: MitutoyoSimulator
    micrometer: MitutoyoSimulator


class Stage:
    """Opens windows of its stations, one after the other, and answers from the database on connections of its own."""

    def __init__(self, address: ServerAddress, secrets: dict[str, str], line: Line, devices: dict[str, DevicesHere], folder: Path) -> None:
        self.server = Server(host=address.host, port=address.port, dbname=DATABASE)
        self.line = line
        self.folder = folder
        self._address, self._secrets, self._devices = address, secrets, devices

    @contextmanager
    def window(self, station: str, *, language: Language, theme: str = "light", size: tuple[int, int] = (1920, 1080)) -> Iterator[Shell]:
        """The window of one station with its devices, sign-in in front."""
        settings = Settings.model_validate(
            {"language": language, "theme": theme, "data_folder": self.folder, "dpi_override": 96.0, "idle_lock_s": 3600}
        )
        devices = self._devices[station]
        link = StationLink(self.server, station, self._secrets[station])
        queue = PrintQueue(link, devices.printers, language=language, frame_logs=settings.frame_logs)
        queue.start()
        shell = open_window(
            settings,
            server=self.server,
            station=station,
            station_secret=self._secrets[station],
            devices=devices,
            printing=queue,
            development=True,
            tones=Tones(on=False),
            catch_defects=False,
        )
        try:
            shell.window.ports = tuple  # whatever hangs on this computer is left alone
            shell.window.resize(*size)
            shell.window.show()
            shell.window.activateWindow()
            yield shell
        finally:
            queue.stop(5)
            link.close()
            shell.close()

    def address_of(self, device: str) -> str:
        """Where a simulated device hangs, whichever station it belongs to."""
        return next(one.url for here in self._devices.values() for one in here.everything if one.code == device)

    def link(self, station: str) -> StationLink:
        """Another connection of a station, for whoever acts beside its window; closed by whoever asked."""
        return StationLink(self.server, station, self._secrets[station])

    @property
    def url_beside(self) -> str:
        """The superuser's URL of another database of the same server: what is measured bare there leaves the plant's as installed."""
        return self._address.url("postgres")

    def rows(self, statement: str, *arguments: object) -> list[tuple[Any, ...]]:
        """What stands in the database, read by the superuser on a separate connection."""
        with psycopg.connect(self._address.url(DATABASE)) as separate:
            return separate.execute(statement, arguments).fetchall()  # type: ignore[arg-type]

    def rows_after(self, settings: str, statement: str) -> list[tuple[Any, ...]]:
        """As `rows`, with settings of how values are written."""
        with psycopg.connect(self._address.url(DATABASE)) as separate:
            separate.execute(settings)  # type: ignore[arg-type]
            return separate.execute(statement).fetchall()  # type: ignore[arg-type]

    def tamper(self, *statements: str) -> None:
        """What a database administrator could do behind everybody's back; only a spoiled shift does it."""
        with psycopg.connect(self._address.url(DATABASE)) as superuser:
            for statement in statements:
                superuser.execute(statement)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A server with the demonstration plant in it, untouched: every stage plays in a copy."""

    address: ServerAddress
    secrets: dict[str, str]
    folder: Path


@contextmanager
def house(tell: Callable[[str], None], *, server_settings: Mapping[str, str]) -> Iterator[House]:
    """Build the plant in a folder of its own and take it down afterwards.

    Args:
        tell: Hears what is being prepared.
        server_settings: PostgreSQL settings over our own; `THROW_AWAY` where nothing is measured.
    """
    with ExitStack() as stack:
        data = Path(tempfile.mkdtemp(prefix="ls-shift-"))
        data.chmod(0o711)  # the server's own account passes through, and sees nothing else
        stack.callback(shutil.rmtree, data, ignore_errors=True)
        embedded = EmbeddedServer(data / "server", settings=server_settings)
        tell("starting an embedded PostgreSQL")
        address = embedded.start()
        stack.callback(embedded.stop)
        server = Server(host=address.host, port=address.port, dbname=FURNISHED)
        tell("making the demonstration plant through its commands")
        with psycopg.connect(address.url("postgres"), autocommit=True) as superuser:
            schema.install(superuser, server)
        with psycopg.connect(address.url(FURNISHED)) as superuser:
            schema.upgrade(superuser)
        with psycopg.connect(address.url(FURNISHED), autocommit=True) as superuser:
            secrets = {station.code: station.secret for station in plant.build(superuser, server, DEMONSTRATION)}
        yield House(address=address, secrets=secrets, folder=data)


@contextmanager
def stage(tell: Callable[[str], None], built: House) -> Iterator[Stage]:
    """A plant of its own with its line; gone afterwards. One at a time. A job given on it stays: jobs are roles of the whole server."""
    tell("plugging in scanners, gauges, scale and printer")
    with ExitStack() as stack:
        with psycopg.connect(built.address.url("postgres"), autocommit=True) as superuser:
            superuser.execute(f"CREATE DATABASE {DATABASE} TEMPLATE {FURNISHED}")
        stack.callback(_take_down, built)
        with psycopg.connect(built.address.url(DATABASE), autocommit=True) as superuser:
            schema.harden(superuser)
        line, devices = _plug_in(stack)
        stations = Path(tempfile.mkdtemp(prefix="stations-", dir=built.folder))  # their witnesses are of this plant alone
        yield Stage(built.address, built.secrets, line, devices, stations)


def _take_down(built: House) -> None:
    with psycopg.connect(built.address.url("postgres"), autocommit=True) as superuser:
        superuser.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")


def _plug_in(stack: ExitStack) -> tuple[Line, dict[str, DevicesHere]]:
    line = Line(
        dock_scanner=LineScannerSimulator(line=None),
        scale=MtSicsSimulator(line=SerialLine(baud=9600), serial_number="B825410067"),  # as its record says
        printer=ZplPrinter(),
        lab_scanner=LineScannerSimulator(line=None),
        caliper=MitutoyoSimulator(line=GAUGE_LINE),
        overdue_caliper=MitutoyoSimulator(line=GAUGE_LINE),
        micrometer=MitutoyoSimulator(line=GAUGE_LINE),
    )
    urls = {}
    for name in ("dock_scanner", "scale", "printer", "lab_scanner", "caliper", "overdue_caliper", "micrometer"):
        device = getattr(line, name)
        urls[name] = device.start()
        stack.callback(device.stop)

    def one(code: str, protocol: str, name: str, unit: str | None) -> DeviceSettings:
        return DeviceSettings(code=code, protocol=protocol, url=urls[name], unit=unit)

    dock = DevicesHere(
        instruments=(one("SC-11", "line_scanner", "dock_scanner", None), one("WB-04", "mt_sics", "scale", None)),
        printers=(PrinterHere(connection=one("LP-02", "zpl", "printer", None)),),
    )
    lab = DevicesHere(
        instruments=(
            one("SC-12", "line_scanner", "lab_scanner", None),
            one("DC-014", "mitutoyo", "caliper", "mm"),
            one("DC-009", "mitutoyo", "overdue_caliper", "mm"),
            one("LM-07", "mitutoyo", "micrometer", "mm"),
        ),
    )
    packing = DevicesHere(  # one station after the other: what hung elsewhere hangs here now
        instruments=(one("SC-13", "line_scanner", "lab_scanner", None), one("DC-014", "mitutoyo", "caliper", "mm")), printers=dock.printers
    )
    return line, {"REC-01": dock, "IQC-02": lab, "PK-03": packing}
