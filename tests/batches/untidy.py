"""A batch that came through with everything a reviewer looks at: decided, corrected, late, near a limit, reprinted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from app.base.ids import new_id
from app.batches.labelling import ApplyLabel, DestroyLabel
from app.core.subject import Subject
from app.deviations.commands import DescribeDeviation, OpenDeviation
from tests.batches.runs import OPERATOR, SECOND, Run


def make_untidy(run: Run) -> None:
    """Up to the complete batch; a deviation was decided, everything else has its reason."""
    run.start("clearance")
    for check in ("no_parts", "no_labels"):
        run.enter("clearance", check, said="yes")
    run.deviate(run.enter("clearance", "clean", said="no"))
    run.finish("clearance")
    run.load()
    run.assemble()
    run.start("sealing")
    run.says("136.8", "140.6")
    wrong = run.enter("sealing", "dwell", "1.12", unit="s")
    run.enter("sealing", "dwell", "1.21", unit="s", corrects=wrong, reason="digits turned around")
    run.enter("sealing", "pressure", "412", unit="kPa", done_at=datetime.now(UTC) - timedelta(hours=2))
    run.finish("sealing")
    run.start("seal_width")
    for sample in (1, 2):
        run.read("seal_width", "c1", "10.02", device="DC-014", unit="mm", sample=sample)
    run.finish("seal_width")
    run.start("unit_labels")
    first, second = run.unit_ids()
    torn, _ = run.print_label(first)
    run.at.give(DestroyLabel(command_id=new_id(), label=torn, reason="torn while peeling"))
    _reprint(run, first)
    run.label(second)
    run.finish("unit_labels")
    run.start("count")
    for field, value in (("good", "2"), ("scrapped", "0"), ("samples", "0")):
        run.enter("count", field, value)
    run.finish("count")
    run.sign("performed", OPERATOR)
    run.sign("verified", SECOND)
    run.complete()
    run.home()


def _reprint(run: Run, unit: UUID) -> None:
    _, says = run.print_label(unit, reason="the first one tore")
    run.at.give(ApplyLabel(command_id=new_id(), unit=unit, scanned=says))


def discrepancy(run: Run, *, disposition: str = "use as is") -> UUID:
    """The inspector opens a deviation on the batch itself and describes it; nobody has signed it."""
    at, deviation = run.plant.sign_in("li.ming"), new_id()
    words = {"class_": "major", "what_happened": "A carton of the batch before stood at the line."}
    at.give(
        OpenDeviation(
            command_id=new_id(),
            id=deviation,
            subject=Subject(kind="batch", id=run.batch, version=1),
            cause_kind="other",
            cause_id=new_id(),
            kind="discrepancy",
            facts={},
            **words,
        )
    )
    at.give(DescribeDeviation(command_id=new_id(), deviation=deviation, version=1, disposition=disposition, **words))
    run.home()
    return deviation
