"""Receive: the order, then two scans per pack; whatever does not fit is said before the second one."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent

from app.base.errors import AppError
from app.base.phrases import Phrase
from app.core.command import Permission
from app.core.feed import Change
from app.core.refusals import RecordBusy
from app.core.session import Who
from app.devices.events import Scan
from app.receiving.commands import Received, ReceiveLot
from app.receiving.queries import OrderRow, PackFacts, facts_of_pack
from app.receiving.rules import NotAQuarantineLocation, UnknownLocation, UnknownOrder
from app.scanning.result import Scanned
from ui.kit import ScanSlot, State, Words
from ui.receiving.acts import Acts
from ui.receiving.body import ReceiveBody
from ui.receiving.desk import Delivery, Desk, delivery, desk
from ui.receiving.pack import KEYBOARD, Pack, new_pack, pack_from
from ui.receiving.pack_check import Judged, judge, judge_again, judge_unreadable
from ui.receiving.rules import NoPackYet, PackStopped
from ui.receiving.showing import Showing
from ui.receiving.weighing import Weighing
from ui.shell.hooks import Context
from ui.shell.screen import Notice, Screen, screen

PACK_KINDS = frozenset({"gs1", "ean", "digital_link", "hibc", "ma", "gbt33993", "iccbba"})


@screen(
    key="receiving.receive",
    title="Receive",
    workbench="receive",
    permission=Permission.RECEIVE_MATERIAL,
    scans=("purchase_order", *sorted(PACK_KINDS)),
)
class ReceiveScreen(Showing, Weighing, Acts, Screen):
    """Order → pack → location. A pack in hand and its identity live in the draft until the receipt is known."""

    help = "Scan the order, then each pack and the place where you put it. A refused pack goes to the red shelf; nothing of it is booked."

    def build(self) -> None:
        """Panels, buttons, and an ear for which scanner it was."""
        self.order: OrderRow | None = None
        self.pack: Pack | None = None
        self.facts: PackFacts | None = None
        self.judged: Judged | None = None
        self.delivery: Delivery | None = None
        self.desk: Desk | None = None
        self.received_at: dict[str, str] = {}
        """Location by container, for receipts made here since the screen was opened."""
        self._wanted: str | None = None
        self._person = ""
        self._busy = False
        self._waiting: deque[Scanned] = deque()
        self._heard: dict[str, str] = {}
        self._said: Words = ""
        self.body = ReceiveBody(site=self.where.site_code, ask_quality=self.press_ask)
        self.lay_out(self.body)
        self.body.orders.table.opened.connect(self.open_order)
        self.make_buttons()
        self.make_weighing()
        self.slot = ScanSlot(Phrase("Waiting for an order"))
        self.bridge.ear.scan.connect(self._hear)

    # coming and going -------------------------------------------------------------------------------------------------------------

    def opened(self, context: Context) -> None:
        """Go on where this person stopped; a scan that opened the screen follows by itself."""
        login = self.who.login if self.who is not None else ""
        same = self._person == login
        pack, wanted = (self.pack, self._wanted) if same else (None, None)  # nearer than the draft, which may still be on its way
        self.order = self.facts = self.judged = self.delivery = None
        self._person, self.pack, self._wanted, self._busy, self._said = login, pack, wanted, False, ""
        self._waiting.clear()
        self.stop_weighing()
        self.show_state()
        self.ask(partial(desk, site=self.where.site, station=self.shell.station), self._desk_came)
        if context:
            self.remember()  # one draft for the desk, whatever opened the screen
        if isinstance(context.get("order"), str):
            self.open_order(context["order"])
        elif pack is not None:
            self.keep_pack()
            self.check_pack()
        elif wanted is not None:
            self.open_order(wanted)

    def left(self) -> None:
        """The scale is not asked any more."""
        self.stop_weighing()

    def on_draft(self) -> None:
        """Order and pack of before, the pack with its own identity, so that a receipt whose reply was lost is not posted twice."""
        kept = self.draft()
        order, pack = kept.get("order"), kept.get("pack")
        if self.pack is not None or self._busy:
            return
        self._wanted = order.value if order is not None else self._wanted
        if pack is not None and pack.value is not None:
            self.pack = pack_from(pack.value)
            self.check_pack()
        elif self._wanted is not None:
            self.open_order(self._wanted)

    def on_person(self, who: Who) -> None:
        """Somebody else goes on: their own last receipt is the one they may undo."""
        self.refresh()

    def on_changes(self, changes: Sequence[Change]) -> None:
        """Somebody received or took back; what is open is another amount."""
        if self.pack is None and any(change.table in {"receipt", "receipt_undo", "weighing", "purchase_order"} for change in changes):
            self.refresh()

    def _desk_came(self, found: Desk) -> None:
        self.desk = found
        self.body.decide.show_people(found.quality)
        if self.order is None and self.pack is None:
            self.show_state()

    def refresh(self) -> None:
        """Ask again what stands on record of the open order, or which orders are open."""
        if self.order is not None and self.who is not None:
            self.ask(partial(delivery, code=self.order.code, person=self.who, site=self.where.site), self._delivery_came)
        else:
            self.ask(partial(desk, site=self.where.site, station=self.shell.station), self._desk_came)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The compact bar has shorter words."""
        super().resizeEvent(event)
        if self.is_shown:
            self.choose_buttons()
            self.note("")

    # scans ------------------------------------------------------------------------------------------------------------------------

    def on_scan(self, scanned: Scanned) -> bool:
        """Orders, packs and locations are ours; the rest goes to whoever owns it."""
        if scanned.what not in {"purchase_order", "location"} and (scanned.what is not None or scanned.kind not in PACK_KINDS):
            return False
        if isinstance(self.shell.frame.sheet, self.own_sheets):
            self.close_sheet()
        self._waiting.append(scanned)
        self._go_on()
        return True

    def on_bad_scan(self, scanned: Scanned) -> bool:
        """A supplier's code that broke its rules is shown as far as it could be read; nothing of it is used."""
        if scanned.kind not in PACK_KINDS:
            return False
        self._waiting.append(scanned)
        self._go_on()
        return True

    def _hear(self, scan: Scan) -> None:
        """The router tells what was scanned; which scanner it was is told here, right after it."""
        raw = scan.text.rstrip("\r\n")
        if self.pack is not None and self.pack.scanned.raw == raw:
            self.pack = replace(self.pack, scanner=scan.device)
            self.keep_pack()
            if self.judged is not None:
                self.show_state()
        elif any(one.raw == raw for one in self._waiting):
            self._heard[raw] = scan.device

    def _go_on(self) -> None:
        while self._waiting and not self._busy:
            scanned = self._waiting.popleft()
            if scanned.what == "purchase_order":
                self.open_order(scanned.code or "")
            elif scanned.what == "location":
                self.put_at(scanned.code or "", typed=False)
            else:
                self._take_pack(scanned)

    # the order --------------------------------------------------------------------------------------------------------------------

    def open_order(self, code: str) -> None:
        """Read an order; a pack in hand is checked against it."""
        self._wanted, self._busy, self._said = code, True, ""
        self.keep_draft(order=code)
        self.stop_weighing()
        self.ask(partial(delivery, code=code, person=self.who, site=self.where.site), partial(self._order_came, code), self._not_asked)

    def _order_came(self, code: str, found: Delivery) -> None:
        self._busy = False
        if found.order is None:
            self._wanted = self.order.code if self.order is not None else None
            self.keep_draft(order=self._wanted)
            self.show_state()
            self.refuse(UnknownOrder(order=code), read=code, expected=Phrase("an order of this site"))
            self.restate_scan(State.FAIL, Phrase("Refused: order {order}", order=code))
        elif self.pack is not None and self.pack.scanned.error is None:
            self.order, self.delivery = found.order, found
            self.check_pack()
        else:
            if self.pack is not None:  # it could not be read: nothing of it can be checked against another order
                self.pack = self.facts = self.judged = None
                self.keep_pack()
                self.clear_banner()
            self._delivery_came(found)
        self._go_on()

    def _delivery_came(self, found: Delivery) -> None:
        if found.order is None or (self._wanted is not None and found.order.code != self._wanted):
            return
        self.order, self.delivery = found.order, found
        if self.pack is None:
            self.show_state()
            if not any(line.is_open for line in found.order.lines):
                self.drop_draft()  # nothing is begun here any more

    # the pack ---------------------------------------------------------------------------------------------------------------------

    def _take_pack(self, scanned: Scanned) -> None:
        self.pack = new_pack(scanned, self._heard.pop(scanned.raw, KEYBOARD))
        self._said = ""
        self.facts = self.judged = None  # what was said of the pack before is not true of this one
        self.stop_weighing()
        self.keep_pack()
        if scanned.error is not None:
            self.judged = judge_unreadable(self.pack, self.shell.zone)
            self.show_state()
            self.say_stop(fresh=True)
        else:
            self.check_pack(fresh=True)

    def keep_pack(self) -> None:
        """As this person's draft, until the receipt is known."""
        kept = self.pack.kept() if self.pack is not None else {"pack": None}
        self.keep_draft(order=self._wanted, **kept)

    def check_pack(self, refused: AppError | None = None, *, fresh: bool = False) -> None:
        """Ask what is on record about the pack and judge it.

        Args:
            refused: What the command refused although the check had let it pass.
            fresh: It is the last scan: the strip says what came of it.
        """
        pack = self.pack
        if pack is None:
            return
        if pack.scanned.error is not None:
            self.facts, self.judged = None, judge_unreadable(pack, self.shell.zone)
            self.show_state()
            return
        self._busy = True
        gtin, lot = pack.gtin or "", pack.lot
        question = partial(facts_of_pack, order=self._wanted, gtin=gtin, supplier_lot=lot, site=self.where.site)
        self.ask(question, partial(self._facts_came, refused, fresh), self._not_asked)

    def _facts_came(self, refused: AppError | None, fresh: bool, facts: PackFacts) -> None:
        self._busy = False
        if self.pack is None:
            return
        self.facts = facts
        if facts.order is not None and self._wanted is None:
            self._wanted = facts.order.code
            self.keep_draft(order=self._wanted)
        self.order = facts.order or self.order
        zone = self.shell.zone
        self.judged = judge(self.pack, facts, zone) if refused is None else judge_again(self.pack, facts, refused, zone)
        self.show_state()
        if self.judged.stop is not None:
            self.say_stop(fresh=fresh)
        else:
            self.clear_banner()
            if fresh and facts.item is not None:
                words = Phrase(
                    "Pack of {quantity} × {item}, lot {lot}", quantity=self.pack.quantity, item=facts.item.code, lot=self.pack.lot
                )
                self.restate_scan(State.PASS, words)
        self._go_on()

    def _not_asked(self, error: AppError) -> None:
        self._busy = False
        self.refuse(error)

    def say_stop(self, *, fresh: bool = False, quietly: bool = False) -> None:
        """What stopped the pack, in one sentence; read against what is on record where there are two values."""
        stop = self.judged.stop if self.judged is not None else None
        if stop is None:
            return
        blocks: tuple[tuple[Words, Words], ...] = ()
        if stop.expected:
            read = ((Phrase("read"), stop.read),) if stop.read else ()
            blocks = (*read, (stop.expected_name, stop.expected))
        line = Phrase("Rule {rule}. {next}", rule=stop.error.code, next=stop.error.next)
        self.notify(Notice(state=State.FAIL, heading=stop.heading or stop.error.what, line=line, blocks=blocks))
        if quietly:
            return
        self.body.decide.not_asked()
        self.shell.tones.stop()
        if fresh:
            lot = self.pack.lot if self.pack is not None else None
            self.restate_scan(State.FAIL, Phrase("Refused: lot {lot}, {why}", lot=lot or "–", why=stop.word))

    # the location -----------------------------------------------------------------------------------------------------------------

    def put_at(self, code: str, *, typed: bool) -> None:
        """The second scan posts the pack."""
        pack, judged, line = self.pack, self.judged, self.facts.line if self.facts is not None else None
        if pack is None or judged is None:
            self.refuse(NoPackYet(location=code), read=code, expected=Phrase("a pack"))
            self.restate_scan(State.FAIL, Phrase("Refused: location {location} before a pack", location=code))
            return
        if judged.stop is not None or line is None:
            self.notify(Notice.of(PackStopped()))
            self.shell.tones.stop()
            self.restate_scan(State.FAIL, Phrase("Refused: location {location} for a refused pack", location=code))
            return
        self._busy = True
        order = pack.receipt_at(code, line, typed=typed, printer=self.printer)
        self.submit(order, done=partial(self._received, order), refused=partial(self._not_received, code), busy=Phrase("Receiving"))
        self.slot.await_scan(Phrase("Receiving"), code)

    def _received(self, order: ReceiveLot, answer: Received) -> None:
        pack, facts = self.pack, self.facts
        self._busy = False
        unit = facts.line.item.unit if facts is not None and facts.line is not None else ""
        self._said = self.received_words(order, answer, unit)
        self.received_at[answer.container_code] = order.location
        self.pack = self.facts = self.judged = None
        self.keep_pack()
        self.restate_scan(State.PASS, self._said)
        if pack is not None and pack.trouble is not None:
            self.open_trouble_of(pack, answer)
        self.begin_weighing(answer)
        self.show_state()
        QTimer.singleShot(0, self, self.refresh)  # after the sentence is drawn: what is read again would take the window its time
        self._go_on()

    def _not_received(self, place: str, error: AppError) -> None:
        self._busy = False
        if isinstance(error, UnknownLocation | NotAQuarantineLocation):
            free = self.facts.place if self.facts is not None else None
            self.show_state()
            self.refuse(error, read=place, expected=free.code if free is not None else Phrase("a quarantine location"))
            self.restate_scan(State.FAIL, Phrase("Refused: location {location}", location=place))
            self._go_on()
        elif isinstance(error, RecordBusy):
            self.show_state()
            self.refuse(error)
            self._go_on()
        else:
            self.check_pack(error)

    # for the strip and the keyboard ----------------------------------------------------------------------------------------------

    def restate_scan(self, state: State, words: Words) -> None:
        """What came of the last scan is known only now: the strip and the list of the last five say it."""
        last = self.shell.router.last
        if last:
            last[0] = replace(last[0], state=state, words=words)
            self.shell.show_last_scan(last[0])

    def on_key(self, key: int) -> bool:
        """F5 is printed on its button; here it also serves while the button is folded away."""
        if key == Qt.Key.Key_F5:
            self.read_again()
            return True
        return False
