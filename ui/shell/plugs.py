"""Devices come and go while the window stands open: hub, print queue, recorder and chips follow, without a new start."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.core.devices_here import DevicesHere, PrinterHere
from app.devices.settings import DeviceSettings

if TYPE_CHECKING:
    from ui.shell.window import Window

Device = DeviceSettings | PrinterHere


class Plugs:
    """What is connected to this station now."""

    def __init__(self, window: Window, here: DevicesHere) -> None:
        self._window, self.here = window, here

    def find(self, code: str | None) -> Device | None:
        """The device of this asset, as it is connected now."""
        return next((one for one in self.here.all if one.code == code), None)

    def plug_in(self, device: Device) -> None:
        """One more device from now on; it is written down already."""
        window = self._window
        if isinstance(device, PrinterHere):
            self.here = replace(self.here, printers=(*self.here.printers, device))
            window.chips.add(device.connection)
            if window.bridge.printing is not None:
                window.bridge.printing.add(device)
            return
        self.here = replace(self.here, instruments=(*self.here.instruments, device))
        window.chips.add(device)
        if device.is_machine:
            window.bridge.begin_recording()
        if window.bridge.hub is not None:
            window.bridge.hub.start(device)

    def let_go(self, code: str) -> None:
        """Close the device's port. Waits for it, so never on the window's thread; a printer ends its label first, on its own."""
        bridge = self._window.bridge
        if bridge.hub is not None:
            bridge.hub.end(code)
        if bridge.printing is not None:
            bridge.printing.remove(code)

    def unplug(self, code: str) -> None:
        """It is no longer of this station; its port was let go before."""
        self.here = replace(
            self.here,
            instruments=tuple(one for one in self.here.instruments if one.code != code),
            printers=tuple(one for one in self.here.printers if one.code != code),
        )
        self._window.chips.drop(code)
