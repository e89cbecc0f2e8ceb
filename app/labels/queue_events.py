"""What the print queue tells the rest of the house, and how the reason of a label's state stands on record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from app.base.errors import ALL, AppError, DeviceError
from app.base.phrases import Phrase
from app.devices.events import DeviceState
from app.devices.printer_language import LANGUAGES
from app.labels.printer_line import PrinterInTrouble


class LeftBehind(DeviceError):
    """The program ended, or the power, while the label was on its way; found at the next start."""

    code = "label.left_behind"
    text = "The station stopped while the label was on its way to printer {printer}."
    next_step = "Look at the printer whether the label came out, and say so here."


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelMoved:
    """A label's state changed, and that is on record."""

    label: UUID
    printer: str
    status: str
    """``validated``, ``sent``, ``printing``, ``printed``, ``unknown`` or ``refused``."""
    what: str
    """Code of what it labels, e.g. ``C26-00017``, or the serial of a unit; empty when its record cannot be read."""
    copy_no: int
    cause: AppError | None
    """Why, for ``unknown`` and ``refused``."""
    at: datetime
    """The workstation's time."""


class PrintSink(Protocol):
    """Who listens to the print queue. Called on its thread; return quickly, hand over to your own."""

    def state(self, state: DeviceState) -> None:
        """A printer's standing changed."""

    def label(self, moved: LabelMoved) -> None:
        """A label moved on."""


def detail_of(cause: AppError) -> str:
    """A cause as it stands in ``label.detail``: its code, and the printer's faults; never a sentence of one language."""
    faults = sorted(cause.faults) if isinstance(cause, PrinterInTrouble) else []
    return " ".join([cause.code, *faults])


def words_of(detail: str, *, printer: str) -> Phrase:
    """The sentence of ``label.detail`` in the reader's language; what a person wrote is said as it was written.

    Args:
        detail: As on record.
        printer: Code of the label's printer.
    """
    code, *faults = detail.split(" ")
    for language in LANGUAGES.values():  # a fault that two of them name alike is said alike
        if code == PrinterInTrouble.code and faults and {fault.value for fault in language.faults}.issuperset(faults):
            return PrinterInTrouble(printer=printer, faults=frozenset(language.faults(fault) for fault in faults)).what
    if code in ALL and not faults:
        return Phrase(ALL[code].text, printer=printer)
    return Phrase("“{words}”", words=detail)
