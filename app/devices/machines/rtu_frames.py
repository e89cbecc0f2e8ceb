"""Modbus RTU as bytes: a question with its check, and what of an answer may be believed. No port, no time.

An RTU answer carries no number of the question it belongs to. So all of it is held against the question: unit, function, count of bytes,
CRC, and that nothing stands before or after it.

Source:
    MODBUS over Serial Line Specification and Implementation Guide V1.02, 2.5.1 (frame), 6.2 (CRC, low byte first);
    Modbus Application Protocol V1.1b3, 6.3, 6.4 (reading registers), 7 (exceptions).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from struct import pack, unpack
from typing import Final

from app.devices.machines.blocks import Block
from app.devices.machines.errors import LineUnreadable, MachineRefuses
from app.devices.machines.register_map import RegisterKind

FUNCTIONS: Final = {RegisterKind.HOLDING: 3, RegisterKind.INPUT: 4}
"""What reads each table."""
REFUSED: Final = 0x80
"""Added to the function of a question that is refused."""
LONGEST: Final = 256
"""Bytes of a frame, address and CRC included."""
_AROUND, _REFUSAL = 5, 5
"""Bytes of an answer beside its registers; bytes of a refusal."""


def _steps() -> tuple[int, ...]:
    steps = []
    for byte in range(256):
        step = byte
        for _ in range(8):
            step = step >> 1 ^ (0xA001 if step & 1 else 0)
        steps.append(step)
    return tuple(steps)


_STEPS = _steps()


def crc_of(content: bytes) -> bytes:
    """The two bytes that end a frame with this content."""
    check = 0xFFFF
    for byte in content:
        check = check >> 8 ^ _STEPS[(check ^ byte) & 0xFF]
    return pack("<H", check)


def sealed(content: bytes) -> bytes:
    """The content as a frame."""
    return content + crc_of(content)


def is_sealed(frame: bytes) -> bool:
    """Whether a frame ends with its own CRC."""
    return len(frame) > 3 and crc_of(frame[:-2]) == frame[-2:]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Asking one unit for the registers of one block."""

    unit_id: int
    """1…247; 0 would speak to all, and nobody answers it."""
    block: Block

    @property
    def frame(self) -> bytes:
        """As it goes over the wire."""
        return sealed(pack(">BBHH", self.unit_id, FUNCTIONS[self.block.kind], self.block.address, self.block.count))

    @property
    def longest_answer(self) -> int:
        """Bytes of the answer that is wanted."""
        return _AROUND + 2 * self.block.count

    def answered_by(self, heard: bytes) -> Sequence[int] | None:
        """What the machine said.

        Args:
            heard: Everything that came since the question went out. The question itself may stand before the answer: two-wire adapters
                hear what they send.

        Returns:
            Exactly the registers that were asked for; ``None`` while this is the beginning of an answer and more must come.

        Raises:
            MachineRefuses: a whole exception reply of this unit to this function.
            LineUnreadable: these bytes are no answer to this question, and will be none whatever follows.
        """
        said = self.frame
        if said.startswith(heard):
            return None
        answer = heard.removeprefix(said)
        refusal = answer[:2] == bytes((self.unit_id, FUNCTIONS[self.block.kind] | REFUSED))
        length = _REFUSAL if refusal else self.longest_answer
        if not refusal and not answer.startswith(self._head[: len(answer)]):
            raise LineUnreadable(frame=heard)
        if len(answer) < length:
            return None
        if len(answer) > length or not is_sealed(answer):
            raise LineUnreadable(frame=heard)
        if refusal:
            block = self.block
            raise MachineRefuses(address=block.address, count=block.count, kind=str(block.kind), exception=answer[2])
        return unpack(f">{self.block.count}H", answer[3:-2])

    @property
    def _head(self) -> bytes:
        return bytes((self.unit_id, FUNCTIONS[self.block.kind], 2 * self.block.count))
