"""One family, one long conversation: spoilt messages in pieces of any size, with pauses in which half a frame is given up."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from app.base.measurement import Reading
from app.devices.conversation import Conversation
from app.devices.events import Listener, Scan, Trouble
from app.devices.protocol import DeviceProtocol, Family, Parsed, Scanned, Status, families
from app.devices.settings import DeviceSettings, Patience
from app.devices.simulators.simulator import simulators
from tests.devices.ear import TurnedClock
from tests.devices.fuzz.counting import Count
from tests.devices.fuzz.spoiling import Spoiler
from tests.devices.fuzz.truth import stood_in, whole
from tests.devices.transcripts import transcript, unit_of

_KEPT = 200_000
"""Bytes of what was heard that are kept to look a frame up in."""
_EVERYTHING_IS_TOLD = 10**9


def messages_of(key: str) -> list[bytes]:
    """What the family was heard to say, and what its simulator says."""
    return [one["heard"].encode("latin-1") for one in transcript(key)["said"]] + [simulators()[key](line=None).typical_frame()]


def talked(key: str, frames: int, dice: random.Random, *, family: Family | None = None) -> Count:
    """Let a family be spoilt so many times.

    Args:
        key: Which one.
        frames: How many messages.
        dice: What decides.
        family: A planted fault in its place.
    """
    family = family or families()[key]
    listening = _Listening(key, family)
    foreign = [message for other in families() if other != key for message in messages_of(other)]
    spoiler = Spoiler(dice, own=messages_of(key), foreign=foreign, line=family.line, longest=families()[key].framing.longest)
    for n in range(frames):
        message = spoiler.spoilt(spoiler.ways[n % len(spoiler.ways)])
        listening.hear(message, dice)
    return listening.count


class _Listening(Listener):
    """A station's side, with an own memory of what came."""

    def __init__(self, key: str, family: Family) -> None:
        self.count = Count(name=key)
        self._key, self._clock = key, TurnedClock()
        self._heard = bytearray()
        self._longest = families()[key].framing.longest
        framing = family.framing
        self._begins = (*families()[key].framing.ends, *(framing.etx, framing.stx)) if framing.stx else families()[key].framing.ends
        self._ends = (*families()[key].framing.ends, framing.etx) if framing.stx else families()[key].framing.ends
        settings = DeviceSettings(code=key, protocol=key, url="none", unit=unit_of(key))
        patience = Patience(troubles_per_s=_EVERYTHING_IS_TOLD, bounce_s=-1)
        self._talk = Conversation(settings, self._noticing(family), self, clock=self._clock, patience=patience)
        self._talk.opened()

    def hear(self, message: bytes, dice: random.Random) -> None:
        """One message, perhaps its end as well, perhaps a pause."""
        self.count.frames += 1
        if dice.random() < 0.3:
            message += dice.choice(families()[self._key].framing.ends)
        pause = dice.random() < 0.2
        self.count.timed(lambda: self._pass_on(message, dice, pause=pause), message)
        if len(self._heard) > _KEPT:
            self._pause()

    def _pass_on(self, message: bytes, dice: random.Random, *, pause: bool) -> None:
        place = 0
        while place < len(message):
            size = dice.choice((1, 7, 64, 4096))
            self._heard += message[place : place + size]
            self._talk.heard(message[place : place + size])
            place += size
            self._look_for_more_than_a_frame(size, message)
        if pause:
            self._pause()

    def _pause(self) -> None:
        self._clock.turn(1)
        self._talk.time_passes()
        self._heard.clear()

    def _look_for_more_than_a_frame(self, size: int, message: bytes) -> None:
        framer = self._talk._framer
        held = len(framer._pending) + len(framer._noise)
        if held > 2 * self._longest + size + 8:
            self.count.unbounded.append(f"{held} bytes held at {message[:60]!r}")

    def _noticing(self, family: Family) -> Family:
        """The same, with its statuses counted."""

        def make(*, unit: str | None) -> DeviceProtocol:
            return Noticing(family.make(unit=unit), self._said)

        return replace(family, make=make)

    def _said(self, said: Parsed | Scanned | Status) -> None:
        self.count.others += isinstance(said, Status)

    def reading(self, reading: Reading) -> None:
        family = families()[self._key]
        self.count.taken += 1
        if not self._true(lambda: stood_in(reading, self._key, sends_unit=family.sends_unit, recorded=unit_of(self._key))):
            self.count.wrong.append(f"{reading.quantity} from {reading.raw!r}")
        elif not whole(reading.raw, bytes(self._heard), begins=self._begins, ends=self._ends):
            self.count.wrong.append(f"{reading.quantity} from {reading.raw!r}, which never came whole")

    def scan(self, scan: Scan) -> None:
        self.count.taken += 1
        if not whole(scan.text.encode("latin-1"), bytes(self._heard), begins=self._begins, ends=self._ends):
            self.count.wrong.append(f"{scan.text!r}, which never came whole")

    def trouble(self, trouble: Trouble) -> None:
        self.count.refused[trouble.error.code] += 1
        assert str(trouble.error.what), "a refusal says what happened"
        assert str(trouble.error.next), "and what to do"

    @staticmethod
    def _true(check: Callable[[], bool]) -> bool:
        try:
            return check()
        except (ValueError, IndexError, ArithmeticError):
            return False  # the frame has no such place


class Noticing:
    """A protocol that tells what it understood; everything else is the protocol's own."""

    def __init__(self, inner: DeviceProtocol, told: Callable[[Parsed | Scanned | Status], None]) -> None:
        self._inner, self._told = inner, told
        self.ask_for_value, self.are_you_there, self.wishes = inner.ask_for_value, inner.are_you_there, inner.wishes

    def parse(self, frame: bytes) -> Parsed | Scanned | Status:
        """Understand, and tell."""
        said = self._inner.parse(frame)
        self._told(said)
        return said
