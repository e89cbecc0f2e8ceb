"""The window of a station: one frame, one open screen in it, gates in front of it, sheets beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import tzinfo
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget

from app.base import clock
from app.base.phrases import Language, Phrase
from app.core.command import Permission
from app.core.devices_here import DevicesHere
from app.core.feed import Change
from app.core.refusals import NotAllowed
from app.core.session import Where
from app.core.settings import Settings
from app.devices.events import Scan
from app.devices.settings import DeviceSettings
from app.devices.transport import PortFacts, ports_here
from app.scanning.result import Scanned
from ui.bridge import Bridge
from ui.kit import WORKBENCHES, Frame, Panel, Sheet, State, Words, current_language, say, set_language, theme
from ui.kit.tokens import SCALES
from ui.late.desk import LateDesk
from ui.shell import keyboard, registry
from ui.shell.ahead import LoadAhead
from ui.shell.alarms import Alarms
from ui.shell.call import CallSheet
from ui.shell.chip_row import ChipRow
from ui.shell.drafting import Draft, read_fields
from ui.shell.evidence import evidence_of_number
from ui.shell.evidence_sheet import EvidenceSheet
from ui.shell.face import Notice
from ui.shell.feed_watch import DatabaseHere
from ui.shell.first_secret import FirstSecret
from ui.shell.health_chips import HealthChips
from ui.shell.hooks import NO_CONTEXT, Context
from ui.shell.idle import Idle
from ui.shell.inbox import Inbox
from ui.shell.job_words import jobs_words
from ui.shell.lock import Lock
from ui.shell.plugs import Plugs
from ui.shell.questions import SHELL, Arrival
from ui.shell.registry import SCREENS, Entry
from ui.shell.scan_router import LastScan, ScanRouter
from ui.shell.scanning import Scanning
from ui.shell.screen import Screen
from ui.shell.sheet_dock import SheetDock
from ui.shell.side_door import SideDoor
from ui.shell.sign_in import SignIn
from ui.shell.signing import Signing
from ui.shell.signing_sheet import SigningSheet
from ui.shell.small_sheets import FindSheet, HelpSheet, LastScansSheet, OwnerSheet
from ui.shell.station_call import StationCallSheet
from ui.shell.tones import Tones
from ui.shell.wall_clock import WallClock

HOME = "home"


class Window(QWidget):
    """Opens whether or not the database answers; `begin` shows the sign-in."""

    def __init__(
        self,
        bridge: Bridge,
        station: str,
        settings: Settings,
        *,
        devices: DevicesHere,
        tones: Tones,
        side_door: SideDoor | None,
    ) -> None:
        super().__init__()
        self.side_door = side_door
        self.bridge, self.station, self.tones = bridge, station, tones
        self._where: Where | None = None
        self.zone: tzinfo = here_zone()
        """The plant's, as soon as the database said it; the workstation's own until then."""
        self.plugs = Plugs(self, devices)
        """What is connected here, and how one more comes or goes."""
        self.ports: Callable[[], Sequence[PortFacts]] = ports_here
        """Serial ports of this computer; a shift without them looks at none."""
        self.picture_folder = settings.picture_folder
        """Where this station's camera puts its pictures."""
        self.rights: frozenset[Permission] = frozenset()
        self.current: Screen | None = None
        """The open screen; it stays open behind a gate."""
        self.dock = SheetDock(self)
        self.gate: Screen | None = None
        """Sign-in, lock or first password, standing in front of everything."""
        self._made: dict[str, Screen] = {}
        self._way: list[tuple[str, Context]] = []
        self._place: Draft | None = None
        self.frame = Frame()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # as large as its glass, whatever stands in it
        layout.addWidget(self.frame)
        self.clock = WallClock(self.frame.top_bar, self.zone, self)
        self.chips = ChipRow(self.frame.strip, bridge, devices.everything, self.zone, self)
        self.health = HealthChips(self.frame.strip, bridge, self)
        self.inbox = Inbox(bridge, self)
        self.late = LateDesk(self)
        self.alarms = Alarms(self)
        self.ahead = LoadAhead(self)
        self.router = ScanRouter(self, bounce_s=settings.bounce_ms / 1000)
        self.scanning = Scanning(self)
        self.idle = Idle(settings.idle_lock_s, self)
        self._connect()
        self.frame.top_bar.show_station(station, "")
        self.setWindowTitle(window_title(station, practice=False))  # until the database says so

    def _connect(self) -> None:
        bar, bridge, ear = self.frame.top_bar, self.bridge, self.bridge.ear
        for asked, act in (
            (bar.find_asked, self.find_code),
            (bar.person_asked, self.lock),
            (bar.lock_asked, self.lock),
            (bar.language_asked, self.other_language),
            (self.frame.rail.called, self.call),
            (self.frame.rail.opened, self.open_workbench),
            (self.frame.strip.last_five_asked, self.show_last_scans),
            (self.idle.idle, self.lock),
            (self.inbox.changed, self._show_counts),
            (bridge.session_lost, self._session_lost),
            (bridge.database, self._database_stands),
            (bridge.changed, self._changes),
            (bridge.refused, self._refused),
            (ear.scan, self._scan),
            (ear.repeated, self._repeated),
        ):
            asked.connect(act)
        ear.reading.connect(partial(self._to_screen, "on_reading"))
        ear.trouble.connect(partial(self._to_screen, "on_trouble"))
        ear.state.connect(partial(self._to_screen, "on_device"))
        ear.label.connect(partial(self._to_screen, "on_label"))

    @property
    def devices(self) -> tuple[DeviceSettings, ...]:
        """Every device of this station as it is connected now."""
        return self.plugs.here.everything

    # the station ------------------------------------------------------------------------------------------------------------------

    @property
    def where(self) -> Where:
        """This station and its site. Known before anybody works here; a gate asks `place`.

        Raises:
            LookupError: the database has never answered. A bug.
        """
        if self._where is None:
            raise LookupError("nobody works at a station that is not known yet")
        return self._where

    @property
    def place(self) -> Words:
        """The station's name; empty while nobody knows it."""
        return self._where.name if self._where is not None else ""

    def _database_stands(self, here: DatabaseHere) -> None:
        self.clock.follow(here)
        if here.where is not None:
            self._is_known(here.where)

    def _is_known(self, where: Where) -> None:
        if self._where is None:
            self._where, self.zone = where, ZoneInfo(where.zone)
            self.clock.stand_in(self.zone)
            self.chips.stand_in(self.zone)
            self.frame.top_bar.show_station(where.code, where.name)
            self.frame.show_practice(where.practice)
            self.setWindowTitle(window_title(self.station, practice=where.practice))

    # people -----------------------------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Nobody is signed in: ask who works here."""
        self._show_gate(SignIn(self), NO_CONTEXT)

    def arrive(self, arrival: Arrival) -> None:
        """Somebody proved who they are; a password of their own comes first."""
        before = self.bridge.who
        if arrival.session.where is not None:
            self._is_known(arrival.session.where)
        self.close_sheet()
        if self.current is not None:
            self.current.save_draft_now()
        self.bridge.use(arrival.session)
        self.rights = arrival.rights
        if not arrival.secret.is_good:
            gate = FirstSecret(self)
            gate.let_in(arrival)
            self._show_gate(gate, NO_CONTEXT)
            return
        self.enter(arrival, other=before is not None and before.login != arrival.session.who.login)

    def enter(self, arrival: Arrival, *, other: bool = False) -> None:
        """The work begins or goes on: at the open step, or where this person left off."""
        registry.load_screens()  # since the sign-in stands another thread does it: a password takes longer to type
        who = arrival.session.who
        self.frame.top_bar.show_person(who.name, jobs_words(who.jobs))
        self.frame.rail.offer([bench for bench in WORKBENCHES if bench.key == HOME or self._may_open(bench.key)])
        left_off = {name: kept.value for name, kept in read_fields(arrival.left_off).items()}
        if "language" in left_off:
            set_language(Language(left_off["language"]))
        self._place = Draft(self.bridge, SHELL, self)
        self._close_gate()
        self.inbox.fetch()
        self.late.look()
        self.idle.touch()
        if self.current is not None and SCREENS[self.current.key].permission in self.rights:
            if other:
                self.current.taken_over_by(who)
            self._uncover(self.current)
        else:
            self._way.clear()
            self._open_where_left(left_off)
        self.remember_place()

    def _open_where_left(self, left_off: dict[str, Any]) -> None:
        key = str(left_off.get("screen", HOME))
        entry = SCREENS.get(key)
        if entry is None or entry.permission not in self.rights:
            key, left_off = HOME, {}
        self.open(key, left_off.get("context", NO_CONTEXT))

    def lock(self, *, login: str | None = None, lost: bool = False) -> None:
        """Hide everything; the same person goes on with a password, another one takes over."""
        who = self.bridge.who
        if who is None or (self.gate is not None and not isinstance(self.gate, FirstSecret)):
            return
        if self.current is not None:
            self.current.save_draft_now()
        self.close_sheet()
        self._show_gate(Lock(self), {"login": login or who.login, "lost": lost})

    def badge_scanned(self, badge: str) -> None:
        """A badge on an open screen that does not want it: that person wants to work here."""
        self.bridge.ask_station(lambda link: link.person_of_badge(badge), done=self._badge_is, owner=self)

    def _badge_is(self, login: str | None) -> None:
        who = self.bridge.who
        if login is not None and who is not None and login != who.login:
            self.lock(login=login)

    def _session_lost(self) -> None:
        self.lock(lost=True)

    def _may_open(self, workbench: str) -> bool:
        entry = registry.of_workbench(workbench, self.rights)
        return entry is not None and entry.permission in self.rights

    # gates and screens ------------------------------------------------------------------------------------------------------------

    @property
    def showing(self) -> Screen | None:
        """What stands in the frame now: a gate, else the open screen."""
        return self.gate or self.current

    def _show_gate(self, gate: Screen, context: Context) -> None:
        old, self.gate = self.gate, gate
        self.idle.rest()
        self.frame.rail.hide()
        self.frame.strip.show_last_scan(State.TO_DO, "", Phrase("Scans are hidden until somebody is here."))
        self._uncover(gate)
        gate.open_with(context)
        if old is not None:
            old.deleteLater()

    def _close_gate(self) -> None:
        gate, self.gate = self.gate, None
        self.frame.rail.show()
        if self.router.last:
            self.show_last_scan(self.router.last[0])
        else:
            self.frame.strip.show_last_scan(State.TO_DO, "", Phrase("Nothing was scanned yet."))
        if gate is not None:
            gate.hide()
            gate.deleteLater()

    def _uncover(self, screen: Screen) -> None:
        self.frame.show_body(screen)
        screen.face.alarm = None if screen is self.gate else self.alarms.notice
        screen.face.show_on(self.frame)
        if screen is not self.gate:
            self.frame.rail.mark_open(SCREENS[screen.key].workbench)

    def open(self, key: str, context: Context = NO_CONTEXT) -> Screen | None:
        """Open a screen; the one before stays as it is, and Esc goes back to it.

        Returns:
            The screen, or ``None`` when this person has no right for it: the open screen says so.
        """
        entry = SCREENS[key]
        before = self.current
        if entry.permission not in self.rights:
            if before is not None:
                before.refuse(NotAllowed())
            return None
        if before is not None:
            before.save_draft_now()
            before.left()
            self._way = [] if key == HOME else [*self._way, (before.key, before.context)][-20:]
        self.close_sheet()
        screen = self._made.get(key) or self._made.setdefault(key, entry.make(self))
        self.current = screen
        self._uncover(screen)
        screen.open_with(context)
        self.remember_place()
        return screen

    def open_workbench(self, workbench: str) -> None:
        """The rail was pressed."""
        entry = registry.of_workbench(workbench, self.rights)
        if entry is not None and self.gate is None:
            self.open(entry.key)

    def go_back(self) -> None:
        """To the screen before this one, as it was opened; at the beginning: home."""
        key, context = self._way.pop() if self._way else (HOME, NO_CONTEXT)
        way = list(self._way)
        self.open(key, context)
        self._way = way

    def remember_place(self) -> None:
        """After a crash or a restart this person goes on here."""
        if self._place is not None and self.current is not None and self.gate is None:
            here = {"screen": self.current.key, "context": dict(self.current.context), "language": current_language().value}
            self._place.keep(**here)

    # sheets -----------------------------------------------------------------------------------------------------------------------

    def open_sheet(self, sheet: Sheet) -> None:
        """Dock a sheet at the right; another one goes."""
        self.dock.open(sheet)

    def close_sheet(self) -> None:
        """Nothing is lost by it."""
        self.dock.close()

    def sheet_that_scans(self) -> Callable[[Scanned], bool] | None:
        """The open sheet, if it wants scans: it is asked before the screen."""
        taker = getattr(self.frame.sheet, "on_scan", None)
        return taker if callable(taker) else None

    def open_signing(self, signing: Signing, frame_around: Panel | None) -> None:
        """Ask for a signature beside the work."""
        self.open_sheet(SigningSheet(self, signing, frame_around))

    def choose_owner(self, owners: Sequence[Entry], words: Words, open_it: Callable[[Entry], object]) -> None:
        """A code that several screens own: ask once."""
        self.open_sheet(OwnerSheet(self, [entry for entry in owners if entry.permission in self.rights] or list(owners), words, open_it))

    def call(self) -> None:
        """F9: somebody is needed here. Behind a gate nobody has proved who they are: the station itself calls."""
        self.open_sheet(CallSheet(self) if self.gate is None else StationCallSheet(self))
        self.setFocus()  # the keys 1–4 are the sheet's, whatever field had the focus

    def find_code(self) -> None:
        """F3: a code that cannot be scanned is typed and goes the way of a scan."""
        if self.gate is None:
            self.open_sheet(FindSheet(self))

    def help(self) -> None:
        """F1: what this screen is for and what the keys do."""
        if self.showing is not None:
            self.dock.lay_over(HelpSheet(self, self.showing))

    def show_evidence(self) -> None:
        """F4: what proves the numbers in focus: those of the open sheet first."""
        if self.current is not None and self.gate is None:
            sheet = self.dock.work
            of_sheet = tuple(map(evidence_of_number, sheet.numbers())) if sheet is not None else ()
            self.dock.lay_over(EvidenceSheet((*of_sheet, *self.current.evidence()), self.bridge, self.zone))

    def show_last_scans(self) -> None:
        """The last five scans."""
        if self.gate is None:
            self.open_sheet(LastScansSheet(self))

    # look and words ---------------------------------------------------------------------------------------------------------------

    def other_language(self) -> None:
        """F12: everything is said in the other language; this person's from now on."""
        set_language(Language.ZH if current_language() is Language.EN else Language.EN)
        self.remember_place()

    def other_size(self) -> None:
        """F2 on a screen that has nothing to enlarge: the next of the three scales."""
        theme.look(scale=SCALES[(SCALES.index(theme.scale) + 1) % len(SCALES)])

    def show_last_scan(self, one: LastScan) -> None:
        """In the strip, unless a gate hides what this station does."""
        if self.gate is None:
            self.frame.strip.show_last_scan(one.state, f"{one.at.astimezone(self.zone):%H:%M:%S}", one.shown)

    def show_alarm(self, notice: Notice | None) -> None:
        """A call or the database, over any screen that has no trouble of its own."""
        screen = self.current
        if screen is not None:
            screen.face.alarm = notice
            if self.gate is None:
                screen.face.show_notice(self.frame)

    def _show_counts(self) -> None:
        counts = self.inbox.counts()
        for bench in WORKBENCHES:
            count, late = counts.get(bench.key, (0, False))
            self.frame.rail.show_count(bench.key, count, too_long=late)

    # what comes from elsewhere ----------------------------------------------------------------------------------------------------

    def _scan(self, scan: Scan) -> None:
        self.idle.touch() if self.gate is None else None
        self.router.take(scan.text, scan.device)

    def _repeated(self, scan: Scan) -> None:
        self.router.bounced(scan.text)

    def _to_screen(self, hook: str, what: object) -> None:
        self.idle.something_new()
        if self.gate is None and self.current is not None:
            getattr(self.current, hook)(what)

    def _changes(self, changes: list[Change]) -> None:
        if self.current is not None and self.bridge.who is not None:
            self.current.on_changes(changes)

    def _refused(self, error: Any) -> None:
        if self.showing is not None:
            self.showing.refuse(error)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not keyboard.press(self, event.key(), repeats=event.isAutoRepeat()):
            super().keyPressEvent(event)


def window_title(station: str, *, practice: bool) -> str:
    """What the window list of the computer shows."""
    return f"Lineside {station} – {say(Phrase('Practice'))}" if practice else f"Lineside {station}"


def here_zone() -> tzinfo:
    """The zone this workstation is set to."""
    found = clock.now().astimezone().tzinfo
    assert found is not None
    return found


__all__ = ["HOME", "Window", "window_title"]
