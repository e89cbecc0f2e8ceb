"""Reads ZPL II the way a printer does: a stand-in for the firmware, written without looking at our own emitter.

A command begins at ``^`` (format) or ``~`` (control) wherever that byte stands, inside field data too: exactly this makes
unescaped lot text dangerous on a real printer. Line ends are ignored. Unknown commands are ignored and remembered.

Source: Zebra ZPL II programming guide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_WITHOUT_PARAMETERS = frozenset({"^XA", "^XZ", "^FS", "~HS", "~HI", "~JA", "~PS", "~PP"})
_CODE_PAGE = {28: "utf-8", 27: "cp1252"}
_DEFAULT_CODE_PAGE = "cp850"


@dataclass(frozen=True, slots=True)
class Command:
    """One command with its raw parameters, e.g. ``^FO`` ``b"30,40"``."""

    name: str
    parameters: bytes

    def split(self) -> list[str]:
        """The parameters between commas, as text; missing ones are empty."""
        return self.parameters.decode("latin-1").split(",")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One finished field: what it is (``A``, ``BC``, ``BX``, ``GB``, ``GF``), where, how and its data after ``^FH``."""

    kind: str
    x: int
    y: int
    on_line: bool
    """``^FT``: `y` is the line the text stands on; ``^FO``: the upper edge."""
    how: tuple[str, ...]
    module: int
    bar_height: int
    data: bytes
    text: str

    def parameter(self, place: int) -> str:
        """One parameter of the command, counted from 0; empty where it was left out."""
        return self.how[place].strip() if len(self.how) > place else ""


@dataclass(slots=True)
class _OpenField:
    """A field between its first command and ``^FS``."""

    x: int = 0
    y: int = 0
    on_line: bool = False
    kind: str = "A"
    how: tuple[str, ...] = ()
    hex_indicator: bytes | None = None
    data: bytes | None = None


@dataclass(slots=True)
class Format:
    """What stood between ``^XA`` and ``^XZ``."""

    width: int
    height: int
    quantity: int = 1
    fields: list[Field] = field(default_factory=list)


@dataclass(slots=True)
class Settings:
    """What a printer keeps from one format to the next."""

    width: int
    height: int
    code_page: str = _DEFAULT_CODE_PAGE
    module: int = 2
    bar_height: int = 10
    reprint_after_fault: bool = True


class CommandStream:
    """Cuts arriving bytes into commands; a command whose end is not known yet waits for more."""

    def __init__(self) -> None:
        self._waiting = b""

    def feed(self, piece: bytes) -> Iterator[Command]:
        """Yield every command that is complete now."""
        self._waiting = (self._waiting + piece).replace(b"\r", b"").replace(b"\n", b"")
        while (begin := _next_prefix(self._waiting, 0)) is not None:
            head = self._waiting[begin : begin + 3]
            if len(head) < 3:
                return
            size = 2 if head.startswith(b"^A") else 3
            name = head[:size].decode("latin-1").upper()
            end = begin + 3 if name in _WITHOUT_PARAMETERS else _next_prefix(self._waiting, begin + size)
            if end is None:
                return
            parameters = self._waiting[begin + size : end]
            self._waiting = self._waiting[end:]
            yield Command(name, b"" if name in _WITHOUT_PARAMETERS else parameters)


class FormatReader:
    """Builds label formats out of ``^`` commands, with the settings of the printer it belongs to."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.unknown: list[str] = []
        self._format: Format | None = None
        self._open = _OpenField()

    @property
    def within_a_format(self) -> bool:
        """``^XA`` came and ``^XZ`` did not yet."""
        return self._format is not None

    def obey(self, command: Command) -> Format | None:
        """Take one command; the finished format at ``^XZ``."""
        if command.name == "^XA":
            self._format = Format(self.settings.width, self.settings.height)
            self._open = _OpenField()
        elif command.name == "^XZ":
            finished, self._format = self._format, None
            return finished
        elif self._format is not None and not self._set(command, self._format) and not self._describe(command):
            self.unknown.append(command.name)
        return None

    def _set(self, command: Command, label: Format) -> bool:
        values = command.split()
        match command.name:
            case "^PW":
                label.width = self.settings.width = _number(values[0], label.width)
            case "^LL":
                label.height = self.settings.height = _number(values[0], label.height)
            case "^PQ":
                label.quantity = _number(values[0], 1)
            case "^CI":
                self.settings.code_page = _CODE_PAGE.get(_number(values[0], 0), _DEFAULT_CODE_PAGE)
            case "^JZ":
                self.settings.reprint_after_fault = values[0].upper() != "N"
            case "^BY":
                self.settings.module = _number(values[0], self.settings.module)
                self.settings.bar_height = _number(values[2], self.settings.bar_height) if len(values) > 2 else self.settings.bar_height
            case "^LH" | "^FW" | "^MM" | "^PO":
                pass  # positions and modes we neither use nor draw
            case _:
                return False
        return True

    def _describe(self, command: Command) -> bool:
        values = command.split()
        match command.name:
            case "^FO" | "^FT":
                self._open.on_line = command.name == "^FT"
                self._open.x, self._open.y = _number(values[0], 0), _number(values[1] if len(values) > 1 else "", 0)
            case "^A" | "^BC" | "^BX" | "^GB" | "^GF":
                self._open.kind, self._open.how = command.name[1:], tuple(values)
            case "^FH":
                self._open.hex_indicator = command.parameters[:1] or b"_"
            case "^FD":
                self._open.data = command.parameters
            case "^FS":
                self._finish()
            case _:
                return False
        return True

    def _finish(self) -> None:
        begun, self._open = self._open, _OpenField()
        if self._format is None or (begun.data is None and begun.kind not in ("GB", "GF")):
            return
        data = _unhexed(begun.data or b"", begun.hex_indicator)
        self._format.fields.append(
            Field(
                kind=begun.kind,
                x=begun.x,
                y=begun.y,
                on_line=begun.on_line,
                how=begun.how,
                module=self.settings.module,
                bar_height=self.settings.bar_height,
                data=data,
                text=data.decode(self.settings.code_page, errors="replace"),
            )
        )


def _unhexed(data: bytes, indicator: bytes | None) -> bytes:
    """``^FH``: the indicator and two hexadecimal digits are one byte; without ``^FH`` data is data."""
    if indicator is None:
        return data
    pattern = re.escape(indicator) + rb"([0-9A-Fa-f]{2})"
    return re.sub(pattern, lambda found: bytes.fromhex(found[1].decode("ascii")), data)


def _next_prefix(data: bytes, start: int) -> int | None:
    places = [place for place in (data.find(b"^", start), data.find(b"~", start)) if place >= 0]
    return min(places, default=None)


def _number(text: str, otherwise: int) -> int:
    """A printer takes its own value where a parameter is missing or no number."""
    return int(text) if text.strip().isdigit() else otherwise
