"""One label printer: ask how it stands, send one label, wait until the printer itself says that it is through.

A connection is opened for each label and for each look: a print server that hangs on to a dead connection heals by itself, and
another station may use the same printer in between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event
from time import sleep

from app.base.errors import DeviceError
from app.core.devices_here import PRINTER_LINE, PrinterHere
from app.devices.errors import ConnectionLost, PortUnavailable
from app.devices.printer_condition import UnreadablePrinterAnswer
from app.devices.protocols.zpl import ASK_STATUS, Fault, PrinterStatus, StatusCollector
from app.devices.session import OpenPort
from app.devices.settings import Clock, StationClock
from app.devices.transport import Port, open_port


class PrinterAway(DeviceError):
    code = "printer.away"
    text = "Printer {printer} cannot be reached."
    next_step = "Switch it on and check its cable. The labels wait and are printed when it is back."


class PrinterSilent(DeviceError):
    """Current firmware answers nothing while labels or ribbon are out or the head is open; a hung printer does the same."""

    code = "printer.silent"
    text = "Printer {printer} does not answer."
    next_step = (
        "Look at the printer: it keeps silent while labels or ribbon are missing or the head is open. Put that right, or switch it on."
    )


class PrinterInTrouble(DeviceError):
    """The printer answered and named what keeps it; ``faults`` are Zebra's names."""

    code = "printer.in_trouble"
    text = "Printer {printer} cannot print. {trouble}"
    next_step = "Put it right at the printer. The labels wait."

    def __init__(self, *, printer: str, faults: frozenset[Fault]) -> None:
        self.faults = faults
        super().__init__(printer=printer, trouble=_most_urgent(faults).words)


class PrinterBusy(DeviceError):
    code = "printer.busy"
    text = "Printer {printer} still has something else to print."
    next_step = "Wait, or clear it at the printer. The labels wait."


class PrinterHungUp(DeviceError):
    """The connection broke between the first byte and the printer's word that it was through."""

    code = "printer.hung_up"
    text = "The connection to printer {printer} broke off while a label was on its way."
    next_step = "Look at the printer whether the label came out, and say so here."


class PrinterNotThrough(DeviceError):
    code = "printer.not_through"
    text = "Printer {printer} took a label and did not say that it was through."
    next_step = "Look at the printer whether the label came out, and say so here."


def _most_urgent(faults: frozenset[Fault]) -> Fault:
    """The one fault that is said; the order of the enumeration is the order of urgency."""
    return next(fault for fault in Fault if fault in faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrinterPatience:
    """How long to wait for a printer; seconds."""

    answer_s: float = 2.0
    """For the answer to one question. Its three frames may come apart."""
    through_s: float = 30.0
    """From the last byte of a label until the printer is through with it, as long as it says that it is at work."""
    ask_again_s: float = 0.2


class PrinterLine:
    """The way to one printer. Used by one thread; `stopping` cuts every wait short."""

    def __init__(
        self,
        printer: PrinterHere,
        *,
        stopping: Event,
        patience: PrinterPatience | None = None,
        open_port: OpenPort = open_port,
        clock: Clock | None = None,
    ) -> None:
        self.printer = printer
        self._stopping, self._patience, self._open_port = stopping, patience or PrinterPatience(), open_port
        self._clock = clock or StationClock()

    def look(self) -> None:
        """Ask once how the printer stands; nothing is printed.

        Raises:
            PrinterAway, PrinterSilent, PrinterInTrouble, UnreadablePrinterAnswer: the next label would not come out.
        """
        with self._connected() as port:
            self._demand_ready(self._ask(port))

    def print_label(self, zpl: bytes, *, before_the_first_byte: Callable[[], None]) -> None:
        """Print one label and return when the printer says twice that it is through.

        Twice, because a printer may answer a question before it has begun to read the label in front of it.

        Args:
            zpl: One label, one copy.
            before_the_first_byte: Puts on record that the label is on its way; what it raises stops everything.

        Raises:
            PrinterAway, PrinterSilent, PrinterInTrouble, PrinterBusy, UnreadablePrinterAnswer: before the first byte was sent,
                the label is still to be printed; after that, nobody knows.
            PrinterHungUp, PrinterNotThrough: nobody knows whether the label came out.
        """
        with self._connected() as port:
            self._wait_until_free(port)
            before_the_first_byte()
            try:
                port.write(zpl)
                self._wait_until_through(port)
            except ConnectionLost as trouble:
                raise PrinterHungUp(printer=self.printer.code) from trouble

    @contextmanager
    def _connected(self) -> Iterator[Port]:
        connection = self.printer.connection
        try:
            port = self._open_port(connection.url, connection.line or PRINTER_LINE)
        except PortUnavailable as trouble:
            raise PrinterAway(printer=self.printer.code) from trouble
        try:
            yield port
        except ConnectionLost as trouble:
            raise PrinterAway(printer=self.printer.code) from trouble
        finally:
            port.close()

    def _wait_until_free(self, port: Port) -> None:
        """Something else may be in the printer still; a label behind it could not be told from it."""
        until = self._clock.monotonic() + self._patience.through_s
        while not self._demand_ready(self._ask(port)).through:
            if self._clock.monotonic() >= until or self._stopping.wait(self._patience.ask_again_s):
                raise PrinterBusy(printer=self.printer.code)

    def _wait_until_through(self, port: Port) -> None:
        """A stopping station asks a little longer: the answer spares a person the walk to the printer."""
        sent_at = self._clock.monotonic()
        in_a_row = 0
        while True:
            in_a_row = in_a_row + 1 if self._demand_ready(self._ask(port)).through else 0
            if in_a_row == 2:
                return
            patience_s = self._patience.answer_s if self._stopping.is_set() else self._patience.through_s
            if self._clock.monotonic() - sent_at >= patience_s:
                raise PrinterNotThrough(printer=self.printer.code)
            sleep(self._patience.ask_again_s)

    def _demand_ready(self, status: PrinterStatus) -> PrinterStatus:
        if status.faults:
            raise PrinterInTrouble(printer=self.printer.code, faults=status.faults)
        return status

    def _ask(self, port: Port) -> PrinterStatus:
        port.write(ASK_STATUS)
        until = self._clock.monotonic() + self._patience.answer_s
        collector = StatusCollector()
        while self._clock.monotonic() < until:
            status = collector.feed(port.read())
            if status is not None:
                return status
        if collector.heard:
            raise UnreadablePrinterAnswer(answer=collector.heard)
        raise PrinterSilent(printer=self.printer.code)
