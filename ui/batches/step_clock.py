"""Times of the day as a hand writes them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo

_FORM = re.compile(r"([01]?[0-9]|2[0-3])[:.：]?([0-5][0-9])")


def time_written(typed: str, *, now: datetime, zone: tzinfo) -> datetime | None:
    """The latest such time that is past: of today, else of yesterday; ``None``: it is no time of the day.

    Args:
        typed: ``07:40``, ``7.40`` or ``0740``.
        now: Aware.
        zone: The plant's.
    """
    found = _FORM.fullmatch(typed.strip())
    if found is None:
        return None
    here = now.astimezone(zone)
    at = here.replace(hour=int(found[1]), minute=int(found[2]), second=0, microsecond=0)
    return at if at <= here else at - timedelta(days=1)
