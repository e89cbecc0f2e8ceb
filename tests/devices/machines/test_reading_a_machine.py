"""What the station makes of a sealer, look by look: values, cycles, and every way in which there is no value."""

from dataclasses import replace
from decimal import Decimal

import pytest

from app.devices.events import Standing
from app.devices.machines.decoding import words_of
from app.devices.machines.register_map import NumberType, Place, RegisterKind, WordOrder
from app.devices.machines.samples import Quality
from app.devices.simulators.sealer import SealerSimulator
from tests.devices.ear import Ear, TurnedClock
from tests.devices.machines.bench import Bench, numbers

FLOAT = Place(kind=RegisterKind.HOLDING, address=0, type=NumberType.F32, word_order=WordOrder.BIG)


@pytest.mark.capability("E4")
def test_a_working_sealer_is_live_and_gives_every_channel_with_its_unit_its_decimals_and_its_time(bench, sealer):
    assert bench.look(300) is None
    bench.end()
    assert bench.standings == ["connecting", "live", "closed"]
    good = [sample for batch in bench.ear.batches for sample in batch.samples if sample.quality is Quality.GOOD]
    assert {sample.channel for sample in good} == {channel.name for channel in sealer.map.channels}
    temperatures = [sample for sample in good if sample.channel == "temperature_actual"]
    assert all(Decimal(134) < sample.value < Decimal(139) and sample.value.as_tuple().exponent == -1 for sample in temperatures)
    assert {sample.unit for sample in temperatures} == {"°C"}
    assert [sample.at for sample in temperatures] == sorted(sample.at for sample in temperatures)
    assert {str(value) for value in bench.values("temperature_set") if value is not None} == {"137.0"}
    pressures = [value for value in bench.values("pressure") if value is not None]
    assert min(pressures) < 5
    assert max(pressures) > 405


@pytest.mark.capability("E7")
def test_nothing_counts_before_the_heartbeat_has_moved_once(bench):
    bench.look()
    bench.end()
    assert bench.standings == ["connecting", "closed"]
    assert set(bench.qualities("temperature_actual")) == {"stale"}
    assert set(bench.values("temperature_actual")) == {None}


@pytest.mark.capability("E4")
def test_every_finished_cycle_is_told_once_with_the_results_that_belong_to_it(bench, sealer):
    bench.look(400, every_s=0.05)
    told = bench.ear.cycles
    assert [seen.cycle for seen in told] == list(range(1, sealer.finished + 1))
    assert {seen.missed for seen in told} == {0}
    assert [sample.channel for sample in told[0].results] == ["seal_temperature", "seal_pressure", "dwell"]
    for seen in told:
        assert {sample.cycle for sample in seen.results} == {seen.cycle}
        temperature, pressure, dwell = (sample.value for sample in seen.results)
        assert Decimal("134.0") < temperature < Decimal("139.0")
        assert Decimal(405) < pressure < Decimal(420)
        assert Decimal("1.15") < dwell < Decimal("1.25")
    bench.end()
    results = {(sample.cycle, sample.value) for sample in bench.ear.samples_of("dwell") if sample.cycle}
    assert len(results) == len({cycle for cycle, _ in results}), "within one cycle its result never changes"


class FinishesWhileRead:
    """A line on which every look takes as long as the sealer needs to finish a cycle."""

    def __init__(self, line, clock: TurnedClock) -> None:
        self._line, self._clock = line, clock

    def read(self, block):
        answer = self._line.read(block)
        self._clock.turn(3.2)
        return answer


def test_values_read_while_a_cycle_ended_belong_to_none_and_make_no_result(bench):
    bench.look(3)
    line = FinishesWhileRead(bench.line, bench.clock)
    for _ in range(3):
        bench.conversation.look(line)
    bench.end()
    assert bench.ear.cycles == []
    assert {sample.cycle for sample in bench.ear.samples_of("dwell")[3:]} == {None}


def test_cycles_that_nobody_read_are_counted_over_a_broken_connection_too(bench, sealer):
    bench.look(3)
    sealer.unplug()
    assert bench.look() is not None
    bench.clock.turn(33)
    sealer.plug()
    bench.look(3)
    (seen,) = bench.ear.cycles
    assert (seen.cycle, seen.missed) == (sealer.finished, sealer.finished - 1)
    assert seen.missed > 5


@pytest.mark.capability("E7")
def test_a_broken_sensor_is_told_once_the_other_channels_go_on_and_the_chip_names_it(bench, sealer):
    bench.look(5)
    sealer.break_sensor()
    bench.look(20)
    assert bench.ear.words == ["trouble machine.sensor_broken"]
    assert bench.ear.troubles[0].raw == b"\x80\x00"
    state = bench.conversation.state
    assert (state.standing, state.cause.code) == (Standing.FAULT, "machine.channels_bad")
    assert "temperature_actual" in str(state.words)
    sealer.mend_sensor()
    bench.look(60)
    bench.end()
    assert bench.qualities("temperature_actual")[10:20] == ["sensor_break"] * 10
    assert bench.values("temperature_actual")[10:20] == [None] * 10
    assert set(bench.qualities("pressure")[5:]) == {"good"}
    assert Decimal(2) in bench.values("alarm_word")


def test_a_cycle_sealed_with_a_broken_sensor_has_no_temperature(bench, sealer):
    bench.look(5)
    sealer.break_sensor()
    bench.look(60)
    temperature = bench.ear.cycles[0].results[0]
    assert (temperature.channel, temperature.quality, temperature.value) == ("seal_temperature", Quality.SENSOR_BREAK, None)


def test_a_loose_wire_is_one_trouble_and_one_fault_not_fifty_a_second(bench, sealer):
    sealer.stop_cycling()
    bench.look(5)
    for _ in range(10):
        sealer.break_sensor()
        bench.look(2)
        sealer.mend_sensor()
        bench.look(2)
    bench.look(20)
    assert len(bench.ear.troubles) == 1
    assert bench.standings == ["connecting", "live", "fault", "live"]
    assert {"good", "sensor_break"} <= set(bench.qualities("temperature_actual"))


@pytest.mark.capability("E7")
def test_a_frozen_machine_that_answers_is_stale_since_it_last_moved_and_its_numbers_are_none(bench, sealer):
    bench.look(10)
    last_moved = bench.clock.now()
    sealer.freeze()
    bench.look(50)
    state = bench.conversation.state
    assert (state.standing, state.cause.code) == (Standing.STALE, "machine.frozen")
    assert abs((state.since - last_moved).total_seconds()) <= 0.2
    assert "stood still since" in str(state.words)
    sealer.thaw()
    bench.look(5)
    bench.end()
    assert bench.standings == ["connecting", "live", "stale", "live", "closed"]
    temperatures = bench.ear.samples_of("temperature_actual")
    assert {sample.quality for sample in temperatures[32:58]} == {Quality.STALE}
    assert {sample.value for sample in temperatures[32:58]} == {None}
    assert all(sample.raw for sample in temperatures)


def test_a_machine_that_was_frozen_from_the_beginning_is_never_live(bench, sealer):
    sealer.freeze()
    bench.look(40)
    assert bench.standings == ["connecting", "stale"]


@pytest.mark.capability("E7")
def test_a_silent_machine_is_silent_since_it_was_last_heard_however_often_it_is_asked(hasty, sealer):
    hasty.look(10)
    last = hasty.clock.now()
    sealer.fall_silent()
    troubles = [hasty.look(every_s=5) for _ in range(3)]
    assert {trouble.code for trouble in troubles} == {"machine.silent"}
    state = hasty.conversation.state
    assert (state.standing, state.since) == (Standing.SILENT, last)
    assert hasty.ear.words == ["trouble machine.silent"]
    looked = len(hasty.ear.samples_of("pressure"))
    sealer.speak_again()
    hasty.look(5)
    hasty.end()
    assert looked == 10
    assert hasty.standings == ["connecting", "live", "silent", "connecting", "live", "closed"]


@pytest.mark.capability("E7")
def test_half_an_answer_is_no_value_and_its_bytes_are_kept(hasty, sealer):
    hasty.look(10)
    sealer.answer_half()
    assert hasty.look().code == "machine.unreadable"
    assert hasty.conversation.state.standing is Standing.FAULT
    assert len(hasty.ear.troubles[0].raw) == 6
    assert len(hasty.ear.samples_of("pressure")) == 10


@pytest.mark.parametrize("exception", [1, 2, 3, 4, 6, 11])
def test_a_refusal_is_a_fault_that_names_the_exception(bench, sealer, exception):
    bench.look(5)
    sealer.refuse(exception)
    trouble = bench.look()
    assert trouble.code == "machine.refuses"
    assert f"Modbus exception {exception}." in str(trouble)
    assert bench.conversation.state.standing is Standing.FAULT
    sealer.obey()
    bench.look(5)
    assert bench.standings[-1] == "live"


@pytest.mark.capability("E7")
def test_a_machine_that_vanishes_is_a_fault_and_its_samples_until_then_are_all_handed_over(sealer, clock):
    bench = Bench(sealer.url, sealer.map, clock, looks_per_s=100)
    bench.look(10, every_s=0.005)
    assert len(bench.ear.samples_of("pressure")) < 10
    sealer.unplug()
    assert bench.look().code == "device.connection_lost"
    assert bench.look().code == "device.port_unavailable"
    assert len(bench.ear.samples_of("pressure")) == 10
    assert bench.ear.words == ["trouble device.connection_lost"]
    since = bench.ear.states[-2].since
    assert bench.conversation.state.since == since, "the same fault, whatever it says of itself"
    sealer.plug()
    bench.look(5)
    assert bench.standings[-1] == "live"
    bench.close()


class Bookkeeper(Ear):
    """Notes how many samples it had heard when a standing was told."""

    def __init__(self) -> None:
        super().__init__()
        self.heard_before: list[int] = []

    def state(self, state) -> None:
        self.heard_before.append(len(self.samples_of("pressure")))
        super().state(state)


@pytest.mark.parametrize("already_at_fault", [False, True])
def test_everything_that_was_read_is_handed_over_before_a_trouble_is_told(sealer, clock, already_at_fault):
    ear = Bookkeeper()
    bench = Bench(sealer.url, sealer.map, clock, looks_per_s=100, ear=ear)
    bench.look(40, every_s=0.005)
    if already_at_fault:
        sealer.break_sensor()
    bench.look(3, every_s=0.005)
    sealer.unplug()
    bench.look()
    assert ear.states[-1].cause.code == "device.connection_lost"
    assert ear.heard_before[-1] == 43


def test_everything_that_was_read_live_is_handed_over_before_the_chip_turns(sealer, clock):
    ear = Bookkeeper()
    bench = Bench(sealer.url, sealer.map, clock, looks_per_s=100, ear=ear)
    bench.look(43, every_s=0.005)
    sealer.break_sensor()
    bench.look(every_s=0.005)
    assert ear.states[-1].standing is Standing.FAULT
    assert ear.heard_before[-1] == 44
    bench.close()


def test_an_excursion_is_followed_with_the_lag_of_the_jaws_and_rings_the_machines_own_alarm(bench, sealer):
    bench.look(20)
    sealer.excursion(9, 30)
    bench.look(250)
    bench.end()
    temperatures = [value for value in bench.values("temperature_actual") if value is not None]
    assert temperatures[22] < Decimal(139), "the jaws need their time"
    assert max(temperatures) > Decimal(144)
    assert Decimal(1) in bench.values("alarm_word")
    assert set(bench.qualities("temperature_actual")[3:]) == {"good"}, "too hot is a true value"


@pytest.mark.capability("E7")
def test_a_count_with_its_words_swapped_is_a_fault_and_no_cycle(sealer, clock):
    counter = sealer.map.cycle_counter
    swapped = replace(counter, place=replace(counter.place, word_order=WordOrder.LITTLE))
    bench = Bench(sealer.url, replace(sealer.map, cycle_counter=swapped), clock)
    bench.look(2)
    bench.look(120)
    bench.end()
    assert bench.ear.cycles == []
    assert sealer.finished > 2
    assert {sample.cycle for sample in bench.ear.samples_of("dwell")} == {0, None}
    assert "cycle_counter" in str(bench.ear.states[-2].cause)
    assert bench.ear.troubles[-1].error.facts["channel"] == "cycle_counter"


def test_a_scale_ten_times_too_small_is_a_fault_for_every_temperature(sealer, clock):
    channels = tuple(
        replace(one, scale=Decimal(10), decimals=0) if one.name == "temperature_actual" else one for one in sealer.map.channels
    )
    bench = Bench(sealer.url, replace(sealer.map, channels=channels), clock)
    bench.look(10)
    bench.end()
    assert set(bench.qualities("temperature_actual")[2:]) == {"implausible"}
    assert set(bench.values("temperature_actual")) == {None}
    assert "cannot be true" in str(bench.ear.troubles[0].error)


def show(machine, number: float) -> None:
    machine.words = words_of(Decimal(number), FLOAT)


@pytest.mark.capability("E7")
def test_floats_with_their_halves_swapped_never_become_a_value(floats):
    """A spindle's torque, every 0.1 s for 300 s, read with the wrong word order."""
    clock = TurnedClock()
    bench = Bench(floats.url, floats.map(WordOrder.LITTLE), clock)
    for n in range(3000):
        show(floats, 137.1 + (n * 7919 % 1000) / 83)
        bench.look()
    bench.end()
    assert {"implausible", "unproven"} >= set(bench.qualities("torque"))
    assert set(bench.values("torque")) == {None}
    assert "fault" in bench.standings


def test_floats_are_believed_after_ten_different_plausible_values(floats):
    bench = Bench(floats.url, floats.map(WordOrder.BIG), TurnedClock())
    for n in range(12):
        show(floats, 137.1 + n / 10)
        bench.look(2)
    bench.end()
    assert bench.qualities("torque") == ["unproven"] * 18 + ["good"] * 6
    assert str(bench.values("torque")[-1]) == "138.20"


def test_a_set_point_is_believed_when_it_stood_for_ten_seconds_and_zero_at_once(floats):
    bench = Bench(floats.url, floats.map(WordOrder.BIG), TurnedClock())
    bench.look(5)
    show(floats, 137.1)
    bench.look(120)
    bench.end()
    assert bench.qualities("torque")[:5] == ["good"] * 5
    assert bench.qualities("torque")[5:100] == ["unproven"] * 95
    assert bench.qualities("torque")[-10:] == ["good"] * 10


@pytest.mark.capability("E4")
def test_a_thousand_samples_a_second_for_five_seconds_arrive_without_one_missing(counting):
    """Five seconds of the clock: 100 looks a second at ten channels, each number of the machine's own count exactly once."""
    clock = TurnedClock()
    bench = Bench(counting.url, counting.map, clock, looks_per_s=100)
    assert bench.look(500, every_s=0.01) is None
    bench.end()
    assert sum(len(batch.samples) for batch in bench.ear.batches) == 5_000
    assert sum(batch.looks for batch in bench.ear.batches) == 500
    assert numbers(bench.ear.batches) == list(range(1, len(bench.ear.batches) + 1))
    assert bench.values("channel_0") == [Decimal(n) for n in range(1, 501)]
    assert bench.values("channel_9") == [Decimal(n + 9) for n in range(1, 501)]
    assert counting.count == 500, "ten neighbours are one request"
    assert len(bench.ear.batches) <= 51, "ten batches a second"


def test_a_machine_that_is_looked_at_rarely_does_not_keep_its_samples_back(counting):
    bench = Bench(counting.url, counting.map, TurnedClock(), looks_per_s=0.5)
    for looks in range(1, 4):
        bench.look(every_s=2)
        assert [batch.looks for batch in bench.ear.batches] == [1] * looks
    bench.close()


def test_a_sealer_is_the_same_every_day_for_one_seed_whoever_looks_how_often():
    def told(every_s: float) -> list:
        clock = TurnedClock()
        sealer = SealerSimulator(seed=3, clock=clock)
        for _ in range(round(20 / every_s)):
            clock.turn(every_s)
            sealer.registers()
        return sorted(sealer.registers().items())

    assert told(0.1) == told(2.5)
    other = SealerSimulator(seed=4, clock=(clock := TurnedClock()))
    clock.turn(20)
    assert sorted(other.registers().items()) != told(2.5)


def test_a_resting_sealer_finishes_its_cycle_and_begins_no_other(sealer, clock):
    clock.turn(2)
    sealer.stop_cycling()
    clock.turn(60)
    assert sealer.finished == 1
    sealer.start_cycling()
    clock.turn(60)
    assert sealer.finished > 10
