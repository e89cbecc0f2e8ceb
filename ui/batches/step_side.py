"""The right column: which components went in, and what proves the step: equipment, newest entries, deviations, signatures."""

from __future__ import annotations

from datetime import tzinfo

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.base.phrases import Phrase
from app.batches.step_facts import ComponentRow, EntryRow, StepView
from ui.batches.step_words import clock_of, entry_state, field_words, value_words
from ui.kit import Panel, State, theme
from ui.kit.state_rows import StateRow, StateRows

WIDTH = 404
_NEWEST = 4


class StepSide(QWidget):
    """Two panels under each other; each shows as many rows as stand, the rest by key."""

    def __init__(self) -> None:
        super().__init__()
        self.components, self.evidence = StateRows(numbered=False), StateRows(numbered=False)
        self.components_panel = Panel(Phrase("Components scanned"), "", padding=0)
        self.evidence_panel = Panel(Phrase("Evidence"), "", padding=0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(16))
        for panel, rows in ((self.components_panel, self.components), (self.evidence_panel, self.evidence)):
            panel.body.addWidget(rows)
            column.addWidget(panel, 1)
        self._column = column

    def show_view(self, view: StepView, zone: tzinfo) -> None:
        """Another look at the record."""
        there = sum(1 for one in view.components if one.lot is not None)
        self.components_panel.tell(Phrase("Components scanned"), Phrase("{done} of {all}", done=there, all=len(view.components)))
        self.components.show_rows([component_row(one) for one in view.components])
        self.components_panel.setVisible(bool(view.components))
        self.evidence.show_rows(evidence_rows(view, zone))
        self._column.setStretch(0, max(1, len(view.components)))
        self._column.setStretch(1, max(1, len(self.evidence.rows)))


def component_row(one: ComponentRow) -> StateRow:
    """A lot that went in, or a component that waits."""
    if one.lot is None or one.quantity is None:
        return StateRow(state=State.WAITING, title=one.name, line=Phrase("step {no}", no=one.step), strong=True)
    return StateRow(state=State.PASS, title=one.name, line=one.lot, right=Phrase("{quantity}", quantity=one.quantity), strong=True)


def evidence_rows(view: StepView, zone: tzinfo) -> list[StateRow]:
    """Equipment, open deviations, the newest entries of the step, signatures that stand or fell."""
    rows = [_deviation(one.code, one.status) for one in view.of_step]
    for asset in view.equipment:
        line = Phrase("calibrated to {day}", day=asset.due_on) if asset.due_on is not None else Phrase("needs no calibration")
        rows.append(StateRow(state=State.PASS, title=Phrase("{code} fit for use", code=asset.code), line=line, strong=True))
    if view.step is not None:
        newest = sorted(view.step.current.values(), key=lambda one: one.at, reverse=True)[:_NEWEST]
        rows += [_entry(view, one, zone) for one in newest]
    for sign in view.rail:
        if sign.kind == "sign" and sign.status == "done":
            state, line = (State.ATTENTION, Phrase("fell: sign again")) if sign.fell else (State.PASS, clock_of(sign.done_at, zone))
            rows.append(StateRow(state=state, title=sign.name, line=line, strong=True))
    return rows


def _deviation(code: str, status: str) -> StateRow:
    decided = status == "decided"
    line = Phrase("decided and signed") if decided else Phrase("waits for its decision")
    return StateRow(state=State.PASS if decided else State.FAIL, title=Phrase("Deviation {code}", code=code), line=line, strong=True)


def _entry(view: StepView, entry: EntryRow, zone: tzinfo) -> StateRow:
    asked = view.step.asks(entry) if view.step is not None else None
    name = field_words(asked) if asked is not None else entry.field
    title = Phrase("{name}: {value}", name=name, value=value_words(entry, zone, asked))
    line = Phrase("{time} • {who}", time=clock_of(entry.at, zone), who=view.who(entry.by))
    return StateRow(state=entry_state(entry), title=title, line=line, strong=True)
