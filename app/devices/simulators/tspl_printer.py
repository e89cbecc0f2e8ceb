"""A label printer that speaks TSPL on TCP, the believable opposite of `app.devices.protocols.tspl`."""

from __future__ import annotations

import re

from app.devices.simulators.job_printer import JobPrinter, Trouble

_ASKED = b"\x1b!?"
_PRINT = re.compile(rb"(?:\A|\n)PRINT (\d{1,9})(?:,(\d{1,9}))?\r?\n")
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
    """A job ends with its PRINT line; ``ESC ! ?`` is obeyed wherever it stands, in an error too."""

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
        """Obey line by line, and the questions where they stand."""
        answers: list[bytes] = []
        while _ASKED in self._heard:
            before, _, after = self._heard.partition(_ASKED)
            self._read_jobs(before)
            self._heard += after
            answers.append(self._status())
        self._read_jobs(self._heard)
        return answers

    def _read_jobs(self, heard: bytes) -> None:
        while match := _PRINT.search(heard):
            sets, copies = int(match[1]), int(match[2] or b"1")
            self._take(heard[: match.end()], sets * copies)
            heard = heard[match.end() :]
        self._heard = heard

    def _status(self) -> bytes:
        printing = _PRINTING if self._waiting and not self._troubles else 0
        return bytes([printing | sum(bit for trouble, bit in _BITS.items() if trouble in self._troubles)])
