"""The weight of the container just received: live from the scale of this station, taken with Enter when it is stable."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.base.ids import new_id
from app.base.measurement import Reading
from app.base.phrases import Phrase
from app.devices.events import DeviceState, Standing, Trouble
from app.receiving.commands import Received, WeighContainer
from ui.kit import PrimaryButton

if TYPE_CHECKING:
    from ui.receiving.body import ReceiveBody
    from ui.receiving.desk import Desk

WATCH_EVERY_S = 0.25


class Weighing:
    """Part of the receiving screen. Nothing is stored until Enter takes a stable value with its raw frame."""

    body: ReceiveBody
    desk: Desk | None

    def make_weighing(self) -> None:
        """The button; its words carry the value it would take."""
        self._container: Received | None = None
        self._scale: str | None = None
        self._live: Reading | None = None
        self.take = PrimaryButton(Phrase("Take the weight"), icon="scale")
        self.take.clicked.connect(partial(self._press, self.take, self._take_weight))

    @property
    def is_weighing(self) -> bool:
        """Whether a container waits for its weight."""
        return self._container is not None and self._scale is not None

    def device_of_kind(self, kind: str) -> str | None:
        """The first device of this station that is registered as one of this kind."""
        kinds = self.desk.kinds if self.desk is not None else {}
        return next((device.code for device in self.shell.devices if kinds.get(device.code) == kind), None)

    def begin_weighing(self, received: Received) -> None:
        """A container was received; without a scale there is nothing to do."""
        self._scale = self.device_of_kind("scale")
        if self._scale is None:
            return
        self._container, self._live = received, None
        self.body.weight.watch(self._scale)
        self._close_take()
        self._watch(WATCH_EVERY_S)

    def stop_weighing(self) -> None:
        """The weight was taken, or the hand went on to something else; a container may stay unweighed."""
        if self.is_weighing:
            self._watch(None)
        self._container = self._live = None

    def weighing_takes_corner(self) -> bool:
        """While a container waits for its weight, Enter takes it."""
        if self.is_weighing:
            self.put_in_corner(self.take)
        return self.is_weighing

    def ask_scale(self) -> None:
        """F5: read the scale now."""
        hub = self.bridge.hub
        if hub is not None and self._scale is not None and self._scale in hub.states():
            hub.ask(self._scale)

    def _watch(self, every_s: float | None) -> None:
        hub = self.bridge.hub
        if hub is not None and self._scale is not None and self._scale in hub.states():
            hub.watch(self._scale, every_s)

    def on_reading(self, reading: Reading) -> None:
        """Shown while a container waits; an unstable value cannot be taken."""
        if not self.is_weighing or reading.device != self._scale or self.take.is_busy:
            return
        self._live = reading
        self.body.weight.show_live(reading)
        if reading.stable is True and reading.quantity.value > 0:
            self.take.tell(Phrase("Take {weight}", weight=reading.quantity))
            self.take.ready()
        else:
            self._close_take(Phrase("nothing stands on the scale") if reading.stable is True else None)

    def on_trouble(self, trouble: Trouble) -> None:
        """Overload, another unit, a frame that cannot be read: no value."""
        if self.is_weighing and trouble.device == self._scale:
            self._live = None
            self.body.weight.show_nothing(trouble.error.what)
            self._close_take()

    def on_device(self, state: DeviceState) -> None:
        """A silent scale's last value is never taken."""
        if self.is_weighing and state.device == self._scale and state.standing is not Standing.LIVE:
            self._live = None
            self.body.weight.show_nothing(state.words)
            self._close_take()

    def _close_take(self, why: Phrase | None = None) -> None:
        self.take.tell(Phrase("Take the weight"))
        self.take.not_yet(why or Phrase("no stable weight yet"))

    def _take_weight(self) -> None:
        container, live = self._container, self._live
        if container is None or live is None:
            return
        order = WeighContainer(command_id=new_id(), container=container.container, reading=live)
        self.submit(order, done=self._weighed, busy=Phrase("Storing the weight"))

    def _weighed(self, _: None) -> None:
        self.stop_weighing()
        self.show_state()
        self.refresh()
