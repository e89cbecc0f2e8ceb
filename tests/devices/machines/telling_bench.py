"""A machine that tells by itself and the station's side of the table, message by message, on one clock that the test turns."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from app.devices.machines.evidence import of_message
from app.devices.machines.samples import Quality
from app.devices.machines.tag_map import Address, Node, Tag, TagCounter, TagHeartbeat, TagMap, Topic, ValueType
from app.devices.machines.telling import Latched, Message, Told
from app.devices.machines.telling_conversation import TellingConversation
from tests.devices.ear import Ear, TurnedClock


def node(name: str, type: str = "f32") -> Node:
    return Node(namespace="urn:of:a:test", identifier=f"s={name}", type=ValueType(type))


def topic(name: str, pointer: str | None = None) -> Topic:
    return Topic(topic=name, pointer=pointer)


def tag(name: str, address: Address, **other: object) -> Tag:
    usual = {"scale": Decimal(1), "unit": "°C", "decimals": 1, "sensor_break": None, "plausible": (Decimal(-20), Decimal(300))}
    return Tag(name=name, address=address, **({"of_cycle": False, "within_s": None} | usual | other))


def tag_map(speaks: str, *channels: Tag, counter: Address | None = None, heartbeat: Address | None = None) -> TagMap:
    return TagMap(
        model="of a test",
        speaks=speaks,
        channels=channels,
        cycle_counter=TagCounter(address=counter, plausible=(0, 1000)) if counter is not None else None,
        heartbeat=TagHeartbeat(address=heartbeat, within_s=Decimal(2)) if heartbeat is not None else None,
        sha256="",
    )


def good(address: Address, number: object) -> Told:
    exact = Decimal(str(number))
    return Told(address=address, number=exact, quality=Quality.GOOD, complaint=None, raw=of_message(exact, None))


class Table:
    """The line of a test: results stand where the test puts them."""

    said = heard = b""

    def __init__(self, map: TagMap, clock: TurnedClock, *, vouches: bool, looks_per_s: float = 10) -> None:
        self.clock, self.ear, self.vouches = clock, Ear(), vouches
        self.results: list[Told] = []
        self.count: int | None = None
        self.conversation = TellingConversation("SL-05", map, self.ear, looks_per_s=looks_per_s, clock=clock)
        self.conversation.begin()
        self.conversation.opened()

    def latch(self, message: Message) -> Latched | None:
        return None if self.count is None else Latched(count=self.count, told=tuple(self.results))

    def tell(self, *told: Told, after_s: float = 0.1, **other: object) -> None:
        self.clock.turn(after_s)
        self.conversation.heard(Message(at=self.now, told=told, vouches=self.vouches, **other), self)

    def wait(self, seconds: float) -> None:
        """Nothing comes for so long."""
        for _ in range(round(seconds * 20)):
            self.clock.turn(0.05)
            self.conversation.tick()

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @property
    def standings(self) -> list[str]:
        return [state.standing.value for state in self.ear.states]

    def values(self, channel: str) -> list[str | None]:
        return [None if one.value is None else str(one.value) for one in self.ear.samples_of(channel)]

    def qualities(self, channel: str) -> list[str]:
        return [one.quality.value for one in self.ear.samples_of(channel)]
