"""What measures at this site: how far, how finely, until when calibrated. Engineering records and corrects the ranges here."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.base.errors import AppError
from app.base.phrases import Phrase
from app.core.command import Permission
from app.core.feed import Change
from app.core.session import Who
from app.plant.commands import RecordRange
from app.plant.gauges import GaugeLine, gauges_of
from app.scanning.result import Scanned
from ui.devices.gauge_words import due_words, numbers_of, range_cell, state_cell, steps_words, trouble_of
from ui.devices.range_sheet import RangeSheet
from ui.kit import ANY, MIDDLE, WIDE, Cell, Choices, Column, Field, FittingTable, Row, State, theme
from ui.kit.tokens import GAP
from ui.shell.hooks import Context
from ui.shell.screen import Screen, screen

_CONCERNS = {"asset", "calibration"}
_ALL, _WITHOUT = 0, 1
_COLUMNS = (
    (Column(title=Phrase("Gauge"), width=130), ANY),
    (Column(title=Phrase("Name of the gauge")), 600),
    (Column(title=Phrase("Serial number"), width=170), WIDE),
    (Column(title=Phrase("Measuring range"), width=250), ANY),
    (Column(title=Phrase("Steps of"), width=140, number=True), MIDDLE),
    (Column(title=Phrase("Calibration due"), width=180), WIDE),
    (Column(title=Phrase("State"), width=260), MIDDLE),
)


@screen(key="devices.gauges", title="Gauges", workbench="plant", permission=Permission.EVERYBODY, leads=False)
class GaugesScreen(Screen):
    """A field for what is looked for, the gauges: those without a range first. Everybody may look."""

    help = (
        "Type or scan a code, name or serial number; F7 shows those without a range alone. Arrows choose, Enter opens the range. "
        "A gauge without a range gives no reading. Engineering records and corrects ranges, everybody else may look."
    )

    def build(self) -> None:
        """Filters above, one table over the whole width."""
        self.gauges: dict[str, GaugeLine] = {}
        self._wanted: str | None = None
        self.words = Field(Phrase("Find a gauge"))
        self.words.edited.connect(lambda _: self._show())
        self.which = Choices([Phrase("all"), Phrase("without a range")], _ALL)
        self.which.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.which.chosen.connect(lambda _: self._show())
        filters = QHBoxLayout()
        filters.setSpacing(theme.px(GAP))
        filters.addWidget(self.words, 1)
        filters.addWidget(self.which, 0, Qt.AlignmentFlag.AlignBottom)
        self.table = FittingTable(
            Phrase("Gauges of this site"), _COLUMNS, nothing=Phrase("No gauge is called so, or none lacks its range.")
        )
        self.table.chosen.connect(self._settle)
        self.table.opened.connect(self._open)
        column = QVBoxLayout()
        column.setSpacing(theme.px(GAP))
        column.addLayout(filters)
        column.addWidget(self.table, 1)
        self.lay_out(column)
        self.which_button = self.button(Phrase("Without a range"), self._turn, key=Qt.Key.Key_F7)
        self.open_button = self.primary(Phrase("Open the range"), self._open, icon="gauge")

    @property
    def chosen(self) -> GaugeLine | None:
        """The gauge the arrows stand on."""
        return self.gauges.get(self.table.chosen_key or "")

    @property
    def may_record(self) -> bool:
        """Whether this person keeps assets."""
        return Permission.KEEP_ASSETS in self.shell.rights

    def opened(self, context: Context) -> None:
        """Ask what is there; a refusal elsewhere may have named the gauge that is meant."""
        self._wanted = str(context["gauge"]) if "gauge" in context else None
        self.words.set_text("")
        self.which.choose(_ALL)
        self.words.setFocus()
        self._settle()
        self.look()

    def on_changes(self, changes: Sequence[Change]) -> None:
        """Somebody recorded a range or a calibration, or registered a gauge."""
        if any(change.table in _CONCERNS for change in changes):
            self.look()

    def on_person(self, who: Who) -> None:
        """Another person has other rights."""
        self._settle()

    def on_key(self, key: int) -> bool:
        """The table's keys, wherever the focus is."""
        return self.table.press(key)

    def on_scan(self, scanned: Scanned) -> bool:
        """The label of a gauge chooses it."""
        if scanned.what != "asset" or scanned.code is None:
            return False
        self._wanted = scanned.code
        self.words.set_text(scanned.code)
        self.which.choose(_ALL)
        self._show()
        return True

    # what stands here -------------------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Ask again; an open sheet follows."""
        self.ask(partial(gauges_of, site=self.where.site), self._know)

    def _know(self, gauges: list[GaugeLine]) -> None:
        self.gauges = {str(one.id): one for one in gauges}
        self._show()
        sheet = self.shell.frame.sheet
        if isinstance(sheet, RangeSheet) and str(sheet.gauge.id) in self.gauges:
            sheet.show_gauge(self.gauges[str(sheet.gauge.id)])

    def _show(self) -> None:
        standing = [one for one in self.gauges.values() if self._is_meant(one)]
        wanted, self._wanted = self._wanted, None
        chosen = next((str(one.id) for one in standing if one.code == wanted), None)
        count = Phrase("{some} of {all}", some=len(standing), all=len(self.gauges)) if self.gauges else ""
        self.table.show_rows([_row(one) for one in standing], count, chosen=chosen)
        self._settle()

    def _is_meant(self, gauge: GaugeLine) -> bool:
        looked_for = self.words.text.strip().casefold()
        said = (gauge.code, gauge.name.en, gauge.name.zh, gauge.serial_no)
        return (self.which.index != _WITHOUT or not gauge.has_range) and any(looked_for in one.casefold() for one in said)

    def _turn(self) -> None:
        self.which.choose(_ALL if self.which.index == _WITHOUT else _WITHOUT)
        self._show()

    def _settle(self) -> None:
        lacking = sum(not one.has_range for one in self.gauges.values())
        badge = (State.ATTENTION, Phrase("{count} without a range", count=lacking)) if lacking else None
        sentence = Phrase("Choose a gauge.") if self.may_record else Phrase("Look at the gauges. Engineering records their ranges.")
        self.say_next(sentence, Phrase("Plant • gauges"), badge)
        gauge = self.chosen
        if gauge is None:
            self.open_button.not_yet(Phrase("no gauge is chosen"))
        elif not self.may_record:
            self.open_button.not_yet(Phrase("Engineering records ranges"))
        else:
            record = Phrase("Record the range of {gauge}", gauge=gauge.code)
            self.open_button.tell(Phrase("Correct the range of {gauge}", gauge=gauge.code) if gauge.has_range else record)
            self.open_button.ready()

    # the range --------------------------------------------------------------------------------------------------------------------

    def _open(self) -> None:
        gauge = self.chosen
        if gauge is not None and self.may_record:
            self.open_sheet(RangeSheet(gauge, self._record))

    def _record(self, order: RecordRange, reason: str) -> None:
        self.submit(order, reason=reason, done=lambda _: self._done(order), refused=self._refused)

    def _refused(self, error: AppError) -> None:
        sheet = self.shell.frame.sheet
        if sheet is not None:
            sheet.end_busy()
        self.refuse(error)
        self.look()  # somebody else may have recorded it meanwhile

    def _done(self, order: RecordRange) -> None:
        self.close_sheet()
        self.clear_banner()
        gauge = self.gauges.get(str(order.asset))
        if gauge is not None:
            low, high = order.range_low, order.range_high
            self.note(Phrase("{gauge}: {low} to {high} {unit} is on record", gauge=gauge.code, low=low, high=high, unit=gauge.unit))
        self.look()


def _row(gauge: GaugeLine) -> Row:
    cells = (
        Cell(words=gauge.code, bold=True),
        gauge.name,
        gauge.serial_no or "–",
        range_cell(gauge),
        steps_words(gauge),
        due_words(gauge),
        state_cell(gauge),
    )
    return Row(key=str(gauge.id), cells=cells, trouble=trouble_of(gauge), numbers=numbers_of(gauge))
