"""All devices of this station: one session each, and everybody who listens to them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from threading import Event, Lock
from time import monotonic

from app.base.measurement import Reading
from app.devices.events import DeviceState, Scan, Sink, Trouble
from app.devices.frame_log import Piece
from app.devices.machines.samples import CycleSeen, SampleBatch
from app.devices.machines.session import Glimpse, MachineSession
from app.devices.machines.telling_session import TellingSession
from app.devices.protocol import families, is_own_key
from app.devices.replay import NoReplayHere, Playing
from app.devices.session import OpenPort, Session
from app.devices.settings import MACHINES, MODBUS, Backoff, Clock, DeviceSettings, Patience, StationClock
from app.devices.transport import open_port
from app.devices.wires import Wires

_STOP_WITHIN_S = 2.0


class Hub:
    """Starts and ends sessions, and hands on what they hear to every listener, on the thread of the device that said it."""

    def __init__(
        self,
        *,
        frame_logs: Path | None,
        open_port: OpenPort = open_port,
        clock: Clock | None = None,
        patience: Patience | None = None,
        backoff: Backoff | None = None,
    ) -> None:
        """Prepare an empty hub.

        Args:
            frame_logs: Folder for one frame log per device; ``None`` keeps none.
            open_port: How ports are opened; a replay brings its own.
            clock: Whose time counts; the station's own unless a replay or a test brings another.
            patience: How long to wait before a conclusion is drawn.
            backoff: How long to wait before a port is opened again.
        """
        self.wires = Wires(frame_logs)
        """Every byte that a device and the station say."""
        self._open_port = open_port
        self._clock, self._patience, self._backoff = clock or StationClock(), patience or Patience(), backoff or Backoff()
        self._sessions: dict[str, Session | MachineSession | TellingSession] = {}
        self._listeners: tuple[Sink, ...] = ()
        self._lock = Lock()

    def subscribe(self, listener: Sink) -> None:
        """From now on the listener hears every device; ask `states` for how they stand already."""
        with self._lock:
            self._listeners = (*self._listeners, listener)

    def unsubscribe(self, listener: Sink) -> None:
        """The listener hears nothing any more, except what is being said at this moment."""
        with self._lock:
            self._listeners = tuple(one for one in self._listeners if one is not listener)

    def start(self, *devices: DeviceSettings) -> None:
        """Connect devices; returns at once. One whose protocol of the plant is not in effect is passed over: nobody knows what it says.

        Raises:
            KeyError: no family of that key.
            ValueError: the device already runs, or its settings can never work; devices before it are started.
        """
        for settings in devices:
            if is_own_key(settings.protocol) and settings.protocol not in families():
                continue
            if settings.code in self._sessions:
                raise ValueError(f"device {settings.code} already runs")
            session = self._session(settings)
            with self._lock:
                self._sessions = {**self._sessions, settings.code: session}  # whoever walks through them keeps the ones there were
            session.start()

    def replay(self, settings: DeviceSettings, pieces: Sequence[Piece], *, practice: bool) -> Event:
        """Let a recording stand in for one device, until `end`; what is played is not logged again.

        Args:
            settings: Of the device whose place it takes; one that runs must be ended first.
            pieces: What was recorded, see `pieces_of`.
            practice: Whether the plant is one for practice, as its database says.

        Returns:
            Set when everything was played.

        Raises:
            NoReplayHere: the plant keeps records.
            KeyError: the device is no instrument.
        """
        if not practice:
            raise NoReplayHere()
        playing, family = Playing(pieces), families()[settings.protocol]
        session = Session(
            settings,
            family,
            self,
            open_port=playing.open,
            clock=self._clock,
            patience=self._patience,
            backoff=self._backoff,
            tap=partial(self.wires.show, settings.code),
        )
        with self._lock:
            self._sessions = {**self._sessions, settings.code: session}
        session.start()
        return playing.finished

    def end(self, code: str) -> None:
        """Disconnect one device: its port is free when this returns, its chip was told that it is closed. Waits up to two seconds.

        A device that does not run is ended already.
        """
        with self._lock:
            session = self._sessions.get(code)
            self._sessions = {one: other for one, other in self._sessions.items() if one != code}
        if session is not None and not session.stop(within_s=_STOP_WITHIN_S):
            session.give_up()
        self.wires.end(code)

    def be_patient(self, patience: Patience) -> None:
        """Wait otherwise from now on, for devices that run and for those that come; machines that run keep theirs."""
        self._patience = patience
        for session in self._sessions.values():
            if isinstance(session, Session):
                session.be_patient(patience)

    def states(self) -> dict[str, DeviceState]:
        """How every device stands, by asset code."""
        return {code: session.state for code, session in self._sessions.items()}

    def ask(self, code: str) -> bool:
        """Ask one device for a value now; see `Session.ask`. Raises `KeyError` for a device that does not run."""
        return self._sessions[code].ask()

    def watch(self, code: str, every_s: float | None) -> bool:
        """Keep asking one device while a field has the measuring focus; see `Session.watch`."""
        return self._sessions[code].watch(every_s)

    def wish(self, code: str, name: str) -> bool:
        """Do what a person wished, e.g. ``tare``; see `Session.wish`."""
        return self._sessions[code].wish(name)

    def send(self, code: str, message: bytes) -> bool:
        """Say what an engineer wrote; see `Session.send`. A machine is only read: nothing goes on its way."""
        session = self._sessions[code]
        return isinstance(session, Session) and session.send(message)

    def stop(self) -> list[str]:
        """End all sessions within two seconds together.

        Returns:
            Codes of devices whose port is stuck in the operating system; their threads end by themselves and tell nobody any more.
        """
        deadline = monotonic() + _STOP_WITHIN_S
        for session in self._sessions.values():
            session.stop(within_s=0)
        stuck = [code for code, session in self._sessions.items() if not session.stop(within_s=max(0.0, deadline - monotonic()))]
        for code in stuck:
            self._sessions[code].give_up()
        self._sessions = {}
        self.wires.close()
        return stuck

    def reading(self, reading: Reading) -> None:
        """A device sent a value."""
        for listener in self._listeners:
            listener.reading(reading)

    def scan(self, scan: Scan) -> None:
        """A scanner read a code."""
        for listener in self._listeners:
            listener.scan(scan)

    def repeated(self, scan: Scan) -> None:
        """A scanner sent the same code again at once."""
        for listener in self._listeners:
            listener.repeated(scan)

    def samples(self, batch: SampleBatch) -> None:
        """A machine was looked at."""
        for listener in self._listeners:
            listener.samples(batch)

    def cycle(self, seen: CycleSeen) -> None:
        """A machine finished a cycle."""
        for listener in self._listeners:
            listener.cycle(seen)

    def trouble(self, trouble: Trouble) -> None:
        """A device sent something that is no value, or nothing where a value was due."""
        for listener in self._listeners:
            listener.trouble(trouble)

    def state(self, state: DeviceState) -> None:
        """A device's standing changed."""
        for listener in self._listeners:
            listener.state(state)

    def _session(self, settings: DeviceSettings) -> Session | MachineSession | TellingSession:
        opening, clock, patience, backoff = self._open_port, self._clock, self._patience, self._backoff
        tap = self.wires.of(settings.code)
        if settings.protocol == MODBUS:
            glimpse = Glimpse(is_wanted=partial(self.wires.is_tapped, settings.code), show=partial(self.wires.show, settings.code))
            return MachineSession(
                settings, self, open_port=opening, clock=clock, patience=patience, backoff=backoff, tap=tap, glimpse=glimpse
            )
        if settings.protocol in MACHINES:
            return TellingSession(settings, self, clock=clock, patience=patience, backoff=backoff, tap=tap)
        family = families()[settings.protocol]
        return Session(settings, family, self, open_port=opening, clock=clock, patience=patience, backoff=backoff, tap=tap)
