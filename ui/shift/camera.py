"""Pictures of a window: one as it stands, or every look of it (light, dark, English, Chinese, both sizes) with what a check finds wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication, QWidget

from app.base.phrases import Language
from ui.kit import Mode, current_language, set_language, theme
from ui.kit.check import look_over

SIZES = {"1920x1080": (1920, 1080), "1280x800": (1280, 800)}
QUICK = 80
"""Qt's quality of a PNG is how hard it is packed: 10 % larger, and written in two thirds of the time."""


class Camera(Protocol):
    """Whoever takes pictures of a window."""

    def take(self, window: QWidget, name: str) -> None:
        """Keep what the window shows under this name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshots:
    """One picture of each moment, as it stands."""

    folder: Path

    def take(self, window: QWidget, name: str) -> None:
        """Save ``name.png``."""
        _settle()
        _save(window, self.folder / f"{name}.png")


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """Every look of each moment; the window is put back as it was."""

    folder: Path
    troubles: list[str] = field(default_factory=list)
    """What a check found: clipped text, a missing glyph, too little contrast, too small a target."""

    def take(self, window: QWidget, name: str) -> None:
        """Save ``name-size-mode-language.png`` eight times and look each of them over."""
        size, mode, language = window.size(), theme.mode, current_language()
        for size_name, wanted in SIZES.items():
            window.resize(*wanted)
            for look in (Mode.LIGHT, Mode.DARK):
                theme.look(mode=look)
                for spoken in (Language.EN, Language.ZH):
                    set_language(spoken)
                    _settle()
                    picture = f"{name}-{size_name}-{look.value}-{spoken.value}"
                    _save(window, self.folder / f"{picture}.png")
                    self.troubles.extend(f"{picture}: {trouble}" for trouble in look_over(window))
        theme.look(mode=mode)
        set_language(language)
        window.resize(size)
        _settle()


def _save(window: QWidget, file: Path) -> None:
    window.grab().save(str(file), "PNG", QUICK)


def _settle() -> None:
    """Let layouts and answers on their way arrive."""
    for _ in range(4):
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
