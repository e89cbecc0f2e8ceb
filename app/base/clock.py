"""Time as a workstation sees it. The official time of a record is always the database's."""

from datetime import UTC, datetime, timedelta

from app.base.phrases import Phrase


def now() -> datetime:
    """The workstation's own time, aware, in UTC. Metadata only: never written where a record's official time belongs."""
    return datetime.now(UTC)


def span(lasting: timedelta) -> Phrase:
    """``40 s``, ``6 min``, ``2 h``: how long something lasts, in the unit a person would use; never less than nothing."""
    seconds = max(0, int(lasting.total_seconds()))
    if seconds < 120:
        return Phrase("{n} s", n=seconds)
    if seconds < 7200:
        return Phrase("{n} min", n=seconds // 60)
    return Phrase("{n} h", n=seconds // 3600)
