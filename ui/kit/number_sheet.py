"""A number asked for beside the work: the large entry, keys for gloves, and the one button that takes it."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from app.base.measurement import Limits, Quantity
from app.base.phrases import Phrase
from ui.kit.buttons import PrimaryButton
from ui.kit.language import Words
from ui.kit.number_entry import NumberEntry
from ui.kit.number_pad import NumberPad
from ui.kit.sheet import EDGE, SIDE, Sheet
from ui.kit.theme import theme
from ui.kit.tokens import GAP


class NumberSheet(Sheet):
    """`taken` carries the exact `Decimal`; closing the sheet is the screen's."""

    taken = Signal(object)

    def __init__(
        self,
        title: Words,
        label: Words,
        *,
        unit: str,
        places: int | None,
        limits: Limits | None,
        soft: Limits | None,
        parent: QWidget | None = None,
    ) -> None:
        self._unit = unit
        self.entry = NumberEntry(label, unit=unit, places=places, limits=limits, soft=soft)
        self.pad = NumberPad(self.entry)
        super().__init__(title, icon="pen", primary=PrimaryButton(Phrase("Take the value")), parent=parent)
        self.body.addWidget(self.entry)
        self.body.addStretch(1)
        self.body.addWidget(self.pad)
        self.entry.changed.connect(self._offer)
        if self.primary is not None:
            self.primary.clicked.connect(self._take)
        self.setFocusProxy(self.entry)

    def _offer(self, value: Decimal | None) -> None:
        """The button names what it takes."""
        if self.primary is not None:
            words = Phrase("Take the value") if value is None else Phrase("Take {value}", value=Quantity(value, self._unit))
            self.primary.tell(words)

    def _take(self) -> None:
        value = self.entry.check()
        if value is not None:
            self.taken.emit(value)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def restyle(self) -> None:
        super().restyle()
        self._fit()

    def _fit(self) -> None:
        """Long rows and a low bar where a block does not fit under the entry; long rows may take a part of the margin."""
        margins = self.body.contentsMargins()
        room = self.height() - self._head.height() - self._foot.height() - margins.top() - margins.bottom() - 2 * theme.px(GAP)
        self.entry.set_flat(False)
        flat = self.entry.sizeHint().height() + NumberPad.high(flat=False) > room
        self.entry.set_flat(flat)
        self.pad.set_flat(flat)
        side = min(theme.px(SIDE), (self.width() - theme.px(EDGE) - self.pad.least_width(flat)) // 2)
        self.body.setContentsMargins(side, margins.top(), side, margins.bottom())
