"""A step that is only read and done: its instruction stands above, large enough to be read from the bench."""

from __future__ import annotations

from app.base.phrases import Phrase
from ui.batches.step_panels.panel import StepPanel
from ui.kit import Words


class ReadingPanel(StepPanel):
    """Nothing is entered."""

    has_room_above = only_read = True

    def sentence(self) -> Words:
        return Phrase("Do as the instruction says, then finish the step.")
