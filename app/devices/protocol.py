"""What a device family is to the rest of the house: line settings, framing, and how one frame is understood.

A protocol class is pure: bytes in, reading or trouble out. It owns no port, no thread and no clock, so a transcript proves it.
Add a family with one file in ``protocols/``, one simulator and one transcript; nothing else has to know.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType
from typing import Literal, Protocol, TypeVar
from uuid import UUID

from app.base.measurement import Quantity
from app.base.phrases import Name, Phrase
from app.devices.bursts import Bursts
from app.devices.framing import Lines

Framing = Lines | Bursts
Gives = Literal["weight", "measurement", "code"]
StatusKind = Literal["status", "info", "ack", "tare_done", "tare_value"]
UNNAMED = "?"
"""Stands for the unit of an instrument that sends none, while nobody has named it; no record has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SerialLine:
    """Settings of a serial line; they must be those in the instrument's own menu."""

    baud: int
    bytesize: Literal[7, 8] = 8
    parity: Literal["N", "E", "O"] = "N"
    stopbits: Literal[1, 2] = 1
    xonxoff: bool = False

    @property
    def words(self) -> str:
        """``9600 8N1``, as manuals write it."""
        return f"{self.baud} {self.bytesize}{self.parity}{self.stopbits}"


def lines_of(*speeds: int, bits: str) -> tuple[SerialLine, ...]:
    """All settings of a menu.

    Args:
        speeds: In bauds.
        bits: Data bits and parity, with spaces between: ``8N 7E 7O``.
    """
    made = []
    for one in bits.split():
        size: Literal[7, 8] = 7 if one[0] == "7" else 8
        parity: Literal["N", "E", "O"] = "E" if one[1] == "E" else "O" if one[1] == "O" else "N"
        made += [SerialLine(baud=speed, bytesize=size, parity=parity) for speed in speeds]
    return tuple(made)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """One value as the frame says it: its own digits, its own unit."""

    quantity: Quantity
    stable: bool | None
    """Whether the instrument calls the value stable; ``None``: the protocol cannot say, so it is never taken for stable."""
    judged: str | None = None
    """The instrument's own judgement in its own word, e.g. ``OK``, ``HI``; ``None``: it gives none. Our limits decide all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """One code as the scanner sent it, latin-1."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The instrument said something that is no value: an acknowledgement, its model, its serial number."""

    about: str
    """The protocol's own word for it, e.g. ``I2`` or ``T``."""
    text: str
    kind: StatusKind = "status"
    serial_number: str | None = None
    firmware: str | None = None
    quantity: Quantity | None = None
    """The tare that was set; never a weight of anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Where what we know of a family comes from; its console page and ``docs/devices.md`` say the same."""

    source: str
    """Manual and chapter."""
    from_memory: tuple[str, ...] = ()
    """What no source of ours states; each a short phrase."""


class DeviceProtocol(Protocol):
    """How a family talks. Built once per port, with the unit from the asset's record."""

    @property
    def ask_for_value(self) -> bytes | None:
        """Bytes that make the instrument send one value now; ``None``: it speaks only when a person presses its button."""

    @property
    def are_you_there(self) -> bytes | None:
        """A harmless question every such device answers, at best with its serial number; ``None``: quiet is its normal state."""

    @property
    def wishes(self) -> Mapping[str, bytes]:
        """What a person may wish at the screen and what changes the instrument's state, e.g. ``tare``. Never sent unasked."""

    def parse(self, frame: bytes) -> Parsed | Scanned | Status:
        """Understand one frame.

        Raises:
            DeviceError: the frame says trouble, or nothing that could be read; never a guessed number.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnOrigin:
    """Which controlled document of the plant a family stands in."""

    id: UUID | None
    """Of the document; ``None``: a draft that is only tried, whose values no record takes."""
    revision: int
    sha256: str
    """Of the text that was signed, hexadecimal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One device family: registered by this program, or defined by the plant."""

    key: str
    label: str | Name
    line: SerialLine
    """The instrument's factory settings."""
    other_lines: tuple[SerialLine, ...]
    """What its menu offers besides."""
    framing: Framing
    make: Callable[..., DeviceProtocol]
    """Called with ``unit=``; raises `ValueError` when the family cannot work without one."""
    gives: Gives
    """What its values are."""
    known: Known
    sends_unit: bool
    """Whether a frame carries its unit; if not, the asset's record must name it."""
    says_serial_number: bool
    who_are_you: tuple[bytes, ...]
    """Harmless questions asked once when a connection begins, e.g. for the firmware; nothing hangs on their answers."""
    own: OwnOrigin | None = None
    """``None``: a family of this program."""

    @property
    def name(self) -> Phrase:
        """What people call it."""
        return Phrase(self.label) if isinstance(self.label, str) else Phrase("{name}", name=self.label)

    @property
    def needs_unit(self) -> bool:
        """Whether its values have no unit but that of the asset's record."""
        return self.gives != "code" and not self.sends_unit

    def speaker(self, unit: str | None) -> DeviceProtocol:
        """The protocol for a device whose record may not be known yet; a value that carries no unit then has `UNNAMED`."""
        return self.make(unit=unit or (UNNAMED if self.needs_unit else None))


_OWN_KEY = re.compile(r"[A-Z0-9-]{2,24}")
_families: dict[str, Family] = {}


class _Spoken:
    """What this station speaks; replaced as a whole, so that no thread ever sees half of it."""

    families: Mapping[str, Family] = MappingProxyType({})


_spoken = _Spoken()
_Class = TypeVar("_Class", bound=type[DeviceProtocol])


def protocol(
    *,
    key: str,
    label: str,
    line: SerialLine,
    framing: Lines,
    other_lines: tuple[SerialLine, ...] = (),
    gives: Gives,
    known: Known,
    sends_unit: bool = True,
    says_serial_number: bool = False,
    who_are_you: tuple[bytes, ...] = (),
) -> Callable[[_Class], _Class]:
    """Register a protocol class.

    Args:
        key: What settings store, e.g. ``mt_sics``; also the name of its transcript and its simulator.
        label: What people read in the list of device kinds; stands in the catalogue.
        line: The instrument's factory settings; a device's own settings may differ.
        framing: Where its frames end.
        other_lines: The settings its menu offers besides; recognition tries them.
        gives: What its values are.
        known: Where this knowledge comes from.
        sends_unit: Whether its frames carry the unit.
        says_serial_number: Whether the answer to ``are_you_there`` tells which instrument hangs on the cable.
        who_are_you: What else it can be asked about itself, once on every connection.

    Raises:
        TypeError: the key is taken.
    """

    def register(made: _Class) -> _Class:
        if key in _families:
            raise TypeError(f"protocol {key} is taken")
        _families[key] = Family(
            key=key,
            label=label,
            line=line,
            other_lines=tuple(one for one in other_lines if one != line),
            framing=framing,
            make=made,
            gives=gives,
            known=known,
            sends_unit=sends_unit,
            says_serial_number=says_serial_number,
            who_are_you=who_are_you,
        )
        return made

    return register


def is_own_key(key: str) -> bool:
    """Whether this is a key as the plant gives it, that of a controlled document: in capitals; those of this program are not."""
    return _OWN_KEY.fullmatch(key) is not None


def families() -> Mapping[str, Family]:
    """Every device family this station speaks, by key: whatever file in ``protocols/`` registers, and the plant's own."""
    _register_all()
    return _spoken.families


def speak_own(own: Iterable[Family]) -> None:
    """From now on these are the plant's own families; those before them are forgotten. What is connected keeps the one it began with.

    Raises:
        TypeError: one is no family of the plant, or only a draft, or its key is one of this program.
    """
    _register_all()
    found = {one.key: one for one in own}
    if any(one.own is None or one.own.id is None or one.key in _families for one in found.values()):
        raise TypeError("a family of the plant has its origin and a key of its own")
    _spoken.families = MappingProxyType({**_families, **found})


@cache
def _register_all() -> None:
    """Once: a window asks for the kind of a device at every breath."""
    package = import_module("app.devices.protocols")
    for module in iter_modules(package.__path__):
        import_module(f"{package.__name__}.{module.name}")
    _spoken.families = MappingProxyType(_families)
