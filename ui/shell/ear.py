"""Hears every device on the devices' own threads and says it again on the window's thread.

However fast a device sends, the window lives: what waits is said for a few milliseconds, then keys, paint and clocks have their turn.
"""

from __future__ import annotations

import time
from dataclasses import replace

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.base.errors import AppError
from app.base.measurement import Reading
from app.capture.recording_state import RecordingState
from app.core.station_health import NOT_COMPARED, ClockOffset, ahead_ms
from app.devices.events import DeviceState, Listener, Scan, Trouble
from app.devices.machines.samples import CycleSeen, SampleBatch
from app.labels.queue_events import LabelMoved
from ui.shell.waiting import Waiting

_SPEAKS_S = 0.02
"""For so long without a break; a reading takes a screen one or two milliseconds."""
_RESTS_MS = 10


class Ear(QObject):
    """Signals arrive queued, in order, on the thread this object was made on."""

    reading = Signal(object)
    """`Reading`: nothing is stored until a command takes it."""
    scan = Signal(object)
    """`Scan`, as the scanner sent it."""
    repeated = Signal(object)
    """The same `Scan` within the bounce time: shown, never acted on."""
    samples = Signal(object)
    """`SampleBatch` of a machine, ten a second at most. `Bridge.live` holds them already."""
    cycle = Signal(object)
    """`CycleSeen` of a machine."""
    trouble = Signal(object)
    """`Trouble`."""
    state = Signal(object)
    """`DeviceState`, of printers too."""
    label = Signal(object)
    """`LabelMoved`: a label was printed, or nobody knows."""
    recording = Signal(object)
    """`RecordingState`: how what machines say is kept and reaches the database."""
    recording_trouble = Signal(object)
    """An `AppError` of the recording, said once."""

    _woken = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting, self._closed = Waiting(), False
        self._woken.connect(self._say, Qt.ConnectionType.QueuedConnection)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._say)
        self.listener = _Listener(self)
        self.clock: ClockOffset = NOT_COMPARED
        """How the workstation's clock stands to the database's, as it was compared last: it stands beside every reading."""

    def hear(self, name: str, what: object) -> None:
        """Called on any thread."""
        if self._waiting.put(name, what):
            self._woken.emit()

    def close(self) -> None:
        """Say nothing any more: the window that listened goes away, whatever still waits."""
        self._closed = True  # a disconnected signal would still deliver what is on its way
        self._rest.stop()

    def _say(self) -> None:
        end = time.monotonic() + _SPEAKS_S
        if self._closed or self._waiting.falls_asleep():
            return
        # Whatever is posted while events are handled is handled in the same go: only a timer lets everybody else in.
        self._rest.start(_RESTS_MS)
        while time.monotonic() < end and (one := self._waiting.take()) is not None:
            name, what = one
            getattr(self, name).emit(what)


class _Listener(Listener):
    def __init__(self, ear: Ear) -> None:
        self._ear = ear

    def reading(self, reading: Reading) -> None:
        self._ear.hear("reading", replace(reading, clock_ahead_ms=ahead_ms(self._ear.clock)))

    def scan(self, scan: Scan) -> None:
        self._ear.hear("scan", scan)

    def repeated(self, scan: Scan) -> None:
        self._ear.hear("repeated", scan)

    def samples(self, batch: SampleBatch) -> None:
        self._ear.hear("samples", batch)

    def cycle(self, seen: CycleSeen) -> None:
        self._ear.hear("cycle", seen)

    def trouble(self, trouble: Trouble) -> None:
        self._ear.hear("trouble", trouble)

    def state(self, state: DeviceState) -> None:
        self._ear.hear("state", state)

    def label(self, moved: LabelMoved) -> None:
        self._ear.hear("label", moved)

    def recording(self, state: RecordingState) -> None:
        self._ear.hear("recording", state)

    def recording_trouble(self, trouble: AppError) -> None:
        self._ear.hear("recording_trouble", trouble)
