"""Which asset hangs on which port: a file of the station, read exactly or refused with the entry that is wrong."""

from pathlib import Path

import pytest

from app.base.phrases import Language
from app.core.devices_here import DevicesHere, DevicesUnreadable, PrinterHere, read_devices, write_devices
from app.core.station_files import StationSecretMissing, StationSecretOpen, devices_file, keep_secret, read_secret, secret_file
from app.devices.protocol import SerialLine
from app.devices.settings import DeviceSettings


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
        ),
        printers=(
            PrinterHere(
                connection=DeviceSettings(code="LP-02", protocol="zpl", url="socket://lp-02.plant:9100", unit=None),
                dpi=300,
                language=Language.ZH,
            ),
        ),
    )
    write_devices(tmp_path / "deep" / "devices.toml", here, heading="the dock")
    assert read_devices(tmp_path / "deep" / "devices.toml") == here
    assert [one.code for one in here.everything] == ["SC-11", "WB-04", "LP-02"]


GOOD = '[[devices]]\ncode = "DC-014"\nprotocol = "mitutoyo"\nurl = "/dev/ttyUSB0"\nunit = "mm"\n'


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        (GOOD + GOOD, "device DC-014: it is written down twice.", "设备 DC-014"),
        (GOOD.replace('unit = "mm"', ""), "needs the unit", "需要写明数值的单位"),
        (GOOD.replace("mitutoyo", "mahr"), "nobody here speaks “mahr”. Known are: line_scanner, mitutoyo, mt_sics, zpl.", "mahr"),
        (GOOD.replace("/dev/ttyUSB0", "http://10.0.0.1"), "is no port", "不是端口"),
        (GOOD.replace('code = "DC-014"\n', ""), "device no. 1: “code” is missing.", "第 1 个设备"),
        (GOOD + 'colour = "red"\n', "“colour” is not known here.", "colour"),
        (GOOD + "line = { baud = 4800, parity = 'X' }\n", '“parity” cannot be "X".', "parity"),
        (GOOD + "dpi = 203\n", "only a printer has dpi", "只有打印机"),
        (GOOD + 'expected_serial = "1"\n', "cannot say its serial number", "不能报告序列号"),
        (GOOD.replace("mitutoyo", "zpl"), "a printer has no unit", "打印机没有单位"),
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
