"""What the receiving screen says and shows for each thing it waits for: an order, a pack, a location, a weight."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.base.phrases import Phrase
from app.receiving.queries import OrderRow, PackFacts
from ui.kit import ScanSlot, State, Words
from ui.receiving.pack import Pack
from ui.receiving.pack_check import Judged, Stop, amount
from ui.receiving.rules import NoOrderYet, UnreadablePack

if TYPE_CHECKING:
    from ui.receiving.body import ReceiveBody
    from ui.receiving.desk import Delivery, Desk


class Showing:
    """Part of the receiving screen: next band, body and corner, nothing else."""

    body: ReceiveBody
    slot: ScanSlot
    order: OrderRow | None
    pack: Pack | None
    facts: PackFacts | None
    judged: Judged | None
    delivery: Delivery | None
    desk: Desk | None

    def show_state(self) -> None:
        """Body, next band and bar for what is awaited now."""
        self.choose_buttons()  # before the corner changes: old buttons beside a new primary could widen a small window
        if self.pack is not None and self.judged is not None:
            self.body.show_pack(self.pack, self.judged, self.facts)
            self._show_stopped(self.judged.stop) if self.judged.stop is not None else self._show_good_pack(self.pack)
        elif self.order is not None and self.pack is None:
            self._show_lines(self.order)
        elif self.pack is None:
            self._show_orders()
        self.note("")

    def _context(self, *more: Words) -> Words:
        """Where we are: Receiving, order and line, then what is said; who began it when it was somebody else."""
        parts: list[Words] = [Phrase("Receiving")]
        if self.order is not None:
            code, line = self.order.code.removeprefix("PO"), self.facts.line if self.facts is not None else None
            parts.append(Phrase("PO {code} line {no}", code=code, no=line.no) if line is not None else Phrase("PO {code}", code=code))
        begun = self.draft().get("pack" if self.pack is not None else "order")
        if begun is not None and self.who is not None and begun.by != self.who.login:
            parts.append(Phrase("begun by {who}", who=begun.by))
        said = parts[0]
        for part in (*parts[1:], *more):
            said = Phrase("{first} • {rest}", first=said, rest=part)
        return said

    def _show_orders(self) -> None:
        found = self.desk
        self.body.show_orders(found.orders if found is not None else (), found.today if found is not None else None)
        self.body.show_steps(
            (State.HERE, Phrase("Scan the order"), Phrase("on the delivery note")),
            (State.TO_DO, Phrase("Scan a pack"), ""),
            (State.TO_DO, Phrase("Scan a quarantine location"), ""),
        )
        self.say_next(Phrase("Scan the order on the delivery note."), self._context())
        self.await_scan(Phrase("Waiting for an order"), Phrase("or a pack, if one order wants it"))

    def _show_lines(self, order: OrderRow) -> None:
        last = self.delivery.last if self.delivery is not None else None
        if last is not None:
            self.show_last(last)
        self.body.show_lines(order, received=last is not None, weighing=self.is_weighing)
        self.body.show_steps(
            (State.HERE, Phrase("Scan a pack"), Phrase("its GS1 code says item, lot, expiry and quantity")),
            (State.TO_DO, Phrase("Scan a quarantine location"), ""),
            (State.TO_DO, Phrase("Quarantine until inspection"), ""),
        )
        done = not any(line.is_open for line in order.lines)
        sentence = Phrase("Everything of this order is here. Scan the next order.") if done else Phrase("Scan the next pack.")
        if self.is_weighing:
            sentence = Phrase("Put the container on the scale, or scan the next pack.")
        self.say_next(sentence, self._context(self._said) if self._said else self._context())
        if not self.weighing_takes_corner():
            awaited = Phrase("Waiting for an order") if done else Phrase("Waiting for a pack")
            self.await_scan(awaited, Phrase("two scans per pack"))

    def _show_good_pack(self, pack: Pack) -> None:
        facts = self.facts
        if facts is None or facts.line is None or pack.quantity is None:
            return
        how_much = amount(replace(facts.line.ordered, value=pack.quantity))
        free = (
            Phrase("suggested {place}, empty", place=facts.place.code)
            if facts.place is not None
            else Phrase("no quarantine place is empty")
        )
        steps: list[tuple[State, Words, Words]] = [
            (State.PASS, Phrase("Pack scanned"), ""),
            (State.HERE, Phrase("Scan a quarantine location"), free),
        ]
        if pack.trouble is not None:
            steps.append((State.ATTENTION, Phrase("A discrepancy is opened"), pack.trouble))
        self.body.show_steps(*steps, (State.TO_DO, Phrase("Quarantine until inspection"), ""))
        sentence = Phrase("Scan the location where you put the {quantity}.", quantity=how_much)
        self.say_next(sentence, self._context(Phrase("one scan done, one to go")), (State.WAITING, Phrase("quarantine")))
        self.await_scan(Phrase("Waiting for a location"), free)

    def _show_stopped(self, stop: Stop) -> None:
        sentence: Words = Phrase("Put this pack on the red shelf, then scan the next pack.")
        awaited: Words = Phrase("Scan the next pack")
        if isinstance(stop.error, NoOrderYet):
            sentence, awaited = Phrase("Scan the order on the delivery note."), Phrase("Waiting for an order")
        elif isinstance(stop.error, UnreadablePack):
            sentence = Phrase("Scan the pack again, or another code on it.")
        no = self.facts.packs + 1 if self.facts is not None else None
        where = self._context(Phrase("pack {no}", no=no)) if no is not None and self.order is not None else self._context()
        self.say_next(sentence, where, (State.FAIL, Phrase("not received")))
        self.await_scan(awaited, Phrase("a good scan clears the message"))

    def await_scan(self, awaited: Words, suggestion: Words) -> None:
        """A scan is the next act; Enter does nothing."""
        self.slot.await_scan(awaited, suggestion)
        self.put_in_corner(self.slot)
