"""The place at the right of the window where one sheet stands; at most one more lies beneath it, hidden and untouched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit

from ui.kit import Sheet

if TYPE_CHECKING:
    from ui.shell.window import Window


class SheetDock:
    """Opens, lays over and closes. Where the keys go is part of it: nobody hunts for the focus."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._beneath: Sheet | None = None
        """What evidence or help was laid over."""

    @property
    def work(self) -> Sheet | None:
        """The sheet somebody works in: the one beneath what is only read, else the open one."""
        return self._beneath or self._window.frame.sheet

    def open(self, sheet: Sheet) -> None:
        """Dock a sheet; another one goes. Keys are the sheet's now: they no longer enter a field of the screen beside it."""
        self.close()
        sheet.left.connect(self.close)
        if self._window.showing is not None:
            self._window.showing.face.make_room(
                self._window.frame, beside_sheet=True
            )  # before the sheet takes its room, or the window would grow
        self._show(sheet)

    def lay_over(self, sheet: Sheet) -> None:
        """Dock a sheet that is only read. The one beneath it, and what is written there, comes back when it goes; while an answer is
        awaited there nothing is laid over it.
        """
        beneath = self.work
        if beneath is None:
            self.open(sheet)
        elif beneath.primary is None or not beneath.primary.is_busy:
            self._lift()
            self._beneath = beneath
            sheet.left.connect(self._lift)
            self._show(sheet)
        else:
            sheet.deleteLater()

    def close(self) -> None:
        """Nothing is lost by it. Keys are the screen's again, or go on into the password of a gate."""
        window = self._window
        sheets = [one for one in (window.frame.sheet, self._beneath) if one is not None]
        self._beneath = None
        if sheets:
            window.frame.show_sheet(None)
            for sheet in sheets:
                sheet.closing()
                sheet.deleteLater()
            if window.showing is not None:
                window.showing.face.make_room(window.frame, beside_sheet=False)
            (window.gate or window).setFocus()

    def _lift(self) -> None:
        """What was only read goes; the sheet beneath it stands as it was left."""
        beneath, self._beneath = self._beneath, None
        sheet = self._window.frame.sheet
        if beneath is not None and sheet is not None:
            self._show(beneath)
            sheet.closing()
            sheet.deleteLater()

    def _show(self, sheet: Sheet) -> None:
        self._window.frame.show_sheet(sheet)
        fields = [edit for edit in sheet.findChildren(QLineEdit) if edit.isEnabled() and edit.isVisibleTo(sheet)]
        (fields[0] if fields and sheet.writes_first else self._window).setFocus()  # what must be written is written at once
