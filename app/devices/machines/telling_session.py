"""One machine that tells by itself, one thread: connects, listens, and connects again by itself."""

from __future__ import annotations

from collections.abc import Callable

from app.base.errors import DeviceError
from app.devices.device_thread import DeviceThread
from app.devices.events import DeviceState, Sink
from app.devices.frame_log import Piece, Tap
from app.devices.machines.mqtt import MqttLine
from app.devices.machines.opcua import OpcUaLine
from app.devices.machines.telling import Message
from app.devices.machines.telling_conversation import TellingConversation
from app.devices.settings import OPCUA, Backoff, Clock, DeviceSettings, Patience, TagSettings

_LISTEN_S = 0.05
"""The longest a hand-over or a conclusion waits behind an empty line."""
_MQTT_LOOKS_PER_S = 100
"""Of a machine that decides itself: what it told is handed over as soon as that of one looked at so often."""

Line = OpcUaLine | MqttLine
OpenTelling = Callable[[DeviceSettings, TagSettings, float, Clock], Line]


def line_of(settings: DeviceSettings, tags: TagSettings, answer_s: float, clock: Clock) -> Line:
    """The line a machine is listened to over, not open yet.

    Raises:
        ReaderMissing: the library for it is not installed.
    """
    if settings.protocol == OPCUA:
        return OpcUaLine(settings, tags, answer_s=answer_s, clock=clock)
    return MqttLine(settings, tags, answer_s=answer_s, clock=clock)


class TellingSession(DeviceThread):
    """The connection to one machine, from `start` to `stop`. Its sink is called on the session's own thread."""

    def __init__(self, settings: DeviceSettings, sink: Sink, *, clock: Clock, patience: Patience, backoff: Backoff, tap: Tap) -> None:
        """Prepare a session; nothing is opened yet.

        Raises:
            ValueError: the settings name no tag map.
        """
        if settings.tags is None:
            raise ValueError(f"{settings.code}: a machine needs its map")
        super().__init__(settings.code, backoff)
        self._settings, self._tags, self._clock, self._tap = settings, settings.tags, clock, tap
        self._answer_s = patience.machine_answer_s
        looks_per_s = settings.tags.looks_per_s or _MQTT_LOOKS_PER_S
        self._conversation = TellingConversation(settings.code, settings.tags.map, sink, looks_per_s=looks_per_s, clock=clock)
        self._line: Line | None = None

    @property
    def state(self) -> DeviceState:
        """How the machine stands now."""
        return self._conversation.state

    def ask(self) -> bool:
        """A machine tells by itself and cannot be asked for one value more."""
        return False

    def watch(self, every_s: float | None) -> bool:
        """See `ask`."""
        return False

    def wish(self, name: str) -> bool:
        """Nothing is ever written to a machine.

        Raises:
            KeyError: always; the screen should not have offered it.
        """
        raise KeyError(name)

    def stop(self, within_s: float) -> bool:
        """End the thread; a wait ends at once."""
        self._stopping.set()
        line = self._line
        if line is not None:
            line.hang_up()
        return super().stop(within_s)

    def give_up(self) -> None:
        """The thread did not end in time: whatever it still hears, nobody is told."""
        self._conversation.hush()

    def _begin(self) -> None:
        self._conversation.begin()

    def _lost(self, cause: DeviceError) -> None:
        self._conversation.lost(cause)

    def _closed(self) -> None:
        self._conversation.closed()

    def _connect(self) -> None:
        line = self._line = line_of(self._settings, self._tags, self._answer_s, self._clock)
        try:
            line.open()
            self._listen_on(line)
        finally:
            self._line = None
            line.close()

    def _listen_on(self, line: Line) -> None:
        self._conversation.opened()
        while not self._stopping.is_set():
            for message in line.listen(_LISTEN_S):
                self._conversation.heard(message, line)
                self._was_open = True  # only now: a server that opens and never tells is tried more and more rarely
                self._keep(message)
            self._conversation.tick()

    def _keep(self, message: Message) -> None:
        """What was not good. Good values are not kept: every sample carries its evidence."""
        if message.raw:
            self._tap(Piece(at=message.at, heard=True, content=message.raw))
