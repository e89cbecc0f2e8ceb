"""One machine, one thread: connects, looks at its registers at its rate, and connects again by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.base.errors import DeviceError
from app.devices.device_thread import DeviceThread
from app.devices.events import DeviceState, Sink
from app.devices.frame_log import Piece, Tap
from app.devices.machines.blocks import Block
from app.devices.machines.conversation import MachineConversation
from app.devices.machines.lines import OpenLine, open_line
from app.devices.machines.modbus import MachineLine
from app.devices.machines.pace import Pace
from app.devices.session import OpenPort
from app.devices.settings import Backoff, Clock, DeviceSettings, Patience

GLIMPSE_EVERY_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Glimpse:
    """Somebody may look at the line of a machine that is well."""

    is_wanted: Callable[[], bool]
    show: Tap


class MachineSession(DeviceThread):
    """The connection to one machine, from `start` to `stop`. Its sink is called on the session's own thread."""

    def __init__(
        self,
        settings: DeviceSettings,
        sink: Sink,
        *,
        open_port: OpenPort,
        clock: Clock,
        patience: Patience,
        backoff: Backoff,
        tap: Tap,
        glimpse: Glimpse | None = None,
    ) -> None:
        """Prepare a session; nothing is opened yet.

        Args:
            settings: Of a machine.
            sink: Hears what became known.
            open_port: How serial ports are opened.
            clock: Whose time counts.
            patience: How long to wait for an answer.
            backoff: Between two tries to connect.
            tap: Sees the question that failed and its answer.
            glimpse: Sees now and then one that did not fail, while somebody looks.

        Raises:
            ValueError: the settings name no register map.
        """
        if settings.machine is None:
            raise ValueError(f"{settings.code}: a machine needs its register map")
        super().__init__(settings.code, backoff)
        self._settings, self._open_port, self._clock, self._tap = settings, open_port, clock, tap
        self._glimpse, self._glimpse_at = glimpse, float("-inf")
        self._answer_s = patience.machine_answer_s
        looks_per_s = settings.machine.looks_per_s
        self._pace = Pace(looks_per_s, clock)
        self._conversation = MachineConversation(settings.code, settings.machine.map, sink, looks_per_s=looks_per_s, clock=clock)
        self._line: OpenLine | None = None

    @property
    def state(self) -> DeviceState:
        """How the machine stands now."""
        return self._conversation.state

    def ask(self) -> bool:
        """A machine is read all the time and cannot be asked for one value more."""
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
        """End the thread; a wait for an answer ends at once."""
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
        line = self._line = open_line(self._settings, answer_s=self._answer_s, open_port=self._open_port)
        try:
            self._look_on(line)
        except DeviceError:
            if not self._stopping.is_set():
                self._keep(line)
            raise
        finally:
            self._line = None
            line.close()

    def _look_on(self, line: OpenLine) -> None:
        self._conversation.opened()
        self._pace.begin()
        while not self._stopping.is_set():
            self._conversation.look(self._seen(line))
            self._was_open = True  # only now: a port that opens and never answers is tried more and more rarely
            self._conversation.skipped(self._pace.done())
            self._stopping.wait(self._pace.wait_s)

    def _keep(self, line: OpenLine) -> None:
        """The question that failed and its answer. Good ones, hundreds a second, are not kept: every sample carries its registers."""
        for piece in _pieces(line, self._clock):
            self._tap(piece)

    def _seen(self, line: OpenLine) -> MachineLine:
        """The line, once a second with an engineer's eye on it: more it could not follow."""
        moment = self._clock.monotonic()
        if self._glimpse is None or moment < self._glimpse_at or not self._glimpse.is_wanted():
            return line
        self._glimpse_at = moment + GLIMPSE_EVERY_S
        return _SeenLine(line, self._glimpse.show, self._clock)


class _SeenLine:
    """A line of which every question is shown with its answer."""

    def __init__(self, line: OpenLine, show: Tap, clock: Clock) -> None:
        self._line, self._show, self._clock = line, show, clock

    def read(self, block: Block) -> Sequence[int]:
        registers = self._line.read(block)
        for piece in _pieces(self._line, self._clock):
            self._show(piece)
        return registers


def _pieces(line: OpenLine, clock: Clock) -> tuple[Piece, Piece]:
    """The last question and what came of its answer."""
    now = clock.now()
    return Piece(at=now, heard=False, content=line.said), Piece(at=now, heard=True, content=line.heard)
