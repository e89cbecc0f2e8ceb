"""Plugged in and connected at the screen: found by what it says, proposed by its serial number, confirmed by an engineer, written down."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.base.ids import new_id
from app.base.phrases import Name
from app.core.devices_here import DevicesHere, DevicesUnreadable, read_devices, write_devices
from app.core.devices_written import DevicesNotWritten, DeviceTaken, add_device
from app.core.station_files import devices_file
from app.devices.errors import PortUnavailable
from app.devices.events import Standing
from app.devices.protocol import SerialLine
from app.devices.recognition.findings import Findings, Recognised
from app.devices.settings import DeviceSettings
from app.devices.simulators.mitutoyo import MitutoyoSimulator
from app.devices.simulators.mt_sics import MtSicsSimulator
from app.plant.queries import AssetRow, assets_of
from tests.plant import Plant
from tests.shell.conftest import Hand, elsewhere
from ui.devices.connect_sheet import ConnectSheet
from ui.devices.devices_screen import DevicesScreen
from ui.devices.find_sheet import FindSheet, _rows_of
from ui.devices.proposal import Device, Proposal, candidates, kind_name
from ui.kit import State, say
from ui.shell.home_screen import HomeScreen

pytestmark = [
    pytest.mark.capability("E7"),
    pytest.mark.filterwarnings("ignore:set(Daemon|Name):DeprecationWarning:serial.rfc2217"),
]
NOTHING = DevicesHere()


@pytest.fixture
def settings_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "settings.toml"
    monkeypatch.setenv("LINESIDE_SETTINGS", str(file))
    return file


def finding(hand: Hand, address: str) -> FindSheet:
    """Zhao Lei looks at an address of the network."""
    hand.window.ports = list  # whatever hangs on the machine that runs the tests is left alone
    hand.sign_in("zhao.lei")
    assert isinstance(hand.window.open("devices.list"), DevicesScreen)
    hand.press(Qt.Key.Key_F8)
    hand.until(lambda: isinstance(hand.window.frame.sheet, FindSheet))
    sheet = hand.window.frame.sheet
    assert isinstance(sheet, FindSheet)
    assert not sheet.address.edit.hasFocus(), "a digit takes a row"
    hand.until(sheet.again.isEnabled, timeout_ms=40_000)
    sheet.address.edit.setFocus()
    hand.type(address)
    hand.press(Qt.Key.Key_Return)
    return sheet


def titles(sheet: FindSheet) -> list[str]:
    return [str(say(row.title)) for row in sheet.rows.rows]


def asset(plant: Plant, code: str) -> AssetRow:
    at = plant.sign_in("zhao.lei")
    (site,) = plant.rows("SELECT id FROM lineside.site")[0]
    found = next(one for one in at.ask(lambda session: assets_of(session, site=site)) if one.code == code)  # type: ignore[arg-type]
    plant.close()
    return found


def test_a_scale_is_found_proposed_by_its_serial_number_connected_and_written_down(
    open_station: Callable[..., Hand], plant: Plant, settings_file: Path
):
    known = elsewhere(lambda: asset(plant, "WB-04"))
    with MtSicsSimulator(line=SerialLine(baud=9600), serial_number=known.serial_no) as scale:
        hand = open_station("IQC-02", devices=NOTHING)
        sheet = finding(hand, scale.url)
        hand.until(lambda: "Mettler Toledo scale (MT-SICS)" in titles(sheet), timeout_ms=40_000)
        hand.press(Qt.Key(Qt.Key.Key_1 + titles(sheet).index("Mettler Toledo scale (MT-SICS)")))
        hand.until(lambda: isinstance(hand.window.frame.sheet, ConnectSheet))
        confirm = hand.window.frame.sheet
        assert isinstance(confirm, ConnectSheet)
        assert confirm.act.isEnabled(), "its serial number names one asset"
        hand.press(Qt.Key.Key_Return)
        hand.until(lambda: "WB-04" in hand.window.chips.states and hand.window.chips.states["WB-04"].standing is Standing.LIVE)
        (written,) = read_devices(devices_file(settings_file, "IQC-02")).instruments
        assert (written.code, written.protocol, written.url, written.unit) == ("WB-04", "mt_sics", scale.url, "g")
        assert written.expected_serial == known.serial_no
        assert scale.changing_bytes == 0
        hand.until(lambda: hand.window.frame.sheet is None)
        screen = hand.window.current
        assert isinstance(screen, DevicesScreen)
        assert screen.chosen is not None
        assert screen.chosen.code == "WB-04"
        assert list(hand.window.frame.strip._chips) == ["WB-04", "database"]
        home = hand.window.open("home")
        assert isinstance(home, HomeScreen)
        assert [tile.code for tile in home.devices.tiles] == ["WB-04"]
        assert str(home._device_panel.right.text) == "1"
        assert home._no_devices.isHidden()


def test_a_scale_of_another_serial_number_is_nobodys(open_station: Callable[..., Hand], plant: Plant):
    with MtSicsSimulator(line=SerialLine(baud=9600), serial_number="B999999999") as scale:
        hand = open_station("IQC-02", devices=NOTHING)
        sheet = finding(hand, scale.url)
        hand.until(lambda: "Mettler Toledo scale (MT-SICS)" in titles(sheet), timeout_ms=40_000)
        hand.press(Qt.Key(Qt.Key.Key_1 + titles(sheet).index("Mettler Toledo scale (MT-SICS)")))
        hand.until(lambda: isinstance(hand.window.frame.sheet, ConnectSheet))
        confirm = hand.window.frame.sheet
        assert isinstance(confirm, ConnectSheet)
        codes = [one.code for one in confirm._possible]
        assert "WB-04" not in codes
        assert not confirm.act.isEnabled()


def test_a_port_nobody_answers_at_is_said_and_the_search_ends_with_the_sheet(open_station: Callable[..., Hand]):
    with MitutoyoSimulator(line=SerialLine(baud=9600)) as quiet:
        quiet.unplug()
        hand = open_station("IQC-02", devices=NOTHING)
        sheet = finding(hand, quiet.url)
        hand.until(lambda: any("could not be opened" in str(say(row.line)) for row in sheet.rows.rows))
        hand.press(Qt.Key.Key_Escape)
        hand.until(lambda: hand.window.frame.sheet is None)


@pytest.mark.parametrize(
    ("protocol", "name"), [("opcua", "Machine (OPC UA)"), ("office", "Office printer"), ("TORQUE-X", "TORQUE-X, not in effect")]
)
def test_every_kind_on_record_has_its_own_name(protocol: str, name: str):
    assert str(kind_name(protocol)) == name


def found_as(serial_number: str | None) -> Recognised:
    return Recognised(key="mt_sics", line=SerialLine(baud=9600, xonxoff=True), serial_number=serial_number, frame=b"")


def proposed(serial_number: str | None, key: str = "mt_sics") -> Proposal:
    return Proposal(url="/dev/ttyUSB0", key=key, line=SerialLine(baud=9600), serial_number=serial_number)


def row(code: str, serial_no: str, unit: str | None = "g", kind: str = "scale") -> AssetRow:
    name = Name(en=code, zh="")
    return AssetRow(
        id=new_id(),
        code=code,
        kind=kind,
        name=name,
        serial_no=serial_no,
        unit=unit,
        resolution=None,
        range_low=None,
        range_high=None,
        due_on=None,
        passed=None,
    )


@pytest.mark.parametrize(
    ("serial_number", "taken", "expected"),
    [
        ("B1", frozenset(), ["WB-04"]),
        ("B1", frozenset({"WB-04"}), ["WB-09"]),
        ("B7", frozenset(), ["WB-09"]),
        (None, frozenset(), ["WB-04", "WB-05", "WB-09"]),
        (None, frozenset({"WB-05"}), ["WB-04", "WB-09"]),
    ],
)
def test_who_a_found_device_can_be(serial_number: str | None, taken: frozenset[str], expected: list[str]):
    assets = [row("WB-04", "B1"), row("WB-05", "B2"), row("WB-09", "")]
    assert [one.code for one in candidates(assets, proposed(serial_number), taken)] == expected


@pytest.mark.parametrize(
    ("key", "fitting"),
    [
        ("mt_sics", ["DC-01", "LT-01", "WB-01"]),
        ("line_scanner", ["SC-02"]),
        ("zpl", ["LP-02"]),
        ("tspl", ["LP-02"]),
        ("modbus", ["LT-01", "SL-03"]),
    ],
)
def test_only_what_is_registered_as_such_a_thing_can_be_it(key: str, fitting: list[str]):
    kinds = {"DC-01": "caliper", "LP-02": "printer", "LT-01": "leak_tester", "SC-02": "scanner", "SL-03": "sealer", "WB-01": "scale"}
    assets = [row(code, "", kind=kind) for code, kind in kinds.items()]
    assert [asset.code for asset in candidates(assets, proposed(None, key), frozenset())] == fitting


def test_the_fortieth_asset_is_reached_by_turning_pages(open_station: Callable[..., Hand]):
    hand = open_station("IQC-02", devices=NOTHING)
    hand.sign_in("zhao.lei")
    screen = hand.window.open("devices.list")
    assert isinstance(screen, DevicesScreen)
    connected: list[Device] = []
    possible = [row(f"WB-{n:02}", "") for n in range(1, 41)]
    sheet = ConnectSheet(proposed(None), possible, lambda _, device: connected.append(device))
    screen.open_sheet(sheet)
    hand.until(lambda: hand.window.frame.sheet is sheet and sheet.assets.height() > 0)
    while sheet.assets.rows[39] not in sheet.assets._standing():
        page = sheet.assets._first
        hand.press(Qt.Key.Key_PageDown)
        assert sheet.assets._first > page
    hand.press(Qt.Key(Qt.Key.Key_1 + 39 - sheet.assets._first))
    hand.until(lambda: [row.title for row in sheet.assets._standing() if row.state is State.HERE] == ["WB-40"])
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: [device.code for device in connected] == ["WB-40"])


def test_what_people_wrote_into_the_file_stays(tmp_path: Path):
    file = tmp_path / "devices.toml"
    written = '# The gauge of the second bench, 2026-09.\n[[devices]]\ncode = "DC-014"  # the blue one\nprotocol = "mitutoyo"\n'
    written += 'url = "usb:A6015XNQ"\nunit = "mm"\n# WB-04 is away for repair.'
    file.write_text(written, "utf-8")
    add_device(file, DeviceSettings(code="WB-05", protocol="mt_sics", url="/dev/ttyUSB4", unit="g", expected_serial="B1"))
    assert file.read_text("utf-8").startswith(written + "\n")
    assert [(one.code, one.expected_serial) for one in read_devices(file).instruments] == [("DC-014", None), ("WB-05", "B1")]


@pytest.mark.parametrize(
    ("written", "refusal"),
    [
        ('devices = [{ code = "DC-014", protocol = "mitutoyo", url = "usb:A6015XNQ", unit = "mm" }]\n', DevicesUnreadable),
        ("", DevicesNotWritten),
    ],
)
def test_a_file_that_takes_no_block_or_no_change_stays_as_it_is(tmp_path: Path, written: str, refusal: type[Exception]):
    file = tmp_path / "devices.toml"
    file.write_text(written, "utf-8")
    if refusal is DevicesNotWritten:
        (tmp_path / "devices.toml.new").mkdir()
    with pytest.raises(refusal):
        add_device(file, DeviceSettings(code="WB-05", protocol="mt_sics", url="/dev/ttyUSB4", unit="g"))
    assert file.read_text("utf-8") == written


def test_a_code_or_a_port_that_is_connected_already_is_refused_and_the_file_stays(tmp_path: Path):
    file = tmp_path / "devices.toml"
    gauge = DeviceSettings(code="DC-014", protocol="mitutoyo", url="usb:A6015XNQ", unit="mm")
    write_devices(file, DevicesHere(instruments=(gauge,)), heading="test")
    before = file.read_bytes()
    for other in (
        DeviceSettings(code="DC-014", protocol="mitutoyo", url="/dev/ttyUSB3", unit="mm"),
        DeviceSettings(code="DC-015", protocol="mitutoyo", url="usb:A6015XNQ", unit="mm"),
    ):
        with pytest.raises(DeviceTaken):
            add_device(file, other)
    assert file.read_bytes() == before
    add_device(file, DeviceSettings(code="DC-016", protocol="mitutoyo", url="/dev/ttyUSB4", unit="mm", line=SerialLine(baud=4800)))
    assert [one.code for one in read_devices(file).instruments] == ["DC-014", "DC-016"]


def test_a_trouble_and_several_kinds_have_their_words():
    trouble = PortUnavailable(url="/dev/ttyUSB0", reason="busy")
    ((refused, nobody),) = _rows_of("/dev/ttyUSB0", trouble)
    assert "busy" in str(say(refused.line))
    assert nobody is None
    both = Findings(url="/dev/ttyUSB0", fitting=(found_as("B1"), found_as(None)), heard=b"")
    assert [str(say(one.right)) for one, _ in _rows_of("/dev/ttyUSB0", both)] == ["or another", "or another"]
