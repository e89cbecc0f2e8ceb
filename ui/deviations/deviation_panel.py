"""A deviation where it happened: heading, facts from the record, what a person adds. One widget for every screen that shows one."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.base.phrases import Phrase
from app.deviations.queries import DeviationRow
from ui.deviations.deviation_form import DeviationForm, Entered
from ui.deviations.facts_strip import FactsStrip
from ui.deviations.photo_strip import PhotoStrip
from ui.deviations.words import CLASS_WORDS, FactWords, disposition_words, facts_of, heading
from ui.kit import Label, Panel, Piece, Shape, State, Type, Words, box, hairline, is_compact, painter_on, theme

HEAD = 48
_WIDE, _MOST_PHOTOS = 900, 3


class _Head(Piece, QWidget):
    """The heading on the wash of trouble while the deviation is open, quiet once it is decided."""

    def __init__(self) -> None:
        super().__init__()
        self.ground = "stopwash"
        self.shape = Shape(State.FAIL, 30)
        self.title = Label("", Type.VALUE, bold=True, elide=True)
        self.right = Label("", ink="ink2", elide=True)
        self._line = QHBoxLayout(self)
        self._line.addWidget(self.shape)
        self._line.addWidget(self.title, 1)
        self._line.addWidget(self.right)
        self.restyle()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """When it was opened gives way before the heading is shortened."""
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Show both where both have room."""
        wide = self.title.sizeHint().width() + self.right.sizeHint().width() + theme.px(30 + 4 * 16)
        self.right.setVisible(wide <= self.width())

    def restyle(self) -> None:
        self.setFixedHeight(theme.px(HEAD))
        self._line.setContentsMargins(theme.px(16), 0, theme.px(16), 0)
        self._line.setSpacing(theme.px(12))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        box(painter, QRectF(self.rect()), fill=theme.token(self.ground or "surface"), radius=3)
        hairline(painter, QPointF(0, self.height() - 1), QPointF(self.width(), self.height() - 1))


class DeviationPanel(Panel):
    """Write in it while it is not described; read it afterwards. `form` is what a person enters."""

    entered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(padding=0, parent=parent)
        self._deviation: DeviationRow | None = None
        self._editing = True
        self.head, self.facts, self.form = _Head(), FactsStrip(), DeviationForm()
        self.told, self.chosen = Label("", Type.VALUE, wrap=True), FactsStrip()
        self.photos = PhotoStrip()
        self.form.entered.connect(self.entered)
        self.body.setSpacing(0)
        words = QHBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.form, 1)
        words.addWidget(self._reading(), 1)
        words.addWidget(self.photos, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addWidget(self.head)
        self.body.addWidget(self.facts)
        self.body.addLayout(words)
        self.body.addWidget(self.chosen)
        self.body.addStretch(1)

    def _reading(self) -> QWidget:
        self._told_room = QWidget()
        rows = QVBoxLayout(self._told_room)
        rows.setContentsMargins(theme.px(16), theme.px(8), theme.px(16), theme.px(8))
        rows.setSpacing(0)
        rows.addWidget(Label(Phrase("What happened"), ink="ink2"))
        rows.addWidget(self.told)
        return self._told_room

    @property
    def row(self) -> DeviationRow | None:
        """The deviation that stands here."""
        return self._deviation

    @property
    def is_editing(self) -> bool:
        """Whether the form stands open."""
        return self._deviation is not None and self._editing

    def clear(self) -> None:
        """No deviation stands here."""
        self._deviation = None

    def show_deviation(self, row: DeviationRow, *, opened: Words, described_by: Words, editing: bool) -> None:
        """Show one deviation; what is being entered stays as long as the same words of the same one are on record.

        Args:
            row: As it is on record.
            opened: When, and that the record itself opened it.
            described_by: Who described it, for reading.
            editing: Whether a person may write now.
        """
        self.form.offer_for(row.subject_kind)
        same = self._deviation is not None and _words_of(self._deviation) == _words_of(row) and self._editing == editing
        self._deviation, self._editing = row, editing
        is_open = row.status == "open"
        self.head.ground = "stopwash" if is_open else "surface"
        self.head.shape.set_state(State.FAIL if is_open else State.PASS)
        self.head.title.tell(heading(row))
        self.head.right.tell(opened)
        self.head.fit()
        self.head.update()
        self.facts.show_facts(facts_of(row))
        if not same and row.disposition is not None:
            self.form.fill(Entered(what_happened=row.what_happened, class_=row.class_, disposition=row.disposition))
        elif not same:
            self.form.fill(Entered(what_happened=row.what_happened))
        self._show_told(row, described_by)
        self._fit_photos()
        self.frame()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_photos()

    def _fit_photos(self) -> None:
        """Beside the words, which keep most of the room; on small glass all of it while they are written."""
        few = 0 if self._editing and is_compact(self.window().width()) else 1
        self.photos.show_most(_MOST_PHOTOS if self.width() >= theme.px(_WIDE) else few)

    def _show_told(self, row: DeviationRow, described_by: Words) -> None:
        self.form.setVisible(self._editing)
        self._told_room.setVisible(not self._editing)
        self.chosen.setVisible(not self._editing)
        self.told.tell(row.what_happened or Phrase("not yet described"))
        facts = [FactWords(name=Phrase("described by"), value=described_by)] if row.described_by else []
        if row.disposition is not None:
            class_ = FactWords(name=Phrase("class"), value=CLASS_WORDS[row.class_])
            facts = [
                class_,
                FactWords(name=Phrase("proposed disposition"), value=disposition_words(row.disposition, row.subject_kind)),
                *facts,
            ]
        self.chosen.show_facts(facts)

    def frame(self, border: str = "line", width: int = 1, ground: str = "surface") -> None:
        """A signing sheet frames it in blue; without that an open deviation is framed as trouble."""
        is_open = self._deviation is not None and self._deviation.status == "open"
        super().frame("stopfill", 2, ground) if border == "line" and is_open else super().frame(border, width, ground)

    def restyle(self) -> None:
        super().restyle()
        edge = theme.px(3)
        self._outer.setContentsMargins(edge, edge, edge, edge)
        self.body.setSpacing(0)


def _words_of(row: DeviationRow) -> tuple[object, ...]:
    """What a description replaces; a picture that was added leaves it as it is."""
    return row.id, row.what_happened, row.class_, row.disposition
