"""Ways in which a frame is spoilt on its way. The dice decide, so that a seed brings the same ones again."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from app.devices.protocol import SerialLine
from app.devices.simulators.wire import carry

_SPEEDS = (1200, 2400, 4800, 9600, 19200, 38400)
_PARITIES = ("N", "E", "O")
_OF_NUMBERS = b"0123456789.+- ,"


class Spoiler:
    """Spoils the frames of one family, with those of all others at hand."""

    def __init__(self, dice: random.Random, *, own: Sequence[bytes], foreign: Sequence[bytes], line: SerialLine, longest: int) -> None:
        """Prepare.

        Args:
            dice: What decides.
            own: Whole messages of the family, with their ends.
            foreign: Messages of other families.
            line: The family's line settings.
            longest: The most bytes its frames may have.
        """
        self._dice, self._own, self._foreign, self._line, self._longest = dice, own, foreign, line, longest
        self._ways: Mapping[str, Callable[[bytes], bytes]] = {
            "whole": bytes,
            "flipped": self._flipped,
            "cut": self._cut,
            "glued": self._glued,
            "inserted": self._inserted,
            "repeated": self._repeated,
            "swapped": self._swapped,
            "noise in front": self._noise,
            "wrong parity": self._wrong_parity,
            "wrong speed": self._wrong_speed,
            "over-long": self._over_long,
        }

    @property
    def ways(self) -> Sequence[str]:
        """Their names."""
        return tuple(self._ways)

    def spoilt(self, way: str) -> bytes:
        """One message, spoilt in this way."""
        return self._ways[way](self._dice.choice(self._own))

    def _place(self, frame: bytes) -> int:
        return self._dice.randrange(len(frame) + 1)

    def _flipped(self, frame: bytes) -> bytes:
        """One to three bits, or a byte became another that a number may hold."""
        spoilt = bytearray(frame)
        for _ in range(self._dice.randint(1, 3)):
            place = self._dice.randrange(len(spoilt))
            spoilt[place] = self._dice.choice(_OF_NUMBERS) if self._dice.random() < 0.5 else spoilt[place] ^ 1 << self._dice.randrange(8)
        return bytes(spoilt)

    def _cut(self, frame: bytes) -> bytes:
        """The beginning, the end or something between got lost."""
        first, last = sorted((self._place(frame), self._place(frame)))
        return self._dice.choice((frame[last:], frame[:first], frame[:first] + frame[last:]))

    def _glued(self, frame: bytes) -> bytes:
        """Two messages as one: without the end of the first, or from somewhere within it on."""
        other = self._dice.choice(self._own)
        return self._dice.choice(
            (frame.rstrip(b"\r\n\x03") + other, frame[: self._place(frame)] + other, frame + other[self._place(other) :])
        )

    def _inserted(self, frame: bytes) -> bytes:
        place = self._place(frame)
        what = bytes(
            self._dice.choice(_OF_NUMBERS) if self._dice.random() < 0.5 else self._dice.randrange(256)
            for _ in range(self._dice.randint(1, 3))
        )
        return frame[:place] + what + frame[place:]

    def _repeated(self, frame: bytes) -> bytes:
        """A piece came twice or more often."""
        first, last = sorted((self._place(frame), self._place(frame)))
        return frame[:first] + frame[first:last] * self._dice.randint(2, 4) + frame[last:]

    def _swapped(self, frame: bytes) -> bytes:
        """Another device hangs on the cable, or two of this one's bytes changed places."""
        if self._dice.random() < 0.7 or len(frame) < 2:
            return self._dice.choice(self._foreign)
        place = self._dice.randrange(len(frame) - 1)
        return frame[:place] + frame[place + 1 : place + 2] + frame[place : place + 1] + frame[place + 2 :]

    def _noise(self, frame: bytes) -> bytes:
        """Eight bits of anything, then the message."""
        return self._dice.randbytes(self._dice.randint(1, 24)) + frame

    def _wrong_parity(self, frame: bytes) -> bytes:
        other = replace(self._line, bytesize=self._dice.choice((7, 8)), parity=self._dice.choice(_PARITIES))
        return carry(frame, sender=other, receiver=self._line)

    def _wrong_speed(self, frame: bytes) -> bytes:
        return carry(frame, sender=replace(self._line, baud=self._dice.choice(_SPEEDS)), receiver=self._line)

    def _over_long(self, frame: bytes) -> bytes:
        """More than a frame may hold: of its own characters, or of any, with an end some day."""
        more = self._dice.randrange(self._longest, 3 * self._longest + 64)
        filling = (
            (frame.strip(b"\r\n") * (more // max(1, len(frame)) + 1))[:more] if self._dice.random() < 0.5 else self._dice.randbytes(more)
        )
        place = self._dice.choice((0, len(frame.rstrip(b"\r\n"))))
        return frame[:place] + filling + frame[place:]
