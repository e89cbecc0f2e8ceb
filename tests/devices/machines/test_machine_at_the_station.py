"""A machine on a station's hub: a thread of its own, listeners as for every device, and an end in bounded time."""

import logging
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event
from threading import enumerate as threads
from time import monotonic
from typing import ClassVar

import pytest

from app.base.phrases import Language
from app.devices.events import Listener, Standing
from app.devices.frame_log import read_log
from app.devices.hub import Hub
from app.devices.settings import MODBUS, Backoff, DeviceSettings, MachineSettings, Patience
from app.devices.simulators.mt_sics import MtSicsSimulator
from app.devices.simulators.sealer import UNIT_ID, SealerSimulator
from tests.devices.conftest import Station
from tests.devices.ear import Ear, TurnedClock
from tests.devices.machines.bench import PATIENT_S, Counting, numbers


@pytest.fixture
def sealer():
    """By the station's own clock: these tests wait for what comes."""
    with SealerSimulator(seed=7) as sealer:
        yield sealer


def connect(station: Station, machine: SealerSimulator, *, code: str = "SL-03", looks_per_s: float = 50, live: bool = True) -> Ear:
    settings = machine.settings(looks_per_s=looks_per_s)
    station.hub.start(DeviceSettings(code=code, protocol=MODBUS, url=machine.url, unit=None, machine=settings))
    if live:
        station.ear.until(lambda ear: any(state.device == code and state.standing is Standing.LIVE for state in ear.states))
    return station.ear


@pytest.fixture
def impatient(new_station: Callable[..., Station]) -> Station:
    return new_station(patience=Patience(machine_answer_s=0.3))


@pytest.mark.capability("E4")
def test_a_machine_stands_beside_a_scale_and_both_are_heard(station, sealer):
    with MtSicsSimulator() as scale:
        ear = connect(station, sealer)
        station.connect(scale, code="WB-04")
        station.hub.ask("WB-04")
        ear.until(lambda heard: heard.readings and heard.samples_of("pressure"))
        assert set(station.hub.states()) == {"SL-03", "WB-04"}
        assert station.standing("SL-03") is Standing.LIVE
        assert ear.batches[0].machine == "SL-03"


@pytest.mark.capability("E4")
def test_nothing_is_lost_between_machine_and_listener_at_a_thousand_samples_a_second(new_station, counting):
    """The machine counts its own readings: every number from the first to the last arrives, in order, once."""
    station = new_station(patience=Patience(machine_answer_s=PATIENT_S))
    machine = MachineSettings(map=counting.map, unit_id=UNIT_ID, looks_per_s=100)
    station.hub.start(DeviceSettings(code="TC-01", protocol=MODBUS, url=counting.url, unit=None, machine=machine))
    ear = station.ear.until(lambda heard: sum(len(batch.samples) for batch in heard.batches) >= 1_000)
    assert station.hub.stop() == []
    counted = [int(sample.value) for sample in ear.samples_of("channel_0")]
    assert counted == list(range(1, len(counted) + 1))
    assert counted[-1] in (counting.count, counting.count - 1), "a look that was cut off by the end is told to nobody"
    assert numbers(ear.batches) == list(range(1, len(ear.batches) + 1))
    assert len(ear.batches) < len(counted)


@pytest.mark.capability("E7")
def test_a_machine_that_vanishes_and_comes_back_is_read_again_by_itself(impatient, sealer):
    ear = connect(impatient, sealer)
    sealer.unplug()
    fault = ear.until_standing(Standing.FAULT)
    assert "is in fault since" in fault.words.in_language(Language.EN)
    assert "故障" in fault.words.in_language(Language.ZH)
    sealer.plug()
    ear.until_standing(Standing.LIVE)
    assert numbers(ear.batches) == list(range(1, len(ear.batches) + 1))


@pytest.mark.parametrize(
    ("spoil", "mend", "standing"),
    [
        (SealerSimulator.fall_silent, SealerSimulator.speak_again, Standing.SILENT),
        (SealerSimulator.answer_half, SealerSimulator.speak_again, Standing.FAULT),
        (SealerSimulator.refuse, SealerSimulator.obey, Standing.FAULT),
        (SealerSimulator.break_sensor, SealerSimulator.mend_sensor, Standing.FAULT),
        (SealerSimulator.freeze, SealerSimulator.thaw, Standing.STALE),
    ],
)
def test_every_bad_state_is_shown_and_left_again(impatient, sealer, spoil, mend, standing):
    ear = connect(impatient, sealer)
    spoil(sealer)
    ear.until_standing(standing)
    mend(sealer)
    ear.until_standing(Standing.LIVE)


@pytest.mark.parametrize("spoil", [SealerSimulator.fall_silent, SealerSimulator.answer_half])
def test_a_wait_for_an_answer_that_never_comes_does_not_keep_the_station_from_closing(new_station, sealer, spoil, tmp_path):
    station = new_station(patience=Patience(machine_answer_s=60))
    ear = connect(station, sealer)
    waiting = Event()
    spoil(sealer)
    spoilt = sealer.server.manner
    sealer.server.manner = lambda answer: spoilt(answer) if waiting.set() is None else answer
    assert waiting.wait(PATIENT_S)
    begun = monotonic()
    assert station.hub.stop() == []
    assert monotonic() - begun < 5
    assert ear.states[-1].standing is Standing.CLOSED
    assert Standing.FAULT not in {state.standing for state in ear.states}, "our own hanging up is no fault of the machine"
    assert list((tmp_path / "frames").iterdir()) == []


class NotingBackoff(Backoff):
    """Waits a moment, and notes how many failures in a row it was asked about."""

    asked: ClassVar[list[int]] = []
    often: ClassVar[Event] = Event()

    def wait_s(self, attempt):
        self.asked.append(attempt)
        if attempt >= 4:
            self.often.set()
        return 0.001


@pytest.fixture
def noting() -> NotingBackoff:
    NotingBackoff.asked.clear()
    NotingBackoff.often.clear()
    return NotingBackoff()


def test_a_machine_that_breaks_off_after_it_was_read_is_tried_again_soon_each_time(sealer, noting):
    hub, ear = Hub(frame_logs=None, patience=Patience(machine_answer_s=PATIENT_S), backoff=noting), Ear()
    hub.subscribe(ear)
    hub.start(DeviceSettings(code="SL-03", protocol=MODBUS, url=sealer.url, unit=None, machine=sealer.settings(looks_per_s=50)))
    for _ in range(2):
        ear.until_standing(Standing.LIVE)
        asked = len(noting.asked)
        sealer.refuse()
        ear.until_standing(Standing.FAULT)
        sealer.obey()
        ear.until_standing(Standing.LIVE)
        assert noting.asked[asked] == 1
    assert hub.stop() == []


def test_a_machine_that_opens_its_port_and_never_answers_is_tried_more_and_more_rarely(sealer, noting):
    hub, ear = Hub(frame_logs=None, patience=Patience(machine_answer_s=0.02), backoff=noting), Ear()
    hub.subscribe(ear)
    sealer.fall_silent()
    hub.start(DeviceSettings(code="SL-03", protocol=MODBUS, url=sealer.url, unit=None, machine=sealer.settings(looks_per_s=10)))
    ear.until_standing(Standing.SILENT)
    assert noting.often.wait(PATIENT_S)
    assert hub.stop() == []
    assert noting.asked[:4] == [1, 2, 3, 4]


class Slow(Counting):
    """A machine that takes a second of the station's clock for every answer."""

    def __init__(self, clock: TurnedClock) -> None:
        super().__init__()
        self._clock = clock

    def registers(self):
        self._clock.turn(1)
        return super().registers()


def test_looks_that_a_slow_machine_left_no_time_for_are_counted(new_station):
    clock = TurnedClock()
    station, machine = new_station(clock=clock, patience=Patience(machine_answer_s=PATIENT_S)), Slow(clock)
    settings = MachineSettings(map=machine.map, unit_id=UNIT_ID, looks_per_s=10)
    station.hub.start(DeviceSettings(code="TC-01", protocol=MODBUS, url=machine.server.start(), unit=None, machine=settings))
    ear = station.ear.until(lambda heard: len(heard.batches) >= 3)
    station.hub.stop()
    machine.server.stop()
    assert [batch.skipped for batch in ear.batches[:3]] == [0, 9, 9]
    assert {batch.looks for batch in ear.batches} == {1}


def test_a_hub_that_stops_while_nobody_is_there_ends_its_thread(impatient, sealer):
    sealer.unplug()
    ear = connect(impatient, sealer, live=False)
    ear.until_standing(Standing.FAULT)
    assert impatient.hub.stop() == []
    assert not [thread for thread in threads() if thread.name == "device SL-03"]


def test_without_its_library_the_chip_says_what_to_install(impatient, sealer, monkeypatch):
    monkeypatch.setitem(sys.modules, "pymodbus.client", None)
    ear = connect(impatient, sealer, live=False)
    fault = ear.until_standing(Standing.FAULT)
    assert fault.cause.code == "machine.reader_missing"
    assert "pymodbus is not installed" in str(fault.words)
    assert "pip install lineside[machines]" in str(fault.cause.next)
    monkeypatch.undo()
    ear.until_standing(Standing.LIVE)


def test_the_question_that_failed_and_its_half_answer_are_kept_good_ones_are_not(impatient, sealer, tmp_path: Path):
    ear = connect(impatient, sealer, code="SL/3")
    log = tmp_path / "frames" / "SL%2F3.log"
    assert not log.exists()
    sealer.answer_half()
    ear.until_standing(Standing.FAULT)
    sealer.speak_again()
    ear.until_standing(Standing.LIVE)
    impatient.hub.stop()
    said, heard = list(read_log(log))[:2]
    assert (said.heard, said.content[6:8]) == (False, b"\x01\x04")
    assert (heard.heard, heard.content[:2]) == (True, said.content[:2])
    assert heard.content == ear.troubles[0].raw


class Clumsy(Listener):
    """A screen with a bug in it."""

    def __init__(self):
        self.stumbled = False

    def samples(self, batch):
        if not self.stumbled:
            self.stumbled = True
            raise ZeroDivisionError("a bug in a screen")


def test_a_bug_in_a_listener_becomes_a_logged_fault_and_the_machine_is_read_on(station, sealer, caplog):
    with caplog.at_level(logging.ERROR, logger="app.devices.device_thread"):
        ear = connect(station, sealer)
        station.hub.subscribe(Clumsy())
        ear.until_standing(Standing.FAULT)
        ear.until_standing(Standing.LIVE)
    assert "ZeroDivisionError" in caplog.text
    assert numbers(ear.batches) == list(range(1, len(ear.batches) + 1)), "who listened before has lost nothing"


def test_a_machine_takes_no_wishes_and_cannot_be_asked(station, sealer):
    connect(station, sealer)
    assert station.hub.ask("SL-03") is False
    assert station.hub.watch("SL-03", 0.1) is False
    with pytest.raises(KeyError):
        station.hub.wish("SL-03", "tare")
    assert sealer.server.writes == 0


def test_a_machine_without_a_map_and_one_at_an_impossible_rate_are_refused_before_anything_starts(sealer):
    hub = Hub(frame_logs=None)
    with pytest.raises(ValueError, match="register map"):
        hub.start(DeviceSettings(code="SL-03", protocol=MODBUS, url=sealer.url, unit=None))
    for rate in (0, -1, 101):
        with pytest.raises(ValueError, match="times a second"):
            sealer.settings(looks_per_s=rate)
    with pytest.raises(ValueError, match="unit id"):
        MachineSettings(map=sealer.map, unit_id=256, looks_per_s=1)
