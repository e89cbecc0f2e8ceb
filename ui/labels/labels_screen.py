"""The labels of this station: what nobody knows stands first and is settled by one press; a scan verifies; the rest with its reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout

from app.base.phrases import Phrase
from app.core.command import Permission
from app.core.feed import Change
from app.labels.queries import LabelDesk, StationLabel, label_desk
from app.labels.queue_events import LabelMoved
from app.scanning.result import Scanned
from ui.devices.fact_panel import FactPanel
from ui.kit import ANY, MIDDLE, WIDE, Cell, Column, FittingTable, ReasonSheet, Row, State, theme
from ui.labels import orders
from ui.labels.printer_sheet import PrinterSheet
from ui.labels.words import KINDS, STATES, history_of, numbers_of
from ui.people.giving import give_from_sheet
from ui.shell.hooks import Context
from ui.shell.screen import Screen, screen

_COLUMNS = (
    (Column(title=Phrase("Label of"), width=190), ANY),
    (Column(title=Phrase("Copy"), width=90, number=True), MIDDLE),
    (Column(title=Phrase("Printer"), width=130), MIDDLE),
    (Column(title=Phrase("State")), ANY),
    (Column(title=Phrase("Asked for"), width=210), WIDE),
)
_HISTORY_WIDE, _LIST_WIDE, _NARROW = 600, 540, 1000
"""Width of the history, what it leaves to the list on a smaller glass, and the width of the screen below which it gives way."""
_LIVING = ("printed", "unknown", "verified", "applied")


@screen(key="labels.station", title="Labels", workbench="labels", permission=Permission.EVERYBODY)
class LabelsScreen(Screen):
    """Arrows choose; what may be done with the chosen label stands in the bar."""

    help = "Labels nobody knows of stand first: look at the printer, then say whether they came out. Scan a printed label to check it."

    def build(self) -> None:
        """The list, and the history of the chosen label beside it."""
        self.desk: LabelDesk | None = None
        self.table = FittingTable(Phrase("Labels of this station"), _COLUMNS, nothing=Phrase("No label was asked for at this station."))
        self.table.chosen.connect(self._settle)
        self.history = FactPanel(Phrase("What became of it"))
        beside = QVBoxLayout()
        beside.addWidget(self.history)
        beside.addStretch(1)
        self.lay_out(self.table, beside)
        self.nothing_button = self.button(Phrase("Nothing came out"), self._ask_nothing, key=Qt.Key.Key_F6)
        self.again_button = self.button(Phrase("Print again"), self._ask_again, key=Qt.Key.Key_F7, icon="again")
        self.destroy_button = self.button(Phrase("Destroy the label"), self._ask_destroy, key=Qt.Key.Key_F8, icon="waste")
        self.other_button = self.button(Phrase("Another printer"), self._ask_other, key=Qt.Key.Key_F8, icon="printer")
        self.route_button = self.button(Phrase("Where labels go"), self._ask_route, key=Qt.Key.Key_F11, icon="settings")
        self.came_button = self.primary(Phrase("It came out"), self._came_out, icon="printer")

    @property
    def chosen(self) -> StationLabel | None:
        """The label the arrows stand on."""
        labels = self.desk.labels if self.desk is not None else []
        return next((one for one in labels if str(one.id) == self.table.chosen_key), None)

    def opened(self, context: Context) -> None:
        """As they stand now."""
        self._settle()
        self.look()

    def on_label(self, moved: LabelMoved) -> None:
        """One moved on."""
        self.look()

    def on_changes(self, changes: Sequence[Change]) -> None:
        """Somebody settled, destroyed or asked for one."""
        if any(change.table in ("label", "label_route", "asset") for change in changes):
            self.look()

    def on_key(self, key: int) -> bool:
        """The table's keys, wherever the focus is."""
        return self.table.press(key)

    def on_scan(self, scanned: Scanned) -> bool:
        """A label of this list: it is verified if it waits for that, and shown in any case."""
        code = scanned.serial if scanned.kind == "gs1" else scanned.code if scanned.what in ("container", "unit") else None
        labels = self.desk.labels if self.desk is not None else []
        found = max((one for one in labels if one.what == code), key=lambda one: one.copy_no, default=None)
        if found is None:
            return False
        self._show_rows(str(found.id))
        if found.status in ("printed", "unknown", "destroyed"):
            self.submit(orders.verify(found, scanned.raw), done=lambda _: self._verified())
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The history gives way to a sheet, and on small glass to the list."""
        super().resizeEvent(event)
        self.history.setFixedWidth(min(theme.px(_HISTORY_WIDE), max(0, self.width() - theme.px(_LIST_WIDE))))
        self.history.setVisible(self.width() >= theme.px(_NARROW))

    def look(self) -> None:
        """Ask again."""
        self.ask(partial(label_desk, station=self.shell.station, site=self.shell.where.site), self._show)

    def _show(self, desk: LabelDesk) -> None:
        self.desk = desk
        self._show_rows(None)

    def _show_rows(self, chosen: str | None) -> None:
        labels = self.desk.labels if self.desk is not None else []
        self.table.show_rows([self._row(one) for one in labels], str(len(labels)) if labels else "", chosen=chosen)
        self._settle()

    def _row(self, one: StationLabel) -> Row:
        shape, words = STATES[one.status]
        at = f"{one.requested_at.astimezone(self.shell.zone):%Y-%m-%d %H:%M}"
        cells = (Cell(words=one.what, bold=True), str(one.copy_no), one.printer, Cell(words=words, state=shape), Cell(words=at, quiet=True))
        trouble = shape if shape is State.ATTENTION else None
        return Row(key=str(one.id), cells=cells, trouble=trouble, numbers=numbers_of(one, self.shell.zone))

    # what is next -----------------------------------------------------------------------------------------------------------------

    def _settle(self) -> None:
        one = self.chosen
        status = one.status if one is not None else ""
        may_route = Permission.KEEP_ASSETS in self.shell.rights and self.shell.station is not None
        self.history.show_facts(history_of(one, self.shell.zone) if one is not None else [])
        self.show_button(self.nothing_button, status == "unknown")
        self.show_button(self.again_button, one is not None and orders.may_be_printed_again(one))
        self.show_button(self.destroy_button, status in _LIVING)
        self.show_button(self.other_button, status in ("requested", "validated"))
        self.show_button(self.route_button, may_route)
        place = Phrase("Labels of this station")
        if one is None:
            self.put_in_corner(None)
            self.say_next(Phrase("Nothing is to be done here."), place)
        elif status == "unknown":
            self.put_in_corner(self.came_button)
            self.say_next(Phrase("Look at printer {printer}: did the label of {what} come out?", printer=one.printer, what=one.what), place)
        elif status == "printed":
            self.scan_slot(Phrase("Scan the label"), one.what)
            self.say_next(Phrase("Scan the label of {what} to check it.", what=one.what), place)
        else:
            self.put_in_corner(None)
            self.say_next(Phrase("Label of {what}: {state}", what=one.what, state=STATES[status][1]), place)

    # acts -------------------------------------------------------------------------------------------------------------------------

    def _verified(self) -> None:
        self.clear_banner()
        self.shell.tones.ok()
        self.look()

    def _came_out(self) -> None:
        if (one := self.chosen) is not None:
            self.submit(orders.settle(one, came_out=True, remark=""), done=lambda _: self._done())

    def _ask_nothing(self) -> None:
        line = Phrase("The label of {what} is counted as not printed.", what=self._what)
        self._ask_why(Phrase("Nothing came out"), line, lambda one, why: orders.settle(one, came_out=False, remark=why))

    def _ask_again(self) -> None:
        line = Phrase("Another copy of the label of {what} is asked for; the one before counts as destroyed.", what=self._what)
        self._ask_why(Phrase("Print again"), line, orders.print_again)

    def _ask_destroy(self) -> None:
        line = Phrase("The label of {what} is counted as destroyed.", what=self._what)
        self._ask_why(Phrase("Destroy the label"), line, orders.destroy)

    @property
    def _what(self) -> str:
        return self.chosen.what if self.chosen is not None else "–"

    def _ask_why(self, title: Phrase, line: Phrase, order: Callable[[StationLabel, str], orders.LabelOrder]) -> None:
        if (one := self.chosen) is not None:
            self.open_sheet(ReasonSheet(title, line, title, partial(self._give, one, order), icon="labels"))

    def _give(self, one: StationLabel, order: Callable[[StationLabel, str], orders.LabelOrder], why: str) -> None:
        give_from_sheet(self, order(one, why), reason=None, done=self._done)

    def _ask_other(self) -> None:
        if (one := self.chosen) is not None:
            line = Phrase("The label of {what} waits for {printer} and comes out elsewhere.", what=one.what, printer=one.printer)
            title = Phrase("Another printer")
            self.open_sheet(PrinterSheet(title, line, self._printers(but=one.printer), title, partial(self._reroute, one)))

    def _reroute(self, one: StationLabel, printer: str, why: str) -> None:
        give_from_sheet(self, orders.reroute(one, printer, why), reason=None, done=self._done)

    def _ask_route(self) -> None:
        """For the kind of the chosen label; for containers where there is none yet."""
        kind = self.chosen.kind if self.chosen is not None else "container"
        now = self.desk.routes.get(kind) if self.desk is not None else None
        words = {"kind": KINDS[kind], "printer": now or "–"}
        line = Phrase("{kind}: every label of this station goes to one printer from now on; today to {printer}.", **words)
        title = Phrase("Where labels go")
        self.open_sheet(PrinterSheet(title, line, self._printers(but=now), title, partial(self._route, kind)))

    def _route(self, kind: str, printer: str, why: str) -> None:
        assert self.shell.station is not None
        give_from_sheet(self, orders.route(self.shell.station, kind, printer), reason=why, done=self._done)

    def _printers(self, *, but: str | None) -> list[tuple[str, Phrase]]:
        """Every printer of the site but one; those of this station first."""
        here = {one.code for one in self.shell.devices}
        codes = [code for code in (self.desk.printers if self.desk is not None else ()) if code != but]
        where = {True: Phrase("connected to this station"), False: Phrase("not connected to this station")}
        return [(code, where[code in here]) for code in sorted(codes, key=lambda code: (code not in here, code))]

    def _done(self) -> None:
        self.close_sheet()
        self.clear_banner()
        if self.bridge.printing is not None:
            self.bridge.printing.look_now()
        self.look()
