"""Which form a kind of label has, on a printer's roll or as a page. A kind nobody drew is refused, never printed as something else."""

from __future__ import annotations

from app.base.phrases import Language
from app.labels import container_form
from app.labels.container_form import LabelFacts, LabelUnreadable


def label_zpl(kind: str, facts: LabelFacts, language: Language, *, dpi: int, practice: bool) -> bytes:
    """One ZPL job of one copy, for the roll its form was drawn for.

    Args:
        kind: ``label.kind``.
        facts: What stands on record.
        language: Of captions and words.
        dpi: Of the print head: 203, 300 or 600.
        practice: Whether this plant is one for practice; the label says so.

    Raises:
        LabelUnreadable, DoesNotFitLabel, CharacterNotInFont: nothing is made.
        RuleViolation: what `app.labels.udi.compose` refuses.
    """
    match kind:
        case "container":
            return container_form.label_zpl(facts, language, dpi=dpi)
        case "unit":
            from app.labels.emit.unit_label import UNIT_STOCK  # the rules of GS1 are not waited for at the start of a client
            from app.labels.unit_form import unit_label, unit_zpl

            return unit_zpl(unit_label(facts, practice=practice), language, dpi=dpi, stock=UNIT_STOCK)
        case _:
            raise LabelUnreadable(fact="kind")


def label_pdf(kind: str, facts: LabelFacts, language: Language, *, practice: bool) -> bytes:
    """The same label as a page of its size, where no label printer is or for the record; see `label_zpl`."""
    match kind:
        case "container":
            return container_form.label_pdf(facts, language)
        case "unit":
            from app.labels.emit.unit_label import UNIT_STOCK  # as above
            from app.labels.unit_form import unit_label, unit_pdf

            return unit_pdf(unit_label(facts, practice=practice), language, stock=UNIT_STOCK)
        case _:
            raise LabelUnreadable(fact="kind")
