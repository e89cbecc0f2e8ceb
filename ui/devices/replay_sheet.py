"""Which recording stands in for a device in practice: the frame logs that were taken along, newest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from app.base.phrases import Phrase
from ui.kit import Label, Sheet, State, StateRow, StateRows

PATTERN = "Frames *.log"


def recordings(folder: Path) -> list[Path]:
    """The frame logs that were taken along, newest first."""
    return sorted(folder.glob(PATTERN), key=lambda file: file.stat().st_mtime, reverse=True)


class ReplaySheet(Sheet):
    """A digit plays one in the place of the device."""

    def __init__(self, device: str, files: Sequence[Path], play: Callable[[Path], None]) -> None:
        super().__init__(Phrase("Replay as {device}", device=device), icon="again", primary=None)
        self._files, self._play = list(files), play
        self.rows = StateRows(numbered=True)
        self.rows.opened.connect(self._opened)
        nothing = StateRow(state=State.TO_DO, title=Phrase("No frame log was taken along yet."))
        self.rows.show_rows([StateRow(state=State.TO_DO, title=file.stem) for file in self._files] or [nothing])
        words = Phrase("The device is silent meanwhile. Pauses longer than two seconds are shortened.")
        self.body.addWidget(Label(words, ink="ink2", wrap=True))
        self.body.addWidget(self.rows, 1)

    def press(self, key: int) -> bool:
        """A digit plays."""
        return self.rows.press(key) or super().press(key)

    def _opened(self, n: int) -> None:
        if n < len(self._files):
            self._play(self._files[n])
