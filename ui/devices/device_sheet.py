"""One device: how it is connected, who said so, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo

from app.base.phrases import Phrase
from app.core.devices_here import PrinterHere
from app.devices.printer_language import OFFICE
from app.plant.connections import ConnectionRow
from app.plant.device_facts import OnRecord, how_connected
from ui.devices.access_words import access_words
from ui.devices.office_sheet import LANGUAGE_WORDS
from ui.devices.proposal import Device, kind_name
from ui.kit import ChoiceRows, Label, Sheet, Words
from ui.shell.evidence import Fact
from ui.shell.fact_rows import FactRow

_ACTS = {
    "connected": Phrase("connected by {who}, {when}"),
    "changed": Phrase("changed by {who}, {when}"),
}
STANDING: dict[OnRecord, Words] = {
    OnRecord.SAME: Phrase("as here"),
    OnRecord.MISSING: Phrase("not on record"),
    OnRecord.DIFFERS: Phrase("otherwise on record"),
    OnRecord.NOT_HERE: Phrase("on record only"),
}


class DeviceSheet(Sheet):
    """A digit does what stands beside it; each asks why before anything happens."""

    def __init__(
        self,
        code: str,
        device: Device | None,
        row: ConnectionRow | None,
        standing: OnRecord,
        acts: list[tuple[Words, Callable[[], None]]],
        *,
        zone: tzinfo,
    ) -> None:
        super().__init__(code, icon="sensor", primary=None, leave=Phrase("Back"))
        self._acts = acts
        for fact in facts_of(device, row, standing, zone=zone):
            self.body.addWidget(FactRow(fact))
        if standing is not OnRecord.SAME:
            self.body.addWidget(Label(_difference(device, row), ink="att", wrap=True))
        self.choices = ChoiceRows([words for words, _ in acts], None)
        self.choices.chosen.connect(self._chosen)
        self.body.addWidget(self.choices)
        self.body.addStretch(1)

    def press(self, key: int) -> bool:
        """A digit acts."""
        return self.choices.press(key) or super().press(key)

    def _chosen(self, n: int) -> None:
        self._acts[n][1]()


def facts_of(device: Device | None, row: ConnectionRow | None, standing: OnRecord, *, zone: tzinfo) -> list[Fact]:
    """How it hangs here, and what the record says."""
    facts: list[Fact] = []
    if device is not None:
        how = how_connected(device)
        facts = [Fact(name=Phrase("kind"), value=kind_name(how.protocol)), Fact(name=Phrase("port"), value=how.url)]
        facts += [Fact(name=Phrase("line settings"), value=how.line)] if how.line else []
        facts += [Fact(name=Phrase("map"), value=f"{how.map} • {how.map_digest.hex()[:12]}")] if how.map and how.map_digest else []
        facts += _told_facts(device)
    facts.append(Fact(name=Phrase("record"), value=STANDING[standing]))
    if row is not None:
        when = f"{row.done_at.astimezone(zone):%Y-%m-%d %H:%M}"
        facts.append(Fact(name=Phrase("by"), value=Phrase(_ACTS[row.act].text, who=row.done_by, when=when)))
        facts += [Fact(name=Phrase("why"), value=row.reason)] if row.reason else []
    return facts


def _told_facts(device: Device) -> list[Fact]:
    """Of a machine that tells by itself, and of a printer of the system."""
    if isinstance(device, PrinterHere):
        is_office = device.connection.protocol == OFFICE
        return [Fact(name=Phrase("language of its labels"), value=LANGUAGE_WORDS[device.language])] if is_office else []
    return [Fact(name=Phrase("protection"), value=access_words(device.tags.access))] if device.tags is not None else []


def _difference(device: Device | None, row: ConnectionRow | None) -> Phrase:
    """What this station has and the record has not, or the other way round; the first thing that differs."""
    if row is None:
        return Phrase("Somebody wrote it into the station's file; nobody put it on record.")
    if device is None:
        return Phrase("The record says it hangs here at {url}; the station's file does not name it.", url=row.how.url)
    here, told = how_connected(device), row.how
    for name in ("url", "protocol", "line", "serial_number", "map", "map_digest", "unit", "details"):
        ours, theirs = getattr(here, name), getattr(told, name)
        if ours != theirs:
            return Phrase("Here: {here}. On record: {told}.", here=_shown(ours), told=_shown(theirs))
    return Phrase("The record says the same.")


def _shown(value: str | bytes | None) -> str:
    return value.hex()[:12] if isinstance(value, bytes) else value or "–"
