"""Which asset hangs on which port: a file of the station, read exactly or refused with the entry that is wrong."""

from pathlib import Path

import pytest

from app.base.phrases import RESOURCES, Language
from app.core.devices_here import DevicesHere, DevicesUnreadable, PrinterHere, read_devices, write_devices
from app.core.station_files import StationSecretMissing, StationSecretOpen, devices_file, keep_secret, read_secret, secret_file
from app.devices.machines.map_file import read_map, read_registers
from app.devices.protocol import SerialLine, families
from app.devices.settings import DeviceSettings, MachineSettings

KNOWN = ", ".join(sorted([*families(), "modbus", "mqtt", "opcua", "sbpl", "tspl", "zpl"]))


def test_a_station_without_a_file_has_no_devices(tmp_path: Path) -> None:
    assert read_devices(devices_file(tmp_path / "settings.toml", "REC-01")) == DevicesHere()


def test_what_is_written_down_comes_back_as_it_was(tmp_path: Path) -> None:
    here = DevicesHere(
        instruments=(
            DeviceSettings(code="SC-11", protocol="line_scanner", url="usb:S2133411", unit=None),
            DeviceSettings(
                code="WB-04",
                protocol="mt_sics",
                url="rfc2217://10.0.4.7:4001",
                unit="g",
                line=SerialLine(baud=4800, bytesize=7, parity="E", stopbits=2, xonxoff=True),
                expected_serial='B"825',
            ),
            DeviceSettings(
                code="SL-03",
                protocol="modbus",
                url="socket://10.0.4.20:502",
                unit=None,
                machine=MachineSettings(map=read_registers("sealer", own=None), unit_id=255, looks_per_s=2.5),
            ),
        ),
        printers=(
            PrinterHere(
                connection=DeviceSettings(code="LP-02", protocol="zpl", url="socket://lp-02.plant:9100", unit=None),
                dpi=300,
                language=Language.ZH,
            ),
            PrinterHere(connection=DeviceSettings(code="LP-03", protocol="tspl", url="socket://10.0.4.21:9100", unit=None)),
            PrinterHere(connection=DeviceSettings(code="LP-04", protocol="sbpl", url="socket://10.0.4.22:9100", unit=None), dpi=600),
        ),
    )
    write_devices(tmp_path / "deep" / "devices.toml", here, heading="the dock")
    assert read_devices(tmp_path / "deep" / "devices.toml") == here
    assert [one.code for one in here.everything] == ["SC-11", "WB-04", "SL-03", "LP-02", "LP-03", "LP-04"]


GOOD = '[[devices]]\ncode = "DC-014"\nprotocol = "mitutoyo"\nurl = "/dev/ttyUSB0"\nunit = "mm"\n'

PICTURES = '[[devices]]\ncode = "LP-03"\nprotocol = "tspl"\nurl = "socket://10.0.4.21:9100"\n'

SEALER = """[[devices]]
code = "SL-03"
protocol = "modbus"
url = "socket://10.0.4.20:502"
machine = { model = "sealer", unit_id = 1, looks_per_s = 10 }
"""

ON_A_LINE = SEALER.replace("socket://10.0.4.20:502", "rfc2217://10.0.4.20:502")


@pytest.mark.parametrize("url", ["/dev/ttyS1", "COM7", "usb:A6015XNQ", "rfc2217://10.0.4.7:4001"])
@pytest.mark.parametrize("line", [None, SerialLine(baud=9600, stopbits=2), SerialLine(baud=115200, parity="O")])
def test_a_machine_on_a_serial_line_is_written_down_with_its_line_or_without_and_comes_back(tmp_path: Path, url: str, line: SerialLine):
    machine = MachineSettings(map=read_registers("sealer", own=None), unit_id=247, looks_per_s=5)
    here = DevicesHere(instruments=(DeviceSettings(code="SL-04", protocol="modbus", url=url, unit=None, line=line, machine=machine),))
    write_devices(tmp_path / "devices.toml", here, heading="packing")
    assert read_devices(tmp_path / "devices.toml") == here


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        (GOOD + GOOD, "device DC-014: it is written down twice.", "设备 DC-014"),
        (GOOD.replace('unit = "mm"', ""), "needs the unit", "需要写明数值的单位"),
        (
            GOOD.replace("mitutoyo", "mahr"),
            f"nobody here speaks “mahr”. Known are: {KNOWN}.",
            "mahr",
        ),
        (GOOD.replace("/dev/ttyUSB0", "http://10.0.0.1"), "is no port", "不是端口"),
        (GOOD.replace('code = "DC-014"\n', ""), "device no. 1: “code” is missing.", "第 1 个设备"),
        (GOOD + 'colour = "red"\n', "“colour” is not known here.", "colour"),
        (GOOD + "line = { baud = 4800, parity = 'X' }\n", '“parity” cannot be "X".', "parity"),
        (GOOD + "dpi = 203\n", "only a printer has dpi", "只有打印机"),
        (GOOD + 'expected_serial = "1"\n', "cannot say its serial number", "不能报告序列号"),
        (GOOD.replace("mitutoyo", "zpl"), "a printer has no unit", "打印机没有单位"),
        (GOOD.replace("mitutoyo", "tspl"), "a printer has no unit", "打印机没有单位"),
        (PICTURES.replace("socket://10.0.4.21:9100", "/dev/ttyUSB0"), "is reached over the network: write socket", "通过网络连接"),
        (PICTURES.replace("socket://10.0.4.21:9100", "usb:A6015XNQ"), "is reached over the network: write socket", "通过网络连接"),
        (PICTURES.replace("tspl", "sbpl").replace("socket:", "rfc2217:"), "is reached over the network: write socket", "通过网络连接"),
        (PICTURES + "dpi = 200\n", "“dpi” cannot be 200", "dpi"),
        (SEALER.replace("machine =", "# machine ="), "a machine, and nothing else, has “machine”", "机器"),
        (GOOD + SEALER.splitlines()[-1], "a machine, and nothing else, has “machine”", "机器"),
        (GOOD + GOOD.replace("DC-014", "DC-015"), "device DC-015: its port is the one of DC-014", "已由 DC-014 使用"),
        (SEALER + "line = { baud = 9600, parity = 'E' }\n", "Modbus TCP has no speed", "没有波特率"),
        (ON_A_LINE.replace("unit_id = 1,", "unit_id = 0,"), "is 1 to 247", "1 至 247"),
        (ON_A_LINE.replace("unit_id = 1,", "unit_id = 248,"), "is 1 to 247", "1 至 247"),
        (ON_A_LINE + "line = { baud = 9600 }\n", "written with baud and parity", "波特率和奇偶校验"),
        (ON_A_LINE + "line = { baud = 9600, parity = 'E', bytesize = 7 }\n", "needs all eight bits", "八位"),
        (ON_A_LINE + "line = { baud = 9600, parity = 'E', xonxoff = true }\n", "needs all eight bits", "八位"),
        (ON_A_LINE + "expected_serial = '7'\n", "and nothing else", "不写其他项"),
        (SEALER + 'unit = "°C"\n', "and nothing else", "不写其他项"),
        (SEALER.replace("unit_id = 1, ", ""), "device SL-03: “unit_id” is missing.", "unit_id"),
        (SEALER.replace("= 10 }", "= 101 }"), "“looks_per_s” cannot be 101", "looks_per_s"),
        (SEALER.replace("= 10 }", "= 0 }"), "“looks_per_s” cannot be 0", "looks_per_s"),
        (
            SEALER.replace('"sealer"', '"kettle"'),
            "There is no map kettle. Known are: sealer, sealer_mqtt, sealer_opcua.",
            "没有数据表 kettle",
        ),
        ("devices = 3\n", "as a whole: “devices” cannot be 3.", "整个文件"),
        ("[[devices]\n", "as a whole", "整个文件"),
    ],
)
def test_an_entry_that_cannot_be_is_named_and_nothing_is_connected(tmp_path: Path, text: str, english: str, chinese: str) -> None:
    file = tmp_path / "devices.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(DevicesUnreadable) as caught:
        read_devices(file)
    assert english in str(caught.value)
    assert chinese in caught.value.what.in_language(Language.ZH)
    assert str(file) in str(caught.value)


def test_a_plant_writes_the_map_of_a_machine_of_its_own_beside_its_devices(tmp_path: Path) -> None:
    file, shipped = tmp_path / "devices.toml", RESOURCES / "machines" / "sealer.toml"
    file.write_text(SEALER.replace('"sealer"', '"tray_sealer_7"'), "utf-8")
    (tmp_path / "machines").mkdir()
    (tmp_path / "machines" / "tray_sealer_7.toml").write_text(shipped.read_text("utf-8").replace("scale = 0.1", "scale = 0.10"), "utf-8")
    (sealer,) = read_devices(file).instruments
    assert sealer.machine is not None
    assert (sealer.machine.map.model, sealer.machine.unit_id, sealer.machine.looks_per_s) == ("tray_sealer_7", 1, 10)
    assert sealer.machine.map.sha256 != read_map("sealer", own=None).sha256


def test_each_station_of_a_computer_has_a_folder_of_its_own_whatever_its_code_says(tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    files = {secret_file(settings, code) for code in ("REC-01", "IQC-02", "../REC-01", "来料/1")}
    assert len(files) == 4
    assert all(file.parents[1] == tmp_path / "stations" for file in files)


def test_a_missing_secret_and_one_that_others_can_read_open_no_station(tmp_path: Path) -> None:
    file = tmp_path / "REC-01" / "secret"
    with pytest.raises(StationSecretMissing):
        read_secret(file, "REC-01")
    keep_secret(file, "a station's secret")
    keep_secret(file, "a newer secret")
    assert read_secret(file, "REC-01") == "a newer secret"
    file.chmod(0o640)
    with pytest.raises(StationSecretOpen, match="REC-01"):
        read_secret(file, "REC-01")
