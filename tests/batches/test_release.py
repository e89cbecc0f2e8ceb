"""A batch is released by two people, one after the other, while nothing stands against it."""

import pytest

from app.batches.queries import batch_by_code, exceptions_of, obstacles_of, steps_of
from tests.batches.runs import Run


@pytest.mark.capability("F9")
def test_a_batch_in_order_is_released_by_quality_and_then_to_the_market_by_another(made: Run):
    assert made.at.ask(lambda session: obstacles_of(session, made.batch)) == []
    assert made.at.ask(lambda session: exceptions_of(session, made.batch)) == []
    made.release()
    made.release_to_market()
    code = str(made.plant.rows("SELECT code FROM lineside.batch")[0][0])
    batch = made.at.ask(lambda session: batch_by_code(session, code))
    assert batch is not None
    assert (batch.status, batch.released_by, batch.market_by) == ("released to market", "wang.haiyan", "he.qing")
    steps = made.at.ask(lambda session: steps_of(session, made.batch))
    assert {step.status for step in steps} == {"done"}
    assert [step.standing for step in steps[-2:]] == [("performed",), ("verified",)]
