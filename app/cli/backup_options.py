"""What may stand after ``db backup``, ``db restore-drill`` and their like. Light: what they need is imported when one of them is wanted."""

from __future__ import annotations

import argparse
from pathlib import Path
from uuid import UUID

TOOLS = {
    "backup": ("app.cli.backup", "take"),
    "backup-key": ("app.cli.backup", "key"),
    "restore-drill": ("app.cli.backup", "drill"),
    "sign-drill": ("app.cli.backup", "sign"),
    "drill-report": ("app.cli.backup", "report"),
    "keeper": ("app.cli.keeper", "enrol"),
}
"""Tool → where its function stands."""


def add_parsers(tools: argparse._SubParsersAction[argparse.ArgumentParser], address: str) -> None:
    """The tools beside ``install``, ``upgrade`` and ``dsn``."""
    taking = tools.add_parser("backup", help="take an encrypted backup of the whole server")
    taking.add_argument("--url", help=address)
    taking.add_argument("--out", type=Path, metavar="FOLDER", help="where backups lie; left out: backup_folder of the settings")
    taking.add_argument("--recipients", type=Path, metavar="FILE", help="public keys, one a line; left out: backup_recipients")
    key = tools.add_parser("backup-key", help="make a key: the private one into a file, the public one printed")
    key.add_argument("--out", type=Path, metavar="FILE", required=True)
    drill = tools.add_parser("restore-drill", help="restore a backup where nobody reaches it, compare everything, remove it again")
    drill.add_argument("backup", type=Path, nargs="?", help="folder of the backup; left out: the newest of backup_folder")
    drill.add_argument("--key", type=Path, metavar="FILE", help="private key; left out: backup_key of the settings")
    drill.add_argument("--witness", type=Path, action="append", default=[], metavar="FILE", help="of further stations, copied from there")
    drill.add_argument("--scratch", type=Path, metavar="FOLDER", help="where it is restored; left out: backup_scratch")
    drill.add_argument("--person", metavar="LOGIN", help="an administrator: the drill goes on record, and the living database is compared")
    drill.add_argument("--json", action="store_true", help="one JSON object")
    signing = tools.add_parser("sign-drill", help="quality signs the report of a drill that is on record")
    signing.add_argument("drill", type=UUID, help="its number, as the report says it")
    signing.add_argument("--person", metavar="LOGIN", required=True)
    paper = tools.add_parser("drill-report", help="the report of a drill with its signatures, as a PDF")
    paper.add_argument("drill", type=UUID, help="its number")
    paper.add_argument("--person", metavar="LOGIN", required=True)
    paper.add_argument("--out", type=Path, metavar="FILE", required=True)
    keeping = tools.add_parser("keeper", help="make this computer the keeper: new secrets for its two logins")
    keeping.add_argument("--url", help=address)
