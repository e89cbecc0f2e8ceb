"""The devices of this station: how each stands, where it hangs, how its line is set. Enter opens its console."""

from __future__ import annotations

from app.base import clock
from app.base.phrases import Phrase
from app.core.command import Permission
from app.devices.events import DeviceState
from app.devices.settings import DeviceSettings
from ui.devices.device_words import kind_words, line_words
from ui.kit import ANY, MIDDLE, WIDE, Cell, Column, FittingTable, Row
from ui.shell.chip_row import standing_words, state_of
from ui.shell.hooks import Context
from ui.shell.screen import Screen, screen

CONSOLE = "devices.console"
_COLUMNS = (
    (Column(title=Phrase("Device"), width=140), ANY),
    (Column(title=Phrase("Kind")), ANY),
    (Column(title=Phrase("Port"), width=360), WIDE),
    (Column(title=Phrase("Settings"), width=170), MIDDLE),
    (Column(title=Phrase("Serial number"), width=190), WIDE),
    (Column(title=Phrase("State"), width=300), ANY),
)


@screen(key="devices.list", title="Devices", workbench="plant", permission=Permission.KEEP_ASSETS)
class DevicesScreen(Screen):
    """Arrows choose, Enter opens the console."""

    help = "Choose a device with the arrows and press Enter: its bytes as they come, what they mean, and how its line does."

    def build(self) -> None:
        """One table over the whole width."""
        self.table = FittingTable(Phrase("Devices of this station"), _COLUMNS, nothing=Phrase("No device is connected to this station."))
        self.table.chosen.connect(self._settle)
        self.table.opened.connect(self._open)
        self.lay_out(self.table)
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

    def _open(self) -> None:
        one = self.chosen
        if one is not None and one.code in self.hub_codes:
            self.go(CONSOLE, device=one.code)
