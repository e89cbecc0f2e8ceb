"""Everything between next band and action bar: the left side by what is awaited, the right side by what it proves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app.receiving.queries import OrderRow, PackFacts
from ui.kit import State, Words, is_compact, theme
from ui.receiving.order_panels import LinesPanel, OrdersPanel
from ui.receiving.pack import Pack
from ui.receiving.pack_check import Judged
from ui.receiving.pack_panel import PackPanel
from ui.receiving.receipt_panel import ReceiptPanel, WeightPanel
from ui.receiving.side_panels import ApprovalPanel, DecidePanel, LinePanel, NextPanel

_RIGHT, _RIGHT_COMPACT = 592, 404
_ALL, _LINE = 640, 456
"""Least height of the right column for all panels in full; in the compact window, for the order line above what is next. Less is left
under a banner; then what the pack's rows say as well gives way."""


class ReceiveBody(QWidget):
    """The panels; the screen says which of them stand."""

    def __init__(self, *, site: Words, ask_quality: Callable[[], None]) -> None:
        super().__init__()
        self._site = site
        self._refused = False
        self._facts: PackFacts | None = None
        self._wanted: tuple[QWidget, ...] = ()
        self.orders, self.lines, self.pack = OrdersPanel(), LinesPanel(), PackPanel()
        self.line, self.approval, self.next = LinePanel(), ApprovalPanel(), NextPanel()
        self.decide = DecidePanel(ask_quality)
        self.receipt, self.weight = ReceiptPanel(), WeightPanel()
        left = QWidget()
        self._left = QStackedLayout(left)
        for panel in (self.orders, self.lines, self.pack):
            self._left.addWidget(panel)
        self._right = QWidget()
        self._column = QVBoxLayout(self._right)
        self._column.setContentsMargins(0, 0, 0, 0)
        for panel, share in ((self.line, 0), (self.approval, 0), (self.weight, 0), (self.receipt, 1), (self.next, 1), (self.decide, 1)):
            self._column.addWidget(panel, share)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(left, 1)
        row.addWidget(self._right)
        self._row = row
        self.show_orders((), None)

    @property
    def compact(self) -> bool:
        """Whether the window follows the 1280 × 800 rules."""
        return is_compact(self.window().width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        gap = theme.px(12 if self.compact else 16)
        self._column.setSpacing(gap)
        self._row.setSpacing(gap)
        self._right.setFixedWidth(theme.px(_RIGHT_COMPACT if self.compact else _RIGHT))
        self.line.set_brief(self.compact or self._lapsed)
        self.decide.set_brief(self.compact or self._lapsed)
        if self._facts is not None and self._left.currentWidget() is self.pack:
            short = self.height() < theme.px(_ALL)
            known = self.approval.show_facts(self._facts, self._site, brief=self._refused or self.compact or short)
            # In the compact window the banner says what stops the pack; the hand needs the button.
            self.line.setVisible(self.line in self._wanted and not (self.compact and (self._refused or self.height() < theme.px(_LINE))))
            self.approval.setVisible(known and not (self.compact and self._refused))
        if self._left.currentWidget() is self.lines:
            self.receipt.setVisible(self.receipt in self._wanted and not (self.compact and self.weight in self._wanted))

    @property
    def _lapsed(self) -> bool:
        """Whether the supplier, not the pack, is what stops it: then its panel needs the room."""
        facts = self._facts
        in_force = facts is not None and facts.approval is not None and facts.approval.in_force
        return self._refused and facts is not None and facts.line is not None and not in_force

    def show_orders(self, orders: Sequence[OrderRow], today: date | None) -> None:
        """No order is open."""
        if today is not None:
            self.orders.show_orders(orders, today)
        self._stand(self.orders, self.next)

    def show_lines(self, order: OrderRow, *, received: bool, weighing: bool) -> None:
        """An order is open, no pack is in hand."""
        self.lines.show_order(order)
        self._facts, self._refused = None, False
        self._stand(self.lines, *((self.receipt,) if received else ()), self.weight if weighing else self.next)
        self._fit()

    def show_pack(self, pack: Pack, judged: Judged, facts: PackFacts | None) -> None:
        """A pack is in hand, good or refused."""
        self._facts, self._refused = facts, judged.stop is not None
        self.pack.show_pack(judged.rows, pack.scanned, pack.scanner)
        panels: list[QWidget] = [self.decide if self._refused else self.next]
        if facts is not None and facts.order is not None:
            adding = None if self._refused else pack.quantity
            self.line.show_line(facts.order, facts.line, adding=adding, today=facts.today)
            panels.append(self.line)
            if facts.line is not None:
                panels.append(self.approval)
        self._stand(self.pack, *panels)
        self._fit()

    def show_steps(self, *steps: tuple[State, Words, Words]) -> None:
        """What is next."""
        self.next.show_steps(steps)

    def _stand(self, left: QWidget, *right: QWidget) -> None:
        self._left.setCurrentWidget(left)
        self._wanted = right
        for panel in (self.line, self.approval, self.weight, self.receipt, self.next, self.decide):
            panel.setVisible(panel in right)
