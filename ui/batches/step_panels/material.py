"""Material: a container is scanned, checked, counted or weighed, and taken; bound to a unit or a sub-lot where the record says so."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent

from app.base.errors import AppError
from app.base.ids import new_id
from app.base.measurement import Limits, Quantity, Reading
from app.base.phrases import Phrase, group_thousands
from app.batches.commands import ConsumeMaterial, UndoConsumption
from app.batches.step_facts import ConsumptionRow
from app.batches.step_scans import ContainerFound, UnitFound, container_for_step, unit_for_step
from app.batches.weighing import ConsumedWhere, consume_weighed
from app.devices.events import DeviceState, Trouble
from app.scanning.result import Scanned
from app.typed.commands import TypeWeight
from app.typed.queries import TypedRow
from ui.batches.step_panels.bound_words import BOUND, UnitWords
from ui.batches.step_panels.panel import Act, Awaited, Corner, count_runs
from ui.batches.step_panels.typing_in import TypingIn, ask_weight, give_typed, typed_now
from ui.batches.step_panels.units import UnitSteps, serial_of
from ui.batches.step_panels.weighing import WATCH_EVERY_S, WeighedNet
from ui.batches.step_rows import AskedLine, AskedRows
from ui.batches.step_rules import NoScaleHere
from ui.batches.step_words import clock_of
from ui.kit import Button, Label, NumberEntry, Panel, ProgressBar, ReasonSheet, Recorded, Run, Runs, State, Type, Words, theme
from ui.typed.verifying import ToVerify

_DRAFT = "quantity"
LOW = 640
"""Lower than this, what is in the hand has the room of the list and of the second line."""


class MaterialPanel(UnitSteps):
    """Nothing is taken silently: a count is shown and confirmed; what goes into one unit is what the record prescribes for it."""

    def build(self) -> None:
        self.found: ContainerFound | None = None
        self.raw = b""
        self.limits: Limits | None = None
        """Of the weight that is awaited."""
        self.unit: UnitFound | None = None
        self._chosen: str | None = None
        self.need = Panel("", "")
        self.taken, self.bar = Runs(), ProgressBar(height=28)
        self.need.body.addWidget(self.taken)
        self.need.body.addWidget(self.bar)
        self.list = AskedRows()
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.opened.connect(self.choose_row)
        self.list_panel = Panel(Phrase("Taken for this step"), "", padding=0)
        self.list_panel.body.addWidget(self.list)
        self.hand_panel = Panel(padding=16)
        self.held = Label("", Type.VALUE, bold=True, wrap=True)
        self.facts = Label("", ink="ink2", wrap=True)
        self.entry = NumberEntry("", unit="", places=None, limits=None, soft=None)
        self.entry.set_flat(True)
        self.entry.edit.textEdited.connect(lambda text: self.screen.keep_draft(**{_DRAFT: text}))
        self.entry.edit.textChanged.connect(lambda _: self._written())  # after the entry has read it; `textEdited` comes before
        self.weighed = WeighedNet()
        for part in (self.held, self.facts, self.entry, self.weighed):
            self.hand_panel.body.addWidget(part)
        self.rows.addWidget(self.need)
        self.rows.addWidget(self.list_panel, 1)
        self.rows.addWidget(self.hand_panel)
        self.back = self.offer(Phrase("Take back"), self._ask_back, icon="undo", key=Qt.Key.Key_F8)
        self.tare = self.offer(Phrase("Take the tare"), self._take_tare, icon="scale", key=Qt.Key.Key_F7)
        self.typing = TypingIn(self, self._type_weight)
        self.others = {bound: self.offer(words.other, self._forget_unit) for bound, words in BOUND.items()}

    def begin(self) -> None:
        self._empty_hand()
        self.unit, self._chosen = None, None

    def left(self) -> None:
        self._watch(None)

    # what the step wants ----------------------------------------------------------------------------------------------------------

    @property
    def bound(self) -> UnitWords | None:
        """How a piece is spoken of that gets its own, a unit or a sub-lot; ``None``: the batch takes it as a whole."""
        return BOUND.get(self.step.spec["bound_to"])

    @property
    def is_bound(self) -> bool:
        """Whether every unit, or every sub-lot, gets its own."""
        return self.bound is not None

    @property
    def is_weighed(self) -> bool:
        return bool(self.step.spec["by"] == "weigh")

    @property
    def unit_of_measure(self) -> str:
        return str(self.step.spec["unit"])

    @property
    def per_unit(self) -> Decimal:
        """How much the piece in the hand still gets: what the record prescribes for it, less what it has."""
        return self.unit.wanted - self.unit.consumed if self.unit is not None else Decimal(self.step.spec["quantity"])

    @property
    def is_full(self) -> bool:
        """Whether nothing more is wanted: the whole demand is there, or every unit has its part."""
        if self.is_bound:
            return self.view is not None and self.view.batch.units > 0 and self.step.next_unit is None and self.step.missing is None
        return self.step.consumed >= self.step.demand

    # drawing ----------------------------------------------------------------------------------------------------------------------

    def show_step(self) -> None:
        step, unit = self.step, self.unit_of_measure
        self.need.tell(step.spec["item"], Phrase("{quantity} wanted", quantity=Quantity(step.demand, unit)))
        of = Phrase("of {quantity}", quantity=Quantity(step.demand, unit))
        figure = Run(group_thousands(step.consumed), kind=Type.VERDICT, bold=False)
        self.taken.tell(figure, Run(" "), Run(of, ink="ink2"))
        adding = (self.found is not None and self.entry.value) or Decimal(0)
        whole = step.demand or Decimal(1)
        self.bar.show_parts(Fraction(step.consumed / whole), Fraction(adding / whole))
        self.list.show_lines([*(self._typed_line(one) for one in step.typed), *(self._line(one) for one in step.consumptions)], None)
        self.list_panel.tell(Phrase("Taken for this step"), str(sum(1 for one in step.consumptions if one.undone is None)))
        self._show_hand()

    def _line(self, one: ConsumptionRow) -> AskedLine:
        lot = Phrase("{lot} • {container}", lot=one.lot, container=one.container)
        name = lot
        if one.sublot_code is not None:
            name = Phrase("{lot} • sub-lot {sublot}", lot=lot, sublot=one.sublot_code)
        elif one.unit_serial is not None:
            name = Phrase("{lot} • unit {unit}", lot=lot, unit=one.unit_serial)
        back = one.undone is not None
        state = State.TO_DO if back else State.HERE if str(one.id) == self._chosen else State.PASS
        time = clock_of(one.at, self.screen.shell.zone)
        when = (
            Phrase("taken back: {reason}", reason=one.undone) if back else Phrase("{quantity} at {time}", quantity=one.quantity, time=time)
        )
        return AskedLine(key=str(one.id), state=state, name=name, recorded=Recorded(now=when, typed=one.typed is not None), struck=back)

    def _typed_line(self, one: TypedRow) -> AskedLine:
        """A typed weight without its second person: nothing went in yet."""
        shown = Recorded(now=Phrase("{quantity}", quantity=one.quantity), typed=True)
        return AskedLine(key=str(one.id), state=State.WAITING, name=Phrase("waits for a second person"), recorded=shown)

    def entry_in_hand(self) -> ConsumptionRow | None:
        """What was taken: the chosen row, the row of the keyboard, else the newest."""
        rows = {str(one.id): one for one in self.step.consumptions}
        newest = self.step.consumptions[0] if self.step.consumptions else None
        return rows.get(self._chosen or "") or rows.get(self.list.key_at or "") or newest

    def choose_row(self, key: str) -> None:
        self._chosen = None if key == self._chosen else key
        self.show_step()
        self.touched.emit()

    @property
    def _is_low(self) -> bool:
        return self.screen.height() < theme.px(LOW)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another glass: what gives way is another."""
        super().resizeEvent(event)
        if self.view is not None:
            self._show_hand()

    def _show_hand(self) -> None:
        found = self.found
        in_hand = self.runs and (found is not None or self.unit is not None)
        self.hand_panel.setVisible(in_hand)
        # An empty list is no list, and on small glass what is in the hand comes first.
        self.list_panel.setVisible(bool(self.step.consumptions or self.step.typed) and not (in_hand and self._is_low))
        self.entry.setVisible(found is not None and not self.is_weighed)
        self.weighed.setVisible(found is not None and self.is_weighed)
        self.facts.setVisible(found is not None and not self._is_low)
        if found is not None:
            self.held.tell(
                Phrase("{item}, lot {lot}, container {container}", item=found.item_name, lot=found.lot_code, container=found.code)
            )
            self.facts.tell(Phrase("released • use by {day} • {left} in it", day=found.expires_on, left=found.left))
        elif self.unit is not None and self.bound is not None:
            self.held.tell(self.bound.gets(self.unit, Quantity(self.per_unit, self.unit_of_measure)))

    def _empty_hand(self) -> None:
        self.found, self.raw = None, b""
        self._watch(None)

    def _forget_unit(self) -> None:
        self.unit = None
        self._empty_hand()
        self.show_step()
        self.touched.emit()

    def counter(self) -> tuple[Run, ...]:
        if self.is_bound and self.view is not None:
            return count_runs(self.step.units_done, Phrase("of {n} units", n=self.view.batch.units))
        return count_runs(
            group_thousands(self.step.consumed), Phrase("of {quantity}", quantity=Quantity(self.step.demand, self.unit_of_measure))
        )

    # what is next -----------------------------------------------------------------------------------------------------------------

    def sentence(self) -> Words:
        if self.is_bound and self.units_to_make:
            return Phrase("Make the units first: every piece gets a serial.")
        if self.found is not None:
            if self.is_weighed:
                return Phrase("Put it on the scale of this station; the stable weight is taken.")
            return Phrase("How much of {lot} goes in?", lot=self.found.lot_code)
        if self.is_full:
            return Phrase("Finish the step.")
        if self.bound is not None:
            bound, item = self.bound, self.step.spec["item"]
            return bound.next_one(self.step.next_unit, self.step.missing) if self.unit is None else bound.wants(self.unit, item)
        return Phrase("Scan a container of {item}.", item=self.step.spec["item"])

    def corner(self) -> Corner:
        if self.is_bound and self.units_to_make:
            return self.make_act()
        if self.found is not None:
            return self._take_act()
        if self.is_full:
            return None
        if self.bound is not None and self.unit is None:
            return self.bound.awaited
        return Awaited(words=Phrase("Scan the component"), suggestion=Phrase("a container of {item}", item=self.step.spec["item"]))

    def _take_act(self) -> Act:
        if self.is_weighed:
            taken = self.weighed.taken
            words = Phrase("Take {quantity}", quantity=taken.net) if taken is not None else Phrase("Take the weight")
            return Act(words=words, act=self._take, why_not=self.weighed.why_not, icon="scale")
        value = self.entry.value
        if value is None or self.entry.refusal is not None:
            return Act(words=Phrase("Take it"), act=self._take, why_not=Phrase("nothing is entered yet"))
        why = None if value > 0 else Phrase("more than nothing is taken")
        return Act(words=Phrase("Take {quantity}", quantity=Quantity(value, self.unit_of_measure)), act=self._take, why_not=why)

    def wanted_buttons(self) -> Sequence[Button]:
        if not self.runs:
            return ()
        wanted = [self.back] if any(one.undone is None for one in self.step.consumptions) and self.found is None else []
        weighs = self.found is not None and self.is_weighed
        wanted += [self.tare] if weighs and self.weighed.tare is None and self.weighed.scale is not None else []
        wanted += [self.typing.type_it] if weighs else []
        wanted += [self.typing.verify, self.typing.withdraw] if self.found is None and self.step.typed else []
        return [*wanted, self.others[self.step.spec["bound_to"]]] if self.unit is not None else wanted

    # scans ------------------------------------------------------------------------------------------------------------------------

    def on_scan(self, scanned: Scanned) -> bool:
        bound = self.bound
        piece = scanned.code if bound is not None and scanned.what in bound.scanned else serial_of(scanned)
        if bound is not None and piece is not None:
            self.screen.ask(partial(unit_for_step, step=self.step.id, code=piece), self._unit_came)
            return True
        if scanned.what != "container" or scanned.code is None:
            return False
        if bound is not None and self.unit is None:
            self.screen.refuse(bound.comes_first(scanned.code))
            return True
        raw = scanned.raw.encode("latin-1")
        self.screen.ask(partial(container_for_step, step=self.step.id, code=scanned.code), partial(self._container_came, self.step.id, raw))
        return True

    def _unit_came(self, found: UnitFound) -> None:
        if found.consumed >= found.wanted and self.bound is not None:
            self.screen.refuse(self.bound.has_its_part(found))
            return
        self.screen.clear_banner()
        self.unit = found
        self._empty_hand()
        self.show_step()
        self.touched.emit()

    def _container_came(self, step: UUID, raw: bytes, found: ContainerFound) -> None:
        if not self.runs or self.step.id != step:
            return
        if found.refusal is not None:
            self._empty_hand()
            self.show_step()
            self.screen.refuse(found.refusal, read=found.item_name, expected=self.step.spec["item"])
            self.touched.emit()
            return
        self.screen.clear_banner()
        self.found, self.raw = found, raw
        if self.is_weighed:
            self._weigh()
        elif self.is_bound:
            self._give(min(self.per_unit, found.left.value))  # what it gets stands in the record and in the sentence: the scan takes it
            return
        else:
            self._ask_count()
        self.show_step()
        self.touched.emit()

    def _ask_count(self) -> None:
        found = self.found
        if found is not None:
            self.entry.ask(Phrase("How much goes in"), unit=self.unit_of_measure, places=None, limits=None, soft=None)
            proposed = min(self.step.still_wanted, found.left.value)
            kept = self.screen.draft().get(_DRAFT)
            written = kept.value if kept is not None and kept.value else None
            self.entry.set_text(written or f"{proposed.normalize():f}")
            self.entry.edit.selectAll()
            self.entry.setFocus()

    def _written(self) -> None:
        if self.found is not None:
            self.show_step()
            self.touched.emit()

    # scale ------------------------------------------------------------------------------------------------------------------------

    def _weigh(self) -> None:
        kinds = self.view.kinds if self.view is not None else {}
        scale = next((one.code for one in self.screen.shell.devices if kinds.get(one.code) == "scale"), None)
        if scale is None:
            self.screen.refuse(NoScaleHere())  # the container stays in the hand: what another scale showed may be typed
        wanted = self.per_unit if self.is_bound else self.step.still_wanted
        tolerance = Decimal(self.step.spec["tolerance"])
        least = max(wanted - tolerance, Decimal(0))
        self.limits = Limits(unit=self.unit_of_measure, lower=least, nominal=wanted, upper=wanted + tolerance)
        self.weighed.ask(scale, self.limits)
        self._watch(WATCH_EVERY_S)

    def _type_weight(self) -> None:
        """F11: the net weight that a scale showed and did not send."""
        if self.found is not None and self.is_weighed and self.limits is not None:
            ask_weight(self.screen, self.limits, partial(self._typed_weight, self._where(self.found)))

    def _typed_weight(self, where: ConsumedWhere, value: Decimal, device: str, reason: str) -> None:
        typed = typed_now(self.screen, value, self.unit_of_measure, device, reason)
        order = TypeWeight(**where, scanned=self.raw, typed=typed)
        to_verify = ToVerify(id=order.id, what=Phrase("weight"), quantity=typed.quantity, device=device, reason=reason)
        give_typed(self.screen, order, to_verify)
        self._empty_hand()

    def _watch(self, every_s: float | None) -> None:
        hub, scale = self.screen.bridge.hub, self.weighed.scale
        if hub is not None and scale is not None and scale in hub.states():
            hub.watch(scale, every_s)

    def _take_tare(self) -> None:
        self.weighed.take_tare()
        self.touched.emit()

    def on_reading(self, reading: Reading) -> None:
        if self.found is not None and self.is_weighed and self.weighed.hear(reading):
            self.touched.emit()

    def on_trouble(self, trouble: Trouble) -> None:
        if self.found is not None and self.is_weighed:
            self.weighed.on_trouble(trouble)
            self.touched.emit()

    def on_device(self, state: DeviceState) -> None:
        if self.found is not None and self.is_weighed:
            self.weighed.on_device(state)
            self.touched.emit()

    def on_key(self, key: int) -> bool:
        if (
            key == Qt.Key.Key_F5
            and self.found is not None
            and self.is_weighed
            and self.screen.bridge.hub is not None
            and self.weighed.scale
        ):
            self.screen.bridge.hub.ask(self.weighed.scale)
            return True
        return key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown) and self.list.press(key)

    # taking -----------------------------------------------------------------------------------------------------------------------

    def _take(self) -> None:
        if not self.is_weighed:
            value = self.entry.check()
            if value is not None:
                self._give(value)
        elif self.found is not None and self.weighed.taken is not None:
            self._submit(consume_weighed(self.weighed.taken, **self._where(self.found)))

    def _give(self, quantity: Decimal) -> None:
        """As counted, or as prescribed for the piece; the scan of the container is its evidence."""
        if self.found is not None:
            where = self._where(self.found)
            self._submit(ConsumeMaterial(quantity=quantity, origin="scanned", raw=self.raw, scale=None, reason=None, **where))

    def _where(self, found: ContainerFound) -> ConsumedWhere:
        piece = self.unit if self.is_bound else None
        return ConsumedWhere(
            command_id=new_id(),
            id=new_id(),
            step=self.step.id,
            lot=found.lot,
            container=found.id,
            unit_serial=piece.serial if piece is not None and piece.sublot is None else None,
            sublot=piece.sublot if piece is not None else None,
        )

    def _submit(self, order: ConsumeMaterial) -> None:
        self.screen.submit(order, done=lambda _: self._taken(order.quantity), refused=self._not_taken)

    def _taken(self, quantity: Decimal) -> None:
        """A piece whose container held less than its share stays in the hand for the rest out of another."""
        self.screen.shell.tones.ok()
        self.screen.forget_draft(_DRAFT)
        self._empty_hand()
        piece = dataclasses.replace(self.unit, consumed=self.unit.consumed + quantity) if self.unit is not None else None
        self.unit = piece if piece is not None and not self.is_weighed and piece.consumed < piece.wanted else None
        self.screen.shell.setFocus()
        self.screen.look_again()

    def _not_taken(self, error: AppError) -> None:
        """Said; the container stays in the hand where the count was wrong, and goes where the container was."""
        if self.is_bound:
            self._empty_hand()
        self.screen.refuse(error)
        self.screen.look_again()

    # taking back ------------------------------------------------------------------------------------------------------------------

    def _ask_back(self) -> None:
        """The chosen one, else the newest."""
        standing = [one for one in self.step.consumptions if one.undone is None]
        one = next((row for row in standing if str(row.id) == self._chosen), standing[0] if standing else None)
        if one is not None:
            line = Phrase(
                "{quantity} of lot {lot} go back into container {container}.", quantity=one.quantity, lot=one.lot, container=one.container
            )
            sheet = ReasonSheet(Phrase("Take back"), line, Phrase("Take it back"), partial(self._give_back, one.id), icon="undo")
            self.screen.open_sheet(sheet)

    def _give_back(self, consumption: UUID, reason: str) -> None:
        self.screen.close_sheet()
        order = UndoConsumption(command_id=new_id(), consumption=consumption, reason=reason)
        self.screen.submit(order, done=lambda _: self._went_back(), refused=self.screen.refused_and_read)

    def _went_back(self) -> None:
        self._chosen = None
        self.screen.look_again()
