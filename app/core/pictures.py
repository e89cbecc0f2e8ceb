"""Pictures: what a camera or an engineer brings is read to its end before it is kept; records name it by the SHA-256 of its bytes."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable
from io import BytesIO

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.base.errors import RuleViolation
from app.core.attachments import keep_file
from app.core.work import NotFound, Work

_MIMES = {"PNG": "image/png", "JPEG": "image/jpeg", "MPO": "image/jpeg"}
MOST_PIXELS = 60_000_000
LONGEST_NAME = 120
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Signs that turn the writing direction round."""
_UNREADABLE = (OSError, SyntaxError, ValueError, KeyError, EOFError, TypeError, AttributeError, IndexError, struct.error, MemoryError)
"""What reading a damaged picture may end in."""
_WITH_BYTES = text("""
    SELECT encode(a.sha256, 'hex') AS digest, string_agg(c.bytes, ''::bytea ORDER BY c.no) AS content
      FROM lineside.attachment a JOIN lineside.attachment_chunk c ON c.attachment = a.id
     WHERE a.sha256 = ANY (SELECT decode(d, 'hex') FROM unnest(CAST(:digests AS text[])) d) GROUP BY a.id""")


class NotAPicture(RuleViolation):
    code = "FIL-02"
    text = "Not stored: {file} cannot be shown: it is no whole picture in PNG or JPEG of at most 60 million pixels."
    next_step = "Save it anew as PNG or JPEG, or take it once more; then try again."


def kind_of_picture(content: bytes, file_name: str) -> str:
    """``image/png`` or ``image/jpeg``, read to the end. A JPEG may hold further pictures, as telephones write them: the first counts.

    Raises:
        NotAPicture: it is neither, it is cut off, or it has too many pixels.
    """
    from PIL import Image  # here, not above: an import in every start of the client for a rare order

    try:
        with Image.open(BytesIO(content), formats=("PNG", "JPEG")) as image:
            if image.width * image.height > MOST_PIXELS:
                raise NotAPicture(file=file_name)
            image.load()
            return _MIMES[str(image.format)]
    except NotAPicture:
        raise
    except (*_UNREADABLE, Image.DecompressionBombError, Image.DecompressionBombWarning) as trouble:
        raise NotAPicture(file=file_name) from trouble


def plain_name(file_name: str) -> str:
    """A file's name without signs nobody sees, and short: it proves nothing, so nothing is refused for it. Its ending stays."""
    seen = "".join(sign for sign in file_name if sign.isprintable() and sign not in _TURNS) or "picture"
    stem, dot, ending = seen.rpartition(".")
    return seen if len(seen) <= LONGEST_NAME else f"{stem[: LONGEST_NAME - len(dot) - len(ending)]}{dot}{ending}"[:LONGEST_NAME]


def keep_picture(work: Work, content: bytes, *, file_name: str) -> str:
    """Keep it, the same bytes once; returns their SHA-256 in hex, by which records name it.

    Raises:
        NotAPicture, FileTooLarge: nothing was kept.
    """
    keep_file(work, content, file_name=plain_name(file_name), mime=kind_of_picture(content, file_name))
    return hashlib.sha256(content).hexdigest()


def picture_of(session: Session, *, digest: str) -> bytes:
    """The bytes of the picture a record names by their SHA-256 in hex.

    Raises:
        NotFound: nobody kept it, or its bytes are not those any more.
    """
    return pictures_of(session, [digest])[digest]


def pictures_of(session: Session, digests: Iterable[str]) -> dict[str, bytes]:
    """The bytes behind several fingerprints, by fingerprint, in one question.

    Raises:
        NotFound: one of them is not kept, or its bytes are not those any more.
    """
    wanted = sorted(set(digests))
    found = {row.digest: bytes(row.content) for row in session.execute(_WITH_BYTES, {"digests": wanted})} if wanted else {}
    for digest in wanted:
        if hashlib.sha256(found.get(digest, b"")).hexdigest() != digest:
            raise NotFound(record="picture", key=digest)
    return found
