"""PostgreSQL's own programs, run as ourselves: their output as a stream, their words kept, secrets in their environment alone."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO

_LET_US_IN = ("PGPASSWORD", "PGPASSFILE", "PGSSLROOTCERT", "PGSSLCERT", "PGSSLKEY")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """How a program ended."""

    code: int
    words: str

    @property
    def last_words(self) -> str:
        """Its last complaint, in one line."""
        lines = [line.strip() for line in self.words.splitlines() if line.strip()]
        complaints = [line for line in lines if "error:" in line or "FATAL" in line]
        return (complaints or lines or ["no words"])[-1]


class Streaming:
    """A program whose output is being read."""

    def __init__(self, program: subprocess.Popen[bytes], words: IO[bytes]) -> None:
        self._program, self._words = program, words
        assert program.stdout is not None
        self.out: IO[bytes] = program.stdout

    def ended(self) -> Said:
        """Wait for its end; its output must have been read."""
        code = self._program.wait()
        self._words.seek(0)
        return Said(code=code, words=self._words.read().decode(errors="replace"))


@contextmanager
def streamed(command: Sequence[object], secrets: Mapping[str, str]) -> Iterator[Streaming]:
    """Run a program in plain English, of our PG* variables only with those that let us in; killed when the block ends before it does."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG", "LD_"))}
    files = {
        name: os.environ[name] for name in ("PGPASSWORD", "PGPASSFILE", "PGSSLROOTCERT", "PGSSLCERT", "PGSSLKEY") if name in os.environ
    }
    with (
        TemporaryFile() as words,
        subprocess.Popen(
            [str(word) for word in command],
            env={**kept, **files, **secrets, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=words,
        ) as program,
    ):
        try:
            yield Streaming(program, words)
        finally:
            if program.poll() is None:
                program.kill()
