"""What a person adds to a deviation: one line, its class, the proposed disposition. Nothing is chosen before a person chose it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QVBoxLayout, QWidget

from app.base.phrases import Name, Phrase
from app.deviations.rules import CLASSES, DISPOSITIONS, meanings_demanded
from ui.deviations.words import CLASS_WORDS, disposition_words
from ui.kit import Choices, Field, Label, Piece, Words, theme

LONGEST = 500
"""Characters the database takes."""
_SIDE_BY_SIDE, _TWO_LINES = 1120, 760


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """What stands in the form; ``None``: not chosen yet."""

    what_happened: str = ""
    class_: str | None = None
    disposition: str | None = None

    @property
    def missing(self) -> Phrase | None:
        """What must still be entered before it can be stored."""
        if not self.what_happened.strip():
            return Phrase("Write one line: what happened")
        if self.class_ is None:
            return Phrase("Choose the class")
        return None if self.disposition is not None else Phrase("Choose the disposition")

    @property
    def meanings(self) -> tuple[str, ...]:
        """Who will have to sign; nobody yet while something is missing."""
        if self.class_ is None or self.disposition is None:
            return ()
        return tuple(map(str, meanings_demanded(self.class_, self.disposition)))


class _Named(QWidget):
    """A choice under its name."""

    def __init__(self, name: Words, choices: Choices) -> None:
        super().__init__()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(theme.px(8))
        rows.addWidget(Label(name, ink="ink2"))
        rows.addWidget(choices)


class DeviationForm(Piece, QWidget):
    """One row on a wide screen, two or three where a sheet or a small window narrows it."""

    entered = Signal()
    """Something was typed or chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.what_happened = Field(Phrase("What happened (one line)"))
        self.what_happened.edit.setMaxLength(LONGEST)
        self.class_ = Choices([CLASS_WORDS[one] for one in CLASSES], None)
        self._subject = "lot"
        self.disposition = Choices([disposition_words(one, "lot") for one in DISPOSITIONS], None)
        self.what_happened.edited.connect(lambda _: self.entered.emit())
        self.class_.chosen.connect(lambda _: self.entered.emit())
        self.disposition.chosen.connect(lambda _: self.entered.emit())
        self._parts: tuple[QWidget, ...] = (
            self.what_happened,
            _Named(Phrase("Class decides who signs"), self.class_),
            _Named(Phrase("Proposed disposition"), self.disposition),
        )
        self._grid = QGridLayout(self)
        self.restyle()

    @property
    def now(self) -> Entered:
        """What stands in it."""
        class_, disposition = self.class_.index, self.disposition.index
        return Entered(
            what_happened=self.what_happened.text,
            class_=None if class_ is None else CLASSES[class_],
            disposition=None if disposition is None else DISPOSITIONS[disposition],
        )

    def offer_for(self, subject_kind: str) -> None:
        """The dispositions that such a record may have: nothing of a batch goes back to a supplier."""
        if subject_kind != self._subject:
            self._subject = subject_kind
            offered = [words for one in DISPOSITIONS if (words := disposition_words(one, subject_kind))]
            self.disposition.offer(offered, None)  # the order is the one of `DISPOSITIONS`: only the last may be missing

    def fill(self, entered: Entered) -> None:
        """Put a draft or a stored description in; `entered` is not emitted."""
        self.what_happened.set_text(entered.what_happened)
        self.class_.choose(None if entered.class_ is None else CLASSES.index(entered.class_))
        self.disposition.choose(None if entered.disposition is None else DISPOSITIONS.index(entered.disposition))

    def mark_author(self, name: Name | str | None) -> None:
        """Who entered the draft that stands here, when it was somebody else."""
        self.what_happened.mark_draft(name)

    @property
    def has_hand(self) -> bool:
        """Whether the keyboard writes here now."""
        focus = QApplication.focusWidget()
        return focus is not None and self.isAncestorOf(focus)

    def restyle(self) -> None:
        self._grid.setContentsMargins(theme.px(16), theme.px(12), theme.px(16), theme.px(16))
        self._grid.setHorizontalSpacing(theme.px(16))
        self._grid.setVerticalSpacing(theme.px(12))
        self._lines = 0
        self._lay()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay()

    def _lay(self) -> None:
        """Line, class and disposition in one, two or three rows."""
        wide = self.width() / theme.factor
        lines = 1 if wide >= _SIDE_BY_SIDE else 2 if wide >= _TWO_LINES else 3
        if lines == self._lines:
            return
        self._lines = lines
        for part in self._parts:
            self._grid.removeWidget(part)
        places = {1: ((0, 0, 1), (0, 1, 1), (0, 2, 1)), 2: ((0, 0, 2), (1, 0, 1), (1, 1, 1)), 3: ((0, 0, 1), (1, 0, 1), (2, 0, 1))}
        for part, (row, column, span) in zip(self._parts, places[lines], strict=True):
            self._grid.addWidget(part, row, column, 1, span)
        self._grid.setColumnStretch(0, 1)
