"""A small MQTT 3.1.1 broker on loopback: QoS 0 and 1, retained messages, last wills, names and passwords, and bad manners on request."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from struct import pack
from threading import Event, RLock, Thread

from app.devices.simulators.mqtt_packets import (
    Kind,
    Malformed,
    Packet,
    Published,
    connect_in,
    packet,
    publish,
    publish_in,
    split,
    subscribe_in,
)

_HOST = "127.0.0.1"
_PATIENCE_S = 0.05
_LONGEST_S = 5.0
_REFUSED_FILTER = 0x80
_BAD_PASSWORD = 4


def fits(filter: str, topic: str) -> bool:
    """Whether a topic is meant by a filter; MQTT 3.1.1, 4.7."""
    if filter == topic:
        return True
    if topic.startswith("$") or ("+" not in filter and "#" not in filter):
        return False
    asked, said = filter.split("/"), topic.split("/")
    for place, level in enumerate(asked):
        if level == "#":
            return True
        if place >= len(said) or level not in ("+", said[place]):
            return False
    return len(asked) == len(said)


class MqttBroker:
    """Serves any number of clients, one thread for each."""

    def __init__(self, *, users: dict[str, str] | None = None, tls: ssl.SSLContext | None = None) -> None:
        """Args:
        users: Passwords by name; ``None``: everybody may come in.
        tls: The broker's certificate, for ``mqtts://``.
        """
        self._users, self._tls = users, tls
        self.port = 0
        self.writes = 0
        """How often a station published something. None of ours ever does; machines sign themselves in as `machines`."""
        self.machines: set[str] = set()
        """Client names that may publish without being counted."""
        self.manner: Callable[[bytes], bytes] = bytes
        """What becomes of a packet on its way out."""
        self.forbidden: set[str] = set()
        """Topics whose subscription is refused."""
        self.retained: dict[str, Published] = {}
        self._listener: socket.socket | None = None
        self._clients: list[_Client] = []
        self._lock = RLock()

    def start(self) -> str:
        """Listen on loopback, at `port` when it is not 0; the url a device's settings name.

        Raises:
            OSError: the port is taken.
        """
        self.plug()
        return f"{'mqtts' if self._tls else 'mqtt'}://{_HOST}:{self.port}"

    def stop(self) -> None:
        """Hang up on everybody and end."""
        self.unplug()

    def unplug(self) -> None:
        """The broker vanishes: connections break, new ones are refused. What it had retained is lost with it."""
        with self._lock:
            listener, self._listener = self._listener, None
            clients, self._clients = self._clients, []
            self.retained.clear()
        if listener is not None:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
            self._thread.join(_LONGEST_S)
        for client in clients:
            client.hang_up(_LONGEST_S)

    def plug(self) -> None:
        """It is back at the same address."""
        if self._listener is not None:
            return
        listener = self._listener = socket.create_server((_HOST, self.port))
        self.port = listener.getsockname()[1]
        self._thread = Thread(target=self._accept, args=(listener,), name="simulated broker", daemon=True)
        self._thread.start()

    def publish(self, message: Published) -> None:
        """A message for everybody who subscribed to its topic; retained when it says so."""
        with self._lock:
            if message.retain:
                self.retained[message.topic] = message
                if not message.payload:
                    del self.retained[message.topic]
            for client in list(self._clients):
                client.deliver(replace(message, retain=False))

    def repeat(self) -> None:
        """Send everybody the last QoS 1 message again, as after a lost acknowledgement."""
        with self._lock:
            for client in list(self._clients):
                client.repeat()

    @property
    def subscribers(self) -> int:
        """Clients that have subscribed to something."""
        with self._lock:
            return sum(client.is_subscribed for client in self._clients)

    def say(self, content: bytes) -> None:
        """Send everybody these bytes, whatever they are."""
        with self._lock:
            for client in list(self._clients):
                client.send(content)

    def may_enter(self, user: str | None, password: bytes | None) -> bool:
        """Whether name and password are right."""
        return self._users is None or (user is not None and self._users.get(user) == (password or b"").decode("utf-8", "replace"))

    def left(self, client: _Client, will: Published | None) -> None:
        """A client is gone; its will is published when it took no leave."""
        with self._lock:
            if client in self._clients:
                self._clients.remove(client)
                if will is not None and self._listener is not None:
                    self.publish(will)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            client = _Client(self, connection, self._tls)
            with self._lock:
                if self._listener is None:
                    connection.close()
                    return
                self._clients.append(client)
            client.thread.start()


class _Client:
    """One connection."""

    def __init__(self, broker: MqttBroker, connection: socket.socket, tls: ssl.SSLContext | None) -> None:
        self._broker, self._connection, self._tls = broker, connection, tls
        self._filters: dict[str, int] = {}
        self._name: str | None = None
        self._will: Published | None = None
        self._number = 0
        self._last: Published | None = None
        self._ending = Event()
        self._sending = RLock()
        self.thread = Thread(target=self._serve, name="simulated broker's client", daemon=True)

    @property
    def is_subscribed(self) -> bool:
        return bool(self._filters)

    def hang_up(self, within_s: float) -> None:
        self._ending.set()
        if self.thread.ident is not None:
            self.thread.join(within_s)

    def deliver(self, message: Published) -> None:
        granted = [qos for name, qos in list(self._filters.items()) if fits(name, message.topic)]
        if not granted:
            return
        qos = min(message.qos, max(granted))
        if qos:
            self._number = self._number % 65535 + 1
        sent = replace(message, qos=qos, number=self._number if qos else 0)
        if qos:
            self._last = sent
        self.send(publish(sent))

    def repeat(self) -> None:
        if self._last is not None:
            self.send(publish(replace(self._last, dup=True)))

    def send(self, content: bytes) -> None:
        with self._sending, suppress(OSError, ValueError):
            self._connection.sendall(self._broker.manner(content))

    def _serve(self) -> None:
        leave = False
        try:
            if self._tls is not None:
                self._connection = self._tls.wrap_socket(self._connection, server_side=True)
            self._connection.settimeout(_PATIENCE_S)
            leave = self._talk()
        except (OSError, Malformed):
            pass
        finally:
            self._connection.close()
            self._broker.left(self, None if leave else self._will)

    def _talk(self) -> bool:
        """Until one side hangs up; whether the client took its leave."""
        buffer = bytearray()
        while not self._ending.is_set():
            try:
                heard = self._connection.recv(65536)
            except TimeoutError:
                continue
            if not heard:
                return False
            buffer += heard
            for one in split(buffer):
                if one.kind == Kind.DISCONNECT:
                    return True
                if not self._obey(one):
                    return False
        return False

    def _obey(self, one: Packet) -> bool:
        """Answer one packet; whether the connection goes on."""
        if one.kind == Kind.CONNECT:
            return self._enter(one)
        if self._name is None:
            return False
        match one.kind:
            case Kind.SUBSCRIBE:
                self._subscribe(one)
            case Kind.UNSUBSCRIBE:
                number, filters = subscribe_in(one.body, with_qos=False)
                for name, _ in filters:
                    self._filters.pop(name, None)
                self.send(packet(Kind.UNSUBACK, pack(">H", number)))
            case Kind.PUBLISH:
                self._take(publish_in(one))
            case Kind.PINGREQ:
                self.send(packet(Kind.PINGRESP, b""))
            case Kind.PUBACK:
                pass
            case _:
                return False
        return True

    def _enter(self, one: Packet) -> bool:
        said = connect_in(one.body)
        if self._name is not None:
            return False
        if not self._broker.may_enter(said.user, said.password):
            self.send(packet(Kind.CONNACK, bytes([0, _BAD_PASSWORD])))
            return False
        self._name, self._will = said.client, said.will
        self.send(packet(Kind.CONNACK, b"\x00\x00"))
        return True

    def _subscribe(self, one: Packet) -> None:
        number, filters = subscribe_in(one.body, with_qos=True)
        granted = [_REFUSED_FILTER if name in self._broker.forbidden else min(qos, 1) for name, qos in filters]
        self.send(packet(Kind.SUBACK, pack(">H", number) + bytes(granted)))
        for (name, _), qos in zip(filters, granted, strict=True):
            if qos == _REFUSED_FILTER:
                continue
            self._filters[name] = qos
            for message in list(self._broker.retained.values()):
                if fits(name, message.topic):
                    self.send(publish(replace(message, qos=0, number=0)))

    def _take(self, message: Published) -> None:
        if self._name not in self._broker.machines:
            self._broker.writes += 1
        if message.qos:
            self.send(packet(Kind.PUBACK, pack(">H", message.number)))
        self._broker.publish(message)
