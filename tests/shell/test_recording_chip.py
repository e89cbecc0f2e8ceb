"""What the window shows of the recording of machines, and the samples it sees as they come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.base.phrases import Language
from app.capture.live import Live
from app.capture.recorder import Recorder
from app.capture.recording_state import RecordingState
from app.capture.rules import UnknownChannel
from app.core.devices_here import DevicesHere
from app.core.spool.refusals import StoreTaken
from app.core.spool.standing import Fill, SpoolState, Standing
from app.devices.machines.samples import Quality, Sample, SampleBatch
from app.devices.simulators.sealer import SealerSimulator
from tests.capture.recording_station import QUICK, ROOM
from tests.plant import Plant
from tests.shell.conftest import Hand
from tests.shell.test_database_away import Cable
from tests.shell.test_looks import SIZES, looks
from tests.shell.test_machine_chip import devices, sealer  # noqa: F401 - fixtures
from tests.shell.test_station_health import says
from ui.kit import State, set_language
from ui.shell.health_chips import recording_words

NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


def stands(
    standing: Standing = Standing.HERE, *, waiting: int = 0, quarantined: int = 0, fill: Fill = Fill.ROOM, lost: int = 0, unknown: str = ""
) -> RecordingState:
    spool = SpoolState(standing=standing, since=NOW, cause=None, waiting=waiting, quarantined=quarantined, fill=fill)
    turned_away = {code: UnknownChannel(machine=code) for code in unknown.split()}
    return RecordingState(spool=spool, trouble=None, turned_away=turned_away, lost=lost, arrived=0)


CLOSED = RecordingState(spool=None, trouble=None, turned_away={}, lost=0, arrived=0)
TAKEN = RecordingState(spool=None, trouble=StoreTaken(folder="spool"), turned_away={}, lost=0, arrived=0)


@pytest.mark.capability("E7")
@pytest.mark.parametrize(
    ("state", "shape", "english", "chinese"),
    [
        (CLOSED, None, "", ""),
        (stands(waiting=3), None, "", ""),
        (TAKEN, State.FAIL, "not recorded", "未记录"),
        (stands(fill=Fill.FULL), State.FAIL, "not recorded", "未记录"),
        (stands(unknown="SL-09 SL-08", quarantined=5), State.FAIL, "SL-08, SL-09 not recorded", "SL-08, SL-09 未记录"),
        (stands(Standing.STOPPED, waiting=7), State.FAIL, "7 waiting, all kept", "7 批待传，全部保留"),
        (stands(Standing.AWAY, waiting=7), State.ATTENTION, "7 waiting, all kept", "7 批待传，全部保留"),
        (stands(waiting=700), State.WAITING, "700 waiting, all kept", "700 批待传，全部保留"),
        (stands(lost=40), State.ATTENTION, "40 lost", "丢失 40 个"),
        (stands(quarantined=5), State.ATTENTION, "5 set aside", "已隔离 5 批"),
        (stands(fill=Fill.HALF), State.ATTENTION, "store fills up", "本地暂存快满"),
    ],
)
def test_the_worst_is_said_first_and_what_is_well_not_at_all(
    state: RecordingState, shape: State | None, english: str, chinese: str
) -> None:
    found = recording_words(state)
    if shape is None:
        assert found is None
        return
    assert found is not None
    assert (found[0], found[1].in_language(Language.EN), found[1].in_language(Language.ZH)) == (shape, english, chinese)


@pytest.mark.capability("E4")
@pytest.mark.capability("E7")
@pytest.mark.parametrize("size", SIZES)
def test_samples_are_seen_as_they_come_and_while_the_database_is_away_the_strip_counts_what_waits(
    open_recording: Callable[..., Hand],
    plant: Plant,
    devices: DevicesHere,  # noqa: F811 - the fixture
    sealer: SealerSimulator,  # noqa: F811
    size: tuple[int, int],
) -> None:
    hand = open_recording(size=size, devices=devices)
    live, told = hand.bridge.live, list[int]()
    hand.bridge.ear.samples.connect(lambda batch: told.append(len(live.latest(batch.machine, "temperature_actual", after=None))))
    hand.until(lambda: len(told) > 5)
    assert told[0] > 0, "what a signal speaks of can be asked for already"
    assert told == sorted(told)
    seen = live.latest("SL-03", "temperature_actual", after=None)
    assert {sample.quality for sample in seen} <= {"good", "stale"}
    assert all(sample.at > seen[-1].at for sample in live.latest("SL-03", "temperature_actual", after=seen[-1].at))
    hand.until(lambda: plant.rows("SELECT 1 FROM lineside.sample LIMIT 1"))
    assert says(hand, "samples") == ""
    cable = Cable(plant)
    cable.pull()
    hand.until(lambda: says(hand, "samples").endswith("2 waiting, all kept"), timeout_ms=20_000)
    assert list(looks(hand, size)) == []
    set_language(Language.ZH)
    assert says(hand, "samples").startswith("设备数据 ")
    set_language(Language.EN)
    cable.put_back()
    hand.until(lambda: says(hand, "samples") == "", timeout_ms=20_000)


def test_only_the_newest_samples_of_a_channel_are_held(sample_at: Callable[[int], Sample]) -> None:
    live = Live(most_each=3)
    for n in range(5):
        live.samples(SampleBatch(machine="SL-03", number=n, looks=1, skipped=0, samples=(sample_at(n),)))
    told = [(sample_at(n).at, None, "stale") for n in range(5)]
    assert live.latest("SL-03", "pressure", after=None) == told[2:]
    assert live.latest("SL-03", "pressure", after=told[3][0]) == told[4:]
    assert live.latest("SL-03", "temperature_actual", after=None) == []


@pytest.fixture
def sample_at() -> Callable[[int], Sample]:
    return lambda n: Sample(
        channel="pressure", unit="kPa", at=NOW.replace(second=n), value=None, quality=Quality.STALE, cycle=None, raw=(n,)
    )


@pytest.fixture
def open_recording(open_station: Callable[..., Hand], plant: Plant, tmp_path: Path):  # type: ignore[no-untyped-def]
    """The inspection station with its recorder."""
    recorder = Recorder(plant.link(), tmp_path / "spool", room=ROOM, rhythm=QUICK)
    recorder.start()
    yield lambda **what: open_station("IQC-02", recording=recorder, **what)
    assert recorder.stop(20)
