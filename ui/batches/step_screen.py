"""The step screen: an operator carries out a batch. One step stands open, one sentence says what is next, one act does it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from shiboken6 import isValid
from sqlalchemy.orm import Session

from app.base.errors import AppError
from app.base.ids import new_id
from app.base.measurement import Reading
from app.base.phrases import Phrase
from app.batches.commands import CompleteBatch, StartStep
from app.batches.rules import BatchIsHeld, BatchUnknown
from app.batches.step_facts import AskedField, ConsumptionRow, EntryRow, StepView
from app.batches.step_scans import batch_of_code
from app.batches.step_view import step_view
from app.core.command import Permission
from app.core.feed import Change
from app.core.session import Who
from app.devices.events import DeviceState, Trouble
from app.labels.queue_events import LabelMoved
from app.scanning.result import Scanned
from ui.batches.step_acts import StepActs
from ui.batches.step_body import StepBody
from ui.batches.step_correction import CorrectionSheet
from ui.batches.step_evidence import evidence_of, evidence_of_taken
from ui.batches.step_hold import StepHold
from ui.batches.step_panels import PANELS
from ui.batches.step_panels.panel import Act, Awaited, StepPanel
from ui.batches.step_panels.typing_in import have_typed_verified
from ui.batches.step_raised import StepRaised
from ui.batches.step_rules import StepIsHeld
from ui.batches.step_words import rail_lines
from ui.deviations.photographs import Photographs
from ui.shell.evidence import Evidence, evidence_of_number
from ui.shell.hooks import Context
from ui.shell.kept_picture import read_kept
from ui.shell.screen import Screen, screen

LIST = "batches.list"
_OF_STEPS = {"batch", "batch_step", "step_entry", "consumption", "consumption_undo", "unit", "label", "kit", "typed_value"}
_CONCERNS = _OF_STEPS | {"deviation", "deviation_photo", "signature", "late_entry", "late_settlement"}
TICK_MS = 1000


@screen(key="batches.step", title="Step", workbench="batches", permission=Permission.VERIFY_STEP, scans=("unit", "sublot"), leads=False)
class StepScreen(StepActs, Screen):
    """Who verifies may open it and read; who runs batches works in it. Where it opens the database says: what was begun, else may begin."""

    help = "The sentence on top says what is next, and Enter does it. A row of the rail opens another step; a full row is corrected."

    def build(self) -> None:
        """Rail, work, proof; panels of kinds are made when the first step of the kind opens."""
        self.view: StepView | None = None
        self.panel: StepPanel | None = None
        self._panels: dict[str, StepPanel] = {}
        self._batch: UUID | None = None
        self._wanted: str | None = None
        self._mine = False
        """The wanted step was remembered by this screen: it stands only while it can be worked on."""
        self._asking = self._ask_again = False
        self._at_s = 0.0
        self._wants_focus = False
        """The next thing is focused as soon as nobody writes elsewhere."""
        self._picture: str | None = None
        self.act: Act | None = None
        self.body = StepBody()
        self.raised = StepRaised(self, self.body.deviation, stored=self._described, changed=self.look_again)
        self.lay_out(self.body)
        self.body.rail.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.body.rail.opened.connect(self.choose)
        self.body.deviation.entered.connect(self._entered)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self.settle)
        self.body.resized.connect(self._later.start)  # afterwards: it may be the bar that resizes us
        self.read_button = self.button(Phrase("Instruction"), self._enlarge, icon="search", key=Qt.Key.Key_F2)
        self.side_button = self.button(Phrase("Evidence"), self._swap_side, icon="list", key=Qt.Key.Key_F6)
        self.again_button = self.button(Phrase("Describe again"), self._describe_again, icon="pen")
        self.photographs = Photographs(self, self.body.deviation, self.look_again)
        self.hold = StepHold(self)
        self.do_it = self.primary(Phrase("Go on"), self._do)
        self._clock = QTimer(self)
        self._clock.setInterval(TICK_MS)
        self._clock.timeout.connect(self._tick)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._focus_went)
        self.left()

    # opening ----------------------------------------------------------------------------------------------------------------------

    def opened(self, context: Context) -> None:
        """With a batch: where its work stands, or at a named step; without one a scan follows by itself."""
        self.view, self._asking, self._ask_again = None, False, False
        self._batch = UUID(context["batch"]) if "batch" in context else None
        self._wanted = context.get("step") or context.get("at")
        self._mine = "step" not in context
        self.raised.begin()
        self._clock.start()
        self.settle()
        self.look_again()

    def left(self) -> None:
        """Nobody looks: no clock, and a short bar for when the screen comes back."""
        self._clock.stop()
        if self.panel is not None:
            self.panel.left()
        for button in (self.read_button, self.side_button, self.again_button, self.photographs.button, self.hold.button, *self._offered()):
            self.show_button(button, False)

    def look_again(self) -> None:
        """Ask how the batch stands; while an answer is on its way, once more afterwards."""
        if self._batch is None:
            return
        if self._asking:
            self._ask_again = True
            return
        self._asking, self._ask_again = True, False
        self.ask(partial(step_view, batch=self._batch, step=self._wanted), self._show, self._not_shown)

    def _not_shown(self, error: AppError) -> None:
        self._asking = False
        self.refuse(error)

    def _show(self, view: StepView | None) -> None:
        self._asking = False
        again, self._ask_again = self._ask_again, False
        if view is None:
            self.refuse(BatchUnknown(code=""))
            return
        if self._mine and self._wanted is not None and view.step is not None and view.step.status not in ("started", "ready"):
            self._wanted = None  # it ended while nobody was here
            self.look_again()
            return
        self.view, self._at_s = view, time.monotonic()
        self._put_panel(view)
        self._remember(view)
        self._draw(view)
        if again:
            self.look_again()

    def _remember(self, view: StepView) -> None:
        """A restart comes back to this step; drafts belong to it."""
        here = {"batch": str(view.batch.id), **({"at": view.step.key} if view.step is not None else {})}
        if self._mine and dict(self.context) != here:
            self.remember(**here)

    def _put_panel(self, view: StepView) -> None:
        before, kind = self.panel, view.step.kind if view.step is not None else None
        made = self._panels.get(kind) if kind is not None else None
        if kind is not None and made is None:
            made = self._panels[kind] = PANELS[kind](self)
            made.touched.connect(self.settle)
        self.panel = made
        if before is not None and before is not made:
            before.left()
        self.body.put_work(made)
        if made is not None:
            other = before is not made or made.view is None or made.view.step is None or made.view.step.id != view.step.id  # type: ignore[union-attr]
            made.show_view(view)
            if other:
                self.body.large = False
                self._wants_focus = True

    def _focus_next(self) -> None:
        if self.is_shown and self.panel is not None and self.may_write_here:
            self.panel.take_hand()

    @property
    def may_write_here(self) -> bool:
        """Whether the focus may go into the step: nobody writes a deviation or into a sheet."""
        return self.is_shown and self.shell.frame.sheet is None and not self.raised.has_hand

    def on_draft(self) -> None:
        """What was half entered or half described."""
        if self.panel is not None and self.panel.view is not None:
            self.panel.fill()
        self.raised.fill()
        self.settle()

    def forget_draft(self, key: str) -> None:
        """One field is on record now; what else stands half entered is kept."""
        rest = {name: kept.value for name, kept in self.draft().items() if kept.value is not None and name != key}
        self.drop_draft()
        if rest:
            self.keep_draft(**rest)

    def on_person(self, who: Who) -> None:
        """Another person goes on at the same step."""
        self.look_again()

    def on_changes(self, changes: Sequence[Change]) -> None:
        """This station, another one, the printer or a supervisor moved something."""
        if {change.table for change in changes} & _CONCERNS:
            self.look_again()

    # drawing ----------------------------------------------------------------------------------------------------------------------

    def _draw(self, view: StepView) -> None:
        self.body.tell_batch(view.batch.code, view.done, len(view.rail))
        self.body.rail.show_steps(rail_lines(view, self.shell.zone), view.step.key if view.step is not None else None)
        self.body.side.show_view(view, self.shell.zone)
        if view.step is not None:
            self.body.instruction.show_step(view.step, large=self.body.large or self.body.only_reads)
            self._show_picture(view.step.spec.get("picture"))
        self.raised.open_missing(view)
        was = self.body.deviation.row
        self.raised.show(view)
        self.photographs.show(view.photos, view.names)
        row = self.body.deviation.row
        self.settle()
        if row is not None and (was is None or was.id != row.id) and self.body.deviation.is_editing:
            self._focus_deviation()
        elif row is None and was is not None:
            self._wants_focus = True  # decided: the work goes on where it was held
            self.settle()

    def _focus_deviation(self) -> None:
        """Its one line is written next, unless a hand is writing somewhere."""
        focus = QApplication.focusWidget()
        if self.is_shown and self.shell.frame.sheet is None and not (isinstance(focus, QLineEdit) and focus.text()):
            self.body.deviation.form.what_happened.setFocus()

    def _show_picture(self, digest: str | None) -> None:
        if digest == self._picture:
            return
        self._picture = digest
        self.body.instruction.show_picture(None)
        if digest is not None:
            self.ask(partial(read_kept, digest=digest), self._picture_came)

    def _picture_came(self, came: tuple[str, QImage]) -> None:
        digest, image = came
        if digest == self._picture:
            self.body.instruction.show_picture(image)
            self.settle()

    def settle(self) -> None:
        """The sentence, the badge, and the one thing Enter does, from the record and from what the hand has begun."""
        view = self.view
        self.body.setVisible(view is not None)
        deviates = view is not None and self.body.deviation.row is not None
        instructs = view is not None and view.step is not None and self.body.instruction.has_words
        self.body.arrange(instructs=instructs, deviates=deviates)
        self._offer(instructs=instructs)
        if view is None:
            self.say_next(Phrase("Scan a batch."), Phrase("Batches"))
            self.scan_slot(Phrase("Waiting for a batch"), Phrase("its code or a unit of it"))
            return
        self._say(view)
        if self._wants_focus and self.may_write_here and not self.is_held:
            self._wants_focus = False
            QTimer.singleShot(0, self._focus_next)
        if self.do_it.is_busy:
            return
        corner = self.corner(view)
        self.act = corner if isinstance(corner, Act) else None
        self.note(corner.note if isinstance(corner, Act) else "")
        if isinstance(corner, Awaited):
            self.scan_slot(corner.words, corner.suggestion)
        elif corner is None:
            self.put_in_corner(None)
        else:
            self.do_it.tell(corner.words)
            self.do_it.ready() if corner.why_not is None else self.do_it.not_yet(corner.why_not)
            self.put_in_corner(self.do_it)

    def _say(self, view: StepView) -> None:
        step = view.step
        context = Phrase("Batch {batch} • {product}", batch=view.batch.code, product=view.batch.name)
        if step is not None:
            context = Phrase("{batch} • step {no} of {all}", batch=context, no=step.no, all=len(view.rail))
        counter = self.panel.counter() if self.panel is not None and step is not None and step.status == "started" else ()
        badge = self.badge(view)
        self.say_next(self.sentence(view), context, badge, () if badge is not None else counter)

    def _offered(self) -> list[Any]:
        return [button for panel in self._panels.values() for button in panel.buttons]

    def _offer(self, *, instructs: bool) -> None:
        """The bar: what else may be done here."""
        row = self.body.deviation.row
        narrow = self.view is not None and self.body.compact
        self.show_button(self.read_button, instructs and not self.body.only_reads and not (narrow and row is not None))
        self.show_button(self.side_button, narrow)
        self.show_button(self.again_button, row is not None and not self.body.deviation.is_editing and self.view is not None)
        self.show_button(self.photographs.button, self.view is not None and self.photographs.is_offered(compact=self.body.compact))
        self.show_button(self.hold.button, self.hold.is_offered(self.view, deviates=row is not None, compact=self.body.compact))
        works = self.view is not None and self.panel is not None and not self.is_held and self.may_run
        for panel in self._panels.values():
            wanted = panel.wanted_buttons() if panel is self.panel and works else ()
            for button in panel.buttons:
                self.show_button(button, button in wanted)

    def _enlarge(self) -> None:
        """F2: the instruction fills the middle, or gives it back."""
        self.body.large = not self.body.large
        if self.view is not None and self.view.step is not None:
            self.body.instruction.show_step(self.view.step, large=self.body.large or self.body.only_reads)
        self.settle()

    def _swap_side(self) -> None:
        self.body.shows_side = not self.body.shows_side
        self.body.fit()

    def _focus_went(self, old: QWidget | None, new: QWidget | None) -> None:
        """Writing in the deviation makes storing it the primary."""
        form = self.body.deviation.form
        if self.is_shown and any(one is not None and isValid(one) and form.isAncestorOf(one) for one in (old, new)):
            self.settle()

    def _tick(self) -> None:
        if self.is_shown and self.panel is not None and self.view is not None:
            self.panel.tick()

    def database_now(self) -> datetime:
        """The database's clock, counted on from the last look."""
        assert self.view is not None
        return self.view.now + timedelta(seconds=time.monotonic() - self._at_s)

    # steps ------------------------------------------------------------------------------------------------------------------------

    def choose(self, key: str | None) -> None:
        """Open another step of the batch; ``None``: where the work stands."""
        self._wanted, self._mine = key, True
        if key is not None and self.view is not None:
            rail = {one.key: one for one in self.view.rail}
            self._mine = rail[key].status in ("started", "ready")
        self.look_again()

    def step_ended(self, *_: object) -> None:
        """The next one opens."""
        self._wanted, self._mine = None, True
        self.shell.setFocus()
        self.look_again()

    def start(self) -> None:
        """Begin the step."""
        if self.view is not None and self.view.step is not None:
            order = StartStep(command_id=new_id(), step=self.view.step.id)
            self.submit(order, done=lambda _: self._began(), refused=self.refused_and_read)

    def _began(self) -> None:
        if self.view is not None and self.view.step is not None:
            self._wanted, self._mine = self.view.step.key, True
        self._wants_focus = True
        self.look_again()

    def complete(self) -> None:
        """Close the batch for entries: it goes to its release."""
        if self.view is not None:
            order = CompleteBatch(command_id=new_id(), batch=self.view.batch.id, version=self.view.batch.version)
            self.submit(order, done=lambda _: self.look_again(), refused=self.refused_and_read)

    def refused_and_read(self, error: AppError) -> None:
        """Say why not, and look what stands on record now: somebody else may have done it."""
        self.refuse(error)
        self.look_again()

    def correct(self, asked: AskedField) -> None:
        """A full row was pressed: its entry is corrected beside the work."""
        view = self.view
        entry = view.step.current.get(asked.place) if view is not None and view.step is not None else None
        if view is None or entry is None or not self.may_run or view.batch.status not in ("open", "complete"):
            return
        waits = next((one for one in view.step.typed if one.corrects == entry.id), None) if view.step is not None else None
        if waits is not None:
            have_typed_verified(self, waits)
            return
        take = partial(self.give_correction, asked, entry)
        self.open_sheet(CorrectionSheet(view, asked, entry, shell=self.shell, now=self.database_now(), take=take))

    # what comes in ----------------------------------------------------------------------------------------------------------------

    def on_scan(self, scanned: Scanned) -> bool:
        """A batch opens; everything else is the open step's."""
        if self.view is not None and self.panel is not None and self.view.step is not None and self.view.step.status == "started":
            held = self.held_by
            if held is not None and scanned.what in ("container", "asset", "unit", "sublot"):
                whole = BatchIsHeld(batch=self.view.batch.code, deviation=held)
                self.refuse(whole if self.view.batch_is_held else StepIsHeld(step=self.view.step.no, deviation=held))
                return True
            if self.panel.on_scan(scanned):
                return True
        if scanned.what in ("batch", "unit", "sublot") and scanned.code is not None:
            self.ask(partial(_batch, code=scanned.code), self._found)
            return True
        return False

    def _found(self, batch: UUID) -> None:
        if batch != self._batch:
            self.go(self.key, batch=str(batch))

    def on_reading(self, reading: Reading) -> None:
        """A device sent a value: nothing is stored until Enter takes it."""
        sheet = self.shell.frame.sheet
        if isinstance(sheet, CorrectionSheet):
            sheet.hear(reading)
        elif self._works:
            self.panel.on_reading(reading)  # type: ignore[union-attr]

    def on_trouble(self, trouble: Trouble) -> None:
        """What came is no value."""
        if self._works:
            self.panel.on_trouble(trouble)  # type: ignore[union-attr]

    def on_device(self, state: DeviceState) -> None:
        """A device became silent, or speaks again."""
        if self._works:
            self.panel.on_device(state)  # type: ignore[union-attr]

    def on_label(self, moved: LabelMoved) -> None:
        """A label was printed, or nobody knows."""
        if self._works:
            self.panel.on_label(moved)  # type: ignore[union-attr]

    @property
    def _works(self) -> bool:
        return self.panel is not None and self.view is not None and self.view.step is not None and self.view.step.status == "started"

    def on_key(self, key: int) -> bool:
        """F2 reads; the rest is the step's."""
        if key == Qt.Key.Key_F2:
            shown = self.view is not None and self.body.instruction.has_words
            if shown:
                self._enlarge()
            return shown
        return self.panel is not None and self.view is not None and self.panel.on_key(key)

    def evidence(self) -> Sequence[Evidence]:
        """F4 on the entry in hand, or on what was taken; then on what a machine says now."""
        if self.panel is None or self.view is None or self.view.step is None:
            return ()
        return (*self._evidence_on_record(self.view, self.panel.entry_in_hand()), *map(evidence_of_number, self.panel.numbers()))

    def _evidence_on_record(self, view: StepView, entry: EntryRow | ConsumptionRow | None) -> Sequence[Evidence]:
        if entry is None:
            return ()
        if isinstance(entry, ConsumptionRow):
            return evidence_of_taken(view, entry, self.shell.zone)
        return evidence_of(view, entry, self.shell.zone)

    def back(self) -> None:
        """Esc: out of the large instruction, out of the deviation, from a step that was only looked at to the work, then back."""
        if self.body.large:
            self._enlarge()
        elif self.raised.has_hand:
            self.shell.setFocus()
        elif self.raised.again is not None:
            self.raised.again = None
            self.look_again()
        elif self._wanted is not None and not self._mine and "step" not in self.context:
            self.choose(None)
        else:
            super().back()


def _batch(session: Session, *, code: str) -> UUID:
    found = batch_of_code(session, code=code)
    if found is None:
        raise BatchUnknown(code=code)
    return found
