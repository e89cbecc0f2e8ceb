"""F11 on the measuring screen: the value of a cell typed in place of the gauge, verified by a second person at the same station."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from app.base import clock
from app.base.errors import AppError
from app.base.ids import new_id
from app.base.measurement import Quantity
from app.base.phrases import Phrase
from app.core.station_health import ahead_ms
from app.inspection.queries import CharacteristicRow
from app.typed.commands import Typed, TypeMeasurement, WithdrawTyped
from app.typed.queries import TypedRow
from ui.inspection.cursor import Place
from ui.inspection.words import kind_words
from ui.kit import Words
from ui.typed.typing_sheet import TypingSheet, Wanted
from ui.typed.verifying import ToVerify, have_verified

if TYPE_CHECKING:
    from ui.inspection.measure_body import MeasureBody
    from ui.inspection.measuring import Measuring


class TypingIn:
    """Part of the measuring screen. What was typed waits on record until it is verified or withdrawn; its cell is empty till then."""

    body: MeasureBody
    hand: Measuring

    @property
    def waiting_here(self) -> TypedRow | None:
        """The typed value of the cell in focus that waits for its second person."""
        found, focus = self.hand.bench, self.hand.focus
        return found.waiting.get(focus) if found is not None and focus is not None and self.hand.waits else None

    def _type_it(self) -> None:
        """Ask for value, instrument and reason."""
        found, focus, one = self.hand.bench, self.hand.focus, self.hand.characteristic
        if found is None or focus is None or one is None or not self.hand.waits or self.waiting_here is not None:
            return
        allowed = [asset.code for asset in found.gauges.allowed(one.gauge_kind, one.limits)]
        at_hand = self.hand.fitting()
        wanted = Wanted(
            what=_what(one, focus.sample),
            unit=one.limits.unit,
            places=None,
            limits=one.limits,
            soft=None,
            instruments=tuple(sorted(allowed, key=lambda code: (code not in at_hand, code))),
            why_none=Phrase("No {kind} of this site is allowed for it.", kind=kind_words(one.gauge_kind)),
        )
        self.open_sheet(TypingSheet(wanted, partial(self._typed, found.inspection.id, focus, one)))

    def _typed(self, inspection: object, place: Place, one: CharacteristicRow, value: Decimal, device: str, reason: str) -> None:
        here = self.hand.bench
        if here is None or here.inspection.id != inspection:
            return
        quantity = Quantity(value, one.limits.unit)
        typed = Typed(quantity=quantity, device=device, reason=reason, at=clock.now(), clock_ahead_ms=ahead_ms(self.bridge.ear.clock))
        order = TypeMeasurement(
            command_id=new_id(), id=new_id(), inspection=here.inspection.id, characteristic=one.id, sample_no=place.sample, typed=typed
        )
        to_verify = ToVerify(id=order.id, what=_what(one, place.sample), quantity=quantity, device=device, reason=reason)
        self.submit(order, done=lambda _: self._have_verified(to_verify), refused=self._not_typed)

    def _not_typed(self, error: AppError) -> None:
        """What was typed stands in the sheet: the reason is said beside it."""
        sheet = self.shell.frame.sheet
        if isinstance(sheet, TypingSheet):
            sheet.end_busy()
        self.refuse(error)
        self._look_again()

    def _have_verified(self, one: ToVerify) -> None:
        self._look_again()
        have_verified(self, one, done=self._verified, frame_around=self.body.grid_panel)

    def _verify_here(self) -> None:
        """The value of the cell in focus was typed before: now the second person is here."""
        row, one = self.waiting_here, self.hand.characteristic
        if row is not None and one is not None and self.hand.focus is not None:
            have_verified(
                self, ToVerify.of(row, _what(one, self.hand.focus.sample)), done=self._verified, frame_around=self.body.grid_panel
            )

    def _verified(self) -> None:
        self.shell.setFocus()
        self._look_again()

    def _withdraw_here(self) -> None:
        """Typed wrongly, or measured by the gauge after all; it stays on record as withdrawn."""
        row = self.waiting_here
        if row is not None:
            order = WithdrawTyped(command_id=new_id(), typed=row.id)
            self.submit(order, done=lambda _: self._look_again(), refused=self._not_completed)


def _what(one: CharacteristicRow, sample: int) -> Words:
    return Phrase("({no}) {name}, sample {sample}", no=one.no, name=one.name, sample=sample)
