"""What was acknowledged last, in a small file beside the spool's: shows when a spool has lost its end.

SQLite ends its journal at the first damaged byte and calls the rest a write that never finished; a file brought back from
yesterday looks whole too. The witness is written after every put and never waited for: it may lag behind, it is never ahead.
"""

from __future__ import annotations

import struct
from contextlib import suppress
from hashlib import sha256
from io import FileIO
from pathlib import Path

from app.base.phrases import Phrase
from app.core.spool.outbox_file import Head, OutboxFile
from app.core.spool.sqlite import FileDamaged, FileOfAnother, explained

_SHAPE = struct.Struct(">16sq32s")
_PROOF_BYTES = 8


class Witness:
    """Remembers the head of the chain between two runs of the program."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._open: FileIO | None = None

    def note(self, head: Head) -> None:
        """Remember what was just acknowledged. A disk that refuses costs the warning, never the entry."""
        said = _SHAPE.pack(head.chain, head.seq, head.hash)
        with suppress(OSError):
            if self._open is None:
                self._open = self._file.open("r+b" if self._file.exists() else "w+b", buffering=0)
            self._open.seek(0)
            self._open.write(said + _proof(said))

    def compare(self, file: OutboxFile) -> None:
        """Hold a file that was just opened against what was acknowledged.

        Another chain is right where it goes on from a damaged file: the power may go before the witness has heard of it.

        Raises:
            FileOfAnother: a first file, and acknowledged was what another one kept.
            FileDamaged: acknowledged entries are missing at its end, or others stand in their place.
        """
        last = self.last()
        if last is None:
            return
        if last.chain != file.chain:
            if last.seq and not file.former:
                raise FileOfAnother(Phrase("it is not the one in which this station kept its entries"))
            return
        if file.head.seq < last.seq:
            raise FileDamaged(Phrase("its end is missing"))
        with explained(file.path.parent):
            row = file.connection.execute("SELECT hash FROM outbox WHERE seq = ?", (last.seq,)).fetchone()
        if row is not None and row[0] != last.hash:
            raise FileDamaged(Phrase("its end was replaced"))

    def last(self) -> Head | None:
        """What was acknowledged last; ``None``: nobody knows."""
        try:
            said = self._file.read_bytes()
        except OSError:
            return None
        content, proof = said[: _SHAPE.size], said[_SHAPE.size :]
        if len(content) != _SHAPE.size or proof != _proof(content):
            return None
        chain, seq, found = _SHAPE.unpack(content)
        return Head(chain=chain, seq=seq, hash=found)

    def close(self) -> None:
        """Let go of the file."""
        if self._open is not None:
            self._open.close()
            self._open = None


def _proof(said: bytes) -> bytes:
    return sha256(said).digest()[:_PROOF_BYTES]
