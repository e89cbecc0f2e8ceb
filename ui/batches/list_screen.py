"""The batches of this plant: how far each is and what it waits for. Enter opens the step it stands at, or its review."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt

from app.base import clock
from app.base.errors import AppError
from app.base.ids import new_id
from app.base.phrases import Phrase
from app.batches.commands import StartBatch
from app.batches.master_list import MasterLine, effective_masters
from app.batches.queries import BatchRow, batch_by_code
from app.batches.worklist import BatchLine, batches_of_site
from app.core.command import Permission
from app.core.feed import Change
from app.core.session import Who
from app.scanning.result import Scanned
from app.tracing.rechecks import broken_batches
from app.tracing.words import NO_MATCH
from ui.batches.batch_numbers import numbers_of_batch
from ui.batches.batch_states import state_of, waits_words
from ui.batches.kit_sheet import KitSheet
from ui.batches.rules import BatchNotKnown, NoEffectiveRecord
from ui.batches.start_sheet import StartSheet
from ui.kit import ANY, MIDDLE, WIDE, Cell, Column, FittingTable, Row, State
from ui.shell.chip_row import age_words
from ui.shell.hooks import Context
from ui.shell.registry import SCREENS
from ui.shell.screen import Screen, screen

STEP, REVIEW, MASTERS = "batches.step", "batches.release", "batches.masters"
_CONCERNS = {"batch", "batch_step", "step_entry", "deviation"}
_COLUMNS = (
    (Column(title=Phrase("Batch"), width=140), ANY),
    (Column(title=Phrase("Product")), WIDE),
    (Column(title=Phrase("Planned"), width=130, number=True), WIDE),
    (Column(title=Phrase("Steps"), width=110, number=True), MIDDLE),
    (Column(title=Phrase("What is next")), MIDDLE),
    (Column(title=Phrase("Since"), width=110, number=True), MIDDLE),
    (Column(title=Phrase("State"), width=290), ANY),
)


@screen(key="batches.list", title="Batches", workbench="batches", permission=Permission.EVERYBODY, scans=("batch",))
class BatchesScreen(Screen):
    """Arrows choose, Enter opens; a scan of the batch's code is faster."""

    help = "Scan the code of a batch, or choose one with the arrows and press Enter. Planners start a batch here."

    def build(self) -> None:
        """One table over the whole width."""
        self._lines: dict[str, BatchLine] = {}
        self._broken: frozenset[UUID] = frozenset()
        self._wanted: str | None = None
        nothing = Phrase("No batch was started here yet. A planner starts one from an effective master record.")
        self.table = FittingTable(Phrase("Batches"), _COLUMNS, nothing=nothing)
        self.table.chosen.connect(self._settle)
        self.table.opened.connect(self._open)
        self.lay_out(self.table)
        self.masters_button = self.button(Phrase("Records"), partial(self.go, MASTERS))
        self.start_button = self.button(Phrase("Start a batch"), self._ask_what, icon="plus", key=Qt.Key.Key_F8)
        self.kit_button = self.button(Phrase("Kit"), self._open_kit, icon="pack", key=Qt.Key.Key_F6)
        self.open_button = self.primary(Phrase("Open"), self._open, icon="arrow")

    @property
    def chosen(self) -> BatchLine | None:
        """The batch the arrows stand on."""
        return self._lines.get(self.table.chosen_key or "")

    def opened(self, context: Context) -> None:
        """Ask what is there."""
        self._settle()
        self._ask()

    def on_changes(self, changes: Sequence[Change]) -> None:
        """Somebody worked on a batch, or took from its kit."""
        sheet = self.shell.frame.sheet
        if isinstance(sheet, KitSheet) and any(change.table in ("kit", "consumption") for change in changes):
            sheet.look()
        if any(change.table in _CONCERNS for change in changes):
            self._ask()

    def on_person(self, who: Who) -> None:
        """Another person has other rights."""
        self._settle()

    def on_key(self, key: int) -> bool:
        """The table's keys, wherever the focus is."""
        return self.table.press(key)

    def on_scan(self, scanned: Scanned) -> bool:
        """The code of a batch opens it."""
        if scanned.what != "batch" or scanned.code is None:
            return False
        self.ask(partial(batch_by_code, code=scanned.code), partial(self._found, scanned.code))
        return True

    def _found(self, code: str, batch: BatchRow | None) -> None:
        if batch is None:
            self.refuse(BatchNotKnown(batch=code))
        else:
            self._go_to(str(batch.id), batch.status)

    def _ask(self) -> None:
        self.ask(partial(batches_of_site, site=self.where.site), self._show)

    def _show(self, lines: list[BatchLine]) -> None:
        """The batches at once; of those that wait for the market a moment later whether their release is still what was signed."""
        waiting = [line.id for line in lines if line.status == "released for production"]
        if waiting:
            self.ask(partial(broken_batches, batches=waiting), self._mark)
        self._fill(lines)

    def _mark(self, broken: frozenset[UUID]) -> None:
        if broken != self._broken:
            self._broken = broken
            self._fill([*self._lines.values()])

    def _fill(self, lines: list[BatchLine]) -> None:
        self._lines = {str(line.id): line for line in lines}
        wanted, self._wanted = self._wanted, None
        working = sum(line.status not in ("released to market", "rejected") for line in lines)
        count = Phrase("{some} of {all} are not released yet", some=working, all=len(lines)) if lines else ""
        self.table.show_rows([self._row(line) for line in lines], count, chosen=wanted)
        self._settle()

    def _row(self, line: BatchLine) -> Row:
        broken = line.id in self._broken
        state, word = (State.FAIL, NO_MATCH) if broken else state_of(line)
        cells = (
            Cell(words=line.code, bold=True),
            line.name,
            Phrase("{quantity}", quantity=line.planned),
            Phrase("{open} of {all}", open=line.done, all=line.steps),
            waits_words(line),
            Cell(words=age_words(line.since, clock.now()), quiet=True),
            Cell(state=state, words=word),
        )
        trouble = state if broken or state is State.HOLD else None
        return Row(key=str(line.id), cells=cells, trouble=trouble, numbers=numbers_of_batch(line, clock.now(), self.shell.zone))

    def _settle(self) -> None:
        """Enter opens the chosen one; with none a scan is awaited."""
        line = self.chosen
        self._settle_bar()
        place = Phrase("Batches")
        if line is None:
            self.say_next(Phrase("Scan the code of a batch."), place)
            self.note("")
            self.scan_slot(Phrase("Scan a batch"))
            return
        self.say_next(Phrase("Choose a batch, or scan its code."), place)
        self.note(Phrase("or scan its code"))
        self.open_button.tell(Phrase("Open {batch}", batch=line.code))
        self.put_in_corner(self.open_button)

    def _settle_bar(self) -> None:
        """What this person may do with the chosen batch."""
        rights, line = self.shell.rights, self.chosen
        may_lay_out = line is not None and line.status == "open" and Permission.LAY_OUT_KIT in rights
        self.show_button(self.start_button, Permission.PLAN_BATCH in rights)
        self.show_button(self.kit_button, may_lay_out)

    def _open(self) -> None:
        line = self.chosen
        if line is not None:
            self._go_to(str(line.id), line.status)

    def _go_to(self, batch: str, status: str) -> None:
        """To the step it stands at while it is made; else, and where no step can be worked on, to its review."""
        self.go(STEP if status == "open" and STEP in SCREENS else REVIEW, batch=batch)

    def _open_kit(self) -> None:
        if self.chosen is not None:
            self.open_sheet(KitSheet(self, self.chosen))

    # a new batch ------------------------------------------------------------------------------------------------------------------

    def _ask_what(self) -> None:
        self.ask(partial(effective_masters, site=self.where.site), self._offer)

    def _offer(self, masters: list[MasterLine]) -> None:
        if masters:
            self.open_sheet(StartSheet(masters, self._start))
        else:
            self.refuse(NoEffectiveRecord())

    def _start(self, master: MasterLine, planned: Decimal) -> None:
        order = StartBatch(command_id=new_id(), id=new_id(), master=master.id, planned=planned)
        self.submit(order, done=lambda _: self._started(str(order.id)), refused=self._not_started)

    def _not_started(self, error: AppError) -> None:
        """The banner says why; the sheet stands as it was filled in."""
        sheet = self.shell.frame.sheet
        if isinstance(sheet, StartSheet):
            sheet.end_busy()
        self.refuse(error)

    def _started(self, batch: str) -> None:
        """It stands in the list, chosen."""
        self.close_sheet()
        self.clear_banner()
        self._wanted = batch
        self._ask()
