"""What each channel of a machine says now: its value, or why there is none, and how old that is. Never an old value that looks alive."""

from __future__ import annotations

from datetime import datetime, tzinfo

from app.base.phrases import Phrase
from app.capture.live import Live, LiveSample
from app.devices.machines.map_file import MachineMap
from app.devices.machines.register_map import Channel
from app.devices.machines.tag_map import Tag
from ui.devices.channel_numbers import number_of_channel
from ui.kit import ANY, Cell, Column, FittingTable, Row, State, Words

FRESH_S = 3
"""A channel whose newest sample is older shows none; the slowest machine is looked at more often."""
_COLUMNS = (
    (Column(title=Phrase("Channel")), ANY),
    (Column(title=Phrase("Value"), width=200), ANY),
    (Column(title=Phrase("State"), width=260), ANY),
)
_QUALITIES = {
    "sensor_break": Phrase("sensor broken"),
    "implausible": Phrase("cannot be true"),
    "unproven": Phrase("word order not proven yet"),
    "stale": Phrase("the machine stands still"),
}


class ChannelTable(FittingTable):
    """One row for each channel, in the order of the register map."""

    def __init__(self) -> None:
        super().__init__(Phrase("Channels"), _COLUMNS, nothing=Phrase("The map names no channel."))
        self._map: MachineMap | None = None
        self._machine = ""
        self._newest: dict[str, LiveSample] = {}
        self.rows: list[Row] = []
        """What stands there."""

    def begin(self, machine: str, map: MachineMap) -> None:
        """Another machine is looked at."""
        self._machine, self._map, self._newest, self.rows = machine, map, {}, []

    def refresh(self, live: Live, now: datetime, zone: tzinfo) -> None:
        """What came since the last time."""
        if self._map is None:
            return
        for channel in self._map.channels:
            before = self._newest.get(channel.name)
            fresh = live.latest(self._machine, channel.name, after=before.at if before is not None else None)
            if fresh:
                self._newest[channel.name] = fresh[-1]
        rows = [self._row(self._map, one, now, zone) for one in self._map.channels]
        if rows != self.rows:
            self.rows = rows
            self.show_rows(rows, str(len(rows)))

    def _row(self, map: MachineMap, one: Channel | Tag, now: datetime, zone: tzinfo) -> Row:
        name = one.name
        newest = self._newest.get(name)
        age_s = int((now - newest.at).total_seconds()) if newest is not None else None
        if newest is None or age_s is None:
            return _told(name, Phrase("nothing came yet"), State.WAITING)
        if age_s > FRESH_S:
            return _told(name, Phrase("nothing for {seconds} s", seconds=age_s), State.ATTENTION)
        if newest.value is None:
            return _told(name, _QUALITIES[newest.quality], State.ATTENTION)
        value = f"{newest.value:f} {one.unit}".rstrip()
        cells = (name, Cell(words=value, bold=True), Cell(words=Phrase("live"), state=State.PASS))
        return Row(key=name, cells=cells, numbers=(number_of_channel(map, one, value, newest.at.astimezone(zone)),))


def _told(name: str, words: Words, state: State) -> Row:
    return Row(key=name, cells=(name, "–", Cell(words=words, state=state)), trouble=state if state is State.ATTENTION else None)
