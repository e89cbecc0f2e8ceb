"""The devices of this station: how each stands, where it hangs, how its line is set, what the record says. Enter opens its console."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent

from app.base import clock
from app.base.phrases import Phrase
from app.core.command import Permission
from app.core.devices_here import PrinterHere
from app.core.settings import Settings, change_settings, own_settings
from app.devices.events import DeviceState
from app.devices.kinds import kind_of
from app.devices.settings import DeviceSettings
from app.plant.connections import ConnectionRow, connections_at
from app.plant.device_facts import OnRecord, on_record
from ui.devices.connect_flow import ConnectFlow
from ui.devices.device_acts import DeviceActs
from ui.devices.device_sheet import STANDING, DeviceSheet
from ui.devices.device_words import line_words
from ui.devices.proposal import kind_name
from ui.devices.scanner_sheet import ScannerSheet
from ui.kit import ANY, MIDDLE, WIDE, Cell, Column, FittingTable, ReasonSheet, Row, State
from ui.shell.chip_row import standing_words, state_of
from ui.shell.hooks import Context
from ui.shell.screen import Screen, screen

CONSOLE, PROTOCOLS, GAUGES = "devices.console", "devices.protocols", "devices.gauges"
_COLUMNS = (
    (Column(title=Phrase("Device"), width=130), ANY),
    (Column(title=Phrase("Kind")), 600),
    (Column(title=Phrase("Port"), width=330), WIDE),
    (Column(title=Phrase("Settings"), width=150), MIDDLE),
    (Column(title=Phrase("Serial number"), width=170), WIDE),
    (Column(title=Phrase("Record"), width=230), MIDDLE),
    (Column(title=Phrase("State"), width=200), ANY),
)


@screen(key="devices.list", title="Devices", workbench="plant", permission=Permission.KEEP_ASSETS)
class DevicesScreen(Screen):
    """Arrows choose, Enter opens the console."""

    help = (
        "Arrows choose, Enter opens the console, F7 changes or takes out. F8 finds what was plugged in, F6 sets the keyboard scanner, "
        "F5 opens the gauges and their ranges, F11 the protocols of the plant's own."
    )

    def build(self) -> None:
        """One table over the whole width."""
        self.record: dict[str, ConnectionRow] = {}
        """What is on record as connected here, by code; empty until it was asked."""
        self.standing: dict[str, OnRecord] = {}
        self.acts = DeviceActs(self)
        self.flow = ConnectFlow(self, self.acts)
        self.table = FittingTable(Phrase("Devices of this station"), _COLUMNS, nothing=Phrase("No device is connected to this station."))
        self.table.chosen.connect(self._settle)
        self.table.opened.connect(self._open)
        self.lay_out(self.table)
        self.find_button = self.button(Phrase("Find devices"), self.flow.find, key=Qt.Key.Key_F8, icon="search")
        self.change_button = self.button(Phrase("Change"), self._open_device, key=Qt.Key.Key_F7)
        self.scanner_button = self.button(Phrase("Scanner"), self._open_scanner, key=Qt.Key.Key_F6)
        self.gauges_button = self.button(Phrase("Gauges"), self._open_gauges, key=Qt.Key.Key_F5)
        self.protocols_button = self.button(Phrase("Own protocols"), self._open_protocols, key=Qt.Key.Key_F11)
        self.open_button = self.primary(Phrase("Open the console"), self._open, icon="sensor")

    @property
    def chosen(self) -> DeviceSettings | None:
        """The device the arrows stand on; ``None`` also on one that is only on record."""
        return next((one for one in self.shell.devices if one.code == self.table.chosen_key), None)

    def opened(self, context: Context) -> None:
        """As they stand now."""
        self.note("")
        self._show()
        self.look_at_record()

    def on_device(self, state: DeviceState) -> None:
        """One stands otherwise."""
        self._show()

    def on_key(self, key: int) -> bool:
        """The table's keys, wherever the focus is; on a small glass F6 and F11 have no button."""
        act = {Qt.Key.Key_F6: self._open_scanner, Qt.Key.Key_F11: self._open_protocols}.get(Qt.Key(key))
        if act is None:
            return self.table.press(key)
        act()
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A small glass has no room for what is seldom needed."""
        super().resizeEvent(event)
        for button in (self.scanner_button, self.protocols_button):
            self.show_button(button, not self.shell.frame.compact)

    def _open_gauges(self) -> None:
        self.go(GAUGES)

    def _open_protocols(self) -> None:
        self.go(PROTOCOLS)

    def refresh(self) -> None:
        """Something was connected, changed or taken out."""
        self.close_sheet()
        self._show()
        self.look_at_record()

    def look_at_record(self) -> None:
        """Ask what is on record for this station."""
        self.ask(partial(connections_at, station=self.shell.station), self._is_told)

    def _is_told(self, rows: list[ConnectionRow]) -> None:
        self.record = {row.code: row for row in rows}
        self.standing = on_record(self.shell.plugs.here.all, rows)
        self._show()

    def _show(self) -> None:
        devices = self.shell.devices
        absent = [row for code, row in self.record.items() if self.standing.get(code) is OnRecord.NOT_HERE]
        self.table.show_rows([*map(self._row, devices), *map(self._absent, absent)], str(len(devices)) if devices else "")
        self._settle()

    def _row(self, one: DeviceSettings) -> Row:
        state, told = self.shell.chips.states.get(one.code), self.standing.get(one.code)
        shape = state_of(state) if state is not None else None
        words = standing_words(state, clock.now()) if state is not None else "–"
        cells = (
            Cell(words=one.code, bold=True),
            kind_of(one).name,
            Cell(words=one.url, quiet=True),
            line_words(one),
            (state.serial_number if state is not None else None) or "–",
            _record_cell(told),
            Cell(words=words, state=shape),
        )
        trouble = shape if shape is not None and shape.is_trouble else None
        return Row(key=one.code, cells=cells, trouble=trouble or (State.ATTENTION if told not in (None, OnRecord.SAME) else None))

    def _absent(self, row: ConnectionRow) -> Row:
        """On record, and the station's file does not name it."""
        how = row.how
        cells = (
            Cell(words=row.code, bold=True),
            kind_name(how.protocol),
            Cell(words=how.url, quiet=True),
            how.line or "–",
            how.serial_number or "–",
            _record_cell(OnRecord.NOT_HERE),
            "–",
        )
        return Row(key=row.code, cells=cells, trouble=State.ATTENTION)

    def _settle(self) -> None:
        different = sum(one is not OnRecord.SAME for one in self.standing.values())
        words = Phrase("{count} not as on record", count=different)
        self.say_next(Phrase("Choose a device."), Phrase("Devices"), (State.ATTENTION, words) if different else None)
        one = self.chosen
        self.change_button.ready() if self.table.chosen_key in self.standing else self.change_button.not_yet(Phrase("choose a device"))
        if one is None:
            self.open_button.not_yet(Phrase("no device is connected"))
        elif one.code not in self.watchable:
            self.open_button.not_yet(Phrase("it is not in use here"))
        else:
            self.open_button.ready()

    @property
    def watchable(self) -> frozenset[str]:
        """Devices whose bytes can be watched here: those somebody talks with."""
        speakers = (self.bridge.hub, self.bridge.printing)
        return frozenset(code for speaker in speakers if speaker is not None for code in speaker.states())

    # one that is there --------------------------------------------------------------------------------------------------------------

    def _open_device(self) -> None:
        code = self.table.chosen_key
        standing = self.standing.get(code) if code is not None else None
        if code is None or standing is None:
            return
        device = self.shell.plugs.find(code)
        acts = []
        if device is not None:
            acts.append((Phrase("Change how it is connected"), partial(self.flow.change, device)))
            acts.append((Phrase("Take out of this station"), partial(self._take_out, device)))
        if standing is not OnRecord.SAME:
            acts.append((Phrase("Put on record what is here"), partial(self._put_on_record, code)))
        self.open_sheet(DeviceSheet(code, device, self.record.get(code), standing, acts, zone=self.shell.zone))

    def _take_out(self, device: DeviceSettings | PrinterHere) -> None:
        line = Phrase("{code} hangs at this station no more. Its record, and everything it ever sent, stays.", code=device.code)
        act = partial(self.acts.take_out, device)
        self.open_sheet(ReasonSheet(Phrase("Take out {code}", code=device.code), line, Phrase("Take it out"), act, icon="minus"))

    def _put_on_record(self, code: str) -> None:
        line = Phrase("The record of {code} becomes what this station's file says.", code=code)
        act = partial(self.acts.put_on_record, code)
        self.open_sheet(ReasonSheet(Phrase("Put {code} on record", code=code), line, Phrase("Put it on record"), act, icon="pen"))

    # the scanner at the keyboard ----------------------------------------------------------------------------------------------------

    def _open_scanner(self) -> None:
        wedge = self.shell.scanning.wedge
        if wedge is not None:
            self.bridge.fetch(
                own_settings,
                done=lambda settings: self.open_sheet(ScannerSheet(settings, wedge, self._set_scanner)),
                refused=self.refuse,
                owner=self,
            )

    def _set_scanner(self, wanted: dict[str, object]) -> None:
        self.bridge.fetch(partial(change_settings, wanted), done=self._scanner_is_set, refused=self.refuse, owner=self)

    def _scanner_is_set(self, settings: Settings) -> None:
        self.close_sheet()
        self.shell.scanning.set_up(settings)
        self.note(Phrase("the scanner is set"))

    # opened -----------------------------------------------------------------------------------------------------------------------

    def _open(self) -> None:
        one = self.chosen
        if one is not None and one.code in self.watchable:
            self.go(CONSOLE, device=one.code)


def _record_cell(told: OnRecord | None) -> Cell:
    if told is None:
        return Cell(words="–")
    return Cell(words=STANDING[told], quiet=told is OnRecord.SAME, state=None if told is OnRecord.SAME else State.ATTENTION)
