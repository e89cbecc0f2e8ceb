"""Where things stand on the step screen: the rail left, the work in the middle, what proves it right."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.base.phrases import Phrase
from ui.batches.step_instruction import InstructionPanel
from ui.batches.step_side import WIDTH, StepSide
from ui.deviations.deviation_panel import DeviationPanel
from ui.kit import Panel, StepRail, is_compact, theme
from ui.kit.step_rail import WIDTH as RAIL

THREE, TWO = 1500, 900
"""Narrower than the first the right column gives way, narrower than the second (a sheet on a small window) the rail too."""


class StepBody(QWidget):
    """Knows what is shown where; what it says is the screen's."""

    resized = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.rail = StepRail()
        self.rail_panel = Panel("", "", padding=0)
        self.rail_panel.body.addWidget(self.rail)
        self.instruction, self.deviation, self.side = InstructionPanel(), DeviationPanel(), StepSide()
        self.work: QWidget | None = None
        self.large = False
        """The instruction fills the middle."""
        self.shows_side = False
        """On a small window the right column stands where the rail does."""
        self._instructs = self._deviates = False
        self._centre = QVBoxLayout()
        self._centre.addWidget(self.deviation)
        self._centre.addWidget(self.instruction)
        self._row = QHBoxLayout(self)
        for layout in (self._centre, self._row):
            layout.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self.rail_panel)
        self._row.addLayout(self._centre, 1)
        self._row.addWidget(self.side)
        self.fit()

    @property
    def compact(self) -> bool:
        """Whether the window follows the 1280 × 800 rules."""
        return is_compact(self.window().width())

    @property
    def only_reads(self) -> bool:
        """Whether the step has an instruction and nothing else."""
        return self.work is not None and self.work.only_read

    def put_work(self, work: QWidget | None) -> None:
        """The panel of another kind of step; the one before is kept by the screen."""
        if work is self.work:
            return
        if self.work is not None:
            self._centre.removeWidget(self.work)
            self.work.hide()
        self.work = work
        if work is not None:
            self._centre.addWidget(work, 1)

    def arrange(self, *, instructs: bool, deviates: bool) -> None:
        """Whether there is something to read, and whether a deviation stands here: it takes the instruction's place."""
        self._instructs, self._deviates = instructs, deviates
        self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()
        self.resized.emit()

    def fit(self) -> None:
        """Give every part its room."""
        gap = theme.px(12 if self.compact else 16)
        for layout in (self._centre, self._row):
            layout.setSpacing(gap)
        self.rail_panel.setFixedWidth(theme.px(RAIL))
        self.side.setFixedWidth(theme.px(WIDTH))
        wide = self.width()
        all_three, two = wide >= theme.px(THREE), wide >= theme.px(TWO)
        swapped = two and not all_three and self.shows_side
        self.side.setVisible(all_three or swapped)
        self.rail_panel.setVisible(two and not swapped)
        large = self.large and self._instructs
        self.deviation.setVisible(self._deviates and not large)
        keeps_work = self.work is not None and self.work.stays_beside_deviation
        reads = self._instructs and (large or not self.compact or (self.work is not None and self.work.has_room_above))
        self.instruction.setVisible(reads and not (self._deviates and not large))
        if self.work is not None:
            self.work.set_compact(self.compact)
            self.work.setVisible(not large and not self.only_reads and not (self.compact and self._deviates and not keeps_work))

    def tell_batch(self, code: str, done: int, steps: int) -> None:
        """Heading of the rail."""
        self.rail_panel.tell(Phrase("Batch {code}", code=code), Phrase("{done} of {all}", done=done, all=steps))
