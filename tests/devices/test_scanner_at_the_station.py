"""A serial scanner at a station, over a real socket: what the person scans is what arrives, once."""

import pytest

from app.devices.events import Standing
from app.devices.simulators.line_scanner import LineScannerSimulator

GS1 = "]d201069012345678921729113010LOT-7\x1d21SN-0042"


@pytest.mark.capability("E2")
@pytest.mark.parametrize("terminator", [b"\r", b"\n", b"\r\n", b"\x03", b"\x03\r\n"])
def test_a_scan_keeps_its_group_separators_and_its_aim_prefix(station, terminator):
    with LineScannerSimulator(terminator=terminator) as scanner:
        ear = station.connect(scanner)
        scanner.scan(GS1, split=7)
        ear.until_words(f"scan {GS1}")
        assert ear.scans[0].device == "DEV-1"


@pytest.mark.capability("E2")
def test_two_scans_glued_into_one_packet_stay_two(station):
    with LineScannerSimulator() as scanner:
        ear = station.connect(scanner)
        scanner.scan("LOT-7", "LOT-8")
        ear.until_words("scan LOT-7", "scan LOT-8")


def test_the_same_code_twice_at_once_counts_once_and_is_shown_as_repeated(station):
    """Catalogue C8."""
    with LineScannerSimulator() as scanner:
        ear = station.connect(scanner)
        scanner.scan("LOT-7", "LOT-7", "LOT-8", "LOT-7")
        ear.until_words("scan LOT-7", "repeated LOT-7", "scan LOT-8", "scan LOT-7")


def test_a_label_the_scanner_cannot_read_is_no_scan(station):
    with LineScannerSimulator() as scanner:
        ear = station.connect(scanner)
        scanner.miss()
        ear.until_words("trouble device.nothing_read")
        assert ear.scans == []


@pytest.mark.capability("E7")
def test_a_scanner_unplugged_mid_code_brings_no_half_code_and_comes_back_by_itself(station):
    """Catalogue C1."""
    with LineScannerSimulator() as scanner:
        ear = station.connect(scanner)
        scanner.half_frame()
        scanner.unplug()
        fault = ear.until_standing(Standing.FAULT)
        assert fault.cause is not None
        ear.until_words("trouble device.half_frame", "trouble device.connection_lost")
        assert ear.scans == []

        scanner.plug()
        ear.until_standing(Standing.LIVE)
        scanner.scan("LOT-9")
        ear.until_words("scan LOT-9")


def test_half_a_code_without_an_end_is_named_and_does_not_glue_to_the_next_scan(station):
    with LineScannerSimulator() as scanner:
        ear = station.connect(scanner)
        scanner.half_frame()
        ear.until_words("trouble device.half_frame")
        scanner.scan("LOT-9")
        ear.until_words("scan LOT-9")


def test_noise_is_named_and_a_noisy_line_becomes_a_fault_that_the_next_good_scan_clears(station):
    with LineScannerSimulator() as scanner:
        ear = station.connect(scanner)
        scanner.babble(b"\x00\xff\r\x00\r\x07\x08\r")
        ear.until_words(*["trouble device.unreadable"] * 3)
        fault = ear.until_standing(Standing.FAULT)
        assert fault.cause.code == "device.not_understood"
        scanner.scan("LOT-9")
        ear.until_standing(Standing.LIVE)
        ear.until_words("scan LOT-9")


def test_a_station_never_sends_a_scanner_anything(station):
    with LineScannerSimulator() as scanner:
        ear = station.connect(scanner)
        assert station.hub.ask("DEV-1") is False
        scanner.scan("LOT-9")
        ear.until_words("scan LOT-9")
        assert bytes(scanner.received) == b""
