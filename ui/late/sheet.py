"""The sheets of a person's drafts: all of them with value, place and both times; and one alone, to be confirmed or dropped."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from uuid import UUID

from app.base.errors import AppError
from app.base.phrases import Phrase
from app.core.late.queries import LateRow
from ui.kit import Button, Label, PrimaryButton, Sheet, State, StateRow, StateRows, Type, Words
from ui.late.words import place_words, short_place_words, short_times_words, times_words


class LateSheet(Sheet):
    """Enter confirms all; a digit opens one."""

    def __init__(self, zone: tzinfo, *, confirm: Callable[[], None], choose: Callable[[int], None]) -> None:
        self.confirm = PrimaryButton(Phrase("Confirm all"))
        super().__init__(Phrase("Your drafts"), icon="database", primary=self.confirm)
        self._zone = zone
        self.told = Label(
            Phrase("You made these while the database was away. They count nowhere until you confirm them; a digit opens one to drop it."),
            wrap=True,
        )
        self.list = StateRows(numbered=True)
        self.list.opened.connect(choose)
        self.body.addWidget(self.told)
        self.body.addWidget(self.list, 1)
        self.confirm.clicked.connect(confirm)

    def show_rows(self, rows: Sequence[LateRow], refused: Mapping[UUID, AppError]) -> None:
        """What waits now; those that were refused say why."""
        self.list.show_rows([_row(one, refused.get(one.id), self._zone) for one in rows], stay=True)
        self.confirm.tell(Phrase("Confirm all {n}", n=len(rows)) if len(rows) > 1 else Phrase("Confirm"))
        if all(one.id in refused for one in rows):
            self.confirm.not_yet(Phrase("press a digit"))
        else:
            self.confirm.ready()

    def press(self, key: int) -> bool:
        """A digit opens its row."""
        return self.list.press(key) or super().press(key)


class OneLateSheet(Sheet):
    """Value, place and times of one; confirmed by Enter, dropped with a reason."""

    def __init__(
        self, row: LateRow, refused: AppError | None, zone: tzinfo, *, confirm: Callable[[], None], drop: Callable[[], None]
    ) -> None:
        self.confirm = PrimaryButton(Phrase("Confirm"))
        super().__init__(Phrase("Your draft"), icon="database", primary=self.confirm, leave=Phrase("Back"))
        self.row, self.refused = row, refused
        self.body.addWidget(Label(row.figure, Type.VALUE))
        for words in (place_words(row), *times_words(row, zone), *_why(refused)):
            self.body.addWidget(Label(words, wrap=True))
        self.drop = Button(Phrase("Drop it"), icon="waste")
        self.body.addWidget(self.drop)
        self.body.addStretch(1)
        self.confirm.clicked.connect(confirm)
        self.drop.clicked.connect(drop)


def _why(refused: AppError | None) -> tuple[Words, ...]:
    return () if refused is None else (refused.what, refused.next)


def _row(one: LateRow, refused: AppError | None, zone: tzinfo) -> StateRow:
    title = Phrase("{value} • {place}", value=one.figure, place=short_place_words(one))
    if refused is not None:
        return StateRow(state=State.FAIL, title=title, line=refused.what)
    return StateRow(state=State.WAITING, title=title, line=short_times_words(one, zone))
