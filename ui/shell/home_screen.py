"""Home: what is next for this person at this station. Begun work first, then calls for help, then tasks, longest waiting first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.base.measurement import Reading
from app.base.phrases import Phrase
from app.core.command import Permission
from app.core.feed import Change
from app.core.session import Who
from app.core.tasks import TaskRow
from app.devices.events import DeviceState, Standing
from ui.kit import Label, Panel, State, Words, theme
from ui.kit.panel import padded
from ui.shell.chip_row import age_words, icon_of, standing_words, state_of
from ui.shell.device_tiles import DeviceTile, DeviceTiles
from ui.shell.evidence import Evidence, evidence_of_number
from ui.shell.finding_words import finding_facts
from ui.shell.home_numbers import numbers_of_tasks, proof_of_reading
from ui.shell.hooks import Context
from ui.shell.job_words import TOPICS, call_words
from ui.shell.keeper_tasks import KeeperTask
from ui.shell.own_sheet import OwnSheet
from ui.shell.questions import Begun, begun
from ui.shell.registry import SCREENS, of_task
from ui.shell.screen import Screen, screen
from ui.shell.task_lines import MOST, TaskLine, TaskLines

WIDE_COLUMN, NARROW_COLUMN = 734, 404


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    """One line of the list, what the first one says above it and on the button, and what opens it."""

    line: TaskLine
    sentence: Words
    button: Words
    open: Callable[[], object] | None
    since: datetime | None = None
    """Of a task: when it was opened."""


@screen(key="home", title="Home", workbench="home", permission=Permission.EVERYBODY)
class HomeScreen(Screen):
    """Enter goes on, 2–5 open a task, any scan opens what it names."""

    can_go_back = False
    help = "Your open work stands first. Press Enter to go on with it, a figure to open another task, or scan anything."

    def build(self) -> None:
        """Tasks at the left, calls and devices at the right."""
        self._begun: list[Begun] = []
        self._items: list[_Item] = []
        self._values: dict[str, Reading] = {}
        self.tasks = TaskLines()
        self.tasks.opened.connect(self._open)
        self._panel = Panel(Phrase("Your work at this station"), "", padding=0)
        self._panel.body.setSpacing(0)
        self._panel.body.addWidget(self.tasks)
        self._nothing = padded(Label(Phrase("Nothing waits for you. Scan a label to begin."), ink="ink2"))
        self._panel.body.addWidget(self._nothing)
        left = QVBoxLayout()
        left.addWidget(self._panel)
        left.addStretch(1)
        self.lay_out(left, self._right_column())
        self.go_on = self.primary(Phrase("Go on"), self._go_on, icon="arrow")
        self.own_button = self.button(Phrase("My account"), self._show_myself, icon="person", key=Qt.Key.Key_F8)
        self.note(Phrase("or scan a lot, an order, a device or a badge"))
        self.shell.inbox.changed.connect(self._again)
        self.bridge.database.connect(self._time_passes)

    def _show_myself(self) -> None:
        if self.bridge.who is not None:
            self.open_sheet(OwnSheet(self, self.bridge.who.login))

    def _right_column(self) -> QWidget:
        self.devices = DeviceTiles()
        self._device_panel = Panel(Phrase("Devices of this station"), "", padding=0)
        self._device_panel.body.addWidget(self.devices)
        self._no_devices = padded(Label(Phrase("No device is connected to this station."), ink="ink2"))
        self._device_panel.body.addWidget(self._no_devices)
        column = QWidget()
        rows = QVBoxLayout(column)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self._device_panel)
        rows.addStretch(1)
        self._column = column
        return column

    def opened(self, context: Context) -> None:
        """Ask what was begun here; tasks are known by the window."""
        self._fit()
        self._show_devices()
        self._again()
        self.setFocus()

    def _fit(self) -> None:
        wide = self.width() / theme.factor
        self._column.setFixedWidth(theme.px(WIDE_COLUMN if wide >= 1500 else NARROW_COLUMN))
        self._column.setVisible(wide >= 900)
        self.tasks.compact = self.shell.frame.compact
        self.tasks.restyle()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The devices give way to a sheet; a silent one stays in the strip."""
        super().resizeEvent(event)
        self._fit()

    def on_changes(self, changes: Sequence[Change]) -> None:
        """Drafts of one's own may have been finished."""
        if any(change.table in ("draft", "task") for change in changes):
            self._again()

    def on_reading(self, reading: Reading) -> None:
        """The last stable value of each device, shown with its age, never used."""
        if reading.stable is not False:
            self._values[reading.device] = reading
            self._show_devices()

    def on_device(self, state: DeviceState) -> None:
        """A silent device loses its value."""
        if state.standing is not Standing.LIVE:
            self._values.pop(state.device, None)
        self._show_devices()

    def on_key(self, key: int) -> bool:
        """2–5."""
        n = key - Qt.Key.Key_1
        if not 1 <= n < len(self._items):
            return False
        self._open(n)
        return True

    def on_person(self, who: Who) -> None:
        """Another person's work."""
        self._again()

    # what waits -------------------------------------------------------------------------------------------------------------------

    def _again(self) -> None:
        session = self.bridge.session
        if session is None or not self.is_shown:
            return
        station = session.where.code if session.where is not None else "direct"
        self.ask(partial(begun, person=session.who.login, station=station), self._show)

    def _time_passes(self, _: object) -> None:
        """Ages go on; nothing is asked."""
        if self.is_shown:
            self._show_devices()
            self._show(self._begun)

    def _show(self, found: list[Begun]) -> None:
        self._begun = found
        items = [self._draft_item(one) for one in found if one.screen in SCREENS]
        waiting = [
            replace(self._task_item(task), since=task.opened_at)
            for task in sorted(self.shell.inbox.waiting.tasks, key=lambda task: task.kind != "call")
        ]
        items += sorted(waiting, key=lambda item: item.open is None)
        self._items = items[:MOST]
        self.tasks.show_lines([item.line for item in self._items])
        self.tasks.setVisible(bool(items))
        self._nothing.setVisible(not items)
        count: Words = str(len(items))
        if len(items) > MOST:
            count = Phrase("the first {shown} of {all}, longest waiting first", shown=MOST, all=len(items))
        self._panel.tell(Phrase("Your work at this station"), count if items else "")
        self._say()

    def _say(self) -> None:
        who = self.bridge.who
        greeting = Phrase("{greeting}, {name}", greeting=self._greeting(), name=who.name) if who is not None else ""
        first = self._items[0] if self._items else None
        if first is None or first.open is None:
            self.say_next(Phrase("Scan a label to begin."), greeting)
            self.put_in_corner(None)
            return
        self.say_next(first.sentence, greeting)
        self.go_on.tell(first.button)
        self.put_in_corner(self.go_on)

    def _greeting(self) -> Phrase:
        hour = self.shell.clock.now().hour
        return Phrase("Good morning") if 4 <= hour < 12 else Phrase("Good afternoon") if 12 <= hour < 18 else Phrase("Good evening")

    def _draft_item(self, one: Begun) -> _Item:
        at = f"{one.saved_at.astimezone(self.shell.zone):%H:%M}"
        title = SCREENS[one.screen].title
        line = TaskLine(state=State.HERE, title=title, why=Phrase("you began it; what you entered is kept"), at=Phrase("since {at}", at=at))
        open_it = partial(self.shell.open, one.screen, one.context)
        return _Item(line=line, sentence=Phrase("Go on with: {title}", title=title), button=Phrase("Go on"), open=open_it)

    def _task_item(self, task: TaskRow) -> _Item:
        since = Phrase("waits {age}", age=age_words(task.opened_at, self.shell.clock.now()))
        if task.kind == "call":
            return self._call_item(task, since)
        if task.kind in ("finding", "sign_drill"):
            return self._keeper_item(task, since)
        entry = of_task(task.kind)
        if entry is None:
            line = TaskLine(state=State.TO_DO, title=Phrase("Task: {kind}", kind=task.kind), why="", at=since, opens=False)
            return _Item(line=line, sentence="", button="", open=None)
        words = entry.make.task_words(task)
        why = words.why
        if task.taken_by is not None:
            why = Phrase("{why} • {who} works on it", why=words.why, who=self.shell.inbox.waiting.name(task.taken_by))
        line = TaskLine(state=State.TO_DO, title=words.title, why=why, at=since, badge=words.badge)
        open_it = partial(self.shell.open, entry.key, words.context)
        return _Item(line=line, sentence=Phrase("Next: {title}", title=words.title), button=Phrase("Begin"), open=open_it)

    def _keeper_item(self, task: TaskRow, since: Phrase) -> _Item:
        """What the keeper found, or a drill whose report waits for a signature: it is ended here."""
        one = KeeperTask(self, task)
        line = TaskLine(state=State.TO_DO, title=one.title, why=one.why, at=since)
        return _Item(line=line, sentence=Phrase("Next: {title}", title=one.title), button=one.button, open=one.open)

    def _call_item(self, task: TaskRow, since: Phrase) -> _Item:
        title = call_words(task)
        why: Words = Phrase("called by {who}", who=self.shell.inbox.waiting.name(task.opened_by))
        if "facts" in task.facts:
            why = finding_facts(task.facts["facts"])
        elif task.is_by_station:
            why = Phrase("nobody is signed in there")
        if task.taken_by is not None:
            why = Phrase("{who} is coming", who=self.shell.inbox.waiting.name(task.taken_by))
        line = TaskLine(state=State.ATTENTION, title=title, why=why, at=since, badge=(State.ATTENTION, since))
        if task.station == self.where.code or task.taken_by is not None:
            return _Item(line=line, sentence=title, button=Phrase("Show the call"), open=self.shell.call)
        sentence = title
        if task.station is not None:
            sentence = Phrase("Go to {station}: {topic}", station=task.station, topic=TOPICS[task.facts["topic"]])
        return _Item(line=line, sentence=sentence, button=Phrase("I am coming"), open=partial(self.shell.alarms.take, task))

    def evidence(self) -> Sequence[Evidence]:
        """F4: what the devices said last, then how long the tasks wait."""
        now, zone = self.shell.clock.now(), self.shell.zone
        said = [proof_of_reading(one, zone) for one in self._values.values()]
        waiting = [(item.line.title, item.since) for item in self._items if item.since is not None]
        return (*said, *map(evidence_of_number, numbers_of_tasks(waiting, now, zone)))

    def _go_on(self) -> None:
        self._open(0)

    def _open(self, n: int) -> None:
        open_it = self._items[n].open if n < len(self._items) else None
        if open_it is not None:
            open_it()

    # devices ----------------------------------------------------------------------------------------------------------------------

    def _show_devices(self) -> None:
        now = self.shell.clock.now()
        tiles = []
        for device in self.shell.devices:
            state = self.shell.chips.states.get(device.code)
            reading = self._values.get(device.code)
            words: Words = standing_words(state, now) if state is not None else Phrase("connecting")
            if reading is not None:
                words = Phrase("live, value {age} old", age=age_words(reading.at, now))
            tiles.append(
                DeviceTile(
                    icon=icon_of(device.protocol),
                    code=device.code,
                    state=state_of(state) if state is not None else State.WAITING,
                    words=words,
                    value=str(reading.quantity) if reading is not None else "",
                )
            )
        self.devices.show_tiles(tiles)
        self._device_panel.tell(Phrase("Devices of this station"), str(len(tiles)))
        self._no_devices.setVisible(not tiles)
