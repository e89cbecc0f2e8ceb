"""The lots that wait for incoming inspection: Enter begins the chosen one, a scan of its label opens it directly."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from app.base import clock
from app.base.phrases import Phrase
from app.core.command import Permission
from app.core.feed import Change
from app.inspection.queries import WaitingLot, waiting_lots
from ui.inspection.lot_list import LotList
from ui.shell.hooks import Context
from ui.shell.screen import Screen, screen

MEASURE = "inspection.measure"
_TABLE_KEYS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
_CONCERNS = {"task", "lot", "inspection", "measurement"}


@screen(key="inspection.lots", title="Lots to inspect", workbench="inspect", permission=Permission.INSPECT_LOT)
class LotsScreen(Screen):
    """What waits at this site, longest waiting first."""

    help = "Choose a lot with the arrows and press Enter, or scan the label of a lot or container."

    def build(self) -> None:
        """One table."""
        self.list = LotList()
        self.list.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.chosen.connect(self._settle)
        self.list.opened.connect(self._begin)
        self.lay_out(self.list)
        self.begin = self.primary(Phrase("Inspect"), self._begin, icon="inspect")

    def opened(self, context: Context) -> None:
        """Ask what waits."""
        self._settle()
        self._look()

    def on_changes(self, changes: Sequence[Change]) -> None:
        """A lot came in, or somebody inspects one."""
        if {change.table for change in changes} & _CONCERNS:
            self._look()

    def on_key(self, key: int) -> bool:
        """The table's keys, wherever the focus is."""
        if key not in _TABLE_KEYS:
            return False
        QApplication.sendEvent(self.list.table, QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier))
        return True

    def _look(self) -> None:
        self.ask(partial(waiting_lots, site=self.where.site), self._show)

    def _show(self, lots: list[WaitingLot]) -> None:
        self.list.show_lots(lots, clock.now(), self.shell.zone)
        self._settle()

    def _settle(self) -> None:
        """Either a lot is chosen and Enter begins it, or a scan is awaited."""
        chosen = self.list.lot
        place = Phrase("Incoming inspection")
        if chosen is None:
            self.say_next(Phrase("Scan the label of a lot or container."), place)
            self.note("")
            self.scan_slot(Phrase("Waiting for a label"), Phrase("lot or container"))
            return
        self.say_next(Phrase("Choose a lot, or scan its label."), place)
        self.note(Phrase("or scan the label of a lot or container"))
        self.begin.tell(Phrase("Inspect {lot}", lot=chosen.lot.code))
        self.put_in_corner(self.begin)

    def _begin(self) -> None:
        if self.list.lot is not None:
            self.go(MEASURE, lot=str(self.list.lot.lot.id))
