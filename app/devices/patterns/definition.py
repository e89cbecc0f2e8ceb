r"""A plant's own protocol as one text: what an engineer writes, what is signed, and what the stations speak.

    key = "TORQUE-X"
    revision = 1
    name = { en = "Torque tester X", zh = "扭矩测试仪 X" }
    gives = "measurement"                      # or "weight"
    known_from = "Operating manual, chapter 7"
    line = { baud = 9600, bytesize = 8, parity = "N", stopbits = 1, xonxoff = false }
    framing = { ends = ["\r\n"], longest = 40 }
    ask = "?\r\n"                              # only where it can be asked

    [[patterns]]
    pattern = '(?P<sign>[+-]) *(?P<value>\d+\.\d+) (?P<unit>[A-Za-z]+) (?P<stable>[SU])'
    means = "value"
    decimal = "."
    unit = "frame"
    stable = { stable = ["S"], moving = ["U"], unknown = [] }

    [[cases]]
    frame = "+  1.25 Nm S"
    means = "value"
    value = "1.25"
    unit = "Nm"
    stable = "stable"

It begins with key and revision, so that the database can hold both against the document it stands in.
"""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from app.base.errors import RuleViolation
from app.base.mistakes import first_mistake
from app.base.phrases import Phrase
from app.devices.patterns.expression import PatternRefused
from app.devices.patterns.soundness import MOST_STATES, program_of, too_large
from app.devices.patterns.speaking import PatternProtocol, Spoken
from app.devices.patterns.written import WrittenBursts, WrittenHeader, WrittenProtocol
from app.devices.protocol import Family, Known, OwnOrigin

LONGEST_SOURCE = 20_000
"""Characters."""


class DefinitionRefused(RuleViolation):
    """A definition that cannot be read, or that could make a wrong number of a frame."""

    code = "pattern.definition_refused"
    text = "The protocol cannot be used: {where}: {reason}"
    next_step = "Mend what is named here; the manual of the device says how it is."

    def __init__(self, *, where: Phrase, reason: Phrase | str) -> None:
        self.where, self.reason = where, reason
        super().__init__(where=where, reason=reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A protocol that can be spoken."""

    written: WrittenProtocol
    patterns: tuple[Spoken, ...]
    source: str
    sha256: str

    def speaker(self, *, unit: str | None) -> PatternProtocol:
        """The protocol for one device; see `PatternProtocol`."""
        ask, identify = (text.encode("latin-1") if text else None for text in (self.written.ask, self.written.identify))
        return PatternProtocol(self.written.key, self.patterns, ask=ask, identify=identify, unit=unit)

    def family(self, document: UUID | None) -> Family:
        """As everything that walks the families sees it.

        Args:
            document: The controlled document it stands in; ``None`` for a draft that is only tried.
        """
        written = self.written
        return Family(
            key=written.key,
            label=written.name.name,
            line=written.line.line,
            other_lines=(),
            framing=written.framing.framing,
            make=partial(_speaker, self),
            gives=written.gives,
            known=Known(source=written.known_from),
            sends_unit=all(one.unit != "record" for one in written.patterns),
            who_are_you=(),
            says_serial_number=written.identify is not None and any("(?P<serial>" in one.pattern for one in written.patterns),
            own=OwnOrigin(id=document, revision=written.revision, sha256=self.sha256),
        )


def _speaker(definition: Definition, *, unit: str | None) -> PatternProtocol:
    return definition.speaker(unit=unit)


def read_definition(source: str) -> Definition:
    """Read a protocol as it was written.

    Raises:
        DefinitionRefused: with the place and the reason.
    """
    if len(source) > LONGEST_SOURCE:
        raise DefinitionRefused(where=Phrase("as a whole"), reason=Phrase("it is longer than {most} characters.", most=LONGEST_SOURCE))
    rows = _rows(source)
    try:
        written = WrittenProtocol.model_validate(rows)
    except ValidationError as trouble:
        mistake = first_mistake(trouble)
        raise DefinitionRefused(where=_where(mistake.path), reason=mistake.reason) from trouble
    head = f'key = "{written.key}"\nrevision = {written.revision}\n'
    if not source.startswith(head):
        raise DefinitionRefused(where=Phrase("as a whole"), reason=Phrase("it begins with key and revision, one line each."))
    _demand_framing(written)
    return Definition(
        written=written, patterns=_patterns(written), source=source, sha256=hashlib.sha256(source.encode("utf-8")).hexdigest()
    )


def _rows(source: str) -> dict[str, Any]:
    try:
        return tomllib.loads(source, parse_float=Decimal)
    except tomllib.TOMLDecodeError as trouble:
        raise DefinitionRefused(where=Phrase("as a whole"), reason=str(trouble)) from trouble


def _patterns(written: WrittenProtocol) -> tuple[Spoken, ...]:
    found: list[Spoken] = []
    for number, one in enumerate(written.patterns, 1):
        where = Phrase("pattern no. {number}", number=number)
        try:
            found.append(Spoken(written=one, program=program_of(one)))
        except PatternRefused as trouble:
            if trouble.place is not None:
                where = Phrase("pattern no. {number}, character {place}", number=number, place=trouble.place)
            raise DefinitionRefused(where=where, reason=trouble.reason) from trouble
        if sum(len(spoken.program.states) for spoken in found) > MOST_STATES:
            raise DefinitionRefused(where=where, reason=too_large())
    if all(one.means != "value" for one in written.patterns):
        raise DefinitionRefused(where=Phrase("“{name}”", name="patterns"), reason=Phrase("no pattern means a value."))
    return tuple(found)


def _demand_framing(written: WrittenProtocol) -> None:
    framing = written.framing
    if isinstance(framing, WrittenHeader) and framing.stx == framing.etx:
        raise DefinitionRefused(where=Phrase("“{name}”", name="framing"), reason=Phrase("begin and end of a frame are different bytes."))
    if isinstance(framing, WrittenBursts) and any(
        len(case.frame) != framing.length for case in written.cases if case.means != "unreadable"
    ):
        raise DefinitionRefused(where=Phrase("“{name}”", name="cases"), reason=Phrase("a frame has another length than every frame has."))


def _where(path: object) -> Phrase:
    match path:
        case ("patterns", int() as place, *_):
            return Phrase("pattern no. {number}", number=place + 1)
        case ("cases", int() as place, *_):
            return Phrase("case no. {number}", number=place + 1)
        case (str() as name, _, *_):
            return Phrase("“{name}”", name=name)
        case _:
            return Phrase("as a whole")
