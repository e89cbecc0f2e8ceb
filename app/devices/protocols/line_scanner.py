"""Bar code scanners on a serial line or USB-COM: data, then CR, LF, CRLF, or STX … ETX.

Group separators (0x1D) and AIM prefixes (``]C1``, ``]d2``, ``]Q3`` …) are kept: without them lot and serial number merge, and a
plain QR code cannot be told from a GS1 one. The set-up sheet of the scanner must switch AIM prefixes on.

Source: DENSO QK20 / QS20H and Keyence N-410 / BL-600 manuals; AIM prefixes ISO/IEC 15424; FNC1 sent as GS: GS1 General
Specifications §7.8.
"""

from __future__ import annotations

import re
from types import MappingProxyType

from app.devices.errors import NothingRead, UnreadableFrame
from app.devices.framing import Lines
from app.devices.protocol import Known, Scanned, SerialLine, lines_of, protocol

KEY = "line_scanner"

# What readers send when the trigger found no code. A label that really holds one of these words is refused too: it is on no item.
_NOTHING = frozenset({b"NOREAD", b"NO READ", b"NR", b"ERROR"})
# Control characters a symbol may carry: tab, EOT and FS GS RS US of ISO/IEC 15434. Anything else is noise on the line.
_FOREIGN = re.compile(rb"[^\t\x04\x1c-\x1f\x20-\x7e\x80-\xff]")


@protocol(
    key=KEY,
    label="Bar code scanner (serial)",
    line=SerialLine(baud=9600),
    other_lines=lines_of(9600, 19200, 38400, 57600, 115200, bits="8N 7E 7O"),
    framing=Lines(b"\r\n", b"\r", b"\n", stx=b"\x02", etx=b"\x03", longest=4096),
    gives="code",
    known=Known(source="DENSO QK20 / QS20H and Keyence N-410 / BL-600 manuals; ISO/IEC 15424", from_memory=("NR",)),
    sends_unit=False,
)
class LineScanner:
    """Pure: bytes in, scan or trouble out."""

    ask_for_value = None
    are_you_there = None
    wishes: MappingProxyType[str, bytes] = MappingProxyType({})

    def __init__(self, *, unit: str | None) -> None:
        """Speak with one scanner.

        Raises:
            ValueError: a unit was given; codes have none, so the record belongs to something else.
        """
        if unit is not None:
            raise ValueError(f"a scanner has no unit, its record says {unit}")

    def parse(self, frame: bytes) -> Scanned:
        """Take one code as it was sent.

        Raises:
            NothingRead: the scanner says it saw no code.
            UnreadableFrame: control characters no symbol carries: noise or wrong line settings.
        """
        if frame in _NOTHING:
            raise NothingRead()
        if not frame or _FOREIGN.search(frame):
            raise UnreadableFrame(protocol=KEY, frame=frame)
        return Scanned(text=frame.decode("latin-1"))
