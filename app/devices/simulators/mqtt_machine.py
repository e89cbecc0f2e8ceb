"""A simulated machine that tells its values to a broker: some topics again and again, some when a cycle ends, some when they change."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from threading import Event, RLock, Thread
from typing import Protocol

from app.devices.machines.tag_map import Address, TagMap, Topic
from app.devices.simulators.mqtt_broker import MqttBroker
from app.devices.simulators.mqtt_packets import Published

_EVERY_S = 0.1
_LONGEST_S = 5.0


class Telling(Protocol):
    """The machine behind. Called on the teller's thread."""

    map: TagMap

    def numbers(self) -> dict[Address, bool | int | float]:
        """What it says at every address now, raw."""


class MqttMachine:
    """The machine's own connection to its broker, which is played with it. Acts may come from any thread."""

    def __init__(self, machine: Telling, *, broker: MqttBroker | None = None, every_s: float = _EVERY_S) -> None:
        self._machine, self._every_s = machine, every_s
        self.broker = broker or MqttBroker()
        self.is_telling = True
        """Whether it publishes by itself."""
        self.clock_off = timedelta(0)
        """How far the machine's clock stands off."""
        self.instead: dict[str, bytes] = {}
        """Payloads by topic instead of the true ones."""
        self._told: dict[str, object] = {}
        self._ending, self._telling = Event(), RLock()
        self._thread = Thread(target=self._run, name="simulated MQTT machine", daemon=True)

    @property
    def writes(self) -> int:
        """How often a station published something."""
        return self.broker.writes

    @property
    def port(self) -> int:
        """Of the broker; set before `start` to choose it."""
        return self.broker.port

    @port.setter
    def port(self, port: int) -> None:
        self.broker.port = port

    def start(self) -> str:
        """Switch on broker and machine; the url a device's settings name."""
        url = self.broker.start()
        self._thread.start()
        return url

    def stop(self) -> None:
        """Take both away."""
        self._ending.set()
        self._thread.join(_LONGEST_S)
        self.broker.stop()

    def unplug(self) -> None:
        """The broker vanishes."""
        self.broker.unplug()

    def plug(self) -> None:
        """The broker is back."""
        self.broker.plug()
        self._told.clear()

    def vanish(self) -> None:
        """The machine's own connection breaks: the broker publishes its last will, and it tells nothing."""
        self.is_telling = False
        presence = self._machine.map.presence
        if presence is not None:
            self.broker.publish(Published(topic=presence.topic, payload=presence.offline.encode(), qos=1, retain=True))

    def return_(self) -> None:
        """It is connected again."""
        presence = self._machine.map.presence
        if presence is not None:
            self.broker.publish(Published(topic=presence.topic, payload=b"online", qos=1, retain=True))
        self.is_telling = True

    def tell(self) -> None:
        """Publish what is to be told now: what is told again and again, and what has changed."""
        with self._telling:
            self._tell()

    def _tell(self) -> None:
        payloads = self._payloads()
        for topic, content in payloads.items():
            watched = self._watched(topic)
            if watched is not None and self._told.get(topic) == watched:
                continue
            self._told[topic] = watched
            self.broker.publish(Published(topic=topic, payload=self.instead.get(topic, content), qos=1, retain=watched is not None))

    def _watched(self, topic: str) -> object | None:
        """What must have changed before this topic is told again; ``None``: it is told again and again."""
        if any(tag.within_s for tag in self._machine.map.channels if self._is_of(topic, tag.address)):
            return None
        numbers = self._machine.numbers()
        counter = self._machine.map.cycle_counter
        if counter is not None and self._is_of(topic, counter.address):
            return numbers[counter.address]
        return [number for address, number in numbers.items() if self._is_of(topic, address)]

    def _is_of(self, topic: str, address: Address) -> bool:
        return isinstance(address, Topic) and address.topic == topic

    def _payloads(self) -> Mapping[str, bytes]:
        trees: dict[str, object] = {}
        for address, number in self._machine.numbers().items():
            if isinstance(address, Topic):
                trees[address.topic] = _planted(trees.get(address.topic), address.pointer, number)
        source = self._machine.map.source_time
        if source is not None:
            ms = round((datetime.now(UTC) + self.clock_off).timestamp() * 1000)
            trees = {topic: _planted(tree, source.pointer, ms) if isinstance(tree, dict) else tree for topic, tree in trees.items()}
        return {topic: json.dumps(tree).encode() for topic, tree in trees.items()}

    def _run(self) -> None:
        while not self._ending.wait(self._every_s):
            if self.is_telling:
                self.tell()


def _planted(tree: object, pointer: str | None, number: bool | int | float) -> object:
    """The tree with a number where the pointer points; a step that is a number makes a list."""
    if not pointer:
        return number
    step, _, rest = pointer[1:].partition("/")
    below = f"/{rest}" if rest else None
    if step.isdigit():
        row = list(tree) if isinstance(tree, list) else []
        row += [None] * (int(step) + 1 - len(row))
        row[int(step)] = _planted(row[int(step)], below, number)
        return row
    table = dict(tree) if isinstance(tree, dict) else {}
    table[step] = _planted(table.get(step), below, number)
    return table
