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
from app.devices.events import DeviceState
from app.devices.frame_log import content_of
from app.devices.line_watch import LineWatch
from app.devices.settings import DeviceSettings
from app.tracing.filing import papers_folder, write_whole
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
        self.lay_out(self.bytes, self._side)
        self.still_button = self.button(Phrase("Pause"), self._stand_still, key=Qt.Key.Key_F7)
        self.send_button = self.button(Phrase("Send"), self._open_send, key=Qt.Key.Key_F8)
        self.log_button = self.button(Phrase("Frame log"), self._write_log)
        self.replaying = Replaying(self)
        self.replay_button = self.button(Phrase("Replay"), self.replaying.press, key=Qt.Key.Key_F6)
        self.ask_button = self.primary(Phrase("Ask for a value"), self._ask_value, icon="again")
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_MS)
        self._look.timeout.connect(self._refresh)

    # which device -----------------------------------------------------------------------------------------------------------------

    def opened(self, context: Context) -> None:
        """Watch the device that is named from now on."""
        self._end_watch()
        code = context.get("device")
        self.device = next((one for one in self.shell.devices if one.code == code), None)
        hub = self.bridge.hub
        if self.device is None or hub is None:
            self.back()
            return
        self.watch = LineWatch(family_of(self.device), unit=self.device.unit)
        hub.tap(self.device.code, self.watch.take)
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
        hub = self.bridge.hub
        if self.device is not None and self.watch is not None and hub is not None:
            hub.untap(self.device.code, self.watch.take)
        self.watch = None

    # what stands here -------------------------------------------------------------------------------------------------------------

    def show_device(self, device: DeviceSettings) -> None:
        """What is known of this device, and what can be done with it."""
        self.device = device
        family = family_of(device)
        self._show_facts()
        self.replaying.settle()
        self.known.show_facts(known_facts(family) if family is not None else [])
        self.known.setVisible(family is not None and not self.shell.frame.compact)
        if family is None:
            self.ask_button.not_yet(Phrase("a machine is read all the time"))
            self.send_button.not_yet(Phrase("a machine is only read"))
        elif family.speaker(device.unit).ask_for_value is None:
            self.ask_button.not_yet(Phrase("press its button"))
            self.send_button.ready()
        else:
            self.ask_button.ready()
            self.send_button.ready()

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
        self.known.setVisible(not self.shell.frame.compact and self.device is not None and family_of(self.device) is not None)

    def evidence(self) -> Sequence[Evidence]:
        """F4: where our knowledge of this kind comes from; on a small glass it stands nowhere else."""
        family = family_of(self.device) if self.device is not None else None
        if family is None:
            return ()
        return (Evidence(title=family.name, origin=Phrase("What we know"), facts=tuple(known_facts(family))),)

    # what can be done -------------------------------------------------------------------------------------------------------------

    def on_key(self, key: int) -> bool:
        """F5 asks, as everywhere; F6 replays, or says why not."""
        if key == Qt.Key.Key_F5:
            self._ask_value()
            return True
        if key == Qt.Key.Key_F6:  # where no button offers it, it says why not
            self.replaying.press()
            return True
        return False

    def _ask_value(self) -> None:
        hub, device = self.bridge.hub, self.device
        if hub is not None and device is not None and family_of(device) is not None:
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
        hub, device = self.bridge.hub, self.device
        log = hub.frame_log(device.code) if hub is not None and device is not None else None
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
