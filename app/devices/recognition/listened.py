"""OPC UA servers and MQTT brokers as recognition sees them: both answer the first words of a connection, and those change nothing.

Their words are text, which a scale could obey: they are said only where the address says what hangs there, by its scheme or by a port that
is theirs by registration. A connection is made for each; nothing is subscribed to and nobody signs in. A broker behind TLS is not asked.

Source:
    OPC 10000-6, 7.1.2 (Hello, Acknowledge, Error); MQTT 3.1.1, 3.1 and 3.2; IANA: 4840 opcua-tcp, 1883 mqtt. From memory.
"""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass
from struct import pack, unpack
from urllib.parse import urlsplit

from app.devices.errors import PortUnavailable
from app.devices.settings import MQTT, OPCUA
from app.devices.transport import connect

_ANSWER_S = 2.0
_MOST = 4096
_SCHEMES = {"opc.tcp": OPCUA, "mqtt": MQTT}
_PORTS = {4840: OPCUA, 1883: MQTT}
_BUFFER = 65536
_CONNACK = re.compile(rb"\x20\x02[\x00\x01][\x00-\x05]")
_CLIENT = b"lineside-find"
_HELLO_CODES = 28
"""Length of an Acknowledge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What answered, and with what."""

    key: str
    frame: bytes


def kind_at(url: str) -> str | None:
    """What the address says; ``None`` for every other port, where these words are never said."""
    target = urlsplit(url)
    if target.scheme == "socket":
        return _PORTS.get(target.port or 0)
    return _SCHEMES.get(target.scheme)


def is_listened(url: str) -> bool:
    """Whether nothing but a machine that tells by itself can hang there."""
    return urlsplit(url).scheme in (*_SCHEMES, "mqtts")


def ask(url: str) -> Heard | None:
    """Say hello there; ``None`` when what answered was something else, or nothing.

    Raises:
        PortUnavailable: nobody there.
    """
    kind, target = kind_at(url), urlsplit(url)
    if kind is None:
        return None
    try:
        connection = connect(f"socket://{target.hostname}:{target.port}", within_s=_ANSWER_S)
    except (OSError, ValueError) as trouble:
        raise PortUnavailable(url=url, reason=str(trouble)) from trouble
    with connection:
        heard = _answer(connection, hello(url) if kind == OPCUA else CONNECT)
    good = is_opcua(heard) if kind == OPCUA else _CONNACK.match(heard) is not None
    return Heard(key=kind, frame=heard[:_HELLO_CODES]) if good else None


def hello(url: str) -> bytes:
    """The first words to an OPC UA server."""
    target = urlsplit(url)
    asked = f"opc.tcp://{target.hostname}:{target.port}{target.path}".encode()
    body = pack("<IIIII", 0, _BUFFER, _BUFFER, 0, 0) + pack("<i", len(asked)) + asked
    return b"HELF" + pack("<I", 8 + len(body)) + body


def is_opcua(heard: bytes) -> bool:
    """Whether it is an Acknowledge, or an Error, of the length it says itself."""
    if len(heard) < 8 or heard[:4] not in (b"ACKF", b"ERRF"):
        return False
    length: int = unpack("<I", heard[4:8])[0]
    return len(heard) >= length and (length == _HELLO_CODES if heard[:3] == b"ACK" else length >= 16)


_VARIABLE = b"\x00\x04MQTT\x04\x02\x00\x05" + pack(">H", len(_CLIENT)) + _CLIENT
CONNECT = b"\x10" + bytes([len(_VARIABLE)]) + _VARIABLE
"""A clean session, nobody's name, no will."""


def _answer(connection: socket.socket, question: bytes) -> bytes:
    connection.settimeout(_ANSWER_S)
    try:
        connection.sendall(question)
        return connection.recv(_MOST)
    except OSError:  # it hung up, or said nothing
        return b""
