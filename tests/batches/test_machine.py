"""What the sealer said while the step ran is in its record as three figures; silence and each new peak want a deviation."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from app.base.ids import new_id
from app.batches.queries import exceptions_of, obstacles_of
from app.batches.rules import DeviationWanted, FieldNotAsked, MachineSilent, StepIncomplete
from app.capture.delivery import Taken, spooled, store
from tests.batches.refusals import current, entry, move, past, refuses, tried
from tests.batches.runs import Run


def sealing(run: Run) -> None:
    run.clear()
    run.load()
    run.assemble()
    run.start("sealing")
    run.enter("sealing", "dwell", "1.21", unit="s")
    run.enter("sealing", "pressure", "412", unit="kPa")


def told(run: Run, at: datetime, value: str | None, *, quality: str = "good") -> None:
    """One sample of another time."""
    taken = Taken(channel="temperature_actual", at=at, value=Decimal(value) if value else None, quality=quality, cycle=None, raw=(1,))
    store(run.link, new_id(), spooled("SL-03", [taken]))


@pytest.mark.capability("E4", "E7", "F4")
def test_a_machine_that_said_nothing_gives_no_figure_and_nobody_types_one(run: Run):
    sealing(run)
    refuses(run.plant, MachineSilent, lambda: run.finish("sealing"), channel="temperature_actual")
    refuses(run.plant, MachineSilent, lambda: run.enter("sealing", "temperature.low"))
    refuses(run.plant, FieldNotAsked, lambda: run.enter("sealing", "temperature.low", "137", unit="°C", reason="I read it"))
    assert tried(run, "tom.becker", entry(run, "sealing", "temperature.high", value="137", unit="'°C'", reason="'seen'")) == "LS077"
    told(run, datetime.now(UTC), None, quality="sensor_break")  # a broken sensor is no value
    refuses(run.plant, MachineSilent, lambda: run.finish("sealing"))
    run.says("136.8", "137.4")
    run.finish("sealing")
    rows = run.plant.rows(
        """SELECT e.field, e.value, e.verdict, a.code, e.origin FROM lineside.current_entries(%s) e JOIN asset a ON a.id = e.device
            WHERE e.field ~ '^temp' ORDER BY 1""",
        run.steps["sealing"],
    )
    assert [row[0] for row in rows] == ["temperature.gap", "temperature.high", "temperature.low"]
    assert [row[1] for row in rows][1:] == [Decimal("137.4"), Decimal("136.8")]
    assert {row[2:] for row in rows} == {("conforms", "SL-03", "computed")}


@pytest.mark.capability("E4", "E7", "F8", "I2")
def test_a_silence_longer_than_its_limit_wants_a_deviation_before_the_step_ends(run: Run):
    sealing(run)
    run.says("137.0")
    past(run, f"UPDATE lineside.batch_step SET started_at = started_at - interval '25 s' WHERE id = '{run.steps['sealing']}'")
    refuses(run.plant, DeviationWanted, lambda: run.finish("sealing"), field="temperature.gap", step=7)
    silent = run.enter("sealing", "temperature.gap")
    ((value, unit, verdict),) = run.plant.rows("SELECT value, unit, verdict FROM step_entry WHERE id = %s", silent)
    assert (unit, verdict) == ("s", "too high")
    assert isinstance(value, Decimal)
    assert Decimal(25) <= value < Decimal(40)
    assert tried(run, "chen.jing", move(run, "sealing", "done")) == "LS076"
    run.deviate(silent)
    run.finish("sealing")


@pytest.mark.capability("F8", "E4", "I2")
def test_an_excursion_is_decided_at_the_step_and_a_higher_one_after_it_wants_its_own_decision(run: Run):
    sealing(run)
    run.says("137.0", "142.1")
    refuses(run.plant, DeviationWanted, lambda: run.finish("sealing"), field="temperature.high")
    peak = run.enter("sealing", "temperature.high")
    open_one = run.deviate(peak, class_="major", decided=False)
    refuses(run.plant, DeviationWanted, lambda: run.finish("sealing"), field="temperature.high")
    run.decide(open_one, as_quality=True)
    facts = run.plant.rows("SELECT facts ->> 'value', facts ->> 'upper', facts ->> 'gauge' FROM deviation WHERE id = %s", open_one)
    assert facts == [("142.1", "142.0", "SL-03")]
    run.says("143.5")  # after the decision, before the end
    refuses(run.plant, DeviationWanted, lambda: run.finish("sealing"), field="temperature.high")
    higher = run.enter("sealing", "temperature.high", corrects=peak, reason="a new peak")
    run.deviate(higher, class_="major")
    run.finish("sealing")
    assert current(run, "sealing")["temperature.high", 1][1] == Decimal("143.5")
    outside = [x for x in run.at.ask(lambda session: exceptions_of(session, run.batch)) if x.kind == "outside"]
    assert [(x.field, x.value, x.status) for x in outside] == [("temperature.high", "143.5", "decided")]


@pytest.mark.capability("E4", "F9", "R1")
def test_what_a_station_that_was_cut_off_hands_over_later_is_not_passed_over_at_the_release(made: Run):
    ((begun, ended),) = made.plant.rows("SELECT started_at, done_at FROM batch_step WHERE id = %s", made.steps["sealing"])
    assert isinstance(begun, datetime)
    assert isinstance(ended, datetime)
    told(made, begun + (ended - begun) / 3, "139.0")  # within limits: the record is not disturbed
    assert made.at.ask(lambda session: obstacles_of(session, made.batch)) == []
    told(made, begun + (ended - begun) / 2, "151.0")
    told(made, ended + timedelta(milliseconds=1), "20.0")  # after its end
    refuses(made.plant, StepIncomplete, made.release, step=7)
    before = current(made, "sealing")["temperature.high", 1][0]
    peak = made.enter("sealing", "temperature.high", corrects=before, reason="samples came late")
    assert current(made, "sealing")["temperature.high", 1][1:] == (Decimal("151.0"), "too high")
    made.deviate(peak, class_="major")
    made.sign("performed", "chen.jing")
    made.sign("verified", "li.ming")
    made.release()
