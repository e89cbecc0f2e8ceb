"""The record of the batch on paper, in both languages: it says what was done, whatever was planned."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path

from sqlalchemy.orm import Session

from app.base.measurement import Quantity
from app.base.phrases import Language, Name
from app.batches.queries import batch_by_code
from app.tracing.batch_history import BatchHistory, Entered, Line
from app.tracing.batch_queries import batch_history
from app.tracing.batch_report import batch_paper
from app.tracing.filing import file_batch_paper
from app.tracing.report import printed_words
from ui.shift.course import Shift
from ui.shift.hand import Hand, ShiftFailed
from ui.shift.papers import demand_words, written

DONE = ("NF26-0931", "BK-771", "1.21 s", "412 kPa", "10.02 mm", "10.04 mm", "136.9 °C", "137.6 °C", "SL-03")
"""What the shift typed, measured, scanned and heard."""
SIGNED = {Language.EN: ("Chen Jing", "Li Ming", "Wang Haiyan", "He Qing"), Language.ZH: ("陈静", "李明", "王海燕", "何青")}


def write_record(shift: Shift, hand: Hand) -> None:
    """The auditor writes it; it says every value, lot, unit and signer of this batch."""
    units = tuple(serial for (serial,) in shift.stage.rows("SELECT serial FROM lineside.unit ORDER BY no"))
    wanted = (shift.found["batch"], shift.found["lot"], *DONE, *units)
    for language, file in written(shift, partial(_paper, shift)).items():
        demand_words(shift, file, (*wanted, *SIGNED[language]), pictures=f"record-{language.value}")


def _paper(shift: Shift, session: Session, language: Language, person: Name) -> Path:
    batch = batch_by_code(session, shift.found["batch"])
    if batch is None:
        raise ShiftFailed(f"the auditor does not find {shift.found['batch']}")
    filed = file_batch_paper(session, batch.id, language=language, person=person, station="QA-01", folder=shift.papers)
    if shift.spoiled("paper"):
        planned, printed = as_planned(batch_history(session, batch.id)), printed_words(at=batch.started_at, person=person, station="QA-01")
        filed.file.write_bytes(batch_paper(planned, language, printed=printed))
    return filed.file


def as_planned(history: BatchHistory) -> BatchHistory:
    """The fault that is planted: wherever the master record has a nominal value it stands for what was entered."""
    return replace(
        history,
        steps=tuple(replace(step, lines=tuple(_line_as_planned(line) for line in step.lines)) for step in history.steps),
    )


def _line_as_planned(line: Line) -> Line:
    nominal = line.asked.ask.get("nominal")
    return line if nominal is None else replace(line, versions=tuple(_entry_as_planned(one, Decimal(nominal)) for one in line.versions))


def _entry_as_planned(entry: Entered, nominal: Decimal) -> Entered:
    return entry if entry.value is None else replace(entry, value=Quantity(nominal, entry.value.unit))
