"""What the step says is to be done: numbered lines and the picture, beside each other; F2 makes them fill the body."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.base.phrases import Name, Phrase
from app.batches.step_facts import OpenStep
from ui.kit import Label, Panel, Picture, Type, Words, theme

_PICTURE = 370
_SHARE = 0.45


class InstructionPanel(Panel):
    """Title, who may do it, the lines. Nothing of it is ever shortened: the panel is as high as its lines need."""

    def __init__(self) -> None:
        super().__init__("", "")
        self.picture = Picture()
        self._lines: list[tuple[Label, Label]] = []
        self._said: tuple[Name, ...] = ()
        self._large = False
        row = QHBoxLayout()
        row.setSpacing(theme.px(24))
        row.addWidget(self.picture)
        self._column = QVBoxLayout()
        self._column.setSpacing(theme.px(8))
        row.addLayout(self._column, 1)
        self.body.addLayout(row)
        self.body.addStretch(1)

    def show_step(self, step: OpenStep, *, large: bool) -> None:
        """The lines of another step, or the same ones in another size."""
        needs = step.spec.get("needs")
        self.tell(step.name, Phrase("needs: {qualification}", qualification=needs) if needs else "")
        said = tuple(Name(one["en"], one["zh"]) for one in step.spec.get("text") or ())
        if said != self._said or large != self._large:
            self._said, self._large = said, large
            self._write()
        self._fit()

    def show_picture(self, image: QImage | None) -> None:
        """Another one, or none."""
        self.picture.show_image(image, Phrase("Picture of the instruction"))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """The words keep more than half of the room."""
        wide = theme.px(_PICTURE * 2 if self._large else _PICTURE)
        self.picture.set_wide(min(wide, int(self.width() * _SHARE)), whole=self._large)

    def _write(self) -> None:
        while self._column.count():
            item = self._column.takeAt(0)
            line = item.widget() if item is not None else None
            if line is not None:
                line.hide()
                line.deleteLater()
        kind = Type.TITLE if self._large else Type.VALUE
        for n, words in enumerate(self._said, 1):
            self._column.addWidget(_numbered(n, words, kind))
        self._column.addStretch(1)

    @property
    def has_words(self) -> bool:
        """Whether there is anything to read or to see."""
        return bool(self._said) or self.picture.stands


def _numbered(n: int, words: Words, kind: Type) -> QWidget:
    room = QWidget()
    row = QHBoxLayout(room)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.px(12))
    number = Label(str(n), kind, bold=True, ink="ink2")
    number.setFixedWidth(ceil(theme.px(36)))
    row.addWidget(number, 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(Label(words, kind, bold=False, wrap=True), 1)
    return room
