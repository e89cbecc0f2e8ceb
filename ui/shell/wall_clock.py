"""The clock of the top bar: the database's time in the plant's zone, because that is the time that gets recorded."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from PySide6.QtCore import QObject, QTimer

from app.base import clock
from app.base.phrases import Phrase
from ui.kit import TopBar, Words
from ui.shell.feed_watch import DatabaseHere

_DAYS = (Phrase("Mon"), Phrase("Tue"), Phrase("Wed"), Phrase("Thu"), Phrase("Fri"), Phrase("Sat"), Phrase("Sun"))


class WallClock(QObject):
    """Ticks on the full second."""

    def __init__(self, top_bar: TopBar, zone: tzinfo, parent: QObject) -> None:
        super().__init__(parent)
        self._top_bar, self._zone = top_bar, zone
        self._ahead = timedelta(0)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._tick)
        self._tick()

    def now(self) -> datetime:
        """The official time, as well as this station knows it, in the plant's zone."""
        return (clock.now() + self._ahead).astimezone(self._zone)

    def stand_in(self, zone: tzinfo) -> None:
        """The plant's zone is known now."""
        self._zone = zone
        self._tick()

    def follow(self, here: DatabaseHere) -> None:
        """The database said how late it is."""
        self._ahead = here.clock.ahead

    def _tick(self) -> None:
        now = self.now()
        self._top_bar.show_clock(f"{now:%H:%M:%S}", date_words(now))
        self._timer.start(1000 - now.microsecond // 1000)


def date_words(now: datetime) -> Words:
    """``Tue 24 Nov 2026 • UTC+8``."""
    return Phrase("{day} {date} • {zone}", day=_DAYS[now.weekday()], date=now.date(), zone=zone_words(now))


def zone_words(now: datetime) -> str:
    """``UTC+8``, ``UTC+5:30``, ``UTC``."""
    minutes = round((now.utcoffset() or timedelta(0)).total_seconds() / 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '-'}{hours}" + (f":{rest:02}" if rest else "")
