"""What may stand after ``python main.py``. Light: nothing heavy is imported until it is known what is wanted."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

CLIENT = "client"
TOOLS = {
    "shift": "one whole shift with the real screens, simulated devices and a server of its own; pictures and papers are kept",
    "gallery": "a picture of every screen in both languages and both themes",
    "practice": "the plant for practice: own server, simulated devices, amber frame; nothing reaches the plant's database",
    "simulate": "the devices of the demonstration plant, played from the keyboard",
    "db": "install | upgrade | dsn | backup | restore-drill …: a database of the plant's own, its backups, or the address for psql",
    "master": "check FILE | import FILE | diff CODE OLD NEW: master records of batches, as files",
    "export": "LOT --person NAME --out FILE: the record of a lot as one file with its trail, checked by tools/verify_export.py",
    "trace": "CODE --person NAME [--json] [--backward | --forward]: where a lot, unit, gauge, person … came from and went to",
    "verify": "--person NAME [--since DAY] [--json]: whether trail, seals, rows and schema are what they were",
    "keeper": "[--once] [--night]: seals, nightly comparison, self-check, backups and drills, without a person; a service",
    "witness": "show | renew --person NAME --reason TEXT: what this station has seen of the trail; beginning anew",
    "device": "list | find | watch | decode | host-status: what hangs on this computer, what it says and what that means",
    "decode": "--jsonl: scans from standard input, what they are to standard output",
}


def read(argv: Sequence[str]) -> tuple[str, list[str]]:
    """Which tool is wanted, `CLIENT` without any, and its own arguments.

    Raises:
        SystemExit: help was asked for (0), or there is no such tool (2).
    """
    if argv and argv[0] in TOOLS:
        return argv[0], list(argv[1:])
    parser = argparse.ArgumentParser(
        prog="main.py", description="Lineside, the client beside the line. Without arguments the window of this station opens."
    )
    tools = parser.add_subparsers(metavar="", title="other tools")
    for name, line in TOOLS.items():
        tools.add_parser(name, help=line, add_help=False)
    parser.parse_args(argv)
    return CLIENT, []
