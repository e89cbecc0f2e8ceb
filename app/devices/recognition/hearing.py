"""What a machine that tells by itself says when it is listened to once: for an engineer who has chosen its map.

It is connected to and judged as a session does it, for some seconds; nothing is kept, and nothing is ever written to it.
"""

from __future__ import annotations

from app.base.phrases import Phrase
from app.devices.events import Listener, Trouble
from app.devices.machines.errors import CertificateOffered
from app.devices.machines.samples import Sample, SampleBatch
from app.devices.machines.tag_map import TagMap
from app.devices.machines.telling_conversation import TellingConversation
from app.devices.machines.telling_session import Line, line_of
from app.devices.recognition.trying import Tried
from app.devices.settings import OPCUA, Clock, DeviceSettings, StationClock, TagSettings

WITHIN_S = 5.0
"""A machine tells each value it measures at least this often, and its heartbeat has moved by then."""
ANSWER_S = 1.5
"""For each answer: whoever tries a machine waits longer for it than a session that tries again by itself."""
_LISTEN_S = 0.05
_LOOKS_PER_S = 100
"""Of a machine that decides itself: as in its session."""


def hear_once(
    settings: DeviceSettings, tags: TagSettings, *, within_s: float = WITHIN_S, answer_s: float = ANSWER_S, clock: Clock | None = None
) -> Tried:
    """Connect, listen until every value that stands between cycles came, and hang up.

    Args:
        settings: Kind and address; a machine that is tried before it has a name is `access.NAMELESS`.
        tags: Map, protection, name and password.
        within_s: How long to listen at most.
        answer_s: How long to wait for each answer before that; a control may take ten times as long to let us in.
        clock: Whose time counts.

    Raises:
        DeviceError: nobody there, a wrong name or password, a map that does not fit, a library that is not installed.
    """
    clock = clock or StationClock()
    line = line_of(settings, tags, answer_s, clock)
    heard = _Heard(tags.map)
    try:
        line.open()
        _listen(line, settings.code, tags, heard, clock, within_s)
    except CertificateOffered as offered:
        return Tried(answered=False, says=offered.what, more=offered.next, certificate=offered.certificate)
    finally:
        line.close()
    return heard.told(within_s)


def _listen(line: Line, code: str, tags: TagSettings, heard: _Heard, clock: Clock, within_s: float) -> None:
    conversation = TellingConversation(code, tags.map, heard, looks_per_s=tags.looks_per_s or _LOOKS_PER_S, clock=clock)
    conversation.opened()
    until = clock.monotonic() + within_s
    while clock.monotonic() < until and not heard.is_whole:
        for message in line.listen(_LISTEN_S):
            conversation.heard(message, line)
        conversation.tick()


class _Heard(Listener):
    """The newest sample of each channel, and the first thing that was wrong."""

    def __init__(self, map: TagMap) -> None:
        self._map = map
        self._newest: dict[str, Sample] = {}
        self._trouble: Trouble | None = None

    def samples(self, batch: SampleBatch) -> None:
        self._newest |= {one.channel: one for one in batch.samples}

    def trouble(self, trouble: Trouble) -> None:
        self._trouble = self._trouble or trouble

    @property
    def is_whole(self) -> bool:
        """Whether each value came and is good that waits for no end of a cycle and, at a broker, for no change."""
        awaited = [one.name for one in self._map.channels if not one.of_cycle and (self._map.speaks == OPCUA or one.within_s is not None)]
        return all(self._value(name) != "–" for name in awaited)

    def told(self, within_s: float) -> Tried:
        """What is said of it."""
        values = {one.name: self._value(one.name) for one in self._map.channels}
        values = {one.name: values[one.name] for one in self._map.channels if not one.of_cycle or values[one.name] != "–"}
        more = self._trouble.error.what if self._trouble is not None else ""
        if any(value != "–" for value in values.values()):
            return Tried(answered=True, says=" • ".join(f"{name} {value}" for name, value in values.items()), more=more)
        if self._newest:
            return Tried(answered=False, says=Phrase("what it tells gives no value yet"), more=more)
        return Tried(
            answered=False,
            says=Phrase("the line is open, and nothing of this map was told in {seconds} s", seconds=f"{within_s:g}"),
            more=more,
        )

    def _value(self, channel: str) -> str:
        sample = self._newest.get(channel)
        return "–" if sample is None or sample.value is None else f"{sample.value:f} {sample.unit}".rstrip()
