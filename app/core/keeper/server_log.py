"""Wrong passwords past the stations: the server tells them to its log alone. Read from where it was read last."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.core.keeper.found import Found
from app.core.keeper.thresholds import RefusedLogIns

_REFUSED = re.compile(
    r"^(?P<at>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:\.\d+)? (?P<zone>\S+) .*FATAL:  password authentication failed for user \"(?P<login>.*)\"$"
)
"""As the embedded server's ``log_line_prefix`` begins: ``%m``, in UTC."""
_LONGEST_NAME = 64
ANY = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """One wrong password."""

    login: str
    at: datetime


class ServerLog:
    """Of one server. What stood in the log before the first look is not looked at: the keeper starts now."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[Path, int] | None = None

    def refused(self) -> list[Refused]:
        """Wrong passwords since the last look, oldest first.

        Raises:
            OSError: the log cannot be read.
        """
        files = sorted(self._folder.glob("*.log"), key=lambda file: file.stat().st_mtime)
        if self._read is None:
            self._read = {file: file.stat().st_size for file in files}
            return []
        found = [one for file in files for one in self._new_lines(file, self._read)]
        self._read = {file: at for file, at in self._read.items() if file in files}
        return found

    def _new_lines(self, file: Path, read: dict[Path, int]) -> Iterator[Refused]:
        at = read.get(file, 0)
        if file.stat().st_size < at:  # begun anew, a year later or after a rotation
            at = 0
        with file.open("rb") as lines:
            lines.seek(at)
            for line in lines:
                if not line.endswith(b"\n"):  # still being written
                    break
                at += len(line)
                if (one := _refused(line.decode("utf-8", errors="replace").rstrip())) is not None:
                    yield one
        read[file] = at


def _refused(line: str) -> Refused | None:
    match = _REFUSED.match(line)
    if match is None or match["zone"] not in ("UTC", "GMT"):
        return None
    return Refused(login=match["login"][:_LONGEST_NAME], at=datetime.fromisoformat(match["at"]).replace(tzinfo=UTC))


class LogInWatch:
    """Counts wrong passwords by name, and all together; what a station reported itself is not counted twice."""

    def __init__(self) -> None:
        self._seen: dict[str, deque[datetime]] = {ANY: deque()}

    def look(self, refused: list[Refused], reported: Mapping[str, int], limits: RefusedLogIns) -> list[Found]:
        """What is too much now.

        Args:
            refused: New ones from the log.
            reported: By login, how many the stations reported within the window; each stands in the log too.
            limits: From when on.
        """
        for one in refused:
            for name in (one.login, ANY):
                self._seen.setdefault(name, deque()).append(one.at)
        newest = max((seen[-1] for seen in self._seen.values() if seen), default=None)
        found = []
        for name, seen in list(self._seen.items()):
            while newest is not None and seen and newest - seen[0] > timedelta(minutes=limits.minutes):
                seen.popleft()
            known = sum(reported.values()) if name == ANY else reported.get(name, 0)
            if len(seen) - known >= (limits.of_all if name == ANY else limits.many):
                found.append(_found(name, list(seen), known))
                seen.clear()
            if not seen and name != ANY:
                del self._seen[name]
        return found


def _found(login: str, seen: list[datetime], known: int) -> Found:
    facts = {"login": login, "refused": len(seen) - known, "from": seen[0].isoformat(), "to": seen[-1].isoformat()}
    return Found(kind="refused log-ins", key=f"log-ins:{login}:{seen[0]:%Y-%m-%dT%H:%M:%S}", facts=facts)
