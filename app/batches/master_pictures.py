"""Pictures of work instructions: brought beside the record that names them, kept by their fingerprint, and pinned by what is signed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

from app.base.errors import RuleViolation
from app.batches.master import MasterRecord
from app.batches.rules import PictureWanted
from app.core.attachments import keep_file
from app.core.work import Work

_MIMES = {"PNG": "image/png", "JPEG": "image/jpeg"}


class NotAPicture(RuleViolation):
    code = "MBR-10"
    text = "Not stored: {file} cannot be shown: it is no whole picture in PNG or JPEG."
    next_step = "Save it anew as PNG or JPEG, then import again."


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
        _format_of(picture)
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
        keep_file(work, picture.content, file_name=name, mime=_MIMES[_format_of(picture)])
        kept[name] = hashlib.sha256(picture.content).hexdigest()
    return replace(record, steps=tuple(replace(step, picture=kept.get(step.picture or "")) for step in record.steps))


def _format_of(picture: Picture) -> str:
    """``PNG`` or ``JPEG``, read to the end.

    Raises:
        NotAPicture: it is neither, or it is cut off.
    """
    from PIL import Image, UnidentifiedImageError  # here, not above: an import in every start of the client for one order of the engineer

    try:
        with Image.open(BytesIO(picture.content), formats=tuple(_MIMES)) as image:
            image.load()
            return str(image.format)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as trouble:
        raise NotAPicture(file=picture.file_name) from trouble
