"""Faults put in by hand, one for each check: a harness that does not see them sees nothing."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

from app.base.measurement import Quantity
from app.devices.framing import Lines
from app.devices.protocol import DeviceProtocol, Parsed, Scanned, Status, families
from app.devices.protocols.tspl import PrinterStatus
from tests.devices.fuzz.asking import BLOCK, asked
from tests.devices.fuzz.counting import SLOW_S, Count
from tests.devices.fuzz.printing import LANGUAGES, printed
from tests.devices.fuzz.talking import talked

FRAMES = 400
Change = Callable[[Parsed, bytes], Parsed]


class Faulty:
    """A protocol whose values are changed on their way out."""

    def __init__(self, inner: DeviceProtocol, change: Change) -> None:
        self._inner, self._change = inner, change
        self.ask_for_value, self.are_you_there, self.wishes = inner.ask_for_value, inner.are_you_there, inner.wishes

    def parse(self, frame: bytes) -> Parsed | Scanned | Status:
        said = self._inner.parse(frame)
        return self._change(said, frame) if isinstance(said, Parsed) else said


def drops_the_sign(said: Parsed, _: bytes) -> Parsed:
    return replace(said, quantity=Quantity(abs(said.quantity.value), said.quantity.unit))


def drops_a_digit(said: Parsed, _: bytes) -> Parsed:
    value = said.quantity.value
    return replace(said, quantity=Quantity(value.quantize(Decimal(10) ** (value.as_tuple().exponent + 1)), said.quantity.unit))  # type: ignore[operator]


def guesses_the_unit(said: Parsed, _: bytes) -> Parsed:
    return replace(said, quantity=Quantity(said.quantity.value, "g"))


def stumbles(said: Parsed, _: bytes) -> Parsed:
    raise ZeroDivisionError


def hangs(said: Parsed, _: bytes) -> Parsed:
    end = time.process_time() + SLOW_S * 1.1
    while time.process_time() < end:
        pass
    return said


class Guessing:
    """Takes the first digits it finds in anything, whole or not."""

    ask_for_value = are_you_there = None
    wishes = families()["mitutoyo"].make(unit="mm").wishes

    def __init__(self, *, unit: str | None) -> None:
        self._unit = unit or ""

    def parse(self, frame: bytes) -> Parsed:
        found = re.search(rb"\d\.\d", frame)
        return Parsed(quantity=Quantity(Decimal(found[0].decode()) if found else Decimal(0), self._unit), stable=None)


def faults() -> Iterator[tuple[str, str, Callable[[], Count]]]:
    """Name, which list of the count must not be empty, and how to count it."""
    for key, name, what, change in (
        ("mt_sics", "a scale that drops the sign", "wrong", drops_the_sign),
        ("mt_continuous", "a terminal that drops the sign bit", "wrong", drops_the_sign),
        ("sartorius_sbi", "a balance that drops the last digit", "wrong", drops_a_digit),
        ("mt_sics", "a scale whose unit is guessed", "wrong", guesses_the_unit),
        ("mark10", "a gauge that stumbles over a value", "crashes", stumbles),
    ):
        yield name, what, lambda key=key, change=change: _changed(key, change)  # type: ignore[misc]
    yield "a gauge whose digits are picked from anywhere", "wrong", _guessed
    yield "a protocol that hangs", "hangs", lambda: _changed("cas", hangs, frames=12)
    yield "a buffer without an end", "unbounded", lambda: _framed("mark10", Lines(b"\r\n", longest=10**9))
    yield "a framing that cuts a digit off", "wrong", lambda: _framed("opto_rs232", Lines(b"\r", b"5", longest=96))
    yield "a printer that is ready whatever it says", "wrong", _ready
    yield "registers of another length", "wrong", _shifted


def _changed(key: str, change: Change, *, frames: int = FRAMES) -> Count:
    family = families()[key]
    faulty = replace(family, make=lambda *, unit: Faulty(family.make(unit=unit), change))
    return talked(key, frames, random.Random(5), family=faulty)


def _guessed() -> Count:
    return talked("mitutoyo", FRAMES, random.Random(5), family=replace(families()["mitutoyo"], make=Guessing))


def _framed(key: str, framing: Lines) -> Count:
    return talked(key, FRAMES, random.Random(5), family=replace(families()[key], framing=framing))


def _ready() -> Count:
    language = replace(LANGUAGES["tspl"], read=lambda _: PrinterStatus(printing=False, faults=frozenset()))
    return printed("tspl", FRAMES, random.Random(5), language=language)


def _shifted() -> Count:
    return asked(60, random.Random(5), read=lambda line: list(line.read(BLOCK))[1:])
