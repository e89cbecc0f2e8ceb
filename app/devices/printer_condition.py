"""What a station may conclude from a label printer's answer, whatever language it speaks: ready only if it says so in whole."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from app.base.errors import DeviceError
from app.base.phrases import Phrase
from app.devices.errors import readable

ReadStatus = TypeVar("ReadStatus")


class UnreadablePrinterAnswer(DeviceError):
    """The printer said something that is not the answer to the question. Its state is unknown, never ready."""

    code = "printer.answer_unreadable"
    text = "The printer's answer was not understood, so its state is unknown: {answer}."
    next_step = "Look at the printer's display. If it is ready there, switch it off and on and ask again."

    def __init__(self, *, answer: bytes) -> None:
        self.answer = answer
        super().__init__(answer=readable(answer[:120]))


class PrinterFault(StrEnum):
    """What keeps a printer from printing. Each language has its own; they are listed in the order of urgency."""

    @property
    def words(self) -> Phrase:
        """What is wrong and what the hand must do, for chip and banner."""
        raise NotImplementedError


class Condition(StrEnum):
    """What a station may conclude about a printer."""

    READY = "ready"
    TROUBLE = "trouble"
    UNKNOWN = "unknown"
    """No answer, or none that could be read."""


class AnswerCollector(Generic[ReadStatus]):
    """Gathers the pieces of one answer; when it is whole, or too long to be one, it is read."""

    def __init__(self, is_whole: Callable[[bytes], bool], read: Callable[[bytes], ReadStatus]) -> None:
        """``read`` raises `UnreadablePrinterAnswer` for anything but one whole answer."""
        self._is_whole, self._read = is_whole, read
        self._heard = b""

    @property
    def heard(self) -> bytes:
        """Everything received since the question, for the frame log."""
        return self._heard

    def feed(self, piece: bytes) -> ReadStatus | None:
        """Take what arrived. ``None``: not complete yet, keep listening until your own deadline.

        Raises:
            UnreadablePrinterAnswer: complete, or too long, and not a status.
        """
        self._heard += piece
        return self._read(self._heard) if self._is_whole(self._heard) else None


class SaysReady(Protocol):
    """A status that was read whole."""

    @property
    def ready(self) -> bool:
        """Whether the next label would come out."""


def condition_of(answer: bytes | None, read: Callable[[bytes], SaysReady]) -> Condition:
    """Ready, in trouble, or unknown.

    Args:
        answer: What the printer said; ``None`` or nothing at all means it kept silent.
        read: How its language is read; raises `UnreadablePrinterAnswer` for anything but one whole answer.
    """
    if not answer:
        return Condition.UNKNOWN
    try:
        status = read(answer)
    except UnreadablePrinterAnswer:
        return Condition.UNKNOWN
    return Condition.READY if status.ready else Condition.TROUBLE
