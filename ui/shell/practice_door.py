"""From the sign-in into practice: a program of its own beside this one, with its own window, server and devices."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from PySide6.QtCore import QProcess, QProcessEnvironment

from app.base.phrases import RESOURCES, Phrase
from app.cli.practice import OPEN, TO_FRONT
from ui.kit import State, Words
from ui.shell.face import Notice
from ui.shell.side_door import SideDoor

END_S = 20
"""The database of practice is stopped within this time, or the program is ended without waiting for it."""
KEPT_FROM_PRACTICE = ("LINESIDE_SERVER", "LINESIDE_STATION", "LINESIDE_STATION_SECRET_FILE")
_LAST_LINES = 2


def practice_command() -> list[str]:
    """How this installation is started for practice, hearing lines on standard input."""
    program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, str(RESOURCES.parent / "main.py")]
    return [*program, "practice", "--obey"]


class PracticeDoor(SideDoor):
    """One practice at a time: pressed again, its window comes to the front. It ends with this window, also when this program died."""

    def __init__(self, command: Sequence[str]) -> None:
        """Args:
        command: Program and arguments, see `practice_command`.
        """
        super().__init__(Phrase("Practice"), icon="plant")
        self._command = list(command)
        self._said: list[str] = []
        self._closing = self._stands = False
        self.process = QProcess(self)
        self.process.setProcessEnvironment(_environment())
        self.process.readyReadStandardError.connect(self._hear_step)
        self.process.readyReadStandardOutput.connect(self._hear_open)
        self.process.finished.connect(self._ended)
        self.process.errorOccurred.connect(self._failed)

    def open(self) -> None:
        """Start it, or bring it to the front."""
        if self.process.state() is not QProcess.ProcessState.NotRunning:
            self.process.write(f"{TO_FRONT}\n".encode())
            self._tell(Phrase("Practice is running already, in its own window with the amber frame."))
            return
        self._said, self._stands = [], False
        self._tell(Phrase("Practice is being opened in a window of its own."))
        self.process.start(self._command[0], self._command[1:])

    def close(self) -> None:
        """Let it end: its input ends, and that closes its window."""
        self._closing = True
        if self.process.state() is QProcess.ProcessState.NotRunning:
            return
        self.process.closeWriteChannel()
        if not self.process.waitForFinished(END_S * 1000):
            self.process.kill()
            self.process.waitForFinished(END_S * 1000)

    def _hear_step(self) -> None:
        lines = bytes(self.process.readAllStandardError().data()).decode("utf-8", "replace").splitlines()
        self._said = [*self._said, *(line for line in lines if line.strip())][-_LAST_LINES:]
        if self._said and not self._stands:
            self._tell(Phrase("Practice is being opened in a window of its own: {step}", step=self._said[-1]))

    def _hear_open(self) -> None:
        lines = bytes(self.process.readAllStandardOutput().data()).decode("utf-8", "replace").splitlines()
        if OPEN in lines:
            self._stands = True
            self._tell(Phrase("Practice is running in its own window with the amber frame."))

    def _ended(self, code: int, status: QProcess.ExitStatus) -> None:
        self._tell("")
        if code != 0 or status is not QProcess.ExitStatus.NormalExit:
            self._fail(Phrase("Practice ended by itself."), " ".join(self._said))

    def _failed(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._tell("")
            self._fail(Phrase("Practice could not be started."), self.process.errorString())

    def _tell(self, words: Words) -> None:
        if not self._closing:
            self.told.emit(words)

    def _fail(self, heading: Phrase, line: str) -> None:
        if not self._closing:
            self.failed.emit(Notice(state=State.FAIL, heading=heading, line=line))


def _environment() -> QProcessEnvironment:
    """Ours, without what names the plant's server, station and secret: practice has its own."""
    kept = QProcessEnvironment()
    for name, value in os.environ.items():
        if name not in KEPT_FROM_PRACTICE:
            kept.insert(name, value)
    return kept
