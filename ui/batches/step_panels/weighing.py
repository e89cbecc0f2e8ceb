"""What lies on the scale: live, its tare taken off, and taken only when the scale itself calls it stable."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.base.errors import RuleViolation
from app.base.measurement import Limits, Reading
from app.base.phrases import Phrase, group_thousands
from app.batches.weighing import NoNetWeight, Weighed, weighed
from app.devices.events import DeviceState, Standing, Trouble
from app.inspection.rules import UnstableReading
from ui.kit import BarSize, Label, Run, Runs, ToleranceBar, Type, Words, theme

WATCH_EVERY_S = 0.25


class WeighedNet(QWidget):
    """Gross − tare = net, and the net against what is still wanted. Both frames go on record."""

    def __init__(self) -> None:
        super().__init__()
        self.scale: str | None = None
        self.live: Reading | None = None
        self.tare: Reading | None = None
        self.taken: Weighed | None = None
        """What may be taken; ``None`` while `why_not` stands against it."""
        self._limits: Limits | None = None
        self._why: Words = Phrase("no stable weight yet")
        self.figure = Runs()
        self.parts = Label("", ink="ink2", wrap=True)
        self.bar = ToleranceBar(Limits(unit="g", lower=None, nominal=None, upper=Decimal(1)), None, size=BarSize.LIVE)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(theme.px(8))
        for part in (self.figure, self.bar, self.parts):
            rows.addWidget(part)

    def ask(self, scale: str | None, limits: Limits) -> None:
        """Another container: nothing was weighed of it yet. `scale`: ``None`` where none hangs at this station."""
        self.scale, self.tare, self._limits = scale, None, limits
        self._none(Phrase("no stable weight yet") if scale is not None else Phrase("no scale is connected here"))

    @property
    def why_not(self) -> Words | None:
        """Why nothing can be taken yet."""
        return self._why if self.taken is None else None

    @property
    def may_tare(self) -> bool:
        """Whether what lies there may be taken off as the empty container."""
        return self.tare is None and self.live is not None and self.live.stable is True and self.live.quantity.value > 0

    def take_tare(self) -> None:
        """What lies there now is the empty container."""
        if self.may_tare:
            self.tare = self.live
            self._none(Phrase("no stable weight yet"))

    def hear(self, reading: Reading) -> bool:
        """A value of our scale; whether it was."""
        if reading.device != self.scale:
            return False
        self.live, self.taken = reading, None
        try:
            self.taken = weighed(gross=reading, tare=self.tare, unit=self._limits.unit if self._limits is not None else "")
        except UnstableReading:
            self._why = Phrase("the value still moves")
        except NoNetWeight:
            self._why = Phrase("nothing stands on the scale")
        except RuleViolation as refused:
            self._why = refused.what
        self._show()
        return True

    def on_trouble(self, trouble: Trouble) -> None:
        """Overload, another unit, a frame that cannot be read: no value."""
        if trouble.device == self.scale:
            self._none(trouble.error.what)

    def on_device(self, state: DeviceState) -> None:
        """A silent scale's last value is never taken."""
        if state.device == self.scale and state.standing is not Standing.LIVE:
            self._none(state.words)

    def _none(self, why: Words) -> None:
        self.live, self.taken, self._why = None, None, why
        self._show()

    def _show(self) -> None:
        live = self.live
        unit = self._limits.unit if self._limits is not None else ""
        shown = self.taken.net.value if self.taken is not None else None
        text = group_thousands(shown) if shown is not None else "–"
        self.figure.tell(Run(text, kind=Type.VERDICT, bold=False), Run(" "), Run(unit, kind=Type.VALUE))
        if self._limits is not None:
            self.bar.show_limits(self._limits, shown)
        gross = live.quantity if live is not None else "–"
        tare = self.tare.quantity if self.tare is not None else "–"
        self.parts.tell(Phrase("gross {gross}, tare {tare}", gross=gross, tare=tare))
