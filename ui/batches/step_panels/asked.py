"""Steps that ask for values one after the other: the list of all of them, and below it the one in hand."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.base.phrases import Phrase
from app.batches.step_facts import OWN_FORMS, AskedField, ConsumptionRow, EntryRow, Place
from ui.batches.step_panels.panel import StepPanel, key_of
from ui.batches.step_rows import AskedLine, AskedRows
from ui.batches.step_words import entry_state, field_words, recorded
from ui.kit import Panel, Recorded, State, Words, theme

_ROW_KEYS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class AskedPanel(StepPanel):
    """A press on an empty row takes it in hand; on a full one it is corrected, with a reason."""

    def build(self) -> None:
        """The list, and room for the hand below it."""
        self.chosen: Place | None = None
        self.list = AskedRows()
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.opened.connect(self.choose_row)
        self.list_panel = Panel("", "", padding=0)
        self.list_panel.body.addWidget(self.list)
        self.hand_panel = Panel(padding=16)
        self.hand: QVBoxLayout = self.hand_panel.body
        self.rows.addWidget(self.list_panel, 2)
        self.rows.addWidget(self.hand_panel)
        self.build_hand()

    def build_hand(self) -> None:
        """What the value in hand is entered with."""

    def show_hand(self) -> None:
        """Another value is in hand, or another look was taken."""

    def begin(self) -> None:
        self.chosen = None

    # what is in hand --------------------------------------------------------------------------------------------------------------

    @property
    def asked(self) -> tuple[AskedField, ...]:
        """The fields this panel lists and enters."""
        return self.step.asked_of_people

    @property
    def in_hand(self) -> AskedField | None:
        """The empty field that is entered now: the one somebody chose, else the first."""
        if not self.runs:
            return None
        current = self.step.current
        closed = current.keys() | self.coming | self.drafts.keys()
        empty = [one for one in self.asked if one.place not in closed]
        free = [one for one in empty if one.place not in self.step.waiting] or empty  # what was typed waits till the rest is there
        return next((one for one in empty if one.place == self.chosen), None) or (free[0] if free else None)

    @property
    def is_storing(self) -> bool:
        return bool(self.coming) and self.in_hand is None

    def choose_row(self, key: str) -> None:
        asked = next((one for one in self.step.fields if key_of(one.place) == key), None)
        if asked is None:
            return
        if asked.place in self.step.current:
            if asked.form not in OWN_FORMS:
                self.screen.correct(asked)
        elif (waits := self.drafts.get(asked.place)) is not None:
            if waits.row is not None:
                self.screen.shell.late.settle(self.screen, waits.row, waits.author)
        elif self.runs:
            self.chosen = asked.place
            self.show_step()
            self.take_hand()
            self.touched.emit()

    def entry_in_hand(self) -> EntryRow | ConsumptionRow | None:
        """The row of the keyboard, else the newest entry."""
        current = {key_of(place): one for place, one in self.step.current.items()}
        return current.get(self.list.key_at or "") or super().entry_in_hand()

    # drawing ----------------------------------------------------------------------------------------------------------------------

    def show_step(self) -> None:
        current, here = self.step.current, self.in_hand
        lines = [self._line(one, current.get(one.place), here) for one in self.step.fields if self._is_listed(one, current)]
        self.list.show_lines(lines, key_of(here.place) if here is not None else None)
        full = sum(1 for one in self.asked if one.place in current)
        self.list_panel.tell(self.title(), Phrase("{done} of {all}", done=full, all=len(self.asked)))
        if here is None:
            self.release(self.hand_panel)
        self.hand_panel.setVisible(here is not None)
        self.list_panel.setVisible(bool(lines))
        if here is not None:
            self.show_hand()

    def title(self) -> Words:
        """Name of the list."""
        return Phrase("Entries")

    def _is_listed(self, asked: AskedField, current: dict[Place, EntryRow]) -> bool:
        told = asked.figure is not None and asked.form == "computed"
        return asked.form not in OWN_FORMS or asked.form == "formula" or asked.place in current or told

    def _line(self, asked: AskedField, entry: EntryRow | None, here: AskedField | None) -> AskedLine:
        shown: Recorded | None = None
        if entry is not None:
            shown = recorded(self.step, entry, self.screen.shell.zone)
        elif (typed := self.step.waiting.get(asked.place)) is not None:
            shown = Recorded(now=Phrase("{quantity}", quantity=typed.quantity), typed=True)
        elif asked.figure is not None:
            shown = Recorded(now=Phrase("{n} now", n=asked.figure))
        state, draft = entry_state(entry), self.drafts.get(asked.place)
        name: Words = field_words(asked)
        if draft is not None:
            shown, name = Recorded(now=draft.value), Phrase("{name} • draft of {who}", name=name, who=draft.author)
        if entry is None:
            state = State.HERE if here is not None and asked.place == here.place else State.TO_DO
            waits = asked.place in self.coming or draft is not None or asked.form in OWN_FORMS or asked.place in self.step.waiting
            state = State.WAITING if waits else state
        return AskedLine(
            key=key_of(asked.place),
            state=state,
            name=name,
            recorded=shown,
            limits=asked.limits if asked.form != "minutes" else None,
            value=entry.value if entry is not None else None,
            draft=draft is not None,
        )

    def on_key(self, key: int) -> bool:
        return key in _ROW_KEYS and self.list.press(key)


def beside(*parts: QWidget) -> QWidget:
    """Parts in one row without margins."""
    room = QWidget()
    row = QHBoxLayout(room)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.px(16))
    for part in parts:
        row.addWidget(part)
    return room
