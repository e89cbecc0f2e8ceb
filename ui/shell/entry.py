"""What the sign-in says while nobody can sign in: since when, why, what to do, and that it goes on by itself."""

from __future__ import annotations

from datetime import datetime, tzinfo

from app.base import clock
from app.base.phrases import Phrase
from app.core.refusals import DatabaseAway
from ui.kit import State, Words
from ui.shell.face import Notice
from ui.shell.feed_watch import DatabaseHere


def no_entry(here: DatabaseHere, zone: tzinfo) -> Notice | None:
    """The banner while the database is away or does not let this station in; ``None``: somebody can sign in."""
    if here.trouble is None or here.away_since is None:
        return None
    since = since_words(here.away_since, clock.now(), zone)
    if isinstance(here.trouble, DatabaseAway):
        return Notice(
            state=State.FAIL,
            heading=Phrase("The database is away since {since}.", since=since),
            line=Phrase("This window asks again by itself, every second or two. Look at the network cable; if it lasts, call IT."),
        )
    line = Phrase("Since {since}; this window asks again by itself. {next}", since=since, next=here.trouble.next)
    return Notice(state=State.FAIL, heading=here.trouble.what, line=line)


def since_words(since: datetime, now: datetime, zone: tzinfo) -> Words:
    """``14:03``, with the day when it was not today."""
    local = since.astimezone(zone)
    if local.date() == now.astimezone(zone).date():
        return f"{local:%H:%M}"
    return Phrase("{day} {time}", day=local.date(), time=f"{local:%H:%M}")
