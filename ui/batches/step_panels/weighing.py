"""What lies on the scale: live, its tare taken off, and taken only when the scale itself calls it stable."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.base.measurement import Limits, Quantity, Reading
from app.base.phrases import Phrase, group_thousands
from app.devices.events import DeviceState, Standing, Trouble
from ui.kit import BarSize, Label, Run, Runs, ToleranceBar, Type, Words, theme

WATCH_EVERY_S = 0.25


class WeighedNet(QWidget):
    """Gross − tare = net, and the net against what is still wanted. Both frames go on record."""

    def __init__(self) -> None:
        super().__init__()
        self.scale: str | None = None
        self.live: Reading | None = None
        self.tare: Reading | None = None
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

    def ask(self, scale: str, limits: Limits) -> None:
        """Another container: nothing was weighed of it yet."""
        self.scale, self.live, self.tare, self._limits = scale, None, None, limits
        self._why = Phrase("no stable weight yet")
        self._show()

    @property
    def net(self) -> Quantity | None:
        """What is taken; ``None`` while nothing stable lies there."""
        if self.live is None or self.live.stable is not True:
            return None
        gross = self.live.quantity
        off = self.tare.quantity.value if self.tare is not None else Decimal(0)
        return Quantity(gross.value - off, gross.unit)

    @property
    def raw(self) -> bytes:
        """The frames the net was made of: the tare's, where one was taken, then the gross one's."""
        frames = [one.raw for one in (self.tare, self.live) if one is not None]
        return b"\n".join(frames)

    @property
    def why_not(self) -> Words | None:
        """Why the net cannot be taken yet."""
        net = self.net
        if net is None:
            return self._why
        return Phrase("nothing stands on the scale") if net.value <= 0 else None

    @property
    def may_tare(self) -> bool:
        """Whether what lies there may be taken off as the empty container."""
        return self.tare is None and self.live is not None and self.live.stable is True and self.live.quantity.value > 0

    def take_tare(self) -> None:
        """What lies there now is the empty container."""
        if self.may_tare:
            self.tare, self.live = self.live, None
            self._show()

    def hear(self, reading: Reading) -> bool:
        """A value of our scale; whether it was."""
        if reading.device != self.scale:
            return False
        self.live = reading
        self._why = Phrase("the value still moves")
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
        self.live, self._why = None, why
        self._show()

    def _show(self) -> None:
        net, live = self.net, self.live
        unit = self._limits.unit if self._limits is not None else ""
        shown = net.value if net is not None else None
        text = group_thousands(shown) if shown is not None else "–"
        self.figure.tell(Run(text, kind=Type.VERDICT, bold=False), Run(" "), Run(unit, kind=Type.VALUE))
        if self._limits is not None:
            self.bar.show_limits(self._limits, shown)
        gross = live.quantity if live is not None else "–"
        tare = self.tare.quantity if self.tare is not None else "–"
        self.parts.tell(Phrase("gross {gross}, tare {tare}", gross=gross, tare=tare))
