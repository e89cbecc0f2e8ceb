"""The table of docs/devices.md, from what the protocols say of themselves: ``python tools/device_table.py`` writes it there."""

from __future__ import annotations

import sys
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[1]
DOCUMENT = HOUSE / "docs" / "devices.md"
BEGIN, END = "<!-- table of kinds: tools/device_table.py -->", "<!-- end of the table -->"


def table() -> str:
    """One row for each kind of device this program speaks with."""
    from app.devices.kinds import MACHINE_KINDS, OFFICE_PRINTER, PRINTER_KINDS
    from app.devices.protocol import families

    rows = ["| key | kind | factory line | asked by | known from | from memory |", "|---|---|---|---|---|---|"]
    for family in sorted(families().values(), key=lambda one: one.key):
        made = family.speaker(None)
        asked = "a value" if made.ask_for_value else "its own button"
        who = ", its serial number" if family.says_serial_number else ""
        memory = ", ".join(family.known.from_memory) or "–"
        rows.append(f"| `{family.key}` | {family.label} | {family.line.words} | {asked}{who} | {family.known.source} | {memory} |")
    rows += ["", "| key | printers and machines | known from | from memory |", "|---|---|---|---|"]
    for one in (*PRINTER_KINDS, OFFICE_PRINTER, *MACHINE_KINDS):
        rows.append(f"| `{one.key}` | {one.name.text} | {one.known.source} | {', '.join(one.known.from_memory) or '–'} |")
    return "\n".join(rows)


def with_table(text: str) -> str:
    """The document with today's table.

    Raises:
        ValueError: its marks are gone.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{DOCUMENT.name} has lost the marks of its table")
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}"


if __name__ == "__main__":
    sys.path.insert(0, str(HOUSE))
    DOCUMENT.write_text(with_table(DOCUMENT.read_text("utf-8")), "utf-8")
