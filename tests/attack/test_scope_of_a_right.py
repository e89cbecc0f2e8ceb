"""A right counts only where a person has the job: at that site, and over records that exist (reliability 2b; K7)."""

from uuid import UUID

import pytest

from app.base.ids import new_id
from app.core.people import DisablePerson, GiveJob, TakeJob
from app.core.refusals import NoSuchJob, NotAllowed
from app.core.tasks import CallForHelp
from tests.attack.newcomers import Newcomers
from tests.attack.target import Target, furnish, set_status, sign, sqlstate_of
from tests.plant import Plant

pytestmark = pytest.mark.capability("K7")

ELSEWHERE = "LS010"


@pytest.fixture
def other_site(plant: Plant, newcomers: Newcomers) -> UUID:
    """A second plant whose people have every right there and none here."""
    return newcomers.open_site("CHD")


def _ids(plant: Plant) -> dict[str, str]:
    wanted = ("item", "supplier", "asset", "purchase_order", "lot", "receipt", "container", "location")
    return {table: str(plant.rows(f"SELECT min(id::text) FROM lineside.{table}")[0][0]) for table in wanted}


def test_rights_at_another_site_open_nothing_here(plant: Plant, newcomers: Newcomers, other_site: UUID):
    here: Target = furnish(plant)
    ids, site = _ids(plant), newcomers.site()
    tries = {
        "receiver": [
            f"""INSERT INTO lineside.lot (id, code, item, supplier, supplier_lot, site, expires_on) VALUES (uuidv7(),
            lineside.next_code('lot'), '{ids["item"]}', '{ids["supplier"]}', 'X-1', '{site}', '2030-01-01')""",
            f"""INSERT INTO lineside.container (id, code, receipt, lot, quantity) VALUES (uuidv7(), lineside.next_code('container'),
            '{ids["receipt"]}', '{ids["lot"]}', 1)""",
            f"INSERT INTO lineside.receipt_undo (id, receipt, reason) VALUES (uuidv7(), '{ids['receipt']}', 'x')",
            f"""INSERT INTO lineside.weighing (id, container, kind, value, unit, scale, raw, read_at) VALUES (uuidv7(),
            '{ids["container"]}', 'gross', 1, 'g', '{ids["asset"]}', 'x', now())""",
            f"""INSERT INTO lineside.label (id, kind, subject_kind, subject_id, copy_no, printer, station, content, reason) VALUES
            (uuidv7(), 'container', 'container', '{ids["container"]}', 2, 'LP-02', 'REC-01', '{{}}', 'x')""",
        ],
        "inspector": [f"INSERT INTO lineside.inspection (id, code, lot) VALUES (uuidv7(), lineside.next_code('inspection'), '{here.lot}')"],
        "planner": [
            f"INSERT INTO lineside.location (id, code, site, kind) VALUES (uuidv7(), 'MINE', '{site}', 'released')",
            f"INSERT INTO lineside.purchase_order (id, code, supplier, site) VALUES (uuidv7(), 'PO26-9999', '{ids['supplier']}', '{site}')",
            f"""INSERT INTO lineside.order_line (id, purchase_order, no, item, quantity, due_on) VALUES (uuidv7(),
            '{ids["purchase_order"]}', 9, '{ids["item"]}', 1, '2027-01-01')""",
        ],
        "quality": [
            f"""INSERT INTO lineside.approval (id, supplier, item, site, valid_from, valid_to, certificate, certificate_valid_to)
            VALUES (uuidv7(), '{ids["supplier"]}', '{ids["item"]}', '{site}', '2020-01-01', '2040-01-01', 'x', '2040-01-01')""",
        ],
        "engineer": [
            f"""INSERT INTO lineside.calibration (id, asset, done_on, due_on, certificate, passed) VALUES (uuidv7(), '{ids["asset"]}',
            '2026-01-01', '2040-01-01', 'x', true)""",
            f"""INSERT INTO lineside.asset (id, code, kind, name_en, name_zh, serial_no, site, needs_calibration) VALUES (uuidv7(),
            'SC-99', 'scanner', 'x', 'x', 'x', '{site}', false)""",
            f"""INSERT INTO lineside.document (id, kind, code, revision, site, effective_from) VALUES (uuidv7(), 'inspection_plan',
            'IP-CH-2225', 9, '{site}', '2020-01-01')""",
        ],
    }
    for job, statements in tries.items():
        shell = plant.shell(newcomers.hire(job, site="CHD"))
        answers = {statement[:40]: sqlstate_of(shell, statement) for statement in statements}
        assert set(answers.values()) == {ELSEWHERE}, (job, answers)
    engineer = plant.shell(newcomers.hire("engineer", site="CHD"))
    change = "SELECT lineside.begin_command(uuidv7(), 'x', 'x', 'because')"
    assert sqlstate_of(engineer, change, "UPDATE lineside.asset SET active = false") == ELSEWHERE


def test_quality_of_another_site_neither_releases_nor_approves_here(plant: Plant, newcomers: Newcomers, other_site: UUID):
    here = furnish(plant)
    login = newcomers.hire_for_all("quality", "supervisor", site="CHD")
    release = [sign(kind="lot", subject=here.lot, version=1, meaning="released"), set_status(here.lot, "released")]
    assert sqlstate_of(plant.shell(login, purpose="sign"), *release) == ELSEWHERE
    approve = sign(kind="deviation", subject=here.deviation, version=here.deviation_version, meaning="approved by supervisor")
    assert sqlstate_of(plant.shell(login, purpose="sign"), approve) == ELSEWHERE
    lower = f"UPDATE lineside.deviation SET class = 'minor' WHERE id = '{here.deviation}'"
    assert sqlstate_of(plant.shell(login), lower) == ELSEWHERE


def test_administrators_staff_their_own_site_and_a_new_one_until_it_has_its_own(plant: Plant, newcomers: Newcomers, other_site: UUID):
    theirs = newcomers.hire("administrator", site="CHD")
    at = plant.sign_in(theirs, station=None)
    someone = newcomers.hire()
    give = {"command_id": new_id(), "id": new_id(), "person": newcomers.ids[someone], "job": "quality", "line": None}
    with pytest.raises(NotAllowed):
        at.give(GiveJob(**give, site=newcomers.site()))
    at.give(GiveJob(**give, site=other_site))
    with pytest.raises(NotAllowed):
        newcomers.administrator.give(GiveJob(**{**give, "command_id": new_id(), "id": new_id(), "job": "planner"}, site=other_site))
    with pytest.raises(NotAllowed):
        plant.sign_in("li.ming").give(TakeJob(command_id=new_id(), person=newcomers.ids[someone], job="quality"))


def test_an_administrator_of_another_site_neither_strips_nor_locks_out_anybody_here(plant: Plant, newcomers: Newcomers, other_site: UUID):
    here, theirs = newcomers.hire("planner"), newcomers.hire("planner", site="CHD")
    both = newcomers.hire("planner")
    other = plant.sign_in(newcomers.hire("administrator", site="CHD"), station=None)
    other.give(GiveJob(command_id=new_id(), id=new_id(), person=newcomers.ids[both], job="planner", site=other_site, line=None))
    for login in (here, both):  # a job is taken at every site where somebody has it
        with pytest.raises(NotAllowed):
            other.give(TakeJob(command_id=new_id(), person=newcomers.ids[login], job="planner"))
    with pytest.raises(NotAllowed):
        other.give(DisablePerson(command_id=new_id(), person=newcomers.ids[here]))
    other.give(TakeJob(command_id=new_id(), person=newcomers.ids[theirs], job="planner"))
    other.give(DisablePerson(command_id=new_id(), person=newcomers.ids[both]))  # who works here too is let out by either administrator
    assert plant.rows("SELECT enabled FROM lineside.person WHERE login = ANY (%s) ORDER BY login = %s", [here, both], both) == [
        (True,),
        (False,),
    ]
    with pytest.raises(NoSuchJob):
        newcomers.administrator.give(TakeJob(command_id=new_id(), person=newcomers.ids[here], job="person"))


def test_a_task_is_opened_and_moved_by_who_works_there_and_a_call_by_whoever_stands_there(
    plant: Plant, newcomers: Newcomers, other_site: UUID
):
    stranger = newcomers.hire("receiver", site="CHD")
    task = """INSERT INTO lineside.task (id, kind, subject_kind, subject_id, site, for_job)
        SELECT uuidv7(), 'inspect', 'site', s.id, s.id, 'operator' FROM lineside.site s WHERE s.code = 'SUZ'"""
    shell = plant.shell(stranger)
    assert sqlstate_of(shell, task) == ELSEWHERE
    assert sqlstate_of(plant.shell("zhou.min"), task) == "done"
    assert sqlstate_of(shell, "UPDATE lineside.task SET status = 'done'") == ELSEWHERE
    plant.close()
    plant.sign_in(stranger).give(CallForHelp(command_id=new_id(), id=new_id(), topic="safety"))


@pytest.mark.parametrize("cause", ["other", "receipt", "measurement"])
def test_a_deviation_hangs_on_a_lot_that_exists_and_on_a_cause_of_that_lot(fresh: Target, cause: str):
    ids = {
        "other": "uuidv7()",
        "receipt": f"(SELECT id FROM lineside.receipt WHERE lot = '{fresh.lot}')",
        "measurement": "(SELECT min(id::text)::uuid FROM lineside.measurement)",
    }
    insert = """INSERT INTO lineside.deviation (id, code, subject_kind, subject_id, cause_kind, cause_id, kind, facts, class) VALUES
            (uuidv7(), lineside.next_code('deviation'), 'lot', {lot}, '{cause}', {id}, 'discrepancy', '{{}}', 'minor')"""
    shell = fresh.plant.shell("li.ming")
    assert sqlstate_of(shell, insert.format(lot="uuidv7()", cause=cause, id=ids[cause])) == ELSEWHERE
    if cause != "other":
        assert sqlstate_of(shell, insert.format(lot=f"'{fresh.bad_lot}'", cause=cause, id=ids[cause])) == "LS061"


@pytest.mark.parametrize("code", ["L26-99999", "L26-0001 ", "l26-0001", "LOT", "L26-00О1", ""])
def test_a_code_that_the_database_did_not_give_out_is_refused(target: Target, code: str):
    insert = f"""INSERT INTO lineside.lot (id, code, item, supplier, supplier_lot, site, expires_on)
        SELECT uuidv7(), '{code}', item, supplier, 'OTHER', site, expires_on FROM lineside.lot LIMIT 1"""
    assert sqlstate_of(target.plant.shell("zhou.min"), insert) == "LS065"


def test_containers_hold_no_more_than_was_received_and_belong_to_its_lot(target: Target):
    shell = target.plant.shell("zhou.min")
    insert = f"""INSERT INTO lineside.container (id, code, receipt, lot, quantity)
        SELECT uuidv7(), lineside.next_code('container'), r.id, {{lot}}, 1 FROM lineside.receipt r WHERE r.lot = '{target.lot}'"""
    assert sqlstate_of(shell, insert.format(lot="r.lot")) == "LS063"
    assert sqlstate_of(shell, insert.format(lot=f"'{target.bad_lot}'")) == "LS063"


def test_a_label_says_what_the_record_says(target: Target):
    shell = target.plant.shell("zhou.min")
    insert = """INSERT INTO lineside.label (id, kind, subject_kind, subject_id, copy_no, printer, station, content, reason)
        SELECT uuidv7(), 'container', 'container', l.subject_id, {copy}, 'LP-02', 'REC-01', {content}, 'torn' FROM lineside.label_seen l
            ORDER BY l.id LIMIT 1"""
    assert sqlstate_of(shell, insert.format(copy=2, content='l.content || \'{"expires_on": "2039-09-30"}\'')) == "LS064"
    assert sqlstate_of(shell, insert.format(copy=2, content='l.content || \'{"lot": "L26-0002"}\'')) == "LS064"
    assert sqlstate_of(shell, insert.format(copy=1, content="l.content")) == "LS064"
    assert sqlstate_of(shell, insert.format(copy=2, content="l.content")) == "LS172", (
        "what it says is right; the copy before it still counts"
    )


def test_a_file_is_the_bytes_its_fingerprint_names_and_nobody_adds_to_it(plant: Plant):
    shell = plant.shell("li.ming")
    row = """INSERT INTO lineside.attachment (id, sha256, mime, file_name, size_bytes) VALUES ('{id}', sha256('hello'), 'text/plain',
            'a.txt', {size})"""
    chunk = "INSERT INTO lineside.attachment_chunk (attachment, no, bytes) VALUES ('{id}', {no}, '{bytes}')"
    made = new_id()
    assert sqlstate_of(shell, row.format(id=made, size=5)) == "LS062"
    assert sqlstate_of(shell, row.format(id=made, size=5), chunk.format(id=made, no=0, bytes="hullo")) == "LS062"
    assert sqlstate_of(shell, row.format(id=made, size=9), chunk.format(id=made, no=0, bytes="hello")) == "LS062"
    whole = [row.format(id=made, size=5), chunk.format(id=made, no=0, bytes="he"), chunk.format(id=made, no=1, bytes="llo")]
    more = chunk.format(id=made, no=2, bytes="!")
    assert sqlstate_of(shell, *whole, "SET CONSTRAINTS ALL IMMEDIATE", more) == "LS062"
    assert sqlstate_of(shell, *whole) == "done"
    assert sqlstate_of(plant.shell("zhou.min"), more) == "LS062"


def test_a_draft_belongs_to_who_began_it(plant: Plant):
    save = "INSERT INTO lineside.draft (id, station, screen, content) VALUES (uuidv7(), 'IQC-02', 'x', '{}')"
    assert sqlstate_of(plant.shell("li.ming"), save) == "done"
    other = plant.shell("zhou.min")
    assert sqlstate_of(other, "DELETE FROM lineside.draft") == ELSEWHERE
    assert sqlstate_of(other, "UPDATE lineside.draft SET content = '{\"x\": 1}'") == ELSEWHERE
