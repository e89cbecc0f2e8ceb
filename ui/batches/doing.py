"""What the primary of the step screen does: every act is one order, given as it is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.base.errors import AppError
from app.base.ids import new_id
from app.batches.commands import CompleteBatch, EnterValue, FinishStep, StartStep, TakeReading
from app.batches.rules import DeviationWanted
from app.batches.step_view import Asked, OpenStep
from ui.batches.doing_labels import LabelHand
from ui.batches.doing_material import MaterialHand
from ui.batches.doing_signs import SignHand
from ui.batches.next_act import Act, Kind

if TYPE_CHECKING:
    from ui.batches.step_screen import StepScreen

OWN_FORMS = ("computed", "channel", "minutes")
"""Values that the database computes; a person only asks it to."""


class Doing:
    """Steps and values; material, labels and signatures have hands of their own."""

    def __init__(self, at: StepScreen) -> None:
        self.at = at
        self.material, self.labels, self.signs = MaterialHand(at), LabelHand(at), SignHand(at)
        self._acts: dict[Kind, Callable[[], None]] = {
            Kind.START: self._start,
            Kind.ANSWER: lambda: self.enter(said="yes"),
            Kind.NUMBER: self._number,
            Kind.TIME: self._time,
            Kind.READING: self._take_reading,
            Kind.QUANTITY: self.material.consume,
            Kind.UNITS: self.material.make_units,
            Kind.PRINT: self.labels.print,
            Kind.UNKNOWN_LABEL: lambda: self.labels.confirm(came_out=True),
            Kind.DEVIATE: self.signs.deviate,
            Kind.DECIDE: self.signs.to_deviation,
            Kind.FINISH: self.finish,
            Kind.SIGN: self.signs.sign,
            Kind.COMPLETE: self._complete,
            Kind.REVIEW: self.signs.to_review,
            Kind.ON: at.go_on,
        }

    def do(self) -> None:
        """The act that stands on the primary."""
        if self.at.act is not None and self.at.act.kind in self._acts:
            self._acts[self.at.act.kind]()

    @property
    def _step(self) -> OpenStep:
        view = self.at.view
        assert view is not None
        assert view.open is not None
        return view.open

    @property
    def _asked(self) -> tuple[Act, Asked]:
        act = self.at.act
        assert act is not None
        assert act.asked is not None
        return act, act.asked

    def _start(self) -> None:
        self.at.submit(StartStep(command_id=new_id(), step=self._step.row.id), done=self.at.stored)

    def finish(self) -> None:
        """End the step; the database enters what it computes, and says what is missing."""
        row = self._step.row
        self.at.submit(FinishStep(command_id=new_id(), step=row.id, version=row.version), done=self.at.finished, refused=self._not_finished)

    def _not_finished(self, error: AppError) -> None:
        """What the database computed lies outside: now the record has it, and its deviation is opened from here."""
        if isinstance(error, DeviationWanted):
            field = str(error.facts["field"])
            asked = next((one for one in self._step.asked if one.field == field and one.form in OWN_FORMS), None)
            if asked is not None:
                self.store(asked)
        self.at.refuse(error)

    def _complete(self) -> None:
        view = self.at.view
        assert view is not None
        self.at.submit(CompleteBatch(command_id=new_id(), batch=view.batch.id, version=view.batch.version), done=self.at.stored)

    # values -----------------------------------------------------------------------------------------------------------------------

    def enter(self, *, said: str | None = None, device: str | None = None) -> None:
        """An answer, or equipment by its code."""
        self.store(self._asked[1], said=said, device=device)

    def store(self, asked: Asked, **given: object) -> None:
        """One value; a computed one that stands already is computed again, which needs no words of a person."""
        before = self._step.current(asked)
        told = {"value": None, "said": None, "unit": None, "device": None, "done_at": None} | given
        order = EnterValue(
            command_id=new_id(),
            id=new_id(),
            step=self._step.row.id,
            field=asked.field,
            sample_no=asked.sample_no,
            unit_serial=None,
            corrects=before.id if before is not None else None,
            reason="counted again" if before is not None else None,
            **told,  # type: ignore[arg-type]
        )
        self.at.submit(order, done=self.at.stored)

    def _number(self) -> None:
        _, asked = self._asked
        value = self.at.entry.number.check()
        if value is not None:
            self.store(asked, value=value, unit=asked.unit or None)

    def _time(self) -> None:
        _, asked = self._asked
        moment = self.at.entry.moment(self.at.shell.zone)
        if moment is not None:
            self.store(asked, done_at=moment)

    def _take_reading(self) -> None:
        _, asked = self._asked
        reading = self.at.reading
        assert reading is not None
        order = TakeReading(
            command_id=new_id(),
            id=new_id(),
            step=self._step.row.id,
            field=asked.field,
            sample_no=asked.sample_no,
            unit_serial=None,
            reading=reading,
            corrects=None,
            reason=None,
        )
        self.at.submit(order, done=self.at.stored, refused=self.at.not_taken)
