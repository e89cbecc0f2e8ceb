"""For every class and job without it: a value that was planted there is found nowhere, whatever way somebody looks (K8)."""

from pathlib import Path

import pytest

from app.core.masking import JOBS
from app.demo.people import ADMINISTRATOR, PEOPLE
from tests.masking.canaries import CANARIES, CLEAR, Planted, forbidden
from tests.masking.read_models import LEFT_OUT, READ_MODELS, every_question
from tests.masking.walk import found, in_the_database, in_the_program

pytestmark = pytest.mark.capability("K8")
BY_JOB = {person.job: person.login for person in (*PEOPLE, ADMINISTRATOR)}


@pytest.mark.parametrize("job", [job for job in JOBS if forbidden(job)])
def test_what_a_job_does_not_see_it_finds_nowhere(planted_once: Planted, job: str, tmp_path: Path):
    plant, login = planted_once.plant, BY_JOB[job]
    must_not = forbidden(job)
    try:
        assert found(in_the_database(plant.shell(login), planted_once), must_not) == set()
        assert found(in_the_program(plant.sign_in(login), planted_once, tmp_path), must_not) == set()
    finally:
        plant.close()


def test_only_the_auditor_sees_everything():
    assert [job for job in JOBS if not forbidden(job)] == ["auditor"]


def test_who_sees_a_class_finds_it_so_the_walk_goes_where_it_is(planted_once: Planted, tmp_path: Path):
    plant = planted_once.plant
    auditor, everything = "ma.lin", dict(CANARIES)
    places = found(in_the_database(plant.shell(auditor), planted_once), everything)
    seen = {(place.removeprefix("table ").removesuffix("_seen"), name) for place, name in places if place.startswith("table ")}
    masked = plant.rows("SELECT DISTINCT tab, class FROM lineside.masked_columns()")
    assert seen >= {(tab, name) for tab, name in masked}
    assert {name for place, name in places if place == "table audit_log_seen"} == set(CANARIES)
    assert {name for place, name in places if place == "statistics"} == set(), "what is granted to nobody has no statistics for anybody"
    program = found(in_the_program(plant.sign_in(auditor), planted_once, tmp_path), everything)
    assert {place for place, _ in program} >= {
        *("read model materials.lot_by_id", "read model receiving.open_orders", "read model batches.step_view", "read model tracing.trace"),
        *("trail of everything", "file of the lot", "file of the batch", "paper of the lot"),
    }
    plant.close()


FAULTS = {
    "table lot": "GRANT SELECT (supplier_lot) ON lineside.lot TO lineside_operator",
    "table audit_log": "GRANT SELECT ON lineside.audit_log TO lineside_person",
    "function canonical_lot": "GRANT EXECUTE ON FUNCTION lineside.canonical_lot TO lineside_person",
    "read model receiving.receipts_of": "CREATE OR REPLACE VIEW lineside.receipt_seen AS SELECT * FROM lineside.receipt",
}


def test_every_planted_fault_is_found_where_it_is(planted: Planted, tmp_path: Path):
    administrator = planted.plant.superuser()
    for fault in FAULTS.values():
        administrator.execute(fault)  # type: ignore[arg-type]
    must_not, plant = forbidden("operator"), planted.plant
    places = found(in_the_database(plant.shell("chen.jing"), planted), must_not)
    places |= found(in_the_program(plant.sign_in("chen.jing"), planted, tmp_path), must_not)
    assert {(place, "supplier") for place in FAULTS} <= places


def test_no_question_of_the_program_is_left_out():
    listed = {name.split(" ")[0] for name in READ_MODELS} | set(LEFT_OUT)
    assert every_question() <= listed


def test_the_rules_are_those_of_the_decision(planted_once: Planted):
    rules = planted_once.plant.rows("SELECT class, job FROM lineside.mask_rule WHERE rule = 'clear'")
    assert set(rules) == {(name, job) for name, jobs in CLEAR.items() for job in jobs}
