"""What is said while the spool is recorded, and what anybody outside the station knows of it at one moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Given:
    """A machine is about to put these, all or none."""

    payloads: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """`put` returned: the one before is kept, and these are its identities."""

    ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Stored:
    """The central database committed these: identity, payload and digest."""

    rows: tuple[tuple[UUID, bytes, bytes], ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """Something else the judge must know from here on."""

    what: str


Said = Given | Acknowledged | Stored | Remark
MAY_BE_PURGED = Remark("from here on what was forwarded may leave the file")
KILLED = Remark("what comes now is not done any more")


@dataclass(kw_only=True)
class Known:
    """Everything that was said until now."""

    given: list[tuple[bytes, ...]] = field(default_factory=list)
    acknowledged: dict[bytes, UUID] = field(default_factory=dict)
    stored: dict[UUID, tuple[bytes, bytes]] = field(default_factory=dict)
    purging: bool = False

    def hear(self, said: Said) -> None:
        match said:
            case Given(payloads):
                self.given.append(payloads)
            case Acknowledged(ids):
                self.acknowledged.update(zip(self.given[-1], ids, strict=True))
            case Stored(rows):
                self.stored.update({one: (payload, digest) for one, payload, digest in rows})
            case Remark():
                self.purging = self.purging or said == MAY_BE_PURGED

    def copy(self) -> Known:
        return Known(given=list(self.given), acknowledged=dict(self.acknowledged), stored=dict(self.stored), purging=self.purging)
