"""One device at its console: every byte as it comes, what each frame means, how the line does, and where our knowledge comes from."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.base import clock
from app.base.errors import AppError
from app.base.phrases import Phrase
from app.core.command import Permission
from app.core.devices_here import PRINTERS
from app.devices.events import DeviceState
from app.devices.frame_log import content_of
from app.devices.kinds import kind_of
from app.devices.line_watch import LineWatch
from app.devices.protocol import Family
from app.devices.settings import DeviceSettings
from app.devices.wires import Wires
from app.tracing.filing import papers_folder, write_whole
from ui.devices.channel_table import ChannelTable
from ui.devices.device_words import device_facts, family_of, known_facts, tape_line
from ui.devices.fact_panel import FactPanel
from ui.devices.replaying import Replaying
from ui.devices.send_sheet import SendSheet
from ui.kit import Panel, WireTape, theme
from ui.shell.chip_row import standing_words, state_of
from ui.shell.evidence import Evidence
from ui.shell.hooks import Context
from ui.shell.screen import Screen, screen

_LOOK_MS = 200
_SIDE, _SIDE_COMPACT = 460, 380
_ROOM_FOR_SIDE = 900


@screen(key="devices.console", title="Console", workbench="plant", permission=Permission.KEEP_ASSETS, leads=False)
class ConsoleScreen(Screen):
    """The tape left, facts right. Nothing of it goes into a record."""

    help = "Every byte as it comes. F4 says where our knowledge comes from, F5 asks for a value, F7 pauses, F8 sends."

    def build(self) -> None:
        """Tape and facts; the watch begins when a device is named."""
        self.device: DeviceSettings | None = None
        self.watch: LineWatch | None = None
        self._still = False
        self.tape = WireTape()
        self.bytes = Panel(Phrase("On the line"), "", padding=0)
        self.bytes.body.addWidget(self.tape, 1)
        self.facts, self.known = FactPanel(Phrase("Device")), FactPanel(Phrase("What we know"))
        self._side = QWidget()
        column = QVBoxLayout(self._side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(16))
        column.addWidget(self.facts)
        column.addWidget(self.known)
        column.addStretch(1)
        self.channels = ChannelTable()
        left = QWidget()
        rows = QVBoxLayout(left)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(theme.px(16))
        rows.addWidget(self.channels, 3)
        rows.addWidget(self.bytes, 2)
        self.lay_out(left, self._side)
        self.still_button = self.button(Phrase("Pause"), self._stand_still, key=Qt.Key.Key_F7)
        self.send_button = self.button(Phrase("Send"), self._open_send, key=Qt.Key.Key_F8)
        self.log_button = self.button(Phrase("Frame log"), self._write_log)
        self.replaying = Replaying(self)
        self.replay_button = self.button(Phrase("Replay"), self.replaying.press, key=Qt.Key.Key_F6)
        self.ask_button = self.primary(Phrase("Ask for a value"), self._ask, icon="again")
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_MS)
        self._look.timeout.connect(self._refresh)

    # which device -----------------------------------------------------------------------------------------------------------------

    def opened(self, context: Context) -> None:
        """Watch the device that is named from now on."""
        self._end_watch()
        code = context.get("device")
        self.device = next((one for one in self.shell.devices if one.code == code), None)
        wires = self._wires
        if self.device is None or wires is None:
            self.back()
            return
        self.watch = LineWatch(kind_of(self.device).reader())
        wires.tap(self.device.code, self.watch.take)
        self._still = False
        self.show_device(self.device)
        self._refresh()
        self._look.start()

    def left(self) -> None:
        """Nobody looks any more; the device hangs on its line again."""
        self.replaying.end()
        self._end_watch()

    def _end_watch(self) -> None:
        self._look.stop()
        wires = self._wires
        if self.device is not None and self.watch is not None and wires is not None:
            wires.untap(self.device.code, self.watch.take)
        self.watch = None

    @property
    def _wires(self) -> Wires | None:
        """Whoever talks with the device: the print queue with printers, the hub with all others."""
        speaker = self.bridge.printing if self._is_printer else self.bridge.hub
        return speaker.wires if speaker is not None else None

    @property
    def _is_printer(self) -> bool:
        return self.device is not None and self.device.protocol in PRINTERS

    # what stands here -------------------------------------------------------------------------------------------------------------

    def show_device(self, device: DeviceSettings) -> None:
        """What is known of this device, and what can be done with it."""
        self.device = device
        self._show_facts()
        self.replaying.settle()
        self.known.show_facts(known_facts(device))
        self.known.setVisible(not self.shell.frame.compact)
        self.channels.setVisible(device.is_machine)
        if device.map is not None:
            self.channels.begin(device.code, device.map)
        self._show_acts(device, family_of(device))

    def _show_acts(self, device: DeviceSettings, family: Family | None) -> None:
        """A machine is only read, and a printer is the print queue's: nothing else is said to them."""
        self.ask_button.tell(Phrase("Ask how it stands") if self._is_printer else Phrase("Ask for a value"))
        self.show_button(self.send_button, family is not None)
        if device.is_machine:
            self.ask_button.not_yet(Phrase("a machine is read all the time"))
            return
        if family is None:
            self.ask_button.ready()
            return
        self.send_button.ready()
        if family.speaker(device.unit).ask_for_value is None:
            self.ask_button.not_yet(Phrase("press its button"))
        else:
            self.ask_button.ready()

    def _show_facts(self) -> None:
        device, watch = self.device, self.watch
        if device is None or watch is None:
            return
        state = self.shell.chips.states.get(device.code)
        words = standing_words(state, clock.now()) if state is not None else "–"
        trouble = state is not None and state_of(state).is_trouble
        sentence = Phrase("Watch {device}: {words}", device=device.code, words=words)
        self.say_next(sentence, Phrase("Devices • {device}", device=device.code), (state_of(state), words) if state and trouble else None)
        serial_number = state.serial_number if state is not None else None
        self.facts.show_facts(device_facts(device, watch.figures(), serial_number, short=self.shell.frame.compact))

    def _refresh(self) -> None:
        watch = self.watch
        if watch is None:
            return
        self._show_facts()
        self.replaying.look()
        if not self._still:
            self.channels.refresh(self.bridge.live, clock.now(), self.shell.zone)
            self.tape.show_lines([tape_line(entry, self.shell.zone) for entry in watch.entries()[-self.tape.fitting :]])
        state = Phrase("paused") if self._still else Phrase("live")
        self.bytes.tell(Phrase("On the line"), state)

    def on_device(self, state: DeviceState) -> None:
        """It stands otherwise."""
        if self.device is not None and state.device == self.device.code:
            self._show_facts()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Beside a sheet on a small glass the facts give way."""
        super().resizeEvent(event)
        wide = self.width() / theme.factor
        self._side.setVisible(wide >= _ROOM_FOR_SIDE)
        self._side.setFixedWidth(theme.px(_SIDE if wide >= 1500 else _SIDE_COMPACT))
        self.known.setVisible(not self.shell.frame.compact and self.device is not None)

    def evidence(self) -> Sequence[Evidence]:
        """F4: the chosen channel of a machine; where our knowledge of this kind comes from: on a small glass it stands nowhere else."""
        device = self.device
        if device is None:
            return ()
        known = Evidence(title=kind_of(device).name, origin=Phrase("What we know"), facts=tuple(known_facts(device)))
        return (*super().evidence(), known)

    # what can be done -------------------------------------------------------------------------------------------------------------

    def on_key(self, key: int) -> bool:
        """F5 asks, as everywhere; F6 replays, or says why not; a machine's channels take the arrows."""
        if key == Qt.Key.Key_F5:
            self._ask()
            return True
        if key == Qt.Key.Key_F6:  # where no button offers it, it says why not
            self.replaying.press()
            return True
        return self.channels.isVisible() and self.channels.press(key)

    def _ask(self) -> None:
        hub, printing, device = self.bridge.hub, self.bridge.printing, self.device
        if self._is_printer and printing is not None:
            printing.look_now()
        elif hub is not None and device is not None and family_of(device) is not None:
            hub.ask(device.code)

    def _stand_still(self) -> None:
        self._still = not self._still
        self.still_button.tell(Phrase("Go on") if self._still else Phrase("Pause"))
        self._refresh()

    def _open_send(self) -> None:
        hub, device = self.bridge.hub, self.device
        if hub is not None and device is not None:
            self.open_sheet(SendSheet(device.code, partial(hub.send, device.code)))

    def _write_log(self) -> None:
        wires, device = self._wires, self.device
        log = wires.frame_log(device.code) if wires is not None and device is not None else None
        if log is None or device is None or self.log_button.is_busy:
            return
        now = self.shell.clock.now().astimezone(self.shell.zone)
        file = papers_folder() / f"Frames {device.code} {now:%Y-%m-%d %H%M%S}.log"
        self.log_button.begin_busy(Phrase("Writing the frame log"))

        def refused(error: AppError) -> None:
            self.log_button.end_busy()
            self.refuse(error)

        self.bridge.fetch(partial(_written, log, file), done=self._is_written, refused=refused, owner=self)

    def _is_written(self, file: Path) -> None:
        self.log_button.end_busy()
        self.bytes.tell(Phrase("On the line"), Phrase("written as {file}", file=file.name))


def _written(log: Path, file: Path) -> Path:
    """What came before and what is in the log now, as one file."""
    return write_whole(content_of(log), file)
