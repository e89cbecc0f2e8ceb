"""A machine is found by reading one register: on a serial line at any of its settings, or on the network; and no other device minds."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.devices.machines.rtu_frames import sealed
from app.devices.protocol import SerialLine
from app.devices.recognition.evidence import Evidence
from app.devices.recognition.findings import Recognised
from app.devices.recognition.kinds import kinds
from app.devices.recognition.machines import ASK_RTU, ASK_TCP, RTU_LINES, said_by_rtu, said_by_tcp
from app.devices.recognition.search import recognise
from app.devices.settings import RTU_LINE
from app.devices.simulators.mt_sics import MtSicsSimulator
from app.devices.simulators.opto_rs232 import OptoRs232Simulator
from app.devices.simulators.rtu_server import RtuServer
from app.devices.simulators.sealer import SealerSimulator
from app.devices.simulators.simulator import Simulator, simulators
from app.devices.simulators.zpl_printer import ZplPrinter
from tests.devices.machines.test_rtu_frames import crc_bit_by_bit
from tests.devices.recognition.test_recognition import LONG_S

pytestmark = pytest.mark.capability("E7")

NINTH = SerialLine(baud=9600, parity="E")


def found(sealer: SealerSimulator, *, within_s: float = LONG_S) -> tuple[Recognised, ...]:
    """What recognition says of it, which wrote nothing to it."""
    with sealer:
        findings = recognise(sealer.url, stopping=Event(), within_s=within_s)
    assert sealer.server.writes == 0
    if isinstance(sealer.server, RtuServer):
        assert sealer.server.changing_bytes == 0
    return findings.fitting


def test_a_machine_on_a_serial_line_is_found_at_every_speed_and_parity_and_nothing_in_it_is_changed():
    """Twelve at once, each on a port of its own."""
    with ThreadPoolExecutor(len(RTU_LINES)) as ports:
        every = list(ports.map(lambda line: found(SealerSimulator(line=line)), RTU_LINES))
    assert [[(one.key, one.line) for one in fitting] for fitting in every] == [[("modbus", line)] for line in RTU_LINES]


def test_a_machine_is_found_by_its_refusal_too():
    sealer = SealerSimulator(line=NINTH)
    sealer.refuse(2)
    (one,) = found(sealer)
    assert (one.key, one.line, one.frame) == ("modbus", NINTH, sealed(b"\x01\x83\x02"))


def test_a_machine_that_takes_its_time_is_found_with_the_parity_it_has_and_not_with_the_one_asked_after_it():
    sealer = SealerSimulator(line=NINTH)
    sealer.server.turn_s = 0.15
    (one,) = found(sealer)
    assert one.line == NINTH


def test_an_adapter_that_hears_what_it_sends_is_no_machine_and_hides_none():
    sealer = SealerSimulator(line=NINTH)
    sealer.server.echoes = True
    (one,) = found(sealer)
    assert (one.key, one.line) == ("modbus", NINTH)
    silent = SealerSimulator(line=SerialLine(baud=9600))
    silent.server.echoes = True
    silent.fall_silent()
    assert found(silent, within_s=2) == ()


@pytest.mark.parametrize("manner", [lambda answer: answer[:-1], lambda answer: b"\x02" + answer[1:], lambda answer: answer[:-1] + b"\x00"])
def test_half_an_answer_one_of_another_unit_and_one_with_a_wrong_check_prove_nothing(manner: Callable[[bytes], bytes]):
    sealer = SealerSimulator(line=SerialLine(baud=9600))
    sealer.server.manner = manner
    assert found(sealer, within_s=2) == ()


def test_a_machine_on_the_network_is_found_with_its_first_answer_and_by_its_refusal():
    (one,) = found(SealerSimulator())
    assert (one.key, one.line) == ("modbus", None)
    busy = SealerSimulator()
    busy.refuse()
    assert [one.key for one in found(busy)] == ["modbus"]


@pytest.mark.parametrize(
    "device",
    [MtSicsSimulator(line=None, serial_number="B120000001"), OptoRs232Simulator(line=None, value="12.345")],
    ids=lambda one: one.key,
)
def test_other_devices_on_a_socket_are_found_although_they_heard_the_question_to_a_machine(device: Simulator):
    with device:
        (one,) = recognise(device.url, stopping=Event(), within_s=LONG_S).fitting
    assert one.key == device.key
    assert ASK_TCP in device.received
    assert device.changing_bytes == 0


@pytest.mark.parametrize("key", sorted(simulators()))
@pytest.mark.parametrize("question", [ASK_RTU, ASK_TCP], ids=["on a line", "on the network"])
def test_the_question_to_a_machine_changes_no_other_device(key: str, question: bytes):
    with simulators()[key](line=None) as device:
        device.hear(question + b"\r\n")
        assert device.changing_bytes == 0


def test_the_question_to_a_machine_prints_nothing():
    printer = ZplPrinter()
    try:
        recognise(printer.start(), stopping=Event(), within_s=LONG_S)
    finally:
        printer.stop()
    assert list(printer.printed) == []


def test_the_questions_to_machines_hold_control_characters_only():
    """STX, ENQ, DLE, DC1, ESC and CAN begin commands of scales, printers and scanners: none of them is sent."""
    assert set(ASK_RTU + ASK_TCP) == {0x00, 0x01, 0x03, 0x06, 0x0A, 0x84}


def test_the_usual_line_of_a_machine_is_one_of_those_that_are_tried():
    assert RTU_LINE in RTU_LINES
    assert [kind.key for kind in kinds()].count("modbus") == 2


ANSWER = sealed(b"\x01\x03\x02\x05\x5a")


@given(
    said=st.binary(max_size=30)
    | st.builds(
        lambda before, skip, cut, flip, behind: before + bytes(b ^ flip * (n == cut) for n, b in enumerate(ANSWER[skip:cut])) + behind,
        st.binary(max_size=9),
        st.integers(0, 7),
        st.integers(0, 7),
        st.integers(0, 255),
        st.binary(max_size=9),
    )
)
def test_whatever_is_heard_a_machine_is_believed_only_by_a_frame_with_its_own_check(said: bytes):
    evidence = said_by_rtu(said)
    assert evidence is None or (evidence.frame in said and evidence.frame[-2:] == crc_bit_by_bit(evidence.frame[:-2]))


@given(place=st.integers(0, 6), bits=st.integers(1, 255), before=st.binary(max_size=3))
def test_one_wrong_byte_proves_no_machine(place: int, bits: int, before: bytes):
    spoilt = bytearray(ANSWER)
    spoilt[place] ^= bits
    assert said_by_rtu(bytes(spoilt)) is None
    assert said_by_rtu(before + ANSWER) == Evidence(strength=2, frame=ANSWER)


@given(place=st.integers(0, 8), bits=st.integers(1, 255), word=st.binary(min_size=2, max_size=2))
def test_on_the_network_every_byte_before_the_register_must_be_right(place: int, bits: int, word: bytes):
    answer = bytearray(b"\x00\x00\x00\x00\x00\x05\x01\x03\x02" + word)
    assert said_by_tcp(bytes(answer)) is not None
    assert said_by_tcp(ASK_TCP) is None
    answer[place] ^= bits
    assert said_by_tcp(bytes(answer)) is None
