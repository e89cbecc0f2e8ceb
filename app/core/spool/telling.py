"""Tells everybody who listens how the spool stands; never while the file is held."""

from __future__ import annotations

from datetime import datetime
from threading import RLock

from app.base.errors import AppError
from app.core.spool.standing import Fill, SpoolSink, SpoolState, Standing
from app.core.spool.tally import News
from app.devices.settings import Clock

TELL_EVERY_S = 0.25
"""Between two states that differ in the number waiting alone."""


class Bulletin:
    """The present state of the spool, and its listeners."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._sinks: tuple[SpoolSink, ...] = ()
        self._telling = RLock()
        self._standing: tuple[Standing, datetime, AppError | None] = (Standing.STOPPED, clock.now(), None)
        self._counts = (0, 0, Fill.ROOM)
        self._told: SpoolState | None = None
        self._told_at = 0.0

    def subscribe(self, sink: SpoolSink) -> None:
        """From now on the sink hears."""
        with self._telling:
            self._sinks = (*self._sinks, sink)

    def unsubscribe(self, sink: SpoolSink) -> None:
        """The sink hears nothing any more."""
        with self._telling:
            self._sinks = tuple(one for one in self._sinks if one is not sink)

    def state(self) -> SpoolState:
        """How it stands now; asks no disk and waits for nobody."""
        (standing, since, cause), (waiting, quarantined, fill) = self._standing, self._counts
        return SpoolState(standing=standing, since=since, cause=cause, waiting=waiting, quarantined=quarantined, fill=fill)

    def count(self, *, waiting: int, quarantined: int, fill: Fill) -> None:
        """Take over new counts; whoever called tells them once it has let go of the file."""
        self._counts = (waiting, quarantined, fill)

    def stand(self, standing: Standing, cause: AppError | None, since: datetime | None) -> None:
        """Change the standing and tell it; the same standing again keeps its first time.

        Args:
            standing: Now.
            cause: Why, for ``away``.
            since: When it began, if that was earlier than now.
        """
        if self._standing[0] is not standing:
            self._standing = (standing, since or self._clock.now(), cause)
        self.tell_state()

    def tell_state(self) -> None:
        """Tell the state if it changed; a changed number alone waits for its time."""
        with self._telling:
            state, told, moment = self.state(), self._told, self._clock.monotonic()
            if told is not None and _same_but_for_the_number(state, told):
                due = moment - self._told_at >= TELL_EVERY_S or not state.waiting
                if state.waiting == told.waiting or not due:
                    return
            self._told, self._told_at = state, moment
            for sink in self._sinks:
                sink.state(state)

    def tell(self, news: News) -> None:
        """Tell what happened, then the state."""
        with self._telling:
            for trouble in news.troubles:
                for sink in self._sinks:
                    sink.trouble(trouble)
            for entry in news.set_aside:
                for sink in self._sinks:
                    sink.quarantined(entry)
        self.tell_state()


def _same_but_for_the_number(one: SpoolState, other: SpoolState) -> bool:
    return (one.standing, one.since, one.quarantined, one.fill) == (other.standing, other.since, other.quarantined, other.fill)
