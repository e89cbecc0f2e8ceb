"""How a simulated instrument hears commands that end with LF, however they were split on their way."""

from __future__ import annotations

from collections.abc import Iterator


class CommandLines:
    """Collects what a station says; holds at most one unfinished command."""

    def __init__(self) -> None:
        self._begun = bytearray()

    def feed(self, message: bytes) -> Iterator[tuple[str, int]]:
        """Yield every command that is complete now, without CR LF, and how many bytes it took."""
        self._begun += message
        while b"\n" in self._begun:
            line, _, rest = self._begun.partition(b"\n")
            self._begun = bytearray(rest)
            yield line.rstrip(b"\r").decode("latin-1"), len(line) + 1
