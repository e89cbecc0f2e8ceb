"""Hears every device on the devices' own threads and says it again on the window's thread."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal

from app.base.errors import AppError
from app.base.measurement import Reading
from app.capture.recording_state import RecordingState
from app.devices.events import DeviceState, Listener, Scan, Trouble
from app.devices.machines.samples import CycleSeen, SampleBatch
from app.labels.queue_events import LabelMoved


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

    _heard = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._heard.connect(self._say, Qt.ConnectionType.QueuedConnection)
        self.listener = _Listener(self)

    def hear(self, name: str, what: object) -> None:
        """Called on any thread."""
        self._heard.emit(name, what)

    def _say(self, name: str, what: object) -> None:
        getattr(self, name).emit(what)


class _Listener(Listener):
    def __init__(self, ear: Ear) -> None:
        self._ear = ear

    def reading(self, reading: Reading) -> None:
        self._ear.hear("reading", reading)

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
