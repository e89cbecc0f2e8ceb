"""Deviations on paper, of a lot and of a batch alike, and what stands under every picture somebody took."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from app.base.phrases import Name, Phrase
from app.deviations.photos import PhotoRow
from app.deviations.queries import DeviationRow
from app.reports.facts import Strong
from app.reports.page import Paper
from app.tracing.words import class_words, deviation_kind_words, deviation_status_words, disposition_words

PHOTO_MM = 88
"""The longer side of a picture on paper."""


class OfDeviations(Protocol):
    """What the histories of a lot and of a batch have in common."""

    @property
    def deviations(self) -> Sequence[DeviationRow]: ...

    @property
    def photos(self) -> Sequence[PhotoRow]: ...

    @property
    def pictures(self) -> Mapping[str, bytes]: ...

    def name_of(self, login: str | None) -> Name: ...


def deviations_section(paper: Paper, history: OfDeviations, seen: Callable[[DeviationRow], object]) -> None:
    """Every deviation with what was seen (`seen` says it), its disposition, who decided, and its pictures."""
    name_of = history.name_of
    paper.section(Phrase("Deviations"))
    if not history.deviations:
        paper.text(Phrase("No deviation was opened."))
    for row in history.deviations:
        status = deviation_status_words(row.status)
        decided = name_of(row.decided_by) if row.decided_by else None
        paper.facts(
            [
                (Phrase("Deviation"), Strong(row.code)),
                (Phrase("State"), Strong(status) if row.status == "open" else status),
                (Phrase("Kind"), deviation_kind_words(row.kind)),
                (Phrase("Class"), class_words(row.class_)),
                (Phrase("What was seen"), seen(row)),
                (Phrase("Disposition"), disposition_words(row.disposition) if row.disposition else None),
                (Phrase("What happened"), row.what_happened),
                (Phrase("Described by"), name_of(row.described_by) if row.described_by else None),
                (Phrase("Opened by"), name_of(row.opened_by)),
                (Phrase("Opened"), row.opened_at),
                (Phrase("Decided by"), decided),
                (Phrase("Decided"), row.decided_at),
            ]
        )
        for photo in history.photos:
            if photo.deviation == row.id:
                taken = taken_words(row.code, photo.picture, photo.taken_at, history.name_of(photo.by), photo.station, photo.at)
                paper.photo(history.pictures[photo.picture], width_mm=PHOTO_MM, caption=taken)


def taken_words(what: object, digest: str, taken_at: datetime, by: Name, station: str | None, at: datetime) -> Phrase:
    """What stands under a picture: what it shows, by whom, and the fingerprint of the file beside this paper."""
    return Phrase(
        "{what}: taken {taken}, entered by {person}, {station}, {at}\nSHA-256 {digest}",
        what=what,
        taken=taken_at,
        person=by,
        station=station or "–",
        at=at,
        digest=digest,
    )
