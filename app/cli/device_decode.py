"""``python main.py device decode --protocol KEY --jsonl``: what a line of an instrument means; see `app.devices.meaning`.

In: ``{"id", "protocol", "input"}``, one character per byte; ``unit`` where the asset's record has one. Out: ``{"id", "result":
{"kind", "value", "unit", "stable", "text", "frame", "refused"}}``: the most telling frame of the input. ``value`` has the digits the device
sent; ``refused`` says why a station would take no value of it. ``--definition FILE`` tries a protocol of the plant's own that is only
written.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from app.base.errors import RuleViolation
from app.cli import json_lines
from app.cli.json_lines import Answer, Asked
from app.devices.errors import readable
from app.devices.meaning import Meaning, meanings, most_telling
from app.devices.patterns.definition import read_definition
from app.devices.protocol import Family, families


class UnknownProtocol(RuleViolation):
    code = "device.unknown_protocol"
    text = "Nothing was read: no kind of device is called {key}."
    next_step = "Take one of these: {known}."

    def __init__(self, *, key: str) -> None:
        super().__init__(key=key, known=", ".join(sorted(families())))


class DefinitionNotRead(RuleViolation):
    code = "device.definition_not_read"
    text = "Nothing was read: {file} could not be read: {reason}"
    next_step = "Check the name of the file; it is text in UTF-8."


def main(argv: Sequence[str]) -> int:
    """Decode standard input to standard output.

    Raises:
        UnknownProtocol: by ``--protocol``; in a line it becomes that line's result.
        DefinitionNotRead, DefinitionRefused: by ``--definition``.
    """
    parser = argparse.ArgumentParser(prog="main.py device decode", description="Say what lines of instruments mean.")
    parser.add_argument("--jsonl", action="store_true", required=True, help="read and write one JSON object per line")
    parser.add_argument("--protocol", metavar="KEY", help="for lines that name none")
    parser.add_argument("--definition", metavar="FILE", type=Path, help="a protocol of the plant's own that is tried, instead of a key")
    asked = parser.parse_args(argv)
    usual = tried(asked.definition) if asked.definition else family_of(asked.protocol) if asked.protocol else None
    return json_lines.answer_all(partial(_describe, usual), partial(_rejected, "the line is no JSON object with a text “input”"))


def tried(file: Path) -> Family:
    """The protocol that is written in a file, signed or not.

    Raises:
        DefinitionNotRead: no such file, or no text.
        DefinitionRefused: it cannot be read, or could make a wrong number of a frame.
    """
    try:
        source = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as trouble:
        raise DefinitionNotRead(file=file, reason=str(trouble)) from trouble
    return read_definition(source).family(None)


def family_of(key: str) -> Family:
    """The kind of device of this key.

    Raises:
        UnknownProtocol: there is none.
    """
    found = families().get(key)
    if found is None:
        raise UnknownProtocol(key=key)
    return found


def _describe(usual: Family | None, text: str, asked: Asked) -> Answer:
    key, unit = asked.get("protocol"), asked.get("unit")
    try:
        family = family_of(key) if isinstance(key, str) else usual
        heard = text.encode("latin-1")
    except UnknownProtocol as trouble:
        return _rejected(str(trouble.what))
    except UnicodeEncodeError:
        return _rejected("a character of the input is no byte")
    if family is None:
        return _rejected("the line names no protocol, and none was given")
    return described(most_telling(meanings(family, heard, unit=unit if isinstance(unit, str) and unit else None)))


def described(found: Meaning) -> Answer:
    """A meaning as plain JSON values."""
    return {
        "kind": found.kind,
        "value": format(found.value, "f") if found.value is not None else None,
        "unit": found.unit,
        "stable": found.stable,
        "text": found.text,
        "frame": readable(found.frame),
        "refused": str(found.refusal.what) if found.refusal is not None else None,
    }


def _rejected(why: str) -> Answer:
    return {"kind": "reject", "value": None, "unit": None, "stable": None, "text": "", "frame": "", "refused": why}
