"""What a machine answers over Modbus TCP, spoilt: registers are believed only from the answer to the question, every length right."""

from __future__ import annotations

import random
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from struct import pack
from threading import Thread

from app.base.errors import DeviceError
from app.devices.machines.blocks import Block
from app.devices.machines.modbus import ModbusLine
from app.devices.machines.register_map import RegisterKind
from app.devices.protocol import SerialLine, families
from tests.devices.fuzz.counting import Count
from tests.devices.fuzz.spoiling import Spoiler
from tests.devices.fuzz.talking import messages_of

UNIT_ID = 1
_ANSWER_S = 0.01
BLOCK = Block(kind=RegisterKind.INPUT, address=100, count=3)
_LONGEST = 260
_HEADER = 9
"""Transaction, protocol, length, unit, function, byte count."""

Read = Callable[[ModbusLine], Sequence[int]]


def asked(frames: int, dice: random.Random, *, read: Read = lambda line: line.read(BLOCK)) -> Count:
    """Let a machine's answers be spoilt so many times; ``read`` is a planted fault in the place of reading."""
    count = Count(name="modbus")
    with _Machine(dice) as machine:
        for _ in range(frames):
            count.frames += 1
            count.timed(lambda: _one(machine, count, read), machine.sent)
    return count


def _one(machine: _Machine, count: Count, read: Read) -> None:
    try:
        if machine.line is None:
            machine.line = ModbusLine(machine.url, unit_id=UNIT_ID, answer_s=_ANSWER_S)
        registers = read(machine.line)
    except DeviceError as refusal:
        count.refused[refusal.code] += 1
        str(refusal.what)  # a sentence that cannot be said is a crash
        machine.hang_up()
        return
    count.taken += 1
    true, sent = machine.true, machine.sent
    came = b"".join(pack(">H", register) for register in registers)
    if len(registers) != BLOCK.count or true[:_HEADER] + came not in sent:
        count.wrong.append(f"{list(registers)} from {sent!r}")


class _Machine:
    """Answers every question with three registers of its own choice, spoilt."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"socket://127.0.0.1:{self._listener.getsockname()[1]}"
        self.line: ModbusLine | None = None
        self.true = self.sent = b""
        self._asked = 0
        self._foreign = [message for family in families() for message in messages_of(family)]
        self._thread = Thread(target=self._serve, name="spoilt machine", daemon=True)

    def __enter__(self) -> _Machine:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.hang_up()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def hang_up(self) -> None:
        """The station closes its connection."""
        if self.line is not None:
            self.line.close()
            self.line = None

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                while question := connection.recv(1024):
                    connection.sendall(self._answer(question))

    def _answer(self, question: bytes) -> bytes:
        payload = self._dice.randbytes(2 * BLOCK.count)
        self.true = question[:4] + pack(">HBBB", 3 + len(payload), UNIT_ID, 4, len(payload)) + payload
        spoiler = Spoiler(self._dice, own=[self.true], foreign=self._foreign, line=SerialLine(baud=9600), longest=_LONGEST)
        self.sent = spoiler.spoilt(spoiler.ways[self._asked % len(spoiler.ways)])
        self._asked += 1
        return self.sent or b"\x00"
