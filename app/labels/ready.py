"""A label drawn for its printer and read back from its own picture: all that is left is to send it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from app.base.errors import DeviceError
from app.base.phrases import Language
from app.labels.container_form import LabelFacts
from app.labels.emit.print_head import PrintHead
from app.labels.forms import label_pdf, proven_job
from app.labels.office_line import OfficeLine
from app.labels.printer_line import PrinterLine


class Attempt(Protocol):
    """One try to print one label, as it goes on record."""

    def put_on_record(self) -> None:
        """The label is on its way; what this raises stops everything."""

    def at_work(self) -> None:
        """The printer was seen working on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One label, from the facts on record."""

    kind: str
    facts: LabelFacts
    language: Language
    """Of captions and words, where the printer has none of its own."""
    practice: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyLabel:
    """What stands between a proven label and its paper."""

    read_back: bytes
    """With the identifier of the symbology; empty when nothing could be read."""
    send: Callable[[Attempt], DeviceError | None]
    """Prints it once; returns why nobody knows whether it came out, or ``None`` when the printer said that it did."""


def ready_label(line: PrinterLine | OfficeLine, wanted: Wanted) -> ReadyLabel:
    """Draw the label for this printer.

    Raises:
        RuleViolation: it cannot be made; see `app.labels.forms.label_job`.
        DeviceError: its office printer cannot be asked for its dots; the label waits.
    """
    language = line.printer.language or wanted.language
    if isinstance(line, OfficeLine):
        return _for_office(line, wanted, language)
    head = PrintHead(speaks=line.printer.connection.protocol, dpi=line.printer.dpi)
    made = proven_job(wanted.kind, wanted.facts, language, head=head, practice=wanted.practice)
    return ReadyLabel(read_back=made.read_back, send=partial(_send_job, line, made.job))


def _for_office(line: OfficeLine, wanted: Wanted, language: Language) -> ReadyLabel:
    from app.labels.emit.page_picture import picture_of  # no start of a client waits for it

    page = label_pdf(wanted.kind, wanted.facts, language, practice=wanted.practice)
    picture = picture_of(page, dpi=line.dpi(), title=f"{wanted.kind} {wanted.facts.copy_no}")
    return ReadyLabel(
        read_back=picture.read_back, send=lambda attempt: line.print_page(picture, before_the_first_byte=attempt.put_on_record)
    )


def _send_job(line: PrinterLine, job: bytes, attempt: Attempt) -> DeviceError | None:
    line.print_label(job, before_the_first_byte=attempt.put_on_record, at_work=attempt.at_work)
    return None
