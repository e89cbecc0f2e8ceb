"""A gauge with a DATA button at a station, and everything a serial line can do to it."""

import os
import sys

import pytest

from app.devices.errors import ConnectionLost, PortUnavailable
from app.devices.events import Standing
from app.devices.protocol import SerialLine
from app.devices.simulators.mitutoyo import MitutoyoSimulator
from app.devices.simulators.wire import carry
from app.devices.transport import open_port, port_of_adapter
from tests.devices.conftest import RS232

# pyserial 3.5 still says setDaemon and setName; Python warns once per connection.
OLD_WORDS = pytest.mark.filterwarnings("ignore:set(Daemon|Name):DeprecationWarning:serial.rfc2217")
LINE_9600 = SerialLine(baud=9600)


@pytest.mark.capability("E1")
def test_pressing_the_button_brings_the_value_with_the_gauges_own_decimals(station):
    with MitutoyoSimulator() as gauge:
        ear = station.connect(gauge, code="DC-014")
        gauge.show("12.50")
        gauge.press()
        ear.until_words("reading 12.50 mm unknown")
        assert ear.readings[0].raw == b"01A+00012.50"
        assert gauge.received == b""


def test_a_gauge_pulled_off_its_input_tool_brings_no_value(station):
    with MitutoyoSimulator(value="12.50") as gauge:
        ear = station.connect(gauge)
        gauge.lose_gauge()
        gauge.press()
        ear.until_words("trouble device.instrument_trouble")
        assert ear.readings == []


@pytest.mark.capability("E7")
def test_nothing_is_repeated_after_the_cable_was_out(station):
    with MitutoyoSimulator(value="12.50") as gauge:
        ear = station.connect(gauge)
        gauge.press()
        ear.until_words("reading 12.50 mm unknown")
        gauge.unplug()
        ear.until_standing(Standing.FAULT)
        gauge.plug()
        ear.until_standing(Standing.LIVE)
        gauge.show("12.51")
        gauge.press()
        ear.until_words("trouble device.connection_lost", "reading 12.51 mm unknown")


@pytest.mark.capability("E7")
def test_a_value_the_terminal_server_kept_from_before_the_connection_is_not_taken_for_a_new_one(station):
    with MitutoyoSimulator(value="12.50") as gauge:
        gauge.keep_while_alone()
        gauge.press()
        ear = station.connect(gauge)
        gauge.show("12.51")
        gauge.press()
        ear.until_words("trouble device.came_too_late", "reading 12.51 mm unknown")


@OLD_WORDS
@pytest.mark.capability("E1")
def test_a_gauge_behind_a_terminal_server_is_read_with_its_own_line_settings(station):
    with MitutoyoSimulator(line=RS232, value="12.500") as gauge:
        ear = station.connect(gauge, line=RS232)
        gauge.press()
        ear.until_words("reading 12.500 mm unknown")


@OLD_WORDS
@pytest.mark.parametrize("wrong", [LINE_9600, SerialLine(baud=4800), SerialLine(baud=19200, bytesize=7, parity="E")])
def test_with_wrong_line_settings_no_value_ever_arrives(station, wrong):
    with MitutoyoSimulator(line=RS232, value="12.500") as gauge:
        ear = station.connect(gauge, line=wrong)
        for _ in range(3):
            gauge.press()
        gauge.babble(b"\r\r")
        ear.until(lambda ear: bool(ear.troubles))
        assert ear.readings == []


@pytest.mark.parametrize("line", [LINE_9600, RS232, SerialLine(baud=1200, bytesize=7, parity="O")])
def test_two_ends_that_agree_hear_every_byte(line):
    assert carry(b"01A+0012.500\r", sender=line, receiver=line) == b"01A+0012.500\r"


def test_a_parity_bit_read_as_data_turns_up_in_the_eighth_bit():
    seven_even = SerialLine(baud=9600, bytesize=7, parity="E")
    assert carry(b"01", sender=seven_even, receiver=LINE_9600) == b"0\xb1"
    assert carry(b"0", sender=LINE_9600, receiver=SerialLine(baud=9600, bytesize=7, parity="N", stopbits=1)) != b""


def test_a_wrong_speed_garbles_every_message():
    assert b"0012" not in carry(b"01A+0012.500\r", sender=LINE_9600, receiver=SerialLine(baud=19200))
    assert b"0012" not in carry(b"01A+0012.500\r", sender=SerialLine(baud=19200), receiver=LINE_9600)


@pytest.mark.parametrize("url", ["socket://127.0.0.1:1", "/dev/no-such-port", "nonsense://x", "usb:NO-SUCH-ADAPTER"])
def test_a_port_that_cannot_be_opened_says_so(url):
    with pytest.raises(PortUnavailable) as refused:
        open_port(url, LINE_9600)
    assert url in str(refused.value.what)


class Plugged:
    def __init__(self, device, serial_number):
        self.device, self.serial_number = device, serial_number


def test_an_adapter_is_found_by_its_serial_number_wherever_it_turned_up():
    """Catalogue C18."""
    ports = [Plugged("/dev/ttyUSB0", "A1"), Plugged("/dev/ttyUSB3", "B2"), Plugged("/dev/ttyS0", None)]
    assert port_of_adapter("B2", ports) == "/dev/ttyUSB3"


@pytest.mark.parametrize("serial_number", ["C3", "A1"])
def test_an_adapter_that_is_missing_or_not_unique_is_never_guessed(serial_number):
    with pytest.raises(OSError, match="adapters"):
        port_of_adapter(serial_number, [Plugged("/dev/ttyUSB0", "A1"), Plugged("/dev/ttyUSB1", "A1")])


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo terminals are a POSIX thing")
def test_a_real_serial_port_is_ours_alone_and_losing_it_keeps_what_had_arrived():
    import pty
    import tty

    device, station_end = pty.openpty()
    tty.setraw(station_end)
    path = os.ttyname(station_end)
    port = open_port(path, LINE_9600)
    try:
        with pytest.raises(PortUnavailable):
            open_port(path, LINE_9600)
        os.write(device, b"01A+0012.500\r")
        assert port.read() == b"01A+0012.500\r"
        port.write(b"SI\r\n")
        assert os.read(device, 10) == b"SI\r\n"
        os.close(station_end)
        os.close(device)
        with pytest.raises(ConnectionLost):
            port.read()
    finally:
        port.close()
