"""How the data of one AI is put together: parts with character set, length and checks, from biip's table and our rules."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from biip import ParseError
from biip.gs1_application_identifiers import GS1ApplicationIdentifier

from app.scanning.gs1_checks import CHECKS, PROVING, Check
from app.scanning.gs1_rules import STRUCTURES
from app.scanning.refusals import Refused

_PART = re.compile(r"(?P<set>[NXYZ])(?P<up_to>\.\.)?(?P<length>\d+)(?::(?P<checks>[a-z0-9_,]+))?(?P<optional>\?)?")
_SETS = {
    "N": re.compile(r"[0-9]*"),
    "X": re.compile(r"[!\"%-?A-Z_a-z]*"),
    "Y": re.compile(r"[#\-/0-9A-Z]*"),
    "Z": re.compile(r"[0-9A-Za-z_\-]*=*"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One component of an AI's data."""

    characters: re.Pattern[str]
    least: int
    most: int
    optional: bool
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """One AI with everything this package knows of its form."""

    ai: str
    title: str
    parts: tuple[Part, ...]
    predefined: int | None
    """Length of the data where GS1 predefines it, so that no separator follows (General Specifications, figure 7.8.5-2)."""
    proves: bool
    """Data that passes its checks is GS1 data beyond reasonable doubt."""


def by_pattern(table: dict[str, str], ai: str) -> str | None:
    """The row of an AI, exact or by pattern (``391n``, ``31nn``)."""
    for pattern in (ai, ai[:-1] + "n", ai[:-2] + "nn"):
        if pattern in table:
            return table[pattern]
    return None


@lru_cache(maxsize=8192)
def identifier_at(start: str) -> Identifier | None:
    """The AI that text begins with.

    Args:
        start: The first four characters (fewer at the end of the text).
    """
    try:
        found = GS1ApplicationIdentifier.extract(start)
    except ParseError:
        return None
    return _identifier(found)


def identifier_named(ai: str) -> Identifier | None:
    """The AI that is exactly `ai`, e.g. from brackets or from a web address."""
    found = identifier_at(ai) if ai else None
    return found if found and found.ai == ai else None


@cache
def _identifier(row: GS1ApplicationIdentifier) -> Identifier:
    own = by_pattern(STRUCTURES, row.ai)
    parts = tuple(_parts(own if own is not None else _from_biip(row.format)))
    names = {name for match in _PART.finditer(own or "") for name in (match["checks"] or "").split(",") if name}
    return Identifier(
        ai=row.ai,
        title=row.data_title,
        parts=parts,
        predefined=None if row.separator_required else sum(part.most for part in parts),
        proves=bool(names & PROVING),
    )


def _from_biip(form: str) -> str:
    """``N2+X..20`` → ``X..20``: biip names the AI first."""
    return form.split("+", 1)[1].replace("[+", " ").replace("]", "?").replace("+", " ")


def _parts(structure: str) -> list[Part]:
    parts = []
    for text in structure.split():
        match = _PART.fullmatch(text)
        if match is None:
            raise ValueError(f"{structure!r} is no structure of GS1 data")
        most = int(match["length"])
        parts.append(
            Part(
                characters=_SETS[match["set"]],
                least=1 if match["up_to"] else most,
                most=most,
                optional=bool(match["optional"]),
                checks=tuple(CHECKS[name] for name in (match["checks"] or "").split(",") if name),
            )
        )
    return parts


def check_value(identifier: Identifier, value: str) -> None:
    """Judge the data of one AI by its structure.

    Raises:
        Refused: with the code of the first broken rule, and the AI and the data as facts.
    """
    facts = {"ai": identifier.ai, "found": value}
    if not value:
        raise Refused("bad_length", **facts)
    rest = value
    for part in identifier.parts:
        if not rest and part.optional:
            break
        piece, rest = rest[: part.most], rest[part.most :]
        if part.characters.fullmatch(piece) is None:
            raise Refused("bad_character", **facts)
        if len(piece) < part.least:
            raise Refused("bad_length", **facts)
        for check in part.checks:
            if (broken := check(piece)) is not None:
                raise Refused(broken, **facts)
    if rest:
        raise Refused("bad_length", **facts)
