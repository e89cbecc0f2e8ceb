"""Seven bits and parity, or eight bits without: both are ten bits on the wire, so one port at 8N1 hears and says them all.

A byte with seven bits and parity arrives at 8N1 whole, its parity in the eighth bit. Which parity it is can be counted; no port need be
set anew for it. Source: the asynchronous frame of start bit, data, parity and stop bit, TIA-232-F.
"""

from __future__ import annotations

from typing import Literal

from app.devices.protocol import SerialLine

Parity = Literal["N", "E", "O"]


def say_with(parity: Parity, message: bytes) -> bytes:
    """What a port at 8N1 must send so that a device with seven bits and this parity, or with eight bits (``N``), hears ``message``.

    Args:
        parity: ``N``: eight bits without.
        message: ASCII.
    """
    if parity == "N":
        return message
    odd = parity == "O"
    return bytes(byte | ((byte.bit_count() + odd) % 2) << 7 for byte in message)


def heard_with(heard: bytes) -> tuple[Parity, bytes] | None:
    """How the sender was set, and what it said; ``None``: no setting explains these bytes, it spoke at another speed.

    Bytes below 0x80 throughout are taken for eight bits: seven bits with a parity that leaves the eighth at 0 everywhere do not occur in
    more than a few characters.
    """
    if not heard or all(byte < 0x80 for byte in heard):
        return "N", heard
    said = bytes(byte & 0x7F for byte in heard)
    if all(byte.bit_count() % 2 == 0 for byte in heard):
        return "E", said
    if all(byte.bit_count() % 2 == 1 for byte in heard):
        return "O", said
    return None


def line_of(baud: int, parity: Parity) -> SerialLine:
    """The line settings of a device that was understood so."""
    return SerialLine(baud=baud) if parity == "N" else SerialLine(baud=baud, bytesize=7, parity=parity)
