"""What was received last: how much, which lot, where, its label; and its weight, live, when the station has a scale."""

from __future__ import annotations

from datetime import tzinfo

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.base.measurement import Quantity, Reading
from app.base.phrases import Phrase
from app.receiving.queries import LastReceipt
from ui.kit import RIGHT, Label, Panel, Shape, State, Type, Words, theme
from ui.receiving.pack_check import amount
from ui.shell.evidence import Fact
from ui.shell.fact_rows import FactRow


class ReceiptPanel(Panel):
    """The last receipt of this person for this order that nobody has undone."""

    def __init__(self) -> None:
        super().__init__(Phrase("Received last"), "")
        head = QHBoxLayout()
        head.setSpacing(theme.px(14))
        head.addWidget(Shape(State.PASS, 30))
        self.quantity = Label("", Type.TITLE, elide=True)
        head.addWidget(self.quantity, 1)
        self.body.addLayout(head)
        self._facts = QVBoxLayout()
        self._facts.setSpacing(0)
        self.body.addLayout(self._facts)
        self.body.addStretch(1)
        self.rows: list[FactRow] = []
        self._shown: tuple[LastReceipt, str | None, str | None] | None = None

    def show_receipt(self, last: LastReceipt, *, place: str | None, printer: str | None, zone: tzinfo) -> None:
        """Another receipt, or the same one with its weight; what stands here already is not built anew."""
        if (last, place, printer) == self._shown:
            return
        self._shown = (last, place, printer)
        receipt, lot = last.receipt, last.lot
        self.tell(Phrase("Received last"), f"{receipt.received_at.astimezone(zone):%H:%M:%S}")
        self.quantity.tell(amount(Quantity(receipt.quantity, lot.balance.unit)))
        facts = [Fact(name=Phrase("lot"), value=lot.code), Fact(name=Phrase("supplier lot"), value=lot.supplier_lot)]
        if place is not None:
            facts.append(Fact(name=Phrase("location"), value=place))
        label: Words = receipt.container_code
        if printer is not None:
            label = Phrase("{container}, label at {printer}", container=receipt.container_code, printer=printer)
        facts.append(Fact(name=Phrase("container"), value=label))
        if receipt.weight is not None:
            facts.append(Fact(name=Phrase("gross weight"), value=Phrase("{quantity}", quantity=receipt.weight)))
        for old in self.rows:
            self._facts.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.rows = [FactRow(fact) for fact in facts]
        for row in self.rows:
            self._facts.addWidget(row)


class WeightPanel(Panel):
    """The scale, live: large, and only a stable value may be taken."""

    def __init__(self) -> None:
        super().__init__(Phrase("Gross weight"), "")
        self.frame("actfill", 3, "entry")
        self.value = Label("–", Type.VERDICT, bold=False, align=RIGHT)
        self.value.setMinimumHeight(theme.px(78))  # the unit hangs below the line of the figures
        self.body.addWidget(self.value)
        below = QHBoxLayout()
        below.setSpacing(theme.px(10))
        below.addStretch(1)
        self._shape = Shape(State.WAITING, 26)
        self.word = Label("", ink="ink2")
        below.addWidget(self._shape)
        below.addWidget(self.word)
        self.body.addLayout(below)
        self.body.addStretch(1)

    def watch(self, scale: str) -> None:
        """Nothing was read yet."""
        self.tell(Phrase("Gross weight"), scale)
        self.show_nothing(Phrase("put the container on {scale}", scale=scale))

    def show_nothing(self, why: Words) -> None:
        """The scale says nothing that may be used."""
        self.value.tell("–")
        self.value.set_ink("ink2")
        self._shape.set_state(State.WAITING)
        self.word.tell(why)

    def show_live(self, reading: Reading) -> None:
        """What the scale sends now."""
        stable = reading.stable is True
        self.value.tell(Phrase("{quantity}", quantity=reading.quantity))
        self.value.set_ink("ink" if stable else "ink2")
        self._shape.set_state(State.PASS if stable else State.WAITING)
        self.word.tell(Phrase("stable") if stable else Phrase("moving"))
