"""What the papers say of values made while the database was away: who made them and when, when they arrived, who stands for them."""

from __future__ import annotations

from collections.abc import Callable

from app.base.phrases import Name, Phrase
from app.core.late.queries import CameLate
from app.reports.page import Align, Column, Paper
from app.tracing.history import LotHistory

_HOW = {
    "confirmed": "Late: made at {station} by {author}, {made}, while the database was away; received {received}; confirmed by {by}, {at}.",
    "signed": "Late: made at {station} by {author}, {made}, while the database was away; received {received}; signed for by {by}, {at}.",
}


def late_words(late: CameLate, name_of: Callable[[str | None], Name]) -> Phrase:
    """One sentence under a value; the author is whom the station named."""
    return Phrase(
        _HOW[late.how],
        station=late.station,
        author=name_of(late.author),
        made=late.made_at,
        received=late.received_at,
        by=name_of(late.by),
        at=late.at,
    )


def late_readings(paper: Paper, history: LotHistory) -> None:
    """Readings of a lot that came late, and drafts that were dropped with their reasons; nothing where there are none."""
    inspection = history.inspection
    if inspection is None:
        return
    numbers = {one.id: one.no for one in inspection.characteristics}
    rows: list[list[object]] = [
        [Phrase("{no}, sample {sample}", no=numbers[m.characteristic], sample=m.sample_no), m.measured, late_words(m.late, history.name_of)]
        for m in inspection.measurements
        if m.late is not None
    ]
    rows += [
        [
            Phrase("{no}, sample {sample}", no=one.no, sample=one.sample_no),
            Phrase("{value}, dropped", value=one.figure),
            Phrase(
                "Draft made at {station} by {author}, {made}; dropped by {by}, {at}: {reason}",
                station=one.station,
                author=history.name_of(one.author),
                made=one.made_at,
                by=history.name_of(one.settled_by),
                at=one.settled_at,
                reason=one.reason or "–",
            ),
        ]
        for one in history.dropped
    ]
    if rows:
        columns = [
            Column(title=title, share=share, align=Align.LEFT)
            for title, share in ((Phrase("Sample"), 1.6), (Phrase("Value"), 1.6), (Phrase("How it came"), 6.8))
        ]
        paper.table(columns, rows, none=Phrase("None."), caption=Phrase("Made while the database was away"))
