"""The left side while no pack is in hand: open orders to choose from, or the lines of the order and what is still to come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.base.phrases import Phrase
from app.receiving.queries import OrderLineRow, OrderRow
from ui.kit import Cell, Column, Number, Panel, Row, State, Table
from ui.receiving.side_panels import due_words


class OrdersPanel(Panel):
    """Orders of which something is still to come; a click or the arrows choose, a second click opens."""

    def __init__(self) -> None:
        super().__init__(Phrase("Open orders"), "", padding=0)
        self.table = Table(
            [
                Column(title=Phrase("order"), width=180),
                Column(title=Phrase("supplier")),
                Column(title=Phrase("lines"), width=110, number=True),
                Column(title=Phrase("due"), width=230),
            ],
            page=8,
        )
        self.body.addWidget(self.table)
        self.body.addStretch(1)

    def show_orders(self, orders: Sequence[OrderRow], today: date) -> None:
        """The most urgent first."""
        self.tell(Phrase("Open orders"), Phrase("{count} orders", count=len(orders)))
        rows = []
        for order in orders:
            due = min(line.due_on for line in order.lines if line.is_open)
            late = Cell(words=due_words(due, today), state=State.ATTENTION) if due < today else Cell(words=due_words(due, today))
            count = str(sum(1 for line in order.lines if line.is_open))
            cells = (Cell(words=order.code, bold=True), order.supplier_name, count, late)
            rows.append(Row(key=order.code, cells=cells, numbers=(_open_lines(order, count),)))
        self.table.show_rows(rows)


class LinesPanel(Panel):
    """Lines of the open order: item, ordered, here, still open."""

    def __init__(self) -> None:
        super().__init__(Phrase("Order"), "", padding=0)
        self.table = Table(
            [
                Column(title=Phrase("line"), width=68, number=True),
                Column(title=Phrase("item")),
                Column(title=Phrase("ordered"), width=112, number=True),
                Column(title=Phrase("received"), width=112, number=True),
                Column(title=Phrase("still open"), width=124, number=True),
            ],
            page=8,
        )
        self.body.addWidget(self.table)
        self.body.addStretch(1)

    def show_order(self, order: OrderRow) -> None:
        """Another order, or the same one after a receipt."""
        self.tell(Phrase("PO {code}", code=order.code.removeprefix("PO")), order.supplier_name)
        self.table.show_rows(
            [
                Row(
                    key=str(line.id),
                    cells=(
                        str(line.no),
                        line.item.name if line.price is None else Phrase("{item} • {price}", item=line.item.name, price=line.price),
                        Phrase("{n}", n=line.ordered.value),
                        Phrase("{n}", n=line.received.value),
                        Cell(words=Phrase("{n}", n=line.left.value), bold=line.is_open),
                    ),
                    numbers=numbers_of_line(line),
                )
                for line in order.lines
            ]
        )


def _open_lines(order: OrderRow, count: str) -> Number:
    how = Phrase("counted by the database: lines of which less was received than ordered")
    return Number(name=Phrase("Open lines of {order}", order=order.code), value=count, how=how)


def numbers_of_line(line: OrderLineRow) -> tuple[Number, ...]:
    """What was ordered, what came, what is still to come."""
    name = line.item.name
    return (
        Number(
            name=Phrase("Ordered of {item}", item=name),
            value=Phrase("{quantity}", quantity=line.ordered),
            how=Phrase("as the order has it"),
            row=line.id,
            column="quantity",
        ),
        Number(
            name=Phrase("Received of {item}", item=name),
            value=Phrase("{quantity}", quantity=line.received),
            how=Phrase("added up by the database: receipts of this line that were not undone"),
        ),
        Number(
            name=Phrase("Still open of {item}", item=name),
            value=Phrase("{quantity}", quantity=line.left),
            how=Phrase("ordered less received"),
        ),
    )
