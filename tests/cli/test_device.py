"""`device`: what hangs on this computer, for an engineer at a terminal; no database is needed."""

from pathlib import Path
from threading import Event, Thread

import pytest

from app.base.phrases import Language
from app.cli import device, device_list
from app.cli.device_watch import CODE, watch
from app.cli.device_watch_machine import settings_of, watch_machine
from app.core.devices_here import DevicesHere, write_devices
from app.core.station_files import devices_file
from app.devices.protocol import SerialLine, families
from app.devices.settings import MQTT, DeviceSettings
from app.devices.simulators.mitutoyo import MitutoyoSimulator
from app.devices.simulators.mt_sics import MtSicsSimulator
from app.devices.simulators.telling_sealer import TellingSealer


def test_kinds_ports_and_the_devices_of_the_station_are_listed(settings_file: Path, capsys: pytest.CaptureFixture[str]):
    settings_file.parent.mkdir()
    settings_file.write_text('station = "IQC-02"\n', "utf-8")
    gauge = DeviceSettings(code="DC-014", protocol="mitutoyo", url="usb:A6015XNQ", unit="mm")
    write_devices(devices_file(settings_file, "IQC-02"), DevicesHere(instruments=(gauge,)), heading="test")
    assert device.main(["list"]) == 0
    told = capsys.readouterr().out
    assert all(key in told for key in families())
    assert "IQC-02  DC-014      mitutoyo        usb:A6015XNQ" in told


def test_the_kinds_are_named_in_the_language_of_the_station():
    (line,) = device_list.kinds([families()["line_scanner"]], Language.ZH)
    assert "9600 8N1" in line
    assert "扫描" in line or "扫码" in line


def test_every_byte_of_a_device_is_shown_with_its_meaning_until_it_is_interrupted():
    told: list[str] = []
    heard, ended = Event(), Event()

    def tell(line: str) -> None:
        told.append(line)
        if "moving" in line:
            heard.set()

    with MtSicsSimulator() as scale:
        scale.put("12.50", settle=1)
        settings = DeviceSettings(code=CODE, protocol="mt_sics", url=scale.url, unit=None)
        watching = Thread(target=watch, args=(settings, tell, 0.05, ended))
        watching.start()
        assert heard.wait(10), told
        ended.set()
        watching.join(10)
    assert any("> 49 34 0D 0A  I4" in line for line in told)
    assert any("< " in line and "53 20 44" in line for line in told)
    assert "    weight 12.50 g, moving" in told


@pytest.mark.filterwarnings("ignore:set(Daemon|Name):DeprecationWarning:serial.rfc2217")
def test_what_hangs_on_ports_is_found_and_printed(capsys: pytest.CaptureFixture[str]):
    scale = MtSicsSimulator(line=SerialLine(baud=4800, bytesize=7, parity="E"), serial_number="B120000001")
    with scale, MitutoyoSimulator(line=SerialLine(baud=9600)) as quiet:
        assert device.main(["find", scale.url, quiet.url, "--within", "4"]) == 1
        told = capsys.readouterr().out
        assert f"{scale.url}  mt_sics         4800 7E1    B120000001" in told
        assert f"{quiet.url}  nothing was recognised" in told
        assert device.main(["find", scale.url]) == 0
        quiet.unplug()
        assert device.main(["find", quiet.url]) == 1
    assert "could not be opened" in capsys.readouterr().out


def test_a_kind_nobody_speaks_is_refused_with_those_that_are(capsys: pytest.CaptureFixture[str]):
    assert device.main(["watch", "/dev/ttyS99", "--protocol", "no_such"]) == 2
    assert "mitutoyo" in capsys.readouterr().err


def test_a_tool_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        device.main(["no-such-tool"])
    assert "decode" in capsys.readouterr().err


@pytest.mark.capability("E4")
def test_a_machine_that_tells_by_itself_is_watched_sample_by_sample_by_its_map():
    with TellingSealer(MQTT) as sealer:
        told, ended, enough = [], Event(), Event()

        def tell(line):
            told.append(line)
            if any("temperature_actual" in one and "good" in one for one in told):
                enough.set()

        watching = Thread(target=watch_machine, args=(settings_of(sealer.url, "sealer_mqtt", None), tell, ended))
        watching.start()
        assert enough.wait(10)
        ended.set()
        watching.join(10)
        assert not watching.is_alive()
        assert sealer.server.writes == 0
    assert any("is live" in line or "正常" in line or "已连接" in line for line in told)
