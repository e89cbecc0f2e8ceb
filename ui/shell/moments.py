"""Times of the record as this plant's people say them."""

from __future__ import annotations

from datetime import datetime, tzinfo

from app.base.phrases import Phrase


def moment_words(at: datetime, zone: tzinfo) -> Phrase:
    """``24 Nov 2026 16:32:05`` in the plant's zone; the zone itself stands in the top bar."""
    local = at.astimezone(zone)
    return Phrase("{day} {time}", day=local.date(), time=f"{local:%H:%M:%S}")


def short_moment_words(at: datetime, zone: tzinfo) -> Phrase:
    """``24 Nov 2026 16:32``."""
    local = at.astimezone(zone)
    return Phrase("{day} {time}", day=local.date(), time=f"{local:%H:%M}")
