"""Which form a kind of label has, on a printer's roll or as a page. A kind nobody drew is refused, never printed as something else."""

from __future__ import annotations

from dataclasses import dataclass

from app.base.phrases import Language
from app.labels import container_form
from app.labels.container_form import LabelFacts, LabelUnreadable
from app.labels.emit.drawn import Drawn
from app.labels.emit.print_head import PrintHead


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenJob:
    """A label as its printer wants it, and what was read from its own picture before anything was sent."""

    job: bytes
    read_back: bytes
    """With the identifier of the symbology; goes on record with the label."""


def proven_job(kind: str, facts: LabelFacts, language: Language, *, head: PrintHead, practice: bool) -> ProvenJob:
    """One job of one copy, read back at the dots of its print head. A ZPL printer draws the symbol itself: what is read back there is what
    it was told to draw, where it was told to draw it.

    Raises:
        As `label_job`.
    """
    from app.labels.emit.burnt_label import burn_and_read  # drawing fonts is not waited for at the start of a client
    from app.labels.emit.jobs import job

    drawn = _drawn(kind, facts, language, dpi=head.dpi, practice=practice)
    read = burn_and_read(drawn.pieces, drawn.stock, dpi=head.dpi).read
    return ProvenJob(job=job(drawn.pieces, drawn.stock, head), read_back=read.encode())


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
    from app.labels.emit.jobs import job  # as above

    drawn = _drawn(kind, facts, language, dpi=head.dpi, practice=practice)
    return job(drawn.pieces, drawn.stock, head)


def label_pdf(kind: str, facts: LabelFacts, language: Language, *, practice: bool) -> bytes:
    """The same label as a page of its size, for an office printer or for the record; see `label_job`."""
    from app.labels.emit.pdf_form import pdf_page  # as above

    drawn = _drawn(kind, facts, language, dpi=None, practice=practice)
    return pdf_page(drawn.pieces, drawn.stock, title=drawn.title)


def _drawn(kind: str, facts: LabelFacts, language: Language, *, dpi: int | None, practice: bool) -> Drawn:
    """Of a print head, or (``None``) of a page."""
    match kind:
        case "container":
            return container_form.label_drawn(facts, language, practice=practice)
        case "unit":
            from app.labels.emit.unit_label import UNIT_STOCK  # rules and drawing of GS1: no start of a client waits for them
            from app.labels.unit_form import unit_drawn, unit_label

            return unit_drawn(unit_label(facts, practice=practice), language, stock=UNIT_STOCK, dpi=dpi)
        case _:
            raise LabelUnreadable(fact="kind")
