"""The network card of a simulated machine: a Modbus TCP server on loopback, with a machine's bad manners.

With `machines/modbus.py` the second of two places that know pymodbus, imported when the server starts.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable, Mapping
from importlib import import_module
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, Protocol, cast

from app.devices.machines.errors import ReaderMissing
from app.devices.machines.register_map import RegisterKind

if TYPE_CHECKING:
    from pymodbus.constants import ExcCodes
    from pymodbus.server import ModbusTcpServer
    from pymodbus.simulator import SimData, SimDevice

_HOST = "127.0.0.1"
_LONGEST_S = 5.0
_TICK_S = 0.2
_READS = {3: RegisterKind.HOLDING, 4: RegisterKind.INPUT}

Registers = Mapping[tuple[RegisterKind, int], int]


class Machine(Protocol):
    """What stands behind the network card. Called on the server's thread."""

    def registers(self) -> Registers:
        """What stands in every register now."""

    def tick(self) -> None:
        """Time passes, whether or not anybody asks."""


class ModbusServer:
    """Answers any number of stations. Acts may come from any thread; they are done when the call returns."""

    def __init__(self, machine: Machine, addresses: Iterable[tuple[RegisterKind, int]], *, unit_id: int) -> None:
        """Prepare to serve.

        Args:
            machine: Whose registers these are.
            addresses: All registers it has; asking for any other is refused with exception 2.
            unit_id: Which machine it is behind this address; any other is refused.
        """
        self._machine, self._addresses, self._unit_id = machine, sorted(addresses), unit_id
        self.refusal: int | None = None
        """The exception with which everything is refused now."""
        self.manner: Callable[[bytes], bytes] = bytes
        """What becomes of an answer on its way out."""
        self.writes = 0
        """How often a station tried to write. None of ours ever does."""
        self.port = 0
        self._server: ModbusTcpServer | None = None
        self._ready = Event()
        self._thread = Thread(target=self._run, name="simulated machine", daemon=True)

    def start(self) -> str:
        """Listen on loopback, at `port` when it is not 0; the url a device's settings name.

        Raises:
            OSError: the port is taken.
            ReaderMissing: pymodbus is not installed.
        """
        try:
            import_module("pymodbus.server")
        except ImportError as trouble:
            raise ReaderMissing(package="pymodbus") from trouble
        self._thread.start()
        if not self._ready.wait(_LONGEST_S) or self._server is None:
            raise OSError(f"no simulated machine could be started at port {self.port}")
        return f"socket://{_HOST}:{self.port}"

    def stop(self) -> None:
        """Hang up and end the thread."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._ending.set)
            self._thread.join(_LONGEST_S)

    def unplug(self) -> None:
        """The machine vanishes from the network: connections break, new ones are refused."""
        self._do(self._hang_up())

    def plug(self) -> None:
        """It is back at the same address."""
        self._do(self._listen())

    def _do(self, act: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(act, self._loop).result(_LONGEST_S)

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        logging.getLogger("pymodbus").setLevel(logging.CRITICAL)  # refusing is what it is here for
        self._loop, self._ending = asyncio.get_running_loop(), asyncio.Event()
        try:
            await self._listen()
        except RuntimeError:  # pymodbus says so when it cannot listen
            self._server = None
            return
        finally:
            self._ready.set()
        while not self._ending.is_set():
            try:
                await asyncio.wait_for(self._ending.wait(), _TICK_S)
            except TimeoutError:
                self._machine.tick()
        await self._hang_up()

    async def _listen(self) -> None:
        from pymodbus.server import ModbusTcpServer

        if self._server is not None:
            return
        self._server = ModbusTcpServer(self._device(), address=(_HOST, self.port), trace_packet=self._on_its_way)
        await self._server.serve_forever(background=True)
        self.port = cast("asyncio.Server", self._server.transport).sockets[0].getsockname()[1]

    async def _hang_up(self) -> None:
        if self._server is None:
            return
        await _turns()  # whoever is just being let in shall be hung up on too
        server, self._server = self._server, None
        await server.shutdown()  # type: ignore[no-untyped-call]
        await _turns()  # a transport closes its socket one turn later

    def _device(self) -> SimDevice:
        from pymodbus.simulator import DataType, SimData, SimDevice

        def table(kind: RegisterKind) -> list[SimData]:
            own = [SimData(address, values=0, datatype=DataType.REGISTERS) for one, address in self._addresses if one is kind]
            return own or [SimData(0, datatype=DataType.INVALID)]

        bits = [SimData(0, values=[False] * 16, datatype=DataType.BITS)]
        blocks = (bits, list(bits), table(RegisterKind.HOLDING), table(RegisterKind.INPUT))
        return SimDevice(self._unit_id, simdata=blocks, action=self._asked)

    async def _asked(
        self, function: int, start: int, address: int, count: int, current: list[int], written: list[int] | list[bool] | None
    ) -> ExcCodes | None:
        from pymodbus.constants import ExcCodes

        if written is not None or function not in _READS:
            self.writes += 1
            return ExcCodes.ILLEGAL_FUNCTION
        if self.refusal is not None:
            return ExcCodes(self.refusal)
        registers = self._machine.registers()
        for place in range(address, address + count):
            current[place - start] = registers[_READS[function], place]
        return None

    def _on_its_way(self, sending: bool, packet: bytes) -> bytes:
        return self.manner(packet) if sending else packet


async def _turns() -> None:
    """Let the loop finish what it has begun."""
    for _ in range(8):
        await asyncio.sleep(0)
