"""A subscription to an OPC UA server. With `opcua_security` the only place of the station that knows asyncua, imported when it connects.

asyncua's event loop runs on the session's own thread, and only while the session listens. Its own reconnecting is not used: a new
connection is a new line, with namespaces, nodes and values looked up anew. Two habits of asyncua 2.1.0 are made up for here: a message it
cannot read is dropped without a word (a gap in the numbers of messages ends the line), and keep-alives reach nobody (they are heard here).

Source:
    OPC 10000-4, 5.14 (subscriptions: keep-alive, sequence numbers), 5.13 (monitored items); OPC 10000-3, 8.2 (namespaces). From memory.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar

from app.base.errors import DeviceError
from app.devices.errors import ConnectionLost, PortUnavailable
from app.devices.machines.errors import (
    MachineSilent,
    MessagesLost,
    NamespaceMissing,
    NodeRefused,
    ReaderMissing,
    ServerRefuses,
    SubscriptionEnded,
)
from app.devices.machines.opcua_values import DataValue, in_words, is_overflown, told_of
from app.devices.machines.samples import Quality
from app.devices.machines.tag_map import Node
from app.devices.machines.telling import Latched, Message, Told
from app.devices.settings import Clock, DeviceSettings, TagSettings

if TYPE_CHECKING:
    from asyncua import ua
    from asyncua.client.client import Client

_T = TypeVar("_T")
_CONNECT_TIMES = 10
"""A control may need seconds for the certificates of a connection, and answers every other question at once."""
_KEEP_ALIVE_S = 0.5
_LIFETIME_S = 60
_QUEUE_S = 2
"""What the server keeps for us of every value while the line or this station hesitates."""
_CLOSE_S = 0.3
_RENEW_AFTER = 0.75
"""Of the life of a secure channel; OPC 10000-4, 5.6.2."""
_LAST_NUMBER = 2**32 - 1


class OpcUaLine:
    """One subscription, used by one thread. After a `DeviceError` it is of no more use."""

    def __init__(self, settings: DeviceSettings, tags: TagSettings, *, answer_s: float, clock: Clock) -> None:
        """Prepare; `open` connects.

        Raises:
            ReaderMissing: asyncua is not installed.
        """
        if tags.looks_per_s is None:
            raise ValueError(f"{settings.code}: how often shall its server look")
        self._looks_per_s = tags.looks_per_s
        self._ua = _library()
        self._settings, self._tags, self._answer_s, self._clock = settings, tags, answer_s, clock
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(lambda _loop, _context: None)  # what broke is told by whoever waits for it
        self._task: asyncio.Task[Any] | None = None
        self._hung_up = False
        self._client: Client | None = None
        self._nodes: dict[int, Node] = {}
        self._ids: dict[Node, ua.NodeId] = {}
        self._news: list[Message] = []
        self._arrived = asyncio.Event()
        self._ended: DeviceError | None = None
        self._number: int | None = None
        self._heard_s = self._renew_s = self._silent_s = 0.0

    def open(self) -> None:
        """Connect and subscribe.

        Raises:
            DeviceError: nobody there, a wrong certificate, name or password, a namespace or node that is not there.
        """
        self._run(self._open())

    def listen(self, within_s: float) -> Sequence[Message]:
        """See `TellingLine`."""
        if not self._news:
            self._run(self._wait(within_s))
        news, self._news = self._news, []
        if not news:
            self._check()
        return news

    def latch(self, message: Message) -> Latched | None:
        """The results between two equal counts; ``None`` while the count moves on."""
        counter = self._tags.map.cycle_counter
        if counter is None or not isinstance(counter.address, Node):
            return None
        return self._run(self._latch(counter.address))

    def hang_up(self) -> None:
        """See `TellingLine`."""
        self._hung_up = True
        with suppress(RuntimeError):  # the loop is closed already
            self._loop.call_soon_threadsafe(self._cancel)

    def close(self) -> None:
        """See `TellingLine`."""
        if self._loop.is_closed():
            return
        with suppress(asyncio.CancelledError):
            self._loop.run_until_complete(self._close())
        self._loop.close()

    # --- on the loop ----------------------------------------------------------------------------------------------

    async def _open(self) -> None:
        from asyncua.client.client import Client

        from app.devices.machines.opcua_security import enter

        client = self._client = Client(self._settings.url, timeout=self._answer_s * _CONNECT_TIMES)
        with self._told_as_ours():
            await enter(client, self._settings, self._tags.access)
            await self._find_nodes(client)
            await self._subscribe(client)
        self._renew_s = self._clock.monotonic() + client.secure_channel_timeout / 1000 * _RENEW_AFTER

    async def _find_nodes(self, client: Client) -> None:
        known = await client.get_namespace_array()
        for address in dict.fromkeys(self._tags.map.addresses):
            if not isinstance(address, Node):
                raise ValueError(f"{self._tags.map.model} is no map of an OPC UA server")
            if address.namespace not in known:
                raise NamespaceMissing(namespace=address.namespace, known=", ".join(known))
            self._ids[address] = self._node_id(address, known.index(address.namespace))

    async def _subscribe(self, client: Client) -> None:
        """Everything is monitored but the results of a cycle: those are read with their count."""
        ua, looks_per_s = self._ua, self._looks_per_s
        alive = max(1, round(_KEEP_ALIVE_S * looks_per_s))
        parameters = ua.CreateSubscriptionParameters(
            RequestedPublishingInterval=1000 / looks_per_s,
            RequestedLifetimeCount=max(3 * alive, round(_LIFETIME_S * looks_per_s)),
            RequestedMaxKeepAliveCount=alive,
            MaxNotificationsPerPublish=0,
            PublishingEnabled=True,
            Priority=0,
        )
        self._heard_s = self._clock.monotonic()
        revised = await client.uaclient.session.create_subscription(parameters, self._published)
        self._silent_s = revised.RevisedPublishingInterval / 1000 * revised.RevisedMaxKeepAliveCount + self._answer_s
        results = {tag.address for tag in self._tags.map.channels if tag.of_cycle}
        nodes = [node for node in self._ids if node not in results]
        self._nodes = dict(enumerate(nodes, start=1))
        items = ua.CreateMonitoredItemsParameters()
        items.SubscriptionId = revised.SubscriptionId
        items.TimestampsToReturn = ua.TimestampsToReturn.Both
        items.ItemsToCreate = [self._item(handle, node) for handle, node in self._nodes.items()]
        answers = await client.uaclient.session.create_monitored_items(items)
        for node, answer in zip(nodes, answers, strict=True):
            if not answer.StatusCode.is_good():
                raise NodeRefused(node=node.identifier, namespace=node.namespace, status=answer.StatusCode.name)

    async def _wait(self, within_s: float) -> None:
        if self._client is not None and self._clock.monotonic() >= self._renew_s:
            with self._told_as_ours():
                await self._client.open_secure_channel(renew=True)
            self._renew_s = self._clock.monotonic() + self._client.secure_channel_timeout / 1000 * _RENEW_AFTER
        with suppress(TimeoutError):
            await asyncio.wait_for(self._arrived.wait(), within_s)
        self._arrived.clear()

    async def _latch(self, counter: Node) -> Latched | None:
        nodes = [tag.address for tag in self._tags.map.channels if tag.of_cycle and isinstance(tag.address, Node)]
        with self._told_as_ours():
            before = (await self._read([counter]))[0]
            told = await self._read(nodes) if nodes else []
            after = (await self._read([counter]))[0]
        if before.quality is not Quality.GOOD or before.number is None or before.number != after.number:
            return None
        return Latched(count=int(before.number), told=tuple(told))

    async def _read(self, nodes: Sequence[Node]) -> list[Told]:
        ua, client = self._ua, self._client
        if client is None:
            raise ConnectionLost(reason="not open")
        parameters = ua.ReadParameters(
            MaxAge=0,
            TimestampsToReturn=ua.TimestampsToReturn.Both,
            NodesToRead=[ua.ReadValueId(NodeId=self._ids[node], AttributeId=ua.AttributeIds.Value) for node in nodes],
        )
        values = await asyncio.wait_for(client.uaclient.session.read(parameters), self._answer_s)
        if len(values) != len(nodes):
            raise ConnectionLost(reason="the server answered something else")
        return [told_of(node, value) for node, value in zip(nodes, values, strict=True)]

    async def _close(self) -> None:
        client = self._client
        if client is not None:
            with suppress(OSError, TimeoutError, *_unreadable(self._ua)):
                await asyncio.wait_for(client.close_session(), _CLOSE_S)
                await asyncio.wait_for(client.close_secure_channel(), _CLOSE_S)
            client.disconnect_socket()
        await asyncio.sleep(0)
        left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await asyncio.sleep(0)  # a transport closes its socket one turn later

    # --- what the server publishes --------------------------------------------------------------------------------

    def _published(self, result: ua.PublishResult) -> None:
        """A message or a keep-alive; asyncua swallows what is raised here, so nothing is."""
        at, message = self._clock.now(), result.NotificationMessage
        self._heard_s = self._clock.monotonic()
        self._arrived.set()
        notifications = message.NotificationData or []
        if notifications and self._is_gap(message.SequenceNumber):
            return
        values: list[tuple[Node, DataValue]] = []
        for one in notifications:
            if isinstance(one, self._ua.StatusChangeNotification):
                self._ended = SubscriptionEnded(status=one.Status.name)
            elif isinstance(one, self._ua.DataChangeNotification):
                items = one.MonitoredItems or []
                values += [(self._nodes[item.ClientHandle], item.Value) for item in items if item.ClientHandle in self._nodes]
        told = tuple(told_of(node, value) for node, value in values)
        lost = sum(is_overflown(value) for _, value in values)
        bad = [value for value, one in zip(values, told, strict=True) if one.quality is not Quality.GOOD]
        self._news.append(Message(at=at, told=told, vouches=True, lost=lost, raw=in_words(bad)))

    def _is_gap(self, number: int) -> bool:
        last, self._number = self._number, number
        expected = None if last is None else last % _LAST_NUMBER + 1
        if expected is None or number == expected:
            return False
        self._ended = MessagesLost(last=last, next=number)
        return True

    # --- between the loop and its thread --------------------------------------------------------------------------

    def _run(self, act: Coroutine[Any, Any, _T]) -> _T:
        if self._hung_up:
            act.close()
            raise ConnectionLost(reason="hung up")
        self._task = self._loop.create_task(act)
        try:
            result: _T = self._loop.run_until_complete(self._task)
        except asyncio.CancelledError:
            raise ConnectionLost(reason="hung up") from None
        finally:
            self._task = None
        return result

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _check(self) -> None:
        """What the silence means."""
        if self._ended is not None:
            raise self._ended
        if self._client is None or self._client.state.value != "connected":
            raise ConnectionLost(reason="the server hung up or sent what nobody can read")
        if self._clock.monotonic() - self._heard_s > self._silent_s:
            raise MachineSilent

    @contextmanager
    def _told_as_ours(self) -> Iterator[None]:
        """What asyncua raises becomes a `DeviceError`; every other wait than the one for a connection has been answered with silence."""
        try:
            yield
        except TimeoutError as trouble:
            is_open = self._client is not None and self._client.state.value not in ("disconnected", "connecting")
            raise (MachineSilent() if is_open else self._nobody("no answer")) from trouble
        except OSError as trouble:
            raise self._nobody(str(trouble)) from trouble
        except self._ua.UaStatusCodeError as trouble:
            raise ServerRefuses(status=self._ua.StatusCode(trouble.code).name) from trouble
        except _unreadable(self._ua) as trouble:
            raise ServerRefuses(status=str(trouble)[:80] or type(trouble).__name__) from trouble

    def _nobody(self, reason: str) -> DeviceError:
        if self._heard_s:
            return ConnectionLost(reason=reason or "the server hung up")
        return PortUnavailable(url=self._settings.url, reason=reason or "the server hung up")

    def _node_id(self, node: Node, index: int) -> ua.NodeId:
        kind, _, name = node.identifier.partition("=")
        found: ua.NodeId = self._ua.NodeId(int(name) if kind == "i" else name, index)
        return found

    def _item(self, handle: int, node: Node) -> ua.MonitoredItemCreateRequest:
        item: ua.MonitoredItemCreateRequest = self._ua.MonitoredItemCreateRequest(
            ItemToMonitor=self._ua.ReadValueId(NodeId=self._ids[node], AttributeId=self._ua.AttributeIds.Value),
            MonitoringMode=self._ua.MonitoringMode.Reporting,
            RequestedParameters=self._ua.MonitoringParameters(
                ClientHandle=handle,
                SamplingInterval=1000 / self._looks_per_s,
                QueueSize=max(2, round(_QUEUE_S * self._looks_per_s)),
                DiscardOldest=True,
            ),
        )
        return item


def _library() -> Any:
    try:
        from asyncua import ua
    except ImportError as trouble:
        raise ReaderMissing(package="asyncua") from trouble
    logging.getLogger("asyncua").setLevel(logging.CRITICAL + 1)  # what it would say, the machine's standing says; it logs names and more
    return ua


def _unreadable(ua: Any) -> tuple[type[Exception], ...]:
    """What asyncua 2.1.0 raises on what it cannot read."""
    import struct

    return (ua.UaError, struct.error, ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError)
