"""An order of a sheet beside a screen: refused, the sheet stands as it was filled in."""

from __future__ import annotations

from collections.abc import Callable

from app.base.errors import AppError
from app.core.command import Order
from ui.shell.screen import Screen


def give_from_sheet(screen: Screen, order: Order, *, reason: str | None, done: Callable[[], None]) -> None:
    """Give it; `done` hears that it was stored. Why not stands above the screen."""

    def refused(error: AppError) -> None:
        sheet = screen.shell.frame.sheet
        if sheet is not None:
            sheet.end_busy()
        screen.refuse(error)

    def given(_: object) -> None:
        screen.clear_banner()
        done()

    screen.submit(order, reason=reason, done=given, refused=refused)
