"""Records what the machines of a station say: heard on their threads, on this station's disk within a second, then in the database.

It hears a hub like every listener and writes on a thread of its own, so no machine waits for a disk. What is on the disk outlives a
power cut and is forwarded in its order, as often as it takes, under its own id. A machine the plant does not know is turned away after
a few batches; those are kept, set aside, and sent again once the plant knows it.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock, Thread
from time import monotonic
from uuid import UUID

from app.base.errors import AppError
from app.base.ids import new_id
from app.capture.delivery import KIND, machine_in, spooled, store
from app.capture.forwarding import Forwarding
from app.capture.grouping import Grouping
from app.capture.recording_state import RecordingSink, RecordingState
from app.capture.rules import UnknownChannel
from app.capture.turned_away import TurnedAway
from app.core.logs import log
from app.core.spool.judging import FORESEEN
from app.core.spool.refusals import StoreClosed, StoreDiskRefuses, StoreFull
from app.core.spool.spool import BACKOFF, Spool
from app.core.spool.standing import Quarantined, Room, SpoolState, Standing
from app.core.stations import StationLink
from app.devices.events import Listener
from app.devices.machines.samples import SampleBatch
from app.devices.settings import Backoff, Clock, StationClock

ROOM = Room(most_bytes=2 * 2**30)
"""Ten times what a machine of eight channels says in seven days at ten looks a second."""
MOST_IN_HAND = 600
"""Groups that wait in memory for a disk that refuses; then the oldest are lost, counted and said."""
DRAIN_S, CLOSE_S = 2.0, 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How often the recorder does what it does; seconds."""

    look_s: float = 0.2
    """Between two looks at what the machines said."""
    open_again_s: float = 5.0
    """Until a store that could not be opened is tried again."""
    ask_again_s: float = 60.0
    """Until a machine that was turned away is offered to the plant again."""
    backoff: Backoff = BACKOFF
    """Between two tries to reach the database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _InHand:
    payload: bytes
    samples: int


class Recorder(Listener):
    """From `start` to `stop`. Subscribe it to the hub before the machines start."""

    def __init__(
        self, link: StationLink, folder: Path, *, room: Room = ROOM, rhythm: Rhythm | None = None, clock: Clock | None = None
    ) -> None:
        """Prepare; nothing is opened yet.

        Args:
            link: The station's connection; closed by whoever made it, after `stop`.
            folder: The station's own, see `station_files.spool_folder`.
            room: How much may be kept on the disk.
            rhythm: How often it does what it does.
            clock: Whose time counts.
        """
        self._link, self._folder, self._room = link, folder, room
        self._rhythm, self._clock = rhythm or Rhythm(), clock or StationClock()
        self._grouping, self._turned_away = Grouping(self._clock), TurnedAway()
        self._forwarding = Forwarding(link, self._turned_away, self._alarm)
        self._spool: Spool | None = None
        self._open_at = self._ask_at = float("-inf")
        self._in_hand: deque[_InHand] = deque()
        self._newest: dict[str, bytes] = {}
        """The last group of each machine that is turned away: what the plant is offered when it is asked again."""
        self._sent_again: set[UUID] = set()
        self._trouble: AppError | None = None
        self._lost = 0
        self._asked = self._kept = self._arrived = 0
        """Marks of `hand_over`: asked for, on the disk, at their end."""
        self._sinks: tuple[RecordingSink, ...] = ()
        self._told: RecordingState | None = None
        self._telling = Lock()
        self._stopping, self._wake = Event(), Event()
        self._thread = Thread(target=self._run, name="recorder", daemon=True)

    # everybody's side -------------------------------------------------------------------------------------------------------------

    def subscribe(self, sink: RecordingSink) -> None:
        """From now on the sink hears; ask `stands` for how it stands already."""
        with self._telling:
            self._sinks = (*self._sinks, sink)

    def unsubscribe(self, sink: RecordingSink) -> None:
        """The sink hears nothing any more."""
        with self._telling:
            self._sinks = tuple(one for one in self._sinks if one is not sink)

    def stands(self) -> RecordingState:
        """How it stands now; from any thread, at no cost."""
        spool = self._spool
        return RecordingState(
            spool=spool.state() if spool is not None else None,
            trouble=self._trouble,
            turned_away=self._turned_away.reasons,
            lost=self._lost,
            arrived=self._arrived,
        )

    def can_start(self) -> bool:
        """Whether a step that needs a machine's values may start: the store is open and has room."""
        spool = self._spool
        return spool is not None and spool.can_start()

    def samples(self, batch: SampleBatch) -> None:
        """A machine was looked at. Called on its thread; costs no disk."""
        if self._grouping.add(batch):
            self._wake.set()

    def hand_over(self) -> int:
        """Somebody ends a step: bring what was heard so far on its way now.

        Returns:
            At once, a mark: when `RecordingState.arrived` has reached it, what was heard before is in the database or set aside.
        """
        with self._telling:
            self._asked += 1
            mark = self._asked
        self._wake.set()
        return mark

    @property
    def is_running(self) -> bool:
        """Whether it was started; where there is no machine nobody does."""
        return self._thread.ident is not None

    def start(self) -> None:
        """Begin; returns at once. What an earlier run left is forwarded too. One that runs already goes on."""
        if not self.is_running:
            self._thread.start()

    def stop(self, within_s: float) -> bool:
        """Bring what was heard to the disk, let the database take it for a moment, close the store.

        Returns:
            Whether it ended in time. What waits on the disk is forwarded after the next start.
        """
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(within_s)
        return not self._thread.is_alive()

    # the recorder's thread --------------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                self._wake.wait(self._rhythm.look_s)
                self._wake.clear()
                self._round()
            self.hand_over()
            self._round()
            self._drain()
        finally:
            self._let_go()

    def _round(self) -> None:
        asked = self._asked
        self._sort(everything=asked > self._kept)
        self._open()
        try:
            self._put()
            self._ask_again()
            self._note_arrival(asked)
        except StoreClosed as trouble:
            self._trouble = trouble
            self._let_go()  # and open it again
        self._tell()

    def _sort(self, *, everything: bool) -> None:
        """Take over what is ripe; of a machine that is turned away only the newest."""
        for machine, group in self._grouping.due(everything=everything):
            payload = spooled(machine, group)
            if machine in self._turned_away:
                self._newest[machine] = payload
            else:
                self._in_hand.append(_InHand(payload=payload, samples=len(group)))
        while len(self._in_hand) > MOST_IN_HAND:
            self._lost += self._in_hand.popleft().samples

    def _open(self) -> None:
        if self._spool is not None or self._clock.monotonic() < self._open_at:
            return
        spool = Spool(self._folder, room=self._room, clock=self._clock)
        spool.subscribe(_SpoolEar(self))
        try:
            spool.open()
        except AppError as trouble:
            self._trouble, self._open_at = trouble, self._clock.monotonic() + self._rhythm.open_again_s
            return
        spool.send_again(_of_unknown_machines(spool))  # somebody may have registered them since the program ended
        spool.forward(self._forwarding, backoff=self._rhythm.backoff)
        self._trouble, self._spool = None, spool

    def _put(self) -> None:
        """Bring what is in hand to the disk, oldest first; what it refuses stays in hand."""
        spool = self._spool
        if spool is None:
            return
        try:
            while self._in_hand:
                self._keep(spool, self._in_hand[0].payload)
                self._in_hand.popleft()
        except (StoreFull, StoreDiskRefuses) as trouble:
            self._trouble = trouble
        else:
            self._trouble = None

    def _note_arrival(self, asked: int) -> None:
        """The disk's side is this thread's own, so nothing can be put between the two questions."""
        spool = self._spool
        if spool is None:
            return
        if not self._in_hand:
            self._kept = asked
        if not spool.state().waiting:
            self._arrived = self._kept

    def _keep(self, spool: Spool, payload: bytes) -> None:
        try:
            spool.put(KIND, [payload])
        except StoreDiskRefuses:
            spool.put(KIND, [payload])  # the reserve was given back for exactly this

    def _ask_again(self) -> None:
        """Offer the plant the newest of every machine that is turned away; nothing of it is kept here when it is refused again."""
        spool = self._spool
        if spool is None or spool.state().standing is not Standing.HERE or self._clock.monotonic() < self._ask_at:
            return
        for machine in self._turned_away.reasons:
            payload = self._newest.pop(machine, None)
            if payload is None:
                continue
            self._ask_at = self._clock.monotonic() + self._rhythm.ask_again_s
            try:
                store(self._link, new_id(), payload)
            except FORESEEN as trouble:
                log("capture").info("still turned away", machine=machine, reason=str(trouble))
                continue
            self._turned_away.taken(machine)
            self._send_again(spool, machine)

    def _send_again(self, spool: Spool, machine: str) -> None:
        """What was set aside because nobody knew the machine goes once more, and after that no more while this program runs."""
        fresh = [one for one, whose in _of_unknown_machines(spool).items() if whose == machine and one not in self._sent_again]
        self._sent_again.update(fresh)
        spool.send_again(fresh)

    def _drain(self) -> None:
        until = monotonic() + DRAIN_S
        while (spool := self._spool) is not None and monotonic() < until:
            state = spool.state()
            if state.waiting == 0 or state.standing is not Standing.HERE:
                return
            self._wake.wait(0.02)
            self._wake.clear()

    def _let_go(self) -> None:
        spool, self._spool = self._spool, None
        if spool is not None:
            spool.close(CLOSE_S)
        self._open_at = self._clock.monotonic() + self._rhythm.open_again_s
        self._tell()

    # telling ----------------------------------------------------------------------------------------------------------------------

    def _tell(self) -> None:
        with self._telling:
            state = self.stands()
            if state == self._told:
                return
            self._told = state
            for sink in self._sinks:
                sink.recording(state)

    def _alarm(self, trouble: AppError) -> None:
        log("capture").warning("trouble", code=trouble.code, told=str(trouble))
        with self._telling:
            for sink in self._sinks:
                sink.recording_trouble(trouble)


def _of_unknown_machines(spool: Spool) -> dict[UUID, str]:
    """What was set aside because the plant did not know the machine or one of its channels, and the machine of each."""
    waited = [entry for entry in spool.quarantined() if entry.sound and entry.kind == KIND and UnknownChannel.sqlstate in entry.reason]
    return {UUID(entry.id): machine_in(entry.payload) for entry in waited}


class _SpoolEar:
    """Hears the store on its threads."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def state(self, state: SpoolState) -> None:
        self._recorder._tell()
        if not state.waiting:
            self._recorder._wake.set()

    def quarantined(self, entry: Quarantined) -> None:
        log("capture").warning("set aside", entry=entry.id, reason=entry.reason)

    def trouble(self, trouble: AppError) -> None:
        self._recorder._alarm(trouble)
