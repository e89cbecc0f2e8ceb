"""An RTU answer is believed only whole, of the right unit, function and length, with its own CRC and nothing around it."""

from __future__ import annotations

from struct import pack

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.base.errors import DeviceError
from app.devices.machines.blocks import Block
from app.devices.machines.errors import LineUnreadable, MachineRefuses
from app.devices.machines.register_map import RegisterKind
from app.devices.machines.rtu_frames import Question, crc_of, is_sealed, sealed

pytestmark = pytest.mark.capability("E7")


def question(count: int = 3, *, kind: RegisterKind = RegisterKind.INPUT, unit_id: int = 1, address: int = 0) -> Question:
    return Question(unit_id=unit_id, block=Block(kind=kind, address=address, count=count))


def answer(*registers: int, function: int = 4, unit: int = 1) -> bytes:
    return sealed(pack(f">BBB{len(registers)}H", unit, function, 2 * len(registers), *registers))


def crc_bit_by_bit(content: bytes) -> bytes:
    """As the specification draws it (MODBUS over Serial Line V1.02, 6.2.2, figure 40), one bit after the other."""
    check = 0xFFFF
    for byte in content:
        check ^= byte
        for _ in range(8):
            carry, check = check & 1, check >> 1
            check ^= 0xA001 * carry
    return bytes((check & 0xFF, check >> 8))


def heard(asked: Question, message: bytes) -> list[int] | DeviceError | None:
    """Registers, a named trouble, or nothing yet."""
    try:
        registers = asked.answered_by(message)
    except DeviceError as trouble:
        return trouble
    return None if registers is None else list(registers)


def test_the_crc_is_that_of_the_specification():
    assert crc_of(b"\x02\x07") == b"\x41\x12", "MODBUS over Serial Line V1.02, 6.2.2: 0x1241, low byte first"
    assert question(1, kind=RegisterKind.HOLDING).frame == bytes.fromhex("010300000001840a")


@given(st.binary(max_size=256))
def test_the_crc_is_that_of_the_specification_for_any_content(content):
    assert crc_of(content) == crc_bit_by_bit(content)


@given(st.lists(st.integers(0, 65535), min_size=1, max_size=125), st.sampled_from(RegisterKind), st.integers(1, 247), st.integers(0, 65000))
def test_the_right_answer_brings_exactly_its_registers_however_it_is_cut_and_whether_or_not_the_adapter_echoes(
    registers, kind, unit_id, address
):
    asked = question(len(registers), kind=kind, unit_id=unit_id, address=address)
    whole = answer(*registers, function=3 if kind is RegisterKind.HOLDING else 4, unit=unit_id)
    assume(not asked.frame.startswith(whole))
    for said in (whole, asked.frame + whole):
        assert [heard(asked, said[:cut]) for cut in range(len(said))] == [None] * len(said)
        assert heard(asked, said) == registers


GOOD = answer(1, 2, 3)
TROUBLES = {
    "of another unit": answer(1, 2, 3, unit=2),
    "of another function": answer(1, 2, 3, function=3),
    "with fewer registers": answer(1, 2),
    "with more registers": answer(1, 2, 3, 4),
    "with a byte count that is odd": sealed(b"\x01\x04\x05" + bytes(5)),
    "with a byte count that is too small": sealed(b"\x01\x04\x04" + bytes(6)),
    "with a byte too many": GOOD + b"\x00",
    "with itself behind": GOOD + GOOD,
    "with a byte before": b"\x00" + GOOD,
    "with a wrong CRC": GOOD[:-1] + bytes([GOOD[-1] ^ 1]),
    "with its CRC turned round": GOOD[:-2] + GOOD[:-3:-1],
    "with an exception of another unit": sealed(b"\x02\x84\x02"),
    "with an exception to another function": sealed(b"\x01\x83\x02"),
    "with an exception and more": sealed(b"\x01\x84\x02") + b"\x00",
    "with an exception of a wrong CRC": b"\x01\x84\x02\x00\x00",
    "in ASCII mode": b":010406000100020003EF\r\n",
    "by a scale": b"ES\r\n",
    "with the question of another master": question(2, unit_id=9).frame,
}


@pytest.mark.parametrize("said", TROUBLES.values(), ids=TROUBLES)
def test_what_is_no_answer_to_this_question_brings_no_register(said):
    asked = question()
    for sent in (said, asked.frame + said):
        trouble = heard(asked, sent)
        assert isinstance(trouble, LineUnreadable)
        assert trouble.frame == sent


@pytest.mark.parametrize("exception", [1, 2, 3, 4, 5, 6, 8, 10, 11])
def test_an_exception_reply_is_a_refusal_with_its_number(exception):
    for kind, function in ((RegisterKind.INPUT, 0x84), (RegisterKind.HOLDING, 0x83)):
        trouble = heard(question(kind=kind), sealed(bytes((1, function, exception))))
        assert isinstance(trouble, MachineRefuses)
        assert trouble.facts["exception"] == exception


def test_the_echo_alone_is_never_taken_for_an_answer_even_where_it_looks_like_one():
    """A register at 512…767: the third byte of the question is the byte count of its answer."""
    for address in range(512, 768):
        asked = question(1, address=address)
        assert [heard(asked, asked.frame[:cut]) for cut in range(9)] == [None] * 9


@given(
    registers=st.lists(st.integers(0, 65535), min_size=3, max_size=3),
    flips=st.lists(st.integers(0, 11 * 8 - 1), min_size=1, max_size=3, unique=True),
)
def test_one_to_three_wrong_bits_never_bring_registers(registers, flips):
    """The check finds every one of them in a frame this short: polynomial x16 + x15 + x2 + 1, Hamming distance 4 up to 32 751 bits."""
    spoilt = bytearray(answer(*registers))
    for place in flips:
        spoilt[place // 8] ^= 1 << place % 8
    assert not isinstance(heard(question(), bytes(spoilt)), list)


@given(
    registers=st.lists(st.integers(0, 65535), min_size=3, max_size=3),
    first=st.integers(0, 11 * 8 - 16),
    burst=st.integers(1, 0xFFFF),
)
def test_a_disturbance_of_up_to_sixteen_bits_never_brings_registers(registers, first, burst):
    spoilt = int.from_bytes(answer(*registers), "little") ^ burst << first
    assert not isinstance(heard(question(), spoilt.to_bytes(11, "little")), list)


@given(
    said=st.binary(max_size=24)
    | st.builds(
        lambda before, cut, skip, behind: before + GOOD[skip:cut] + behind,
        st.binary(max_size=6),
        st.integers(0, 11),
        st.integers(0, 11),
        st.binary(max_size=6),
    )
)
def test_whatever_comes_is_nothing_yet_a_named_trouble_or_a_frame_in_which_every_byte_is_right(said):
    asked = question()
    found = heard(asked, said)
    if isinstance(found, list):
        frame = said.removeprefix(asked.frame)
        assert len(frame) == 11
        assert frame[:3] == b"\x01\x04\x06"
        assert crc_bit_by_bit(frame[:-2]) == frame[-2:]
        assert pack(">3H", *found) == frame[3:-2]
    elif isinstance(found, DeviceError):
        assert len(f"{found.what} {found.next}") > 20


@given(st.binary(max_size=8))
def test_a_frame_is_sealed_by_its_crc_and_by_nothing_else(content):
    assert is_sealed(sealed(content)) == (len(content) >= 2)
    assert not is_sealed(content + bytes(byte ^ 0xFF for byte in crc_of(content)))
