"""The chips of the strip: every device of this station, and the database at the end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from PySide6.QtCore import QObject, QTimer

from app.base import clock
from app.base.phrases import Phrase
from app.core.refusals import DatabaseAway
from app.devices.events import DeviceState, Standing
from app.devices.protocol import Gives, families
from app.devices.settings import MACHINES, DeviceSettings
from ui.bridge import Bridge
from ui.kit import Chip, State, Strip, Words
from ui.shell.feed_watch import DatabaseHere

_TICK_MS = 1000
_ICONS: dict[Gives, str] = {"code": "scan", "measurement": "gauge", "weight": "scale"}
_STATES = {
    Standing.CONNECTING: State.WAITING,
    Standing.LIVE: State.PASS,
    Standing.SILENT: State.ATTENTION,
    Standing.STALE: State.ATTENTION,
    Standing.FAULT: State.FAIL,
    Standing.CLOSED: State.TO_DO,
}


def icon_of(protocol: str) -> str:
    """The icon of what a device gives; a machine has a sensor's."""
    family = families().get(protocol)
    if family is not None:
        return _ICONS[family.gives]
    return "sensor" if protocol in MACHINES else "printer"


def state_of(state: DeviceState) -> State:
    """The shape of a device's standing."""
    return _STATES[state.standing]


def age_words(since: datetime, now: datetime) -> Phrase:
    """How long something lasts already."""
    return clock.span(now - since)


def standing_words(state: DeviceState, now: datetime) -> Words:
    """One word of how a device is; one that is not well with its age."""
    match state.standing:
        case Standing.CONNECTING:
            return Phrase("connecting")
        case Standing.LIVE:
            return Phrase("live")
        case Standing.SILENT:
            return Phrase("silent {age}", age=age_words(state.since, now))
        case Standing.STALE:
            return Phrase("stands still {age}", age=age_words(state.since, now))
        case Standing.FAULT:
            return Phrase("fault since {age}", age=age_words(state.since, now))
        case Standing.CLOSED:
            return Phrase("not in use")


class ChipRow(QObject):
    """Keeps the chips as the devices and the database stand; ages tick every second."""

    def __init__(self, strip: Strip, bridge: Bridge, devices: Sequence[DeviceSettings], zone: tzinfo, parent: QObject) -> None:
        super().__init__(parent)
        self._strip, self._bridge, self._zone = strip, bridge, zone
        self.states: dict[str, DeviceState] = {}
        self._chips: dict[str, Chip] = {one.code: strip.chip(one.code, icon_of(one.protocol), one.code) for one in devices}
        self.database = strip.chip("database", "database", Phrase("Database"))
        self.database.show_state(State.WAITING, Phrase("connecting"))
        bridge.ear.state.connect(self.show_device)
        bridge.database.connect(self.show_database)
        self._tick = QTimer(self)
        self._tick.timeout.connect(self._ages)
        self._tick.start(_TICK_MS)

    def add(self, device: DeviceSettings) -> None:
        """A chip for one more device; the database stays at the end."""
        self._chips[device.code] = self._strip.chip(device.code, icon_of(device.protocol), device.code, before="database")

    def drop(self, code: str) -> None:
        """A device was taken out: no chip, and its last word is no standing any more."""
        self._strip.drop_chip(code)
        self._chips.pop(code, None)
        self.states.pop(code, None)
        self._strip.refold()

    def show_device(self, state: DeviceState) -> None:
        """A device's standing changed."""
        if state.standing is Standing.CLOSED and state.device not in self._chips:
            return  # the last word of one that was taken out
        self.states[state.device] = state
        if self._show(state):
            self._strip.refold()

    def _show(self, state: DeviceState) -> bool:
        chip = self._chips.get(state.device)
        if chip is not None:
            chip.show_state(state_of(state), standing_words(state, clock.now()))
        return chip is not None

    def stand_in(self, zone: tzinfo) -> None:
        """The plant's zone is known now."""
        self._zone = zone
        if self._bridge.here is not None:
            self.show_database(self._bridge.here)

    def show_database(self, here: DatabaseHere) -> None:
        """Here with its answering time, or away since when, and how many orders wait for it."""
        waiting = len(self._bridge.waiting) + self._bridge.entries_waiting
        if here.away_since is None:
            words: Words = Phrase("here") if here.answer_ms is None else Phrase("here • {ms} ms", ms=max(1, round(here.answer_ms)))
            if waiting:
                words = Phrase("here • {waiting} waiting, all kept", waiting=waiting)
            self.database.show_state(State.ATTENTION if waiting else State.PASS, words)
        else:
            since = f"{here.away_since.astimezone(self._zone):%H:%M}"
            words = Phrase("no entry since {since}", since=since)
            if waiting:
                words = Phrase("away since {since} • {waiting} waiting, all kept", since=since, waiting=waiting)
            elif isinstance(here.trouble, DatabaseAway):
                words = Phrase("away since {since}", since=since)
            self.database.show_state(State.FAIL, words)
        self._strip.refold()

    def _ages(self) -> None:
        aged = [one for one in self.states.values() if one.standing in (Standing.SILENT, Standing.STALE, Standing.FAULT)]
        for state in aged:
            self._show(state)
        if aged:
            self._strip.refold()  # once for all of them: it measures every chip
