"""One step of a batch: what to do, what is asked for, what went in. The record writes itself while the work is done."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget
from sqlalchemy.orm import Session

from app.base.errors import AppError
from app.base.phrases import Phrase
from app.batches.components import Component, component
from app.batches.queries import batch_by_code
from app.batches.rules import BatchUnknown
from app.batches.step_view import BatchView, batch_view
from app.core.command import Permission
from app.core.feed import Change
from app.core.session import Who
from app.devices.events import Reading
from app.scanning.result import Scanned
from ui.batches.doing import Doing
from ui.batches.entry_box import EntryBox
from ui.batches.next_act import Act, Kind, next_act, per_unit
from ui.batches.step_panels import FieldsPanel, InstructionPanel, RailPanel, TakenPanel, column_of
from ui.batches.words import STATUS
from ui.kit import theme
from ui.shell.hooks import Context
from ui.shell.screen import Screen, screen

_CONCERNS = {"batch", "batch_step", "step_entry", "consumption", "consumption_undo", "unit", "label", "deviation", "signature"}
WIDE = 1500
RAIL, NARROW_RAIL, SIDE = 330, 280, 400
PRINTING_MS = 700


@screen(key="batches.step", title="Step", workbench="batches", permission=Permission.EVERYBODY, scans=("batch",), leads=False)
class StepScreen(Screen):
    """Rail left, work in the middle, components right; one sentence and one act."""

    help = "The sentence on top says what is next and Enter does it. Figures are typed; everything else is scanned or measured."

    def build(self) -> None:
        """Rail, instruction, entries, components."""
        self.view: BatchView | None = None
        self.act: Act | None = None
        self.component: Component | None = None
        self.reading: Reading | None = None
        self._batch: UUID | None = None
        self._step: UUID | None = None
        self._asking = self._ask_again = False
        self.rail, self.instruction, self.entry = RailPanel(), InstructionPanel(), EntryBox()
        self.fields, self.taken = FieldsPanel(), TakenPanel()
        self.doing = Doing(self)
        self._lay_panels()
        self.no_button = self.button(Phrase("No"), lambda: self.doing.enter(said="no"), key=Qt.Key.Key_F7, right=True)
        self.none_button = self.button(
            Phrase("Nothing came out"), lambda: self.doing.labels.confirm(came_out=False), key=Qt.Key.Key_F7, right=True
        )
        self.less_button = self.button(Phrase("No more goes in"), self.doing.finish, key=Qt.Key.Key_F6, right=True)
        self.back_button = self.button(Phrase("Take back"), self.doing.material.take_back, key=Qt.Key.Key_F8)
        self.destroy_button = self.button(Phrase("Destroy the label"), self.doing.labels.destroy, key=Qt.Key.Key_F8)
        self.do_it = self.primary(Phrase("Go on"), self.doing.do)
        self._printing = QTimer(self)
        self._printing.setInterval(PRINTING_MS)
        self._printing.timeout.connect(self.look)

    def _lay_panels(self) -> None:
        middle, self._right = QWidget(), QWidget()
        middle.setLayout(column_of(self.instruction, self.entry, self.fields))
        self._right.setLayout(column_of(self.taken))
        self._right.setFixedWidth(theme.px(SIDE))
        self.lay_out(middle, self._right)
        row = self.layout()
        assert isinstance(row, QHBoxLayout)
        row.insertWidget(0, self.rail)
        for table in (self.fields.table, self.taken.table, self.rail.rail):
            table.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    # which batch ------------------------------------------------------------------------------------------------------------------

    def opened(self, context: Context) -> None:
        """The batch named by the context, at its open step."""
        self.view = self.act = self.component = self.reading = None
        self._asking = self._ask_again = False
        self._batch = UUID(context["batch"]) if "batch" in context else None
        self._step = UUID(context["step"]) if "step" in context else None
        self.settle()
        self.look()

    def look(self) -> None:
        """Ask how the batch stands; while an answer is awaited once more afterwards."""
        if self._batch is None:
            return
        if self._asking:
            self._ask_again = True
            return
        self._asking, self._ask_again = True, False
        self.ask(partial(batch_view, batch=self._batch, step=self._step), self._show, self._not_shown)

    def _not_shown(self, error: AppError) -> None:
        self._asking = False
        self.refuse(error)

    def _show(self, view: BatchView) -> None:
        self._asking = False
        self.view = view
        self.rail.show_view(view, self.shell.zone)
        self.instruction.show_step(view.open)
        self.fields.show_step(view.open, view.open.next_asked if view.open is not None else None)
        self.taken.show_step(view.open)
        self.settle()
        if self._ask_again:
            self.look()

    def stored(self, _: object = None) -> None:
        """An order was carried out: nothing is in the hand any more."""
        self.component = self.reading = None
        self.entry.close_all()
        self.look()

    def finished(self, _: object = None) -> None:
        """The step is over: the next one opens."""
        self._step = None
        self.stored()

    def go_on(self) -> None:
        """From a step that was looked at to the one in work."""
        self._step = None
        self.look()

    def not_taken(self, error: AppError) -> None:
        """A scan or a reading was refused: the hand is empty again."""
        self.component = self.reading = None
        self.entry.close_all()
        self.refuse(error)
        self.settle()

    # what comes in ----------------------------------------------------------------------------------------------------------------

    def on_scan(self, scanned: Scanned) -> bool:
        """A batch opens; inside one: the component, the equipment, or the label that is waited for."""
        kind = self.act.kind if self.act is not None else Kind.NOTHING
        if scanned.what == "batch" and scanned.code is not None:
            self.ask(partial(_batch_id, code=scanned.code), lambda found: self.go("batches.step", batch=str(found)))
        elif scanned.what == "container" and scanned.code is not None and kind in (Kind.COMPONENT, Kind.QUANTITY):
            assert self.view is not None
            assert self.view.open is not None
            question = partial(component, code=scanned.code, step=self.view.open.row.id, raw=scanned.raw.encode())
            self.ask(question, self.doing.material.came)
        elif scanned.what == "asset" and scanned.code is not None and kind is Kind.ASSET:
            self.doing.enter(device=scanned.code)
        elif scanned.kind == "gs1" and kind is Kind.SCAN_LABEL:
            self.doing.labels.apply(scanned.raw)
        else:
            return False
        return True

    def on_reading(self, reading: Reading) -> None:
        """A value stands; nothing is stored until Enter takes it."""
        kind = self.act.kind if self.act is not None else Kind.NOTHING
        if kind not in (Kind.READING, Kind.QUANTITY):
            return
        self.reading = reading
        if kind is Kind.QUANTITY:
            self.entry.number.set_text(str(reading.quantity.value))
        self.settle()

    def on_changes(self, changes: Sequence[Change]) -> None:
        """Another station, the printer or a supervisor moved something."""
        if {change.table for change in changes} & _CONCERNS:
            self.look()

    def on_person(self, who: Who) -> None:
        """Another person goes on at the same step."""
        self.settle()

    def left(self) -> None:
        """Nobody looks: nothing is asked."""
        self._printing.stop()

    # what is next -----------------------------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Sentence, entry and act from what stands on record and in the hand."""
        view = self.view
        takes = view is not None and view.open is not None and view.open.demand is not None
        self._right.setVisible(takes and self._is_wide)
        for panel in (self.rail, self.fields, self.instruction):
            panel.setVisible(panel.isVisibleTo(self) and view is not None)
        if view is None:
            self.act = None
            self.say_next(Phrase("Scan a batch."), Phrase("Batches"))
            self.put_in_corner(None)
        else:
            self.rail.setVisible(True)
            self._settle_view(view)
        self._offer()

    def _settle_view(self, view: BatchView) -> None:
        self.act = act = next_act(view, may=self.shell.rights, component=self.component, reading=self.reading)
        context = Phrase("Batch {batch} • {product}", batch=view.batch.code, product=view.batch.name)
        self.say_next(act.sentence, context, STATUS[view.batch.status])
        self._open_entry(act, view)
        if act.slot and not act.not_yet:
            self.scan_slot(act.slot)
        elif act.kind is Kind.NOTHING:
            self.put_in_corner(None)
        else:
            self.do_it.tell(act.primary)
            self.do_it.not_yet(act.not_yet) if act.not_yet else self.do_it.ready()
            self.put_in_corner(self.do_it)
        self._printing.start() if act.kind is Kind.PRINTING else self._printing.stop()

    def _open_entry(self, act: Act, view: BatchView) -> None:
        if act.kind is Kind.NUMBER and act.asked is not None:
            self.entry.ask_number(act.asked)
        elif act.kind is Kind.TIME and act.asked is not None:
            self.entry.ask_time(act.asked)
        elif act.kind is Kind.QUANTITY and self.component is not None:
            one = self.component
            what = Phrase("{item}, lot {lot}, container {container}", item=one.item, lot=one.lot, container=one.code)
            self.entry.ask_quantity(what, one.unit, min(one.left, per_unit(view) if act.piece is not None else one.room))
        else:
            self.entry.close_all()

    def _offer(self) -> None:
        kind = self.act.kind if self.act is not None else Kind.NOTHING
        step = self.view.open if self.view is not None else None
        running = step is not None and step.row.status == "started"
        self.show_button(self.no_button, kind is Kind.ANSWER, right=True)
        self.show_button(self.less_button, self.act is not None and self.act.may_finish, right=True)
        self.show_button(self.none_button, kind is Kind.UNKNOWN_LABEL, right=True)
        self.show_button(self.back_button, running and step is not None and any(not one.is_back for one in step.taken))
        self.show_button(self.destroy_button, kind in (Kind.SCAN_LABEL, Kind.UNKNOWN_LABEL))

    @property
    def _is_wide(self) -> bool:
        return self.width() >= theme.px(WIDE)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On small glass, or beside a sheet, the components give way."""
        super().resizeEvent(event)
        self.rail.setFixedWidth(theme.px(RAIL if self._is_wide else NARROW_RAIL))
        step = self.view.open if self.view is not None else None
        self._right.setVisible(self._is_wide and step is not None and step.demand is not None)


def _batch_id(session: Session, *, code: str) -> UUID:
    found = batch_by_code(session, code)
    if found is None:
        raise BatchUnknown(code=code)
    return found.id
