"""Which asset hangs on which port: a file of the station, read exactly or refused with the entry that is wrong."""

from pathlib import Path

import pytest

from app.base.phrases import RESOURCES, Language
from app.core.devices_here import DevicesHere, DevicesUnreadable, PrinterHere, read_devices, write_devices
from app.core.station_files import StationSecretMissing, StationSecretOpen, devices_file, keep_secret, read_secret, secret_file
from app.devices.machines.access import Security, SignIn
from app.devices.machines.map_file import read_map, read_registers
from app.devices.protocol import SerialLine, families
from app.devices.settings import DeviceSettings, MachineSettings

KNOWN = ", ".join(sorted([*families(), "modbus", "mqtt", "office", "opcua", "sbpl", "tspl", "zpl"]))


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


SERVER = """[[devices]]
code = "SL-05"
protocol = "opcua"
url = "opc.tcp://10.0.4.30:4840/sealer"
listen = { model = "sealer_opcua", looks_per_s = 10, security = "basic256sha256", sign_in = true }
"""
BROKER = """[[devices]]
code = "SL-06"
protocol = "mqtt"
url = "mqtts://broker.plant:8883"
listen = { model = "sealer_mqtt", security = "tls" }
"""


def secret(folder: Path, text: str = "lineside\ngut-bewacht-7\n", mode: int = 0o600) -> Path:
    file = folder / "machines" / "SL-05.secret"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, "utf-8")
    file.chmod(mode)
    return file


def test_machines_that_tell_by_themselves_come_back_as_they_were_and_the_password_stays_in_its_file(tmp_path: Path) -> None:
    file = tmp_path / "devices.toml"
    file.write_text(SERVER + BROKER, "utf-8")
    secret(tmp_path)
    here = read_devices(file)
    server, broker = here.instruments
    assert server.is_machine
    assert server.tags is not None
    assert server.tags.access.sign_in == SignIn(user="lineside", password="gut-bewacht-7")
    assert server.tags.access.certificates == tmp_path / "machines" / "certificates"
    assert broker.tags is not None
    assert (broker.tags.access.security, broker.tags.access.sign_in, broker.tags.looks_per_s) == (Security.TLS, None, None)
    write_devices(file, here, heading="packing")
    assert "gut-bewacht-7" not in file.read_text("utf-8")
    assert "gut-bewacht-7" not in repr(here)
    again = [
        (one.code, one.url, one.tags and (one.tags.access, one.tags.looks_per_s, one.tags.map.sha256))
        for one in read_devices(file).instruments
    ]
    assert again == [
        (one.code, one.url, one.tags and (one.tags.access, one.tags.looks_per_s, one.tags.map.sha256)) for one in here.instruments
    ]


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        (SERVER.replace("listen =", "# listen ="), "has “listen” with model and security", "listen"),
        (SERVER.replace("opc.tcp://10.0.4.30:4840/sealer", "socket://10.0.4.30:4840"), "is no address of it", "不是它的地址"),
        (SERVER.replace("//10", "//lineside:geheim@10"), "without a name", "不写用户名"),
        (BROKER.replace("mqtts:", "mqtt:"), "its security is none or basic256sha256 for OPC UA", "security"),
        (BROKER.replace('"tls"', '"none"'), "none at mqtt:// and tls at mqtts://", "security"),
        (SERVER.replace("basic256sha256", "tls"), "its security is none or basic256sha256", "security"),
        (SERVER.replace("basic256sha256", "none"), "a password is not sent over an unprotected line", "密码"),
        (SERVER.replace("basic256sha256", "basic128rsa15"), "“security” cannot be", "security"),
        (SERVER.replace(' security = "basic256sha256",', ""), "“security” is missing", "security"),
        (SERVER.replace("looks_per_s = 10, ", ""), "looks_per_s is written for OPC UA", "looks_per_s"),
        (BROKER.replace('"tls"', '"tls", looks_per_s = 10'), "looks_per_s is written for OPC UA", "looks_per_s"),
        (SERVER.replace("= 10", "= 101"), "“looks_per_s” cannot be 101", "looks_per_s"),
        (SERVER + 'unit = "mm"\n', "code, protocol, url and listen, and nothing else", "不写其他项"),
        (SERVER.replace("sealer_opcua", "sealer_mqtt"), "the map sealer_mqtt is not written for opcua", "不是为 opcua"),
        (SERVER.replace("sealer_opcua", "sealer"), "the map sealer is not written for opcua", "不是为 opcua"),
        (SERVER.replace("sealer_opcua", "kettle"), "There is no map kettle", "没有数据表 kettle"),
        (SEALER.replace('"sealer"', '"sealer_mqtt"'), "the map sealer_mqtt is not written for modbus", "不是为 modbus"),
        (SEALER + 'listen = { model = "sealer_mqtt", security = "none" }\n', "only a machine that speaks opcua or mqtt", "只有使用"),
    ],
)
def test_a_machine_that_cannot_be_listened_to_is_named_and_nothing_is_connected(
    tmp_path: Path, text: str, english: str, chinese: str
) -> None:
    file = tmp_path / "devices.toml"
    file.write_text(text, "utf-8")
    secret(tmp_path)
    with pytest.raises(DevicesUnreadable) as caught:
        read_devices(file)
    assert english in str(caught.value)
    assert chinese in caught.value.what.in_language(Language.ZH)


@pytest.mark.parametrize(
    ("text", "mode"), [("lineside\n", 0o600), ("a\nb\nc\n", 0o600), ("\nb\n", 0o600), ("a\nb\n", 0o640), ("a\nb\n", 0o604)]
)
def test_a_name_and_password_that_others_can_read_or_that_are_not_two_lines_open_no_machine(tmp_path: Path, text: str, mode: int) -> None:
    file = tmp_path / "devices.toml"
    file.write_text(SERVER, "utf-8")
    with pytest.raises(DevicesUnreadable, match="its name and password cannot be used"):
        read_devices(file)
    secret(tmp_path, text, mode)
    with pytest.raises(DevicesUnreadable, match="its name and password cannot be used"):
        read_devices(file)


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
