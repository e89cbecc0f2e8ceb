"""What an engineer begins with, and how a heard frame is written down as a case."""

from __future__ import annotations

import json

from app.devices.meaning import Meaning
from app.devices.patterns.definition import Definition
from app.devices.patterns.written import LONGEST_FRAME, WrittenPattern

TEMPLATE = r"""key = "NEW-DEVICE"
revision = 1
name = { en = "", zh = "" }
gives = ""          # "weight" or "measurement"
known_from = ""     # manual and chapter
line = { baud = 0, bytesize = 8, parity = "N", stopbits = 1, xonxoff = false }
framing = { ends = ["\r\n"], longest = 64 }
# framing = { stx = "\u0002", etx = "\u0003", block_check = false, longest = 64 }
# framing = { length = 12, quiet_s = 0.1 }
# ask = "?\r\n"     # what makes it send a value
# identify = ""     # a question that changes nothing

[[patterns]]
pattern = '(?P<sign>[+-]?) *(?P<value>\d+\.\d+) (?P<unit>[A-Za-z]+)'
means = "value"     # overload, underload, error, no_value, info, status
decimal = "."
unit = "frame"      # "record", or { always = "mm" }
stable = "unknown"  # "always", "never", or { stable = ["S"], moving = ["U"], unknown = [] }

# What must be read as what; one case for each pattern, and one that must not be read.
[[cases]]
frame = ""
means = "unreadable"
"""
_STABLE = {True: "stable", False: "moving", None: "unknown"}


def next_revision(source: str, revision: int) -> str:
    """The same text as its next revision."""
    return source.replace(f"\nrevision = {revision}\n", f"\nrevision = {revision + 1}\n", 1)


def case_of(meaning: Meaning, definition: Definition) -> str:
    """A heard frame as a case that says what the patterns make of it now. Whoever keeps it compares it with the device's display first.

    Args:
        meaning: Of the frame.
        definition: By which it was read.
    """
    frame = meaning.frame[:LONGEST_FRAME]
    which = definition.speaker(unit="?").which(frame)
    means = "unreadable" if which is None or meaning.kind == "reject" else definition.patterns[which].written.means
    rows = {"frame": _text(frame.decode("latin-1")), "means": f'"{means}"'}
    if means == "value" and meaning.value is not None and which is not None:
        rows |= _value(meaning, definition.patterns[which].written)
    elif means in ("error", "info"):
        rows["text"] = _text(meaning.serial_number or meaning.text)
    return "\n[[cases]]\n" + "".join(f"{name} = {value}\n" for name, value in rows.items())


def _value(meaning: Meaning, written: WrittenPattern) -> dict[str, str]:
    rows = {"value": f'"{meaning.value:f}"', "stable": f'"{_STABLE[meaning.stable]}"'}
    if written.unit != "record":
        rows["unit"] = _text(meaning.unit or "")
    if meaning.text:
        rows["text"] = _text(meaning.text)
    return rows


def _text(text: str) -> str:
    return json.dumps(text).replace("\x7f", "\\u007f")  # such JSON is TOML
