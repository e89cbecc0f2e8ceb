"""The print queue of a station: every label that was asked for comes out once, or a person is told that nobody knows.

What a label's own picture was read as makes ``validated`` of it; ``sent`` is committed before the first byte leaves. Only the printer's
own word makes ``printing`` and ``printed`` of it; silence, a fault, a broken line or a crash in between make ``unknown``, which a person
settles at the printer, as everything an office printer was given. No label is ever sent twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Lock, Thread
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.base.errors import AppError, DeviceError, OutageError, RuleViolation
from app.base.ids import new_id
from app.base.phrases import Language
from app.core.devices_here import PrinterHere
from app.core.refusals import LabelDiffers
from app.core.session import Where
from app.core.stations import StationLink
from app.devices.events import DeviceState, Standing
from app.devices.printer_language import OFFICE
from app.devices.session import OpenPort
from app.devices.settings import Clock, StationClock
from app.devices.tapped_port import tapped
from app.devices.transport import open_port
from app.devices.wires import Wires
from app.labels.container_form import LabelFacts
from app.labels.office_line import OfficeLine, Spooler
from app.labels.printer_line import PrinterLine, PrinterPatience, PrinterSilent
from app.labels.queue_events import LabelMoved, LeftBehind, PrintSink, detail_of
from app.labels.ready import Wanted, ready_label

EVERY_S = 1.0
"""Between two looks at the queue."""
ON_PAPER = ("sent", "printing")
"""Of a label in one of these a part may have come out."""
HEARTBEAT_S = 5.0
"""Between two looks at a printer that has nothing to do."""


class PrinterNotHere(DeviceError):
    code = "printer.not_here"
    text = "Labels wait for printer {printer}, which is not connected to this station."
    next_step = "Let an engineer connect it at Devices of this station, or send its labels to another printer at “Labels”. The labels wait."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Queued:
    label: UUID
    kind: str
    printer: str
    status: str
    copy_no: int
    content: Mapping[str, Any]
    detail: str
    requested_at: datetime

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> _Queued:
        names = ("kind", "printer", "status", "copy_no", "content", "detail", "requested_at")
        return cls(label=row["id"], **{name: row[name] for name in names})


class PrintQueue:
    """Serves the labels of one station, from `start` to `stop`, on a thread of its own."""

    def __init__(
        self,
        link: StationLink,
        printers: Sequence[PrinterHere],
        *,
        language: Language,
        frame_logs: Path | None,
        patience: PrinterPatience | None = None,
        every_s: float = EVERY_S,
        heartbeat_s: float = HEARTBEAT_S,
        open_port: OpenPort = open_port,
        clock: Clock | None = None,
    ) -> None:
        """Prepare; nothing is opened yet.

        Args:
            link: The station's own connection; closed by whoever made it, after `stop`.
            printers: What is connected here.
            language: Of labels whose printer has none of its own.
            frame_logs: Folder for one frame log per printer; ``None`` keeps none.
            patience: How long to wait for a printer.
            every_s: Between two looks at the queue, seconds.
            heartbeat_s: Between two looks at an idle printer, seconds.
            open_port: How ports are opened.
            clock: Whose time counts.
        """
        self._link, self._language, self._every_s, self._heartbeat_s = link, language, every_s, heartbeat_s
        self._clock = clock or StationClock()
        self._stopping, self._wake = Event(), Event()
        self._spooler: Spooler | None = None
        self.wires = Wires(frame_logs)
        """Every byte that a printer and the station say."""
        self._line_of = partial(self._line, patience, open_port)
        self._lines: dict[str, PrinterLine | OfficeLine] = {one.code: self._line_of(one) for one in printers}
        self._moves: SimpleQueue[PrinterHere | str] = SimpleQueue()
        """Printers that come, and codes of those that go; done between two rounds, so that no label is under way."""
        self._looked: dict[str, float] = {}
        self._states = {code: self._new_state(code) for code in self._lines}
        self._sinks: tuple[PrintSink, ...] = ()
        self._lock = Lock()
        self._where: Where | None = None
        self._took_over = False
        self._mark = f"by {new_id()}"
        """Stands on record while a label is on its way; after a lost reply it tells our own move from that of another program."""
        self._unsaid: list[tuple[_Queued, str, AppError | None]] = []
        """What is known and not yet on record, because the database is away."""
        self._thread = Thread(target=self._run, name="print queue", daemon=True)

    def subscribe(self, sink: PrintSink) -> None:
        """From now on the sink hears of printers and labels; ask `states` for how they stand already."""
        with self._lock:
            self._sinks = (*self._sinks, sink)

    def unsubscribe(self, sink: PrintSink) -> None:
        """The sink hears nothing any more."""
        with self._lock:
            self._sinks = tuple(one for one in self._sinks if one is not sink)

    def states(self) -> dict[str, DeviceState]:
        """How every printer stands, by asset code."""
        return dict(self._states)

    def spool_through(self, spooler: Spooler) -> None:
        """From now on office printers print through this."""
        self._spooler = spooler
        self.look_now()

    def start(self) -> None:
        """Begin; returns at once. A queue that runs already goes on."""
        if self._thread.ident is None:
            self._thread.start()

    def add(self, printer: PrinterHere) -> None:
        """One more printer from now on, or one that is reached otherwise; labels that wait for it come out."""
        self._moves.put(printer)
        self.start()
        self.look_now()

    def remove(self, code: str) -> None:
        """A printer goes, as soon as the label on its way to it is settled; what waits for it goes on waiting and says so."""
        self._moves.put(code)
        self.look_now()

    def look_now(self) -> None:
        """A label was asked for just now, or somebody was at a printer: do not wait for the next look."""
        self._looked.clear()
        self._wake.set()

    def stop(self, within_s: float) -> bool:
        """End the thread; a label on its way is waited for a little.

        Returns:
            Whether it ended in time. What was left between stands as ``sent`` and becomes ``unknown`` at the next start.
        """
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(within_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                self._come_and_go()
                with suppress(OutageError):  # the database's own chip says so; labels wait
                    self._round()
                self._wake.wait(self._every_s)
                self._wake.clear()
        finally:
            for code in self._states:
                self._stand(code, Standing.CLOSED, None)
            self.wires.close()

    def _line(self, patience: PrinterPatience | None, open_port: OpenPort, printer: PrinterHere) -> PrinterLine | OfficeLine:
        if printer.connection.protocol == OFFICE:
            return OfficeLine(printer, spooler=lambda: self._spooler)
        opening = tapped(open_port, self.wires.of(printer.code), self._clock)
        return PrinterLine(printer, stopping=self._stopping, patience=patience, open_port=opening, clock=self._clock)

    def _come_and_go(self) -> None:
        while not self._moves.empty():
            move = self._moves.get()
            code = move if isinstance(move, str) else move.code
            self._lines.pop(code, None)
            if code in self._states:
                self._stand(code, Standing.CLOSED, None)
            if not isinstance(move, str):
                self._lines[code] = self._line_of(move)
                self._states = {**self._states, code: self._new_state(code)}
                self._say_standing(code)

    def _round(self) -> None:
        if self._where is None:
            self._where = self._link.where()
        self._say_what_is_unsaid()
        queued = [_Queued.of(row) for row in self._link.ask("SELECT * FROM lineside.label_queue()")]
        if not self._took_over:
            for one in queued:
                if one.status in ON_PAPER and one.detail != self._mark:
                    self._settle(one, "unknown", LeftBehind(printer=one.printer))
            self._took_over = True
        # One of ours that is on its way now, between two rounds, is one whose move got no answer: no byte of it has left.
        waiting = [one for one in queued if one.status not in ON_PAPER or (one.status == "sent" and one.detail == self._mark)]
        for code, line in self._lines.items():
            self._serve(line, [one for one in waiting if one.printer == code])
        self._name_missing({one.printer for one in waiting} - set(self._lines))

    def _serve(self, line: PrinterLine | OfficeLine, labels: Sequence[_Queued]) -> None:
        code = line.printer.code
        if not labels and self._clock.monotonic() - self._looked.get(code, float("-inf")) < self._heartbeat_s:
            return
        try:
            if not labels:
                line.look()
            for one in labels:
                if self._stopping.is_set():
                    return
                self._print(line, one)
                self._stand(code, Standing.LIVE, None)
        except DeviceError as trouble:
            self._stand(code, Standing.SILENT if isinstance(trouble, PrinterSilent) else Standing.FAULT, trouble)
        else:
            self._stand(code, Standing.LIVE, None)
        self._looked[code] = self._clock.monotonic()

    def _print(self, line: PrinterLine | OfficeLine, one: _Queued) -> None:
        try:
            ready = ready_label(line, self._wanted(one))
            self._validate(one, ready.read_back)
        except RuleViolation as refusal:
            self._settle(one, "refused", refusal)
            return
        attempt = _Attempt(self, one)
        try:
            nobody_knows = ready.send(attempt)
        except RuleViolation:
            return  # another program of this station took it: it is no longer ours to print
        except DeviceError as trouble:
            if attempt.on_its_way:
                self._settle(one, "unknown", trouble)
            raise
        self._settle(one, "unknown" if nobody_knows else "printed", nobody_knows)

    def _validate(self, one: _Queued, read_back: bytes) -> None:
        """Put on record what the label's own picture was read as.

        Raises:
            LabelDiffers: it is not what the record says; nothing may be printed.
        """
        if one.status in ON_PAPER:
            return  # on record before its move got no answer
        try:
            self._link.ask("SELECT lineside.validate_label(%s, %s)", one.label, read_back)
        except LabelDiffers:
            raise
        except RuleViolation:
            return  # another program of this station was faster; which of them prints it, `claim` finds out
        if one.status == "requested":
            self._tell(one, "validated", None)

    def claim(self, one: _Queued) -> None:
        """Put on record that a label is on its way.

        Raises:
            DatabaseAway: nobody knows whether it is on record; no byte may leave.
            RuleViolation: it is not ours to print any more.
        """
        if one.status != "sent":
            self._move(one, "sent", self._mark)
        self._tell(one, "sent", None)

    def _wanted(self, one: _Queued) -> Wanted:
        assert self._where is not None
        zone = ZoneInfo(self._where.zone)
        facts = LabelFacts(content=one.content, copy_no=one.copy_no, requested_at=one.requested_at, zone=zone)
        return Wanted(kind=one.kind, facts=facts, language=self._language, practice=self._where.practice)

    def say_at_work(self, one: _Queued) -> None:
        """Put on record that the printer works on it. Not known in time is no harm: what becomes of it is put on record all the same."""
        with suppress(OutageError, RuleViolation):
            self._move(one, "printing", self._mark)
            self._tell(one, "printing", None)

    def _settle(self, one: _Queued, status: str, cause: AppError | None) -> None:
        self._unsaid.append((one, status, cause))
        self._say_what_is_unsaid()

    def _say_what_is_unsaid(self) -> None:
        """Put on record what became of labels, oldest first; it is kept until the database took it."""
        while self._unsaid:
            one, status, cause = self._unsaid[0]
            with suppress(RuleViolation):  # a person settled it meanwhile
                self._move(one, status, detail_of(cause) if cause else "")
                self._tell(one, status, cause)
            self._unsaid.pop(0)

    def _move(self, one: _Queued, status: str, detail: str) -> None:
        self._link.ask("SELECT lineside.move_label(%s, %s, %s)", one.label, status, detail)

    def _tell(self, one: _Queued, status: str, cause: AppError | None) -> None:
        what, now = str(one.content.get("serial" if one.kind == "unit" else "container", "")), self._clock.now()
        moved = LabelMoved(label=one.label, printer=one.printer, status=status, what=what, copy_no=one.copy_no, cause=cause, at=now)
        for sink in self._sinks:
            sink.label(moved)

    def _name_missing(self, missing: set[str]) -> None:
        for code in sorted(missing):
            if code not in self._states:
                self._states = {**self._states, code: self._new_state(code)}
            self._stand(code, Standing.FAULT, PrinterNotHere(printer=code))
        for code in set(self._states) - set(self._lines) - missing:
            self._stand(code, Standing.CLOSED, None)

    def _new_state(self, code: str) -> DeviceState:
        now = self._clock.now()
        return DeviceState(device=code, standing=Standing.CONNECTING, since=now, cause=None, last_heard=None, serial_number=None)

    def _stand(self, code: str, standing: Standing, cause: DeviceError | None) -> None:
        """Change a printer's standing and say so once; the same trouble again keeps its first time."""
        before, now = self._states[code], self._clock.now()
        heard = now if standing is Standing.LIVE else before.last_heard
        same = standing is before.standing and str(cause or "") == str(before.cause or "")
        if same:
            self._states[code] = replace(before, last_heard=heard)
            return
        since = before.since if standing is before.standing else heard if standing is Standing.SILENT and heard else now
        self._states[code] = replace(before, standing=standing, since=since, cause=cause, last_heard=heard)
        self._say_standing(code)

    def _say_standing(self, code: str) -> None:
        for sink in self._sinks:
            sink.state(self._states[code])


class _Attempt:
    """One try to print one label: whether it is on record as being on its way."""

    def __init__(self, queue: PrintQueue, one: _Queued) -> None:
        self._queue, self._one = queue, one
        self.on_its_way = False

    def put_on_record(self) -> None:
        self._queue.claim(self._one)
        self.on_its_way = True

    def at_work(self) -> None:
        self._queue.say_at_work(self._one)
