"""Deviate: what waits for a decision; one deviation with facts, description and the signatures its class demands, given on the spot."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid
from sqlalchemy.orm import Session

from app.base.ids import new_id
from app.base.phrases import Phrase
from app.core.command import Permission
from app.core.feed import Change
from app.core.session import Who
from app.core.tasks import TaskRow
from app.deviations.commands import DescribeDeviation
from app.deviations.queries import DeviationFile, deviation_file, open_deviations
from app.materials.queries import lot_by_id, lots_of_site
from app.tracing.rechecks import broken_deviations
from ui.deviations.deciding import SIGNS_NOW, after_words, choices_of, facts_to_sign
from ui.deviations.deviation_form import Entered
from ui.deviations.deviation_list import DeviationList, Listed
from ui.deviations.deviation_panel import DeviationPanel
from ui.deviations.photographs import Photographs
from ui.deviations.proofs import proofs_of
from ui.deviations.signature_rows import SignatureRows, rows_of
from ui.deviations.words import blocked_words, disposition_words, instant, signs_words, subject_words
from ui.kit import Panel, State, theme
from ui.shell.evidence import Evidence
from ui.shell.hooks import Context
from ui.shell.screen import Notice, Screen, TaskWords, screen

LIST_WIDTH = 740
SIDE_BY_SIDE = 1500
"""Narrower than this the deviation stands alone; the list is one Esc away."""
_TABLE_KEYS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
_CONCERNS = {"deviation", "deviation_photo", "signature"}


@screen(
    key="deviations.deviation",
    title="Deviation",
    workbench="deviate",
    permission=Permission.RAISE_DEVIATION,
    tasks=("decide_deviation",),
    rings=("decide_deviation",),
)
class DeviationScreen(Screen):
    """The list at the left, the chosen one beside it; on a small window one of them at a time."""

    help = "Describe the deviation, then have it signed here: the person who signs scans a badge and enters a password. You stay signed in."

    def build(self) -> None:
        """List, deviation, signatures."""
        self._file: DeviationFile | None = None
        self._lot = ""
        self._wanted: UUID | None = None
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._settle)
        self._is_open = False
        self._changing = False
        self.list, self.panel, self.rows = DeviationList(), DeviationPanel(), SignatureRows()
        self.list.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.signatures = Panel(Phrase("Signatures"), "", padding=0)
        self.signatures.body.addWidget(self.rows)
        self.signatures.body.addStretch(1)
        self.lay_out(self.list, self._one())
        layout = self.layout()
        assert isinstance(layout, QHBoxLayout)
        layout.setStretch(0, 0)
        layout.setStretch(1, 1)
        self.list.chosen.connect(self._choose)
        self.panel.entered.connect(self._entered)
        self.change = self.button(Phrase("Describe again"), self._change, icon="pen")
        self.photographs = Photographs(self, self.panel, self._look)
        self.sign_it = self.primary(Phrase("Sign"), self._sign, icon="pen")
        self.store = self.primary(Phrase("Store the description"), self._store)
        self.open_it = self.primary(Phrase("Open"), self._open)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._focus_went)
        self.left()

    def _one(self) -> QWidget:
        self.one = QWidget()
        rows = QVBoxLayout(self.one)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(theme.px(16))
        rows.addWidget(self.panel)
        rows.addWidget(self.signatures)
        rows.addStretch(1)
        return self.one

    # opening ----------------------------------------------------------------------------------------------------------------------

    def opened(self, context: Context) -> None:
        """With a deviation it stands open; else the list."""
        self._file, self._changing = None, False
        self._wanted = UUID(context["deviation"]) if "deviation" in context else None
        self._is_open = self._wanted is not None
        self.panel.clear()
        self._settle()
        self._look()

    def left(self) -> None:
        """The bar is short when the screen comes back: another screen's note beside all buttons would widen a small window."""
        self.show_button(self.change, False)
        self.show_button(self.photographs.button, False)

    def on_changes(self, changes: Sequence[Change]) -> None:
        """Somebody opened, described or signed one."""
        if {change.table for change in changes} & _CONCERNS:
            self._look()

    def on_person(self, who: Who) -> None:
        """Another person goes on."""
        self._settle()

    def _look(self) -> None:
        self.ask(partial(_listed, site=self.where.site), self._show_list)
        if self._wanted is not None:
            self._ask_file(self._wanted)

    def _ask_file(self, deviation: UUID) -> None:
        self.ask(partial(_with_lot, deviation=deviation), self._show)

    def _show_list(self, listed: Listed) -> None:
        self.list.show_list(listed, self._wanted)
        first = self.list.deviation
        if self._wanted is None and first is not None:
            self._wanted = first
            self._ask_file(first)
        self._settle()

    def _choose(self) -> None:
        chosen = self.list.deviation
        if chosen is not None and chosen != self._wanted:
            self._wanted, self._changing = chosen, False
            self.remember(deviation=str(chosen))
            self._ask_file(chosen)

    def _open(self) -> None:
        """On a small window: from the list to the chosen one."""
        self._is_open = True
        self._settle()

    def back(self) -> None:
        """Esc: out of the description, from one deviation to the list on a small window, then to where one came from."""
        if self.panel.form.has_hand:
            self.shell.setFocus()
        elif self._changing:
            self._changing = False
            self._look()
        else:
            super().back()

    def evidence(self) -> Sequence[Evidence]:
        """F4: the numbers it was opened for."""
        return proofs_of(self._file.deviation) if self._file is not None else ()

    def _show(self, found: tuple[DeviationFile, str] | None) -> None:
        if found is None or found[0].deviation.id != self._wanted:
            return
        before = self._file.deviation.id if self._file is not None else None
        self._file, self._lot = found
        row = self._file.deviation
        zone = self.shell.zone
        opened = Phrase("{subject} • opened {when}", subject=subject_words(row, self._lot), when=instant(row.opened_at, zone))
        if row.decided_at is not None:
            opened = Phrase("{subject} • decided {when}", subject=subject_words(row, self._lot), when=instant(row.decided_at, zone))
        editing = row.status == "open" and (row.disposition is None or self._changing)
        by = self._file.name(row.described_by)
        self.panel.show_deviation(row, opened=opened, described_by=by, editing=editing)
        self.photographs.show(self._file.photos, self._file.names)
        self.rows.show_rows(rows_of(self._file))
        if row.id != before:
            self._fill()
        self._warn()
        self._settle()

    def _warn(self) -> None:
        """A decided one whose signatures no longer fit its content was changed afterwards: never quietly."""
        file = self._file
        if file is not None and file.deviation.status == "decided" and file.missing:
            heading_ = Phrase("{code} is no longer what was signed: its content changed afterwards.", code=file.deviation.code)
            self.notify(Notice(state=State.FAIL, heading=heading_, line=Phrase("Do not use this lot or batch. Call Quality.")))

    # describing -------------------------------------------------------------------------------------------------------------------

    def on_draft(self) -> None:
        """A description that was begun and not stored."""
        self._fill()

    def _fill(self) -> None:
        kept = self.draft().get(str(self._wanted))
        if kept is not None and self.panel.is_editing:
            self.panel.form.fill(Entered(**kept.value))
            mine = self.who is not None and kept.by == self.who.login
            self.panel.form.mark_author(None if mine else kept.by)
            self._settle()

    def _entered(self) -> None:
        now = self.panel.form.now
        written = {"what_happened": now.what_happened, "class_": now.class_, "disposition": now.disposition}
        self.keep_draft(**{str(self._wanted): written})
        self._settle()

    def _change(self) -> None:
        """Open the description again; signatures on the version before will not count any more, and whoever writes cannot sign."""
        self._changing = True
        if self._wanted is not None:
            self._ask_file(self._wanted)
        self.panel.form.what_happened.setFocus()

    def _store(self) -> None:
        row, now = self.panel.row, self.panel.form.now
        if row is None or now.class_ is None or now.disposition is None:
            return
        order = DescribeDeviation(
            command_id=new_id(),
            deviation=row.id,
            version=row.version,
            what_happened=now.what_happened.strip(),
            class_=now.class_,
            disposition=now.disposition,
        )
        self.submit(order, done=self._stored)

    def _stored(self, _: object) -> None:
        self._changing = False
        self.drop_draft()
        self.shell.setFocus()
        self._look()

    # signing ----------------------------------------------------------------------------------------------------------------------

    def _sign(self) -> None:
        file = self._file
        if file is None:
            return
        row = file.deviation
        self.sign(
            kind="deviation",
            subject=row.id,
            title=Phrase("Deviation {code}", code=row.code),
            what=facts_to_sign(row, self._lot),
            choices=choices_of(file),
            done=self._signed,
            after=after_words(file),
            frame_around=self.panel,
        )
        self._settle()

    def _signed(self, *_: object) -> None:
        """The record says what it brought: decided, or which signature is still missing."""
        self._look()

    # drawing ----------------------------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A sheet or a small window leaves room for one of both. The bar follows afterwards: it may be the one that resizes us."""
        super().resizeEvent(event)
        self._fit()
        self._later.start()

    def _fit(self) -> bool:
        """Which of list and deviation have room; whether the deviation stands."""
        both = self.width() >= theme.px(SIDE_BY_SIDE)
        signing = self.shell.frame.sheet is not None
        self.list.setFixedWidth(theme.px(LIST_WIDTH)) if both else self.list.setMaximumWidth(16_777_215)
        one = self._file is not None and (both or self._is_open or signing)
        self.one.setVisible(one)
        self.rows.set_compact(self.shell.frame.compact)
        self.list.setVisible(both or not one)
        demanded = self._file is not None and bool(self._file.demanded)
        self.signatures.setVisible(demanded and not (signing and self.shell.frame.compact))  # what is signed needs the room
        return one

    def _settle(self) -> None:
        """What stands, what is said, and the one thing Enter does."""
        one = self._fit()
        self.note("")
        described = self._file is not None and self._file.deviation.status == "open" and not self.panel.is_editing
        self.show_button(self.change, one and described)
        compact = self.shell.frame.compact
        offered = self.photographs.is_offered(compact=compact) and not (compact and described)  # small glass: while it is described
        self.show_button(self.photographs.button, one and offered)
        self._say(one)
        if not self.store.is_busy:
            self._put_corner(one)

    def _say(self, one: bool) -> None:
        file = self._file
        if file is None or not one:
            self.say_next(Phrase("Choose a deviation."), Phrase("Deviations"))
            return
        row = file.deviation
        place = Phrase("Deviation {code} • {subject}", code=row.code, subject=subject_words(row, self._lot))
        if row.status == "decided":
            decided = Phrase(
                "{code} is decided: {disposition}.", code=row.code, disposition=disposition_words(row.disposition, row.subject_kind)
            )
            self.say_next(decided, place, (State.PASS, Phrase("decided")))
        elif self.shell.frame.sheet is not None and file.missing:
            self.say_next(Phrase("Read the left, sign on the right."), place, (State.HOLD, blocked_words(row)))
        elif self.panel.is_editing:
            self.say_next(Phrase("Write what happened, then choose class and disposition."), place, (State.HOLD, blocked_words(row)))
        elif len(file.missing) == 2:
            self.say_next(Phrase("Have supervisor and quality sign here."), place, (State.HOLD, blocked_words(row)))
        else:
            sentence = {
                "approved by supervisor": Phrase("Have the line supervisor sign here."),
                "approved by quality": Phrase("Have quality sign here."),
            }
            self.say_next(sentence[file.missing[0]], place, (State.HOLD, blocked_words(row)))

    def _put_corner(self, one: bool) -> None:
        file = self._file
        if file is None:
            self.put_in_corner(None)
        elif not one:
            self.open_it.tell(Phrase("Open {code}", code=file.deviation.code))
            self.put_in_corner(self.open_it)
        elif self.panel.is_editing:
            entered = self.panel.form.now
            missing = entered.missing
            self.note(signs_words(entered.meanings))
            self.store.ready() if missing is None else self.store.not_yet(missing)
            self.put_in_corner(self.store)
        elif file.missing and file.deviation.status == "open":
            self.sign_it.tell(SIGNS_NOW[file.missing[0]])
            self.note(signs_words(file.missing))
            self.put_in_corner(self.sign_it)
        else:
            self.put_in_corner(None)

    def _focus_went(self, old: QWidget | None, new: QWidget | None) -> None:
        inside = [one for one in (old, new) if one is not None and isValid(one) and self.panel.form.isAncestorOf(one)]
        if inside and self.is_shown:
            self._settle()

    def on_key(self, key: int) -> bool:
        """The list's keys, wherever the focus is."""
        if key not in _TABLE_KEYS or not self.list.isVisible():
            return False
        QApplication.sendEvent(self.list.table, QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier))
        return True

    @classmethod
    def task_words(cls, task: TaskRow) -> TaskWords:
        """A deviation that waits for a signature, as the home screen lists it."""
        return TaskWords(
            title=Phrase("Decide deviation {code}", code=task.facts.get("deviation", "")),
            why=Phrase("it blocks until it is signed"),
            context={"deviation": str(task.subject_id)},
        )


def _listed(session: Session, *, site: UUID) -> Listed:
    """Open deviations, the codes of their lots, and whether what was signed of them still stands: three queries."""
    lots = {lot.id: lot.code for lot in lots_of_site(session, site)}
    waiting = tuple(open_deviations(session))
    return Listed(deviations=waiting, lots=lots, broken=broken_deviations(session, [row.id for row in waiting]))


def _with_lot(session: Session, *, deviation: UUID) -> tuple[DeviationFile, str] | None:
    """One deviation with its lot's code."""
    file = deviation_file(session, deviation)
    if file is None:
        return None
    lot = lot_by_id(session, file.deviation.subject_id)
    return file, lot.code if lot is not None else ""
