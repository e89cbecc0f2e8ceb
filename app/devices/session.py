"""One device, one thread, one port: opens it, listens, and asks when somebody wants a value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from app.base.errors import DeviceError
from app.devices.conversation import Conversation
from app.devices.device_thread import DeviceThread
from app.devices.events import DeviceState, Sink
from app.devices.frame_log import Piece, Tap
from app.devices.protocol import Family, SerialLine
from app.devices.settings import Backoff, Clock, DeviceSettings, Patience
from app.devices.transport import Port

_MOST_OLD_READS = 20
"""Then a device that never stops talking is simply live."""
_MOST_OLD_SHOWN = 200
"""Bytes."""

OpenPort = Callable[[str, SerialLine], Port]


@dataclass(frozen=True, slots=True)
class _ToSay:
    message: bytes
    waits: bool
    """Whether an answer must come."""


class Session(DeviceThread):
    """The connection to one device, from `start` to `stop`. Its sink is called on the session's own thread."""

    def __init__(
        self,
        settings: DeviceSettings,
        family: Family,
        sink: Sink,
        *,
        open_port: OpenPort,
        clock: Clock,
        patience: Patience,
        backoff: Backoff,
        tap: Tap,
    ) -> None:
        """Prepare a session; nothing is opened yet. ``tap`` sees every byte in both directions.

        Raises:
            ValueError: settings that can never work, see `Conversation`.
        """
        super().__init__(settings.code, backoff.at(settings.url))
        self._settings, self._family, self._open_port, self._clock = settings, family, open_port, clock
        self._conversation = Conversation(settings, family, sink, clock=clock, patience=patience)
        self._tap = tap
        self._to_say: SimpleQueue[_ToSay] = SimpleQueue()
        self._watch_s: float | None = None
        self._next_look = 0.0
        self._connected = False

    @property
    def state(self) -> DeviceState:
        """How the device stands now."""
        return self._conversation.state

    def ask(self) -> bool:
        """Make the device send one value now; it comes to the sink as a reading, or not at all.

        Returns:
            Whether the question went on its way: ``False`` if the device is not connected or speaks only when pressed.
        """
        question = self._conversation.protocol.ask_for_value
        return question is not None and self._say(question)

    def watch(self, every_s: float | None) -> bool:
        """Keep asking for values while a field has the measuring focus; ``None`` ends it.

        Returns:
            Whether this device can be asked.
        """
        self._watch_s = every_s
        return self._conversation.protocol.ask_for_value is not None

    def wish(self, name: str) -> bool:
        """Do what a person wished at the screen, e.g. ``tare``.

        Returns:
            Whether it went on its way.

        Raises:
            KeyError: the family has no such wish; the screen should not have offered it.
        """
        return self._say(self._conversation.protocol.wishes[name])

    def send(self, message: bytes) -> bool:
        """Say what an engineer wrote at the console; no answer is waited for.

        Returns:
            Whether it went on its way.
        """
        return self._say(message, waits=False)

    def be_patient(self, patience: Patience) -> None:
        """Wait otherwise from now on."""
        self._conversation.be_patient(patience)

    def give_up(self) -> None:
        """The thread did not end in time: whatever it still hears, nobody is told."""
        self._conversation.hush()

    def _say(self, message: bytes, *, waits: bool = True) -> bool:
        if not self._connected:
            return False
        self._to_say.put(_ToSay(message, waits))
        return True

    def _begin(self) -> None:
        self._conversation.begin()

    def _lost(self, cause: DeviceError) -> None:
        self._conversation.lost(cause)

    def _closed(self) -> None:
        self._conversation.closed()

    def _connect(self) -> None:
        port = self._open_port(self._settings.url, self._settings.line or self._family.line)
        self._was_open = True
        try:
            self._talk(port)
        finally:
            self._connected = False
            port.close()

    def _talk(self, port: Port) -> None:
        self._forget_old_questions()
        self._pass_over_old_bytes(port)
        first = self._conversation.opened()
        self._connected = True
        self._send(port, first, wanted=False, is_it_there=True)
        while not self._stopping.is_set():
            for one in self._asked_for():
                self._send(port, [one.message], wanted=one.waits, waits=one.waits)
            self._send(port, self._next_look_of_a_watched_value(), wanted=False)
            if chunk := port.read():
                self._note(chunk, heard=True)
                self._conversation.heard(chunk)
            self._send(port, self._conversation.time_passes(), wanted=False, is_it_there=True)

    def _asked_for(self) -> list[_ToSay]:
        """What people asked for since the last look."""
        due: list[_ToSay] = []
        while True:
            try:
                due.append(self._to_say.get_nowait())
            except Empty:
                return due

    def _next_look_of_a_watched_value(self) -> list[bytes]:
        moment, ask, every_s = self._clock.monotonic(), self._conversation.protocol.ask_for_value, self._watch_s
        if every_s is None or ask is None or moment < self._next_look or self._conversation.awaiting_answer:
            return []
        self._next_look = moment + every_s
        return [ask]

    def _send(self, port: Port, messages: list[bytes], *, wanted: bool, waits: bool = True, is_it_there: bool = False) -> None:
        for message in messages:
            self._note(message, heard=False)
            if waits:
                self._conversation.sent(wanted=wanted, is_it_there=is_it_there)
            port.write(message)

    def _forget_old_questions(self) -> None:
        """A question from before the connection broke must not bring a value nobody waits for any more."""
        self._asked_for()

    def _pass_over_old_bytes(self, port: Port) -> None:
        """A terminal server hands over at once what it kept while nobody was connected. Read until the line is quiet, take nothing."""
        old = bytearray()
        for _ in range(_MOST_OLD_READS):
            if not (chunk := port.read()):
                break
            self._note(chunk, heard=True)
            old += chunk
        if old:
            self._conversation.came_too_late(bytes(old[:_MOST_OLD_SHOWN]))

    def _note(self, chunk: bytes, *, heard: bool) -> None:
        self._tap(Piece(at=self._clock.now(), heard=heard, content=chunk))
