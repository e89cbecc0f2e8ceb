"""Which form a kind of label has, on a printer's roll or as a page. A kind nobody drew is refused, never printed as something else."""

from __future__ import annotations

from app.base.phrases import Language
from app.labels import container_form
from app.labels.container_form import LabelFacts, LabelUnreadable
from app.labels.emit.print_head import PrintHead


def label_job(kind: str, facts: LabelFacts, language: Language, *, head: PrintHead, practice: bool) -> bytes:
    """One job of one copy, for the roll its form was drawn for.

    Args:
        kind: ``label.kind``.
        facts: What stands on record.
        language: Of captions and words.
        head: The printer's language and the density of its dots.
        practice: Whether this plant is one for practice; the label says so.

    Raises:
        LabelUnreadable, DoesNotFitLabel, CharacterNotInFont, LabelNotProven: nothing is made.
        RuleViolation: what `app.labels.udi.compose` refuses.
    """
    match kind:
        case "container":
            return container_form.label_job(facts, language, head=head, practice=practice)
        case "unit":
            from app.labels.emit.unit_label import UNIT_STOCK  # rules and drawing of GS1: no start of a client waits for them
            from app.labels.unit_form import unit_job, unit_label

            return unit_job(unit_label(facts, practice=practice), language, head=head, stock=UNIT_STOCK)
        case _:
            raise LabelUnreadable(fact="kind")


def label_pdf(kind: str, facts: LabelFacts, language: Language, *, practice: bool) -> bytes:
    """The same label as a page of its size, where no label printer is or for the record; see `label_job`."""
    match kind:
        case "container":
            return container_form.label_pdf(facts, language, practice=practice)
        case "unit":
            from app.labels.emit.unit_label import UNIT_STOCK  # as above
            from app.labels.unit_form import unit_label, unit_pdf

            return unit_pdf(unit_label(facts, practice=practice), language, stock=UNIT_STOCK)
        case _:
            raise LabelUnreadable(fact="kind")
