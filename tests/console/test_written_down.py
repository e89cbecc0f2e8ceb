"""The station's file when devices are changed and taken out on the screen: every word people wrote there stays."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.devices_here import DevicesHere, DevicesUnreadable, PrinterHere, read_devices, write_devices
from app.core.devices_written import (
    DeviceNotWritten,
    DeviceTaken,
    EntryOfOtherForm,
    add_device,
    change_device,
    take_out_device,
)
from app.devices.machines.map_file import read_map
from app.devices.protocol import SerialLine
from app.devices.settings import DeviceSettings, MachineSettings

pytestmark = pytest.mark.capability("E1")

WRITTEN = """\
# Bench 2, set up by Zhao Lei.

[[devices]]
code = "DC-014"     # the blue one
protocol = "mitutoyo"
url = "usb:A6015XNQ"   # left # socket
unit = "mm"
# after repair 2026-09 it hangs right

# The printer of the bench.
[[devices]]
code = "LP-02"
protocol = "zpl"
url = "socket://10.0.4.9:9100"
dpi = 300
"""
GAUGE = DeviceSettings(code="DC-014", protocol="mitutoyo", url="usb:A6015XNQ", unit="mm")
PRINTER = PrinterHere(connection=DeviceSettings(code="LP-02", protocol="zpl", url="socket://10.0.4.9:9100", unit=None), dpi=300)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "devices.toml"
    made.write_text(WRITTEN, "utf-8")
    return made


def test_only_the_lines_that_differ_are_written_anew(file: Path):
    change_device(file, replace(GAUGE, url="/dev/ttyUSB3", line=SerialLine(baud=4800)))
    expected = WRITTEN.replace('url = "usb:A6015XNQ"   # left # socket', 'url = "/dev/ttyUSB3"  # left # socket').replace(
        'unit = "mm"\n', 'unit = "mm"\nline = { baud = 4800, bytesize = 8, parity = "N", stopbits = 1 }\n'
    )
    assert file.read_text("utf-8") == expected
    assert read_devices(file).instruments == (replace(GAUGE, url="/dev/ttyUSB3", line=SerialLine(baud=4800)),)
    change_device(file, replace(PRINTER, dpi=600))
    assert read_devices(file).printers == (replace(PRINTER, dpi=600),)
    assert file.read_text("utf-8") == expected.replace("dpi = 300", "dpi = 600")


def test_a_device_that_is_taken_out_leaves_its_remarks_and_can_come_again(file: Path):
    take_out_device(file, GAUGE)
    text = file.read_text("utf-8")
    assert '# taken out: code = "DC-014"     # the blue one' in text
    assert "# after repair 2026-09 it hangs right" in text
    assert read_devices(file) == DevicesHere(printers=(PRINTER,))
    add_device(file, GAUGE)
    assert read_devices(file) == DevicesHere(instruments=(GAUGE,), printers=(PRINTER,))
    take_out_device(file, PRINTER)
    take_out_device(file, GAUGE)
    assert read_devices(file) == DevicesHere()


def test_what_nobody_wrote_there_is_not_changed(file: Path):
    stranger = replace(GAUGE, code="DC-099")
    for act in (change_device, take_out_device):
        with pytest.raises(DeviceNotWritten):
            act(file, replace(stranger, url="/dev/ttyUSB9"))
    with pytest.raises(DeviceTaken):
        change_device(file, replace(GAUGE, url="socket://10.0.4.9:9100"))
    assert file.read_text("utf-8") == WRITTEN


@pytest.mark.parametrize(
    "written",
    [
        'devices = [{ code = "DC-014", protocol = "mitutoyo", url = "usb:A6015XNQ", unit = "mm" }]\n',
        '[[devices]]\ncode = "DC-014"\nprotocol = "mitutoyo"\nurl = """usb:A6015XNQ"""\nunit = """\\\n  mm"""\n',
        '[[devices]]\ncode = "DC-014"\nprotocol = "mitutoyo"\nurl = "usb:A6015XNQ"\nunit = "mm"\n[devices.line]\nbaud = 9600\n',
    ],
)
def test_a_form_that_this_program_does_not_write_is_left_as_it_is(tmp_path: Path, written: str):
    file = tmp_path / "devices.toml"
    file.write_text(written, "utf-8")
    with pytest.raises(EntryOfOtherForm):
        change_device(file, replace(GAUGE, unit="in", line=SerialLine(baud=4800)))
    assert file.read_text("utf-8") == written


def test_several_machines_stand_behind_one_address_and_nothing_else_does(tmp_path: Path):
    file = tmp_path / "devices.toml"
    machine = MachineSettings(map=read_map("sealer", own=None), unit_id=1, looks_per_s=10)
    one = DeviceSettings(code="SL-03", protocol="modbus", url="socket://10.0.4.20:502", unit=None, machine=machine)
    add_device(file, one)
    add_device(file, replace(one, code="SL-04", machine=replace(machine, unit_id=2)))
    with pytest.raises(DeviceTaken):
        add_device(file, replace(PRINTER, connection=replace(PRINTER.connection, url=one.url)))
    assert [device.code for device in read_devices(file).instruments] == ["SL-03", "SL-04"]


REMARKS = st.sampled_from(["", "# a remark", "# [[devices]]", '# code = "DC-1"', '#"', "", "  # indented"])
CODES = ["DC-1", "DC-2", "DC-3"]
ACTS = st.lists(st.tuples(st.sampled_from(["add", "change", "take out"]), st.sampled_from(CODES), st.integers(0, 9)), max_size=8)


@given(remarks=st.lists(REMARKS, min_size=4, max_size=4), acts=ACTS)
def test_whatever_is_done_in_whatever_order_the_file_says_it_and_no_remark_is_lost(
    tmp_path_factory: pytest.TempPathFactory, remarks: list[str], acts: list[tuple[str, str, int]]
):
    file = tmp_path_factory.mktemp("station") / "devices.toml"
    write_devices(file, DevicesHere(instruments=(replace(GAUGE, code="DC-0", url="/dev/first"),)), heading="station")
    file.write_text("\n".join([remarks[0], file.read_text("utf-8").rstrip() + " " + (remarks[1] or "#"), *remarks[2:]]) + "\n", "utf-8")
    here = {"DC-0": replace(GAUGE, code="DC-0", url="/dev/first")}
    for act, code, port in acts:
        device = replace(GAUGE, code=code, url=f"/dev/{code}-{port}")
        if act == "add" and code not in here:
            add_device(file, device)
            here[code] = device
        elif act == "change" and code in here:
            change_device(file, device)
            here[code] = device
        elif act == "take out" and code in here:
            take_out_device(file, here.pop(code))
    assert {one.code: one for one in read_devices(file).instruments} == here
    text = file.read_text("utf-8")
    assert all(remark.strip() in text for remark in remarks)


def test_a_try_changes_nothing_and_refuses_what_the_act_would_refuse(file: Path):
    add_device(file, replace(GAUGE, code="DC-015", url="/dev/ttyUSB7"), only_try=True)
    change_device(file, replace(GAUGE, url="/dev/ttyUSB7"), only_try=True)
    take_out_device(file, GAUGE, only_try=True)
    with pytest.raises(DevicesUnreadable):
        add_device(file, replace(GAUGE, code="DC-015", url="/dev/ttyUSB7", unit=None), only_try=True)
    with pytest.raises(DeviceNotWritten):
        take_out_device(file, replace(GAUGE, code="DC-015"), only_try=True)
    assert file.read_text("utf-8") == WRITTEN
    assert [one.name for one in file.parent.iterdir()] == ["devices.toml"]
