"""Nothing is cut on the sheets that connect, change and set up, in both languages and on both glasses."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.base.phrases import Language
from app.core.devices_here import DevicesHere, PrinterHere
from app.core.settings import Settings
from app.devices.machines.map_file import read_map
from app.devices.recognition.trying import Tried
from app.devices.settings import DeviceSettings, MachineSettings
from app.plant.device_facts import OnRecord
from tests.console.test_connecting import proposed, row
from tests.shell.conftest import Hand
from ui.devices.change_sheet import ChangeSheet
from ui.devices.connect_sheet import ConnectSheet
from ui.devices.device_sheet import DeviceSheet
from ui.devices.devices_screen import DevicesScreen
from ui.devices.how_sheet import HowSheet
from ui.devices.kind_sheet import KindSheet
from ui.devices.proposal import Proposal
from ui.devices.replay_sheet import ReplaySheet
from ui.devices.scanner_sheet import ScannerSheet
from ui.kit import Sheet, set_language
from ui.kit.check import look_over

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


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 800)], ids=["1920", "1280"])
@pytest.mark.parametrize("language", Language, ids=["en", "zh"])
def test_nothing_is_cut_on_any_sheet(language: Language, size: tuple[int, int], open_station: Callable[..., Hand]):
    hand = open_station("IQC-02", size=size, devices=DevicesHere())
    hand.sign_in("zhao.lei")
    set_language(language)
    screen = hand.window.open("devices.list")
    assert isinstance(screen, DevicesScreen)
    for sheet in sheets(hand):
        screen.open_sheet(sheet)
        hand.until(lambda sheet=sheet: hand.window.frame.sheet is sheet and sheet.height() > 100)
        hand.until(lambda sheet=sheet: not look_over(hand.window), 4000)
