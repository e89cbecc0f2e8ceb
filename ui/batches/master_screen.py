"""Master records: every revision with its state, what changed since the one before; handed over, signed, withdrawn.

A revision comes in as a file (``python main.py master import``); it is read here.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout

from app.base.ids import new_id
from app.base.phrases import Phrase
from app.batches.master_commands import SubmitMaster
from app.batches.master_list import MasterChanges, MasterLine, changes_of, masters_of_site
from app.core.command import Permission
from app.core.feed import Change
from app.core.session import Who
from ui.batches import master_acts
from ui.batches.change_rows import ChangeRows
from ui.kit import ANY, Cell, Column, Destructive, FittingTable, Panel, Row, Words, theme
from ui.shell import revision_acts
from ui.shell.hooks import Context
from ui.shell.screen import BAR_HEIGHT, Screen, screen
from ui.shell.signing import SignAs

_CONCERNS = {"document", "master_record", "signature"}
_COLUMNS = (
    (Column(title=Phrase("Record")), ANY),
    (Column(title=Phrase("Revision"), width=110, number=True), ANY),
    (Column(title=Phrase("Effective from"), width=170), 800),
    (Column(title=Phrase("Prepared by"), width=170), 900),
    (Column(title=Phrase("State"), width=190), ANY),
)


@screen(key="batches.masters", title="Master records", workbench="batches", permission=Permission.EVERYBODY, leads=False)
class MastersScreen(Screen):
    """Revisions left, what changed right; one act for whoever's turn it is."""

    help = "Arrows choose a revision, PgUp and PgDn turn its changes. Engineering hands a draft over, another person in Quality signs it."

    def build(self) -> None:
        """Table and changes side by side."""
        self._lines: dict[str, MasterLine] = {}
        self.read: MasterChanges | None = None
        nothing = Phrase("No master record was imported yet. An engineer imports one: python main.py master import FILE")
        self.table = FittingTable(Phrase("Master records"), _COLUMNS, nothing=nothing)
        self.table.chosen.connect(self._chosen)
        self.changes, self.panel = ChangeRows(), Panel(Phrase("What changed"), "", padding=0)
        self.panel.body.addWidget(self.changes)
        self.lay_out(self.table, self.panel)
        self.withdraw_button = Destructive(Phrase("Withdraw"), key=Qt.Key.Key_F11, height=BAR_HEIGHT)
        self.add_button(self.withdraw_button, partial(self._sign, withdraw=True))
        self.hand_over_button = self.primary(Phrase("Hand over for review"), self._hand_over, icon="arrow")
        self.sign_button = self.primary(Phrase("Sign"), partial(self._sign, withdraw=False), icon="pen")
        self.put_in_corner(None)

    @property
    def line(self) -> MasterLine | None:
        """The chosen revision."""
        return self._lines.get(self.table.chosen_key or "")

    def opened(self, context: Context) -> None:
        """Ask what is there."""
        self.read = None
        self._settle()
        self._ask()

    def on_changes(self, changes: Sequence[Change]) -> None:
        """Somebody imported, handed over or signed."""
        if any(change.table in _CONCERNS for change in changes):
            self._ask()

    def on_person(self, who: Who) -> None:
        """Another person has another turn."""
        self._settle()

    def on_key(self, key: int) -> bool:
        """Arrows choose the revision, pages turn its changes."""
        if key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            return self.changes.press(key)
        return self.table.press(key)

    def _ask(self) -> None:
        self.ask(partial(masters_of_site, site=self.where.site), self._show)

    def _show(self, lines: list[MasterLine]) -> None:
        self._lines = {str(line.id): line for line in lines}
        count: Words = Phrase("{count} revisions", count=len(lines)) if lines else ""
        self.table.show_rows([_row(line) for line in lines], count)
        self._chosen()

    def _chosen(self) -> None:
        """Read what changed in the chosen one."""
        self._settle()
        line = self.line
        if line is not None and (self.read is None or self.read.master != line.id):
            earlier = [one.revision for one in self._lines.values() if one.code == line.code and one.revision < line.revision]
            self.ask(partial(changes_of, line=line, before=max(earlier, default=None)), self._show_changes)

    def _show_changes(self, found: MasterChanges) -> None:
        line = self.line
        if line is None or found.master != line.id:
            return  # the arrows went on meanwhile
        self.read = found
        if found.before is None:
            self.panel.tell(Phrase("Steps of the first revision"), str(len(found.steps)))
            self.changes.show_sentences([Phrase("{no} {name}", no=no, name=name) for no, name, _ in found.steps])
        else:
            count = Phrase("{count} since revision {before}", count=len(found.changes), before=found.before)
            self.panel.tell(Phrase("What changed"), count)
            self.changes.show_sentences([change.sentence for change in found.changes])
        self._fit()
        self._settle()

    def _settle(self) -> None:
        line, rights = self.line, self.shell.rights
        self.panel.setVisible(self.read is not None and line is not None)
        self.show_button(self.withdraw_button, line is not None and revision_acts.may_withdraw(line, rights))
        place = Phrase("Batches • master records")
        if line is None:
            self.say_next(Phrase("There is no master record yet."), place)
            self.put_in_corner(None)
            return
        self.say_next(master_acts.sentence(line, self.who, rights), place, revision_acts.STATES[line.state])
        if revision_acts.may_prepare(line, self.who, rights):
            self.put_in_corner(self.hand_over_button)
        elif revision_acts.may_sign(line, rights):
            self.sign_button.tell(Phrase("Sign revision {revision}", revision=line.revision))
            self.put_in_corner(self.sign_button)
        else:
            self.put_in_corner(None)

    def _fit(self) -> None:
        """Beside a sheet the list gives way: what is signed stays."""
        wide = self.width() / theme.factor
        row = self.layout()
        assert isinstance(row, QHBoxLayout)
        row.setStretch(0, 5)
        row.setStretch(1, 4)
        self.table.setVisible(wide >= 700 or self.read is None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """See `_fit`."""
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """A screen never makes the window larger than its glass."""
        return QSize(0, 0)

    # acts -------------------------------------------------------------------------------------------------------------------------

    def _hand_over(self) -> None:
        line = self.line
        if line is not None:
            self.submit(SubmitMaster(command_id=new_id(), master=line.id), done=lambda _: self._done())

    def _sign(self, *, withdraw: bool) -> None:
        line = self.line
        if line is None:
            return
        after = Phrase("batches that were started go on with their copy")
        if not withdraw:
            after = Phrase("batches start from it from {day} on", day=line.effective_from)
        self.sign(
            kind="document",
            subject=line.id,
            title=revision_acts.title(line),
            what=master_acts.facts(line, len(self.read.changes) if self.read is not None else 0),
            choices=(master_acts.withdraw_as(line) if withdraw else master_acts.sign_as(line),),
            done=self._signed,
            after=after,
            frame_around=self.panel,
        )

    def _signed(self, _: object, __: SignAs) -> None:
        self._done()

    def _done(self) -> None:
        self.clear_banner()
        self._ask()


def _row(line: MasterLine) -> Row:
    state, word = revision_acts.STATES[line.state]
    cells = (
        Cell(words=line.code, bold=True, quiet=line.state == "obsolete"),
        str(line.revision),
        Phrase("{day}", day=line.effective_from),
        line.preparer,
        Cell(state=state, words=word),
    )
    return Row(key=str(line.id), cells=cells, numbers=revision_acts.numbers(line))
