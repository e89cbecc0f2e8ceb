"""A value typed in place of a device: the number, the instrument it was read from, and why; the second person signs after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtGui import QResizeEvent

from app.base.measurement import Limits, Quantity
from app.base.phrases import Phrase
from app.scanning.result import Scanned
from ui.kit import Choices, Field, Label, NumberEntry, NumberPad, PrimaryButton, Sheet, Words, theme
from ui.kit.sheet import EDGE, SIDE
from ui.kit.tokens import GAP

SHORTEST = 3
"""Letters of a reason."""
MOST = 3
"""Instruments that stand beside each other; any other that is allowed is scanned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is typed, and which instruments may have shown it."""

    what: Words
    unit: str
    places: int | None
    limits: Limits | None
    soft: Limits | None
    instruments: tuple[str, ...]
    """Codes of every instrument that is allowed, the one in the hand first."""
    why_none: Words
    """What stands there when none is allowed."""


Take = Callable[[Decimal, str, str], None]
"""Hears value, code of the instrument, and reason."""


class TypingSheet(Sheet):
    """Nothing is chosen for the hand where two instruments could have shown the value: which one it was is a fact."""

    def __init__(self, wanted: Wanted, take: Take, *, value: Decimal | None = None, reason: str = "") -> None:
        self._wanted, self._take = wanted, take
        self._shown: tuple[str, ...] = wanted.instruments[:MOST]
        self.entry = NumberEntry(wanted.what, unit=wanted.unit, places=wanted.places, limits=wanted.limits, soft=wanted.soft)
        self.pad = NumberPad(self.entry)
        self.instrument = Choices(self._shown, 0 if len(wanted.instruments) == 1 else None)
        self.reason = Field(Phrase("Why it is typed, in one line"), text=reason)
        words = Phrase("Read from; scan the label of another one") if wanted.instruments else wanted.why_none
        self.read_from = Label(words, ink="ink2", wrap=True)
        primary = PrimaryButton(Phrase("Have it verified"), icon="pen")
        self._act, self._rest = primary, (self.read_from, self.instrument, self.reason)
        self._on_two_pages, self._first_page = False, value is None
        super().__init__(Phrase("Type it"), icon="pen", primary=primary)
        for part in (self.entry, *self._rest):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self.body.addWidget(self.pad)
        self.entry.set_flat(True)
        if value is not None:
            self.entry.set_text(f"{value:f}")
        self.entry.changed.connect(lambda _: self.settle())
        self.instrument.chosen.connect(lambda _: self.settle())
        self.reason.edited.connect(lambda _: self.settle())
        primary.clicked.connect(self._pressed)
        self.setFocusProxy(self.entry if value is None else self.reason)
        self.settle()

    @property
    def device(self) -> str | None:
        """The instrument that was read."""
        return self._shown[self.instrument.index] if self.instrument.index is not None and self._shown else None

    def on_scan(self, scanned: Scanned) -> bool:
        """The label of an allowed instrument chooses it; everything else is the screen's."""
        code = scanned.code
        if scanned.what != "asset" or code is None or code not in self._wanted.instruments:
            return False
        if code not in self._shown:
            self._shown = (*self._shown[: MOST - 1], code)
        self.instrument.offer(self._shown, self._shown.index(code))
        self.settle()
        return True

    def settle(self) -> None:
        """The button names what is missing, then what it takes."""
        if self._act.is_busy:
            return
        value, missing = self.entry.value, self._missing()
        if self._writes_only and missing is not None and value is not None and self.entry.refusal is None:
            self._act.tell(Phrase("Take {value}", value=Quantity(value, self._wanted.unit)))
            self._act.ready()
            return
        self._act.tell(Phrase("Have it verified") if value is None else self._words(value))
        self._act.ready() if missing is None else self._act.not_yet(missing)

    @property
    def _writes_only(self) -> bool:
        """On small glass the keys stand first, then instrument and reason."""
        return self._on_two_pages and self._first_page

    def _words(self, value: Decimal) -> Words:
        return Phrase("Have {value} verified", value=Quantity(value, self._wanted.unit))

    def _missing(self) -> Words | None:
        if self.entry.refusal is not None:
            return Phrase("write digits with a point")
        if self.entry.value is None:
            return Phrase("nothing is entered yet")
        if self.device is None:
            return Phrase("name the instrument that was read")
        return None if len(self.reason.text.strip()) >= SHORTEST else Phrase("write the reason")

    def _pressed(self) -> None:
        value, device = self.entry.check(), self.device
        if self._writes_only and value is not None and self._missing() is not None:
            self._first_page = False
            self._fit()
            self.reason.setFocus()
            self.settle()
            return
        if value is not None and device is not None:
            self._act.begin_busy(Phrase("Storing"))
            self._take(value, device, self.reason.text.strip())

    # what has room ----------------------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def restyle(self) -> None:
        super().restyle()
        self._fit()

    def _fit(self) -> None:
        """A block of keys where it fits, two long rows where not; on small glass the keys come first and the rest after them."""
        if self.pad.parent() is None:
            return  # not laid out yet: what is shown now would be a window of its own
        margins = self.body.contentsMargins()
        room = self.height() - self._head.height() - self._foot.height() - margins.top() - margins.bottom()
        room -= sum(part.sizeHint().height() + theme.px(GAP) for part in (self.entry, *self._rest))
        self._on_two_pages = room < NumberPad.high(flat=True)
        flat = room < NumberPad.high(flat=False)
        self.pad.set_flat(flat)
        side = min(theme.px(SIDE), (self.width() - theme.px(EDGE) - self.pad.least_width(flat)) // 2)  # long rows take a part of the margin
        self.body.setContentsMargins(side, margins.top(), side, margins.bottom())
        self.pad.setVisible(not self._on_two_pages or self._first_page)
        for part in self._rest:
            part.setVisible(not self._writes_only and (part is not self.instrument or bool(self._shown)))
