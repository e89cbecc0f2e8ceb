"""How a printer, a machine or a device nobody recognised is spoken with; it is asked at once, and what answers is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout

from app.base.phrases import Phrase
from app.devices.machines.register_map import RegisterMap
from app.devices.protocol import SerialLine, families
from app.devices.recognition.trying import Tried
from app.devices.settings import LAST_RTU_UNIT, MODBUS, MOST_LOOKS_PER_S, MachineSettings, is_network
from ui.devices.proposal import Proposal, kind_name, lines_at
from ui.devices.trier import Trier
from ui.kit import Button, Choices, Field, Label, PrimaryButton, Sheet, State, StateRow, StateRows, theme
from ui.kit.tokens import GAP
from ui.shell.evidence import Fact
from ui.shell.fact_rows import FactRow

DPIS = (203, 300, 600)
Chosen = Callable[[Proposal], None]


class HowSheet(Sheet):
    """What cannot be read from the device is chosen here from what is possible; nothing has a value that nobody chose.

    F5 asks again. Silence does not close the way: a machine may be off, a gauge speaks only when its button is pressed.
    """

    def __init__(self, one: Proposal, go_on: Chosen, *, maps: Sequence[RegisterMap] = (), act: Phrase | None = None) -> None:
        self.act = PrimaryButton(act or Phrase("Go on"), icon="arrow")
        is_family = one.key in families()  # their names are long
        super().__init__(Phrase("Try the device") if is_family else kind_name(one.key), icon="sensor", primary=self.act)
        self._go_on, self._maps, self.proposal = go_on, list(maps), one
        self.lines: list[SerialLine] = lines_at(one.url, one.key)
        self.trier = Trier(self)
        self.trier.tried.connect(self._is_tried)
        self.answer = Label("", wrap=True)
        self.answer_state = State.TO_DO
        self.again = Button(Phrase("Ask again"), icon="again", key=Qt.Key.Key_F5)
        self.again.clicked.connect(self.ask)
        if is_family:
            self.body.addWidget(FactRow(Fact(name=Phrase("kind"), value=kind_name(one.key))))
        self.body.addWidget(FactRow(Fact(name=Phrase("port"), value=one.url)))
        self._lay_out_choices()
        self.body.addWidget(self.answer)
        self.body.addWidget(self.again)
        if not self.lines and one.key != MODBUS:
            self.body.addStretch(1)
        self.act.clicked.connect(self._done)
        self.settle()
        self.ask()

    # what is chosen -----------------------------------------------------------------------------------------------------------------

    def _lay_out_choices(self) -> None:
        self.rows = StateRows(numbered=True)
        self.rows.opened.connect(self._choose_row)
        self.dpi = Choices([Phrase("{dpi} dots per inch", dpi=dpi) for dpi in DPIS], None)
        self.unit, self.looks = Field(Phrase("Unit (Modbus address)")), Field(Phrase("Looks a second"))
        if self.proposal.is_printer:
            self.body.addWidget(Label(Phrase("Print head"), ink="ink2"))
            self.body.addWidget(self.dpi)
            self.dpi.chosen.connect(self._choose_dpi)
        if self.proposal.key == MODBUS:
            for field in (self.unit, self.looks):
                field.keep_to_plain_keys()
                field.edited.connect(lambda _: self._machine_changed())
            self.body.addLayout(side_by_side(self.unit, self.looks))
        heading = Phrase("Register map") if self.proposal.key == MODBUS else Phrase("Line settings") if self.lines else None
        if heading is not None:
            self.body.addWidget(Label(heading, ink="ink2"))
            self.body.addWidget(self.rows, 1)
        self._map: RegisterMap | None = self._maps[0] if len(self._maps) == 1 else None
        self._show_rows()

    def _show_rows(self) -> None:
        marks = {True: State.HERE, False: State.TO_DO}
        if self.proposal.key == MODBUS:
            rows = [
                StateRow(
                    state=marks[one is self._map], title=one.model, line=Phrase("{count} channels", count=len(one.channels)), strong=True
                )
                for one in self._maps
            ]
        else:
            rows = [StateRow(state=marks[line == self.proposal.line], title=line.words, strong=True) for line in self.lines]
        self.rows.show_rows(rows, stay=True)

    def press(self, key: int) -> bool:
        """A digit chooses a map or a line while no field is written in; F5 asks again."""
        if key == Qt.Key.Key_F5:
            self.ask()
            return True
        writes = self.unit.edit.hasFocus() or self.looks.edit.hasFocus()
        return (not writes and self.rows.press(key)) or super().press(key)

    def _choose_row(self, n: int) -> None:
        if self.proposal.key == MODBUS:
            self._map = self._maps[n]
            self._machine_changed()
        else:
            self.proposal = replace(self.proposal, line=self.lines[n])
            self.ask()
        self._show_rows()
        self.settle()

    def _choose_dpi(self, n: int) -> None:
        self.proposal = replace(self.proposal, dpi=DPIS[n])
        self.settle()

    def _machine_changed(self) -> None:
        before, self.proposal = self.proposal, replace(self.proposal, machine=self._machine())
        self.settle()
        if self.proposal.machine is not None and self.proposal != before:
            self.ask()

    def _machine(self) -> MachineSettings | None:
        return machine_as_written(self.proposal.url, self._map, self.unit.text, self.looks.text)

    # what answers -------------------------------------------------------------------------------------------------------------------

    def ask(self) -> None:
        """Ask once, as it is chosen now; a machine without its map cannot be asked."""
        if self.proposal.key == MODBUS and self.proposal.machine is None:
            self._say(State.TO_DO, Phrase("It is asked as soon as unit, looks and map are chosen."))
            return
        self._say(State.WAITING, Phrase("asking"))
        self.again.not_yet(Phrase("asking"))
        self.trier.ask(self.proposal.settings)

    def _is_tried(self, tried: Tried) -> None:
        self.again.ready()
        self._say(State.PASS if tried.answered else State.ATTENTION, tried.says)
        if tried.serial_number is not None:
            self.proposal = replace(self.proposal, serial_number=tried.serial_number)
        if tried.dpi is not None and self.proposal.dpi is None:
            self.dpi.choose(DPIS.index(tried.dpi))
            self.proposal = replace(self.proposal, dpi=tried.dpi)
        self.settle()

    def _say(self, state: State, words: Phrase | str) -> None:
        self.answer_state = state
        says = {State.PASS: Phrase("Answers: {says}", says=words), State.ATTENTION: Phrase("No answer: {says}", says=words)}
        self.answer.tell(says.get(state, words))

    def closing(self) -> None:
        """Nobody waits any more."""
        self.trier.stop()

    # the act ------------------------------------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Closed until everything is chosen that only a person can know."""
        one = self.proposal
        if one.is_printer and one.dpi is None:
            self.act.not_yet(Phrase("choose the print head"))
        elif one.key == MODBUS and one.machine is None:
            self.act.not_yet(Phrase("write unit and looks a second, choose the map"))
        else:
            self.act.ready()

    def _done(self) -> None:
        self._go_on(self.proposal)


def side_by_side(*fields: Field) -> QHBoxLayout:
    """Short fields in one row."""
    row = QHBoxLayout()
    row.setSpacing(theme.px(GAP))
    for field in fields:
        row.addWidget(field)
    return row


def machine_as_written(url: str, map: RegisterMap | None, unit: str, looks: str) -> MachineSettings | None:
    """How a machine is read as somebody wrote it; ``None``: that cannot be, or something is not written yet."""
    unit_id, looks_per_s = _whole(unit), number_of(looks)
    first, last = (0, 255) if is_network(url) else (1, LAST_RTU_UNIT)
    if map is None or unit_id is None or not first <= unit_id <= last or looks_per_s is None or not 0 < looks_per_s <= MOST_LOOKS_PER_S:
        return None
    return MachineSettings(map=map, unit_id=unit_id, looks_per_s=float(looks_per_s))


def _whole(written: str) -> int | None:
    written = written.strip()
    return int(written) if written.isascii() and written.isdecimal() and len(written) <= 3 else None


def number_of(written: str) -> Decimal | None:
    """What somebody wrote as a figure; ``None``: it is none."""
    try:
        value = Decimal(written.strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
