"""One entry of the spool, and the hash that binds it to the entry before."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

_ROW = b"lineside spool row 1\0"
_CONTENT = b"lineside spool content 1\0"
_NUMBERS, _LENGTHS = struct.Struct(">2q"), struct.Struct(">7q")


class State(StrEnum):
    """What has become of an entry. Text of different lengths: no single rotten byte makes one of another."""

    WAITING = "waiting"
    DONE = "done"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One entry as it is forwarded. The database orders by `seq`, never by `wall`."""

    seq: int
    """Order of arrival at this station, from 1, within one file."""
    id: UUID
    """UUIDv7 made when the entry was kept; stays the same however often it is sent, also out of a salvaged file."""
    kind: str
    """What the payload is; decides who understands it."""
    payload: bytes
    wall: datetime
    """The workstation's time of keeping, UTC: metadata, the official time is the database's."""
    mono_ns: int
    """Nanoseconds that never ran backwards since `boot_id` began."""
    boot_id: str
    prev: bytes
    hash: bytes
    """SHA-256 over `prev` and everything above; another one after salvage, because the entry stands in another chain then."""

    @property
    def digest(self) -> bytes:
        """SHA-256 over kind and payload, for whoever compares an id that came twice; not touched by salvage."""
        kind = self.kind.encode()
        return sha256(_CONTENT + struct.pack(">q", len(kind)) + kind + self.payload).digest()


class Stored(NamedTuple):
    """An entry as the file gives it. A damaged file may give anything here, whatever the types promise."""

    seq: int
    id: bytes
    kind: str
    payload: bytes
    wall: str
    mono_ns: int
    boot_id: str
    prev: bytes
    hash: bytes
    state: str
    error: str
    settled: str

    @property
    def sound(self) -> bool:
        """Whether the content is what was hashed when it was kept. SQLite itself does not see a flipped byte of a payload."""
        try:
            return hash_of(self, seq=self.seq, prev=self.prev) == self.hash
        except (TypeError, AttributeError, struct.error, UnicodeEncodeError):
            return False

    @property
    def row(self) -> Row:
        """The entry for those who forward it; only of a sound one."""
        return Row(
            seq=self.seq,
            id=UUID(bytes=self.id),
            kind=self.kind,
            payload=self.payload,
            wall=datetime.fromisoformat(self.wall),
            mono_ns=self.mono_ns,
            boot_id=self.boot_id,
            prev=self.prev,
            hash=self.hash,
        )


def hash_of(entry: Stored, *, seq: int, prev: bytes) -> bytes:
    """SHA-256 of an entry at a place of a chain. Every part comes with its length, so no two entries share one text."""
    numbers = _NUMBERS.pack(seq, entry.mono_ns)
    parts = (prev, numbers, entry.id, entry.kind.encode(), entry.payload, entry.wall.encode(), entry.boot_id.encode())
    return sha256(_ROW + _LENGTHS.pack(*map(len, parts)) + b"".join(parts)).digest()
