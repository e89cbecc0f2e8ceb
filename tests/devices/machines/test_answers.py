"""Answers on the wire, good and bad: exactly the registers that were asked for, or a trouble with a name."""

from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.base.errors import DeviceError
from app.devices.errors import ConnectionLost, PortUnavailable
from app.devices.machines.blocks import Block
from app.devices.machines.errors import AnswerUnreadable, MachineRefuses, MachineSilent
from app.devices.machines.modbus import ModbusLine
from app.devices.machines.register_map import RegisterKind
from app.devices.simulators.sealer import UNIT_ID
from tests.devices.machines.bench import PATIENT_S

THREE = Block(kind=RegisterKind.INPUT, address=0, count=3)


def ask(machine, *, block: Block = THREE, unit_id: int = UNIT_ID, answer_s: float) -> list[int]:
    with closing(ModbusLine(machine.url, unit_id=unit_id, answer_s=answer_s)) as line:
        return list(line.read(block))


def test_registers_come_as_they_stand_and_both_tables_have_their_own(sealer):
    assert ask(sealer, answer_s=PATIENT_S)[1:] == [0, 0]
    assert ask(sealer, block=Block(kind=RegisterKind.HOLDING, address=0, count=2), answer_s=PATIENT_S) == [1370, 12]


@pytest.mark.parametrize(
    ("block", "unit_id", "exception"),
    [
        (Block(kind=RegisterKind.INPUT, address=0, count=20), UNIT_ID, 2),
        (Block(kind=RegisterKind.INPUT, address=7, count=1), UNIT_ID, 2),
        (Block(kind=RegisterKind.HOLDING, address=500, count=1), UNIT_ID, 2),
        (THREE, 9, 4),
    ],
)
def test_a_register_or_a_unit_the_machine_does_not_have_is_a_refusal(sealer, block, unit_id, exception):
    with pytest.raises(MachineRefuses) as caught:
        ask(sealer, block=block, unit_id=unit_id, answer_s=PATIENT_S)
    assert caught.value.facts["exception"] == exception


def frame(answer: bytes, *, pdu: bytes, unit: int = UNIT_ID, transaction: int = 0) -> bytes:
    """Another answer to the same question: its transaction identifier, moved by ``transaction``."""
    number = (int.from_bytes(answer[:2], "big") + transaction) % 65536
    return number.to_bytes(2, "big") + b"\0\0" + (len(pdu) + 1).to_bytes(2, "big") + bytes([unit]) + pdu


GOOD = b"\x04\x06\x00\x01\x00\x02\x00\x03"


@pytest.mark.capability("E7")
@pytest.mark.parametrize(
    ("manner", "trouble"),
    [
        (lambda _: b"", MachineSilent),
        (lambda answer: answer[:1], AnswerUnreadable),
        (lambda answer: answer[:-1], AnswerUnreadable),
        (lambda answer: frame(answer, pdu=GOOD, transaction=1), AnswerUnreadable),
        (lambda answer: frame(answer, pdu=GOOD, transaction=-1), AnswerUnreadable),
        (lambda answer: frame(answer, pdu=GOOD, unit=2), AnswerUnreadable),
        (lambda answer: frame(answer, pdu=b"\x03" + GOOD[1:]), AnswerUnreadable),
        (lambda answer: frame(answer, pdu=b"\x04\x04\x00\x01\x00\x02"), AnswerUnreadable),
        (lambda answer: frame(answer, pdu=b"\x04\x08" + GOOD[2:] + b"\x00\x04"), AnswerUnreadable),
        (lambda answer: frame(answer, pdu=b"\x04\x05" + GOOD[2:]), AnswerUnreadable),
        (lambda answer: frame(answer, pdu=b"\x04\x04" + GOOD[2:]), AnswerUnreadable),
        (lambda answer: frame(answer, pdu=b"\x04\xff" + GOOD[2:]), AnswerUnreadable),
        (lambda answer: frame(answer, pdu=GOOD + b"\x00"), AnswerUnreadable),
        (lambda answer: frame(answer, pdu=GOOD) + b"\x00\x01", AnswerUnreadable),
        (lambda answer: frame(answer, pdu=b"\x04"), AnswerUnreadable),
        (lambda answer: frame(answer, pdu=b""), AnswerUnreadable),
        (lambda answer: frame(answer, pdu=b"\x2b\x0e\x01"), AnswerUnreadable),
        (lambda answer: answer[:2] + b"\x00\x07" + answer[4:], AnswerUnreadable),
        (lambda answer: frame(answer, pdu=b"\x84\x06"), MachineRefuses),
        (lambda answer: frame(answer, pdu=b"\x84"), AnswerUnreadable),
    ],
)
def test_an_answer_that_is_none_to_the_question_brings_no_register(sealer, manner, trouble):
    sealer.server.manner = manner
    with pytest.raises(trouble):
        ask(sealer, answer_s=0.25)


def test_an_answer_to_an_older_question_is_passed_over_before_the_right_one(sealer):
    with closing(ModbusLine(sealer.url, unit_id=UNIT_ID, answer_s=PATIENT_S)) as line:
        line.read(THREE)
        sealer.server.manner = lambda answer: frame(answer, pdu=GOOD, transaction=-1) + frame(answer, pdu=b"\x04\x06" + bytes(range(6)))
        assert list(line.read(THREE)) == [0x0001, 0x0203, 0x0405]


@pytest.mark.capability("E7")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cut=st.integers(0, 20),
    noise=st.binary(max_size=12),
    flips=st.lists(st.tuples(st.integers(0, 14), st.integers(1, 255)), max_size=3),
)
def test_whatever_comes_back_is_exactly_three_registers_or_a_named_trouble(sealer, cut, noise, flips):
    def spoil(answer: bytes) -> bytes:
        spoilt = bytearray(answer)
        for place, bits in flips:
            spoilt[place % len(spoilt)] ^= bits
        return bytes(spoilt[:cut]) + noise

    sent = []
    sealer.server.manner = lambda answer: sent.append((answer, spoil(answer))) or sent[-1][1]
    try:
        registers = ask(sealer, answer_s=0.02)
    except DeviceError as trouble:
        registers, said = None, f"{trouble.what} {trouble.next}"
    if registers is None:
        assert len(said) > 20
    else:
        ((true, spoilt),) = sent
        assert spoilt[-len(true) :][:9] == true[:9], "whatever was spoilt, transaction, unit, function and lengths are those of the answer"
        assert spoilt[-6:] == b"".join(register.to_bytes(2, "big") for register in registers)


def test_nobody_there_is_told_with_the_reason_and_a_line_that_was_closed_reads_nothing(sealer):
    with closing(ModbusLine(sealer.url, unit_id=UNIT_ID, answer_s=PATIENT_S)) as line:
        sealer.unplug()
        with pytest.raises(ConnectionLost):
            line.read(THREE)
    line.hang_up()
    with pytest.raises(PortUnavailable, match="refused"):
        ModbusLine(sealer.url, unit_id=UNIT_ID, answer_s=PATIENT_S)
    with pytest.raises(PortUnavailable, match="socket://host:port"):
        ModbusLine("rfc2217://127.0.0.1:9", unit_id=UNIT_ID, answer_s=PATIENT_S)


def test_a_spoilt_answer_before_the_right_one_in_the_same_packet_brings_no_registers_of_its_own(sealer):
    """An answer that says it holds none: pymodbus 3.16.1 gives none out, and the right one lies behind it."""
    sealer.server.manner = lambda answer: frame(answer, pdu=b"\x04\x00" + b"\x00" * 4) + frame(answer, pdu=GOOD)
    with pytest.raises(AnswerUnreadable):
        ask(sealer, answer_s=0.25)
