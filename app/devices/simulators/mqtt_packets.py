"""MQTT 3.1.1 as a broker reads and writes it: only what a broker of simulated machines needs, and nothing it does not understand.

Source:
    MQTT 3.1.1 (OASIS), 2.2 (fixed header), 3.1 to 3.14 (packets). From memory.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

MOST_LENGTH = 268_435_455
"""Of what follows the fixed header; four bytes of seven bits."""


class Kind(IntEnum):
    """Packet types, the upper half of the first byte."""

    CONNECT = 1
    CONNACK = 2
    PUBLISH = 3
    PUBACK = 4
    SUBSCRIBE = 8
    SUBACK = 9
    UNSUBSCRIBE = 10
    UNSUBACK = 11
    PINGREQ = 12
    PINGRESP = 13
    DISCONNECT = 14


class Malformed(ValueError):
    """Bytes that are no packet of a client."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """One whole packet."""

    kind: int
    flags: int
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A message, on its way in or out."""

    topic: str
    payload: bytes
    qos: int = 0
    retain: bool = False
    dup: bool = False
    number: int = 0
    """Packet identifier, for QoS 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connect:
    """What a client says of itself."""

    client: str
    keep_alive_s: int
    user: str | None
    password: bytes | None
    will: Published | None


def split(buffer: bytearray) -> Iterator[Packet]:
    """Take every whole packet out of the buffer, oldest first; the beginning of the next stays.

    Raises:
        Malformed: a length that never ends.
    """
    while (found := _header(buffer)) is not None:
        start, length = found
        if len(buffer) < start + length:
            return
        yield Packet(kind=buffer[0] >> 4, flags=buffer[0] & 15, body=bytes(buffer[start : start + length]))
        del buffer[: start + length]


def connect_in(body: bytes) -> Connect:
    """Raises `Malformed` when it is no CONNECT of MQTT 3.1.1."""
    reader = _Reader(body)
    if reader.text() != "MQTT" or reader.byte() != 4:
        raise Malformed("not MQTT 3.1.1")
    flags, keep_alive_s = reader.byte(), reader.number()
    client = reader.text()
    will = None
    if flags & 4:
        topic, payload = reader.text(), reader.binary()
        will = Published(topic=topic, payload=payload, qos=flags >> 3 & 3, retain=bool(flags & 32))
    user = reader.text() if flags & 128 else None
    return Connect(client=client, keep_alive_s=keep_alive_s, user=user, password=reader.binary() if flags & 64 else None, will=will)


def publish_in(packet: Packet) -> Published:
    """Raises `Malformed` when it is no PUBLISH with QoS 0 or 1."""
    reader, qos = _Reader(packet.body), packet.flags >> 1 & 3
    if qos > 1:
        raise Malformed("QoS 2 is not served")
    topic = reader.text()
    number = reader.number() if qos else 0
    return Published(topic=topic, payload=reader.rest(), qos=qos, retain=bool(packet.flags & 1), dup=bool(packet.flags & 8), number=number)


def subscribe_in(body: bytes, *, with_qos: bool) -> tuple[int, list[tuple[str, int]]]:
    """Packet identifier, and filters with the QoS that is asked for (0 when ``with_qos`` is not set). Raises `Malformed`."""
    reader = _Reader(body)
    number, filters = reader.number(), []
    while not reader.is_over:
        name = reader.text()
        filters.append((name, reader.byte() & 3 if with_qos else 0))
    return number, filters


def publish(message: Published) -> bytes:
    """A PUBLISH."""
    flags = message.dup << 3 | message.qos << 1 | message.retain
    number = struct.pack(">H", message.number) if message.qos else b""
    return packet(Kind.PUBLISH, _text(message.topic) + number + message.payload, flags=flags)


def packet(kind: Kind, body: bytes, *, flags: int = 0) -> bytes:
    """A packet with its fixed header.

    Raises:
        ValueError: longer than MQTT can say.
    """
    if len(body) > MOST_LENGTH:
        raise ValueError("too long")
    length, left = bytearray(), len(body)
    while True:
        left, digit = divmod(left, 128)
        length.append(digit | (128 if left else 0))
        if not left:
            return bytes([kind << 4 | flags]) + bytes(length) + body


def _header(buffer: bytearray) -> tuple[int, int] | None:
    """Where the body starts and how long it is; ``None`` while that is not known."""
    length = 0
    for place, byte in enumerate(buffer[1:5]):
        length |= (byte & 127) << 7 * place
        if not byte & 128:
            return place + 2, length
    if len(buffer) >= 5:
        raise Malformed("a length without end")
    return None


def _text(text: str) -> bytes:
    content = text.encode()
    return struct.pack(">H", len(content)) + content


class _Reader:
    """Reads one body from its beginning."""

    def __init__(self, body: bytes) -> None:
        self._body, self._at = body, 0

    @property
    def is_over(self) -> bool:
        return self._at >= len(self._body)

    def byte(self) -> int:
        return self._take(1)[0]

    def number(self) -> int:
        found: int = struct.unpack(">H", self._take(2))[0]
        return found

    def binary(self) -> bytes:
        return self._take(self.number())

    def text(self) -> str:
        try:
            return self.binary().decode("utf-8")
        except UnicodeDecodeError as trouble:
            raise Malformed("no UTF-8") from trouble

    def rest(self) -> bytes:
        return self._take(len(self._body) - self._at)

    def _take(self, count: int) -> bytes:
        found = self._body[self._at : self._at + count]
        if len(found) < count:
            raise Malformed("cut off")
        self._at += count
        return found
