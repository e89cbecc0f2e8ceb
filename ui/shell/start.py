"""Opens the window of a station: application, fonts, look, language, station link, devices, sign-in. Works offscreen too."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QApplication

from app.capture.recorder import Recorder
from app.core.database import Server
from app.core.devices_here import DevicesHere
from app.core.logs import log
from app.core.settings import Settings
from app.core.station_files import entries_folder
from app.core.stations import StationLink
from app.core.trust.witness import TrailWitness, witness_file
from app.devices.hub import Hub
from app.devices.settings import Patience
from app.labels.queue import PrintQueue
from ui.bridge import Bridge
from ui.kit import Mode, physical_dpi, set_language, theme
from ui.shell.crash import CrashDesk
from ui.shell.feed_watch import COMPARE_EVERY_S, EVERY_S
from ui.shell.practice_door import PracticeDoor, practice_command
from ui.shell.registry import offer
from ui.shell.side_door import SideDoor
from ui.shell.tones import Tones
from ui.shell.watchdog import Watchdog
from ui.shell.wedge_filter import WedgeFilter
from ui.shell.wedge_setup import WedgeSetup
from ui.shell.window import Window


@dataclass(slots=True, kw_only=True, eq=False)
class Shell:
    """An open window with everything behind it; `close` ends all of it."""

    window: Window
    bridge: Bridge
    hub: Hub
    recorder: Recorder | None
    crash: CrashDesk
    wedge: WedgeFilter
    wedge_scan: Callable[[str], None]
    watchdog: Watchdog | None
    undo_crash: Callable[[], None]

    def begin(self) -> None:
        """Watch the database, show the sign-in, watch over the window."""
        self.bridge.start()
        self.window.begin()
        if self.watchdog is not None:
            self.watchdog.start()

    def close(self) -> None:
        """Sign out, end every thread, close the devices."""
        if self.watchdog is not None:
            self.watchdog.stop()
        self.window.hide()
        if self.window.side_door is not None:
            self.window.side_door.close()
        self.window.ahead.stop()
        self.hub.stop()
        if self.recorder is not None:
            self.hub.unsubscribe(self.recorder)  # it outlives this window: whoever started it stops it
        self.bridge.close()
        self.wedge.scanned.disconnect(self.wedge_scan)
        self.wedge.scan_lost.disconnect(self.window.scanning.lost)
        self.wedge.input_method_in_the_way.disconnect(self.window.scanning.composed)
        _open.remove(self)
        if not _open:
            self.wedge.remove()
            self.wedge.deleteLater()
        self.window.tones.close()
        self.window.deleteLater()
        self.undo_crash()


_open: list[Shell] = []
"""Windows of this program that stand open: usually one, two in the guided shift."""


def application(settings: Settings) -> QApplication:
    """The application with our fonts, look and language; made once per process.

    Raises:
        FontsMissing: the fonts were not built on this computer.
    """
    app = QApplication.instance()
    made = app if isinstance(app, QApplication) else QApplication(sys.argv[:1])
    theme.start(made)
    theme.look(
        mode=Mode(settings.theme),
        scale=float(settings.scale),
        dpi=settings.dpi_override if settings.dpi_override is not None else physical_dpi(made),
    )
    set_language(settings.language)
    return made


def open_window(
    settings: Settings,
    *,
    server: Server,
    station: str,
    station_secret: str,
    devices: DevicesHere,
    development: bool,
    printing: PrintQueue | None = None,
    recording: Recorder | None = None,
    side_door: SideDoor | None = None,
    tones: Tones | None = None,
    feed_every_s: tuple[float, float] = EVERY_S,
    compare_every_s: float = COMPARE_EVERY_S,
    catch_defects: bool = True,
    screens: Sequence[str] = ("ui",),
) -> Shell:
    """Open a station's window with the sign-in in front, whether or not the database answers: the sign-in says how it stands.

    Args:
        settings: How this workstation looks.
        server: Where the database is met.
        station: Code of the enrolled station.
        station_secret: Its secret; kept by the link alone.
        devices: What is connected here; the instruments are started, the printers are the print queue's.
        development: Watch for a frozen window.
        printing: The print queue of this station; begun with the first printer, stopped by whoever made it.
        recording: The recorder of this station; begun with the first machine, stopped by whoever made it.
        side_door: What the sign-in offers beside signing in: practice, or the way back from it; closed with the window.
        tones: The station's voice; the usual one when left out.
        feed_every_s: How often others' changes are asked for.
        compare_every_s: How often clock and version are compared with the database's.
        catch_defects: Whether what escapes becomes a crash report; a test that wants to see it says no.
        screens: Packages whose screens are offered.

    Raises:
        FontsMissing: nothing was opened.
    """
    app = application(settings)
    offer(*screens)
    seen = TrailWitness(witness_file(settings.data_folder, station))
    bridge = Bridge(server, StationLink(server, station, station_secret), seen, feed_every_s=feed_every_s, compare_every_s=compare_every_s)
    hub = Hub(frame_logs=settings.frame_logs, patience=Patience(bounce_s=settings.bounce_ms / 1000))
    window = Window(bridge, station, settings, devices=devices, tones=tones or Tones(on=True), side_door=side_door)
    wedge, crash = _wedge(app, settings), CrashDesk(settings.log_folder)
    shell = _shell(window, wedge, hub, recording, crash, development=development, catch_defects=catch_defects)
    _open.append(shell)
    bridge.listen_to(hub)
    if recording is not None:
        bridge.listen_to_recording(recording)
    hub.start(*devices.instruments)
    if printing is not None:
        bridge.listen_to_printing(printing)
    bridge.keep_entries_in(entries_folder(settings.data_folder, station))
    bridge.watch_disk(settings.data_folder)
    shell.begin()
    return shell


def _shell(
    window: Window, wedge: WedgeFilter, hub: Hub, recorder: Recorder | None, crash: CrashDesk, *, development: bool, catch_defects: bool
) -> Shell:
    """What watches over the window: keyboard scanners, defects, and the clock of its event loop."""
    crash.told.connect(window.alarms.fault)
    window.bridge.broke.connect(crash.take)
    window.scanning.wedge = wedge
    wedge_scan = partial(_wedge_scan, window)
    wedge.scanned.connect(wedge_scan)
    wedge.scan_lost.connect(window.scanning.lost)
    wedge.input_method_in_the_way.connect(window.scanning.composed)
    return Shell(
        window=window,
        bridge=window.bridge,
        hub=hub,
        recorder=recorder,
        crash=crash,
        wedge=wedge,
        wedge_scan=wedge_scan,
        watchdog=Watchdog(_frozen) if development else None,
        undo_crash=crash.install() if catch_defects else lambda: None,
    )


def _wedge(app: QApplication, settings: Settings) -> WedgeFilter:
    """The keyboard's filter: one for all windows, because two of them would hand held keys to each other for ever."""
    return _open[0].wedge if _open else WedgeFilter(app, setup=WedgeSetup.of(settings))


def run(
    settings: Settings,
    *,
    server: Server,
    station: str,
    station_secret: str,
    devices: DevicesHere,
    development: bool,
    printing: PrintQueue | None = None,
    recording: Recorder | None = None,
) -> int:
    """Open the window on the whole screen and stay until it is closed; returns the exit code."""
    shell = open_window(
        settings,
        server=server,
        station=station,
        station_secret=station_secret,
        devices=devices,
        development=development,
        printing=printing,
        recording=recording,
        side_door=PracticeDoor(practice_command()),
    )
    spare_what_is_loaded(shell)
    shell.window.showMaximized()
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    try:
        return app.exec()
    finally:
        shell.close()


def spare_what_is_loaded(shell: Shell) -> None:
    """Once everything is loaded Python's collector of circles never walks it again: 150,000 objects stop the window for a tenth of a second
    each time, whatever thread it happens on. Only for a program that has one window and ends with it.
    """
    shell.window.ahead.done.connect(gc.freeze)


def _wedge_scan(window: Window, text: str) -> None:
    """The keyboard belongs to the window in front; others of the same program hear nothing."""
    if window.isActiveWindow():
        window.router.take(text)


def _frozen(seconds: float, stack: str) -> None:
    log("shell").warning("the window stood still", seconds=round(seconds, 3), stack=stack)
    print(f"The window stood still for {seconds:.3f} s:\n{stack}", file=sys.stderr)
