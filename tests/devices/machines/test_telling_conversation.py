"""What the station makes of a machine that tells by itself, message by message: values, cycles, and every kind of silence."""

from decimal import Decimal
from itertools import pairwise

import pytest

from app.base.phrases import Language
from app.devices.events import Standing
from app.devices.machines.errors import PayloadUnreadable, ValueNotVouched
from app.devices.machines.samples import Quality
from app.devices.machines.telling import Told
from tests.devices.ear import TurnedClock
from tests.devices.machines.telling_bench import Table, good, node, tag, tag_map, topic

HEAT, FORCE, BEAT, COUNT = node("heat"), node("force"), node("beat", "u16"), node("count", "u32")
JAW, STATE, TICK, CYCLE = topic("jaw"), topic("set"), topic("tick"), topic("cycle", "/count")


def server(clock: TurnedClock, *more, counter=None, heartbeat=None) -> Table:
    return Table(tag_map("opcua", tag("heat", HEAT), *more, counter=counter, heartbeat=heartbeat), clock, vouches=True)


def broker(clock: TurnedClock, *more, counter=None, heartbeat=None) -> Table:
    return Table(tag_map("mqtt", tag("jaw", JAW, within_s=Decimal(1)), *more, counter=counter, heartbeat=heartbeat), clock, vouches=False)


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock()


@pytest.mark.capability("E4")
def test_a_value_is_a_sample_with_its_decimals_its_unit_and_the_time_of_its_arrival(clock):
    table = server(clock)
    table.tell(good(HEAT, "137.25"))
    table.conversation.closed()
    (sample,) = table.ear.samples_of("heat")
    assert (str(sample.value), sample.unit, sample.quality, sample.at) == ("137.2", "°C", Quality.GOOD, clock.now())
    assert table.standings == ["connecting", "live", "closed"]


@pytest.mark.capability("E7")
def test_what_a_server_vouches_for_is_told_again_once_a_second_with_the_evidence_it_came_with(clock):
    table = server(clock)
    table.tell(good(HEAT, 100))
    for _ in range(50):
        table.tell()
    table.conversation.closed()
    told = table.ear.samples_of("heat")
    assert table.values("heat") == ["100.0"] * 6
    assert {one.raw for one in told} == {told[0].raw}
    gaps = {(later.at - one.at).total_seconds() for one, later in pairwise(told)}
    assert gaps == {1.0}


@pytest.mark.capability("E7")
def test_what_a_broker_once_said_is_never_told_again(clock):
    table = broker(clock, tag("set", STATE))
    table.tell(good(STATE, 137), good(JAW, 100))
    for _ in range(50):
        table.tell(good(JAW, 100))
    table.conversation.closed()
    assert table.values("set") == ["137.0"]
    assert len(table.values("jaw")) == 51


@pytest.mark.capability("E7")
def test_a_broker_that_stands_while_the_machine_says_nothing_is_silence_since_it_was_last_heard(clock):
    table = broker(clock)
    table.tell(good(JAW, 100))
    last = clock.now()
    table.wait(3)
    state = table.conversation.state
    assert (state.standing, state.since, state.cause.code) == (Standing.SILENT, last, "machine.quiet")
    assert table.ear.words == ["trouble machine.quiet"]
    assert table.values("jaw") == ["100.0"]
    assert "无响应" in state.words.in_language(Language.ZH)
    table.tell(good(JAW, 101))
    assert table.conversation.state.standing is Standing.LIVE


def test_a_machine_that_never_says_anything_is_silent_too(clock):
    table = broker(clock)
    table.wait(2)
    assert table.standings == ["connecting", "silent"]


@pytest.mark.capability("E7")
def test_one_value_that_stays_away_is_a_fault_of_its_channel_while_the_others_go_on(clock):
    table = broker(clock, tag("force", topic("force"), within_s=Decimal(1)))
    table.tell(good(JAW, 100), good(topic("force"), 5))
    for _ in range(12):
        table.tell(good(JAW, 100))
    state = table.conversation.state
    assert (state.standing, state.cause.code) == (Standing.FAULT, "machine.channels_bad")
    assert "force" in str(state.words)
    assert table.ear.words == ["trouble machine.channel_silent"]


@pytest.mark.capability("E7")
def test_a_heartbeat_that_is_told_for_the_first_time_has_not_moved(clock):
    table = broker(clock, heartbeat=TICK)
    for beat in (None, 7, 7, 8):
        table.tell(good(JAW, 100), *([good(TICK, beat)] if beat is not None else []))
    table.conversation.closed()
    assert table.qualities("jaw") == ["stale", "stale", "stale", "good"]


@pytest.mark.capability("E7")
def test_nothing_counts_before_the_heartbeat_has_moved_and_nothing_after_it_stands_still(clock):
    table = server(clock, heartbeat=BEAT)
    table.tell(good(HEAT, 100), good(BEAT, 7))
    table.tell(good(HEAT, 101), good(BEAT, 8))
    for _ in range(25):
        table.tell(good(HEAT, 102))
    state = table.conversation.state
    assert (state.standing, state.cause.code) == (Standing.STALE, "machine.frozen")
    table.conversation.closed()
    assert table.qualities("heat")[:3] == ["stale", "good", "good"]
    assert set(table.qualities("heat")[-5:]) == {"stale"}
    assert set(table.values("heat")[-5:]) == {None}


def refused(address, quality: Quality, status: str = "BadSensorFailure") -> Told:
    return Told(
        address=address,
        number=None,
        quality=quality,
        complaint=lambda name: ValueNotVouched(channel=name, status=status),
        raw=(0x808C,) * 8,
    )


@pytest.mark.capability("E7")
def test_a_value_the_server_does_not_vouch_for_is_told_once_as_trouble_and_stays_a_fault_until_a_good_one(clock):
    table = server(clock, tag("force", FORCE))
    table.tell(good(HEAT, 100), good(FORCE, 5))
    table.tell(refused(HEAT, Quality.SENSOR_BREAK))
    for _ in range(60):
        table.tell()
    assert table.ear.words == ["trouble machine.not_vouched"]
    assert table.ear.troubles[0].raw == b"\x80\x8c" * 8
    assert table.conversation.state.standing is Standing.FAULT
    table.tell(good(HEAT, 100))
    for _ in range(15):
        table.tell()
    assert table.conversation.state.standing is Standing.LIVE
    table.conversation.closed()
    assert table.values("heat")[:2] == ["100.0", None]
    assert "sensor_break" in table.qualities("heat")
    assert set(table.qualities("force")) == {"good"}


def test_after_a_broken_connection_nothing_of_before_is_told_again(clock):
    table = server(clock)
    table.tell(good(HEAT, 100))
    table.clock.turn(5)
    table.conversation.opened()
    for _ in range(30):
        table.tell()
    table.conversation.closed()
    assert table.values("heat") == ["100.0"]


@pytest.mark.capability("E4")
def test_values_belong_to_the_count_before_them_and_to_none_when_they_came_with_another(clock):
    table = server(clock, counter=COUNT)
    table.count = 5
    table.tell(good(COUNT, 5), good(HEAT, 100))
    table.tell(good(HEAT, 101))
    table.count = 6
    table.tell(good(HEAT, 102), good(COUNT, 6))
    table.tell(good(HEAT, 103))
    table.conversation.closed()
    assert [one.cycle for one in table.ear.samples_of("heat")] == [None, 5, None, 6]


@pytest.mark.capability("E4")
def test_a_finished_cycle_is_told_once_with_results_that_stood_between_two_equal_counts(clock):
    table = server(clock, tag("force", FORCE, of_cycle=True), counter=COUNT)
    for count in (5, 6, 6, 9):
        table.count, table.results = count, [good(FORCE, count * 10)]
        table.tell(good(COUNT, count))
    assert [(seen.cycle, seen.missed, str(seen.results[0].value)) for seen in table.ear.cycles] == [(6, 0, "60.0"), (9, 2, "90.0")]
    table.conversation.closed()
    assert {(one.cycle, str(one.value)) for one in table.ear.samples_of("force")} == {(5, "50.0"), (6, "60.0"), (9, "90.0")}


def test_results_that_moved_while_they_were_read_belong_to_no_cycle(clock):
    table = server(clock, tag("force", FORCE, of_cycle=True), counter=COUNT)
    table.tell(good(COUNT, 5))
    table.tell(good(COUNT, 6))
    table.conversation.closed()
    assert table.ear.cycles == []
    assert table.ear.samples_of("force") == []


@pytest.mark.parametrize("wrong", ["70000", "-1", "1.5", "NaN", "Infinity"])
def test_a_count_that_cannot_be_true_is_a_fault_and_no_cycle(clock, wrong):
    table = server(clock, counter=COUNT)
    table.tell(good(COUNT, 5), good(HEAT, 100))
    table.tell(good(COUNT, wrong))
    table.tell(good(HEAT, 100))
    assert table.ear.cycles == []
    assert "cycle_counter" in str(table.conversation.state.words)
    table.conversation.closed()
    assert table.ear.samples_of("heat")[-1].cycle is None


def test_a_message_nobody_can_read_is_one_fault_with_its_bytes_until_one_can_be_read(clock):
    table = broker(clock)
    table.tell(good(JAW, 100))
    for _ in range(5):
        table.tell(error=PayloadUnreadable(topic="jaw", reason="x"), raw=b"\xff\xfe")
    assert table.ear.words == ["trouble machine.payload_unreadable"]
    assert table.ear.troubles[0].raw == b"\xff\xfe"
    assert table.conversation.state.standing is Standing.FAULT
    for _ in range(15):
        table.tell(good(JAW, 100))
    assert table.conversation.state.standing is Standing.LIVE


@pytest.mark.capability("E7")
def test_a_last_will_is_silence_at_once_and_until_the_machine_itself_speaks_again(clock):
    table = broker(clock)
    table.tell(good(JAW, 100))
    table.tell(gone=True)
    table.tell(gone=True)
    state = table.conversation.state
    assert (state.standing, state.cause.code) == (Standing.SILENT, "machine.gone")
    assert table.ear.words == ["trouble machine.gone"]
    table.wait(3)
    assert table.conversation.state.cause.code == "machine.gone"
    table.tell(good(JAW, 100))
    assert table.conversation.state.standing is Standing.LIVE


def test_values_lost_in_the_queue_of_a_server_are_counted(clock):
    table = server(clock)
    table.tell(good(HEAT, 100), lost=3)
    table.conversation.closed()
    assert [batch.skipped for batch in table.ear.batches] == [3]


def test_several_values_of_one_message_have_times_of_their_own_in_their_order(clock):
    table = server(clock)
    table.tell(*(good(HEAT, n) for n in range(5)))
    table.conversation.closed()
    samples = table.ear.samples_of("heat")
    assert [str(one.value) for one in samples] == ["0.0", "1.0", "2.0", "3.0", "4.0"]
    assert len({one.at for one in samples}) == 5
    assert (samples[-1].at - samples[0].at).microseconds == 4


def test_a_clock_that_was_set_back_is_told_as_it_is(clock):
    table = server(clock)
    table.tell(good(HEAT, 1))
    table.tell(good(HEAT, 2), after_s=-60)
    table.conversation.closed()
    first, second = table.ear.samples_of("heat")
    assert (first.at - second.at).total_seconds() == 60


def test_a_value_that_cannot_be_true_is_none_and_says_so_in_both_languages(clock):
    table = server(clock)
    table.tell(good(HEAT, 301))
    table.conversation.closed()
    assert table.qualities("heat") == ["implausible"]
    assert "301 °C cannot be true" in str(table.ear.troubles[0].error)
    assert "301" in table.ear.troubles[0].error.what.in_language(Language.ZH)
