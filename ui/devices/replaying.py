"""A recording in the place of a device, at its console: in practice only."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from app.base.phrases import Phrase
from app.devices.frame_log import Piece
from app.devices.hub import Hub
from app.devices.replay import NoReplayHere, pieces_of
from app.devices.settings import DeviceSettings
from app.tracing.filing import papers_folder
from ui.devices.device_words import family_of
from ui.devices.replay_sheet import ReplaySheet, recordings

if TYPE_CHECKING:
    from ui.devices.console_screen import ConsoleScreen


class Replaying:
    """The act of the console's button: choose, play, and give the device its line back."""

    def __init__(self, screen: ConsoleScreen) -> None:
        self._screen = screen
        self._device: DeviceSettings | None = None
        self._finished: Event | None = None

    @property
    def is_on(self) -> bool:
        """Whether a recording stands in for the device."""
        return self._device is not None

    def settle(self) -> None:
        """What the button does now."""
        device = self._screen.device
        is_instrument = device is not None and family_of(device) is not None
        self._screen.show_button(self._screen.replay_button, self._screen.where.practice and is_instrument)
        self._screen.replay_button.tell(Phrase("End the replay") if self.is_on else Phrase("Replay"))

    def press(self) -> None:
        """Choose a recording; or end the one that is played."""
        screen, device = self._screen, self._screen.device
        if self.is_on:
            self.end()
        elif not screen.where.practice:
            screen.refuse(NoReplayHere())
        elif device is not None:
            screen.bridge.fetch(
                partial(recordings, papers_folder()),
                done=lambda files: screen.open_sheet(ReplaySheet(device.code, files, partial(self._play, device))),
                refused=screen.refuse,
                owner=screen,
            )

    def look(self) -> None:
        """Everything was played: the device hangs on its line again."""
        if self._finished is not None and self._finished.is_set():
            self.end()

    def end(self) -> None:
        """The device's own line again, if a recording stands in for it."""
        device, self._device, self._finished = self._device, None, None
        hub = self._screen.bridge.hub
        if device is not None and hub is not None:
            self._screen.bridge.fetch(partial(hub.end, device.code), done=lambda _: hub.start(device), owner=self._screen)
            self.settle()

    def _play(self, device: DeviceSettings, file: Path) -> None:
        hub, screen = self._screen.bridge.hub, self._screen
        screen.close_sheet()
        if hub is not None:
            screen.bridge.fetch(
                partial(_silenced, hub, device, file), done=partial(self._begin, hub, device), refused=screen.refuse, owner=screen
            )

    def _begin(self, hub: Hub, device: DeviceSettings, pieces: list[Piece]) -> None:
        self._finished = hub.replay(device, pieces, practice=self._screen.where.practice)
        self._device = device
        self.settle()


def _silenced(hub: Hub, device: DeviceSettings, file: Path) -> list[Piece]:
    """What was recorded; read before the device is taken from its line."""
    pieces = pieces_of(file)
    hub.end(device.code)
    return pieces
