"""A signature step: which steps it covers, how they stand, and the sheet in which it is signed, at this station or another."""

from __future__ import annotations

from app.base.ids import new_id
from app.base.phrases import Phrase
from app.batches.signing import SignPerformed, SignVerified
from app.core.signature import Preview
from ui.batches.step_panels.panel import Act, Corner, StepPanel
from ui.batches.step_rows import AskedLine, AskedRows
from ui.batches.step_words import clock_of
from ui.kit import Panel, Recorded, State, Words
from ui.shell.evidence import Fact
from ui.shell.signing import SignAs

_PERFORM, _VERIFY = Phrase("Performed as it is recorded"), Phrase("Verified by a second person")


class SignPanel(StepPanel):
    """Everything that is signed stands in the list; a press opens that step."""

    has_room_above = True

    def build(self) -> None:
        self.list = AskedRows()
        self.list.opened.connect(self.screen.choose)
        self.panel = Panel(Phrase("What is signed"), "", padding=0)
        self.panel.body.addWidget(self.list)
        self.rows.addWidget(self.panel, 1)

    @property
    def is_verified(self) -> bool:
        """Whether another person must sign."""
        return bool(self.step.spec["sign"] == "verify")

    def show_step(self) -> None:
        if self.view is None:
            return
        zone, keys = self.screen.shell.zone, self.step.spec["signs"]
        lines = []
        for one in self.view.rail:
            if one.key in keys:
                done = one.status in ("done", "void")
                state = State.HOLD if one.held_by is not None else State.PASS if done else State.TO_DO
                when = Recorded(now=Phrase("done {time}", time=clock_of(one.done_at, zone))) if done else None
                lines.append(AskedLine(key=one.key, state=state, name=Phrase("{no}  {name}", no=one.no, name=one.name), recorded=when))
        self.list.show_lines(lines, None)
        self.panel.tell(Phrase("What is signed"), Phrase("{done} of {all}", done=sum(1 for one in lines if one.recorded), all=len(lines)))

    def on_key(self, key: int) -> bool:
        return self.list.press(key)

    @property
    def _fell(self) -> bool:
        return self.view is not None and any(one.fell for one in self.view.rail if one.key == self.step.key)

    @property
    def to_sign(self) -> bool:
        """Whether a signature is wanted now."""
        return self.step.status in ("ready", "started") or self._fell

    def sentence(self) -> Words:
        if self._fell:
            return Phrase("An entry was corrected: step {no} is signed again.", no=self.step.no)
        if self.is_verified:
            return Phrase("A second person reads the list and signs.")
        return Phrase("Read the list, then sign that it was done so.")

    def corner(self) -> Corner:
        if not self.to_sign:
            return None
        words = Phrase("Second person signs") if self.is_verified else Phrase("Sign step {no}", no=self.step.no)
        return Act(words=words, act=self._sign, icon="pen")

    def _sign(self) -> None:
        if self.view is None:
            return
        step, order = self.step.id, SignVerified if self.is_verified else SignPerformed

        def make(seen: Preview) -> SignPerformed | SignVerified:
            return order(command_id=new_id(), step=step, version=seen.version)

        covered = [one for one in self.view.rail if one.key in self.step.spec["signs"]]
        facts = [
            Fact(name=Phrase("batch"), value=self.view.batch.code),
            Fact(name=Phrase("product"), value=self.view.batch.name),
            Fact(name=Phrase("steps"), value=", ".join(str(one.no) for one in covered)),
        ]
        self.screen.sign(
            kind="batch_step",
            subject=step,
            title=Phrase("Step {no} of batch {batch}", no=self.step.no, batch=self.view.batch.code),
            what=facts,
            choices=[SignAs(words=_VERIFY if self.is_verified else _PERFORM, order=order, make=make)],
            done=lambda *_: self.screen.step_ended(),
            after=Phrase("step {no} is done", no=self.step.no),
            frame_around=self.panel,
        )
