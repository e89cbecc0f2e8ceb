"""How a deviation is signed, wherever it stands: what the sheet shows, the meanings that are missing, the order of each."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from app.base.ids import new_id
from app.base.phrases import Phrase
from app.core.command import Order
from app.core.signature import Preview
from app.deviations.commands import ApproveDisposition, ApproveDispositionAsQuality
from app.deviations.queries import DeviationFile, DeviationRow
from ui.deviations.words import CLASS_WORDS, MEANING_WORDS, disposition_words, facts_of, what
from ui.kit import Words
from ui.shell.evidence import Fact
from ui.shell.signing import SignAs

ORDERS: dict[str, type] = {"approved by supervisor": ApproveDisposition, "approved by quality": ApproveDispositionAsQuality}
SIGNS_NOW = {"approved by supervisor": Phrase("Supervisor signs"), "approved by quality": Phrase("Quality signs")}


def facts_to_sign(row: DeviationRow, lot: str) -> list[Fact]:
    """What a person reads in the sheet: the lot or batch, what is wrong, class and disposition."""
    whose = Phrase("batch") if row.subject_kind == "batch" else Phrase("lot")
    return [
        Fact(name=whose, value=row.facts.get("batch_code", lot) if row.subject_kind == "batch" else lot),
        Fact(name=what(row), value=facts_of(row)[0].value),
        Fact(name=CLASS_WORDS[row.class_], value=disposition_words(row.disposition, row.subject_kind)),
    ]


def choices_of(file: DeviationFile) -> list[SignAs]:
    """One choice for each signature that is missing, in the order in which they are asked for."""
    return [
        SignAs(words=MEANING_WORDS[one], order=ORDERS[one], make=partial(_make, ORDERS[one], file.deviation.id)) for one in file.missing
    ]


def after_words(file: DeviationFile) -> Words:
    """What happens by the next signature."""
    return Phrase("the disposition is decided") if len(file.missing) == 1 else Phrase("one more signature is wanted")


def _make(order: type, deviation: UUID, seen: Preview) -> Order:
    made: Order = order(command_id=new_id(), deviation=deviation, version=seen.version)
    return made
