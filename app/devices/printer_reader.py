"""What goes over a label printer's line, for whoever looks at its console."""

from __future__ import annotations

from app.devices.meaning import Meaning
from app.devices.printer_condition import UnreadablePrinterAnswer
from app.devices.printer_language import Answer, Look, PrinterLanguage


class PrinterReader:
    """Answers to the question how it stands; what a printer says unasked is no answer."""

    def __init__(self, language: PrinterLanguage) -> None:
        self._language = language
        self._answer: Answer | None = None

    def said(self, content: bytes) -> None:
        """A question begins a new answer; behind a label or an order none is due."""
        self._answer = self._language.answer() if content == self._language.ask else None

    def quiet(self, seconds: float) -> list[Meaning]:
        """Silence ends nothing here."""
        return []

    def feed(self, chunk: bytes) -> list[Meaning]:
        """The answer, once it is whole."""
        answer = self._answer
        if answer is None:
            return [Meaning(frame=chunk, kind="reject")]
        try:
            look = answer.feed(chunk)
        except UnreadablePrinterAnswer as refusal:
            self._answer = None
            return [Meaning(frame=refusal.answer, kind="reject", refusal=refusal)]
        if look is None:
            return []
        self._answer = None
        return [_meaning(answer.heard, look)]


def _meaning(frame: bytes, look: Look) -> Meaning:
    if look.faults:
        return Meaning(frame=frame, kind="error", text=", ".join(sorted(look.faults)))
    return Meaning(frame=frame, kind="ready" if look.at_rest else "busy")
