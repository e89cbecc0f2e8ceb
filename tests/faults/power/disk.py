"""A disk that forgets what nobody waited for: what a folder may look like after the power was cut at any moment.

It is told, event by event, what a program did. Bytes, lengths, names and folders last for certain once they were waited for (fsync); until
then the disk may have any of them, sector by sector, in any order, or none, and the sector it was writing when the power went is half old,
half new. It is stricter than most: no file system in use loses the name of a new file whose content was waited for.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from random import Random

SECTOR = 512
"""Bytes a disk writes whole or not, but for the one under its head."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something a program did to a file or a folder; `path` is relative to the disk."""

    path: str


@dataclass(frozen=True, slots=True)
class Made(Event):
    """A new file, empty; the name it takes may have been another's."""


@dataclass(frozen=True, slots=True)
class MadeFolder(Event):
    """A new folder, empty."""


@dataclass(frozen=True, slots=True)
class Written(Event):
    """Bytes, at their place."""

    offset: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Cut(Event):
    """The file was cut to a length, or grew to it."""

    size: int


@dataclass(frozen=True, slots=True)
class Waited(Event):
    """fsync of a file, or of a folder for the names in it."""


@dataclass(frozen=True, slots=True)
class Renamed(Event):
    """To another name in the same folder, in the place of whatever had it."""

    to: str


@dataclass(frozen=True, slots=True)
class Removed(Event):
    """A name was taken away."""


@dataclass(slots=True)
class File:
    """What the disk has for certain, and what was written since, in its order."""

    kept: bytes = b""
    since: list[tuple[int, Written | Cut]] = field(default_factory=list)

    def wait(self) -> None:
        *_, self.kept = self._states()
        self.since.clear()

    def _states(self) -> Iterator[bytes]:
        now = bytearray(self.kept)
        yield bytes(now)
        for _, change in self.since:
            _apply(now, change)
        yield bytes(now)

    def after(self, power: Power) -> bytes:
        """What is found after a power cut."""
        now, sizes, versions = bytearray(self.kept), [len(self.kept)], defaultdict[int, list[bytes]](list)
        moments: dict[int, list[int]] = defaultdict(list)
        size_moments: list[int] = []
        for moment, change in self.since:
            touched = _sectors(change, len(now))
            for sector in touched:
                if not versions[sector]:
                    versions[sector].append(_sector(now, sector))
            _apply(now, change)
            for sector in touched:
                versions[sector].append(_sector(now, sector))
                moments[sector].append(moment)
            if len(now) != sizes[-1]:
                sizes.append(len(now))
                size_moments.append(moment)
        size = sizes[power.which(size_moments)]
        found = bytearray(self.kept[:size]) + bytearray(power.filler(max(0, size - len(self.kept))))
        for sector, states in versions.items():
            _put(found, sector, power.sector(states, moments[sector], begin=sector * SECTOR, known=len(self.kept)))
        return bytes(found[:size])


@dataclass(slots=True)
class Folder:
    """The names the disk has for certain, and what became of names since."""

    kept: dict[str, File | Folder] = field(default_factory=dict)
    now: dict[str, File | Folder] = field(default_factory=dict)
    since: list[tuple[int, dict[str, File | Folder | None]]] = field(default_factory=list)

    def change(self, moment: int, names: dict[str, File | Folder | None]) -> None:
        self.since.append((moment, names))
        _rename(self.now, names)

    def wait(self) -> None:
        self.kept = dict(self.now)
        self.since.clear()

    def after(self, power: Power) -> dict[str, File | Folder]:
        """The names that are found after a power cut."""
        found = dict(self.kept)
        for moment, names in self.since:
            if power.has(moment):
                _rename(found, names)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Power:
    """How one power cut chose among what it was free to forget."""

    chance: Random
    upto: int | None
    """Everything until this moment reached the disk and nothing after it; ``None``: each sector and name as chance will have it."""
    torn: bool
    """Whether the sector under the head is half written."""
    rubbish: bool
    """Whether room that was given to a file and never written holds what lay there before, instead of zeros."""

    def has(self, moment: int) -> bool:
        return self.chance.random() < 0.5 if self.upto is None else moment <= self.upto

    def which(self, moments: list[int]) -> int:
        """Of a thing that changed at these moments: how many of its changes the disk has."""
        return self.chance.randint(0, len(moments)) if self.upto is None else bisect_right(moments, self.upto)

    def sector(self, states: list[bytes], moments: list[int], *, begin: int, known: int) -> bytes:
        """One of the states a sector was in; where it never reached the disk, what lay there."""
        chosen = self.which(moments)
        if self.torn and chosen + 1 < len(states) and (self.upto is None or moments[chosen] == self.upto + 1):
            middle = self.chance.randrange(SECTOR)
            return states[chosen + 1][:middle] + states[chosen][middle:]
        return self.filler(SECTOR) if chosen == 0 and begin >= known else states[chosen]

    def filler(self, size: int) -> bytes:
        return self.chance.randbytes(size) if self.rubbish else bytes(size)


class Disk:
    """One disk, from what it held when it was bought to the moment the power goes."""

    def __init__(self, held: Mapping[str, bytes] | None = None, *, honest: bool = True, of_names: bool = True) -> None:
        """Begin.

        Args:
            held: What it has for certain.
            honest: Or it says "written" and has not.
            of_names: Or it forgets to wait for the names of a folder.
        """
        self.top, self.moment, self._honest, self._of_names = Folder(), 0, honest, of_names
        for path, content in (held or {}).items():
            self._folder(path, make=True).change(0, {PurePosixPath(path).name: File(content)})
        self._settle(self.top)

    def take(self, event: Event) -> None:
        """What a program did next."""
        self.moment += 1
        here, name = self._folder(event.path), PurePosixPath(event.path).name
        match event:
            case Made():
                here.change(self.moment, {name: File()})
            case MadeFolder():
                here.change(self.moment, {name: Folder()})
            case Renamed():
                here.change(self.moment, {name: None, PurePosixPath(event.to).name: here.now[name]})
            case Removed():
                here.change(self.moment, {name: None})
            case Waited():
                self._wait(self._at(event.path))
            case Written() | Cut():
                if isinstance(file := self._at(event.path), File):  # else it was written after it lost its name
                    file.since.append((self.moment, event))

    def cut(self, chance: Random) -> dict[str, bytes | None]:
        """What is found when the power is back, by path; ``None``: a folder."""
        upto = None if chance.random() < 0.5 else self.moment - int(chance.expovariate(0.1))
        power = Power(chance=chance, upto=upto, torn=chance.random() < 0.5, rubbish=chance.random() < 0.5)
        return dict(_found(self.top.after(power), "", power))

    def all(self) -> dict[str, bytes | None]:
        """Everything that was done, as after a kill: the power stays on."""
        power = Power(chance=Random(0), upto=self.moment, torn=False, rubbish=False)
        return dict(_found(self.top.after(power), "", power))

    def _wait(self, what: File | Folder | None) -> None:
        if self._honest and what is not None and (self._of_names or isinstance(what, File)):
            what.wait()

    def _at(self, path: str) -> File | Folder | None:
        name = PurePosixPath(path).name
        return self._folder(path).now.get(name) if name else self.top

    def _folder(self, path: str, *, make: bool = False) -> Folder:
        here = self.top
        for name in PurePosixPath(path).parts[:-1]:
            if make and name not in here.now:
                here.change(0, {name: Folder()})
            inner = here.now[name]
            assert isinstance(inner, Folder), path
            here = inner
        return here

    def _settle(self, folder: Folder) -> None:
        folder.wait()
        for inner in folder.now.values():
            if isinstance(inner, Folder):
                self._settle(inner)


def written_out(found: Mapping[str, bytes | None], folder: Path) -> None:
    """Lay down what a power cut left, in an empty folder."""
    for path, content in found.items():
        if content is None:
            (folder / path).mkdir(parents=True)
        else:
            (folder / path).write_bytes(content)


def _found(names: Mapping[str, File | Folder], above: str, power: Power) -> Iterator[tuple[str, bytes | None]]:
    for name, what in names.items():
        if isinstance(what, File):
            yield above + name, what.after(power)
        else:
            yield above + name, None
            yield from _found(what.after(power), f"{above}{name}/", power)


def _rename(names: dict[str, File | Folder], changes: Mapping[str, File | Folder | None]) -> None:
    for name, what in changes.items():
        if what is None:
            names.pop(name, None)
        else:
            names[name] = what


def _apply(now: bytearray, change: Written | Cut) -> None:
    end = change.size if isinstance(change, Cut) else change.offset + len(change.content)
    if len(now) < end:
        now.extend(bytes(end - len(now)))
    if isinstance(change, Cut):
        del now[end:]
    else:
        now[change.offset : end] = change.content


def _sectors(change: Written | Cut, size: int) -> range:
    """Which ones a change alters in a file of this size; what was cut off is gone, though the file may grow again."""
    if isinstance(change, Cut):
        return range(change.size // SECTOR, -(-size // SECTOR))
    return range(change.offset // SECTOR, -(-(change.offset + len(change.content)) // SECTOR))


def _sector(now: bytearray, number: int) -> bytes:
    return bytes(now[number * SECTOR : (number + 1) * SECTOR]).ljust(SECTOR, b"\0")


def _put(found: bytearray, number: int, content: bytes) -> None:
    end = min((number + 1) * SECTOR, len(found))
    if number * SECTOR < end:
        found[number * SECTOR : end] = content[: end - number * SECTOR]
