"""Plugged in, found: the port's speed, the line's settings and the kind of device, by listening and by questions that change nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event, Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.devices.errors import PortUnavailable
from app.devices.protocol import SerialLine
from app.devices.recognition.evidence import Kind
from app.devices.recognition.findings import Findings
from app.devices.recognition.kinds import kinds
from app.devices.recognition.parity import heard_with, say_with
from app.devices.recognition.search import recognise
from app.devices.simulators.line_scanner import LineScannerSimulator
from app.devices.simulators.mitutoyo import MitutoyoSimulator
from app.devices.simulators.mt_sics import MtSicsSimulator
from app.devices.simulators.opto_rs232 import OptoRs232Simulator
from app.devices.simulators.sartorius_sbi import SartoriusSbiSimulator
from app.devices.simulators.simulator import Simulator
from app.devices.simulators.wire import carry
from app.devices.simulators.zpl_printer import ZplPrinter

pytestmark = pytest.mark.capability("E7")

SLOW_HAND_S = 0.4
CODE = "]d20109521101530025\x1d10A1"


@contextmanager
def a_hand(act: Callable[[], None]) -> Iterator[None]:
    """Somebody presses the button again and again until the device is found."""
    done = Event()

    def press() -> None:
        while not done.wait(SLOW_HAND_S):
            act()

    hand = Thread(target=press)
    hand.start()
    try:
        yield
    finally:
        done.set()
        hand.join()


LONG_S = 40
"""A busy machine is given time; how long it takes on a quiet one is a figure of the bench."""


def found(device: Simulator, *, hand: Callable[[], None] | None = None, within_s: float = LONG_S) -> Findings:
    with device:
        if hand is None:
            return recognise(device.url, stopping=Event(), within_s=within_s)
        with a_hand(hand):
            return recognise(device.url, stopping=Event(), within_s=within_s)


def lines_of(key: str) -> list[SerialLine]:
    (kind,) = [kind for kind in kinds() if kind.key == key]
    return list({(one.baud, one.bytesize, one.parity): one for one in kind.lines}.values())


def name_of(line: SerialLine) -> str:
    return f"{line.baud} {line.bytesize}{line.parity}"


FEW = ["9600 8N", "1200 7O", "115200 7E"]
OF_BALANCES = ["9600 8O", "1200 7O", "19200 8N"]
OF_SCANNERS = ["9600 8N", "38400 7E", "115200 8N"]


@pytest.mark.parametrize("line", [one for one in lines_of("mt_sics") if name_of(one) in FEW], ids=name_of)
def test_a_scale_is_found_at_its_speed_and_parity_with_its_serial_number_and_nothing_in_it_is_changed(line: SerialLine):
    scale = MtSicsSimulator(line=line, serial_number="B120000001")
    findings = found(scale)
    (one,) = findings.fitting
    assert (one.key, one.serial_number) == ("mt_sics", "B120000001")
    assert one.line is not None
    assert name_of(one.line) == name_of(line)
    assert scale.changing_bytes == 0


@pytest.mark.parametrize("line", [one for one in lines_of("sartorius_sbi") if name_of(one) in OF_BALANCES], ids=name_of)
def test_a_balance_with_eight_bits_and_parity_is_found_too(line: SerialLine):
    balance = SartoriusSbiSimulator(line=line)
    (one,) = found(balance).fitting
    assert one.line is not None
    assert (one.key, name_of(one.line), one.serial_number) == ("sartorius_sbi", name_of(line), "0047304196")
    assert balance.changing_bytes == 0


@pytest.mark.parametrize("line", lines_of("opto_rs232"), ids=name_of)
def test_a_gauge_that_can_be_asked_is_found_without_a_hand(line: SerialLine):
    gauge = OptoRs232Simulator(line=line, value="12.345")
    (one,) = found(gauge).fitting
    assert one.line is not None
    assert (one.key, name_of(one.line), one.line.stopbits) == ("opto_rs232", name_of(line), 2)
    assert gauge.changing_bytes == 0


@pytest.mark.parametrize("line", [one for one in lines_of("line_scanner") if name_of(one) in OF_SCANNERS], ids=name_of)
def test_a_scanner_is_found_while_somebody_scans(line: SerialLine):
    scanner = LineScannerSimulator(line=line)
    (one,) = found(scanner, hand=lambda: scanner.scan(CODE)).fitting
    assert one.line is not None
    assert (one.key, name_of(one.line), one.frame) == ("line_scanner", name_of(line), CODE.encode())
    assert scanner.changing_bytes == 0


def test_a_scanner_without_the_prefix_is_found_after_the_second_scan():
    scanner = LineScannerSimulator(line=SerialLine(baud=9600))
    (one,) = found(scanner, hand=lambda: scanner.scan("NF26-0931")).fitting
    assert one.key == "line_scanner"


def test_a_gauge_is_found_while_somebody_presses_its_button():
    gauge = MitutoyoSimulator(line=SerialLine(baud=9600), value="25.04")
    (one,) = found(gauge, hand=gauge.press).fitting
    assert (one.key, one.frame) == ("mitutoyo", b"01A+00025.04")
    assert gauge.changing_bytes == 0


def test_a_printer_on_the_network_is_found_by_what_it_says_of_itself_and_prints_nothing():
    printer = ZplPrinter()
    try:
        findings = recognise(printer.start(), stopping=Event(), within_s=LONG_S)
    finally:
        printer.stop()
    assert [(one.key, one.line) for one in findings.fitting] == [("zpl", None)]
    assert list(printer.printed) == []


def test_two_ports_are_found_at_once():
    scale = MtSicsSimulator(line=SerialLine(baud=1200, bytesize=7, parity="O"))
    scanner = LineScannerSimulator(line=SerialLine(baud=57600))
    with scale, scanner, a_hand(lambda: scanner.scan(CODE)), ThreadPoolExecutor(2) as ports:
        both = list(ports.map(lambda url: recognise(url, stopping=Event(), within_s=LONG_S), [scale.url, scanner.url]))
    assert [[one.key for one in findings.fitting] for findings in both] == [["mt_sics"], ["line_scanner"]]


def test_what_several_kinds_would_say_is_left_to_a_person(monkeypatch: pytest.MonkeyPatch):
    (gauge_kind,) = [kind for kind in kinds() if kind.key == "mitutoyo"]
    twin = Kind(key="twin", lines=gauge_kind.lines, question=None, judge=gauge_kind.judge)
    monkeypatch.setattr("app.devices.recognition.search.kinds", lambda: (gauge_kind, twin))
    gauge = MitutoyoSimulator(line=SerialLine(baud=9600), value="25.04")
    assert {one.key for one in found(gauge, hand=gauge.press).fitting} == {"mitutoyo", "twin"}


def test_a_device_that_babbles_is_not_taken_for_any_kind_and_its_bytes_are_kept_for_the_engineer():
    babbler = MitutoyoSimulator(line=SerialLine(baud=9600))
    findings = found(babbler, hand=lambda: babbler.babble(b"\x80\xff\x00motor"), within_s=2)
    assert findings.fitting == ()
    assert b"motor" in findings.heard


def test_nothing_is_found_where_nobody_speaks_and_the_search_ends_in_time_or_at_once_when_it_is_stopped():
    quiet = MitutoyoSimulator(line=SerialLine(baud=9600))
    assert found(quiet, within_s=0.5).fitting == ()
    stopped = Event()
    stopped.set()
    with MtSicsSimulator(line=SerialLine(baud=9600)) as scale:
        assert recognise(scale.url, stopping=stopped).fitting == ()


def test_a_port_that_is_taken_says_so():
    with MtSicsSimulator(line=SerialLine(baud=9600)) as scale:
        scale.unplug()
        with pytest.raises(PortUnavailable):
            recognise(scale.url, stopping=Event())


def test_no_question_holds_a_letter_that_a_scale_of_single_letters_would_obey():
    asked = b"".join(kind.question for kind in kinds() if kind.question)
    assert set(asked) & set(b"TZCUO") == set(), "T, Z: tare and zero of T-Scale and Toledo; C: clear tare; O: output of VIBRA"


@given(text=st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=8), parity=st.sampled_from(["N", "E", "O"]))
def test_a_port_at_eight_bits_hears_what_a_device_with_seven_bits_and_parity_says_and_is_heard_by_it(text, parity):
    device = SerialLine(baud=9600) if parity == "N" else SerialLine(baud=9600, bytesize=7, parity=parity)
    port = SerialLine(baud=9600)
    heard = carry(text.encode(), sender=device, receiver=port)
    explained = heard_with(heard)
    assert explained is not None
    assert explained[1] == text.encode()
    assert explained[0] == parity or all(byte < 0x80 for byte in heard)
    assert carry(say_with(parity, text.encode()), sender=port, receiver=device) == text.encode()
