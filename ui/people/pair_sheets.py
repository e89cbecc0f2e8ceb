"""Pairs of rights that may not meet in one person: all that stand, a new one, and how long a password lasts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from app.base.ids import new_id
from app.base.phrases import Phrase
from app.core.jobs import EndPair, PartRights, SetSecretDays
from app.core.people import why_words
from app.core.people_view import Pair
from ui.kit import Column, Field, Label, Panel, PrimaryButton, ReasonSheet, Row, Sheet, State, StateRow, StateRows, Table, theme
from ui.kit.tokens import GAP
from ui.people.right_words import RIGHTS, right_words

if TYPE_CHECKING:
    from ui.people.jobs_screen import JobsScreen

_PAGE = 6


class PairsSheet(Sheet):
    """A digit ends a pair, with a reason; it stays on record that it stood."""

    def __init__(self, screen: JobsScreen, pairs: Sequence[Pair]) -> None:
        super().__init__(Phrase("Pairs kept apart"), icon="list", primary=None, leave=Phrase("Back"))
        self._screen, self._pairs = screen, tuple(pairs)
        self.rows = StateRows(numbered=True)
        self.rows.opened.connect(self._end)
        line = Phrase("No person may hold both rights of a pair, through whichever jobs. A figure ends a pair.")
        self.body.addWidget(Label(line, ink="ink2", wrap=True))
        panel = Panel(Phrase("Pairs"), "", padding=0)
        panel.body.addWidget(self.rows)
        self.body.addWidget(panel, 1)
        self.show_pairs(pairs)

    def show_pairs(self, pairs: Sequence[Pair]) -> None:
        """Those that stand now."""
        self._pairs = tuple(pairs)
        self.rows.show_rows(
            [
                StateRow(
                    state=State.PASS,
                    title=right_words(one.first),
                    line=Phrase("not together with: {right}", right=right_words(one.second)),
                )
                for one in pairs
            ]
        )

    def press(self, key: int) -> bool:
        """A digit ends a pair, PgUp and PgDn turn."""
        return self.rows.press(key) or super().press(key)

    def _end(self, n: int) -> None:
        if n >= len(self._pairs):
            return
        pair = self._pairs[n]
        told = {"why": why_words(pair.why), "first": right_words(pair.first), "second": right_words(pair.second)}
        line = Phrase("They were kept apart because: {why}. From now on one person may {first} and {second}.", **told)
        self._screen.open_sheet(ReasonSheet(Phrase("End the pair"), line, Phrase("End it"), partial(self._ended, pair), icon="minus"))

    def _ended(self, pair: Pair, reason: str) -> None:
        self._screen.give(EndPair(command_id=new_id(), id=pair.id), reason=reason)


class PairSheet(Sheet):
    """The chosen right is kept apart from another one."""

    def __init__(self, screen: JobsScreen, right: str) -> None:
        self.act = PrimaryButton(Phrase("Keep them apart"), icon="minus")
        super().__init__(Phrase("Keep apart"), icon="minus", primary=self.act)
        self._screen, self._right = screen, right
        self.table = Table([Column(title=Phrase("May not meet: {right}", right=right_words(right)))], page=_PAGE)
        self.table.show_rows([Row(key=str(one), cells=(words,)) for one, words in RIGHTS.items() if one != right])
        self.why = Field(Phrase("Why, in one line"))
        self.body.addWidget(self.table)
        self.body.addSpacing(theme.px(GAP))
        self.body.addWidget(self.why)
        self.body.addStretch(1)
        self.table.chosen.connect(lambda _: self.settle())
        self.why.edited.connect(lambda _: self.settle())
        self.act.clicked.connect(self._give)
        self.settle()

    def press(self, key: int) -> bool:
        """Arrows choose the other right."""
        return self.table.press(key) or super().press(key)

    def settle(self) -> None:
        if self.table.chosen_key is None:
            self.act.not_yet(Phrase("choose a right"))
        elif not self.why.text.strip():
            self.act.not_yet(Phrase("write the reason"))
        else:
            self.act.ready()

    def _give(self) -> None:
        other = self.table.chosen_key
        if other is not None and not self.act.is_busy:
            self.act.begin_busy(Phrase("Storing"))
            self._screen.give(PartRights(command_id=new_id(), id=new_id(), first=self._right, second=other, why=self.why.text.strip()))


class DaysSheet(Sheet):
    """How many days an own password lasts, and why it is changed."""

    def __init__(self, screen: JobsScreen, days: int) -> None:
        self.act = PrimaryButton(Phrase("Store"), icon="clock")
        super().__init__(Phrase("Age of passwords"), icon="clock", primary=self.act)
        self._screen = screen
        self.days = Field(Phrase("Days a password lasts, 30 to 730"), text=str(days))
        self.why = Field(Phrase("Why, in one line"))
        self.body.addWidget(self.days)
        self.body.addSpacing(theme.px(GAP))
        self.body.addWidget(self.why)
        line = Phrase("An older one still lets in; nothing is done or signed with it until a new one is set.")
        self.body.addWidget(Label(line, ink="ink2", wrap=True))
        self.body.addStretch(1)
        self.days.edited.connect(lambda _: self.settle())
        self.why.edited.connect(lambda _: self.settle())
        self.act.clicked.connect(self._give)
        self.settle()

    def settle(self) -> None:
        if not self.days.text.strip().isdecimal() or len(self.days.text.strip()) > 3:
            self.act.not_yet(Phrase("write the days"))
        elif not self.why.text.strip():
            self.act.not_yet(Phrase("write the reason"))
        else:
            self.act.ready()

    def _give(self) -> None:
        if not self.act.is_busy:
            self.act.begin_busy(Phrase("Storing"))
            self._screen.give(SetSecretDays(command_id=new_id(), days=int(self.days.text.strip())), reason=self.why.text.strip())
