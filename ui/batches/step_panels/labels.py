"""Labels of units: one after the other printed, put on, scanned there. What nobody knows a person decides; no silent second copy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

from app.base.ids import new_id
from app.base.phrases import Phrase
from app.batches.labelling import ApplyLabel, ConfirmUnitLabel, DestroyLabel, PrintUnitLabel
from app.batches.step_facts import NextUnit
from app.batches.step_scans import UnitFound, unit_for_step
from app.core.devices_here import PRINTERS
from app.labels.commands import ON_ITS_WAY
from app.labels.queue_events import LabelMoved, words_of
from app.scanning.result import Scanned
from ui.batches.step_destroying import DestroySheet
from ui.batches.step_panels.asked import beside
from ui.batches.step_panels.panel import Act, Awaited, Corner, count_runs
from ui.batches.step_panels.units import UnitSteps
from ui.batches.step_rows import AskedLine, AskedRows
from ui.batches.step_rules import NoPrinterHere
from ui.batches.step_words import field_words
from ui.kit import Badge, Button, CountStrip, Label, Panel, ReasonSheet, Recorded, Run, State, Type, Words
from ui.kit.balance import Balance, Fill, Part

_STATES = {
    "requested": (State.WAITING, Phrase("asked for")),
    "validated": (State.WAITING, Phrase("waits for the printer")),
    "sent": (State.WAITING, Phrase("being printed")),
    "printing": (State.WAITING, Phrase("being printed")),
    "printed": (State.HERE, Phrase("printed, not on yet")),
    "verified": (State.HERE, Phrase("scanned, not on yet")),
    "unknown": (State.ATTENTION, Phrase("nobody knows")),
    "refused": (State.FAIL, Phrase("did not come out")),
    "destroyed": (State.TO_DO, Phrase("destroyed")),
    "applied": (State.PASS, Phrase("on its unit")),
}
_IN_HAND = ("printed", "unknown", "verified")


class LabelPanel(UnitSteps):
    """The next unit without its label stands large; counts follow the database."""

    def build(self) -> None:
        self.unit_panel = Panel(Phrase("Next unit"), "")
        self.badge = Badge(State.TO_DO, Phrase("no label yet"))
        self.unit_panel.add_right(self.badge)
        self.serial = Label("", Type.VERDICT)
        self.what = Label("", ink="ink2", wrap=True)
        self.came = Button(Phrase("It came out"))
        self.not_came = Button(Phrase("Nothing came out"))
        self.came.clicked.connect(lambda: self._settle_label(came_out=True))
        self.not_came.clicked.connect(lambda: self._settle_label(came_out=False))
        self.asks = beside(self.came, self.not_came)
        for part in (self.serial, self.what, self.asks):
            self.unit_panel.body.addWidget(part)
        self.counts_panel = Panel(Phrase("Labels of this batch"), "")
        self.counts = CountStrip(self._balance(0, 0, 0))
        self.counts_panel.body.addWidget(self.counts)
        self.counts_panel.body.addStretch(1)
        self.list = AskedRows()
        self.list_panel = Panel(Phrase("Entries"), "", padding=0)
        self.list_panel.body.addWidget(self.list)
        self.rows.addWidget(self.unit_panel)
        self.rows.addWidget(self.counts_panel, 1)
        self.rows.addWidget(self.list_panel, 1)
        self.destroy = self.offer(Phrase("Destroy the label"), self._ask_destroy, icon="waste")

    @staticmethod
    def _balance(issued: int, applied: int, destroyed: int) -> Balance:
        parts = (
            Part(name=Phrase("applied"), count=applied, fill=Fill.FIRST),
            Part(name=Phrase("destroyed"), count=destroyed, fill=Fill.SECOND),
        )
        return Balance(name=Phrase("issued"), whole=issued, parts=parts, missing=Phrase("not on yet"), surplus=Phrase("too many"))

    @property
    def unit(self) -> NextUnit | None:
        """The first unit without its label on it."""
        return self.step.next_unit if self.runs else None

    @property
    def _status(self) -> str | None:
        return self.unit.label_status if self.unit is not None else None

    # drawing ----------------------------------------------------------------------------------------------------------------------

    def show_step(self) -> None:
        unit, counts = self.unit, self.step.counts
        self.unit_panel.setVisible(unit is not None)
        if unit is not None:
            self.serial.tell(unit.serial)
            self.badge.show_state(*_STATES.get(unit.label_status or "", (State.TO_DO, Phrase("no label yet"))))
            self.what.tell(self._what(unit))
            self.asks.setVisible(unit.label_status == "unknown")
        self.counts.show_balance(self._balance(counts["issued"], counts["applied"], counts["destroyed"]))
        current = self.step.current
        lines = [
            AskedLine(key=one.field, state=State.PASS, name=field_words(one), recorded=Recorded(now=str(current[one.place].value)))
            for one in self.step.fields
            if one.place in current
        ]
        self.list.show_lines(lines, None)
        self.list_panel.setVisible(bool(lines))

    def _what(self, unit: NextUnit) -> Words:
        if unit.label_status in ("unknown", "refused") and unit.label_detail:
            return words_of(unit.label_detail, printer=unit.label_printer)
        if unit.label_status in ON_ITS_WAY:
            return Phrase("printer {printer} is at work", printer=unit.label_printer)
        if unit.label_status in _IN_HAND:
            return Phrase(
                "Copy {copy} from printer {printer}: put it on this unit and scan it there.", copy=unit.copies, printer=unit.label_printer
            )
        if unit.copies == 1:
            return Phrase("1 label was asked for of this unit so far")
        return Phrase("{n} labels were asked for of this unit so far", n=unit.copies) if unit.copies else ""

    def counter(self) -> tuple[Run, ...]:
        units = self.view.batch.units if self.view is not None else 0
        return count_runs(self.step.units_done, Phrase("of {n} units", n=units))

    # what is next -----------------------------------------------------------------------------------------------------------------

    def sentence(self) -> Words:
        if self.units_to_make:
            return Phrase("Make the units first: every piece gets a serial.")
        unit = self.unit
        if unit is None:
            return Phrase("Finish the step.")
        if unit.label_status in ON_ITS_WAY:
            return Phrase("The label of {unit} is being printed.", unit=unit.serial)
        if unit.label_status in ("printed", "verified"):
            return Phrase("Put the label on unit {unit}, then scan it there.", unit=unit.serial)
        if unit.label_status == "unknown":
            return Phrase("Look at the printer: did the label of {unit} come out?", unit=unit.serial)
        return Phrase("Print the label of unit {unit}.", unit=unit.serial)

    def corner(self) -> Corner:
        if self.units_to_make:
            return self.make_act()
        unit = self.unit
        if unit is None:
            return None
        if unit.label_status in _IN_HAND:
            return Awaited(words=Phrase("Scan the label on its unit"), suggestion=unit.serial)
        waits = Phrase("printer {printer} is at work", printer=unit.label_printer) if unit.label_status in ON_ITS_WAY else None
        return Act(words=Phrase("Print the label"), act=self._print, why_not=waits, icon="printer")

    def wanted_buttons(self) -> Sequence[Button]:
        return (self.destroy,) if self.runs and self.step.counts["issued"] > self.step.counts["destroyed"] else ()

    # acts -------------------------------------------------------------------------------------------------------------------------

    def _print(self) -> None:
        """The first copy needs no reason; after one that is gone a person says what became of it."""
        unit = self.unit
        printer = next((one.code for one in self.screen.shell.devices if one.protocol in PRINTERS), None)
        if unit is None:
            return
        if printer is None:
            self.screen.refuse(NoPrinterHere())
        elif unit.copies == 0:
            self._give_print(unit.id, printer, None)
        else:
            line = Phrase("Label {copy} of unit {unit} is asked for; the ones before are gone.", copy=unit.copies + 1, unit=unit.serial)
            go_on = partial(self._print_again, unit.id, printer)
            self.screen.open_sheet(ReasonSheet(Phrase("Print again"), line, Phrase("Print the label"), go_on, icon="printer"))

    def _print_again(self, unit: UUID, printer: str, reason: str) -> None:
        self.screen.close_sheet()
        self._give_print(unit, printer, reason)

    def _give_print(self, unit: UUID, printer: str, reason: str | None) -> None:
        order = PrintUnitLabel(command_id=new_id(), unit=unit, printer=printer, reason=reason)
        self.screen.submit(order, done=lambda _: self._asked_for(), refused=self.screen.refused_and_read)

    def _asked_for(self) -> None:
        if self.screen.bridge.printing is not None:
            self.screen.bridge.printing.look_now()
        self.screen.look_again()

    def on_label(self, moved: LabelMoved) -> None:
        self.screen.look_again()

    def on_scan(self, scanned: Scanned) -> bool:
        """The label of any unit of this batch that waits to be put on; the database compares it byte for byte."""
        if scanned.kind != "gs1" or scanned.serial is None or not self.runs:
            return False
        question = partial(unit_for_step, step=self.step.id, code=scanned.serial)
        self.screen.ask(question, partial(self._apply, scanned.raw))
        return True

    def _apply(self, raw: str, found: UnitFound) -> None:
        order = ApplyLabel(command_id=new_id(), unit=found.id, scanned=raw)
        self.screen.submit(order, done=lambda _: self._applied(), refused=self.screen.refused_and_read)

    def _applied(self) -> None:
        self.screen.clear_banner()
        self.screen.shell.tones.ok()
        self.screen.look_again()

    def _settle_label(self, *, came_out: bool) -> None:
        unit = self.unit
        if unit is None or unit.label is None:
            return
        if came_out:
            self._give_settled(unit.label, "", came_out=True)
            return
        line = Phrase("The label of unit {unit} is counted as not printed.", unit=unit.serial)
        go_on = partial(self._not_out, unit.label)
        self.screen.open_sheet(ReasonSheet(Phrase("Nothing came out"), line, Phrase("Nothing came out"), go_on, icon="printer"))

    def _not_out(self, label: UUID, remark: str) -> None:
        self.screen.close_sheet()
        self._give_settled(label, remark, came_out=False)

    def _give_settled(self, label: UUID, remark: str, *, came_out: bool) -> None:
        order = ConfirmUnitLabel(command_id=new_id(), label=label, came_out=came_out, remark=remark)
        self.screen.submit(order, done=lambda _: self.screen.look_again(), refused=self.screen.refused_and_read)

    def _ask_destroy(self) -> None:
        """The label of the unit in hand; one that is on a unit already is named by scanning it."""
        unit = self.unit
        first = (unit.serial, unit.label) if unit is not None and unit.label is not None and self._status in _IN_HAND else None
        self.screen.open_sheet(DestroySheet(first, find=self._find, take=self._destroy))

    def _find(self, serial: str, came: Callable[[UnitFound], None]) -> None:
        self.screen.ask(partial(unit_for_step, step=self.step.id, code=serial), came)

    def _destroy(self, label: UUID, reason: str) -> None:
        self.screen.close_sheet()
        order = DestroyLabel(command_id=new_id(), label=label, reason=reason)
        self.screen.submit(order, done=lambda _: self.screen.look_again(), refused=self.screen.refused_and_read)
