"""A label printer that speaks TSPL on TCP, the believable opposite of `app.devices.protocols.tspl`."""

from __future__ import annotations

import re

from app.devices.simulators.job_printer import JobPrinter, Trouble
from app.devices.simulators.tspl_picture import command_in_front

_AT_ONCE = re.compile(rb"\x1b!([?.S])")
_MODEL = re.compile(rb"~!T\r?\n")
_CHANGING = re.compile(rb"\x1b![A-RT-Z]|~![DE]|\s*[A-Z]{2,}")
"""At the beginning of a command: it feeds, resets, dumps, prints, or sets something; ``ESC ! S`` and the other ``~!`` are questions."""
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
_ERRORS: dict[Trouble, int] = {"paper_out": 0x01, "jammed": 0x02, "ribbon_out": 0x04, "head_open": 0x20}
"""Of the fourth letter that answers ``ESC ! S``; TSC TTP-345 programming manual, p. 85, Brother FBPL command reference §7.8."""


class TsplPrinter(JobPrinter):
    """A job ends with its PRINT line; ``ESC ! ?`` and ``ESC ! .`` are obeyed wherever they stand, in an error and in a picture too."""

    def __init__(self, *, model: bytes = b"TTP-244 Plus\r\n", says_whole_status: bool = True) -> None:
        """A printer, switched off.

        Args:
            model: What it answers to ``~!T`` while it is ready; empty: it does not know that question.
            says_whole_status: Firmware before V6.29 does not know ``ESC ! S``.
        """
        super().__init__()
        self._model, self._says_whole_status = model, says_whole_status
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
            answers += self._read_jobs(before)
            if match[1] == b"?":
                answers.append(self._status())
            elif match[1] == b"S":
                answers += [self._whole_status()] if self._says_whole_status else []
            else:
                self.changing_bytes += len(match[0])
                self._forget_everything()
            self._heard += after
        return answers + self._read_jobs(self._heard)

    def _forget_everything(self) -> None:
        super()._forget_everything()
        self._begun = b""

    def repeats(self, raw: bytes) -> bool:
        """Factory setting, until ``SET REPRINT OFF``."""
        return b"SET REPRINT OFF" not in raw

    def _read_jobs(self, heard: bytes) -> list[bytes]:
        """Obey whole commands; the answers to questions among them, which a printer in trouble does not give."""
        answers = []
        while command := command_in_front(heard):
            heard = heard[len(command) :]
            if _CHANGING.match(command):
                self.changing_bytes += len(command)
            if _MODEL.fullmatch(command):
                answers += [self._model] if self._model and not self._troubles else []
                continue
            self._begun += command
            if match := _PRINT.fullmatch(command):
                self._take(self._begun, int(match[1]) * int(match[2] or b"1"))
                self._begun = b""
        self._heard = heard
        return answers

    def _status(self) -> bytes:
        printing = _PRINTING if self._working() else 0
        return bytes([printing | sum(bit for trouble, bit in _BITS.items() if trouble in self._troubles)])

    def _whole_status(self) -> bytes:
        doing = b"`" if "paused" in self._troubles else b"E" if self._troubles else b"P" if self._waiting else b"@"
        hot = b"A" if "hot" in self._troubles else b"@"
        error = 0x40 | sum(bit for trouble, bit in _ERRORS.items() if trouble in self._troubles)
        return b"\x02" + doing + b"@" + hot + bytes([error]) + b"\x03\r\n"
