"""A batch in the hands of a stolen station, of somebody from another plant, and of a job that has no business with it."""

from uuid import UUID

import pytest

from tests.attack.newcomers import Newcomers
from tests.attack.target import Target, sign, sqlstate_of

pytestmark = pytest.mark.capability("K7", "R11-07")


def attempts(target: Target) -> dict[str, str]:
    """One try of everything that moves a batch, by SQL."""
    steps = {str(key): step for key, step in target.plant.rows("SELECT key, id FROM lineside.batch_step WHERE batch = %s", target.batch)}
    box = target.plant.rows("SELECT id FROM lineside.container WHERE lot = %s LIMIT 1", target.lot)[0][0]
    return {
        "start": f"UPDATE lineside.batch_step SET status = 'started' WHERE id = '{steps['clearance']}'",
        "leave out": f"UPDATE lineside.batch_step SET status = 'void' WHERE id = '{steps['clearance']}'",
        "enter": f"""INSERT INTO lineside.step_entry (id, batch_step, field, said, origin)
            VALUES (uuidv7(), '{steps["clearance"]}', 'clean', 'yes', 'typed')""",
        "consume": f"""INSERT INTO lineside.consumption (id, batch_step, lot, container, quantity, origin, raw)
            VALUES (uuidv7(), '{steps["hubs"]}', '{target.lot}', '{box}', 1, 'scanned', 'x')""",
        "make": f"INSERT INTO lineside.unit (id, batch) VALUES (uuidv7(), '{target.batch}')",
        "lay out": f"INSERT INTO lineside.kit (id, batch, container) VALUES (uuidv7(), '{target.batch}', '{box}')",
        "complete": f"UPDATE lineside.batch SET status = 'complete' WHERE id = '{target.batch}'",
        "begin": f"""INSERT INTO lineside.batch (id, code, master, planned)
            SELECT uuidv7(), lineside.next_code('batch'), master, 1 FROM lineside.batch WHERE id = '{target.batch}'""",
    }


DOES = {
    "chen.jing": {"start", "make"},  # an operator; the rest waits for its step
    "tom.becker": {"start", "make", "lay out", "begin"},
    "gao.yun": {"begin", "lay out"},
    "zhou.min": {"lay out"},
    "li.ming": set[str](),
    "wang.haiyan": set[str](),
    "he.qing": set[str](),
    "zhao.lei": set[str](),
    "ma.lin": set[str](),
    "sun.wei": set[str](),
}


@pytest.mark.parametrize("login", DOES)
def test_every_job_does_its_own_part_of_a_batch_from_a_shell_and_nothing_else(target: Target, login: str):
    shell = target.plant.shell(login)
    done = set()
    for name, statement in attempts(target).items():
        state = sqlstate_of(shell, statement, "SELECT 1 / 0")  # whatever is let through is taken back
        assert state in {"22012", "42501", "LS010", "LS073", "LS074", "LS076", "LS090", "LS031"}, (name, state)
        if state == "22012":
            done.add(name)
    assert done == DOES[login]


def test_a_stolen_station_reads_and_moves_nothing_of_a_batch(target: Target):
    station = target.plant.station_shell()
    for name, statement in attempts(target).items():
        assert sqlstate_of(station, statement) == "42501", name
    for table in ("batch", "batch_step", "step_entry", "consumption", "consumption_sum", "unit", "kit"):
        assert sqlstate_of(station, f"SELECT count(*) FROM lineside.{table}") == "42501"
    for call in ("apply_label(uuidv7(), 'x')", "destroy_label(uuidv7(), 'x')", f"batch_obstacles('{target.batch}')"):
        assert sqlstate_of(station, f"SELECT lineside.{call}") == "42501"


def test_who_has_every_right_at_another_plant_has_none_over_this_batch(fresh: Target, newcomers: Newcomers):
    newcomers.open_site("BER")
    stranger = newcomers.hire_for_all("operator", "supervisor", "planner", "quality", "regulatory", site="BER")
    shell = fresh.plant.shell(stranger)
    for name, statement in attempts(fresh).items():
        assert sqlstate_of(shell, statement) in {"LS010", "LS073", "LS074"}, name
    for meaning in ("rejected", "released for production", "released to market"):
        signing = fresh.plant.shell(stranger, purpose="sign")
        act = f"UPDATE lineside.batch SET status = '{meaning}' WHERE id = '{fresh.batch}'"
        assert sqlstate_of(signing, sign(kind="batch", subject=fresh.batch, version=1, meaning=meaning), act) == "LS010"
    assert fresh.plant.rows("SELECT status FROM lineside.batch WHERE id = %s", fresh.batch) == [("open",)]
    assert isinstance(fresh.batch, UUID)
