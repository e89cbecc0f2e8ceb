"""A station with a print queue, a simulated printer and somebody who listens; and hands that disturb the line at one exact moment."""

from __future__ import annotations

from collections.abc import Callable
from threading import Condition

from app.base.phrases import Language
from app.core.devices_here import PrinterHere
from app.core.stations import StationLink
from app.devices.events import DeviceState, Standing
from app.devices.settings import DeviceSettings
from app.devices.simulators.job_printer import JobPrinter
from app.devices.simulators.zpl_printer import ZplPrinter
from app.devices.transport import open_port
from app.labels.printer_line import PrinterPatience
from app.labels.queue import PrintQueue
from app.labels.queue_events import LabelMoved
from app.receiving.commands import Received
from tests.plant import Plant

WITHIN_S = 15.0
QUICK = PrinterPatience(answer_s=0.25, through_s=2.0, begins_s=1.0, ask_again_s=0.01, ask_closely_s=0.01, forgets_s=0.01)
BEGINS = (b"^XA", b"\r\nSIZE", b"\x02\x1bA")
"""How a label begins in each language."""
BETWEEN = ("validated", "printing")
"""What a label goes through on its way; a fast printer is through before it was seen at work."""


def read_back_of(kind: str, content: dict[str, object]) -> bytes:
    """What the picture of a label is read as."""
    return f"]d2{content['decoded']}".encode() if kind == "unit" else f"]C0{content['container']}".encode()


def send_all(link: StationLink) -> None:
    """Everything that waits is on its way, and the station stops."""
    for row in link.ask("SELECT * FROM lineside.label_queue()"):
        link.ask("SELECT lineside.validate_label(%s, %s)", row["id"], read_back_of(row["kind"], row["content"]))
        link.ask("SELECT lineside.move_label(%s, 'sent', '')", row["id"])


class PrintEar:
    """Keeps what the queue says, in order."""

    def __init__(self) -> None:
        self.moves: list[LabelMoved] = []
        self.states: list[DeviceState] = []
        self._news = Condition()

    def label(self, moved: LabelMoved) -> None:
        with self._news:
            self.moves.append(moved)
            self._news.notify_all()

    def state(self, state: DeviceState) -> None:
        with self._news:
            self.states.append(state)
            self._news.notify_all()

    def until(self, heard: Callable[[PrintEar], bool]) -> None:
        with self._news:
            assert self._news.wait_for(lambda: heard(self), WITHIN_S), f"{self.statuses()}, {[str(s.words) for s in self.states]}"

    def until_status(self, *statuses: str) -> None:
        """Wait until the labels went exactly through these states, one after the other; how fast a printer was is no matter here."""
        self.until(lambda ear: len(ear.statuses()) >= len(statuses))
        assert self.statuses() == list(statuses)

    def until_every_status(self, *statuses: str) -> None:
        """The same, with what came before the first byte and while the printer was at work."""
        self.until(lambda ear: len(ear.moves) >= len(statuses))
        assert [move.status for move in self.moves] == list(statuses)

    def until_standing(self, standing: Standing) -> DeviceState:
        self.until(lambda ear: bool(ear.states) and ear.states[-1].standing is standing)
        return self.states[-1]

    def statuses(self) -> list[str]:
        return [move.status for move in self.moves if move.status not in BETWEEN]


class PrintStation:
    """A station with its queue, ear and printer; the receiving one unless a test says another."""

    def __init__(self, plant: Plant, printer: ZplPrinter | JobPrinter, station: str = "REC-01", *, speaks: str = "zpl") -> None:
        self.plant, self.printer, self.station, self.speaks = plant, printer, station, speaks
        self._queues: list[PrintQueue] = []

    def receive(self, **what: str) -> Received:
        """One pack, and everybody signs out: a station has few connections."""
        received = self.plant.receive(**what)
        self.plant.close()
        return received

    def queue(self, *, code: str = "LP-02", opened=open_port, link=None, listening=None) -> PrintEar:
        """Start a queue; returns who listens to it."""
        here = PrinterHere(connection=DeviceSettings(code=code, protocol=self.speaks, url=self.printer.url, unit=None))
        link = link or self.plant.link(self.station)
        pace = {"patience": QUICK, "every_s": 0.02, "heartbeat_s": 0.05}
        queue = PrintQueue(link, [here], language=Language.EN, frame_logs=None, open_port=opened, **pace)
        ear = PrintEar()
        queue.subscribe(ear)
        if listening is not None:
            queue.subscribe(listening)
        queue.start()
        self._queues.append(queue)
        return ear

    def labels(self) -> list[tuple[object, ...]]:
        """Copy number, status and detail of every label, in the order they were asked for."""
        return self.plant.rows("SELECT copy_no, status, detail FROM lineside.label ORDER BY requested_at, id")

    def states(self) -> list[object]:
        """Where every label stands; ``waits`` as long as no byte of it has left, read back or not."""
        return ["waits" if row[1] in ("requested", "validated") else row[1] for row in self.labels()]

    def stop(self) -> None:
        for queue in self._queues:
            assert queue.stop(within_s=WITHIN_S)
        self._queues.clear()


class DisturbedPort:
    """A real port; when the first byte of a label has left, something happens."""

    def __init__(self, port, *, before=lambda: None, after=lambda: None) -> None:
        self._port, self._before, self._after = port, before, after
        self.read, self.close = port.read, port.close

    def write(self, message: bytes) -> None:
        label = message.startswith(BEGINS)
        if label:
            self._before()
        self._port.write(message)
        if label:
            self._after()


def disturbing(*, before=lambda: None, after=lambda: None):
    """An opener of ports on which something happens right before or after a label's bytes leave."""
    return lambda url, line: DisturbedPort(open_port(url, line), before=before, after=after)
