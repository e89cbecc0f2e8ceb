"""A SATO label printer that speaks SBPL on TCP, the believable opposite of `app.devices.protocols.sbpl`."""

from __future__ import annotations

import re
from typing import Literal

from app.devices.simulators.job_printer import JobPrinter, Trouble

Dialect = Literal["status3", "status4", "status4_lan", "status4_legacy"]
_BEGIN, _END = b"\x1bA", b"\x1bZ"
_ENQ, _CAN, _ACK, _NAK = 0x05, 0x18, b"\x06", b"\x15"
_STOP_AND_START = (0x10, 0x11)
"""DLE and DC1: end and begin printing; SATO SG112-ex programming reference, p. 409."""
_QUANTITY = re.compile(rb"\x1bQ(\d{1,6})")
_JOB = re.compile(rb"\x1bID(\d\d)")
_NAME = re.compile(rb"\x1bWK([ -~]{1,16})")
_ERRORS: dict[Trouble, bytes] = {"head_open": b"b", "paper_out": b"c", "ribbon_out": b"d", "cutter_stuck": b"j"}
_IN_FRONT: dict[Dialect, bytes] = {
    "status3": b"",
    "status4": b"",
    "status4_lan": b"\x00\x00\x00\x1c\x05",
    "status4_legacy": b"\x00\x00\x00\x20\x00\x00\x00\x1c\x05",
}


class SbplPrinter(JobPrinter):
    """A job stands between ``ESC A`` and ``ESC Z``; ENQ within it is one of its bytes and not answered."""

    def __init__(self, *, dialect: Dialect = "status4_lan") -> None:
        """A printer, switched off.

        Args:
            dialect: How it answers ENQ. Over LAN it says no ACK or NAK to a job.
        """
        super().__init__()
        self._dialect = dialect
        self._analysing = False

    def press_line_key(self) -> None:
        """Off line; what was received waits."""
        self._get_into("offline")

    def press_line_key_again(self) -> None:
        self._cure("offline")

    def block_cutter(self) -> None:
        self._get_into("cutter_stuck")

    def free_cutter(self) -> None:
        self._cure("cutter_stuck")

    def think_long(self) -> None:
        """The next job is a large one: it is analysed and not counted until `begin_printing`."""
        self.work_slowly()
        self._change(lambda: setattr(self, "_analysing", True))

    def begin_printing(self) -> None:
        """The job is analysed; its labels are counted and come out one by one."""
        self._change(lambda: setattr(self, "_analysing", False))

    def read(self) -> list[bytes]:
        """Take whole jobs, and obey the control characters between them."""
        answers: list[bytes] = []
        while True:
            between, begin, rest = self._heard.partition(_BEGIN)
            for control in between:
                answers += self._obey(control)
            if not begin:
                self._heard = between[-1:] if between.endswith(b"\x1b") else b""
                return answers
            content, end, after = rest.partition(_END)
            if not end:
                self._heard = begin + rest
                return answers
            self._heard = after
            answers += self._job(begin + content + end)

    def _obey(self, control: int) -> list[bytes]:
        if control == _ENQ:
            return [self._status()]
        if control == _CAN:
            self.changing_bytes += 1
            self._forget_everything()
            return self._acknowledged()
        self.changing_bytes += control in _STOP_AND_START
        return []

    def repeats(self, raw: bytes) -> bool:
        """Always; only an order to forget keeps it from it."""
        return True

    def _job(self, raw: bytes) -> list[bytes]:
        quantity = _QUANTITY.search(raw)
        self.changing_bytes += len(raw)
        answers = self._acknowledged()
        self._take(raw, int(quantity[1]) if quantity else 1)
        return answers

    def _acknowledged(self) -> list[bytes]:
        if self._dialect in ("status4_lan", "status4_legacy"):
            return []
        return [_NAK if self._troubles & _ERRORS.keys() else _ACK]

    def _status(self) -> bytes:
        paced = self._pace is not None and not self._troubles
        idle = paced and not self._working()
        working = self._waiting[0] if self._waiting and not idle else None
        raw = working.raw if working else b""
        job, name = _JOB.search(raw), _NAME.search(raw)
        counted = working.left if working and not self._analysing else 0
        fields = (job[1] if job else b"  ") + self._letter(idle=idle) + b"%06d" % counted
        if self._dialect != "status3":
            fields += (name[1] if name else b"").rjust(16, b"0" if name else b" ")
        return _IN_FRONT[self._dialect] + b"\x02" + fields + b"\x03"

    def _letter(self, *, idle: bool) -> bytes:
        for trouble, letter in _ERRORS.items():
            if trouble in self._troubles:
                return letter
        row = b"S" if self._waiting and self._analysing else b"G" if self._waiting and not idle else b"A"
        if "offline" in self._troubles:
            row = b"0"
        return bytes([row[0] + 4]) if "paused" in self._troubles else row
