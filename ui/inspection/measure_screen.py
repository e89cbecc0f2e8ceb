"""Measure: the next empty cell is in focus, the gauge sends, Enter takes; a value outside opens its deviation and the work goes on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from app.base.errors import AppError
from app.base.ids import new_id
from app.base.measurement import Reading
from app.base.phrases import Phrase
from app.core.command import Permission
from app.core.feed import Change
from app.core.session import Who
from app.core.tasks import TaskRow
from app.devices.events import DeviceState, Trouble
from app.inspection.commands import BeginInspection, CompleteInspection
from app.inspection.queries import lot_of_label
from app.materials.queries import LotRow
from app.scanning.result import Scanned
from ui.deviations.words import signs_words
from ui.inspection.bench import Bench, bench
from ui.inspection.cursor import Place
from ui.inspection.evidence import evidence_of
from ui.inspection.measure_body import SIDES, MeasureBody
from ui.inspection.measuring import Measuring
from ui.inspection.raised import Raised
from ui.inspection.readings import CannotBeAsked, GaugeUnknown, NoGaugeHere, NoSuchLot
from ui.inspection.sending import Sending
from ui.inspection.taking import Taking
from ui.inspection.typing_in import TypingIn
from ui.inspection.words import kind_words, not_described, read_words
from ui.kit import PrimaryButton, State, Words
from ui.shell.face import WayOut
from ui.shell.hooks import Context
from ui.shell.screen import Evidence, Screen, TaskWords, screen

_ARROWS = {
    Qt.Key.Key_Left: {"right": -1},
    Qt.Key.Key_Right: {"right": 1},
    Qt.Key.Key_Up: {"down": -1},
    Qt.Key.Key_Down: {"down": 1},
}
LOTS, GAUGES = "inspection.lots", "devices.gauges"
_CONCERNS = {"measurement", "inspection", "deviation", "asset", "calibration", "typed_value", "late_entry", "late_settlement"}


@screen(
    key="inspection.measure",
    title="Measure",
    workbench="inspect",
    permission=Permission.INSPECT_LOT,
    scans=("lot", "container"),
    tasks=("inspect_lot",),
    leads=False,
)
class MeasureScreen(Taking, TypingIn, Screen):
    """One inspection. A scan of a lot or container label opens it, from anywhere; the lots that wait stand on their own screen."""

    help = "Measure the sample in the blue cell and press the key of the gauge. Enter takes the value; arrows move; F4 shows its evidence."

    def build(self) -> None:
        """Grid, live value, verdict; a deviation where it happens."""
        self.sending = Sending()
        self.hand = Measuring(devices=self.shell.devices, sending=self.sending)
        self.body = MeasureBody()
        self.raised = Raised(self, self.body.deviation, stored=self._stored, changed=self._look_again)
        self.lay_out(self.body)
        self.body.grid.pointed.connect(self._point)
        self.body.page_wanted.connect(self._turn)
        self.body.deviation.entered.connect(self._entered)
        self.read_again = self.button(Phrase("Read again"), self._read_again, icon="gauge", key=Qt.Key.Key_F5, right=True)
        self.have_signed = self.button(Phrase("Have it signed"), self._have_signed, icon="pen")
        self.type_it = self.button(Phrase("Type it"), self._type_it, icon="pen", key=Qt.Key.Key_F11)
        self.withdraw = self.button(Phrase("Withdraw the value"), self._withdraw_here, icon="undo", key=Qt.Key.Key_F8)
        self.take = self.primary(Phrase("Take the value"), self._take)
        self.verify = self.primary(Phrase("Have it verified"), self._verify_here)
        self.store = self.primary(Phrase("Store the description"), self.raised.store)
        self.settle_draft = self.primary(Phrase("Settle the draft"), self._settle_draft)
        self.complete = self.primary(Phrase("Complete the inspection"), self._complete)
        self.next_lot = self.primary(Phrase("Next lot"), lambda: self.go(LOTS))
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._focus_went)
        self.left()

    # opening ----------------------------------------------------------------------------------------------------------------------

    def opened(self, context: Context) -> None:
        """With an inspection or a lot: measure; a scan follows by itself; else choose from those that wait."""
        self.raised.begin()
        standing = {code: one.standing for code, one in self.shell.chips.states.items()}
        self.hand = Measuring(devices=self.shell.devices, sending=self.sending, standing=standing)
        self._draw()
        if "inspection" in context:
            self._look(UUID(context["inspection"]))
        elif "lot" in context:
            self._begin(UUID(context["lot"]))
        elif "scan" not in context:
            self.go(LOTS)

    def left(self) -> None:
        """The bar is short when the screen comes back: another screen's note beside all buttons would widen a small window."""
        self.show_button(self.read_again, False, right=True)
        for button in (self.have_signed, self.type_it, self.withdraw):
            self.show_button(button, False)

    def on_scan(self, scanned: Scanned) -> bool:
        """A lot or container label opens its lot."""
        if scanned.what not in ("lot", "container") or scanned.code is None:
            return False
        code = scanned.code
        self.ask(partial(lot_of_label, what=scanned.what, code=code), partial(self._found, code))
        return True

    def _found(self, code: str, lot: LotRow | None) -> None:
        if lot is None:
            self.refuse(NoSuchLot(code=code))
        else:
            self._begin(lot.id)

    def _begin(self, lot: UUID) -> None:
        self.submit(BeginInspection(command_id=new_id(), lot=lot), done=self._begun, refused=self._not_begun)

    def _begun(self, inspection: UUID) -> None:
        self.remember(inspection=str(inspection))
        self._look(inspection)

    def _not_begun(self, error: AppError) -> None:
        self.refuse(error)
        self._draw()

    def _look(self, inspection: UUID) -> None:
        self.ask(partial(bench, inspection=inspection, site=self.where.site), self._show)

    def _look_again(self) -> None:
        if self.hand.bench is not None:
            self._look(self.hand.bench.inspection.id)

    def _show(self, found: Bench | None) -> None:
        if found is None:
            self.go(LOTS)
            return
        self.hand.put(found)
        self.raised.open_missing(found)
        self.raised.show(found)
        self._draw()

    def on_changes(self, changes: Sequence[Change]) -> None:
        """Another station, or this one, committed something that stands here."""
        if {change.table for change in changes} & _CONCERNS:
            self._look_again()

    def on_person(self, who: Who) -> None:
        """Another inspector goes on; what the one before took still gets its answer."""
        self.sending.forget()
        self._look_again()

    # measuring --------------------------------------------------------------------------------------------------------------------

    def on_reading(self, reading: Reading) -> None:
        """It stands in the focused cell, or it is refused with the reason; nothing is stored yet. What is being stored hinders nothing."""
        if self.hand.bench is None or self.hand.bench.is_complete:
            return
        refusal = self.hand.hear(reading)
        if refusal is not None:
            self.refuse(refusal, way_out=self._way_out(refusal, reading.device))
        else:
            self.clear_banner()
            self.body.show_side(None)
        self._draw()

    def _way_out(self, refusal: AppError, gauge: str) -> WayOut | None:
        """To the gauge whose range nobody wrote down: everybody may look at it, Engineering records it there."""
        if not isinstance(refusal, GaugeUnknown):
            return None
        return WayOut(words=Phrase("Show the gauge"), act=partial(self.go, GAUGES, gauge=gauge), icon="gauge")

    def on_trouble(self, trouble: Trouble) -> None:
        """A gauge of this bench sent something that is no value."""
        if self.hand.bench is not None and self.hand.bench.gauges.named(trouble.device) is not None and self.hand.waits:
            self.hand.reading = None
            self.refuse(trouble.error)
            self._draw()

    def on_device(self, state: DeviceState) -> None:
        """A gauge that went silent takes its value with it."""
        self.hand.stands(state)
        if self.hand.bench is not None:
            self._draw()

    def _read_again(self) -> None:
        """F5: ask the gauge of the focused cell, if it can be asked."""
        one, hub, fitting = self.hand.characteristic, self.bridge.hub, self.hand.fitting()
        if one is None or not self.hand.waits:
            return
        if hub is None or not fitting:
            self.refuse(NoGaugeHere(kind=kind_words(one.gauge_kind)))
            return
        self.hand.reading = None
        if not any(hub.ask(code) for code in fitting if code in hub.states()):
            self.refuse(CannotBeAsked(gauge=fitting[0]))
        self._draw()

    def _settle_draft(self) -> None:
        """Its author confirms or drops it; anybody else signs."""
        row = self.hand.draft_in_focus
        if row is not None and self.hand.bench is not None:
            self.shell.late.settle(self, row, self.hand.bench.names.get(row.author, row.author))

    def _complete(self) -> None:
        found = self.hand.bench
        if found is not None:
            test = found.inspection
            order = CompleteInspection(command_id=new_id(), inspection=test.id, version=test.version)
            self.submit(order, done=lambda _: self._look_again(), refused=self._not_completed)

    def _not_completed(self, error: AppError) -> None:
        self.refuse(error)
        self._look_again()

    # deviations -------------------------------------------------------------------------------------------------------------------

    def on_draft(self) -> None:
        """A description that was begun and not stored."""
        self.raised.fill()

    def _entered(self) -> None:
        self.raised.keep()
        self._settle()

    def _stored(self) -> None:
        self.drop_draft()
        self.shell.setFocus()
        self.body.show_side(None)
        self._look_again()

    def _have_signed(self) -> None:
        found = self.hand.bench
        described = found.to_sign() if found is not None else []
        if described:
            self.go("deviations.deviation", deviation=str(described[0].id))

    def back(self) -> None:
        """Esc: from the deviation to the grid, from a side picture to the grid, then to where one came from."""
        if self.body.deviation.form.has_hand:
            self.shell.setFocus()
        elif self.body.side is not None:
            self.body.show_side(None)
        else:
            super().back()

    # drawing ----------------------------------------------------------------------------------------------------------------------

    def _draw(self) -> None:
        """Everything on the screen as the hand and the record are now."""
        hand, found = self.hand, self.hand.bench
        if found is None:
            self._settle()
            return
        one, reading = hand.characteristic, hand.reading
        gauges = [hand.gauge_of(row) for row in range(len(found.inspection.characteristics))]
        live = reading.quantity.value if reading is not None else None
        coming = {place: one.value for place, one in hand.under_way.items()}
        drafts = {place: found.names.get(by, by) if by else self._own_name for place, (_, by) in hand.drafts.items()}
        coming |= {place: value for place, (value, _) in hand.drafts.items()}
        self.body.show_bench(found, hand.focus, hand.page, gauges, live, coming, drafts)
        recent = found.recent(hand.focus.row) if hand.focus is not None else ()
        gauge, decimals = hand.gauge_title(short=self.body.compact), one.decimals if one is not None else 0
        if reading is not None and one is not None:
            self.body.live.show_reading(gauge, reading, one.limits, decimals, recent)
        else:
            self.body.live.await_value(gauge, hand.awaited(), hand.limits, decimals, recent)
        self._settle()

    @property
    def _own_name(self) -> Words:
        return self.who.name if self.who is not None else ""

    def _settle(self) -> None:
        """The sentence, the badge, and the one thing Enter does now."""
        found = self.hand.bench
        self.body.setVisible(found is not None)
        self.note("")
        measuring = found is not None and not self.raised.has_hand
        self.show_button(self.read_again, measuring and self.hand.waits, right=True)
        self.show_button(self.have_signed, found is not None and measuring and bool(found.to_sign()))
        typed = self.waiting_here is not None
        self.show_button(self.type_it, measuring and self.hand.waits and not typed)
        self.show_button(self.withdraw, measuring and typed)
        if found is None:
            self.say_next(Phrase("Scan the label of a lot or container."), Phrase("Incoming inspection"))
            self.scan_slot(Phrase("Waiting for a label"), Phrase("lot or container"))
            return
        lot = found.inspection.lot
        facts = {"code": found.inspection.code, "supplier": lot.supplier_name, "lot": lot.supplier_lot}
        badge = None
        if found.is_complete:
            accepted = found.inspection.verdict == "accepted"
            badge = (State.PASS, Phrase("accepted")) if accepted else (State.FAIL, Phrase("rejected"))
        self.say_next(self.hand.sentence(), Phrase("Incoming inspection {code} • {supplier} {lot}", **facts), badge)
        if not any(button.is_busy for button in (self.complete, self.store, self.verify)):
            self.put_in_corner(self._corner(found))

    def _corner(self, found: Bench) -> PrimaryButton:
        """What the hand did last decides: writing, measuring, or nothing is left to measure."""
        if self.raised.has_hand:
            entered = self.raised.now
            self.note(signs_words(entered.meanings))
            _open_or_close(self.store, entered.missing)
            return self.store
        if found.is_complete:
            return self.next_lot
        if self.hand.draft_in_focus is not None:
            return self.settle_draft
        if self.hand.is_full:
            self.note(not_described(len(found.to_describe())))
            return self.complete
        reading = self.hand.reading
        if reading is not None:
            self.take.tell(Phrase("Take {value}", value=read_words(reading.quantity)))
            _open_or_close(self.take, Phrase("the value still moves") if reading.stable is False else None)
            return self.take
        if self.waiting_here is not None:
            return self.verify
        self.take.tell(Phrase("Take the value"))
        _open_or_close(self.take, self._why_not_yet())
        return self.take

    def _why_not_yet(self) -> Phrase:
        if self.hand.focus in self.hand.drafts:
            return Phrase("it waits, it is not on record yet")
        if self.hand.focus is None or self.hand.focus in self.hand.under_way:
            return Phrase("being stored")
        if not self.hand.waits:
            return Phrase("F4 shows where it comes from")
        return Phrase("press F5") if self.hand.asked() else Phrase("press its key")

    def _focus_went(self, old: QWidget | None, new: QWidget | None) -> None:
        """Writing in the deviation makes storing it the primary; leaving it, measuring."""
        form = self.body.deviation.form
        inside = [one for one in (old, new) if one is not None and isValid(one) and form.isAncestorOf(one)]
        if inside and self.is_shown:
            self._settle()

    # keys -------------------------------------------------------------------------------------------------------------------------

    def _point(self, place: Place) -> None:
        self.hand.go(place)
        self._draw()

    def _turn(self, page: int) -> None:
        self.hand.turn(page)
        self._draw()

    def on_key(self, key: int) -> bool:
        """Arrows move the cell, PgUp and PgDn the subgroup; 1 2 3 are the side pictures, 2 goes to the deviation."""
        if self.hand.bench is None:
            return False
        step = _ARROWS.get(Qt.Key(key))
        if step is not None:
            self.hand.step(**step)
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.hand.turn(self.hand.page + (1 if key == Qt.Key.Key_PageDown else -1))
        elif 0 <= key - Qt.Key.Key_1 < len(SIDES):
            return self._side_key(SIDES[key - Qt.Key.Key_1])
        else:
            return False
        self._draw()
        return True

    def _side_key(self, side: str) -> bool:
        if self.body.compact:
            self.body.show_side(None if self.body.side == side else side)
        if side == "deviation" and self.body.deviation.isVisible():
            self.body.deviation.form.what_happened.setFocus()
        return self.body.compact or side == "deviation"

    def evidence(self) -> Sequence[Evidence]:
        """F4 on the cell in focus."""
        found, focus = self.hand.bench, self.hand.focus
        if found is None or focus is None:
            return ()
        return evidence_of(found, focus, self.shell.zone, compact=self.shell.frame.compact)

    @classmethod
    def task_words(cls, task: TaskRow) -> TaskWords:
        """A lot that waits, as the home screen lists it."""
        return TaskWords(
            title=Phrase("Inspect lot {lot}", lot=task.facts.get("lot", "")),
            why=Phrase("received, in quarantine until it is inspected"),
            context={"lot": str(task.subject_id)},
        )


def _open_or_close(button: PrimaryButton, reason: Words | None) -> None:
    if reason is None:
        button.ready()
    else:
        button.not_yet(reason)
