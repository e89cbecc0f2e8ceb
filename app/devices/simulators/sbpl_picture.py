"""What a SATO printer puts on paper of a job, as far as pictures go.

Source: SATO SG112-ex programming reference, ``ESC V``, ``ESC H``, ``ESC G``.
"""

from __future__ import annotations

import re

import numpy as np

from app.devices.simulators.zpl_drawing import Dots, PrintedLabel, scan

_GRAPHIC = re.compile(rb"GH(\d{3})(\d{3})([0-9A-F]*)")
_PLACE = re.compile(rb"([VH])(\d{1,5})")


def paper(job: bytes, *, width: int, height: int) -> PrintedLabel:
    """The label of a job. What is not understood stands in `PrintedLabel.refused`.

    Args:
        job: From ``ESC A`` to ``ESC Z``.
        width: Of the label in the printer, dots.
        height: Of it, dots.
    """
    dots: Dots = np.zeros((height, width), dtype=np.bool_)
    refused: list[str] = []
    at = {b"V": 1, b"H": 1}
    for command in job.split(b"\x1b")[1:]:
        if match := _PLACE.fullmatch(command):
            at[match[1]] = int(match[2])
        elif (match := _GRAPHIC.fullmatch(command)) and len(match[3]) == 16 * int(match[1]) * int(match[2]):
            _burn(dots, bytes.fromhex(match[3].decode("ascii")), x=at[b"H"] - 1, y=at[b"V"] - 1, across=int(match[1]))
        elif command not in (b"A", b"Q1", b"Z"):
            refused.append(command.decode("latin-1"))
    return PrintedLabel(dots=dots, scans=scan(dots), texts=(), refused=tuple(refused), complete=True)


def _burn(dots: Dots, data: bytes, *, x: int, y: int, across: int) -> None:
    picture = np.unpackbits(np.frombuffer(data, dtype=np.uint8).reshape(-1, across), axis=1).astype(np.bool_)
    there = dots[y : y + picture.shape[0], x : x + picture.shape[1]]
    there |= picture[: there.shape[0], : there.shape[1]]
