"""Time as a workstation sees it. The official time of a record is always the database's."""

from datetime import UTC, datetime


def now() -> datetime:
    """The workstation's own time, aware, in UTC. Metadata only: never written where a record's official time belongs."""
    return datetime.now(UTC)
