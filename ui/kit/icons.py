"""Our own line icons: a 24 grid, 2 px lines, square ends, one colour, at 24, 26, 30 and 40 px.

An icon never stands without its word, except in a chip whose name says it.
"""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.base.phrases import RESOURCES
from ui.kit.paint import painter_on
from ui.kit.piece import Piece
from ui.kit.theme import theme

ICONS = RESOURCES / "icons"
SIZES = (24, 26, 30, 40)


def icon_names() -> tuple[str, ...]:
    """All icons there are."""
    return tuple(sorted(file.stem for file in ICONS.glob("*.svg")))


@lru_cache(maxsize=512)
def icon_pixmap(name: str, side: int, colour: str, ratio: float) -> QPixmap:
    """One icon as pixels.

    Args:
        name: File name in ``resources/icons`` without its ending; `FileNotFoundError` for one that is not drawn.
        side: Pixels of the widget.
        colour: ``#RRGGBB`` instead of ``currentColor``.
        ratio: Device pixels for one pixel of the widget.
    """
    drawing = (ICONS / f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", colour)
    pixmap = QPixmap(round(side * ratio), round(side * ratio))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(drawing.encode())).render(painter)
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def draw_icon(painter: QPainter, name: str, rect: QRectF, ink: str) -> None:
    """Paint one icon into a square, in the colour of a token."""
    ratio = painter.device().devicePixelRatioF()
    pixmap = icon_pixmap(name, round(rect.width()), theme.token(ink).name(), ratio)
    painter.drawPixmap(rect.topLeft().toPoint(), pixmap)


class Icon(Piece, QWidget):
    """An icon beside its word."""

    def __init__(self, name: str, size: int = 24, ink: str = "ink", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._size, self._ink = name, size, ink
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_icon(self, name: str, ink: str | None = None) -> None:
        """Another icon or ink."""
        self._name = name
        self._ink = self._ink if ink is None else ink
        self.update()

    def restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(self._size), theme.px(self._size))

    def paintEvent(self, event: QPaintEvent) -> None:
        side = theme.px(self._size)
        draw_icon(painter_on(self), self._name, QRectF((self.width() - side) // 2, (self.height() - side) // 2, side, side), self._ink)
