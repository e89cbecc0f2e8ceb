"""A sealer on a serial line behind a terminal server: what it says is read at its own settings, and at no others."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing
from threading import Timer

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.base.errors import DeviceError
from app.devices.errors import ConnectionLost, PortUnavailable
from app.devices.events import Standing
from app.devices.machines.blocks import Block
from app.devices.machines.errors import AnswerUnreadable, LineSilent, LineUnreadable, MachineRefuses, MachineSilent
from app.devices.machines.register_map import RegisterKind
from app.devices.machines.rtu import RtuLine, characters_s, silence_s
from app.devices.machines.rtu_frames import Question, is_sealed, sealed
from app.devices.protocol import SerialLine
from app.devices.session import OpenPort
from app.devices.settings import MODBUS, RTU_LINE, DeviceSettings, Patience
from app.devices.simulators.sealer import UNIT_ID, SealerSimulator
from app.devices.transport import Port, open_port
from tests.devices.machines.bench import PATIENT_S

pytestmark = pytest.mark.capability("E7")

THREE = Block(kind=RegisterKind.INPUT, address=0, count=3)
GOOD = b"\x01\x04\x06\x00\x01\x00\x02\x00\x03"


@pytest.fixture
def sealer(clock) -> Iterator[SealerSimulator]:
    with SealerSimulator(seed=7, clock=clock, line=RTU_LINE) as sealer:
        yield sealer
    assert (sealer.server.writes, sealer.server.changing_bytes) == (0, 0)


def shown(sealer: SealerSimulator) -> list[int]:
    """What stands in its first three input registers, as long as its clock stands."""
    registers = sealer.registers()
    return [registers[RegisterKind.INPUT, address] for address in range(3)]


def opened(
    sealer: SealerSimulator,
    *,
    line: SerialLine = RTU_LINE,
    unit_id: int = UNIT_ID,
    answer_s: float = PATIENT_S,
    opening: OpenPort = open_port,
) -> RtuLine:
    return RtuLine(sealer.url, line=line, unit_id=unit_id, answer_s=answer_s, open_port=opening)


class Dripping:
    """A real port whose adapter hands over one byte after the other, as many do."""

    def __init__(self, url: str, line: SerialLine) -> None:
        self._port, self._kept = open_port(url, line), b""
        self.write, self.waiting, self.tune, self.close = self._port.write, self._port.waiting, self._port.tune, self._port.close

    def read(self) -> bytes:
        self._kept = self._kept or self._port.read()
        byte, self._kept = self._kept[:1], self._kept[1:]
        return byte


def test_registers_of_both_tables_come_as_they_stand(sealer):
    with closing(opened(sealer)) as line:
        assert list(line.read(THREE)) == shown(sealer)
        assert list(line.read(Block(kind=RegisterKind.HOLDING, address=0, count=2))) == [1370, 12]
        assert line.said == Question(unit_id=UNIT_ID, block=Block(kind=RegisterKind.HOLDING, address=0, count=2)).frame


def test_an_adapter_that_hears_what_it_sends_disturbs_nothing(sealer):
    sealer.server.echoes = True
    with closing(opened(sealer)) as line:
        assert [list(line.read(THREE)) for _ in range(20)] == [shown(sealer)] * 20


@pytest.mark.parametrize(
    ("block", "exception"),
    [(Block(kind=RegisterKind.INPUT, address=0, count=20), 2), (Block(kind=RegisterKind.HOLDING, address=500, count=1), 2)],
)
def test_a_register_the_machine_does_not_have_is_a_refusal(sealer, block, exception):
    with closing(opened(sealer)) as line, pytest.raises(MachineRefuses) as caught:
        line.read(block)
    assert caught.value.facts["exception"] == exception


@pytest.mark.parametrize(
    "wrong",
    [SerialLine(baud=9600, parity="E"), SerialLine(baud=38400, parity="E"), SerialLine(baud=19200, parity="O"), SerialLine(baud=19200)],
    ids=lambda line: f"{line.baud} {line.parity}",
)
def test_a_wrong_speed_or_parity_brings_silence_or_garbage_and_no_register(sealer, wrong):
    with closing(opened(sealer, line=wrong, answer_s=0.1)) as line, pytest.raises((LineSilent, LineUnreadable)):
        line.read(THREE)


def test_another_unit_of_the_line_is_silence(sealer):
    with closing(opened(sealer, unit_id=2, answer_s=0.1)) as line, pytest.raises(LineSilent, match="does not answer") as caught:
        line.read(THREE)
    assert "unit id" in str(caught.value.next)


MANNERS = {
    "nothing": (lambda _: b"", LineSilent),
    "one byte": (lambda answer: answer[:1], LineUnreadable),
    "all but one byte": (lambda answer: answer[:-1], LineUnreadable),
    "a byte more": (lambda answer: answer + b"\x00", LineUnreadable),
    "a byte before": (lambda answer: b"\xff" + answer, LineUnreadable),
    "an answer of another unit before": (lambda answer: sealed(b"\x02" + GOOD[1:]) + answer, LineUnreadable),
    "of another unit": (lambda _: sealed(b"\x02" + GOOD[1:]), LineUnreadable),
    "of another function": (lambda _: sealed(b"\x01\x03" + GOOD[2:]), LineUnreadable),
    "a wrong check": (lambda answer: answer[:-1] + bytes([answer[-1] ^ 0x40]), LineUnreadable),
    "garbage": (lambda _: bytes(range(200, 256)) * 20, LineUnreadable),
    "busy": (lambda _: sealed(b"\x01\x84\x06"), MachineRefuses),
    "busy, without a check": (lambda _: b"\x01\x84\x06", LineUnreadable),
}


@pytest.mark.parametrize(("manner", "trouble"), MANNERS.values(), ids=MANNERS)
def test_an_answer_that_is_none_to_the_question_brings_no_register_and_all_that_came_is_kept(sealer, manner, trouble):
    sent = []
    sealer.server.manner = lambda answer: sent.append(manner(answer)) or sent[-1]
    with closing(opened(sealer, answer_s=0.1)) as line:
        with pytest.raises(trouble):
            line.read(THREE)
        assert sent[0].startswith(line.heard)
        assert len(line.heard) >= min(len(sent[0]), 256)


def test_what_nobody_asked_for_is_not_taken_for_the_next_answer(sealer):
    """An answer of the same unit, function and length: nothing in it tells that it answers an older question."""
    with closing(opened(sealer)) as line:
        line.read(THREE)
        sealer.server.say(sealed(GOOD))
        until_it_waits(line)
        with pytest.raises(LineUnreadable) as caught:
            line.read(THREE)
    assert caught.value.frame == sealed(GOOD)


def until_it_waits(line: RtuLine) -> None:
    """What was said has reached this side of the terminal server."""
    while not line._port._port.in_waiting:
        pass


def test_what_the_terminal_server_kept_from_before_is_passed_over(sealer):
    sealer.server._serving.keep_while_alone()
    sealer.server.say(sealed(GOOD))
    with closing(opened(sealer)) as line:
        assert list(line.read(THREE)) == shown(sealer)


def test_an_answer_to_an_older_question_that_is_still_under_way_is_passed_over(sealer):
    def opening(url: str, line: SerialLine) -> Port:
        port = open_port(url, line)
        sealer.server.say(sealed(GOOD))
        return port

    with closing(opened(sealer, opening=opening)) as line:
        assert list(line.read(THREE)) == shown(sealer)


def test_a_line_on_which_somebody_always_speaks_is_not_asked_at_all_and_its_port_is_free_again(sealer):
    def opening(url: str, line: SerialLine) -> Port:
        port = open_port(url, line)
        quiet = port.read
        port.read = lambda: sealer.server.say(b"U") or quiet()
        return port

    with pytest.raises(LineUnreadable, match="55"):
        opened(sealer, opening=opening)
    assert sealer.server.asked == 0
    with closing(opened(sealer)) as line:
        assert list(line.read(THREE)) == shown(sealer)


def test_bytes_that_come_one_by_one_are_put_together_whether_they_are_an_answer_or_none(sealer):
    with closing(opened(sealer, opening=Dripping)) as line:
        assert [list(line.read(THREE)) for _ in range(3)] == [shown(sealer)] * 3
        sealer.server.manner = lambda answer: b"\x02" + answer[1:]
        with pytest.raises(LineUnreadable):
            line.read(THREE)
        assert len(line.heard) == 11, "what is no answer is heard out, for the log"


def test_a_wait_for_an_answer_ends_at_once_when_the_station_stops(sealer):
    sealer.fall_silent()
    with closing(opened(sealer)) as line:
        Timer(0.05, line.hang_up).start()
        with pytest.raises(ConnectionLost, match="hung up"):
            line.read(THREE)


def test_nobody_there_and_a_plug_that_is_pulled_are_told_with_the_reason(sealer):
    with closing(opened(sealer)) as line:
        sealer.unplug()
        with pytest.raises(ConnectionLost):
            line.read(THREE)
    with pytest.raises(PortUnavailable, match="refused"):
        opened(sealer)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, 14), noise=st.binary(max_size=8), flips=st.lists(st.tuples(st.integers(0, 10), st.integers(1, 255)), max_size=2))
def test_whatever_comes_back_is_exactly_three_registers_or_a_named_trouble(shared_line, cut, noise, flips):
    sealer, line = shared_line
    sent = []

    def spoil(answer: bytes) -> bytes:
        spoilt = bytearray(answer)
        for place, bits in flips:
            spoilt[place] ^= bits
        sent.append((answer, bytes(spoilt[:cut]) + noise))
        return sent[-1][1]

    sealer.server.manner = spoil
    try:
        registers = list(line.read(THREE))
    except DeviceError as caught:
        registers, told = None, f"{caught.what} {caught.next}"
    if registers is None:
        assert len(told) > 20
    else:
        ((true, said),) = sent
        assert (len(said), said[:3]) == (len(true), true[:3]), "unit, function and every length are those of the answer"
        assert is_sealed(said)
        assert said[3:-2] == b"".join(register.to_bytes(2, "big") for register in registers)
        assert said == true or len(flips) > 1 or noise, "one wrong byte is always found"


@pytest.fixture
def shared_line(sealer) -> Iterator[tuple[SealerSimulator, RtuLine]]:
    """One open line for all examples, which waits only a moment."""
    with closing(opened(sealer, answer_s=0.02)) as line:
        yield sealer, line


def test_a_machine_on_a_serial_line_needs_no_package(sealer, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "pymodbus", None)
    with closing(opened(sealer)) as line:
        assert list(line.read(THREE)) == shown(sealer)


def test_time_on_the_wire_is_that_of_the_line():
    assert characters_s(1, RTU_LINE) == pytest.approx(11 / 19200)
    assert characters_s(1, SerialLine(baud=9600)) == pytest.approx(10 / 9600)
    assert silence_s(SerialLine(baud=1200, parity="E")) == pytest.approx(3.5 * 11 / 1200)
    assert silence_s(SerialLine(baud=115200, parity="E")) == pytest.approx(0.00175)


def test_a_machine_on_a_serial_line_stands_at_the_station_like_any_other(new_station):
    station = new_station(patience=Patience(machine_answer_s=0.3))
    with SealerSimulator(line=SerialLine(baud=9600, stopbits=2)) as sealer:
        machine = sealer.settings(looks_per_s=50)
        line = SerialLine(baud=9600, stopbits=2)
        station.hub.start(DeviceSettings(code="SL-04", protocol=MODBUS, url=sealer.url, unit=None, line=line, machine=machine))
        ear = station.ear
        ear.until(lambda heard: station.standing("SL-04") is Standing.LIVE and heard.samples_of("pressure"))
        sealer.fall_silent()
        ear.until(lambda heard: station.standing("SL-04") is Standing.SILENT)
        assert isinstance(station.hub.states()["SL-04"].cause, MachineSilent)
        sealer.answer_half()
        ear.until(lambda heard: any(isinstance(trouble.error, AnswerUnreadable) for trouble in heard.troubles))
        sealer.speak_again()
        ear.until(lambda heard: station.standing("SL-04") is Standing.LIVE)
        assert sealer.server.writes == 0
