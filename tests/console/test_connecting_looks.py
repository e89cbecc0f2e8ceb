"""Nothing is cut on the sheets that connect, change and set up, in both languages and on both glasses."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.base.phrases import Language
from app.core.authorities import Authority
from app.core.devices_here import DevicesHere, PrinterHere
from app.core.settings import Settings
from app.devices.machines.access import Access, Security, SignIn
from app.devices.machines.errors import CertificateOffered, NamespaceMissing, ReaderMissing, ValueOfOtherType
from app.devices.machines.map_file import read_map, read_tags
from app.devices.machines.opcua_security import in_fours
from app.devices.recognition.trying import Tried
from app.devices.settings import DeviceSettings, MachineSettings, TagSettings
from app.plant.device_facts import OnRecord
from tests.console.test_connecting import proposed, row
from tests.shell.conftest import Hand
from ui.devices.change_sheet import ChangeSheet
from ui.devices.connect_sheet import ConnectSheet
from ui.devices.device_sheet import DeviceSheet
from ui.devices.devices_screen import DevicesScreen
from ui.devices.how_sheet import HowSheet
from ui.devices.kind_sheet import KindSheet
from ui.devices.office_sheet import OfficeSheet
from ui.devices.proposal import Proposal
from ui.devices.reach_sheet import ReachSheet
from ui.devices.replay_sheet import ReplaySheet
from ui.devices.scanner_sheet import ScannerSheet
from ui.devices.tell_sheet import TellSheet
from ui.kit import Sheet, set_language
from ui.kit.check import look_over
from ui.printing.system_printers import PrinterTold

MACHINE = MachineSettings(map=read_map("sealer", own=None), unit_id=1, looks_per_s=10)
NOWHERE = "socket://127.0.0.1:1"


def sheets(hand: Hand) -> Iterator[Sheet]:
    """Every sheet of these screens with as much in it as it can hold."""
    gauge = DeviceSettings(code="DC-014", protocol="and_scale", url="rfc2217://terminal-server-2.example:4001", unit="g")
    machine = DeviceSettings(code="SL-03", protocol="modbus", url="rfc2217://10.0.4.7:4001", unit=None, machine=MACHINE)
    printer = PrinterHere(connection=DeviceSettings(code="LP-02", protocol="zpl", url="rfc2217://10.0.4.7:4001", unit=None))
    for device in (gauge, machine, printer):
        yield ChangeSheet(device, lambda *_: None)
        yield DeviceSheet(device.code, device, None, OnRecord.MISSING, [("Change", lambda: None)] * 3, zone=hand.window.zone)
    yield KindSheet(NOWHERE, lambda *_: None)
    for one in (Proposal(url=NOWHERE, key="zpl"), Proposal(url="rfc2217://127.0.0.1:1", key="opto_rs232")):
        yield HowSheet(one, lambda _: None)
    how = HowSheet(Proposal(url=NOWHERE, key="modbus"), lambda _: None, maps=[MACHINE.map] * 3)
    how._is_tried(Tried(answered=True, says=" • ".join(f"{one.name} 1234.5 {one.unit}" for one in MACHINE.map.channels)))
    yield how
    yield ConnectSheet(proposed(None), [row(f"WB-{n:02}", "B825410067") for n in range(12)], lambda *_: None)
    assert hand.window.scanning.wedge is not None
    yield ScannerSheet(Settings(wedge_prefix="f24"), hand.window.scanning.wedge, lambda _: None)
    yield ReplaySheet("DC-014", [Path(f"Frames DC-014 2026-11-0{n} 080000.log") for n in range(1, 9)], lambda _: None)


def told(hand: Hand) -> Iterator[Sheet]:
    """Those of machines that tell by themselves, and of printers of the system."""
    folder = Path("/var/lib/lineside/stations/PK-03/machines/certificates")
    server, broker = (
        Proposal(url="opc.tcp://sealer-3.line-2.example:4840", key="opcua"),
        Proposal(url="mqtts://broker.example:8883", key="mqtt"),
    )
    guarded = Access(security=Security.BASIC256SHA256, certificates=folder, sign_in=SignIn(user="lineside", password="x"))
    known = Access(security=Security.TLS, certificates=folder, sign_in=SignIn(user="lineside", password="x"), certificate=b"pem")
    authorities = [Authority(name=f"plant-authority-{n}", certificate=str(n).encode()) for n in range(6)]
    for one, access, found in (
        (server, None, []),
        (server, guarded, []),
        (broker, None, []),
        (broker, known, authorities),
    ):
        yield ReachSheet(one, access, folder, lambda sheet, found=found: sheet.show_authorities(found), lambda *_: None)  # type: ignore[misc]
    channels = read_tags("sealer_opcua", own=None)
    tags = TagSettings(map=channels, looks_per_s=10, access=guarded)
    device = DeviceSettings(code="SL-03", protocol="opcua", url=server.url, unit=None, tags=tags)
    yield DeviceSheet(device.code, device, None, OnRecord.MISSING, [("Change", lambda: None)] * 3, zone=hand.window.zone)
    values = " • ".join(f"{one.name} 1234.5 {one.unit}" for one in channels.channels)
    offered = CertificateOffered(b"x", fingerprint=in_fours("0123456789abcdef" * 4))
    for tried in (
        Tried(answered=False, says=offered.what, more=offered.next, certificate=b"x"),
        Tried(answered=True, says=values, more=ValueOfOtherType(channel="alarm_word", found="String", expected="u16").what),
        Tried(answered=False, says=ReaderMissing(package="asyncua").what, more=ReaderMissing(package="asyncua").next),
        Tried(answered=False, says=NamespaceMissing(namespace="urn:lineside:sealer", known="http://opcfoundation.org/UA/, urn:x").what),
    ):
        sheet = TellSheet(server, guarded, [channels] * 4, lambda _: None)
        sheet._is_tried(tried)
        yield sheet
    yield TellSheet(broker, known, [], lambda _: None)
    yield ConnectSheet(replace(server, tags=tags), [row("SL-03", "PS-40-0127", kind="sealer")], lambda *_: None)
    printers = [
        PrinterTold(name=f"HP LaserJet Office {n}", paper="A4", width_mm=210, height_mm=297, dpi=1200, is_ready=n > 1) for n in range(12)
    ]
    office = Proposal(url="system:HP LaserJet Office 1", key="office")
    yield OfficeSheet(office, printers, lambda _: None)
    yield OfficeSheet(office, [], lambda _: None, before=office)
    yield ConnectSheet(office, [row("LP-02", "D2J194504", kind="printer")], lambda *_: None)


@pytest.mark.parametrize("kinds", [sheets, told])
@pytest.mark.parametrize("size", [(1920, 1080), (1280, 800)], ids=["1920", "1280"])
@pytest.mark.parametrize("language", Language, ids=["en", "zh"])
def test_nothing_is_cut_on_any_sheet(
    language: Language, size: tuple[int, int], kinds: Callable[[Hand], Iterator[Sheet]], open_station: Callable[..., Hand]
):
    hand = open_station("IQC-02", size=size, devices=DevicesHere())
    hand.sign_in("zhao.lei")
    set_language(language)
    screen = hand.window.open("devices.list")
    assert isinstance(screen, DevicesScreen)
    for sheet in kinds(hand):
        screen.open_sheet(sheet)
        hand.until(lambda sheet=sheet: hand.window.frame.sheet is sheet and sheet.height() > 100)
        hand.until(lambda sheet=sheet: not look_over(hand.window), 4000)
