"""The devices of this station: how each stands, where it hangs, how its line is set. Enter opens its console."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt

from app.base import clock
from app.base.phrases import Phrase
from app.core.command import Permission
from app.core.devices_added import add_device
from app.core.settings import settings_file
from app.core.station_files import devices_file
from app.devices.events import DeviceState
from app.devices.protocol import families
from app.devices.recognition.search import Recognised
from app.devices.settings import DeviceSettings
from app.devices.transport import url_of
from app.plant.queries import AssetRow, assets_of
from ui.devices.connect_sheet import ConnectSheet, candidates
from ui.devices.device_words import kind_words, line_words
from ui.devices.find_sheet import FindSheet
from ui.kit import ANY, MIDDLE, WIDE, Cell, Column, FittingTable, Row, State
from ui.shell.chip_row import standing_words, state_of
from ui.shell.hooks import Context
from ui.shell.screen import Notice, Screen, screen

CONSOLE, PROTOCOLS = "devices.console", "devices.protocols"
_COLUMNS = (
    (Column(title=Phrase("Device"), width=140), ANY),
    (Column(title=Phrase("Kind")), 600),
    (Column(title=Phrase("Port"), width=360), WIDE),
    (Column(title=Phrase("Settings"), width=170), MIDDLE),
    (Column(title=Phrase("Serial number"), width=190), WIDE),
    (Column(title=Phrase("State"), width=220), ANY),
)


@screen(key="devices.list", title="Devices", workbench="plant", permission=Permission.KEEP_ASSETS)
class DevicesScreen(Screen):
    """Arrows choose, Enter opens the console."""

    help = "Choose a device and press Enter: its bytes as they come and what they mean. F8 finds what was plugged in."

    def build(self) -> None:
        """One table over the whole width."""
        self.table = FittingTable(Phrase("Devices of this station"), _COLUMNS, nothing=Phrase("No device is connected to this station."))
        self.table.chosen.connect(self._settle)
        self.table.opened.connect(self._open)
        self.lay_out(self.table)
        self.find_button = self.button(Phrase("Find devices"), self._find, key=Qt.Key.Key_F8, icon="search")
        self.button(Phrase("Own protocols"), lambda: self.go(PROTOCOLS), key=Qt.Key.Key_F7, icon="sheet")
        self.open_button = self.primary(Phrase("Open the console"), self._open, icon="sensor")

    @property
    def chosen(self) -> DeviceSettings | None:
        """The device the arrows stand on."""
        return next((one for one in self.shell.devices if one.code == self.table.chosen_key), None)

    def opened(self, context: Context) -> None:
        """As they stand now."""
        self._show()

    def on_device(self, state: DeviceState) -> None:
        """One stands otherwise."""
        self._show()

    def on_key(self, key: int) -> bool:
        """The table's keys, wherever the focus is."""
        return self.table.press(key)

    def _show(self) -> None:
        devices = self.shell.devices
        self.table.show_rows([self._row(one) for one in devices], str(len(devices)) if devices else "")
        self._settle()

    def _row(self, one: DeviceSettings) -> Row:
        state = self.shell.chips.states.get(one.code)
        shape = state_of(state) if state is not None else None
        words = standing_words(state, clock.now()) if state is not None else "–"
        cells = (
            Cell(words=one.code, bold=True),
            kind_words(one),
            Cell(words=one.url, quiet=True),
            line_words(one),
            (state.serial_number if state is not None else None) or "–",
            Cell(words=words, state=shape),
        )
        return Row(key=one.code, cells=cells, trouble=shape if shape is not None and shape.is_trouble else None)

    def _settle(self) -> None:
        self.say_next(Phrase("Choose a device."), Phrase("Devices"))
        one = self.chosen
        if one is None:
            self.open_button.not_yet(Phrase("no device is connected"))
        elif one.code not in self.hub_codes:
            self.open_button.not_yet(Phrase("the print queue talks with it"))
        else:
            self.open_button.ready()

    @property
    def hub_codes(self) -> frozenset[str]:
        """Devices whose bytes can be watched here: all but printers."""
        hub = self.bridge.hub
        return frozenset(hub.states()) if hub is not None else frozenset()

    # a new one ----------------------------------------------------------------------------------------------------------------------

    def _find(self) -> None:
        taken = {one.url for one in self.shell.devices}
        free = [url_of(port) for port in self.shell.ports() if url_of(port) not in taken and port.device not in taken]
        self.open_sheet(FindSheet(free, self._found))

    def _found(self, url: str, one: Recognised) -> None:
        if one.key not in families():
            self.notify(Notice(state=State.ATTENTION, heading=Phrase("Printers and machines are written into devices.toml."), line=url))
            return
        self.ask(partial(assets_of, site=self.shell.where.site), partial(self._propose, url, one))

    def _propose(self, url: str, one: Recognised, assets: list[AssetRow]) -> None:
        taken = frozenset(device.code for device in self.shell.devices)
        self.open_sheet(ConnectSheet(url, one, candidates(assets, one, taken), self._connect))

    def _connect(self, device: DeviceSettings) -> None:
        """Written down for every start, and connected now."""
        file = devices_file(settings_file(), self.shell.station)
        self.bridge.fetch(partial(add_device, file, device), done=lambda _: self._connected(device), refused=self.refuse, owner=self)

    def _connected(self, device: DeviceSettings) -> None:
        self.close_sheet()
        self.shell.plug_in(device)
        self._show()

    # opened -----------------------------------------------------------------------------------------------------------------------

    def _open(self) -> None:
        one = self.chosen
        if one is not None and one.code in self.hub_codes:
            self.go(CONSOLE, device=one.code)
