"""Questions and answers over Modbus TCP. The only place of the station that knows pymodbus, and it imports it when a machine is connected.

pymodbus frames and pairs questions with answers; here every answer is looked at once more, because it takes more than it should:
3.16.1 decodes an answer with an odd or too small byte count to fewer registers than were asked for, one of another function, and one
with bytes left over.

Source:
    Modbus Messaging on TCP/IP Implementation Guide V1.0b, 3.1.3: transaction, protocol 0, length, unit; then function and byte count.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from struct import pack
from typing import TYPE_CHECKING, Protocol

from app.base.errors import DeviceError
from app.devices.errors import ConnectionLost, PortUnavailable
from app.devices.machines.blocks import Block
from app.devices.machines.errors import AnswerUnreadable, MachineRefuses, MachineSilent, ReaderMissing
from app.devices.machines.register_map import RegisterKind
from app.devices.transport import connect

if TYPE_CHECKING:
    from pymodbus.client import ModbusTcpClient
    from pymodbus.pdu import ModbusPDU

_FUNCTIONS = {RegisterKind.HOLDING: 3, RegisterKind.INPUT: 4}


class MachineLine(Protocol):
    """An open connection to a machine."""

    def read(self, block: Block) -> Sequence[int]:
        """The registers of one block, each 0…65535; exactly as many as were asked for.

        Raises:
            DeviceError: no answer, none to this question, a refusal, or the connection is gone.
        """


class ModbusLine:
    """A Modbus TCP connection; one question at a time, from one thread. After a `DeviceError` it is of no more use."""

    def __init__(self, url: str, *, unit_id: int, answer_s: float) -> None:
        """Connect.

        Args:
            url: ``socket://host:port``.
            unit_id: Which machine behind that address, 0…255.
            answer_s: How long to wait for the connection, and for every answer.

        Raises:
            ReaderMissing: pymodbus is not installed.
            PortUnavailable: nobody there.
        """
        self._unit_id = unit_id
        self.said = self.heard = b""
        """The last question and what has come of its answer."""
        self._client = _client(url, answer_s, self._trace)
        try:
            self._client.socket = connect(url, within_s=answer_s)  # its own connect() tells no reason
        except (OSError, ValueError) as trouble:
            raise PortUnavailable(url=url, reason=str(trouble)) from trouble

    def read(self, block: Block) -> Sequence[int]:
        """See `MachineLine`."""
        answer = self._ask(block)
        if answer.isError():
            raise MachineRefuses(address=block.address, count=block.count, kind=str(block.kind), exception=answer.exception_code)
        if not self._heard_just(block, answer.registers):
            raise AnswerUnreadable(frame=self.heard)
        return answer.registers

    def hang_up(self) -> None:
        """End a wait for an answer at once; may be called from any thread."""
        connection = self._client.socket
        if connection is not None:
            with suppress(OSError):  # the other side was faster
                connection.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connection."""
        self._client.close()  # type: ignore[no-untyped-call]

    def _ask(self, block: Block) -> ModbusPDU:
        from pymodbus.exceptions import ConnectionException, ModbusException

        ask = self._client.read_holding_registers if block.kind is RegisterKind.HOLDING else self._client.read_input_registers
        self.said = self.heard = b""
        try:
            return ask(block.address, count=block.count, device_id=self._unit_id)
        except ConnectionException as trouble:
            raise ConnectionLost(reason="the other side hung up") from trouble
        except OSError as trouble:
            raise ConnectionLost(reason=str(trouble)) from trouble
        except ModbusException as trouble:
            raise self._nothing_read() from trouble

    def _heard_just(self, block: Block, registers: Sequence[int]) -> bool:
        """Whether what came ends with an answer to this question whose every length is right, and holds just these registers.

        They may come from a spoilt answer before it: two that are repeated within one packet.
        """
        size = 2 * block.count
        header = self.said[:4] + pack(">HBBB", 3 + size, self._unit_id, _FUNCTIONS[block.kind], size)
        return len(registers) == block.count and self.heard.endswith(header + pack(f">{block.count}H", *registers))

    def _nothing_read(self) -> DeviceError:
        return AnswerUnreadable(frame=self.heard) if self.heard else MachineSilent()

    def _trace(self, sending: bool, packet: bytes) -> bytes:
        if sending:
            self.said = packet
        else:
            self.heard = packet
        return packet


def _client(url: str, answer_s: float, trace: Callable[[bool, bytes], bytes]) -> ModbusTcpClient:
    try:
        from pymodbus.client import ModbusTcpClient
    except ImportError as trouble:
        raise ReaderMissing(package="pymodbus") from trouble
    logging.getLogger("pymodbus").setLevel(logging.CRITICAL)  # what it would say, the machine's standing says
    return ModbusTcpClient(url, timeout=answer_s, retries=0, trace_packet=trace)
