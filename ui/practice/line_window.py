"""The hands at the simulated devices of practice: a small window over the screen, so that what it does is seen behind it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.base.errors import RuleViolation
from app.base.phrases import Phrase
from app.cli.demo_line import DemoLine
from app.cli.gestures import obey
from ui.kit import Button, Field, Label, Panel, Words, theme
from ui.kit.tokens import GAP

LINE_KEY = Qt.Key.Key_F8
WIDTH, MARGIN, OVER_THE_BAR = 560, 24, 188
"""The strip and the action bar, where the next act stands, are left free."""
COLUMNS = 2
FIXED: tuple[tuple[Phrase, str], ...] = (
    (Phrase("Scan the order"), "scan po"),
    (Phrase("Scan a pack"), "scan pack"),
    (Phrase("Scan a place"), "scan loc"),
    (Phrase("Empty the scale"), "put 0"),
    (Phrase("Paper runs out"), "paper out"),
    (Phrase("Load paper"), "paper in"),
    (Phrase("Sealer 8 °C too hot"), "sealer heater 8 30"),
    (Phrase("Sealer seals on"), "sealer works"),
)
"""What needs no value, and how `simulate` says it."""
WITH_VALUE: tuple[tuple[Phrase, str], ...] = (
    (Phrase("Scan this code"), "scan code"),
    (Phrase("Scan this badge"), "scan badge"),
    (Phrase("Press the caliper"), "press caliper"),
    (Phrase("Press the micrometer"), "press micrometer"),
    (Phrase("Put grams on the scale"), "put"),
)
"""What is done with the value in the field."""


class LineWindow(QWidget):
    """Does at the devices what `simulate` does from the keyboard; says what that was, or why it was nothing."""

    def __init__(self, line: DemoLine, window: QWidget) -> None:
        super().__init__(window, Qt.WindowType.Tool)
        self._line = line
        self.setWindowTitle(Phrase("Devices of practice").text)
        panel = Panel(Phrase("Devices of practice"), "F8")
        panel.frame("attfill", 4)
        self.value = Field(Phrase("Code, badge, mm or g"))
        self.said = Label(Phrase("What a hand would do at a device is done here."), ink="ink2", wrap=True)
        panel.body.addLayout(self._buttons(FIXED, with_value=False))
        panel.body.addSpacing(theme.px(GAP))
        panel.body.addWidget(self.value)
        panel.body.addSpacing(theme.px(GAP))
        panel.body.addLayout(self._buttons(WITH_VALUE, with_value=True))
        panel.body.addWidget(self.said)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(panel)
        self.setFixedWidth(theme.px(WIDTH))

    def _buttons(self, acts: tuple[tuple[Phrase, str], ...], *, with_value: bool) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(theme.px(GAP))
        for place, (words, typed) in enumerate(acts):
            button = Button(words)
            button.clicked.connect(partial(self.do, typed, with_value=with_value))
            grid.addWidget(button, place // COLUMNS, place % COLUMNS)
        return grid

    def do(self, typed: str, *, with_value: bool) -> None:
        """One gesture; a gauge pressed without a value shows what it showed before."""
        text = f"{typed} {self.value.text.strip()}".strip() if with_value else typed
        try:
            self._say(obey(self._line, text))
        except RuleViolation as trouble:
            self._say(trouble.what)

    def _say(self, words: Words) -> None:
        self.said.tell(words)

    def show_or_hide(self) -> None:
        """F8: it comes over the lower right corner of the screen, or goes."""
        if self.isVisible():
            self.hide()
            return
        self.adjustSize()
        over = self.parentWidget()
        if over is not None:
            corner = over.mapToGlobal(over.rect().bottomRight())
            self.move(corner.x() - self.width() - theme.px(MARGIN), max(0, corner.y() - self.height() - theme.px(OVER_THE_BAR)))
        self.show()
