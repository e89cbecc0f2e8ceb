"""The OPC UA server of a simulated machine, on loopback, with a server's bad manners. Knows asyncua, imported when it starts."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, Protocol

from app.devices.machines.errors import ReaderMissing
from app.devices.machines.tag_map import Address, Node, TagMap, ValueType

if TYPE_CHECKING:
    from asyncua.common.callback import ServerItemCallback
    from asyncua.server.server import Server
    from asyncua.server.user_managers import UserManager

_HOST = "127.0.0.1"
_LONGEST_S = 60.0
_TICK_S = 0.05
_BAD = 2
_VARIANTS = {
    ValueType.BOOL: "Boolean",
    ValueType.I8: "SByte",
    ValueType.U8: "Byte",
    ValueType.I16: "Int16",
    ValueType.U16: "UInt16",
    ValueType.I32: "Int32",
    ValueType.U32: "UInt32",
    ValueType.I64: "Int64",
    ValueType.U64: "UInt64",
    ValueType.F32: "Float",
    ValueType.F64: "Double",
}


class Telling(Protocol):
    """The machine behind the server. Called on the server's thread."""

    map: TagMap

    def numbers(self) -> dict[Address, bool | int | float]:
        """What it says at every address now, raw."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """Who may come in, when not everybody may."""

    certificate: Path
    """The server's own, DER; made with `key` when it is not there."""
    key: Path
    users: dict[str, str]
    """Passwords by name; empty: anonymous."""


class OpcUaServer:
    """Serves any number of stations. Acts may come from any thread; they are done when the call returns."""

    def __init__(self, machine: Telling, *, doors: Doors | None = None, tick_s: float = _TICK_S) -> None:
        self._machine, self._doors, self._tick_s = machine, doors, tick_s
        self.writes = 0
        """How often a station tried to write. None of ours ever does."""
        self.port = 0
        self.namespaces_before = 0
        """So many namespaces of other programs stand before the machine's own at the next start."""
        self.is_telling = True
        """Whether its nodes follow the machine."""
        self.statuses: dict[Address, int] = {}
        """Status codes instead of good."""
        self.types: dict[Address, str] = {}
        """Types, in the words of OPC UA, instead of those of the map, from the next start on: a server lets no node change its type."""
        self.clock_off = timedelta(0)
        """How far the machine's clock stands off."""
        self.missing: set[Address] = set()
        """Nodes that are not there at the next start."""
        self._server: Server | None = None
        self._nodes: dict[Address, Any] = {}
        self._is_plugged = False
        self._ready = Event()
        self._thread = Thread(target=self._run, name="simulated OPC UA server", daemon=True)

    def start(self) -> str:
        """Listen on loopback, at `port` when it is not 0; the url a device's settings name.

        Raises:
            OSError: the port is taken.
            ReaderMissing: asyncua is not installed.
        """
        try:
            import_module("asyncua")
        except ImportError as trouble:
            raise ReaderMissing(package="asyncua") from trouble
        self._thread.start()
        if not self._ready.wait(_LONGEST_S) or self._server is None:
            raise OSError(f"no simulated machine could be started at port {self.port}")
        return f"opc.tcp://{_HOST}:{self.port}/lineside"

    def stop(self) -> None:
        """Hang up and end the thread."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._ending.set)
            self._thread.join(_LONGEST_S)

    def unplug(self) -> None:
        """The server vanishes from the network: connections break, new ones are refused."""
        self._do(self._hang_up())

    def plug(self) -> None:
        """It is back at the same address, with its namespaces as they are set now."""
        self._do(self._listen())

    @property
    def is_subscribed_to(self) -> bool:
        """Whether a station listens."""
        return self._server is not None and bool(self._server.iserver.subscription_service.subscriptions)

    def tell(self) -> None:
        """Write what the machine says into the nodes now, whether or not it is telling."""
        self._do(self._write())

    def _do(self, act: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(act, self._loop).result(_LONGEST_S)

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        logging.getLogger("asyncua").setLevel(logging.CRITICAL + 1)  # refusing is what it is here for
        self._loop, self._ending = asyncio.get_running_loop(), asyncio.Event()
        self._loop.set_exception_handler(lambda _loop, _context: None)
        try:
            await self._listen()
        except OSError:
            self._server = None
            return
        finally:
            self._ready.set()
        while not self._ending.is_set():
            try:
                await asyncio.wait_for(self._ending.wait(), self._tick_s)
            except TimeoutError:
                if self._is_plugged and self.is_telling:
                    await self._write()
        await self._hang_up()
        if self._server is not None:
            await self._server.iserver.stop()

    async def _prepare(self) -> Server:
        """The address space of the standard is built once: it takes seconds."""
        from asyncua.common.callback import CallbackType
        from asyncua.server.server import Server

        server = Server(user_manager=_users(self._doors.users) if self._doors is not None and self._doors.users else None)
        await server.init()
        await self._protect(server)
        server.subscribe_server_callback(CallbackType.PreWrite, self._wrote)
        return server

    async def _listen(self) -> None:
        if self._is_plugged:
            return
        if self._server is None:
            self._server = await self._prepare()
            self._server.set_endpoint(f"opc.tcp://{_HOST}:{self.port}/lineside")
            await self._build(self._server)
            await self._server.start()
        else:
            from asyncua.server.binary_server_asyncio import BinaryServer

            await self._build(self._server)
            network = self._server.bserver = BinaryServer(self._server.iserver, _HOST, self.port, self._server.limits)
            network.set_policies(self._server._policies)
            await network.start()
        self.port = self._server.bserver.port if self._server.bserver is not None else 0
        self._is_plugged = True

    async def _protect(self, server: Server) -> None:
        from asyncua import ua

        if self._doors is None:
            server.set_security_policy([ua.SecurityPolicyType.NoSecurity])
            return
        from asyncua.crypto.cert_gen import setup_self_signed_certificate
        from cryptography.x509.oid import ExtendedKeyUsageOID

        await server.set_application_uri("urn:lineside:simulated")
        doors, usage = self._doors, [ExtendedKeyUsageOID.SERVER_AUTH]
        await setup_self_signed_certificate(doors.key, doors.certificate, "urn:lineside:simulated", "localhost", usage, {})
        server.set_security_policy([ua.SecurityPolicyType.Basic256Sha256_SignAndEncrypt])
        await server.load_certificate(str(doors.certificate))
        await server.load_private_key(str(doors.key))

    async def _build(self, server: Server) -> None:
        """Namespaces and nodes as they are set now; those of before are gone."""
        ua = _library()
        if self._nodes:
            await server.delete_nodes(list(self._nodes.values()))
        array = server.get_node(ua.NodeId(ua.ObjectIds.Server_NamespaceArray))
        await array.write_value((await array.read_value())[:2])
        for number in range(self.namespaces_before):
            await server.register_namespace(f"urn:lineside:other:{number}")
        self._nodes = {}
        numbers = self._machine.numbers()
        for address in dict.fromkeys(self._machine.map.addresses):
            if not isinstance(address, Node) or address in self.missing:
                continue
            index = await server.register_namespace(address.namespace)
            kind, _, name = address.identifier.partition("=")
            node_id = ua.NodeId(int(name) if kind == "i" else name, index)
            variant = self._value(address, numbers[address]).Value
            self._nodes[address] = await server.nodes.objects.add_variable(node_id, ua.QualifiedName(name, index), variant)
            await self._nodes[address].set_writable()

    async def _write(self) -> None:
        """Results before the count, as the map demands."""
        if self._server is None or not self._nodes:
            return
        counter = self._machine.map.cycle_counter
        numbers = self._machine.numbers()
        for address in sorted(self._nodes, key=lambda one: counter is not None and one == counter.address):
            await self._server.write_attribute_value(self._nodes[address].nodeid, self._value(address, numbers[address]))

    def _value(self, address: Address, number: bool | int | float) -> Any:
        ua = _library()
        kind = self.types.get(address) or (_VARIANTS[address.type] if isinstance(address, Node) else "")
        said: object = str(number) if kind == "String" else float(number) if kind in ("Float", "Double") else int(number)
        if kind == "Boolean":
            said = bool(number)
        status = ua.StatusCode(self.statuses.get(address, 0))
        value = ua.Variant(said, getattr(ua.VariantType, kind))
        if status.value >> 30 == _BAD:
            value = None
        at = datetime.now(UTC).replace(tzinfo=None) + self.clock_off
        return ua.DataValue(value, status, SourceTimestamp=at, ServerTimestamp=at)

    async def _hang_up(self) -> None:
        server = self._server
        if server is not None and server.bserver is not None and self._is_plugged:
            self._is_plugged = False
            await server.bserver.stop()
            server.bserver = None
            subscriptions = server.iserver.subscription_service
            await subscriptions.delete_subscriptions(list(subscriptions.subscriptions))  # as a machine that is switched off forgets them

    def _wrote(self, event: ServerItemCallback, _dispatcher: object) -> None:
        self.writes += bool(event.is_external)


def _library() -> Any:
    """Its types are built while it is imported, for no checker to see."""
    return import_module("asyncua.ua")


def _users(passwords: dict[str, str]) -> UserManager:
    """Who may sign in, by name and password."""
    from asyncua.crypto.permission_rules import User, UserRole
    from asyncua.server.user_managers import UserManager

    class Users(UserManager):
        def get_user(
            self, iserver: object, username: str | None = None, password: str | None = None, certificate: object = None
        ) -> User | None:
            known = username is not None and passwords.get(username) == password
            return User(role=UserRole.User) if known else None

    return Users()
