"""A subscription at an MQTT broker. The only place of the station that knows paho-mqtt, imported when it connects.

Only what a machine says now is a value: a retained message is what the broker kept from some time before, and a message that is sent again
is one we have, or one of nobody knows when. The session is a clean one, so that nothing waits for us at the broker while we are away.
paho's own reconnecting and its thread are not used.

Source:
    MQTT 3.1.1 (OASIS), 3.1.2.4 (clean session), 3.3.1.1 (DUP), 3.3.1.3 (RETAIN), 3.1.2.10 (keep alive). From memory.
"""

from __future__ import annotations

import secrets
import socket
import ssl
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from struct import error as StructError  # noqa: N812 - an exception, whatever it is called there
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from app.base.errors import DeviceError
from app.devices.errors import ConnectionLost, PortUnavailable
from app.devices.machines.access import NAMELESS, SUFFIXES, Access, Security
from app.devices.machines.errors import BrokerRefuses, BrokerSilent, CertificateMissing, PayloadUnreadable, ReaderMissing
from app.devices.machines.evidence import source_time
from app.devices.machines.payloads import told_by
from app.devices.machines.tag_map import Topic
from app.devices.machines.telling import Latched, Message
from app.devices.settings import Clock, DeviceSettings, TagSettings

if TYPE_CHECKING:
    from paho.mqtt.client import Client, MQTTMessage

KEEP_ALIVE_S = 2
"""A broker that answers no ping within this is silent; MQTT counts whole seconds."""
AUTHORITY = SUFFIXES[Security.TLS]
_AT_LEAST_ONCE = 1
_AT_A_TIME = 50
_MOST_KEPT = 200
_STEP_S = 0.05
_UNANSWERED_PING = "Keep alive timeout"
"""As paho says it."""


class _Trusting(ssl.SSLContext):
    """Keeps the socket of a handshake: paho 2.2.0 leaves it open when the handshake fails."""

    made: ssl.SSLSocket | None = None

    def wrap_socket(self, *arguments: Any, **more: Any) -> ssl.SSLSocket:
        """See `ssl.SSLContext.wrap_socket`."""
        self.made = super().wrap_socket(*arguments, **more)
        return self.made


class MqttLine:
    """One connection, used by one thread. After a `DeviceError` it is of no more use."""

    def __init__(self, settings: DeviceSettings, tags: TagSettings, *, answer_s: float, clock: Clock) -> None:
        """Prepare; `open` connects.

        Raises:
            ReaderMissing: paho-mqtt is not installed.
        """
        self._settings, self._tags, self._answer_s, self._clock = settings, tags, answer_s, clock
        self._topics: dict[str, list[Topic]] = defaultdict(list)
        for address in dict.fromkeys(tags.map.addresses):
            if not isinstance(address, Topic):
                raise ValueError(f"{tags.map.model} is no map of an MQTT machine")
            self._topics[address.topic].append(address)
        self._presence = tags.map.presence
        self._news: list[Message] = []
        self._latest: dict[str, bytes] = {}
        self._welcome: str | None = None
        self._subscribed: list[int] | None = None
        self._farewell: str | None = None
        self._hung_up = False
        self._tls: _Trusting | None = None
        self._client = self._made()

    def open(self) -> None:
        """Connect and subscribe.

        Raises:
            DeviceError: nobody there, no answer, a wrong certificate, name or password, a topic that may not be read.
        """
        target = urlsplit(self._settings.url)
        try:
            self._client.connect_timeout = self._answer_s
            self._client.connect(target.hostname or "", target.port or 0, keepalive=KEEP_ALIVE_S)
        except (OSError, ValueError) as trouble:
            if self._tls is not None and self._tls.made is not None:
                self._tls.made.close()
            raise PortUnavailable(url=self._settings.url, reason=str(trouble)) from trouble
        self._until(lambda: self._welcome is not None)
        if self._welcome != "Success":
            raise BrokerRefuses(reason=self._welcome)
        topics = [*self._topics, *([self._presence.topic] if self._presence is not None else [])]
        self._client.subscribe([(topic, _AT_LEAST_ONCE) for topic in dict.fromkeys(topics)])
        self._until(lambda: self._subscribed is not None)
        refused = [topic for topic, granted in zip(dict.fromkeys(topics), self._subscribed or [], strict=False) if granted >= 0x80]
        if refused:
            raise BrokerRefuses(reason=", ".join(refused))

    def listen(self, within_s: float) -> Sequence[Message]:
        """See `TellingLine`."""
        if not self._news:
            self._turn(within_s)
        for _ in range(_AT_A_TIME):
            known = len(self._news)
            self._turn(0)
            if len(self._news) == known:
                break
        news, self._news = self._news, []
        return news

    def latch(self, message: Message) -> Latched | None:
        """What came with the count in one message belongs to it."""
        counter = self._tags.map.cycle_counter
        count = next((told.number for told in message.told if counter is not None and told.address == counter.address), None)
        return None if count is None else Latched(count=int(count), told=message.told)

    def hang_up(self) -> None:
        """See `TellingLine`."""
        self._hung_up = True
        connection = self._client.socket()
        if isinstance(connection, socket.socket):
            with suppress(OSError):  # the other side was faster
                connection.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """See `TellingLine`."""
        with suppress(OSError, ValueError):
            self._client.disconnect()
            self._client.loop(0)
        connection = self._client.socket()
        if connection is not None:
            connection.close()
        self._client._reset_sockets()  # what paho itself does when it is collected, some time later

    def _made(self) -> Client:
        try:
            from paho.mqtt.client import Client
            from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
        except ImportError as trouble:
            raise ReaderMissing(package="paho-mqtt") from trouble
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"lineside-{secrets.token_hex(6)}",  # two stations with one name would throw each other out for ever
            clean_session=True,
            protocol=MQTTProtocolVersion.MQTTv311,
            reconnect_on_failure=False,
        )
        access = self._tags.access
        if access.security is Security.TLS:
            self._tls = _trusting(access, self._settings.code)
            client.tls_set_context(self._tls)
        if access.sign_in is not None:
            client.username_pw_set(access.sign_in.user, access.sign_in.password)
        client.on_connect = self._connected
        client.on_subscribe = self._granted
        client.on_message = self._came
        client.on_disconnect = self._left
        return client

    def _until(self, done: Any) -> None:
        end = self._clock.monotonic() + self._answer_s
        while not done():
            if self._hung_up:
                raise ConnectionLost(reason="hung up")
            if self._clock.monotonic() >= end:
                raise BrokerSilent
            self._turn(_STEP_S)

    def _turn(self, within_s: float) -> None:
        """Let paho read and write once. What it cannot read ends the line, and what came before is told first."""
        try:
            result = self._client.loop(within_s)
        except (OSError, ValueError, TypeError, IndexError, KeyError, StructError) as trouble:
            raise self._broken(f"the broker sent what nobody can read: {type(trouble).__name__}") from trouble
        if (result or self._client.socket() is None) and not self._news:
            raise self._broken(self._farewell or str(result))

    def _broken(self, reason: str) -> DeviceError:
        """A broker that refuses hangs up after it has said so."""
        if self._welcome is not None and self._welcome != "Success":
            return BrokerRefuses(reason=self._welcome)
        return BrokerSilent() if reason == _UNANSWERED_PING else ConnectionLost(reason=reason)

    # --- called by paho, on this thread ---------------------------------------------------------------------------

    def _connected(self, _client: object, _data: object, _flags: object, reason: object, _properties: object) -> None:
        self._welcome = str(reason)

    def _left(self, _client: object, _data: object, _flags: object, reason: object, _properties: object) -> None:
        self._farewell = str(reason)

    def _granted(self, _client: object, _data: object, _mid: int, reasons: Sequence[Any], _properties: object) -> None:
        self._subscribed = [int(one.value) for one in reasons]

    def _came(self, _client: object, _data: object, message: MQTTMessage) -> None:
        at = self._clock.now()
        try:
            topic = message.topic
        except UnicodeDecodeError:
            return  # nobody subscribed to it
        if self._presence is not None and topic == self._presence.topic:
            if message.payload == self._presence.offline.encode():
                self._news.append(Message(at=at, told=(), vouches=False, gone=True))
            return
        if topic not in self._topics or message.retain or message.dup:
            return
        self._news += self._read(self._topics[topic], bytes(message.payload), at)

    def _read(self, topics: Sequence[Topic], payload: bytes, at: Any) -> list[Message]:
        topic = topics[0].topic
        try:
            told = told_by(topics, payload, self._tags.map.source_time)
        except PayloadUnreadable as trouble:
            return [Message(at=at, told=(), vouches=False, error=trouble, raw=payload[:_MOST_KEPT])]
        latest, self._latest[topic] = self._latest.get(topic), payload
        if payload == latest and any(source_time(one.raw) is not None for one in told):
            return []  # the same words of the same time: the machine sent it twice
        lacks = any(one.quality is None for one in told)
        return [Message(at=at, told=told, vouches=False, raw=payload[:_MOST_KEPT] if lacks else b"")]


def _trusting(access: Access, code: str) -> _Trusting:
    """Trusts this one authority and no other; the broker's name must be the one in the address."""
    file, context = access.trusted(code, AUTHORITY), _Trusting(ssl.PROTOCOL_TLS_CLIENT)
    try:
        if code == NAMELESS and access.certificate is not None:
            context.load_verify_locations(cadata=access.certificate.decode("ascii", "ignore"))
        else:
            context.load_verify_locations(cafile=file)
    except (OSError, ValueError) as trouble:
        raise CertificateMissing(file=file, reason=str(trouble)) from trouble
    return context
