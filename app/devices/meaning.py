"""What bytes from an instrument mean, for whoever looks at a line: the console, ``main.py device decode``, a test of field cases.

Nothing of this goes into a record; a value is taken only by a conversation (`app.devices.conversation`).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Protocol

from app.base.errors import DeviceError
from app.devices.errors import NotSettled, OutOfRange, UnreadableFrame
from app.devices.framing import Frame, Noise
from app.devices.protocol import UNNAMED, DeviceProtocol, Family, Parsed, Scanned, Status, StatusKind
from app.devices.taking import demand_takeable

Kind = Literal["weight", "measurement", "code", "overload", "underload", "error", "reject", "ready", "busy", "registers"] | StatusKind
"""``ready``, ``busy``: of a printer; ``registers``: of a machine."""

_VALUES = frozenset({"weight", "measurement", "code", "overload", "underload"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """One frame and what it says."""

    frame: bytes
    kind: Kind
    value: Decimal | None = None
    """With the digits the device sent."""
    unit: str | None = None
    """Empty where the frame leaves it blank; ``None`` where it carries none and nobody named it."""
    stable: bool | None = None
    text: str = ""
    """The protocol's own words: a status, a serial number, a judgement, an error's code."""
    serial_number: str | None = None
    """What the instrument says of itself."""
    refusal: DeviceError | None = None
    """Why no value is taken of it; ``None``: one is, or nothing was said about a value."""


class LineReader(Protocol):
    """Understands what goes over one line."""

    def said(self, content: bytes) -> None:
        """The station said this: what comes now may answer it."""

    def feed(self, chunk: bytes) -> list[Meaning]:
        """Every frame that is complete now, in order, noise included."""

    def quiet(self, seconds: float) -> list[Meaning]:
        """The line was silent so long: what ended by it."""


class Reader:
    """Reads what an instrument says, however it is split; holds at most one unfinished frame."""

    def __init__(self, family: Family, *, unit: str | None) -> None:
        """Read one device.

        Args:
            family: How it talks.
            unit: The unit of the asset's record; ``None``: not known. Then every unit is taken, and one that is not sent stays empty.
        """
        self._family, self._unit = family, unit
        self._framer, self._protocol = family.framing.framer(), family.speaker(unit)

    def said(self, content: bytes) -> None:
        """An instrument's frames speak for themselves, whatever it was asked."""

    def feed(self, chunk: bytes) -> list[Meaning]:
        """Every frame that is complete now, in order, noise included."""
        return self._meanings(self._framer.feed(chunk))

    def quiet(self, seconds: float) -> list[Meaning]:
        """Nothing came for so long: where silence ends a frame, what it ended."""
        quiet_s = self._family.framing.quiet_s
        return self._meanings(self._framer.quiet()) if quiet_s is not None and seconds >= quiet_s else []

    def end(self) -> list[Meaning]:
        """Nothing more comes: a last line without its end counts as one."""
        if self._family.framing.quiet_s is not None:
            return self._meanings(self._framer.quiet())
        half = self._framer.give_up().removeprefix(self._family.framing.stx)
        return [self._meaning(half, whole=True)] if half else []

    def _meanings(self, pieces: list[Frame | Noise]) -> list[Meaning]:
        return [self._meaning(piece.content, whole=isinstance(piece, Frame)) for piece in pieces]

    def _meaning(self, frame: bytes, *, whole: bool) -> Meaning:
        if not whole:
            return Meaning(frame=frame, kind="reject", refusal=UnreadableFrame(protocol=self._family.key, frame=frame))
        return meaning_of_frame(self._family, self._protocol, frame, unit=self._unit)


def meaning_of_frame(family: Family, protocol: DeviceProtocol, frame: bytes, *, unit: str | None = None) -> Meaning:
    """What one whole frame says, to a speaker of its family; ``unit`` of the asset's record."""
    try:
        said = protocol.parse(frame)
    except DeviceError as refusal:
        return _refused(frame, refusal)
    match said:
        case Parsed():
            return _value(family, frame, said, unit)
        case Scanned():
            return Meaning(frame=frame, kind="code", text=said.text)
        case Status():
            return _status(frame, said)


def meanings(family: Family, heard: bytes, *, unit: str | None = None) -> list[Meaning]:
    """Every frame in what was heard, in order; see `Reader`."""
    reader = Reader(family, unit=unit)
    return [*reader.feed(heard), *reader.end()]


def most_telling(found: list[Meaning]) -> Meaning:
    """The one that answers a question for a value: the first value or limit, else the first trouble, else the first of all.

    An instrument may say its name before it answers, or something of its own after it.
    """
    for wanted in (_VALUES, {"error"}):
        for one in found:
            if one.kind in wanted:
                return one
    return found[0] if found else Meaning(frame=b"", kind="reject")


def _status(frame: bytes, said: Status) -> Meaning:
    value, unit = (said.quantity.value, said.quantity.unit) if said.quantity is not None else (None, None)
    text, number = said.text or said.about, said.serial_number
    return Meaning(frame=frame, kind=said.kind, value=value, unit=unit, text=text, serial_number=number)


def _value(family: Family, frame: bytes, said: Parsed, unit: str | None) -> Meaning:
    refusal = None
    try:
        demand_takeable(said, unit, frame)
    except DeviceError as trouble:
        refusal = trouble
    return Meaning(
        frame=frame,
        kind=family.gives,
        value=said.quantity.value,
        unit=None if said.quantity.unit == UNNAMED else said.quantity.unit,
        stable=said.stable,
        text=said.judged or "",
        refusal=refusal,
    )


def _refused(frame: bytes, refusal: DeviceError) -> Meaning:
    match refusal:
        case OutOfRange():
            return Meaning(frame=frame, kind="overload" if refusal.above else "underload", refusal=refusal)
        case NotSettled():
            return Meaning(frame=frame, kind="status", refusal=refusal)
        case UnreadableFrame():
            return Meaning(frame=frame, kind="reject", refusal=refusal)
        case _:
            return Meaning(frame=frame, kind="error", text=" ".join(map(str, refusal.facts.values())), refusal=refusal)
