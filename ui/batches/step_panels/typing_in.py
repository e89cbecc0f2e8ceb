"""What a step does with values typed in place of a device: asked for in a sheet, waiting on record, verified by a second person here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import Qt

from app.base import clock
from app.base.errors import AppError
from app.base.ids import new_id
from app.base.measurement import Limits, Quantity
from app.base.phrases import Phrase
from app.batches.step_facts import AskedField, StepView
from app.core.command import Order
from app.core.station_health import ahead_ms
from app.typed.commands import Typed, TypeEntry, WithdrawTyped
from app.typed.queries import TypedRow
from ui.batches.step_words import field_words, kind_words
from ui.kit import Words
from ui.typed.typing_sheet import Take, TypingSheet, Wanted
from ui.typed.verifying import ToVerify, have_verified

if TYPE_CHECKING:
    from ui.batches.step_panels.panel import StepPanel
    from ui.batches.step_screen import StepScreen


class TypingIn:
    """The three acts of a panel: type it, have it verified, withdraw it."""

    def __init__(self, panel: StepPanel, type_it: Callable[[], None]) -> None:
        """`type_it` opens the sheet for what the panel has in hand."""
        self._panel = panel
        self.type_it = panel.offer(Phrase("Type it"), type_it, icon="pen", key=Qt.Key.Key_F11)
        self.verify = panel.offer(Phrase("Have it verified"), self._verify, icon="pen")
        self.withdraw = panel.offer(Phrase("Withdraw the value"), self._withdraw, icon="undo")

    def first(self) -> TypedRow | None:
        """What waits longest in the step."""
        return next(iter(self._panel.step.typed), None)

    def _verify(self) -> None:
        row = self.first()
        if row is not None:
            have_typed_verified(self._panel.screen, row)

    def _withdraw(self) -> None:
        row, screen = self.first(), self._panel.screen
        if row is not None:
            order = WithdrawTyped(command_id=new_id(), typed=row.id)
            screen.submit(order, done=lambda _: screen.look_again(), refused=screen.refused_and_read)


def typed_now(screen: StepScreen, value: Decimal, unit: str, device: str, reason: str) -> Typed:
    """What was typed at this moment."""
    return Typed(
        quantity=Quantity(value, unit), device=device, reason=reason, at=clock.now(), clock_ahead_ms=ahead_ms(screen.bridge.ear.clock)
    )


def ask_figure(screen: StepScreen, asked: AskedField, *, value: Decimal | None, reason: str, corrects: UUID | None) -> None:
    """Open the sheet for a figure that a device should send; `corrects`: the entry it shall replace."""
    view, limits = screen.view, asked.limits
    if view is None or view.step is None or limits is None:
        return
    kind = str(asked.ask["device"])
    wanted = Wanted(
        what=field_words(asked),
        unit=asked.unit,
        places=asked.decimals,
        limits=limits,
        soft=asked.soft,
        instruments=in_the_hand_first(screen, (one.code for one in view.gauges.allowed(kind, limits))),
        why_none=Phrase("No {kind} of this site is allowed for it.", kind=kind_words(kind)),
    )
    take = partial(_give_figure, screen, view.step.id, asked, corrects)
    screen.open_sheet(TypingSheet(wanted, take, value=value, reason=reason))


def _give_figure(
    screen: StepScreen, step: UUID, asked: AskedField, corrects: UUID | None, value: Decimal, device: str, reason: str
) -> None:
    order = TypeEntry(
        command_id=new_id(),
        id=new_id(),
        step=step,
        field=asked.field,
        sample_no=asked.sample_no,
        unit_serial=None,
        corrects=corrects,
        typed=typed_now(screen, value, asked.unit, device, reason),
    )
    give_typed(screen, order, ToVerify(id=order.id, what=field_words(asked), quantity=order.typed.quantity, device=device, reason=reason))


def give_typed(screen: StepScreen, order: Order, to_verify: ToVerify) -> None:
    """Put it on record, then ask for the second person."""
    screen.submit(order, done=lambda _: _typed(screen, to_verify), refused=partial(_not_typed, screen))


def _typed(screen: StepScreen, to_verify: ToVerify) -> None:
    screen.look_again()
    have_verified(screen, to_verify, done=partial(_verified, screen))


def _not_typed(screen: StepScreen, error: AppError) -> None:
    """What was typed stands in the sheet: the reason is said beside it."""
    sheet = screen.shell.frame.sheet
    if isinstance(sheet, TypingSheet):
        sheet.end_busy()
    screen.refused_and_read(error)


def have_typed_verified(screen: StepScreen, row: TypedRow) -> None:
    """The second person is here now, for what was typed before."""
    have_verified(screen, ToVerify.of(row, what_waits(screen.view, row)), done=partial(_verified, screen))


def _verified(screen: StepScreen) -> None:
    screen.shell.setFocus()
    screen.look_again()


def what_waits(view: StepView | None, row: TypedRow) -> Words:
    """What a typed value is of: a field of the step, or the weight of what goes in."""
    fields = view.step.fields if view is not None and view.step is not None else ()
    asked = next((one for one in fields if (one.field, one.sample_no) == (row.field, row.sample_no)), None)
    return field_words(asked) if asked is not None else Phrase("weight")


def ask_weight(screen: StepScreen, limits: Limits, take: Take) -> None:
    """Open the sheet for a net weight that a scale should send."""
    view = screen.view
    if view is None:
        return
    here = [one for one in view.gauges.assets if one.kind == "scale" and one.unit == limits.unit and view.gauges.is_fit(one)]
    wanted = Wanted(
        what=Phrase("Net weight"),
        unit=limits.unit,
        places=None,
        limits=limits,
        soft=None,
        instruments=in_the_hand_first(screen, (one.code for one in here if one.range_low is not None)),
        why_none=Phrase("No {kind} of this site is allowed for it.", kind=kind_words("scale")),
    )
    screen.open_sheet(TypingSheet(wanted, take))


def in_the_hand_first(screen: StepScreen, codes: Iterable[str]) -> tuple[str, ...]:
    """Instruments with those of this station in front."""
    here = {one.code for one in screen.shell.devices}
    return tuple(sorted(codes, key=lambda code: (code not in here, code)))
