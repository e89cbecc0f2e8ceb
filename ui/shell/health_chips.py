"""Chips of the strip that stand there only while something is wrong with the workstation itself.

Its clock, the room on its disk, and what machines said and has not reached the database.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from PySide6.QtCore import QObject

from app.base import clock
from app.base.phrases import Phrase
from app.capture.recording_state import RecordingState
from app.core.spool.standing import Fill, Standing
from app.core.station_health import ClockOffset, DiskRoom
from ui.bridge import Bridge
from ui.kit import State, Strip, Words
from ui.shell.feed_watch import DatabaseHere

BEFORE = "database"
"""The database's chip keeps the last place: it stays on the smallest glass."""
BACKLOG = 10
"""Entries on their way that are not spoken of while the database is here: each machine makes one a second."""


class HealthChips(QObject):
    """Follows what the bridge says."""

    def __init__(self, strip: Strip, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._strip, self._bridge = strip, bridge
        bridge.database.connect(self._database_stands)
        bridge.disk.connect(self.show_disk)
        bridge.ear.recording.connect(self.show_recording)

    def _database_stands(self, here: DatabaseHere) -> None:
        self.show_clock(here.clock)
        if here.schema is None:
            self._drop("schema")
        else:
            self._show("schema", Phrase("Database"), State.FAIL, Phrase("changed, nobody signs"), icon="database")

        self.show_entries()

    def show_entries(self) -> None:
        """Entries of this station that the database will never take wait for somebody to look at them."""
        store = self._bridge.entry_store
        if store is not None and store.quarantined:
            self._show(
                "entries", Phrase("Entries"), State.ATTENTION, Phrase("{quarantined} set aside", quarantined=store.quarantined), icon="list"
            )
        else:
            self._drop("entries")

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

    def show_recording(self, recording: RecordingState) -> None:
        """Not recorded is vermillion; what waits, was set aside or fills the store is amber."""
        found = recording_words(recording)
        if found is None:
            self._drop("samples")
        else:
            self._show("samples", Phrase("Machine values"), *found, icon="sensor")

    def _show(self, key: str, name: Words, state: State, words: Words, *, icon: str | None = None) -> None:
        self._strip.chip(key, icon or key, name, before=BEFORE).show_state(state, words)
        self._strip.refold()

    def _drop(self, key: str) -> None:
        self._strip.drop_chip(key)
        self._strip.refold()


def recording_words(recording: RecordingState) -> tuple[State, Phrase] | None:
    """What the chip says of the recording, the worst first; ``None``: nothing is worth a word."""
    spool = recording.spool
    if spool is None:
        return (State.FAIL, Phrase("not recorded")) if recording.trouble is not None else None
    if not recording.keeps:
        return State.FAIL, Phrase("not recorded")
    if recording.turned_away:
        return State.FAIL, Phrase("{machines} not recorded", machines=", ".join(sorted(recording.turned_away)))
    if spool.standing is not Standing.HERE:
        state = State.ATTENTION if spool.standing is Standing.AWAY else State.FAIL
        return state, Phrase("{waiting} waiting, all kept", waiting=spool.waiting)
    if recording.lost:
        return State.ATTENTION, Phrase("{lost} lost", lost=recording.lost)
    if spool.quarantined:
        return State.ATTENTION, Phrase("{quarantined} set aside", quarantined=spool.quarantined)
    if spool.fill is not Fill.ROOM:
        return State.ATTENTION, Phrase("store fills up")
    return (State.WAITING, Phrase("{waiting} waiting, all kept", waiting=spool.waiting)) if spool.waiting > BACKLOG else None
