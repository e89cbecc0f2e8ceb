"""Where a frame ends. Pure: chunks in as they come, frames out; half frames wait, noise is named and passed over.

Without a checksum nobody can tell a flipped digit from a true one; what framing promises is that a frame is taken only whole:
never cut, never two glued into one, and after noise the next whole frame is taken again.

Source:
    Header, terminator and BCC of serial scanners: DENSO QK20 / QS20H manuals (BCC = XOR of everything after the header up to
    and including the terminator).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import xor

_TOLD_AFTER = 1024
"""Bytes of noise without an end after which it is told and counted anew: a tenth of a second at 115,200 baud, one second at 9,600."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One complete frame without terminator, STX, ETX and BCC."""

    content: bytes


@dataclass(frozen=True, slots=True)
class Noise:
    """Bytes that are no frame: too long, cut off by the next header, or with a wrong block check.

    What never ends is told in pieces, so that a device that babbles is noticed while it does.
    """

    content: bytes
    """At most ``longest`` bytes, the first ones."""
    dropped: int
    """How many bytes were passed over in all."""


@dataclass(frozen=True, slots=True, init=False)
class Lines:
    """Frames that end with one of several terminators, or stand between STX and ETX."""

    ends: tuple[bytes, ...]
    longest: int
    stx: bytes
    etx: bytes
    bcc: bool
    bare: bool
    quiet_s: float | None
    """Silence that ends a frame; a line is ended by its terminator, however long it takes: ``None``."""

    def __init__(self, *ends: bytes, longest: int = 512, stx: bytes = b"", etx: bytes = b"", bcc: bool = False, bare: bool = True) -> None:
        """Describe the framing; one description serves any number of ports.

        Args:
            ends: Terminators of a line without header. Where two could match at one place the longer one wins.
            longest: Most bytes a frame may have; beyond that it is noise.
            stx: Header byte; a frame that begins with it ends only with ``etx``.
            etx: The byte that ends a frame with header.
            bcc: One block check byte follows ``etx``.
            bare: Whether a line without header counts as a frame; if not, it is noise.
        """
        if bool(stx) != bool(etx) or len(stx) > 1 or len(etx) > 1:
            raise ValueError("STX and ETX are one byte each and come together")
        if (bcc or not bare) and not stx:
            raise ValueError("a block check, or frames with a header only, need STX and ETX")
        if bare and not ends:
            raise ValueError("lines without header need a terminator")
        for name, value in (("ends", tuple(sorted(ends, key=len, reverse=True))), ("longest", longest), ("stx", stx), ("etx", etx)):
            object.__setattr__(self, name, value)
        object.__setattr__(self, "bcc", bcc)
        object.__setattr__(self, "bare", bare)
        object.__setattr__(self, "quiet_s", None)

    def framer(self) -> Framer:
        """A fresh framer for one port."""
        return Framer(self)


class Framer:
    """Cuts one port's stream of bytes into frames. Holds at most one unfinished frame."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._pending = bytearray()
        self._looked = 0
        self._noise = bytearray()
        self._dropped = 0
        self._in_noise = False

    @property
    def half(self) -> bytes:
        """The unfinished frame so far; empty between frames. Noise that has no end yet counts too."""
        return bytes(self._noise) if self._dropped else bytes(self._pending)

    def feed(self, chunk: bytes) -> list[Frame | Noise]:
        """Take what arrived, however it was split, and give what became complete, in order."""
        self._pending += chunk
        found: list[Frame | Noise] = []
        while self._step(found):
            pass
        return found

    def quiet(self) -> list[Frame | Noise]:
        """The line fell silent, which ends no line."""
        return []

    def give_up(self) -> bytes:
        """Stop waiting for the end of the unfinished frame and forget it.

        The session calls this when the line broke or stayed quiet too long; what comes next begins a new frame.

        Returns:
            What had come so far; empty if nothing was waiting.
        """
        half = self.half
        self._pending.clear()
        self._looked = 0
        self._noise.clear()
        self._dropped = 0
        self._in_noise = False
        return half

    def _step(self, found: list[Frame | Noise]) -> bool:
        """Take one frame, or one piece of noise, off the front; ``False`` when more bytes are needed."""
        if not self._pending:
            return False
        lines = self._lines
        if lines.stx and self._pending.startswith(lines.stx):
            self._end_noise(found)
            return self._with_header(found)
        return self._bare_line(found)

    def _with_header(self, found: list[Frame | Noise]) -> bool:
        lines, pending = self._lines, self._pending
        reach = lines.longest + 2  # STX, the longest content, ETX
        etx, again = pending.find(lines.etx, 1, reach), pending.find(lines.stx, 1, reach)
        if again != -1 and (etx == -1 or again < etx):
            return self._pass_over(again, found, ended=True)
        if etx == -1:
            return len(pending) >= reach and self._pass_over(reach, found, ended=False)
        end = etx + 1
        if lines.bcc:
            if len(pending) == end:
                return False
            if reduce(xor, pending[1:end]) != pending[end]:
                # The byte after ETX may be the next frame's header with the check byte lost: only what surely belongs here goes.
                return self._pass_over(end if pending[end : end + 1] == lines.stx else end + 1, found, ended=True)
            end += 1
        found.append(Frame(bytes(pending[1:etx])))
        self._take(end)
        return True

    def _bare_line(self, found: list[Frame | Noise]) -> bool:
        lines, pending = self._lines, self._pending
        end, size = self._find_end()
        header = pending.find(lines.stx, 0, len(pending) if end == -1 else end) if lines.stx else -1
        if header != -1:
            return self._pass_over(header, found, ended=True)
        if end != -1:
            return self._finish_line(end, size, found)
        overlap = max((len(end) for end in lines.ends), default=1) - 1
        if self._in_noise or len(pending) > lines.longest + overlap:
            return self._pass_over(len(pending) - overlap, found, ended=False)
        self._looked = max(0, len(pending) - overlap)
        return False

    def _find_end(self) -> tuple[int, int]:
        """Place and size of the first terminator, the longer one where two begin at one place; -1 if there is none."""
        best, size = -1, 0
        for end in self._lines.ends:
            place = self._pending.find(end, self._looked, len(self._pending) if best == -1 else best + len(end) - 1)
            if place != -1:
                best, size = place, len(end)
        return best, size

    def _finish_line(self, end: int, size: int, found: list[Frame | Noise]) -> bool:
        content = bytes(self._pending[:end])
        self._take(end + size)
        if self._in_noise:
            self._keep_noise(content)
            self._end_noise(found)
        elif not content:
            pass  # CR before LF, or a blank line: nothing was said
        elif self._lines.bare and len(content) <= self._lines.longest:
            found.append(Frame(content))
        else:
            found.append(Noise(content[: self._lines.longest], len(content)))
        return True

    def _pass_over(self, count: int, found: list[Frame | Noise], *, ended: bool) -> bool:
        """Drop ``count`` bytes as noise; if it has not ended, what follows up to the next frame belongs to it."""
        if count <= 0:
            return False
        self._keep_noise(bytes(self._pending[:count]))
        self._take(count)
        if ended:
            self._end_noise(found)
        elif self._dropped >= max(_TOLD_AFTER, self._lines.longest):
            self._tell_noise(found)
        return True

    def _keep_noise(self, content: bytes) -> None:
        self._noise += content[: max(0, self._lines.longest - len(self._noise))]
        self._dropped += len(content)
        self._in_noise = True

    def _end_noise(self, found: list[Frame | Noise]) -> None:
        self._tell_noise(found)
        self._in_noise = False

    def _tell_noise(self, found: list[Frame | Noise]) -> None:
        if self._dropped:
            found.append(Noise(bytes(self._noise), self._dropped))
        self._noise.clear()
        self._dropped = 0

    def _take(self, count: int) -> None:
        del self._pending[:count]
        self._looked = 0
