"""Signatures and deviations of a step: opened by the record, decided on their own screen, signed in the sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.base.ids import new_id
from app.base.phrases import Phrase
from app.batches.signing import SignPerformed, SignVerified
from app.batches.step_view import BatchView, Entered, OpenStep
from app.core.signature import Preview
from app.core.subject import Subject
from app.deviations.commands import OpenDeviation
from ui.batches.words import step_title
from ui.deviations.words import STRICTEST
from ui.shell.screen import Fact, SignAs

if TYPE_CHECKING:
    from ui.batches.step_screen import StepScreen


class SignHand:
    """What holds a step, and what ends a signature step."""

    def __init__(self, at: StepScreen) -> None:
        self.at = at

    @property
    def _here(self) -> tuple[BatchView, OpenStep]:
        view = self.at.view
        assert view is not None
        assert view.open is not None
        return view, view.open

    def _outside(self) -> Entered:
        outside = self._here[1].undecided
        assert outside is not None
        return outside

    def deviate(self) -> None:
        """Open it under the strictest class until a person has classed it; the facts are the database's."""
        batch = self._here[0].batch
        order = OpenDeviation(
            command_id=new_id(),
            id=new_id(),
            subject=Subject(kind="batch", id=batch.id, version=batch.version),
            cause_kind="step_entry",
            cause_id=self._outside().id,
            kind="out of limits",
            facts={},
            class_=STRICTEST,
            what_happened="",
        )
        self.at.submit(order, done=lambda _: self.at.stored())

    def to_deviation(self) -> None:
        """Describe it and have it signed, here or at another station; Esc comes back to the step."""
        self.at.go("deviations.deviation", deviation=str(self._outside().deviation_id))

    def to_review(self) -> None:
        """A complete batch is reviewed where it is released."""
        view = self.at.view
        assert view is not None
        self.at.go("batches.release", batch=str(view.batch.id))

    def sign(self) -> None:
        """The steps it covers are named; the database adds the digest of everything in them."""
        view, step = self._here
        row = step.row
        verify = row.spec["sign"] == "verify"
        kind = SignVerified if verify else SignPerformed
        meaning = Phrase("Verified by a second person") if verify else Phrase("Performed as recorded")

        def make(seen: Preview) -> SignPerformed | SignVerified:
            return kind(command_id=new_id(), step=row.id, version=seen.version)

        covered = [one for one in view.steps if one.key in row.spec["signs"]]
        self.at.sign(
            kind="batch_step",
            subject=row.id,
            title=Phrase("Batch {batch}, step {no}", batch=view.batch.code, no=row.no),
            what=[Fact(name=step_title(one), value=Phrase("{count} entries", count=one.entries)) for one in covered],
            choices=[SignAs(words=meaning, order=kind, make=make)],
            done=lambda _answer, _choice: self.at.finished(),
            after=Phrase("the batch goes on"),
        )
