"""Files beside records: content-addressed, insert-only, in chunks. Trail and signatures carry their SHA-256, never their bytes.

A file goes in as a part of the command that needs it; the database compares bytes and fingerprint at commit.
"""

from __future__ import annotations

import hashlib
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.base.errors import RuleViolation
from app.base.ids import new_id
from app.core.records import Attachment
from app.core.work import NotFound, Work

LARGEST = 20 * 1024 * 1024
CHUNK = 512 * 1024


class FileTooLarge(RuleViolation):
    code = "FIL-01"
    text = "Not kept: {file} is larger than {largest} MB or empty."
    next_step = "Make the picture smaller, or split the file."


def keep_file(work: Work, content: bytes, *, file_name: str, mime: str) -> UUID:
    """Keep a file; the same bytes are kept once, whoever brings them and however they are called.

    Args:
        work: The command this is a part of.
        content: 1 byte to 20 MB.
        file_name: As people know it.
        mime: e.g. ``application/pdf``.

    Raises:
        FileTooLarge: nothing was kept.
    """
    if not 1 <= len(content) <= LARGEST:
        raise FileTooLarge(file=file_name, largest=LARGEST // 1024 // 1024)
    fingerprint = hashlib.sha256(content).digest()
    kept = new_id()
    row = {"id": kept, "sha256": fingerprint, "mime": mime, "file_name": file_name, "size_bytes": len(content)}
    first = insert(Attachment).values(row).on_conflict_do_nothing(index_elements=["sha256"]).returning(Attachment.id)
    if work.session.execute(first).scalar_one_or_none() is None:  # it was kept before, or somebody keeps it at this moment
        return work.get(Attachment, sha256=fingerprint).id
    chunks = [{"file": kept, "no": no, "bytes": content[at : at + CHUNK]} for no, at in enumerate(range(0, len(content), CHUNK))]
    work.session.execute(text("INSERT INTO lineside.attachment_chunk (attachment, no, bytes) VALUES (:file, :no, :bytes)"), chunks)
    return kept


def bytes_of(session: Session, attachment: UUID) -> bytes:
    """The bytes of a kept file, compared with their fingerprint once more.

    Raises:
        NotFound: there is no such file, or its bytes are not those its fingerprint names.
    """
    fingerprint = session.scalars(select(Attachment.sha256).filter_by(id=attachment)).one_or_none()
    rows = session.execute(text("SELECT bytes FROM lineside.attachment_chunk WHERE attachment = :id ORDER BY no"), {"id": attachment})
    content = b"".join(bytes(row.bytes) for row in rows)
    if fingerprint is None or hashlib.sha256(content).digest() != fingerprint:
        raise NotFound(record="file", key=attachment)
    return content
