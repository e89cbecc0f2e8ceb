"""What goes over a person's connections to the server, written down by libpq itself: nothing that is asked can be overlooked."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from psycopg.pq import Trace

from app.core.session import SignedIn

SENT = {"Query", "Execute"}
"""Messages that carry out a statement; BEGIN, COMMIT and a ping are statements too."""


@contextmanager
def statements(at: SignedIn) -> Iterator[list[str]]:
    """Every statement that is carried out on the connections of this person within the block; filled when it ends."""
    sent: list[str] = []
    with ExitStack() as stack:
        watched = []
        for line in at._opened._connections:
            written = stack.enter_context(tempfile.TemporaryFile("w+b"))
            line.pgconn.trace(written.fileno())
            line.pgconn.set_trace_flags(Trace.SUPPRESS_TIMESTAMPS | Trace.REGRESS_MODE)
            watched.append((line, written))
        yield sent
        for line, written in watched:
            line.pgconn.untrace()
            written.seek(0)
            sent += _statements_in(written.read().decode("utf-8", "replace"))


def _statements_in(trace: str) -> list[str]:
    said, found = "", []
    for line in trace.splitlines():
        direction, _, message, *rest = [*line.split("\t", 3), "", ""]
        if direction == "F" and message in {"Parse", "Query"}:
            said = rest[0]
        if direction == "F" and message in SENT:
            found.append(said)
    return found
