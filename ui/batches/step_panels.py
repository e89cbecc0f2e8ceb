"""The panels of the step screen: rail, instruction, what is asked for, what went in, who was here."""

from __future__ import annotations

from datetime import tzinfo

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.base.phrases import Name, Phrase
from app.batches.queries import StepRow
from app.batches.step_view import Asked, BatchView, Entered, OpenStep
from ui.batches.words import VERDICTS, asked_words, state_of, value_words
from ui.kit import Cell, Column, Label, Panel, Row, State, StepLine, StepRail, Table, Type, Words, theme
from ui.kit.panel import padded

FIELD_ROWS, TAKEN_ROWS = 6, 4


class RailPanel(Panel):
    """Every step of the batch; the open one large."""

    def __init__(self) -> None:
        super().__init__(Phrase("Steps"), "", padding=0)
        self.setFixedWidth(theme.px(330))
        self.rail = StepRail()
        self.body.addWidget(self.rail)

    def show_view(self, view: BatchView, zone: tzinfo) -> None:
        """All steps as they stand."""
        done = sum(1 for step in view.steps if step.status in ("done", "void"))
        self.tell(Phrase("Batch {batch}", batch=view.batch.code), Phrase("{done} of {all}", done=done, all=len(view.steps)))
        here = view.open.row if view.open is not None else None
        self.rail.show_steps([_line(step, here, zone) for step in view.steps], here.key if here is not None else None)


def _line(step: StepRow, here: StepRow | None, zone: tzinfo) -> StepLine:
    ended = f"{step.done_at.astimezone(zone):%H:%M}" if step.done_at is not None else ""
    second: Words = ""
    if step.undecided is not None:
        second = Phrase("held: a deviation waits")
    elif step.status == "void":
        second = Phrase("left out by a deviation")
    elif step.status == "started" and step.started_at is not None:
        second = Phrase("since {time}", time=f"{step.started_at.astimezone(zone):%H:%M}")
    state = state_of(step)
    if here is not None and step.key == here.key and state is State.TO_DO:
        state = State.HERE
    return StepLine(key=step.key, number=str(step.no), name=step.name, state=state, ended=ended, second=second)


class InstructionPanel(Panel):
    """What to do, line by line, in letters that are read from a metre."""

    def __init__(self) -> None:
        super().__init__(Phrase("Instruction"), "")
        self._lines: list[Label] = []

    def show_step(self, step: OpenStep | None) -> None:
        """The instruction of the open step; hidden where it has none."""
        for line in self._lines:
            self.body.removeWidget(line)
            line.hide()
            line.deleteLater()
        self._lines = []
        told = step.row.spec.get("text", []) if step is not None else []
        for no, words in enumerate(told, 1):
            line = Label(Phrase("{no}. {sentence}", no=no, sentence=_name(words)), Type.VALUE, wrap=True)
            self.body.addWidget(line)
            self._lines.append(line)
        if step is not None:
            needs = step.row.spec.get("needs")
            self.tell(Phrase("{name}", name=step.row.name), Phrase("needs: {needs}", needs=needs) if needs else "")
        self.setVisible(bool(self._lines))


def _name(words: dict[str, str]) -> Name:
    return Name(words["en"], words["zh"])


class FieldsPanel(Panel):
    """What the step asks for, and what stands."""

    def __init__(self) -> None:
        super().__init__(Phrase("What is entered"), "", padding=0)
        columns = (
            Column(title=Phrase("what")),
            Column(title=Phrase("limits"), width=210),
            Column(title=Phrase("value"), width=190, number=True),
            Column(title=Phrase("state"), width=230),
        )
        self.table = Table(columns, page=FIELD_ROWS)
        self.body.addWidget(self.table)

    def show_step(self, step: OpenStep | None, next_asked: Asked | None) -> None:
        """All values; the next one is chosen."""
        rows = [_field_row(asked, step.current(asked)) for asked in step.asked] if step is not None else []
        self.setVisible(bool(rows))
        chosen = f"{next_asked.field}|{next_asked.sample_no}" if next_asked is not None else None
        self.table.show_rows(rows, chosen=chosen or (rows[0].key if rows else None))
        entered = sum(1 for asked in step.asked if step.current(asked) is not None) if step is not None else 0
        self.tell(Phrase("What is entered"), Phrase("{done} of {all}", done=entered, all=len(rows)) if rows else "")


def _field_row(asked: Asked, entered: Entered | None) -> Row:
    limits: Words = ""
    if asked.limits is not None:
        limits = limits_words(asked)
    value: Words = value_words(entered) if entered is not None else ""
    return Row(key=f"{asked.field}|{asked.sample_no}", cells=(Cell(words=asked_words(asked), bold=True), limits, value, _standing(entered)))


def limits_words(asked: Asked) -> str:
    """Both limits with their unit, ``132.0 – 142.0 °C``, or the one there is."""
    limits = asked.limits
    assert limits is not None
    if limits.lower is None:
        return f"≤ {limits.upper} {limits.unit}"
    if limits.upper is None:
        return f"≥ {limits.lower} {limits.unit}"
    return f"{limits.lower} – {limits.upper} {limits.unit}"


def _standing(entered: Entered | None) -> Cell:
    if entered is None:
        return Cell(state=State.TO_DO, words="")
    if entered.verdict != "conforms":
        state = State.PASS if entered.is_decided else State.FAIL
        return Cell(
            state=state, words=Phrase("{verdict}, {deviation}", verdict=VERDICTS[entered.verdict], deviation=entered.deviation or "")
        )
    if entered.near_limit:
        return Cell(state=State.ATTENTION, words=Phrase("near its limit"))
    return Cell(state=State.PASS, words=entered.by_name)


class TakenPanel(Panel):
    """Material that went in, newest first."""

    def __init__(self) -> None:
        super().__init__(Phrase("Components scanned"), "", padding=0)
        columns = (
            Column(title=Phrase("lot"), width=140),
            Column(title=Phrase("unit")),
            Column(title=Phrase("quantity"), width=120, number=True),
        )
        self.table = Table(columns, page=TAKEN_ROWS)
        self.nothing = padded(Label(Phrase("Nothing went in yet."), ink="ink2"))
        self.body.addWidget(self.table)
        self.body.addWidget(self.nothing)

    def show_step(self, step: OpenStep | None) -> None:
        """Hidden where the step takes nothing."""
        takes = step is not None and step.demand is not None
        self.setVisible(takes)
        if step is None or step.demand is None:
            return
        rows = [
            Row(
                key=str(one.id),
                cells=(
                    Cell(words=one.lot, bold=True),
                    Phrase("taken back") if one.is_back else (one.unit_serial or one.container),
                    str(one.quantity.value),
                ),
            )
            for one in step.taken
        ]
        self.table.show_rows(rows, chosen=rows[0].key if rows else None)
        self.table.setVisible(bool(rows))
        self.nothing.setVisible(not rows)
        self.tell(Phrase("Components scanned"), Phrase("{taken} of {demand}", taken=step.row.consumed, demand=step.demand))


def column_of(*widgets: QWidget) -> QVBoxLayout:
    """Panels under each other, the last one pushed up."""
    column = QVBoxLayout()
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(theme.px(16))
    for widget in widgets:
        column.addWidget(widget)
    column.addStretch(1)
    return column
