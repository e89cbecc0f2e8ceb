"""Where a value is written: a figure with its limits, or a time of the day. One stands at a time; the primary takes what it holds."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from decimal import Decimal

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.base import clock
from app.base.phrases import Phrase
from app.batches.step_view import Asked
from ui.batches.words import asked_words
from ui.kit import Field, NumberEntry, Words

_DAY = timedelta(days=1)


class EntryBox(QWidget):
    """Number or time; hidden while nothing is written."""

    def __init__(self) -> None:
        super().__init__()
        self.number = NumberEntry("", unit="", places=None, limits=None, soft=None)
        self.time = Field(Phrase("Time, e.g. 07:40"))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.number)
        rows.addWidget(self.time)
        self._place: tuple[str, int] | None = None
        self.close_all()

    def close_all(self) -> None:
        """Nothing is written here now."""
        self._place = None
        self.number.hide()
        self.time.hide()
        self.hide()

    def ask_number(self, asked: Asked) -> None:
        """A figure or a count; what stands there already stays while it is the same one."""
        if self._place != asked.place:
            unit = asked.unit
            places = asked.decimals if asked.form == "figure" else 0
            self.number.ask(asked_words(asked), unit=unit, places=places, limits=asked.limits, soft=asked.soft)
        self._open(self.number, asked.place)

    def ask_quantity(self, words: Words, unit: str, proposed: Decimal) -> None:
        """How much; the remaining demand is written in and can be overwritten."""
        place = (f"quantity {words}", 0)
        if self._place != place:
            self.number.ask(words, unit=unit, places=None, limits=None, soft=None)
            self.number.set_text(f"{proposed.normalize():f}")
            self.number.edit.selectAll()
        self._open(self.number, place)

    def ask_time(self, asked: Asked) -> None:
        """A time of today or of yesterday, whichever is past."""
        if self._place != asked.place:
            self.time.set_text("")
        self._open(self.time, asked.place)

    def _open(self, widget: QWidget, place: tuple[str, int]) -> None:
        first = self._place != place
        self._place = place
        self.number.setVisible(widget is self.number)
        self.time.setVisible(widget is self.time)
        self.show()
        if first:
            widget.setFocus()

    def moment(self, zone: tzinfo) -> datetime | None:
        """The written time as the latest one that is past; refused below the field when it is none."""
        try:
            hour, minute = (int(part) for part in self.time.text.strip().split(":"))
            now = clock.now().astimezone(zone)
            moment = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
        except ValueError:
            self.time.refuse(Phrase("Write hours and minutes, like 07:40."))
            return None
        self.time.accept()
        return moment if moment <= now else moment - _DAY
