"""The three columns of the lot screen: gates, exceptions, the lot itself with its signatures."""

from __future__ import annotations

from datetime import tzinfo

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout

from app.base.phrases import Phrase, group_thousands
from app.tracing.gates import Gate
from app.tracing.history import LotHistory
from ui.kit import Button, Label, Panel, Run, Runs, State, StateRow, StateRows, Type, theme
from ui.kit.tokens import TAB_HEIGHT
from ui.materials.exceptions import LotException, in_order, signature_rows
from ui.materials.lot_words import lot_facts
from ui.shell.fact_rows import FactRow


class GatePanel(Panel):
    """What must be open, each with its reason."""

    def __init__(self) -> None:
        super().__init__(Phrase("Gates for release"), "", padding=0)
        self.rows = StateRows(numbered=False)
        self.body.addWidget(self.rows)

    def show_gates(self, gates: tuple[Gate, ...], status: str) -> None:
        """The gates of this lot now, and the lot's own status."""
        passed = sum(1 for gate in gates if gate.is_open)
        self.tell(Phrase("Gates for release"), Phrase("{open} of {all}", open=passed, all=len(gates)))
        self.rows.show_rows([StateRow(state=_state_of(gate, status), title=gate.title, line=gate.line) for gate in gates])


def _state_of(gate: Gate, status: str) -> State:
    """A hold is a hold; a lot that is released already hinders nothing."""
    if gate.is_open or (gate.key == "state" and status == "released"):
        return State.PASS
    return State.HOLD if gate.key == "state" and status == "held" else State.FAIL


class ExceptionPanel(Panel):
    """What is out of order, numbered; what is in order is one grey count."""

    def __init__(self) -> None:
        super().__init__(Phrase("Exceptions"), "", padding=0)
        self.body.setSpacing(0)
        self._quiet = Label("", ink="ink2")
        room = QVBoxLayout()
        room.setContentsMargins(theme.px(16), theme.px(14), theme.px(16), theme.px(14))
        room.addWidget(self._quiet)
        self.body.addLayout(room)
        self.history = Button(Phrase("History"), icon="list", key=Qt.Key.Key_F6, height=TAB_HEIGHT)
        self.add_right(self.history)
        self.rows = StateRows(numbered=True)
        self.body.addWidget(self.rows, 1)

    def show_exceptions(self, history: LotHistory, exceptions: tuple[LotException, ...]) -> None:
        """Those of this lot now."""
        count = Phrase("{some} of {all} entries", some=len(exceptions), all=len(history.events))
        self.tell(Phrase("Exceptions"), count)
        quiet = in_order(history, exceptions)
        self._quiet.tell(Phrase("{count} entries in order, not shown", count=quiet))
        self.rows.show_rows([one.row for one in exceptions])


class LotPanel(Panel):
    """Balance in large figures, identity below: what a signature is about."""

    def __init__(self) -> None:
        super().__init__(Phrase("Lot"), "", padding=0)
        self.body.setSpacing(0)
        self.figure = Runs(gap=8)
        room = QVBoxLayout()
        room.setContentsMargins(theme.px(16), theme.px(4), theme.px(16), theme.px(4))
        room.addWidget(self.figure)
        self.body.addLayout(room)
        self._facts = QVBoxLayout()
        self._facts.setSpacing(0)
        self.body.addLayout(self._facts)
        self._shown: list[FactRow] = []

    def show_lot(self, history: LotHistory, *, short: bool) -> None:
        """Another lot, or this one with another balance; `short` on a small glass."""
        lot = history.lot
        self.tell(Phrase("Lot"), lot.code)
        value, unit = group_thousands(lot.balance.value), lot.balance.unit
        self.figure.tell(Run(value, kind=Type.VERDICT, bold=False), Run(unit, kind=Type.VALUE, ink="ink2"))
        for old in self._shown:
            self._facts.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._shown = [FactRow(fact) for fact in lot_facts(history, short=short)]
        for row in self._shown:
            self._facts.addWidget(row)


class SignaturePanel(Panel):
    """Who signed, newest first, each compared with the record at this look."""

    def __init__(self) -> None:
        super().__init__(Phrase("Signatures"), "", padding=0)
        self.rows = StateRows(numbered=False)
        self.body.addWidget(self.rows)

    def show_signatures(self, history: LotHistory, zone: tzinfo) -> None:
        """Those on the lot and on its deviations."""
        rows = signature_rows(history, zone)
        self.tell(Phrase("Signatures"), Phrase("re-checked now") if rows else "")
        self.rows.show_rows(rows or [StateRow(state=State.TO_DO, title=Phrase("Nobody has signed yet"))])
