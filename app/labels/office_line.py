"""One office printer: a queue of the operating system. It takes pages and says little; whether paper came out a person says.

What prints stands elsewhere (`ui.printing`), as nothing here knows Qt: it is handed in as a `Spooler` when the window opens.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from app.base.errors import DeviceError
from app.core.devices_here import PrinterHere
from app.devices.printer_language import SYSTEM

if TYPE_CHECKING:
    from app.labels.emit.page_picture import PagePicture  # with numpy and a PDF reader, which the start of a client does not wait for

LEAST_DPI = 300
"""Below this a module of 0.34 mm is too few dots to be drawn square."""
MOST_DPI = 600
"""More dots make a larger picture and no better symbol."""


class OfficePrinterUnknown(DeviceError):
    code = "office.unknown"
    text = "This computer knows no printer “{queue}”; labels for {printer} wait."
    next_step = "Install the printer in the system's settings under this name, or correct the name in the devices of this station."


class OfficePrinterRefused(DeviceError):
    """The system did not begin the job, and the label stands on record as sent: a person looks."""

    code = "office.refused"
    text = "The system took no page for printer {printer} (“{queue}”)."
    next_step = (
        "Look at the printer in the system's settings: is it stopped, or its paper smaller than the label? Then say whether it came out."
    )


class OfficePrinterTooCoarse(DeviceError):
    code = "office.too_coarse"
    text = "Printer {printer} prints {dpi} dots per inch, too few for the codes of a label."
    next_step = "Set it to 300 dots per inch or more in the system's settings. The labels wait."


class NoSpooler(DeviceError):
    """The window is not open yet, or the program runs without one."""

    code = "office.no_spooler"
    text = "Labels wait for office printer {printer}, which prints while the window of this station is open."
    next_step = "Open the window of this station."


class OfficePrinterCannotTell(DeviceError):
    """Not a trouble of the printer: what every label on an office printer comes to until a person looked."""

    code = "office.cannot_tell"
    text = "Printer {printer} was given the label; an office printer does not say whether it came out."
    next_step = "Look at the printer, then press “It came out” or “Nothing came out”."


class Spooler(Protocol):
    """The printing of the operating system. Called on the print queue's thread; may take as long as it takes."""

    def dpi(self, queue: str) -> int | None:
        """Dots per inch of a printer of this computer; ``None``: there is none of this name."""

    def hand_over(self, queue: str, page: PagePicture) -> bool:
        """Print one page once, at its true size, dot for dot; returns when the system took it. ``False``: it took nothing."""


class OfficeLine:
    """The way to one office printer. Used by one thread."""

    def __init__(self, printer: PrinterHere, *, spooler: Callable[[], Spooler | None]) -> None:
        self.printer = printer
        self._spooler = spooler

    @property
    def queue(self) -> str:
        """Its name in the system."""
        return self.printer.connection.url.removeprefix(SYSTEM)

    def look(self) -> None:
        """Whether the system still knows it; nothing is printed.

        Raises:
            NoSpooler, OfficePrinterUnknown, OfficePrinterTooCoarse: the next label would not come out.
        """
        self.dpi()

    def dpi(self) -> int:
        """The density its pages are drawn with.

        Raises:
            NoSpooler, OfficePrinterUnknown, OfficePrinterTooCoarse: no page can be drawn for it.
        """
        found = self._demand_spooler().dpi(self.queue)
        if found is None:
            raise OfficePrinterUnknown(printer=self.printer.code, queue=self.queue)
        if found < LEAST_DPI:
            raise OfficePrinterTooCoarse(printer=self.printer.code, dpi=found)
        return min(found, MOST_DPI)

    def print_page(self, page: PagePicture, *, before_the_first_byte: Callable[[], None]) -> OfficePrinterCannotTell:
        """Hand one page to the system, once.

        Returns:
            Why nobody knows whether it came out.

        Raises:
            NoSpooler, OfficePrinterUnknown, OfficePrinterTooCoarse: before it was put on record as sent.
            OfficePrinterRefused: afterwards; nobody knows what the system made of it.
        """
        spooler = self._demand_spooler()
        self.dpi()
        before_the_first_byte()
        if not spooler.hand_over(self.queue, page):
            raise OfficePrinterRefused(printer=self.printer.code, queue=self.queue)
        return OfficePrinterCannotTell(printer=self.printer.code)

    def _demand_spooler(self) -> Spooler:
        spooler = self._spooler()
        if spooler is None:
            raise NoSpooler(printer=self.printer.code)
        return spooler
