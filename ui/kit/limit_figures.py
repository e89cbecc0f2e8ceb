"""The figures under a tolerance bar, each below its tick; where two would touch, the more important one stands."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QRectF

from app.base.measurement import Limits
from app.base.phrases import group_thousands
from ui.kit.paint import width_of
from ui.kit.piece import CENTRE, Said
from ui.kit.theme import theme
from ui.kit.tokens import Type
from ui.kit.tolerance_bar import BarSize, scale_of


def limit_figures(limits: Limits, soft: Limits | None, bar: QRectF, size: BarSize, *, top: float) -> list[Said]:
    """Hard limits first, then the nominal, then alert limits, as far as there is room between them.

    Args:
        limits: What the bar draws.
        soft: Alert limits inside them.
        bar: Rectangle of the bar.
        size: Its proportions.
        top: Where the line of figures begins.
    """
    two_sided = limits.lower is not None and limits.upper is not None
    wanted: list[tuple[Decimal | None, str]] = [
        (limits.lower, "ink"),
        (limits.upper, "ink"),
        (limits.nominal if two_sided else None, "ink2"),
    ]
    if soft is not None:
        wanted += [(soft.lower, "att"), (soft.upper, "att")]
    scale, gap, lines = scale_of(limits, size), theme.px(8), list[Said]()
    for value, ink in wanted:
        if value is None:
            continue
        text = group_thousands(value)
        half = width_of(text) / 2 + 1
        middle = min(max(scale.x(value, bar), bar.left() + half), bar.right() - half)
        room = QRectF(middle - half, top, 2 * half, theme.line(Type.TEXT))
        if not any(room.adjusted(-gap, 0, gap, 0).intersects(other.room) for other in lines):
            lines.append(Said(text=text, room=room, ink=ink, align=CENTRE))
    return lines
