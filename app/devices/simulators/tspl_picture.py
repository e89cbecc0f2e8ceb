"""What a TSPL printer puts on paper of a job, as far as pictures go.

Source: TSC TSPL/TSPL2 programming manual, ``SIZE``, ``BITMAP``; a dot is burnt where ``BITMAP`` holds a 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from app.devices.simulators.zpl_drawing import Dots, PrintedLabel, scan

_BITMAP = re.compile(rb"BITMAP (\d+),(\d+),(\d+),(\d+),(\d),")
_SIZE = re.compile(rb"SIZE ([\d.]+) mm,([\d.]+) mm\r?\n")
_SILENT = re.compile(rb"\r?\n|CLS\r?\n|SET REPRINT OFF\r?\n|DIRECTION 0,0\r?\n|REFERENCE 0,0\r?\n|PRINT \d+(?:,\d+)?\r?\n")
"""Commands that leave nothing on the paper."""


def command_in_front(heard: bytes) -> bytes:
    """The first whole command, with its line end; empty when it has not come whole yet. A picture's bytes may hold line ends."""
    if match := _BITMAP.match(heard):
        rest = heard[match.end() + int(match[3]) * int(match[4]) :]
        return heard[: len(heard) - len(rest) + rest.index(b"\n") + 1] if b"\n" in rest else b""
    return heard[: heard.index(b"\n") + 1] if b"\n" in heard else b""


def paper(job: bytes, *, dpi: int) -> PrintedLabel:
    """The label of a job. What is not understood stands in `PrintedLabel.refused`."""
    dots: Dots = np.zeros((0, 0), dtype=np.bool_)
    refused: list[str] = []
    for command in _commands(job):
        if match := _SIZE.fullmatch(command):
            width, height = (round(float(side) * dpi / 25.4) for side in match.groups())
            dots = np.zeros((height, width), dtype=np.bool_)
        elif match := _BITMAP.match(command):
            _burn(dots, command[match.end() :], *(int(number) for number in match.groups()))
        elif not _SILENT.fullmatch(command):
            refused.append(command.decode("latin-1").strip())
    return PrintedLabel(dots=dots, scans=scan(dots), texts=(), refused=tuple(refused), complete=True)


def _commands(job: bytes) -> Iterator[bytes]:
    while command := command_in_front(job):
        yield command
        job = job[len(command) :]


def _burn(dots: Dots, data: bytes, x: int, y: int, width: int, rows: int, mode: int) -> None:
    picture = ~np.unpackbits(np.frombuffer(data[: width * rows], dtype=np.uint8).reshape(rows, width), axis=1).astype(np.bool_)
    there = dots[y : y + rows, x : x + 8 * width]
    picture = picture[: there.shape[0], : there.shape[1]]
    there[:] = picture if mode == 0 else there | picture if mode == 1 else there ^ picture
