"""Frames without any sign of their own: bursts of one length between two silences.

A burst that was cut, or two that came as one, has another length and is noise: nothing is ever taken of it. That is why there is no
framing by silence alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.devices.framing import Frame, Noise

_TOLD_AFTER = 1024
"""Bytes of noise after which it is told and counted anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bursts:
    """Frames of ``longest`` bytes, none more and none less."""

    longest: int
    quiet_s: float
    """Silence before and after a burst."""
    ends: tuple[bytes, ...] = ()
    stx: bytes = b""
    etx: bytes = b""

    def framer(self) -> BurstFramer:
        """A fresh framer for one port."""
        return BurstFramer(self.longest)


class BurstFramer:
    """Gathers one burst. Whoever feeds it says when the line fell silent: time comes from outside."""

    def __init__(self, length: int) -> None:
        self._length = length
        self._pending = bytearray()
        self._size = 0
        self._spoilt = False

    @property
    def half(self) -> bytes:
        """The burst so far, its first bytes where it is too long; empty between bursts."""
        return bytes(self._pending)

    def feed(self, chunk: bytes) -> list[Frame | Noise]:
        """Take what arrived. Nothing is whole before the line fell silent; what never falls silent is told in pieces."""
        self._size += len(chunk)
        self._pending += chunk[: max(0, self._length - len(self._pending))]
        if self._size < _TOLD_AFTER:
            return []
        noise = Noise(bytes(self._pending), self._size)
        self._forget()
        self._spoilt = True  # what follows without a silence belongs to it
        return [noise]

    def quiet(self) -> list[Frame | Noise]:
        """The line fell silent: the burst is over."""
        content, size, spoilt = bytes(self._pending), self._size, self._spoilt
        self._forget()
        if not size:
            return []
        return [Frame(content) if size == self._length and not spoilt else Noise(content, size)]

    def give_up(self) -> bytes:
        """Forget the burst; returns what had come so far."""
        half = self.half
        self._forget()
        return half

    def _forget(self) -> None:
        self._pending.clear()
        self._size = 0
        self._spoilt = False
