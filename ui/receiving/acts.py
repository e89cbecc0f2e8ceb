"""What a receiver may do besides scanning: type what cannot be scanned, count, undo, say what is wrong, ask Quality, see the evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt

from app.base.ids import new_id
from app.base.measurement import Quantity
from app.base.phrases import Phrase
from app.core.subject import Subject
from app.deviations.commands import OpenDeviation
from app.receiving.commands import AskToDecide, Received, ReceiveLot, UndoReceipt
from app.receiving.queries import LastReceipt
from ui.kit import Button, Sheet, State, Words
from ui.receiving import sheets
from ui.receiving.evidence import of_pack, of_receipt
from ui.receiving.pack import Pack, counted
from ui.receiving.pack_check import QUANTITY, amount
from ui.receiving.rules import NotACount, ReasonWanted
from ui.shell.screen import BAR_HEIGHT, Evidence, Notice

if TYPE_CHECKING:
    from ui.receiving.body import ReceiveBody
    from ui.receiving.desk import Delivery
    from ui.receiving.pack_check import Judged


class Acts:
    """Part of the receiving screen: its buttons and sheets."""

    body: ReceiveBody
    delivery: Delivery | None
    pack: Pack | None
    judged: Judged | None
    own_sheets: tuple[type[Sheet], ...] = (sheets.LineSheet, sheets.TroubleSheet)
    """A scan closes these; the shell's own sheets stay."""

    def make_buttons(self) -> None:
        """Once; `choose_buttons` says which of them stand."""
        self.typed_place = self._button(Phrase("Type a location"), self._type_location)
        self.typed_order = self._button(Phrase("Type the order"), self._type_order)
        self.count = self._button(Phrase("Change quantity"), self._change_quantity)
        self.wrong = self._button(Phrase("Short or damaged"), self._short_or_damaged, icon="camera")
        self.discrepancy = self._button(Phrase("Open a discrepancy"), self._refused_discrepancy, icon="deviate")
        self.undo = self._button(Phrase("Undo last receipt"), self._undo, icon="undo")
        self.again = self._button(Phrase("Read again"), self.read_again, icon="scan", key=Qt.Key.Key_F5)

    def _button(self, words: Words, act: Any, *, icon: str | None = None, key: Qt.Key | None = None) -> Button:
        made = Button(words, icon=icon, key=key, height=BAR_HEIGHT)
        made.clicked.connect(partial(self._press, made, act))
        return made

    def choose_buttons(self) -> None:
        """Choose them for what stands on the screen, Back first; whoever fills the corner next shows them."""
        compact = self.body.compact
        self.count.tell(Phrase("Quantity") if compact else Phrase("Change quantity"))
        self.typed_place.tell(Phrase("Type location") if compact else Phrase("Type a location"))
        self.undo.tell(Phrase("Undo") if compact else Phrase("Undo last receipt"))
        self.discrepancy.tell(Phrase("Discrepancy") if compact else Phrase("Open a discrepancy"))
        stop = self.judged.stop if self.judged is not None else None
        undo = [self.undo] if self.delivery is not None and self.delivery.last is not None else []
        if self.pack is None:
            lefts = [*undo, self.wrong] if undo else []
            rights = [] if self.is_weighing and compact else [self.typed_order]
        elif stop is None:
            lefts, rights = [self.count, self.wrong], [self.typed_place]
        else:
            known = self.facts is not None and self.facts.known is not None
            lefts = [*undo, self.again, *([self.count] if stop.wrong == QUANTITY else [])]
            rights = [self.discrepancy] if known else []
        self.face.lefts[1:], self.face.rights[:] = lefts, rights

    def take_line(self, act: Any, text: str) -> Words | None:
        """Close the sheet and act; an empty line is no entry."""
        if not text:
            return Phrase("Write something first.")
        self.close_sheet()
        act(text)
        return None

    # typed where a scan was expected ----------------------------------------------------------------------------------------------

    def _type_location(self) -> None:
        self.open_sheet(sheets.type_location(partial(self.take_line, self._typed_location)))

    def _typed_location(self, text: str) -> None:
        self.put_at(text.upper().removeprefix("LOC:"), typed=True)

    def _type_order(self) -> None:
        self.open_sheet(sheets.type_order(partial(self.take_line, self._typed_order)))

    def _typed_order(self, text: str) -> None:
        code = text.upper().replace(" ", "")
        self.open_order(code if code.startswith("PO") else f"PO{code}")

    def _change_quantity(self) -> None:
        self.open_sheet(sheets.change_quantity(self._counted))

    def _counted(self, text: str) -> Words | None:
        number = counted(text)
        if number is None or self.pack is None:
            return NotACount(typed=text or "–").what
        self.close_sheet()
        self.pack = replace(self.pack, typed_quantity=number)
        self.keep_pack()
        self.check_pack()
        return None

    # undo -------------------------------------------------------------------------------------------------------------------------

    def _undo(self) -> None:
        last = self.delivery.last if self.delivery is not None else None
        if last is not None:
            self.open_sheet(sheets.undo_receipt(last.receipt.container_code, partial(self._undo_because, last)))

    def _undo_because(self, last: LastReceipt, reason: str) -> Words | None:
        if not reason:
            return ReasonWanted().what
        self.close_sheet()
        order = UndoReceipt(command_id=new_id(), receipt=last.receipt.id, reason=reason)
        self.submit(order, reason=reason, done=partial(self._undone, last))
        return None

    def _undone(self, last: LastReceipt, _: None) -> None:
        quantity = amount(Quantity(last.receipt.quantity, last.lot.balance.unit))
        self.stop_weighing()
        self._said = Phrase("Taken back: {quantity} of lot {lot}, container {container}.", quantity=quantity, lot=last.lot.code,
                            container=last.receipt.container_code)  # fmt: skip
        self.delivery = replace(self.delivery, last=None) if self.delivery is not None else None
        self.show_state()
        self.refresh() if self.pack is None else self.check_pack()

    # short, damaged, refused ------------------------------------------------------------------------------------------------------

    def _short_or_damaged(self) -> None:
        if self.pack is not None:
            self.open_sheet(sheets.TroubleSheet(self.pack.trouble or "", self.pack.trouble_class, received=False, take=self._keep_trouble))
            return
        last = self.delivery.last if self.delivery is not None else None
        if last is not None:
            take = partial(self._open_trouble, last.receipt.id, last.lot.id, last.receipt.raw)
            self.open_sheet(sheets.TroubleSheet("", None, received=True, take=take))

    def _keep_trouble(self, text: str, class_: str) -> None:
        self.close_sheet()
        if self.pack is not None:
            self.pack = replace(self.pack, trouble=text, trouble_class=class_)
            self.keep_pack()
            self.show_state()

    def open_trouble_of(self, pack: Pack, received: Received) -> None:
        """What was kept with the pack is opened on its receipt."""
        if pack.trouble is not None and pack.trouble_class is not None:
            self._open_trouble(received.receipt, received.lot, pack.scanned.raw.encode("latin-1"), pack.trouble, pack.trouble_class)

    def _open_trouble(self, receipt: Any, lot: Any, raw: bytes, text: str, class_: str) -> None:
        self.close_sheet()
        self._deviate(Subject(kind="lot", id=lot, version=1), "receipt", receipt, {"raw": raw.decode("latin-1")}, class_, text)

    def _refused_discrepancy(self) -> None:
        self.open_sheet(sheets.TroubleSheet("", None, received=True, take=self._open_refused))

    def _open_refused(self, text: str, class_: str) -> None:
        self.close_sheet()
        pack, facts, stop = self.pack, self.facts, self.judged.stop if self.judged is not None else None
        if pack is None or facts is None or facts.known is None or stop is None:
            return
        told = {"rule": stop.error.code, "raw": pack.scanned.raw}
        subject = Subject(kind="lot", id=facts.known.id, version=facts.known.version)
        self._deviate(subject, "other", pack.command_id, told, class_, text)

    def _deviate(self, subject: Subject, cause: str, cause_id: Any, facts: dict[str, Any], class_: str, text: str) -> None:
        order = OpenDeviation(
            command_id=new_id(),
            id=new_id(),
            subject=subject,
            cause_kind=cause,
            cause_id=cause_id,
            kind="discrepancy",
            facts=facts,
            class_=class_,
            what_happened=text,
        )
        self.submit(order, done=self._deviation_is_open)

    def _deviation_is_open(self, code: str) -> None:
        heading = Phrase("Discrepancy {code} is open.", code=code)
        line = Phrase("A supervisor decides. Go on with the next pack.")
        self.notify(Notice(state=State.ATTENTION, heading=heading, line=line))

    def press_ask(self) -> None:
        """The button in the panel: busy until the answer came, as the buttons of the bar."""
        self._press(self.body.decide.ask, self._ask_quality)

    def _ask_quality(self) -> None:
        pack, stop = self.pack, self.judged.stop if self.judged is not None else None
        if pack is None or stop is None or self.order is None:
            return
        item = self.facts.item if self.facts is not None else None
        order = AskToDecide(
            command_id=pack.question_id,
            order=self.order.id,
            rule=stop.error.code,
            item=item.code if item is not None else pack.gtin or "–",
            supplier_lot=pack.lot or "–",
            raw=pack.scanned.raw.encode("latin-1"),
        )
        self.submit(order, done=self._asked, refused=self.refuse)

    def _asked(self, _: None) -> None:
        self.say_stop(quietly=True)  # the refusal stands until the next good scan
        self.body.decide.was_asked()

    def read_again(self) -> None:
        """F5: ask the record again about the pack, or the scale about the weight."""
        self.check_pack() if self.pack is not None else self.ask_scale()

    @property
    def printer(self) -> str | None:
        """Where labels of containers come out, else the printer of this station; ``None``: the label waits as PDF."""
        routed = self.desk.route if self.desk is not None else None
        return routed or self.device_of_kind("printer")

    # what is said -----------------------------------------------------------------------------------------------------------------

    def received_words(self, order: ReceiveLot, answer: Received, unit: str) -> Words:
        """What was received, where, and its label, in one sentence."""
        facts = {
            "quantity": amount(Quantity(order.quantity, unit)),
            "lot": answer.lot_code,
            "container": answer.container_code,
            "place": order.location,
        }
        if order.printer is None:
            return Phrase("Received {quantity} as lot {lot} at {place}, container {container}.", **facts)
        return Phrase("Received {quantity} as lot {lot} at {place}, label {container} at {printer}.", printer=order.printer, **facts)

    def show_last(self, last: LastReceipt) -> None:
        """The last receipt at the right."""
        place = self.received_at.get(last.receipt.container_code)
        self.body.receipt.show_receipt(last, place=place, printer=self.printer if place else None, zone=self.shell.zone)

    def evidence(self) -> Sequence[Evidence]:
        """F4: where the quantity comes from."""
        if self.pack is not None:
            line = self.facts.line if self.facts is not None else None
            return of_pack(self.pack, line.item.unit if line is not None else "", self.shell.zone)
        if self.delivery is None or self.delivery.last is None:
            return ()
        here = self.delivery.last.receipt.container_code in self.received_at
        return of_receipt(self.delivery.last, self.delivery.received_by, self.where.code if here else None, self.shell.zone)
