"""A simulated bar code scanner on a serial line."""

from __future__ import annotations

from app.devices.protocol import SerialLine
from app.devices.simulators.simulator import Simulator


class LineScannerSimulator(Simulator):
    """Sends what its trigger reads, with the terminator its set-up sheet says."""

    key = "line_scanner"
    changing_commands = frozenset({b"LON", b"LOFF", b"R", b"Z", b"Y", b"E", b"D", b"\x16M", b"\x16T", b"RESET", b"DEFALT", b"SAVE"})
    """Trigger and set-up commands; Keyence N-410, DENSO QK20, and (from memory) Honeywell."""

    def __init__(self, *, line: SerialLine | None = None, terminator: bytes = b"\r") -> None:
        """A scanner set to ``terminator``; one that begins with ETX means STX … ETX."""
        super().__init__(line=line)
        self._terminator = terminator

    def scan(self, *texts: str, terminator: bytes | None = None, split: int | None = None) -> None:
        """Pull the trigger.

        Args:
            texts: What the symbols hold, latin-1, AIM prefix and GS included; several are glued into one packet.
            terminator: Another terminator for this once.
            split: Send the packet in pieces of so many bytes.
        """
        packet = b"".join(self._framed(text, self._terminator if terminator is None else terminator) for text in texts)
        size = split or len(packet)
        for place in range(0, len(packet), size):
            self.send(packet[place : place + size])

    def miss(self) -> None:
        """Pull the trigger over nothing readable."""
        self.scan("NOREAD")

    def typical_frame(self) -> bytes:
        """A GS1 DataMatrix with lot and serial number."""
        return self._framed("]d201069012345678921729113010LOT-7\x1d21SN-0042", self._terminator)

    def _framed(self, text: str, terminator: bytes) -> bytes:
        content = text.encode("latin-1")
        return b"\x02" + content + terminator if terminator.startswith(b"\x03") else content + terminator
