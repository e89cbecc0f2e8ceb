"""What a station may conclude from a label printer's answer, whatever language it speaks: ready only if it says so in whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from app.devices.protocols.zpl import Condition, UnreadablePrinterAnswer


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
