"""A station that records a machine: hub, recorder, somebody who listens; and the machine as the plant knows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from threading import Condition
from time import monotonic
from uuid import UUID

from app.base.errors import AppError
from app.base.ids import new_id
from app.capture.commands import EnterChannel
from app.capture.recorder import Recorder, Rhythm
from app.capture.recording_state import RecordingState
from app.core.spool.standing import Room
from app.core.stations import StationLink
from app.devices.hub import Hub
from app.devices.machines.samples import Sample
from app.devices.settings import MODBUS, Backoff, Clock, DeviceSettings, MachineSettings, Patience
from app.plant.commands import RegisterAsset
from tests.devices.ear import Ear
from tests.plant import Plant

WITHIN_S = 20.0
QUICK = Rhythm(look_s=0.01, open_again_s=0.02, ask_again_s=0.02, backoff=Backoff(first_s=0.01, longest_s=0.05))
ROOM = Room(most_bytes=64 * 2**20, ballast_bytes=64 * 1024)


class RecordingEar:
    """Keeps what the recorder says."""

    def __init__(self) -> None:
        self.states: list[RecordingState] = []
        self.troubles: list[AppError] = []
        self._news = Condition()

    def recording(self, state: RecordingState) -> None:
        with self._news:
            self.states.append(state)
            self._news.notify_all()

    def recording_trouble(self, trouble: AppError) -> None:
        with self._news:
            self.troubles.append(trouble)
            self._news.notify_all()

    def until(self, so: Callable[[], object]) -> None:
        """Wait until it is so; looked at whenever something is said, and now and then."""
        until = monotonic() + WITHIN_S
        with self._news:
            while not so():
                assert monotonic() < until, f"heard only {self.states[-2:]}, {self.troubles}"
                self._news.wait(0.02)


class RecordingStation:
    """One run of a station's program, over a folder that outlives it."""

    def __init__(self, link: StationLink, folder: Path, *, room: Room = ROOM, clock: Clock | None = None) -> None:
        self.ear, self.heard = RecordingEar(), Ear()
        self.recorder = Recorder(link, folder, room=room, rhythm=QUICK)
        self.recorder.subscribe(self.ear)
        self.hub = Hub(frame_logs=None, clock=clock, patience=Patience(machine_answer_s=10), backoff=Backoff(first_s=0.01, longest_s=0.05))
        self.hub.subscribe(self.recorder)
        self.hub.subscribe(self.heard)
        self.recorder.start()

    def read(self, code: str, url: str, machine: MachineSettings) -> None:
        """The hub begins to look at a machine."""
        self.hub.start(DeviceSettings(code=code, protocol=MODBUS, url=url, unit=None, machine=machine))

    def until_heard(self, count: int) -> None:
        """Wait until the machines said so many samples more."""
        wanted = count + sum(len(batch.samples) for batch in self.heard.batches)
        self.heard.until(lambda ear: sum(len(batch.samples) for batch in ear.batches) >= wanted)

    def until_all_is_stored(self) -> None:
        """Everything heard so far is in the database."""
        mark = self.recorder.hand_over()
        self.ear.until(lambda: self.recorder.stands().arrived >= mark)

    @property
    def samples(self) -> list[Sample]:
        """Everything the machines said to this run, oldest first."""
        return [sample for batch in self.heard.batches for sample in batch.samples]

    def stop(self) -> None:
        """Close the program as a person does."""
        assert self.hub.stop() == []
        assert self.recorder.stop(WITHIN_S)


@contextmanager
def recording(link: StationLink, folder: Path, *, room: Room = ROOM, clock: Clock | None = None) -> Iterator[RecordingStation]:
    """A run that is closed at the end."""
    station = RecordingStation(link, folder, room=room, clock=clock)
    try:
        yield station
    finally:
        station.stop()


def register_machine(plant: Plant, code: str) -> UUID:
    """A machine of no kind of its own, without channels."""
    machine = new_id()
    ((site,),) = plant.rows("SELECT id FROM lineside.site")
    order = RegisterAsset(
        command_id=new_id(),
        id=machine,
        code=code,
        kind="machine",
        name_en="Counting machine",
        name_zh="",
        serial_no=code,
        site=site,  # type: ignore[arg-type]
        unit=None,
        resolution=Decimal(1),
        needs_calibration=False,
    )
    plant.sign_in("zhao.lei").give(order)
    return machine


def enter_channels(plant: Plant, machine: UUID, names: list[str]) -> None:
    """The channels of a machine's register map."""
    engineer = plant.sign_in("zhao.lei")
    for name in names:
        named = {"name_in_map": name, "name_en": name, "name_zh": "", "unit": "N", "decimals": 0}
        engineer.give(EnterChannel(command_id=new_id(), id=new_id(), machine=machine, **named))  # type: ignore[arg-type]


def counted(plant: Plant, channel: str = "channel_0") -> list[int]:
    """What a counting machine's channel holds in the database, in the order of time; a lost one is a gap, a doubled one shows."""
    rows = plant.rows(
        "SELECT s.value FROM lineside.sample s JOIN lineside.channel c ON c.id = s.channel WHERE c.name = %s ORDER BY s.at", channel
    )
    return [int(value) for (value,) in rows]  # type: ignore[call-overload]
