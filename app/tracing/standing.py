"""Does what was signed still stand? The canonical text of the signature against the one the database computes now.

The digest alone cannot say why it differs: a lot grows by rule after it was held (packs, readings, decisions). So where it
differs, the texts are read field by field: whatever was signed must still be there, and whatever was added needs an entry that is
younger than the signature. Nothing else explains a difference.

Source of the text: ``migrations/sql/subjects.sql``, ``canonical_lot`` and ``canonical_deviation``, ``canonical_step`` and
``canonical_batch`` in ``batches_subjects.sql``, all of form 1; their joints: ``part`` in ``signature.sql``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.core.masking import MASK
from app.core.records import SignatureRow
from app.tracing.history import Standing

Fields = tuple[str | None, ...]
_LOT = "lot|1|"
_BATCH = "batch|1|"
_OWN = 15
"""Fields of a batch before its deviations: identity, frozen copy, steps, units. After them: what a reviewer accepted, if anything."""
_IDENTITY = 11
"""Fields that never change: id, code, item, supplier, its lot, site, dates, unit, who opened it and when."""
_UNDO = 9
"""Place of the reason that undid it, in a receipt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """One signature as it was stored, beside what the database computes now."""

    version: int
    at: datetime
    content: str
    digest: bytes
    version_now: int
    content_now: str
    digest_now: bytes

    @property
    def is_masked(self) -> bool:
        """Whether who asks does not see the text: then the database's digests alone are compared."""
        return self.content == MASK

    @classmethod
    def of(cls, row: SignatureRow, version_now: int, content_now: str, digest_now: bytes) -> Signed:
        """A stored signature beside today's version, text and digest of its record."""
        return cls(
            version=row.subject_version,
            at=row.at,
            content=row.content,
            digest=bytes(row.digest),
            version_now=version_now,
            content_now=content_now,
            digest_now=digest_now,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """Database times of every entry of the lot: only an entry younger than the signature explains a difference."""

    receipts: tuple[datetime, ...]
    undos: tuple[datetime, ...]
    consumptions: tuple[datetime, ...]
    """Taken for a batch and taken back: each is one more entry of the ledger."""
    weighings: tuple[datetime, ...]
    inspection: tuple[datetime, ...]
    """Begun, every reading, completed."""
    deviations: tuple[datetime | None, ...]
    """Opened and decided; ``None``: still open, may be described anew at any time."""


def standing_of_lot(signed: Signed, entered: Entered) -> Standing:
    """Whether a signature on a lot stands; a text of another form than the one known here counts as broken."""
    if signed.is_masked:
        return _by_digest(signed)
    if not _is_own_text(signed):
        return Standing.BROKEN
    if signed.content == signed.content_now:
        return Standing.STANDS
    if not (signed.content.startswith(_LOT) and signed.content_now.startswith(_LOT)):
        return Standing.BROKEN
    try:
        explained = _is_explained(_fields(signed.content, len(_LOT)), _fields(signed.content_now, len(_LOT)), signed.at, entered)
    except _NotCanonical:
        return Standing.BROKEN
    return Standing.LATER if explained else Standing.BROKEN


def standing_of_deviation(signed: Signed) -> Standing:
    """A deviation described anew has a new version: signatures on the old one count no longer, and are not broken."""
    if not _is_own_text(signed):
        return Standing.BROKEN
    if signed.content == signed.content_now:
        return Standing.STANDS
    return Standing.LATER if signed.version < signed.version_now else Standing.BROKEN


def standing_of_step(signed: Signed) -> Standing:
    """A correction raises the version of the signature step: what was signed before it counts no longer, and is not broken."""
    if signed.is_masked:
        told = _by_digest(signed)
        return Standing.FELL if told is Standing.UNTOLD and signed.version < signed.version_now else told
    if not _is_own_text(signed):
        return Standing.BROKEN
    if signed.content == signed.content_now:
        return Standing.STANDS
    return Standing.FELL if signed.version < signed.version_now else Standing.BROKEN


def standing_of_batch(signed: Signed, deviations: Sequence[datetime | None]) -> Standing:
    """After a release only a deviation explains a difference; `deviations` as in `Entered`."""
    if not _is_own_text(signed):
        return Standing.BROKEN
    if signed.content == signed.content_now:
        return Standing.STANDS
    if not (signed.content.startswith(_BATCH) and signed.content_now.startswith(_BATCH)):
        return Standing.BROKEN
    try:
        was, now = _fields(signed.content, len(_BATCH)), _fields(signed.content_now, len(_BATCH))
    except _NotCanonical:
        return Standing.BROKEN
    explained = (
        was[:_OWN] == now[:_OWN]
        and was[_OWN + 1 :] == now[_OWN + 1 :]
        and any(moment is None or moment > signed.at for moment in deviations)
    )
    return Standing.LATER if explained else Standing.BROKEN


def _by_digest(signed: Signed) -> Standing:
    return Standing.STANDS if signed.digest == signed.digest_now else Standing.UNTOLD


def _is_own_text(signed: Signed) -> bool:
    return hashlib.sha256(signed.content.encode()).digest() == signed.digest


def _is_explained(was: Fields, now: Fields, at: datetime, entered: Entered) -> bool:
    if len(was) != len(now) or was[:_IDENTITY] != now[:_IDENTITY]:
        return False
    receipts, ledger, containers, inspections, deviations = range(_IDENTITY, _IDENTITY + 5)
    added = sum(1 for moment in entered.receipts if moment > at)
    undone = sum(1 for moment in entered.undos if moment > at)
    used = sum(1 for moment in entered.consumptions if moment > at)
    return (
        _grew(_rows(was[receipts]), _rows(now[receipts]), added, may_change=_UNDO if undone else None)
        and _grew(_rows(was[ledger]), _rows(now[ledger]), added + undone + used, may_change=None)
        and _grew(_rows(was[containers]), _rows(now[containers]), added, may_change=2 if _any_after(entered.weighings, at) else None)
        and (was[inspections] == now[inspections] or _any_after(entered.inspection, at))
        and (was[deviations] == now[deviations] or any(moment is None or moment > at for moment in entered.deviations))
    )


def _grew(was: Sequence[Fields], now: Sequence[Fields], added: int, *, may_change: int | None) -> bool:
    """Whether every signed row is still there, field by field, and exactly `added` ones came; one field may have changed by rule."""
    if len(now) - len(was) != added:
        return False
    by_key = {row[0]: row for row in now}
    for row in was:
        same = by_key.get(row[0], ())
        if len(same) != len(row) or any(a != b for n, (a, b) in enumerate(zip(row, same, strict=True)) if n != may_change):
            return False
    return True


def _any_after(moments: Sequence[datetime], at: datetime) -> bool:
    return any(moment > at for moment in moments)


class _NotCanonical(ValueError):
    """The text is not what ``part`` writes."""


def _fields(text: str, start: int) -> Fields:
    """The fields of one ``part``, to the end of the text."""
    fields, end = _one_part(text, start)
    if end != len(text):
        raise _NotCanonical(text[end : end + 20])
    return fields


def _rows(joined: str | None) -> list[Fields]:
    """Several parts joined by ``;``; none at all for a field that holds nothing."""
    rows: list[Fields] = []
    at = 0
    while joined and at < len(joined):
        fields, at = _one_part(joined, at)
        rows.append(fields)
        at += 1
    return rows


def _one_part(text: str, at: int) -> tuple[Fields, int]:
    """Read ``5:value|-|0:`` from `at`; returns the fields and where the part ended."""
    fields: list[str | None] = []
    while True:
        if text.startswith("-", at):
            fields.append(None)
            at += 1
        else:
            digits, colon, _ = text[at : at + 12].partition(":")
            if not colon or not digits.isdecimal():
                raise _NotCanonical(text[at : at + 20])
            begin = at + len(digits) + 1
            at = begin + int(digits)
            fields.append(text[begin:at])
        if not text.startswith("|", at):
            return tuple(fields), at
        at += 1
