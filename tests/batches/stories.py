"""A batch with everything a record must tell: two lots of one component, corrections, an excursion, a label printed twice."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from app.base.ids import new_id
from app.batches.labelling import DestroyLabel
from tests.batches.runs import OPERATOR, SECOND, Run
from tests.plant import Plant

Answer = TypeVar("Answer")
HUBS, OTHER_HUBS, CLIPS = "NF26-0931", "NF26-0932", "BK-771"
TEMPERATURES = ("136.8", "137.4", "143.5", "143.9", "137.2", "136.9")
UNTOUCHED = "NF26-0933"


@dataclass(frozen=True, kw_only=True)
class Told:
    """The batch and what is looked for in its record."""

    run: Run
    batch: UUID
    code: str
    lots: dict[str, str]
    """Our codes by the supplier's."""
    deviation: str
    serials: tuple[str, ...]

    @property
    def plant(self) -> Plant:
        return self.run.plant

    def on(self, plant: Plant) -> "Told":
        """The same batch in a copy of its plant."""
        return replace(self, run=Run(plant, self.batch, self.run.hubs, self.run.clips))

    def ask(self, question: Callable[[Session], Answer], login: str = "wang.haiyan") -> Answer:
        answer: Answer = self.plant.sign_in(login).ask(question)
        self.plant.close()
        return answer


def rich_batch(plant: Plant) -> Told:
    """Walk a batch of two units up to its completion."""
    hubs, other, clips = plant.released_lot(), plant.released_lot(supplier_lot=OTHER_HUBS), plant.released_clips()
    plant.released_lot(supplier_lot=UNTOUCHED)  # a third lot of the same item, never taken
    run = Run(plant, plant.start_batch(), hubs, clips)
    run.clear()
    run.start("hubs")
    run.take_back(run.consume("hubs", hubs, "2"), reason="wrong tray")
    run.consume("hubs", hubs, "1")
    run.consume("hubs", other, "1")
    run.finish("hubs")
    serials = run.units()
    run.start("clips")
    for serial in serials:
        run.consume("clips", clips, "1", unit=serial)
    run.finish("clips")
    run.assemble()
    deviation = _seal(run)
    run.finish("sealing")
    _finish(run)
    codes = {str(theirs): str(ours) for theirs, ours in plant.rows("SELECT supplier_lot, code FROM lot")}
    code = str(plant.rows("SELECT code FROM batch WHERE id = %s", run.batch)[0][0])
    run.home()
    return Told(run=run, batch=run.batch, code=code, lots=codes, deviation=deviation, serials=tuple(serials))


def _seal(run: Run) -> str:
    """Two samples too hot, decided by the supervisor; the dwell is misread once."""
    run.start("sealing")
    run.says(*TEMPERATURES)
    misread = run.enter("sealing", "dwell", "1.12", unit="s")
    run.enter("sealing", "dwell", "1.21", unit="s", corrects=misread, reason="misread the display")
    run.enter("sealing", "pressure", "412", unit="kPa")
    run.deviate(run.enter("sealing", "temperature.high"))
    return str(run.plant.rows("SELECT code FROM deviation WHERE subject_kind = 'batch'")[0][0])


def _finish(run: Run) -> None:
    """Count, sign, correct once more what was signed, sign anew, complete."""
    run.start("seal_width")
    for sample in (1, 2):
        run.read("seal_width", "c1", f"10.0{sample}", device="DC-014", unit="mm", sample=sample)
    run.finish("seal_width")
    run.start("unit_labels")
    first, *others = run.unit_ids()
    torn, _ = run.print_label(first)
    run.at.give(DestroyLabel(command_id=new_id(), label=torn, reason="torn at the edge"))
    _, says = run.print_label(first, reason="the first one is torn")
    run.apply(first, says)
    for unit in others:
        run.label(unit)
    run.finish("unit_labels")
    run.start("count")
    for field, value in (("good", "2"), ("scrapped", "0"), ("samples", "0")):
        run.enter("count", field, value)
    run.finish("count")
    run.sign("performed", OPERATOR)
    run.sign("verified", SECOND)
    pressure = run.plant.rows("SELECT id FROM step_entry WHERE field = 'pressure'")[0][0]
    assert isinstance(pressure, UUID)
    run.enter("sealing", "pressure", "415", unit="kPa", corrects=pressure, reason="the second gauge counts")
    run.sign("performed", OPERATOR)
    run.sign("verified", SECOND)
    run.complete()
