"""The look of this station at this moment: light or dark, contrast, scale, pixels per millimetre.

One `theme` for the whole client. A switch at run time goes to every standing widget at once, hidden screens included;
nothing is rebuilt.
"""

from __future__ import annotations

from enum import StrEnum
from math import ceil

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QPalette
from PySide6.QtWidgets import QApplication

from app.base.errors import OutageError
from app.base.phrases import RESOURCES
from ui.kit.piece import Piece
from ui.kit.tokens import DARK, DESIGN_DPI, FAMILY, LIGHT, SCALES, Colours, Type, even_px, high_contrast

FONTS = RESOURCES / "fonts"


class FontsMissing(OutageError):
    code = "kit.fonts_missing"
    text = "The screens cannot be drawn: the font {file} is not built."
    next_step = "Run tools/build_fonts.py once on this computer, then start again."


class Mode(StrEnum):
    """Day or night shift."""

    LIGHT = "light"
    DARK = "dark"


class Theme(QObject):
    """Colours, fonts and pixel sizes as they are now; `changed` when any of them is another."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.mode = Mode.LIGHT
        self.high_contrast = False
        self.scale = 1.0
        self.dpi = DESIGN_DPI
        self.reduced_motion = False
        self.color: Colours = LIGHT
        self._fonts: dict[tuple[Type, bool], QFont] = {}
        self._metrics: dict[tuple[Type, bool], QFontMetricsF] = {}

    def start(self, app: QApplication) -> None:
        """Give the application our fonts, Fusion and the palette. Once, before the first widget.

        Raises:
            FontsMissing: the fonts were not built on this computer.
        """
        load_fonts()
        app.setStyle("Fusion")
        self._apply()

    def look(
        self,
        *,
        mode: Mode | None = None,
        high_contrast: bool | None = None,
        scale: float | None = None,
        dpi: float | None = None,
        reduced_motion: bool | None = None,
    ) -> None:
        """Change what is given, keep the rest, and tell every widget.

        Args:
            mode: Day or night.
            high_contrast: Second text and hairlines at full strength.
            scale: One of `SCALES`.
            dpi: Pixels per inch of glass, 40–400; from `physical_dpi` or from the station's own setting.
            reduced_motion: No running bars, no fading.

        Raises:
            ValueError: a scale or dpi outside the range.
        """
        if scale is not None and scale not in SCALES:
            raise ValueError(f"scale {scale} is none of {SCALES}")
        if dpi is not None and not 40 <= dpi <= 400:
            raise ValueError(f"{dpi} dpi is not a screen")
        self.mode = self.mode if mode is None else mode
        self.high_contrast = self.high_contrast if high_contrast is None else high_contrast
        self.scale = self.scale if scale is None else scale
        self.dpi = self.dpi if dpi is None else dpi
        self.reduced_motion = self.reduced_motion if reduced_motion is None else reduced_motion
        self._apply()

    @property
    def factor(self) -> float:
        """Pixels of this glass for one pixel of the design."""
        return self.scale * self.dpi / DESIGN_DPI

    def px(self, at_96: float) -> int:
        """A length of the design (pixels at 96 dpi) on this glass; even ones stay even, hairlines stay hairlines."""
        if self.factor == 1.0:
            return round(at_96)
        if at_96 <= 4:
            return max(1, round(at_96 * self.factor))
        return even_px(at_96 * self.scale * 25.4 / DESIGN_DPI, self.dpi)

    def mm(self, length: float) -> int:
        """Millimetres of glass in pixels, to the next even number; the person's scale multiplies."""
        return even_px(length * self.scale, self.dpi)

    def font(self, kind: Type, bold: bool | None = None) -> QFont:
        """The font of one size; `bold` only where it differs from the size's nature."""
        key = (kind, kind.bold if bold is None else bold)
        if key not in self._fonts:
            font = QFont(FAMILY)
            font.setPixelSize(ceil(kind.px * self.factor - 0.1))
            font.setWeight(QFont.Weight.Bold if key[1] else QFont.Weight.Normal)
            font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
            self._fonts[key] = font
        return self._fonts[key]

    def metrics(self, kind: Type, bold: bool | None = None) -> QFontMetricsF:
        """Metrics of `font`, kept because every paint asks for them."""
        key = (kind, kind.bold if bold is None else bold)
        if key not in self._metrics:
            self._metrics[key] = QFontMetricsF(self.font(*key))
        return self._metrics[key]

    def line(self, kind: Type) -> int:
        """Height of one line of a size, in pixels of this glass."""
        return ceil(kind.line * self.factor - 0.1)

    def token(self, name: str) -> QColor:
        """A colour by its token name; `AttributeError` for a name that is none."""
        colour: QColor = getattr(self.color, name)
        return colour

    def _apply(self) -> None:
        base = DARK if self.mode is Mode.DARK else LIGHT
        self.color = high_contrast(base) if self.high_contrast else base
        self._fonts.clear()
        self._metrics.clear()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.setPalette(qt_palette(self.color))
            app.setFont(self.font(Type.TEXT))
            for widget in app.allWidgets():
                if isinstance(widget, Piece):
                    widget.restyle()
        self.changed.emit()


def load_fonts() -> None:
    """Register our two fonts with Qt; a second call does nothing.

    Raises:
        FontsMissing: not built.
    """
    if QFontDatabase.hasFamily(FAMILY) and _loaded:
        return
    for weight in ("Regular", "Bold"):
        file = FONTS / f"NotoSansSC-{weight}.ttf"
        if not file.exists() or QFontDatabase.addApplicationFont(str(file)) < 0:
            raise FontsMissing(file=file.name)
        _loaded.append(file.name)


_loaded: list[str] = []


def physical_dpi(app: QApplication) -> float:
    """Pixels per inch the first screen claims; 96 where the claim cannot be true (projectors, virtual screens)."""
    screen = app.primaryScreen()
    claimed = screen.physicalDotsPerInch() if screen is not None else DESIGN_DPI
    return claimed if 60 <= claimed <= 320 else DESIGN_DPI


def qt_palette(colours: Colours) -> QPalette:
    """Our tokens for what Qt paints itself: line edits, selections, scroll bars."""
    palette = QPalette()
    role = QPalette.ColorRole
    for target, colour in (
        (role.Window, colours.canvas),
        (role.WindowText, colours.ink),
        (role.Base, colours.entry),
        (role.AlternateBase, colours.surface),
        (role.Text, colours.ink),
        (role.PlaceholderText, colours.ink2),
        (role.Button, colours.surface),
        (role.ButtonText, colours.ink),
        (role.BrightText, colours.stopfill),
        (role.Highlight, colours.actfill),
        (role.HighlightedText, colours.acton),
        (role.Link, colours.act),
        (role.ToolTipBase, colours.entry),
        (role.ToolTipText, colours.ink),
        (role.Light, colours.entry),
        (role.Midlight, colours.track),
        (role.Mid, colours.line),
        (role.Dark, colours.edge),
        (role.Shadow, colours.ink2),
    ):
        palette.setColor(target, colour)
    palette.setColor(QPalette.ColorGroup.Disabled, role.Text, colours.ink2)
    palette.setColor(QPalette.ColorGroup.Disabled, role.ButtonText, colours.ink2)
    return palette


theme = Theme()
"""The look of this client. Widgets read it whenever they paint."""
