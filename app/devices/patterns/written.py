"""The shape of a plant's own protocol as an engineer writes it. Nothing has a default: what a device does stands in its manual."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.base.phrases import Name
from app.devices.bursts import Bursts
from app.devices.framing import Lines
from app.devices.protocol import Framing, SerialLine

LONGEST_FRAME = 128
"""Bytes; with `MOST_STATES` the bound of what one frame can cost."""
MOST_PATTERNS = 16
MOST_CASES = 60
_Text = Annotated[str, Field(min_length=1, max_length=120)]
_Bytes = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[\x00-\xff]*$")]
"""Text of latin-1, one character for each byte."""
_Byte = Annotated[str, Field(min_length=1, max_length=1, pattern=r"^[\x00-\xff]$")]
_Frame = Annotated[str, Field(min_length=1, max_length=LONGEST_FRAME, pattern=r"^[\x00-\xff]*$")]
Means = Literal["value", "overload", "underload", "error", "no_value", "info", "status"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class WrittenName(_Strict):
    """What people call it, in both languages."""

    en: _Text
    zh: _Text

    @property
    def name(self) -> Name:
        """The same, frozen."""
        return Name(self.en, self.zh)


class WrittenLine(_Strict):
    """The factory settings of the serial line."""

    baud: Annotated[int, Field(ge=50, le=4_000_000)]
    bytesize: Literal[7, 8]
    parity: Literal["N", "E", "O"]
    stopbits: Literal[1, 2]
    xonxoff: bool

    @property
    def line(self) -> SerialLine:
        """The same, frozen."""
        return SerialLine(baud=self.baud, bytesize=self.bytesize, parity=self.parity, stopbits=self.stopbits, xonxoff=self.xonxoff)


class WrittenEnds(_Strict):
    """Frames that end with one of these."""

    ends: Annotated[list[Annotated[str, Field(min_length=1, max_length=4, pattern=r"^[\x00-\xff]*$")]], Field(min_length=1, max_length=4)]
    longest: Annotated[int, Field(ge=1, le=LONGEST_FRAME)]

    @property
    def framing(self) -> Framing:
        """The same, frozen."""
        return Lines(*(end.encode("latin-1") for end in self.ends), longest=self.longest)


class WrittenHeader(_Strict):
    """Frames between two bytes."""

    stx: _Byte
    etx: _Byte
    block_check: bool
    """One byte after ``etx``: the exclusive or of everything behind ``stx`` up to and with ``etx``."""
    longest: Annotated[int, Field(ge=1, le=LONGEST_FRAME)]

    @property
    def framing(self) -> Framing:
        """The same, frozen."""
        stx, etx = self.stx.encode("latin-1"), self.etx.encode("latin-1")
        return Lines(longest=self.longest, stx=stx, etx=etx, bcc=self.block_check, bare=False)


class WrittenBursts(_Strict):
    """Frames of one length between two silences."""

    length: Annotated[int, Field(ge=1, le=LONGEST_FRAME)]
    quiet_s: Annotated[Decimal, Field(ge=Decimal("0.1"), le=Decimal("0.4"), strict=False)]
    """Longer than what a port needs to hand over (0.05 s), shorter than the wait for the rest of a frame (0.5 s)."""

    @property
    def framing(self) -> Framing:
        """The same, frozen."""
        return Bursts(longest=self.length, quiet_s=float(self.quiet_s))


class WrittenUnit(_Strict):
    """A unit that no frame carries and that is always the same."""

    always: Annotated[str, Field(min_length=1, max_length=12, pattern=r"^[^\s\x00-\x1f]+$")]


class WrittenStable(_Strict):
    """What the group ``stable`` holds, spaces around it taken off, and what it means; any other text is an error."""

    stable: list[str]
    moving: list[str]
    unknown: list[str]


class WrittenPattern(_Strict):
    """One ``[[patterns]]``."""

    pattern: Annotated[str, Field(min_length=1)]
    means: Means
    unit: Literal["frame", "record"] | WrittenUnit | None = None
    decimal: Literal[".", ","] | None = None
    stable: Literal["always", "never", "unknown"] | WrittenStable | None = None


class WrittenCase(_Strict):
    """One ``[[cases]]``: a frame without its ends, and what it must mean."""

    frame: _Frame
    means: Means | Literal["unreadable"]
    value: Annotated[str, Field(pattern=r"^[+-]?[0-9]+(\.[0-9]+)?$", max_length=30)] | None = None
    unit: str | None = None
    stable: Literal["stable", "moving", "unknown"] | None = None
    text: str | None = None
    """Of an error, a status, a serial number or a judgement."""


class WrittenProtocol(_Strict):
    """A whole definition."""

    key: Annotated[str, Field(pattern=r"^[A-Z0-9-]{2,24}$")]
    revision: Annotated[int, Field(ge=1, le=9999)]
    name: WrittenName
    gives: Literal["weight", "measurement"]
    known_from: _Text
    """Manual and chapter."""
    line: WrittenLine
    framing: WrittenEnds | WrittenHeader | WrittenBursts
    ask: _Bytes | None = None
    """What makes the device send one value."""
    identify: _Bytes | None = None
    """A question that changes nothing and that every such device answers."""
    patterns: Annotated[list[WrittenPattern], Field(min_length=1, max_length=MOST_PATTERNS)]
    cases: Annotated[list[WrittenCase], Field(max_length=MOST_CASES)]
