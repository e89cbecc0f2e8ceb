"""Printers, machines, scanners and what nobody recognised are connected, changed and taken out while the program runs."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.base.phrases import Language
from app.capture.recorder import Recorder
from app.core.devices_here import DevicesHere, PrinterHere, read_devices, write_devices
from app.core.station_files import devices_file, spool_folder
from app.core.stations import StationLink
from app.devices.events import Standing
from app.devices.machines.map_file import read_map
from app.devices.protocol import SerialLine
from app.devices.settings import DeviceSettings
from app.devices.simulators.line_scanner import LineScannerSimulator
from app.devices.simulators.mitutoyo import MitutoyoSimulator
from app.devices.simulators.sbpl_printer import SbplPrinter
from app.devices.simulators.sealer import SealerSimulator
from app.devices.simulators.tspl_printer import TsplPrinter
from app.devices.simulators.zpl_printer import ZplPrinter
from app.labels.queue import PrintQueue
from app.plant.device_facts import OnRecord
from tests.plant import Plant
from tests.shell.conftest import Hand
from ui.devices.change_sheet import ChangeSheet
from ui.devices.connect_sheet import ConnectSheet
from ui.devices.device_sheet import DeviceSheet
from ui.devices.devices_screen import DevicesScreen
from ui.devices.find_sheet import FindSheet
from ui.devices.how_sheet import HowSheet
from ui.devices.kind_sheet import KindSheet
from ui.devices.proposal import kinds_at
from ui.kit import ReasonSheet, Sheet, State, say

pytestmark = [
    pytest.mark.capability("E1", "G2"),
    pytest.mark.filterwarnings("ignore:set(Daemon|Name):DeprecationWarning:serial.rfc2217"),
]
FOUND_WITHIN_MS = 40_000


@pytest.fixture
def settings_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "settings.toml"
    monkeypatch.setenv("LINESIDE_SETTINGS", str(file))
    return file


class Engineer:
    """Zhao Lei in front of the devices of one station."""

    def __init__(self, hand: Hand, file: Path) -> None:
        self.hand, self.file = hand, file
        hand.window.ports = list  # whatever hangs on the machine that runs the tests is left alone
        hand.sign_in("zhao.lei")
        screen = hand.window.open("devices.list")
        assert isinstance(screen, DevicesScreen)
        self.screen = screen

    def sheet(self, kind: type[Sheet]) -> Sheet:
        self.hand.until(lambda: isinstance(self.hand.window.frame.sheet, kind))
        return self.hand.window.frame.sheet  # type: ignore[return-value]

    def look_at(self, address: str) -> FindSheet:
        """Types an address of the network and looks there."""
        self.hand.press(Qt.Key.Key_F8)
        sheet = self.sheet(FindSheet)
        assert isinstance(sheet, FindSheet)
        self.hand.until(sheet.again.isEnabled, FOUND_WITHIN_MS)
        sheet.address.edit.setFocus()
        self.hand.type(address)
        self.hand.press(Qt.Key.Key_Return)
        self.hand.until(lambda: sheet.again.isEnabled() and sheet._found, FOUND_WITHIN_MS)
        return sheet

    def take(self, sheet: FindSheet, title: str) -> None:
        titles = [str(say(row.title)) for row in sheet.rows.rows]
        self.hand.press(Qt.Key(Qt.Key.Key_1 + titles.index(title)))

    def confirm(self, code: str) -> None:
        """Chooses the asset and connects it."""
        sheet = self.sheet(ConnectSheet)
        assert isinstance(sheet, ConnectSheet)
        self.hand.press(Qt.Key(Qt.Key.Key_1 + [one.code for one in sheet._possible].index(code)))
        self.hand.until(sheet.act.isEnabled)
        self.hand.press(Qt.Key.Key_Return)
        self.hand.until(lambda: self.hand.window.frame.sheet is None)

    def stands(self, code: str, standing: Standing) -> None:
        states = self.hand.window.chips.states
        self.hand.until(lambda: code in states and states[code].standing is standing, 15_000)

    def as_on_record(self, code: str) -> None:
        self.hand.until(lambda: self.screen.standing.get(code) is OnRecord.SAME)

    def open_device(self, code: str, act: str) -> None:
        """The arrows go to the device, F7 opens it, a digit chooses the act."""
        self.hand.until(lambda: code in self.screen.standing)
        while self.screen.table.chosen_key != code:
            before = self.screen.table.chosen_key
            self.hand.press(Qt.Key.Key_Down)
            assert self.screen.table.chosen_key != before, f"{code} stands in no row"
        self.hand.press(Qt.Key.Key_F7)
        sheet = self.sheet(DeviceSheet)
        assert isinstance(sheet, DeviceSheet)
        words = [str(say(words)) for words, _ in sheet._acts]
        self.hand.press(Qt.Key(Qt.Key.Key_1 + words.index(act)))

    def give_reason(self, why: str) -> None:
        sheet = self.sheet(ReasonSheet)
        assert isinstance(sheet, ReasonSheet)
        sheet.reason.edit.setFocus()
        self.hand.type(why)
        self.hand.press(Qt.Key.Key_Return)

    @property
    def written(self) -> DevicesHere:
        return read_devices(self.file)


@pytest.fixture
def engineer(open_any_station: Callable[..., Hand], settings_file: Path) -> Callable[..., Engineer]:
    def at(station: str, devices: DevicesHere | None = None, **options: object) -> Engineer:
        here = devices or DevicesHere()
        file = devices_file(settings_file, station)
        if devices is not None:
            write_devices(file, here, heading="by hand")
        hand = open_any_station(station, screens=("ui.shell", "ui.devices"), devices=here, **options)
        return Engineer(hand, file)

    return at


def acts(plant: Plant) -> list[tuple[object, ...]]:
    return plant.rows(
        """SELECT a.code, c.act, c.done_by, c.station FROM lineside.device_connection c JOIN lineside.asset a ON a.id = c.asset
            ORDER BY c.done_at"""
    )


def test_a_zpl_printer_at_an_address_of_the_network_prints_without_a_new_start(engineer: Callable[..., Engineer], plant: Plant):
    link = StationLink(plant.server, "REC-01", plant.secrets["REC-01"])
    queue = PrintQueue(link, (), language=Language.EN, frame_logs=None, every_s=0.05)
    with closing(link), ZplPrinter() as printer:
        zhao = engineer("REC-01", printing=queue)
        try:
            sheet = zhao.look_at(printer.url.removeprefix("socket://"))
            zhao.take(sheet, "Label printer (ZPL)")
            how = zhao.sheet(HowSheet)
            assert isinstance(how, HowSheet)
            zhao.hand.until(lambda: how.answer_state is State.PASS)
            assert how.proposal.dpi == 203, "the printer says its head itself"
            zhao.hand.press(Qt.Key.Key_Return)
            zhao.confirm("LP-02")
            zhao.stands("LP-02", Standing.LIVE)
            zhao.as_on_record("LP-02")
            (written,) = zhao.written.printers
            assert (written.code, written.dpi, written.connection.protocol) == ("LP-02", 203, "zpl")
            assert acts(plant) == [("LP-02", "connected", "zhao.lei", "REC-01")]
        finally:
            queue.stop(5)


@pytest.mark.parametrize(
    ("printer", "key", "name"),
    [(TsplPrinter, "tspl", "Label printer (TSPL, TSC)"), (SbplPrinter, "sbpl", "Label printer (SBPL, SATO)")],
)
def test_a_printer_of_pictures_is_found_and_connected_as_the_plants_printer(
    engineer: Callable[..., Engineer], printer: type[TsplPrinter | SbplPrinter], key: str, name: str
):
    with printer() as one:
        zhao = engineer("REC-01")
        zhao.take(zhao.look_at(one.url), name)
        how = zhao.sheet(HowSheet)
        assert isinstance(how, HowSheet)
        zhao.hand.until(lambda: how.answer_state is State.PASS)
        how.dpi._take(1)
        zhao.hand.press(Qt.Key.Key_Return)
        zhao.confirm("LP-02")
        (written,) = zhao.written.printers
        assert (written.connection.protocol, written.connection.url, written.dpi) == (key, one.url, 300)
        assert one.changing_bytes == 0


def test_a_printer_nobody_recognises_is_taken_by_hand_and_asked_at_once(engineer: Callable[..., Engineer]):
    with TsplPrinter() as printer:
        zhao = engineer("REC-01")
        printer.fall_silent()
        sheet = zhao.look_at(printer.url)
        printer.speak_again()
        zhao.hand.press(Qt.Key.Key_1)
        kinds = zhao.sheet(KindSheet)
        assert isinstance(kinds, KindSheet)
        zhao.hand.press(Qt.Key(Qt.Key.Key_1 + kinds_at(printer.url).index("tspl")))
        how = zhao.sheet(HowSheet)
        assert isinstance(how, HowSheet)
        zhao.hand.until(lambda: how.answer_state is State.PASS)
        assert not how.act.isEnabled(), "it does not say its head: the engineer does"
        how.dpi._take(0)
        zhao.hand.press(Qt.Key.Key_Return)
        zhao.confirm("LP-02")
        (written,) = zhao.written.printers
        assert (written.connection.protocol, written.connection.url, written.dpi) == ("tspl", printer.url, 203)
        del sheet


@pytest.mark.capability("E4")
def test_a_machine_is_read_by_the_chosen_map_and_recorded_from_then_on(engineer: Callable[..., Engineer], plant: Plant, tmp_path: Path):
    link = StationLink(plant.server, "PK-03", plant.secrets["PK-03"])
    recorder = Recorder(link, spool_folder(tmp_path, "PK-03"))
    with closing(link), SealerSimulator() as sealer:
        zhao = engineer("PK-03", recording=recorder)
        assert zhao.hand.bridge.recorder is None
        try:
            zhao.take(zhao.look_at(sealer.url), "machine (Modbus)")
            how = zhao.sheet(HowSheet)
            assert isinstance(how, HowSheet)
            assert not how.act.isEnabled(), "unit and looks a second are nobody's to guess"
            for field, figure in ((how.unit, "1"), (how.looks, "10")):
                field.edit.setFocus()
                zhao.hand.type(figure)
            zhao.hand.until(lambda: how.answer_state is State.PASS)
            assert "temperature_actual" in str(say(how.answer._words))
            zhao.hand.press(Qt.Key.Key_Return)
            zhao.confirm("SL-03")
            zhao.stands("SL-03", Standing.LIVE)
            zhao.as_on_record("SL-03")
            zhao.hand.until(lambda: plant.rows("SELECT count(*) > 0 FROM lineside.sample") == [(True,)], 15_000)
            digest = plant.rows("SELECT encode(map_digest, 'hex') FROM lineside.device_connection")
            assert digest == [(read_map("sealer", own=None).sha256,)]
            zhao.open_device("SL-03", "Take out of this station")
            zhao.give_reason("away for repair")
            zhao.hand.until(lambda: zhao.written == DevicesHere() and not zhao.hand.window.devices)
            zhao.hand.until(lambda: not zhao.hand.bridge.hub.states())
        finally:
            recorder.stop(5)


@pytest.mark.capability("E2")
def test_a_scanner_is_found_by_scanning_and_its_scans_arrive_at_once(engineer: Callable[..., Engineer]):
    with LineScannerSimulator(line=SerialLine(baud=9600)) as scanner:
        zhao = engineer("IQC-02")
        zhao.hand.press(Qt.Key.Key_F8)
        sheet = zhao.sheet(FindSheet)
        assert isinstance(sheet, FindSheet)
        zhao.hand.until(sheet.again.isEnabled, FOUND_WITHIN_MS)
        sheet.address.edit.setFocus()
        zhao.hand.type(scanner.url)
        zhao.hand.press(Qt.Key.Key_Return)
        zhao.hand.until(lambda: scanner.scan("]C0L26-0001") or sheet.again.isEnabled(), FOUND_WITHIN_MS)
        zhao.take(sheet, "Bar code scanner (serial)")
        zhao.confirm("SC-12")
        zhao.stands("SC-12", Standing.LIVE)
        zhao.hand.until(lambda: scanner.scan("]C0L26-0777") or _last(zhao.hand) == "lot L26-0777")


def _last(hand: Hand) -> str:
    last = hand.window.router.last
    return str(last[0].words) if last else ""


def test_a_gauge_moves_to_another_address_with_its_reason_and_goes_on_reading(engineer: Callable[..., Engineer], plant: Plant):
    with MitutoyoSimulator(value="25.04") as left, MitutoyoSimulator(value="25.07") as right:
        gauge = DeviceSettings(code="DC-014", protocol="mitutoyo", url=left.url, unit="mm")
        zhao = engineer("IQC-02", DevicesHere(instruments=(gauge,)))
        zhao.hand.until(lambda: zhao.screen.standing == {"DC-014": OnRecord.MISSING})
        zhao.open_device("DC-014", "Change how it is connected")
        sheet = zhao.sheet(ChangeSheet)
        assert isinstance(sheet, ChangeSheet)
        assert not sheet.act.isEnabled()
        sheet.address.edit.setFocus()
        sheet.address.edit.selectAll()
        zhao.hand.type(right.url)
        sheet.reason.edit.setFocus()
        zhao.hand.type("the left adapter broke")
        zhao.hand.until(sheet.act.isEnabled)
        zhao.hand.press(Qt.Key.Key_Return)
        zhao.hand.until(lambda: zhao.hand.window.frame.sheet is None)
        zhao.as_on_record("DC-014")
        zhao.stands("DC-014", Standing.LIVE)
        readings: list[object] = []
        zhao.hand.bridge.ear.reading.connect(readings.append)
        zhao.hand.until(lambda: right.press() or readings)
        left.press()
        assert {str(one.quantity.value) for one in readings} == {"25.07"}
        assert zhao.written.instruments == (DeviceSettings(code="DC-014", protocol="mitutoyo", url=right.url, unit="mm"),)
        assert [act for _, act, *_ in acts(plant)] == ["connected", "changed"], "what nobody put on record is put there first"


def test_a_device_that_is_taken_out_frees_its_port_and_can_come_again(engineer: Callable[..., Engineer], plant: Plant):
    with MitutoyoSimulator(value="25.04") as left:
        gauge = DeviceSettings(code="DC-014", protocol="mitutoyo", url=left.url, unit="mm")
        zhao = engineer("IQC-02", DevicesHere(instruments=(gauge,)))
        zhao.stands("DC-014", Standing.LIVE)
        zhao.open_device("DC-014", "Take out of this station")
        zhao.give_reason("goes to calibration")
        zhao.hand.until(lambda: zhao.written == DevicesHere())
        zhao.hand.until(lambda: "DC-014" not in zhao.hand.window.chips.states and not zhao.hand.bridge.hub.states())
        assert list(zhao.hand.window.frame.strip._chips) == ["database"]
        assert plant.rows("SELECT reason FROM lineside.device_connection WHERE act = 'taken out'") == [("goes to calibration",)]
        sheet = zhao.look_at(left.url)
        zhao.hand.press(Qt.Key.Key_1)
        zhao.sheet(KindSheet)
        del sheet


def test_what_somebody_wrote_into_the_file_by_hand_is_named_and_put_on_record(engineer: Callable[..., Engineer], plant: Plant):
    with MitutoyoSimulator(value="25.04") as left:
        gauge = DeviceSettings(code="DC-014", protocol="mitutoyo", url=left.url, unit="mm")
        zhao = engineer("IQC-02", DevicesHere(instruments=(gauge,)))
        zhao.hand.until(lambda: zhao.screen.standing == {"DC-014": OnRecord.MISSING})
        zhao.open_device("DC-014", "Put on record what is here")
        zhao.give_reason("was there before the record")
        zhao.as_on_record("DC-014")
        assert acts(plant) == [("DC-014", "connected", "zhao.lei", "IQC-02")]


def test_a_device_of_the_record_that_is_not_here_stands_in_the_list_until_the_record_says_so(
    engineer: Callable[..., Engineer], plant: Plant
):
    with MitutoyoSimulator(value="25.04") as left:
        gauge = DeviceSettings(code="DC-014", protocol="mitutoyo", url=left.url, unit="mm")
        zhao = engineer("IQC-02", DevicesHere(instruments=(gauge,)))
        zhao.hand.until(lambda: "DC-014" in zhao.screen.standing)
        zhao.open_device("DC-014", "Put on record what is here")
        zhao.give_reason("was there before the record")
        zhao.as_on_record("DC-014")
        zhao.hand.window.plugs.unplug("DC-014")  # as after a start with a file in which somebody deleted it
        zhao.screen.refresh()
        zhao.hand.until(lambda: zhao.screen.standing == {"DC-014": OnRecord.NOT_HERE})
        zhao.open_device("DC-014", "Put on record what is here")
        zhao.give_reason("deleted by hand")
        zhao.hand.until(lambda: zhao.screen.standing == {})
        assert [act for _, act, *_ in acts(plant)] == ["connected", "taken out"]


def test_a_file_that_takes_no_change_refuses_before_anything_stands_on_record(engineer: Callable[..., Engineer], plant: Plant):
    with MitutoyoSimulator(value="25.04") as left:
        taken = PrinterHere(connection=DeviceSettings(code="LP-02", protocol="zpl", url=left.url, unit=None))
        zhao = engineer("IQC-02")
        write_devices(zhao.file, DevicesHere(printers=(taken,)), heading="by hand, meanwhile")
        zhao.look_at(left.url)
        zhao.hand.press(Qt.Key.Key_1)
        kinds = zhao.sheet(KindSheet)
        assert isinstance(kinds, KindSheet)
        while kinds.kinds[kinds.rows._first : kinds.rows._first + 9].count("mitutoyo") == 0:
            zhao.hand.press(Qt.Key.Key_PageDown)
        zhao.hand.press(Qt.Key(Qt.Key.Key_1 + kinds.kinds.index("mitutoyo") - kinds.rows._first))
        how = zhao.sheet(HowSheet)
        zhao.hand.until(how.primary.isEnabled)
        zhao.hand.press(Qt.Key.Key_Return)
        sheet = zhao.sheet(ConnectSheet)
        assert isinstance(sheet, ConnectSheet)
        zhao.hand.press(Qt.Key(Qt.Key.Key_1 + [one.code for one in sheet._possible].index("DC-014")))
        zhao.hand.press(Qt.Key.Key_Return)
        zhao.hand.until(lambda: "LP-02 is connected to this station already" in zhao.hand.banner)
        assert acts(plant) == []
        zhao.hand.until(sheet.act.isEnabled)
