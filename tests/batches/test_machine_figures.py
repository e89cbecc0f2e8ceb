"""What the sealer said while the step ran: its lowest, highest and longest silence are entered by the database, and judged."""

import pytest

from app.batches.rules import DeviationWanted, FieldNotAsked, MachineSilent
from tests.attack.target import sqlstate_of
from tests.batches.runs import OPERATOR, Run

ENTRIES = """SELECT e.field, e.value, e.unit, e.verdict, e.origin, a.code FROM current_entries(%s) e LEFT JOIN asset a ON a.id = e.device
    WHERE e.field LIKE 'temperature%%' ORDER BY e.field"""


def to_sealing(run: Run) -> None:
    run.clear()
    run.load()
    run.assemble()


@pytest.fixture
def at_sealing(run: Run) -> Run:
    """Everything before the sealing is done."""
    to_sealing(run)
    return run


def figures(run: Run) -> list[tuple[object, ...]]:
    return [(str(field), str(value), *rest) for field, value, *rest in run.plant.rows(ENTRIES, run.steps["sealing"])]


@pytest.mark.capability("G3")
def test_the_database_enters_what_the_machine_said_when_the_step_ends(at_sealing: Run):
    at_sealing.seal("136.8", "139.9", "137.4")
    at_sealing.finish("sealing")
    gap, high, low = figures(at_sealing)
    assert (high[1:], low[1:]) == (("139.9", "°C", "conforms", "computed", "SL-03"), ("136.8", "°C", "conforms", "computed", "SL-03"))
    assert (gap[0], gap[2:]) == ("temperature.gap", ("s", "conforms", "computed", "SL-03"))
    in_force = (
        "SELECT DISTINCT c.certificate FROM step_entry e JOIN calibration c ON c.id = e.calibration WHERE e.field LIKE 'temperature.%%'"
    )
    assert at_sealing.plant.rows(in_force) == [("CAL-2609-0127",)]


def test_a_step_whose_machine_said_nothing_does_not_end(at_sealing: Run):
    at_sealing.start("sealing")
    at_sealing.enter("sealing", "dwell", "1.21", unit="s")
    at_sealing.enter("sealing", "pressure", "412", unit="kPa")
    with pytest.raises(MachineSilent):
        at_sealing.finish("sealing")
    assert figures(at_sealing) == []


def test_samples_from_before_the_step_or_of_another_channel_do_not_count(at_sealing: Run):
    at_sealing.says("150.0")
    at_sealing.start("sealing")
    at_sealing.says("151.0", channel="seal_temperature")
    at_sealing.says("137.0")
    at_sealing.enter("sealing", "dwell", "1.21", unit="s")
    at_sealing.enter("sealing", "pressure", "412", unit="kPa")
    at_sealing.finish("sealing")
    assert {row[1] for row in figures(at_sealing)[1:]} == {"137.0"}


@pytest.mark.capability("G3", "H1")
def test_an_excursion_holds_the_step_until_its_deviation_is_signed_and_a_higher_one_holds_it_again(at_sealing: Run):
    at_sealing.seal("137.0", "143.4", "137.1")
    with pytest.raises(DeviationWanted):
        at_sealing.finish("sealing")
    assert figures(at_sealing) == [], "what was refused left nothing"
    entry = at_sealing.enter("sealing", "temperature.high")
    at_sealing.deviate(entry)
    at_sealing.says("144.0", "137.2")
    with pytest.raises(DeviationWanted):
        at_sealing.finish("sealing")
    (current,) = at_sealing.plant.rows("SELECT id FROM current_entries(%s) WHERE field = 'temperature.high'", at_sealing.steps["sealing"])
    again = at_sealing.enter("sealing", "temperature.high", corrects=current[0], reason="higher since")  # type: ignore[arg-type]
    at_sealing.deviate(again)
    at_sealing.finish("sealing")
    assert at_sealing.state("sealing") == "done"
    assert figures(at_sealing)[1][1:4] == ("144.0", "°C", "too high")


def test_nobody_types_what_the_machine_says(at_sealing: Run):
    at_sealing.start("sealing")
    at_sealing.says("137.0")
    with pytest.raises(FieldNotAsked):
        at_sealing.enter("sealing", "temperature.high", "137.0", unit="°C")
    shell = at_sealing.plant.shell(OPERATOR)
    typed = f"""INSERT INTO lineside.step_entry (id, batch_step, field, value, unit, origin)
        VALUES (uuidv7(), '{at_sealing.steps["sealing"]}', 'temperature.high', 137, '°C', 'typed')"""
    assert sqlstate_of(shell, typed) == "LS077"
    forged = typed.replace("'typed'", "'computed'").replace("137,", "99,")
    assert sqlstate_of(shell, forged) == "done"
    assert figures(at_sealing)[0][:2] == ("temperature.high", "137.0"), "the database's figure, not the one that was sent"


def test_a_silence_longer_than_allowed_wants_a_deviation(at_sealing: Run):
    at_sealing.seal("137.0", "137.1")
    at_sealing.plant.superuser().execute(
        """SET session_replication_role = replica; UPDATE lineside.batch_step SET started_at = started_at - interval '25 s'
            WHERE key = 'sealing'"""
    )
    with pytest.raises(DeviationWanted) as told:
        at_sealing.finish("sealing")
    assert told.value.facts["field"] == "temperature.gap"
