"""A screen: one purpose, one sentence that says what is next, one action. How to write one:

    @screen(key="inspection.measure", title="Measure", workbench="inspect", permission=Permission.INSPECT_LOT,
            scans=("lot",), tasks=("inspect",))
    class MeasureScreen(Screen):
        def build(self) -> None:                          # once: make kit widgets, lay them out, offer buttons
            self.grid = MeasuringGrid()
            self.lay_out(self.grid)
            self.take = self.primary(Phrase("Take reading"), self._take)

        def opened(self, context: Context) -> None:       # every time: `context` is what `go` or the task gave, JSON-able
            self.ask(partial(open_inspection, lot=UUID(context["lot"])), self._show)

        def on_scan(self, scanned: Scanned) -> bool:      # True: it was mine (taken or refused by me); False: the router goes on
        def on_reading(self, reading: Reading) -> None:   # a device sent a value; nothing is stored until an order takes it
        def on_changes(self, changes) -> None:            # somebody committed something; ask again if it concerns you
        def on_draft(self) -> None:                       # what this person left here stands in `self.draft()`

        def _take(self) -> None:
            self.submit(RecordMeasurement(command_id=new_id(), …), done=self._show_verdict)

The file is named ``…_screen.py``, lies anywhere under ``ui/`` and is found by itself. Everything a screen calls below works whether it
is shown just now or covered by the lock; the frame is filled again when it comes back. Nothing here waits: answers come by callback
on the window's thread, and not at all when the screen was opened anew meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLayout, QWidget
from sqlalchemy.orm import Session

from app.base.errors import AppError
from app.base.phrases import Phrase
from app.core.command import Order
from app.core.session import Where, Who
from ui.bridge import Given
from ui.kit import Button, Panel, PrimaryButton, Run, ScanSlot, Sheet, State, Table, Words, back_button, theme
from ui.shell.drafting import Draft, Kept
from ui.shell.evidence import Evidence, Fact, evidence_of_number
from ui.shell.face import Face, Notice, WayOut
from ui.shell.hooks import NO_CONTEXT, Context, Hooks
from ui.shell.registry import screen
from ui.shell.signing import SignAs, Signing
from ui.shell.task_words import TaskWords

if TYPE_CHECKING:
    from ui.shell.window import Window

BAR_HEIGHT = 76


class Screen(Hooks, QWidget):
    """Made once, when it is first opened; `build` it, then `opened` as often as it is asked for."""

    def __init__(self, window: Window) -> None:
        super().__init__()
        self.shell = window
        self.bridge = window.bridge
        self.face = Face()
        self.context: Context = NO_CONTEXT
        self._draft = Draft(self.bridge, self.key, self)
        self._visit = 0
        self._pressed: Button | None = None
        self._back = back_button()
        self._back.clicked.connect(self.back)
        if self.can_go_back:
            self.face.lefts.append(self._back)
        self.build()

    def minimumSizeHint(self) -> QSize:
        """None: a window is as large as its glass; a screen gives way (and leaves out columns in its `resizeEvent`) when a sheet opens."""
        return QSize(0, 0)

    # what stands in the frame -----------------------------------------------------------------------------------------------------

    def lay_out(self, *parts: QWidget | QLayout) -> None:
        """Put the parts side by side into the body; the first takes what is left."""
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(16))
        for n, part in enumerate(parts):
            if isinstance(part, QLayout):
                row.addLayout(part, 1 if n == 0 else 0)
            else:
                row.addWidget(part, 1 if n == 0 else 0)

    def say_next(
        self,
        sentence: Words,
        context: Words = "",
        badge: State | tuple[State, Words] | None = None,
        counter: tuple[Run, ...] = (),
    ) -> None:
        """The next band: what to do in one sentence, where we are, and the state of what stands here."""
        self.face.sentence, self.face.context, self.face.counter = sentence, context, counter
        self.face.badge = (badge, None) if isinstance(badge, State) else badge
        if self.is_shown:
            self.face.show_band(self.shell.frame)

    def refuse(self, error: AppError, *, read: Words | None = None, expected: Words | None = None, way_out: WayOut | None = None) -> None:
        """Say in the flow what did not happen, why, and the next step; the next good scan or order clears it.

        Args:
            error: What was refused.
            read: What the scan or the hand said, beside `expected`: what it should have been.
            expected: See `read`; both or none.
            way_out: A button that starts what puts it right.
        """
        blocks: tuple[tuple[Words, Words], ...] = ()
        if read is not None and expected is not None:
            blocks = ((Phrase("read"), read), (Phrase("expected"), expected))
        self.notify(Notice.of(error, blocks=blocks, way_out=way_out))
        self.shell.tones.stop()

    def notify(self, notice: Notice | None) -> None:
        """Show a banner of any kind, or none."""
        if notice is self.face.notice:
            return
        self.face.notice = notice
        if self.is_shown:
            self.face.show_notice(self.shell.frame)
            self.face.show_band(self.shell.frame)

    def clear_banner(self) -> None:
        """The trouble is over."""
        self.notify(None)

    def primary(self, words: Words, act: Callable[[], None], *, icon: str | None = None) -> PrimaryButton:
        """The one thing that does it, in the right corner, pressed by Enter; a scan slot that stood there goes.

        Use ``not_yet(reason)`` and ``ready()`` of the button to close and open it.
        """
        button = PrimaryButton(words, icon=icon)
        button.clicked.connect(partial(self._press, button, act))
        self.put_in_corner(button)
        return button

    def scan_slot(self, awaited: Words, suggestion: Words = "") -> ScanSlot:
        """A scan is the next act: what is awaited stands in the corner, and Enter does nothing."""
        slot = self.face.corner if isinstance(self.face.corner, ScanSlot) else ScanSlot(awaited, suggestion)
        slot.await_scan(awaited, suggestion)
        self.put_in_corner(slot)
        return slot

    def put_in_corner(self, corner: PrimaryButton | ScanSlot | None) -> None:
        """One that was made before, or nothing when this screen only shows."""
        if corner is not self.face.corner:
            self.face.corner = corner
            self._bar_changed()

    def button(
        self, words: Words, act: Callable[[], None], *, icon: str | None = None, key: Qt.Key | None = None, right: bool = False
    ) -> Button:
        """Another act in the bar: at the left after Back, or at the left of the primary."""
        made = Button(words, icon=icon, key=key, height=BAR_HEIGHT)
        self.add_button(made, act, right=right)
        return made

    def add_button(self, made: Button, act: Callable[[], None], *, right: bool = False) -> None:
        """A button made elsewhere, e.g. a `Destructive` one."""
        made.clicked.connect(partial(self._press, made, act))
        (self.face.rights if right else self.face.lefts).append(made)
        self._bar_changed()

    def show_button(self, button: Button, wanted: bool, *, right: bool = False) -> None:
        """Take a button out of the bar or back into it."""
        row = self.face.rights if right else self.face.lefts
        if wanted != (button in row):
            row.append(button) if wanted else row.remove(button)
            button.hide()
            self._bar_changed()

    def note(self, words: Words) -> None:
        """Words before the primary, e.g. "or scan the next pack"."""
        self.face.note = words
        self._bar_changed()

    def open_sheet(self, sheet: Sheet) -> None:
        """A sheet at the right; the screen narrows and stays alive. Esc or its own act closes it."""
        self.shell.open_sheet(sheet)

    def close_sheet(self) -> None:
        """The sheet goes; the screen has its width again."""
        self.shell.close_sheet()

    # orders and questions ---------------------------------------------------------------------------------------------------------

    def submit(
        self,
        order: Order,
        *,
        done: Callable[[Any], None] | None = None,
        refused: Callable[[AppError], None] | None = None,
        reason: str | None = None,
        busy: Words | None = None,
        waits: Callable[[], None] | None = None,
    ) -> None:
        """Give an order. The button that was pressed is busy until the answer came, so a second Enter gives nothing.

        Args:
            order: With a `command_id` of its own (`new_id()`).
            done: Hears the command's answer; a refusal that stood is cleared before.
            refused: Hears why not; usually left out, then `refuse` shows it.
            reason: One line why, where the record demands it.
            busy: What the button says meanwhile.
            waits: Hears that the database went away and that the order is kept, for one that may wait as a draft: the hand goes on.
        """
        button = self._pressed
        if button is not None:
            if button.is_busy:
                return
            button.begin_busy(busy if busy is not None else Phrase("Storing"))
        visit = self._visit
        self.bridge.give(
            order,
            done=partial(self._came, visit, button, self._done_with(done)),
            refused=partial(self._came, visit, button, refused or self.refuse),
            unknown=partial(self._unknown, visit, button, waits),
            drafted=partial(self._unknown, visit, button, waits),
            reason=reason,
            owner=self,
        )

    def ask(
        self, question: Callable[[Session], Any], done: Callable[[Any], None], refused: Callable[[AppError], None] | None = None
    ) -> None:
        """Ask one of the ``queries.py``; answers that come after the screen was opened anew are dropped."""
        visit = self._visit
        self.bridge.ask(
            question,
            done=partial(self._came, visit, None, done),
            refused=partial(self._came, visit, None, refused or self.refuse),
            owner=self,
        )

    def sign(
        self,
        *,
        kind: str,
        subject: Any,
        title: Words,
        what: Sequence[Fact],
        choices: Sequence[SignAs],
        done: Callable[[Any, SignAs], None],
        after: Words = "",
        reason: str | None = None,
        frame_around: Panel | None = None,
    ) -> None:
        """Open the signing sheet. The work's own facts must be committed before.

        Args:
            kind: Table of what is signed: ``lot``, ``deviation`` …
            subject: Its id.
            title: Its name: "Deviation DEV 26-0188".
            what: The facts a person reads; the database adds the digest of all of them.
            choices: Meanings to choose from, each with the order it gives.
            done: Hears the answer of the signed command, and which choice it was, as ``(answer, choice)``.
            after: What happens by signing: "step 6 goes on".
            reason: One line why, where the record demands it.
            frame_around: The panel that is signed; framed in blue while the sheet stands.
        """
        signing = Signing(
            kind=kind, subject=subject, title=title, what=tuple(what), choices=tuple(choices), after=after, reason=reason, done=done
        )
        self.shell.open_signing(signing, frame_around)

    # drafts -----------------------------------------------------------------------------------------------------------------------

    def keep_draft(self, **fields: Any) -> None:
        """Keep what was just entered, field by field, as this person's; saved when the hand rests for 0.3 s."""
        self._draft.keep(**fields)

    def draft(self) -> dict[str, Kept]:
        """What is kept, by field, each with its author."""
        return self._draft.fields

    def drop_draft(self) -> None:
        """It was given; nothing is left to keep."""
        self._draft.drop()

    # where we are -----------------------------------------------------------------------------------------------------------------

    def evidence(self) -> Sequence[Evidence]:
        """F4: the numbers of the rows that are chosen in what stands here. A screen with other numbers says more."""
        tables = [table for table in self.findChildren(Table) if table.isVisibleTo(self)]
        return tuple(evidence_of_number(number) for table in tables for number in table.numbers)

    @property
    def is_shown(self) -> bool:
        """Whether the frame shows this screen now (not covered by the lock or another one)."""
        return self.shell.showing is self

    @property
    def who(self) -> Who | None:
        """The person at this station."""
        return self.bridge.who

    @property
    def where(self) -> Where:
        """This station."""
        return self.shell.where

    def go(self, key: str, **context: Any) -> None:
        """Open another screen."""
        self.shell.open(key, context)

    def remember(self, **context: Any) -> None:
        """The step is another one now: after a crash the screen opens with this context; drafts belong to a step."""
        self.context = dict(context)
        if self.key:
            self._draft.begin(self.context, self.on_draft)
        self.shell.remember_place()

    # for the window ---------------------------------------------------------------------------------------------------------------

    def open_with(self, context: Context) -> None:
        """Begin anew; called by the window."""
        self._visit += 1
        self.context = dict(context)
        for button in (*self.face.lefts, *self.face.rights, self.face.corner):
            if isinstance(button, Button) and button.is_busy:
                button.end_busy()
        self.notify(None)
        if self.key:
            self._draft.begin(self.context, self.on_draft)
        self.opened(self.context)

    def taken_over_by(self, who: Who) -> None:
        """Another person goes on here; called by the window."""
        self._draft.hand_over()
        self.on_person(who)

    def back(self) -> None:
        """Esc: one step back, losing nothing. Usually to the screen before this one."""
        self.shell.go_back()

    def save_draft_now(self) -> None:
        """Before a lock or a switch of person; called by the window."""
        self._draft.save()

    def _press(self, button: Button, act: Callable[[], None]) -> None:
        if self.shell.idle.is_second_press(button):
            return
        self._pressed = button
        try:
            act()
        finally:
            self._pressed = None

    def _bar_changed(self) -> None:
        if self.is_shown:
            self.face.show_bar(self.shell.frame)

    def _came(self, visit: int, button: Button | None, tell: Callable[[Any], None], answer: Any) -> None:
        if button is not None and button.is_busy:
            button.end_busy()
        if visit == self._visit:
            tell(answer)

    def _done_with(self, done: Callable[[Any], None] | None) -> Callable[[Any], None]:
        def tell(answer: Any) -> None:
            self.clear_banner()
            if done is not None:
                done(answer)

        return tell

    def _unknown(self, visit: int, button: Button | None, waits: Callable[[], None] | None, _: Given) -> None:
        if button is not None and button.is_busy:
            button.end_busy()
        if waits is None:
            if button is not None:
                button.begin_busy(Phrase("Waiting for the database"))
        elif visit == self._visit:
            waits()


__all__ = ["NO_CONTEXT", "Context", "Evidence", "Fact", "Kept", "Notice", "Screen", "SignAs", "TaskWords", "WayOut", "screen"]
