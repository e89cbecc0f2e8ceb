"""What a careful eye would see on a standing screen: clipped words, missing letters, faint text, targets too small or too close.

The gallery and the tests of every screen call `look_over` on a shown widget tree; it reads the same lines the widgets paint.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QPoint, QRect, QRectF
from PySide6.QtGui import QRawFont
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from ui.kit.paint import width_of
from ui.kit.piece import Piece, Said
from ui.kit.theme import FONTS, theme
from ui.kit.tokens import GAP, Type, contrast

LEAST_CONTRAST = 4.5
_SLACK = 1.0
"""Pixels of rounding that nobody sees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One thing wrong on the screen."""

    kind: str
    """``clipped``, ``shortened``, ``missing glyph``, ``contrast``, ``small target``, ``close targets``."""
    widget: str
    """Class and accessible name of the widget, to find it."""
    detail: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.widget}: {self.detail}"


def look_over(root: QWidget, *, shortened: bool = False) -> list[Trouble]:
    """All troubles of the visible kit widgets under `root`, itself included.

    Args:
        root: A shown widget, laid out.
        shortened: Also name the texts that stand shortened with … (allowed where a widget may elide).
    """
    troubles: list[Trouble] = []
    for widget in pieces(root):
        for said in widget_lines(widget):
            troubles += clipped(widget, said, root, shortened=shortened)
            troubles += missing_glyphs(widget, said)
            troubles += faint(widget, said)
    return troubles + small_targets(root) + close_targets(root)


def pieces(root: QWidget) -> Iterator[QWidget]:
    """Visible kit widgets, outermost first."""
    for widget in [root, *root.findChildren(QWidget)]:
        if isinstance(widget, Piece) and widget.isVisible():
            yield widget


def widget_lines(widget: QWidget) -> list[Said]:
    """The lines of text that stand on one widget."""
    return [said for said in widget.said() if said.text] if isinstance(widget, Piece) else []


def name_of(widget: QWidget) -> str:
    """How to find the widget again."""
    return f"{type(widget).__name__} {widget.accessibleName() or widget.objectName()}".strip()


def clipped(widget: QWidget, said: Said, root: QWidget, *, shortened: bool = False) -> list[Trouble]:
    """Whether a line needs more room than it has: in its own box, or cut off by the widget or one of its ancestors."""
    needed, room = width_of(said.text, said.kind, said.bold), said.room.width()
    if needed > room + _SLACK:
        if not said.elides:
            return [Trouble(kind="clipped", widget=name_of(widget), detail=f"'{said.text}' needs {needed:.0f} px, has {room:.0f}")]
        if shortened:
            return [Trouble(kind="shortened", widget=name_of(widget), detail=f"'{said.text}' needs {needed:.0f} px, has {room:.0f}")]
        return []
    seen = visible_part(widget, root)
    if not seen.adjusted(-1, -1, 1, 1).contains(_ink_rect(said)):
        return [Trouble(kind="clipped", widget=name_of(widget), detail=f"'{said.text}' stands partly outside what is visible")]
    return []


def _ink_rect(said: Said) -> QRectF:
    """The rectangle the letters take: as wide as the text where it stands, as high as its capitals and descenders."""
    wide = min(width_of(said.text, said.kind, said.bold), said.room.width())
    metrics = theme.metrics(said.kind, said.bold)
    high = metrics.capHeight() * 1.5
    left = said.room.left()
    if said.align.value & 0x2:
        left = said.room.right() - wide
    elif said.align.value & 0x4:
        left = said.room.center().x() - wide / 2
    return QRectF(left, said.room.center().y() - high / 2, wide, high)


def visible_part(widget: QWidget, root: QWidget) -> QRectF:
    """What of a widget is not cut off by its ancestors up to `root`, in its own pixels. Scroll areas are no cut."""
    part = widget.rect()
    at, parent = widget, widget.parentWidget()
    while at is not root and parent is not None:
        if not isinstance(parent.parentWidget(), QAbstractScrollArea):
            part = part.intersected(QRect(widget.mapFrom(parent, QPoint(0, 0)), parent.size()))
        at, parent = parent, parent.parentWidget()
    return QRectF(part)


@cache
def _raw_font(bold: bool) -> QRawFont:
    return QRawFont(str(FONTS / f"NotoSansSC-{'Bold' if bold else 'Regular'}.ttf"), 19.0)


def missing_glyphs(widget: QWidget, said: Said) -> list[Trouble]:
    """Characters our own font does not hold. `QFontMetrics.inFont` would say yes through whatever the system has."""
    bold = said.kind.bold if said.bold is None else said.bold
    font = _raw_font(bold)
    missing = sorted({one for one in said.text if one != "\n" and not font.supportsCharacter(ord(one))})
    if not missing:
        return []
    codes = " ".join(f"U+{ord(one):04X}" for one in missing)
    return [Trouble(kind="missing glyph", widget=name_of(widget), detail=f"{codes} in '{said.text}'")]


def ground_under(widget: QWidget, said: Said | None = None) -> str:
    """Token of the ground a text stands on: its own, or that of the nearest widget that fills itself; else the canvas."""
    if said is not None and said.ground is not None:
        return said.ground
    at: QWidget | None = widget
    while at is not None:
        if isinstance(at, Piece) and at.ground is not None:
            return at.ground
        at = at.parentWidget()
    return "canvas"


def faint(widget: QWidget, said: Said) -> list[Trouble]:
    """Whether ink and ground are closer than 4.5 : 1."""
    ground = ground_under(widget, said)
    ratio = contrast(theme.token(said.ink), theme.token(ground))
    if ratio >= LEAST_CONTRAST:
        return []
    return [Trouble(kind="contrast", widget=name_of(widget), detail=f"'{said.text}' {said.ink} on {ground} is {ratio:.1f}")]


def targets(root: QWidget) -> list[QWidget]:
    """Everything to press or to write in."""
    return [widget for widget in pieces(root) if isinstance(widget, Piece) and widget.least is not None]


def small_targets(root: QWidget) -> list[Trouble]:
    """Targets below the size of their token."""
    troubles = []
    for widget in targets(root):
        least = widget.least if isinstance(widget, Piece) else None
        if least is None:
            continue
        wide, high = theme.px(least[0]) if least[0] else 0, theme.px(least[1])
        if widget.width() < wide or widget.height() < high:
            has = f"{widget.width()} × {widget.height()} px, needs {wide} × {high}"
            troubles.append(Trouble(kind="small target", widget=name_of(widget), detail=has))
    return troubles


def close_targets(root: QWidget) -> list[Trouble]:
    """Two separate targets nearer than 12 px (3.2 mm). Parts of the frame that fill a whole side are no neighbours of a button."""
    standing = [(widget, QRect(widget.mapTo(root, QPoint(0, 0)), widget.size())) for widget in targets(root) if _is_hand_size(widget)]
    gap = theme.px(GAP)
    troubles = []
    for n, (one, here) in enumerate(standing):
        for other, there in standing[n + 1 :]:
            if one.isAncestorOf(other) or other.isAncestorOf(one):
                continue
            if here.adjusted(-gap, -gap, gap, gap).intersects(there):
                between = max(
                    there.left() - here.right() - 1,
                    here.left() - there.right() - 1,
                    there.top() - here.bottom() - 1,
                    here.top() - there.bottom() - 1,
                )
                troubles.append(Trouble(kind="close targets", widget=name_of(one), detail=f"{between} px from {name_of(other)}"))
    return troubles


def _is_hand_size(widget: QWidget) -> bool:
    """Bars of the frame are targets of their own measure; gaps concern buttons, fields, chips and choices."""
    return type(widget).__name__ not in ("TopBar", "Rail", "Strip", "Table")


def used_contrasts(root: QWidget) -> dict[tuple[str, str], float]:
    """Every pair of ink and ground that stands on the screen now, with its contrast."""
    pairs = {(said.ink, ground_under(widget, said)) for widget in pieces(root) for said in widget_lines(widget)}
    return {pair: contrast(theme.token(pair[0]), theme.token(pair[1])) for pair in sorted(pairs)}


def lowest_type(root: QWidget) -> int:
    """Smallest type on the screen, in px at 96 dpi; 19 is the floor."""
    return min((said.kind.px for widget in pieces(root) for said in widget_lines(widget)), default=Type.TEXT.px)
