"""One label printer: ask how it stands, send one label, wait until the printer itself says that it is through.

A connection is opened for each label and for each look: a print server that hangs on to a dead connection heals by itself, and
another station may use the same printer in between. What a label and its answers are in the printer's language is told by
`app.devices.printer_language`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Event

from app.base.errors import DeviceError
from app.core.devices_here import PRINTER_LINE, PrinterHere
from app.devices.errors import ConnectionLost, PortUnavailable
from app.devices.printer_condition import PrinterFault, UnreadablePrinterAnswer
from app.devices.printer_language import LANGUAGES, Look
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
    """The printer answered and named what keeps it; ``faults`` are the names of its language."""

    code = "printer.in_trouble"
    text = "Printer {printer} cannot print. {trouble}"
    next_step = "Put it right at the printer. The labels wait."

    def __init__(self, *, printer: str, faults: frozenset[PrinterFault]) -> None:
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


def _most_urgent(faults: frozenset[PrinterFault]) -> PrinterFault:
    """The one fault that is said; the order of the language's enumeration is the order of urgency."""
    (language,) = {type(fault) for fault in faults}
    return next(fault for fault in language if fault in faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrinterPatience:
    """How long to wait for a printer; seconds."""

    answer_s: float = 2.0
    """For the answer to one question. Its three frames may come apart."""
    through_s: float = 30.0
    """From the last byte of a label until the printer is through with it, as long as it says that it is at work."""
    begins_s: float = 10.0
    """From the last byte until a printer that counts no labels is seen printing. A slow print server is given this long."""
    ask_again_s: float = 0.2
    ask_closely_s: float = 0.05
    """Between two looks at a printer that must be seen printing: a short label is out in a quarter of a second."""
    forgets_s: float = 0.5
    """After the order to forget everything, before the next byte (SATO, CAN)."""


def _nobody_asks() -> None:
    """Whoever prints without a record needs no word that the printer is at work."""


_AT_A_TIME = 65536
"""Bytes per write, each of which may take as long as the port allows: a picture of a label may be half a megabyte."""


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
        self._language = LANGUAGES[printer.connection.protocol]
        self._stopping, self._patience, self._open_port = stopping, patience or PrinterPatience(), open_port
        self._clock = clock or StationClock()
        self._broke_within = False
        """The line broke while a label was on its way, and the printer has not been told to forget it."""

    def look(self) -> None:
        """Ask once how the printer stands; nothing is printed.

        Raises:
            PrinterAway, PrinterSilent, PrinterInTrouble, UnreadablePrinterAnswer: the next label would not come out.
        """
        with self._connected() as port:
            self._ask(port)

    def print_label(self, job: bytes, *, before_the_first_byte: Callable[[], None], at_work: Callable[[], None] = _nobody_asks) -> None:
        """Print one label and return when the printer says that it is through.

        It must say so twice, because a printer may answer a question before it has begun to read the label in front of it; and a
        printer that counts no labels must have been seen printing before. A printer that leaves us in doubt is told to forget the
        label, as far as it hears: what comes out after a person decided would be a second one.

        Args:
            job: One label, one copy, in the printer's language.
            before_the_first_byte: Puts on record that the label is on its way; what it raises stops everything.
            at_work: Hears, once, that the printer was seen working on it; a fast one may be through before it was asked.

        Raises:
            PrinterAway, PrinterSilent, PrinterInTrouble, PrinterBusy, UnreadablePrinterAnswer: before the first byte was sent,
                the label is still to be printed; after that, nobody knows.
            PrinterHungUp, PrinterNotThrough: nobody knows whether the label came out.
        """
        with self._connected() as port:
            self._wait_until_free(port)
            before_the_first_byte()
            try:
                for begin in range(0, len(job), _AT_A_TIME):
                    port.write(job[begin : begin + _AT_A_TIME])
                self._wait_until_through(port, at_work)
            except ConnectionLost as trouble:
                self._broke_within = True
                raise PrinterHungUp(printer=self.printer.code) from trouble
            except DeviceError:
                self._make_it_forget(port)
                raise

    @contextmanager
    def _connected(self) -> Iterator[Port]:
        connection = self.printer.connection
        try:
            port = self._open_port(connection.url, connection.line or PRINTER_LINE)
        except PortUnavailable as trouble:
            raise PrinterAway(printer=self.printer.code) from trouble
        try:
            port.read()  # what a print server kept from before answers no question of ours
            self._forget_what_broke(port)
            yield port
        except ConnectionLost as trouble:
            raise PrinterAway(printer=self.printer.code) from trouble
        finally:
            port.close()

    def _forget_what_broke(self, port: Port) -> None:
        """A printer that is told how many bytes a picture has would take the next label's beginning for the rest of a broken one.

        Where the language counts labels, begins anew with each and may be shared, another station's label may be in the printer by now.
        """
        if self._broke_within and not self._language.counts:
            port.write(self._language.cancel)
            self._rest(port, self._patience.forgets_s)
        self._broke_within = False

    def _wait_until_free(self, port: Port) -> None:
        """Something else may be in the printer still; a label behind it could not be told from it."""
        until = self._clock.monotonic() + self._patience.through_s
        in_a_row = 0
        while True:
            in_a_row = in_a_row + 1 if self._ask(port).at_rest else 0
            if in_a_row == (1 if self._language.counts else 2):
                return
            self._rest(port, self._patience.ask_again_s)
            if self._clock.monotonic() >= until or self._stopping.is_set():
                raise PrinterBusy(printer=self.printer.code)

    def _wait_until_through(self, port: Port, at_work: Callable[[], None]) -> None:
        """A stopping station asks a little longer: the answer spares a person the walk to the printer."""
        sent_at = self._clock.monotonic()
        believed, seen = self._language.counts, False
        in_a_row = 0
        while True:
            at_rest = self._ask(port).at_rest
            if not at_rest and not seen:
                seen = believed = True
                at_work()
            in_a_row = in_a_row + 1 if at_rest and believed else 0
            if in_a_row == 2:
                return
            patience_s = self._patience.through_s if believed else self._patience.begins_s
            if self._stopping.is_set():
                patience_s = self._patience.answer_s
            if self._clock.monotonic() - sent_at >= patience_s:
                raise PrinterNotThrough(printer=self.printer.code)
            self._rest(port, self._patience.ask_again_s if believed else self._patience.ask_closely_s)

    def _make_it_forget(self, port: Port) -> None:
        """Not when the station stops: a label that is coming out just then is better let come out whole."""
        if self._stopping.is_set():
            return
        with suppress(ConnectionLost):
            port.write(self._language.cancel)
            self._rest(port, self._patience.forgets_s)

    def _rest(self, port: Port, seconds: float) -> None:
        """Wait, and drop what is said unasked: it must not be taken for the answer to the next question."""
        until = self._clock.monotonic() + seconds
        while self._clock.monotonic() < until:
            port.read()

    def _ask(self, port: Port) -> Look:
        port.write(self._language.ask)
        until = self._clock.monotonic() + self._patience.answer_s
        answer = self._language.answer()
        while self._clock.monotonic() < until:
            look = answer.feed(port.read())
            if look is None:
                continue
            if look.faults:
                raise PrinterInTrouble(printer=self.printer.code, faults=look.faults)
            return look
        if answer.heard:
            raise UnreadablePrinterAnswer(answer=answer.heard)
        raise PrinterSilent(printer=self.printer.code)
