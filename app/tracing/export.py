"""The record of a lot as one file that can be checked without our software (capability F10), and what every such file is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.base.phrases import Language, Phrase
from app.core.masking import demand_sees
from app.reports.bundle import bundle, json_line
from app.tracing.belongings import OF_LOT, SEEN_OF_LOT, rows_of
from app.tracing.queries import lot_history
from app.tracing.report import lot_paper
from app.tracing.seal_proofs import seal_lines

# The rows as the trail's images have them: written by row_to_json, in UTC, bytes as hex (migrations/sql/audit.sql).
_ONE_MOMENT = text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
_AS_IN_THE_TRAIL = text("SELECT set_config('timezone', 'UTC', true), set_config('bytea_output', 'hex', true)")
_TRAIL = text("SELECT chain, seq, payload, prev, hash FROM lineside.audit_log_seen WHERE row_id = ANY(:rows) ORDER BY chain, seq")
_SIGNED = text("SELECT id, digest, content FROM lineside.signature_seen WHERE id = ANY(:rows) ORDER BY id")


def lot_bundle(session: Session, lot: UUID, language: Language) -> bytes:
    """Everything on record of a lot: asked again while nothing was changed, it is the same file, byte for byte.

    Args:
        session: Of a person who may read the trail; this must be its transaction's first question, so that everything is of one moment.
        lot: Which one.
        language: Of the paper; rows and trail are the record's own.

    Raises:
        NotFound: there is no such lot.
        NotAllowed: this person may not read the trail.
        NotShownToYou: this person does not see all that the record holds; half of it would prove nothing.
    """
    hold_one_moment(session)
    demand_sees(session, *SEEN_OF_LOT)
    history = lot_history(session, lot, pictures=True)
    parts = record_parts(session, lot, rows_of(session, OF_LOT, lot))
    parts |= picture_parts(history.pictures)
    printed = Phrase("Version {version} of lot {lot}", version=history.lot.version, lot=history.lot.code)
    parts[f"record.{language.value}.pdf"] = lot_paper(history, language, printed=printed)
    return bundle(parts, record={"kind": "lot", "code": history.lot.code, "version": str(history.lot.version)}, practice=history.practice)


def hold_one_moment(session: Session) -> None:
    """Everything that is asked from here on is of one moment, and written as the trail writes it; the transaction's first question."""
    session.execute(_ONE_MOMENT)
    session.execute(_AS_IN_THE_TRAIL)


def record_parts(session: Session, record: UUID, rows: Sequence[Row[Any]]) -> dict[str, bytes]:
    """Rows, trail, signatures and the seals of its releases as parts of a bundle."""
    ids = [row.id for row in rows]
    seals = seal_lines(session, record, ids)
    return {
        "rows.jsonl": b"".join(_row_line(row) for row in rows),
        "trail.jsonl": entry_lines(session.execute(_TRAIL, {"rows": ids})),
        "signatures.jsonl": digest_lines("signature", session.execute(_SIGNED, {"rows": ids})),
        **({"seals.jsonl": seals} if seals else {}),
    }


def picture_parts(pictures: Mapping[str, bytes]) -> dict[str, bytes]:
    """Files as parts of a bundle, each under its SHA-256."""
    return {f"attachment.{digest}": content for digest, content in pictures.items()}


def _row_line(row: Row[Any]) -> bytes:
    """The image stays the database's own text: reading and writing it again could lose a digit."""
    return f'{{"table":"{row.tab}","row":{row.image}}}\n'.encode()


def entry_lines(entries: Iterable[Row[Any]]) -> bytes:
    """Entries of the trail, one a line."""
    linked = ((entry, {"prev": bytes(entry.prev).hex(), "hash": bytes(entry.hash).hex()}) for entry in entries)
    return b"".join(json_line({"chain": entry.chain, "seq": entry.seq, "payload": entry.payload, **links}) for entry, links in linked)


def digest_lines(what: str, rows: Iterable[Row[Any]]) -> bytes:
    """Texts with their SHA-256, one a line: ``{what: id, "digest", "content"}``."""
    return b"".join(json_line({what: str(row.id), "digest": bytes(row.digest).hex(), "content": row.content}) for row in rows)
