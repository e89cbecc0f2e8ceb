"""Who works here? A name from the list or a badge, then the password. A badge says who, it proves nothing."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout

from app.base.errors import AppError, OutageError, RuleViolation
from app.base.phrases import Phrase
from app.core.stations import PersonHere, StationLink
from app.scanning.result import Scanned
from ui.kit import Cell, Column, Icon, Label, Panel, PasswordField, Row, Table, Type, Words, theme
from ui.kit.panel import padded
from ui.kit.tokens import CONTROL_HEIGHT
from ui.shell.entry import no_entry
from ui.shell.face import Notice, WayOut
from ui.shell.feed_watch import DatabaseHere
from ui.shell.hooks import Context
from ui.shell.job_words import job_words
from ui.shell.questions import Arrival
from ui.shell.screen import Screen

FEWEST_ROWS, MOST_ROWS = 2, 9
_HEADS = 48 + 44 + 44 + 12
"""Panel header, column titles, page line, and a little room: what a list needs beside its rows."""
WIDE_PERSON, NARROW_PERSON, LEAST_LIST = 560, 400, 416
_TABLE_KEYS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class UnknownBadge(RuleViolation):
    code = "PER-21"
    text = "Not known: nobody who may work here has this badge."
    next_step = "Choose your name in the list, or ask an administrator for a badge."


class SignIn(Screen):
    """A gate: it stands in front of everything until somebody proved who they are.

    While the database is away, or does not let this station in, it says so; it goes on by itself as soon as that is over.
    """

    can_go_back = False
    offers_side_door = True
    help = "Scan your badge or choose your name, then enter your password. If you cannot sign in, call for help: F9 needs nobody signed in."

    def build(self) -> None:
        """List at the left, the chosen person with the password at the right."""
        self._people: dict[str, PersonHere] = {}
        self._chosen: str | None = None
        self._waits_for_database = False
        self._door_said: Words = ""
        self._no_entry: Notice | None = None
        self._rows_fit = FEWEST_ROWS
        self._table = self._make_table()
        self.password = PasswordField(Phrase("Password"))
        self.password.edited.connect(self._settle)
        self.setFocusProxy(self.password)
        self._name = Label("", Type.TITLE, elide=True)
        self._job = Label("", ink="ink2")
        self._list_panel = Panel(Phrase("People of this station"), padding=0)
        self._list_panel.body.addWidget(self._table)
        self._no_list = padded(Label(Phrase("The names come with the database."), ink="ink2"))
        self._list_panel.body.addWidget(self._no_list)
        self._list_panel.body.addStretch(1)
        self._person = self._person_panel()
        self._lay_people(self._person)
        self.enter = self.primary(Phrase("Sign in"), self._enter, icon="key")
        self.button(Phrase("Call for help"), self.shell.call, icon="call", key=Qt.Key.Key_F9)
        door = self.shell.side_door
        if door is not None and self.offers_side_door:
            self.side_door = self.button(door.words, door.open, icon=door.icon, key=Qt.Key.Key_F6)
            door.told.connect(self._door_says)
            door.failed.connect(self.notify)
        self.setFocusProxy(self.password)
        self.bridge.database.connect(self._database_stands)

    def _make_table(self) -> Table:
        columns = [Column(title=Phrase("Name")), Column(title=Phrase("Job"), width=260)]
        table = Table(columns, page=self._rows_fit)
        table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        table.chosen.connect(self.choose)
        return table

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many rows as stand above the action bar, fewer while a banner pushes them down."""
        super().resizeEvent(event)
        fit = (self.height() - theme.px(_HEADS)) // theme.px(CONTROL_HEIGHT)
        fit = min(max(fit, FEWEST_ROWS), MOST_ROWS)
        if fit != self._rows_fit:
            self._rows_fit = fit
            old, self._table = self._table, self._make_table()
            self._list_panel.body.replaceWidget(old, self._table)
            old.hide()
            old.deleteLater()
            self._show_rows()
        self._person.setFixedWidth(theme.px(NARROW_PERSON if self.shell.frame.compact else WIDE_PERSON))
        self._list_panel.setVisible(self.width() >= theme.px(NARROW_PERSON + LEAST_LIST))  # beside a sheet on small glass it has no room

    def _person_panel(self) -> Panel:
        panel = Panel(Phrase("You"))
        panel.setFixedWidth(theme.px(WIDE_PERSON))
        head = QHBoxLayout()
        head.setSpacing(theme.px(16))
        head.addWidget(Icon("person", 40))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._name)
        words.addWidget(self._job)
        head.addLayout(words, 1)
        panel.body.addLayout(head)
        panel.body.addSpacing(theme.px(16))
        panel.body.addWidget(self.password)
        panel.body.addStretch(1)
        return panel

    def _lay_people(self, person: Panel) -> None:
        self._list_panel.setMaximumWidth(theme.px(1000))
        self._list_panel.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.lay_out(self._list_panel, person)
        layout = self.layout()
        assert isinstance(layout, QHBoxLayout)
        layout.addStretch(0)

    @property
    def chosen(self) -> str | None:
        """Login of who is about to sign in."""
        return self._chosen

    def opened(self, context: Context) -> None:
        """Empty, with the list as the database knows it now."""
        self.password.clear()
        self._choose_quietly(None)
        self._say()
        self._ask_people()
        if self.bridge.here is not None:
            self._database_stands(self.bridge.here)
        self.password.setFocus()

    def on_scan(self, scanned: Scanned) -> bool:
        """A badge chooses its person; everything else is refused by the router."""
        if scanned.kind != "badge" or scanned.code is None:
            return False
        code = scanned.code
        self.bridge.ask_station(lambda link: link.person_of_badge(code), done=self._badge_is, refused=self.refuse, owner=self)
        return True

    def on_key(self, key: int) -> bool:
        """Arrows and pages go to the list though the password has the focus."""
        if key not in _TABLE_KEYS:
            return False
        press = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier)
        QCoreApplication.sendEvent(self._table, press)
        return True

    def choose(self, login: str) -> None:
        """This person is about to sign in."""
        self.clear_banner()
        self.password.clear()
        self._choose_quietly(login)
        self.password.setFocus()

    def _choose_quietly(self, login: str | None) -> None:
        self._chosen = login
        person = self._people.get(login) if login is not None else None
        name: Words = person.name if person is not None else (login or Phrase("Nobody chosen yet"))
        self._name.tell(name)
        self._job.tell(job_words(person.job) if person is not None else "")
        self._show_rows()
        self._settle()

    def _settle(self, _: str = "") -> None:
        if self._no_entry is not None:
            self.enter.not_yet(Phrase("Waiting for the database"))
        elif self._chosen is None:
            self.enter.not_yet(Phrase("Choose your name or scan your badge"))
        elif not self.password.text:
            self.enter.not_yet(Phrase("Enter your password"))
        elif not self.enter.is_busy:
            self.enter.ready()

    def _say(self) -> None:
        if self._no_entry is not None:
            self.say_next(Phrase("Nobody can sign in here yet."), self.shell.place)
        elif self.bridge.here is None:
            self.say_next(Phrase("The database is being asked who works here."), self.shell.place)
        else:
            self.say_next(*self._asked_for())

    def _asked_for(self) -> tuple[Words, Words]:
        """The next band while somebody can sign in: the sentence, and the line above it."""
        door = self.shell.side_door
        return Phrase("Scan your badge or choose your name."), self._door_said or (
            door.hint if door is not None else ""
        ) or self.shell.place

    def _door_says(self, words: Words) -> None:
        self._door_said = words
        self._say()

    # the database -----------------------------------------------------------------------------------------------------------------

    def _database_stands(self, here: DatabaseHere) -> None:
        before, now = self._no_entry, no_entry(here, self.shell.zone)
        if now is not None and now == before:
            self.notify(before)
            return
        self._no_entry = now
        if now is not None or before is not None:
            self.clear_banner()
            self._settle()
        self._say()
        if now is None and (before is not None or self._waits_for_database):
            self._ask_people()

    def clear_banner(self) -> None:
        """What keeps everybody out stays until it is over."""
        self.notify(self._no_entry)

    def refuse(self, error: AppError, *, read: Words | None = None, expected: Words | None = None, way_out: WayOut | None = None) -> None:
        """As everywhere; that the database is away is said already, with since when."""
        if self._no_entry is not None and isinstance(error, OutageError):
            self.shell.tones.stop()
            return
        super().refuse(error, read=read, expected=expected, way_out=way_out)

    # people -----------------------------------------------------------------------------------------------------------------------

    def _ask_people(self) -> None:
        self._waits_for_database = False
        self.bridge.ask_station(StationLink.people, done=self._show_people, refused=self._no_people, owner=self)

    def _show_people(self, people: list[PersonHere]) -> None:
        self._people = {person.login: person for person in people}
        self._list_panel.tell(Phrase("People of this station"), str(len(people)))
        self._choose_quietly(self._chosen)
        QTimer.singleShot(0, self.shell.ahead, self.shell.ahead.start)  # the list is drawn first

    def _no_people(self, error: AppError) -> None:
        self._waits_for_database = True
        if not isinstance(error, OutageError):  # those are the bridge's to say, with since when
            self.refuse(error)

    def _show_rows(self) -> None:
        rows = [
            Row(key=login, cells=(Cell(words=person.name, bold=True), Cell(words=job_words(person.job), quiet=True)))
            for login, person in self._people.items()
        ]
        self._table.show_rows(rows, self._chosen)
        self._table.setVisible(bool(rows))
        self._no_list.setVisible(not rows)

    def _badge_is(self, login: str | None) -> None:
        if login is None:
            self.refuse(UnknownBadge())
        else:
            self.choose(login)

    # signing in -------------------------------------------------------------------------------------------------------------------

    def _enter(self) -> None:
        if self._chosen is None:
            return
        self.enter.begin_busy(Phrase("Signing in"))
        password = self.password.text
        self.password.clear()
        self.bridge.sign_in(self._chosen, password, done=self._arrived, refused=partial(self._not_in, self._chosen), owner=self)

    def _arrived(self, arrival: Arrival) -> None:
        self.enter.end_busy()
        self.clear_banner()
        self.shell.arrive(arrival)

    def _not_in(self, login: str, error: AppError) -> None:
        self.enter.end_busy()
        self.refuse(error)
        if login == self._chosen:
            self._settle()
            self.password.setFocus()
