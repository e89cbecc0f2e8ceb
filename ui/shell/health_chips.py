"""Chips of the strip that stand there only while something is wrong with the workstation itself: its clock, the room on its disk."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from PySide6.QtCore import QObject

from app.base import clock
from app.base.phrases import Phrase
from app.core.station_health import ClockOffset, DiskRoom
from ui.bridge import Bridge
from ui.kit import State, Strip, Words
from ui.shell.feed_watch import DatabaseHere

BEFORE = "database"
"""The database's chip keeps the last place: it stays on the smallest glass."""


class HealthChips(QObject):
    """Follows what the bridge says."""

    def __init__(self, strip: Strip, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._strip = strip
        bridge.database.connect(self._database_stands)
        bridge.disk.connect(self.show_disk)

    def _database_stands(self, here: DatabaseHere) -> None:
        self.show_clock(here.clock)

    def show_clock(self, offset: ClockOffset) -> None:
        """More than 2 s off is amber; more than 30 s, where nobody signs here, vermillion."""
        if not offset.warns:
            self._drop("clock")
            return
        off = clock.span(offset.off)
        words = Phrase("{off} slow", off=off) if offset.ahead > timedelta(0) else Phrase("{off} fast", off=off)
        self._show("clock", Phrase("Clock"), State.FAIL if offset.forbids_signing else State.ATTENTION, words)

    def show_disk(self, room: DiskRoom) -> None:
        """Less than 1 GB is amber; a disk that does not answer vermillion."""
        if room.free_bytes is None:
            self._show("disk", Phrase("Disk"), State.FAIL, Phrase("does not answer"))
        elif room.is_short:
            free = (Decimal(room.free_bytes) / 10**9).quantize(Decimal("0.01"))
            self._show("disk", Phrase("Disk"), State.ATTENTION, Phrase("{free} GB free", free=free))
        else:
            self._drop("disk")

    def _show(self, key: str, name: Words, state: State, words: Words) -> None:
        self._strip.chip(key, key, name, before=BEFORE).show_state(state, words)
        self._strip.refold()

    def _drop(self, key: str) -> None:
        self._strip.drop_chip(key)
        self._strip.refold()
