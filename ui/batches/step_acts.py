"""What is next on the step screen and what Enter does: starting, finishing, deviations, corrections, the end of the batch."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.base.errors import AppError
from app.base.ids import new_id
from app.base.phrases import Phrase
from app.batches.commands import EnterValue, FinishStep, TakeReading
from app.batches.photos import TakePhoto
from app.batches.rules import DeviationWanted
from app.batches.step_facts import OWN_FORMS, AskedField, EntryRow, OpenStep, StepView
from app.core.command import Permission
from app.deviations.queries import DeviationFile
from ui.batches.step_correction import Corrected
from ui.batches.step_panels.panel import Act, Corner, StepPanel
from ui.batches.step_panels.typing_in import ask_figure
from ui.batches.step_words import missing_words
from ui.deviations.deciding import SIGNS_NOW, after_words, choices_of, facts_to_sign
from ui.deviations.words import blocked_words, signs_words
from ui.kit import State, Words

if TYPE_CHECKING:
    from ui.batches.step_body import StepBody
    from ui.batches.step_raised import StepRaised

COUNTED_AGAIN = "counted again"
"""Reason that stands on record where the database's own figure has changed; the database writes the same."""


class StepActs:
    """Part of the step screen. The deviation of the step goes before its work: the step is held until it is decided."""

    view: StepView | None
    panel: StepPanel | None
    body: StepBody
    raised: StepRaised
    act: Act | None

    # who and whether --------------------------------------------------------------------------------------------------------------

    @property
    def may_run(self) -> bool:
        """Whether this person may enter anything."""
        return Permission.RUN_BATCH in self.shell.rights

    @property
    def held_by(self) -> str | None:
        """Code of the deviation that holds the open step."""
        file = self.view.file if self.view is not None else None
        return file.deviation.code if file is not None else None

    @property
    def is_held(self) -> bool:
        """Whether a deviation of the open step waits."""
        return self.held_by is not None

    # what is next -----------------------------------------------------------------------------------------------------------------

    def sentence(self, view: StepView) -> Words:
        """What is next, in one sentence."""
        step, file = view.step, view.file
        if view.batch.status != "open" and (step is None or not any(one.fell for one in view.rail)):
            return _ended(view)
        if file is not None:
            return self._deviation_sentence(view, file)
        if step is None:
            whole = view.done == len(view.rail)
            return Phrase("Every step is done: complete the batch.") if whole else Phrase("No step can begin now.")
        match step.status:
            case "waiting":
                waits = next(one.waits for one in view.rail if one.key == step.key)
                return Phrase("Step {no} waits for step {waits}.", no=step.no, waits=waits or "–")
            case "ready" if step.kind != "sign":
                return Phrase("Begin step {no}: {name}.", no=step.no, name=step.name)
            case "done" | "void" if step.kind != "sign" or not any(one.fell and one.key == step.key for one in view.rail):
                return Phrase("Step {no} is done. Press a row to correct it.", no=step.no)
        if self.panel is None:
            return ""
        if self.panel.is_storing:
            return Phrase("It is being stored.")
        waiting = len(self.panel.drafts)
        if waiting and self.panel.corner() is None:
            return Phrase("Everything is entered; {n} wait and are not on record yet.", n=waiting)
        return self.panel.sentence()

    def _deviation_sentence(self, view: StepView, file: DeviationFile) -> Words:
        if self.shell.frame.sheet is not None and file.missing:
            return Phrase("Read the left, sign on the right.")
        if self.body.deviation.is_editing:
            return Phrase("Write what happened, then choose class and disposition.")
        if len(file.missing) == 2:
            return Phrase("Have supervisor and quality sign here.")
        if file.missing == ("approved by quality",):
            return Phrase("Have quality sign here.")
        return Phrase("Have the line supervisor sign here.")

    def badge(self, view: StepView) -> tuple[State, Words] | None:
        """The state of the open step, where it needs a word."""
        if view.file is not None:
            return State.HOLD, blocked_words(view.file.deviation)
        if view.batch.status == "rejected":
            return State.FAIL, Phrase("rejected")
        if view.batch.status != "open":
            return State.PASS, Phrase("complete")
        return (State.PASS, Phrase("done")) if view.step is not None and view.step.status == "done" else None

    def corner(self, view: StepView) -> Corner:
        """The one thing Enter does; closed, with its reason, for whoever has no right to it."""
        made = self._corner(view)
        signs = view.step is not None and view.step.kind == "sign"
        if made is None or self.may_run or view.file is not None or signs:
            return made
        words = made.words
        return Act(words=words, act=lambda: None, why_not=Phrase("only an operator"))

    def _corner(self, view: StepView) -> Corner:
        step = view.step
        if view.file is not None:
            return self._deviation_corner(view.file)
        if step is None:
            whole = view.batch.status == "open" and view.done == len(view.rail)
            return Act(words=Phrase("Complete {batch}", batch=view.batch.code), act=self.complete) if whole else None
        if step.kind == "sign" and self.panel is not None:
            corner = self.panel.corner()
            if corner is not None and step.status != "waiting":
                return corner
        if step.status == "ready" and step.kind != "sign":
            return Act(words=Phrase("Begin step {no}", no=step.no), act=self.start)
        if step.status == "started":
            return (self.panel.corner() if self.panel is not None else None) or self._finish_act(step)
        return self._go_on(view, step)

    def _go_on(self, view: StepView, step: OpenStep) -> Corner:
        """From a step that is only looked at to the one in work."""
        other = next((one for one in view.rail if one.status in ("started", "ready") and one.key != step.key), None)
        if other is None and not (view.batch.status == "open" and view.done == len(view.rail)):
            return None
        return Act(words=Phrase("Go on"), act=lambda: self.choose(None))

    def _finish_act(self, step: OpenStep) -> Act:
        why = missing_words(step) if step.missing is not None else None
        if self.panel is not None and self.panel.is_storing:
            why = Phrase("being stored")
        elif self.panel is not None and self.panel.drafts:
            why = Phrase("{n} wait, not on record yet", n=len(self.panel.drafts))
        return Act(words=Phrase("Finish step {no}", no=step.no), act=self.finish, why_not=why)

    def _do(self) -> None:
        if self.act is not None:
            self.act.act()

    # the deviation of the step ----------------------------------------------------------------------------------------------------

    def _deviation_corner(self, file: DeviationFile) -> Act:
        if self.body.deviation.is_editing:
            entered = self.raised.now
            return Act(
                words=Phrase("Store the description"), act=self.raised.store, why_not=entered.missing, note=signs_words(entered.meanings)
            )
        words = SIGNS_NOW[file.missing[0]] if file.missing else Phrase("Supervisor signs")
        return Act(words=words, act=self._have_signed, note=signs_words(file.missing), icon="pen")

    def _have_signed(self) -> None:
        """The sheet asks who signs; at another station the task that was raised with the deviation opens it."""
        file = self.view.file if self.view is not None else None
        if file is not None and file.missing:
            self.sign(
                kind="deviation",
                subject=file.deviation.id,
                title=Phrase("Deviation {code}", code=file.deviation.code),
                what=facts_to_sign(file.deviation, ""),
                choices=choices_of(file),
                done=lambda *_: self.look_again(),
                after=after_words(file),
                frame_around=self.body.deviation,
            )
            self.settle()

    def _entered(self) -> None:
        """Something was written into the deviation."""
        self.raised.keep()
        self.settle()

    def _described(self) -> None:
        row, self.raised.again = self.body.deviation.row, None
        if row is not None:
            self.forget_draft(str(row.id))
        self.shell.setFocus()
        self.look_again()

    def _describe_again(self) -> None:
        """Signatures on the version before will not count any more, and whoever writes cannot sign."""
        row = self.body.deviation.row
        if row is not None and self.view is not None:
            self.raised.again = row.id
            self.raised.show(self.view)
            self.body.deviation.form.what_happened.setFocus()
            self.settle()

    # the end of a step ------------------------------------------------------------------------------------------------------------

    def finish(self) -> None:
        """End it; the database enters what it computes."""
        step = self.view.step if self.view is not None else None
        if step is not None:
            order = FinishStep(command_id=new_id(), step=step.id, version=step.version)
            self.submit(order, done=self.step_ended, refused=self._not_finished)

    def _not_finished(self, error: AppError) -> None:
        """Where a figure of the database's own lies outside, it goes on record now, and its deviation opens from there."""
        if not (isinstance(error, DeviationWanted) and self._enter_own()):
            self.refuse(error)
        self.look_again()

    def _enter_own(self) -> bool:
        """Enter what the database computes and what stands outside; whether there was anything."""
        step = self.view.step if self.view is not None else None
        wanted = (
            [] if step is None else [one for one in step.fields if one.form in OWN_FORMS and one.is_to_enter(step.current.get(one.place))]
        )
        for asked in wanted:
            self.enter_own(asked)
        return bool(wanted)

    def enter_own(self, asked: AskedField) -> None:
        """One figure of the database's own, once more where it has changed; nobody signs for it."""
        step = self.view.step if self.view is not None else None
        if step is not None:
            before = step.current.get(asked.place)
            self._give(asked, step, before, done=lambda _: self.look_again(), reason=COUNTED_AGAIN if before is not None else None)

    def _give(
        self, asked: AskedField, step: OpenStep, before: EntryRow | None, *, done: Callable[[object], None], reason: str | None
    ) -> None:
        order = EnterValue(
            command_id=new_id(),
            id=new_id(),
            step=step.id,
            field=asked.field,
            sample_no=asked.sample_no,
            unit_serial=None,
            value=None,
            said=None,
            unit=None,
            device=None,
            done_at=None,
            corrects=before.id if before is not None else None,
            reason=reason,
        )
        self.submit(order, done=done, refused=self.refused_and_read)

    # corrections ------------------------------------------------------------------------------------------------------------------

    def give_correction(self, asked: AskedField, entry: EntryRow, corrected: Corrected) -> None:
        """The sheet was filled; the first entry stays visible."""
        step = self.view.step if self.view is not None else None
        if step is None:
            return
        self.close_sheet()
        in_place_of_device = asked.form == "figure" and asked.ask.get("source") == "device" and corrected.reading is None
        if in_place_of_device and corrected.value is not None:
            ask_figure(self, asked, value=corrected.value, reason=corrected.reason, corrects=entry.id)  # type: ignore[arg-type]
            return
        same = {"command_id": new_id(), "id": new_id(), "step": step.id, "field": asked.field, "sample_no": asked.sample_no}
        same |= {"unit_serial": entry.unit_serial, "corrects": entry.id, "reason": corrected.reason}
        order: TakeReading | EnterValue | TakePhoto
        if corrected.photo is not None:
            del same["sample_no"], same["unit_serial"]
            photo = corrected.photo
            order = TakePhoto(**same, file_name=photo.file_name, content=photo.content, taken_at=photo.taken_at)
        elif corrected.reading is not None:
            order = TakeReading(**same, reading=corrected.reading)
        else:
            unit = asked.unit or None if corrected.value is not None else None
            given = {"value": corrected.value, "said": corrected.said, "device": corrected.device, "scanned": corrected.scanned}
            order = EnterValue(**same, **given, unit=unit, done_at=corrected.done_at)
        self.submit(order, done=lambda _: self.look_again(), refused=self.refused_and_read)


def _ended(view: StepView) -> Words:
    said = {
        "complete": Phrase("{batch} is complete: quality reviews and releases it.", batch=view.batch.code),
        "released for production": Phrase(
            "{batch} is released for production; the market release is still to come.", batch=view.batch.code
        ),
        "released to market": Phrase("{batch} is released.", batch=view.batch.code),
    }
    return said.get(view.batch.status, Phrase("{batch} is rejected.", batch=view.batch.code))
