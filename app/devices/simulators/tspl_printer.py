"""A label printer that speaks TSPL on TCP, the believable opposite of `app.devices.protocols.tspl`."""

from __future__ import annotations

import re

from app.devices.simulators.job_printer import JobPrinter, Trouble
from app.devices.simulators.tspl_picture import command_in_front

_AT_ONCE = re.compile(rb"\x1b!([?.])")
_PRINT = re.compile(rb"PRINT (\d{1,9})(?:,(\d{1,9}))?\r?\n")
_BITS: dict[Trouble, int] = {
    "head_open": 1 << 0,
    "jammed": 1 << 1,
    "paper_out": 1 << 2,
    "ribbon_out": 1 << 3,
    "paused": 1 << 4,
    "cover_open": 1 << 6,
    "hot": 1 << 7,
}
_PRINTING = 1 << 5


class TsplPrinter(JobPrinter):
    """A job ends with its PRINT line; ``ESC ! ?`` and ``ESC ! .`` are obeyed wherever they stand, in an error and in a picture too."""

    def __init__(self) -> None:
        """A printer, switched off."""
        super().__init__()
        self._begun = b""
        """Commands of a job whose PRINT line has not come."""

    def jam(self) -> None:
        """Labels crumple in front of the head."""
        self._get_into("jammed")

    def clear_jam(self) -> None:
        self._cure("jammed")

    def open_cover(self) -> None:
        self._get_into("cover_open")

    def close_cover(self) -> None:
        self._cure("cover_open")

    def overheat(self) -> None:
        self._get_into("hot")

    def cool_down(self) -> None:
        self._cure("hot")

    def read(self) -> list[bytes]:
        """Obey command by command, and what is to be obeyed at once where it stands."""
        answers: list[bytes] = []
        while match := _AT_ONCE.search(self._heard):
            before, after = self._heard[: match.start()], self._heard[match.end() :]
            self._read_jobs(before)
            if match[1] == b"?":
                answers.append(self._status())
            else:
                self._forget_everything()
            self._heard += after
        self._read_jobs(self._heard)
        return answers

    def _forget_everything(self) -> None:
        super()._forget_everything()
        self._begun = b""

    def repeats(self, raw: bytes) -> bool:
        """Factory setting, until ``SET REPRINT OFF``."""
        return b"SET REPRINT OFF" not in raw

    def _read_jobs(self, heard: bytes) -> None:
        while command := command_in_front(heard):
            heard = heard[len(command) :]
            self._begun += command
            if match := _PRINT.fullmatch(command):
                self._take(self._begun, int(match[1]) * int(match[2] or b"1"))
                self._begun = b""
        self._heard = heard

    def _status(self) -> bytes:
        printing = _PRINTING if self._working() else 0
        return bytes([printing | sum(bit for trouble, bit in _BITS.items() if trouble in self._troubles)])
