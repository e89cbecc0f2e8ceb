"""How far a gauge measures is written down, or corrected. The unit is that of its record; nothing is rounded."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from PySide6.QtWidgets import QHBoxLayout

from app.base.ids import new_id
from app.base.phrases import Phrase
from app.plant.commands import RecordRange
from app.plant.gauges import GaugeLine
from ui.devices.fact_panel import FactPanel
from ui.devices.gauge_words import range_words, steps_words
from ui.kit import Field, NumberEntry, PrimaryButton, Sheet, Words, theme
from ui.kit.reason_sheet import SHORTEST
from ui.kit.tokens import GAP
from ui.shell.evidence import Fact


class RangeSheet(Sheet):
    """`give` hears the order and the line why; the act stays closed until both values and that line make sense."""

    def __init__(self, gauge: GaugeLine, give: Callable[[RecordRange, str], None]) -> None:
        self.act = PrimaryButton("", icon="pen")
        super().__init__(Phrase("Range of {gauge}", gauge=gauge.code), icon="gauge", primary=self.act)
        self.gauge, self._give = gauge, give
        self.facts = FactPanel(gauge.name)
        self.low, self.high = (
            NumberEntry(words, unit=gauge.unit, places=None, limits=None, soft=None)
            for words in (Phrase("Smallest value"), Phrase("Largest value"))
        )
        self.reason = Field(Phrase("Why, or from which paper"))
        both = QHBoxLayout()
        both.setSpacing(theme.px(GAP))
        for entry in (self.low, self.high):
            entry.changed.connect(lambda _: self.settle())
            both.addWidget(entry, 1)
        self.reason.edited.connect(lambda _: self.settle())
        self.body.addWidget(self.facts)
        self.body.addLayout(both)
        self.body.addSpacing(theme.px(GAP - 8))
        self.body.addWidget(self.reason)
        self.body.addStretch(1)
        self.act.clicked.connect(self._given)
        self.setFocusProxy(self.low)
        self.show_gauge(gauge)

    def show_gauge(self, gauge: GaugeLine) -> None:
        """As it stands on record now; what is written stays."""
        self.gauge = gauge
        self.facts.tell(gauge.name, gauge.serial_no)
        self.facts.show_facts(
            (
                Fact(name=Phrase("steps of"), value=steps_words(gauge)),
                Fact(name=Phrase("range on record"), value=range_words(gauge)),
            )
        )
        self.settle()

    def settle(self) -> None:
        """Closed with the first thing that is missing."""
        lacks = self._lacks()
        self.act.tell(Phrase("Correct the range") if self.gauge.has_range else Phrase("Record the range"))
        self.act.ready() if lacks is None else self.act.not_yet(lacks)

    def _lacks(self) -> Words | None:
        low, high = self.low.value, self.high.value
        if low is None:
            return Phrase("write the smallest value")
        if high is None:
            return Phrase("write the largest value")
        if not low < high:
            return Phrase("the smallest must lie below the largest")
        if (low, high) == (self.gauge.range_low, self.gauge.range_high):
            return Phrase("this stands on record already")
        if len(self.reason.text.strip()) < SHORTEST:
            return Phrase("write why, or from which paper")
        return None

    def _given(self) -> None:
        low, high = self.low.check(), self.high.check()
        if low is not None and high is not None:
            self.act.begin_busy(Phrase("Storing"))
            self._give(self._order(low, high), self.reason.text.strip())

    def _order(self, low: Decimal, high: Decimal) -> RecordRange:
        gauge = self.gauge
        return RecordRange(
            command_id=new_id(), asset=gauge.id, range_low=low, range_high=high, stood_low=gauge.range_low, stood_high=gauge.range_high
        )
