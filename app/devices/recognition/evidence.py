"""What recognition knows of one kind of device, and what a few bytes prove of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from app.devices.protocol import SerialLine


class Strength(IntEnum):
    """How much a frame proves."""

    LIKE = 1
    """It could be this kind; so could others."""
    SURE = 2
    """Its form is this kind's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was heard of one kind of device."""

    strength: Strength
    frame: bytes
    times: int = 1
    """How many frames of this strength there were."""
    serial_number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of device as recognition sees it."""

    key: str
    lines: tuple[SerialLine, ...]
    """How its line may be set; empty: it hangs on sockets only."""
    question: bytes | None
    """Changes nothing in any device that hears it; ``None``: it speaks only when a person makes it speak."""
    judge: Callable[[bytes], Evidence | None]
    """What these bytes prove; ``None``: nothing."""
    alone: bool = False
    """Its question is understood only between two silences, and its answer is no text: eight bits as they come."""
    on_sockets: bool = True
    """Whether it may be asked so on a socket."""
