"""The plant's own protocols: every revision with its state; written by an engineer, handed over, signed by another person, withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.base.ids import new_id
from app.base.phrases import Phrase
from app.core.command import Permission
from app.core.feed import Change
from app.core.session import Who
from app.devices.patterns.trying import Tried, try_text
from app.plant.protocol_commands import SubmitProtocol
from app.plant.protocol_queries import ProtocolLine, protocols_of_site
from ui.devices import protocol_acts
from ui.devices.case_rows import count_of, rows_of
from ui.devices.fact_panel import FactPanel
from ui.kit import ANY, Cell, Column, Destructive, FittingTable, Panel, Row, StateRows, Words, theme
from ui.shell import revision_acts
from ui.shell.hooks import Context
from ui.shell.screen import BAR_HEIGHT, Screen, screen
from ui.shell.signing import SignAs

WRITING = "devices.protocol"
_CONCERNS = {"document", "device_protocol", "signature"}
_SIDE = 560
_COLUMNS = (
    (Column(title=Phrase("Protocol")), ANY),
    (Column(title=Phrase("Revision"), width=110, number=True), ANY),
    (Column(title=Phrase("Prepared by"), width=170), 900),
    (Column(title=Phrase("State"), width=170), ANY),
)


@screen(key="devices.protocols", title="Own protocols", workbench="plant", permission=Permission.EVERYBODY, leads=False)
class ProtocolsScreen(Screen):
    """Revisions left, what the chosen one says right; one act for whoever's turn it is."""

    help = "Arrows choose a revision, F7 reads its text, F8 writes a new one. Engineering hands over, another person in Quality signs."

    def build(self) -> None:
        """Table, facts and cases."""
        self._lines: dict[str, ProtocolLine] = {}
        self.tried: Tried | None = None
        nothing = Phrase("The plant has no protocol of its own yet. F8 writes one.")
        self.table = FittingTable(Phrase("Own protocols"), _COLUMNS, nothing=nothing)
        self.table.chosen.connect(self._chosen)
        self.table.opened.connect(self._read)
        self.facts, self.cases = FactPanel(Phrase("Protocol")), Panel(Phrase("Cases"), "", padding=0)
        self.rows = StateRows(numbered=False)
        self.cases.body.addWidget(self.rows)
        self.side = QWidget()
        column = QVBoxLayout(self.side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(16))
        column.addWidget(self.facts)
        column.addWidget(self.cases, 1)
        self.lay_out(self.table, self.side)
        self.read_button = self.button(Phrase("Text"), self._read, key=Qt.Key.Key_F7, icon="sheet")
        self.new_button = self.button(Phrase("New"), self._write, key=Qt.Key.Key_F8, icon="plus")
        self.withdraw_button = Destructive(Phrase("Withdraw"), key=Qt.Key.Key_F11, height=BAR_HEIGHT)
        self.add_button(self.withdraw_button, partial(self._sign, withdraw=True))
        self.hand_over_button = self.primary(Phrase("Hand over for review"), self._hand_over, icon="arrow")
        self.sign_button = self.primary(Phrase("Sign"), partial(self._sign, withdraw=False), icon="pen")
        self.put_in_corner(None)

    @property
    def line(self) -> ProtocolLine | None:
        """The chosen revision."""
        return self._lines.get(self.table.chosen_key or "")

    def opened(self, context: Context) -> None:
        """Ask what is there."""
        self._settle()
        self._ask()

    def on_changes(self, changes: Sequence[Change]) -> None:
        """Somebody wrote, handed over or signed."""
        if any(change.table in _CONCERNS for change in changes):
            self._ask()

    def on_person(self, who: Who) -> None:
        """Another person has another turn."""
        self._settle()

    def on_key(self, key: int) -> bool:
        """Arrows choose the revision, pages turn its cases."""
        if key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            return self.rows.press(key)
        return self.table.press(key)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Beside a sheet the list gives way: what is signed stays."""
        super().resizeEvent(event)
        wide = self.width() / theme.factor
        self.side.setFixedWidth(theme.px(min(_SIDE, round(wide * 0.45))) if wide >= 700 else self.width())
        self.table.setVisible(wide >= 700)

    # what stands here -------------------------------------------------------------------------------------------------------------

    def _ask(self) -> None:
        self.ask(partial(protocols_of_site, site=self.where.site), self._show)

    def _show(self, lines: list[ProtocolLine]) -> None:
        self._lines = {str(line.id): line for line in lines}
        count: Words = Phrase("{count} revisions", count=len(lines)) if lines else ""
        self.table.show_rows([_row(line) for line in lines], count)
        self._chosen()

    def _chosen(self) -> None:
        self._settle()
        line = self.line
        if line is not None and (self.tried is None or self.tried.source != line.source):
            self.tried = None
            self.bridge.fetch(partial(try_text, line.source), done=self._is_tried, owner=self)

    def _is_tried(self, tried: Tried) -> None:
        line = self.line
        if line is not None and tried.source == line.source:
            self.tried = tried
            self.cases.tell(Phrase("Cases"), count_of(tried.held))
            self.rows.show_rows(rows_of(tried))

    def _settle(self) -> None:
        line, rights = self.line, self.shell.rights
        writes = Permission.PREPARE_DOCUMENT in rights
        self.side.setVisible(line is not None)
        self.show_button(self.read_button, line is not None)
        self.show_button(self.new_button, writes)
        self.show_button(self.withdraw_button, line is not None and revision_acts.may_withdraw(line, rights))
        place = Phrase("Devices • own protocols")
        if line is None:
            self.say_next(Phrase("Write how a device speaks."), place)
            self.put_in_corner(None)
            return
        self.facts.show_facts(protocol_acts.facts(line))
        self.say_next(protocol_acts.sentence(line, self.who, rights), place, revision_acts.STATES[line.state])
        if revision_acts.may_prepare(line, self.who, rights):
            self.put_in_corner(self.hand_over_button)
        elif revision_acts.may_sign(line, rights):
            self.sign_button.tell(Phrase("Sign revision {revision}", revision=line.revision))
            self.put_in_corner(self.sign_button)
        else:
            self.put_in_corner(None)

    # acts -------------------------------------------------------------------------------------------------------------------------

    def _read(self) -> None:
        line = self.line
        if line is not None:
            self.go(WRITING, protocol=str(line.id))

    def _write(self) -> None:
        self.go(WRITING)

    def _hand_over(self) -> None:
        line = self.line
        if line is not None:
            self.submit(SubmitProtocol(command_id=new_id(), protocol=line.id), done=lambda _: self._done())

    def _sign(self, *, withdraw: bool) -> None:
        line = self.line
        if line is None:
            return
        after = Phrase("no value is read by it any more")
        if not withdraw:
            after = Phrase("stations read by it when their window is opened again, from {day} on", day=line.effective_from)
        self.sign(
            kind="document",
            subject=line.id,
            title=revision_acts.title(line),
            what=protocol_acts.facts(line),
            choices=(protocol_acts.withdraw_as(line) if withdraw else protocol_acts.sign_as(line),),
            done=self._signed,
            after=after,
            frame_around=self.cases,
        )

    def _signed(self, _: object, __: SignAs) -> None:
        self._done()

    def _done(self) -> None:
        self.clear_banner()
        self._ask()


def _row(line: ProtocolLine) -> Row:
    state, word = revision_acts.STATES[line.state]
    cells = (
        Cell(words=line.code, bold=True, quiet=line.state == "obsolete"),
        str(line.revision),
        line.preparer,
        Cell(state=state, words=word),
    )
    return Row(key=str(line.id), cells=cells, numbers=revision_acts.numbers(line))
