"""What was found at a port."""

from __future__ import annotations

from dataclasses import dataclass

from app.devices.protocol import SerialLine
from app.devices.recognition.evidence import Evidence, Kind
from app.devices.recognition.questions import same


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """One kind of device that fits what was heard."""

    key: str
    line: SerialLine | None
    """``None`` on a socket, which has no line."""
    serial_number: str | None
    frame: bytes
    """What it said, as it came."""
    model: str | None = None
    """As it names itself, where it was asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What hangs on a port: one kind, several that a person must choose from, or nothing that was understood."""

    url: str
    fitting: tuple[Recognised, ...]
    heard: bytes
    """The last bytes nobody could read, for the engineer."""


def recognised(kind: Kind, line: SerialLine | None, evidence: Evidence) -> Recognised:
    """With stop bits and flow control as the kind's manual has them."""
    own = line and next(one for one in kind.lines if same(one, line))
    return Recognised(key=kind.key, line=own, serial_number=evidence.serial_number, frame=evidence.frame)
