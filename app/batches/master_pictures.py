"""Pictures of work instructions: brought beside the record that names them, kept by their fingerprint, and pinned by what is signed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from app.batches.master import MasterRecord
from app.batches.rules import PictureWanted
from app.core.pictures import keep_picture, kind_of_picture
from app.core.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A file beside the record. ``content``: PNG or JPEG, at most 20 MB."""

    file_name: str
    content: bytes


def named_in(record: MasterRecord) -> Mapping[str, str]:
    """File names of the pictures its steps name, each with the first step that names it."""
    named: dict[str, str] = {}
    for step in record.steps:
        if step.picture is not None:
            named.setdefault(step.picture, step.key)
    return named


def pictures_beside(file: Path, record: MasterRecord) -> tuple[Picture, ...]:
    """The pictures a record names, read from the folder its file lies in; each is whole.

    Raises:
        PictureWanted: one does not lie there; a name that leads out of the folder names none.
        NotAPicture: one is no picture.
        OSError: one cannot be read.
    """
    found = []
    for name, step in named_in(record).items():
        beside = file.parent / name
        if beside.name != name or not beside.is_file():
            raise PictureWanted(step=step, file=name)
        picture = Picture(file_name=name, content=beside.read_bytes())
        kind_of_picture(picture.content, name)
        found.append(picture)
    return tuple(found)


def with_pictures_kept(work: Work, record: MasterRecord, pictures: Iterable[Picture]) -> MasterRecord:
    """Keep what the steps name; in the record that is stored the SHA-256 of the bytes stands where the file had a name.

    Raises:
        PictureWanted: a step names a picture that was not brought.
        NotAPicture, FileTooLarge: nothing was kept.
    """
    brought = {picture.file_name: picture for picture in pictures}
    kept: dict[str, str] = {}
    for name, step in named_in(record).items():
        picture = brought.get(name)
        if picture is None:
            raise PictureWanted(step=step, file=name)
        kept[name] = keep_picture(work, picture.content, file_name=name)
    return replace(record, steps=tuple(replace(step, picture=kept.get(step.picture or "")) for step in record.steps))
