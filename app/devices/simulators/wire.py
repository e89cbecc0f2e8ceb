"""What arrives when two ends of a serial wire do not agree on speed or framing: the bits as they stand on the wire, read again.

Start bit 0, data bits lowest first, parity, stop bits 1; the idle wire stands at 1. The receiver looks at the middle of every bit of
its own. A byte whose stop bit is not 1 arrives as 0x00 and a wrong parity is not noticed: that is what Linux and pyserial do. An instrument
does notice: it drops a byte whose parity is wrong.
"""

from __future__ import annotations

from app.devices.protocol import SerialLine


def carry(message: bytes, *, sender: SerialLine, receiver: SerialLine, checks_parity: bool = False) -> bytes:
    """The bytes the receiver sees when the sender sends ``message``; without those of a wrong parity if it checks."""
    if (sender.baud, sender.bytesize, sender.parity) == (receiver.baud, receiver.bytesize, receiver.parity):
        return message if sender.bytesize == 8 else bytes(byte & 0x7F for byte in message)
    wire = [bit for byte in message for bit in _bits(byte, sender)]
    return bytes(_listen(wire, sender.baud, receiver, checks_parity=checks_parity))


def _bits(byte: int, line: SerialLine) -> list[int]:
    payload = [byte >> place & 1 for place in range(line.bytesize)]
    parity = {"N": [], "E": [sum(payload) % 2], "O": [1 - sum(payload) % 2]}[line.parity]
    return [0, *payload, *parity, *[1] * line.stopbits]


def _listen(wire: list[int], baud: int, line: SerialLine, *, checks_parity: bool) -> list[int]:
    """Sample the wire. Time is counted in units of 1 / (2 · sender's baud · receiver's baud), so that nothing is rounded."""
    sent_bit, own_bit = 2 * line.baud, 2 * baud
    parity_bits = 0 if line.parity == "N" else 1

    def level(time: int) -> int:
        return wire[time // sent_bit] if time < len(wire) * sent_bit else 1

    heard, time = [], 0
    while (start := _falling_edge(wire, time, sent_bit)) is not None:
        middle = start + own_bit // 2  # of the start bit; every later bit is one own_bit further
        if level(middle) == 1:
            time = middle  # shorter than half a bit of ours: a glitch, no start bit
            continue
        bits = [level(middle + (1 + place) * own_bit) for place in range(line.bytesize + parity_bits)]
        byte = sum(bit << place for place, bit in enumerate(bits[: line.bytesize]))
        stop = middle + (1 + line.bytesize + parity_bits) * own_bit
        if not (checks_parity and parity_bits and sum(bits) % 2 != (line.parity == "O")):
            heard.append(byte if level(stop) == 1 else 0)
        time = stop
    return heard


def _falling_edge(wire: list[int], time: int, sent_bit: int) -> int | None:
    """When the wire next falls from 1 to 0, not before ``time``; ``None``: it stays idle."""
    bit = -(-time // sent_bit)
    for place in range(bit, len(wire)):
        if wire[place] == 0 and (place == 0 or wire[place - 1] == 1):
            return place * sent_bit
    return None
