"""Jobs are composed of rights by administrators, on record; two rights that may not meet in one person do not, whichever way they come."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from app.base.ids import new_id
from app.base.phrases import Language, Phrase
from app.core.jobs import EndPair, GiveRight, HasItAlready, PairStands, PartRights, SetSecretDays, WithdrawRight
from app.core.people import GiveJob, NobodyLeft, NoSuchRight, PairMeets, why_words
from app.core.people_view import composition
from app.core.refusals import JobRemains, NotAllowed, OwnJob, ReasonMissing
from app.core.session import SignedIn
from app.core.trust.schema_lines import differences, lines_of, shipped
from tests.attack.newcomers import Newcomers
from tests.attack.target import sqlstate_of
from tests.plant import Plant

pytestmark = [pytest.mark.capability("K7"), pytest.mark.capability("R11-07")]

WHY = "the plant decided so"


@contextmanager
def given(at: SignedIn, job: str, right: str) -> Iterator[None]:
    """A right of a job for a while: jobs are roles of the whole server."""
    at.give(GiveRight(command_id=new_id(), id=new_id(), job=job, right=right))
    try:
        yield
    finally:
        at.give(WithdrawRight(command_id=new_id(), job=job, right=right), reason=WHY)


def test_a_right_given_to_a_job_counts_at_once_and_taken_away_bites_at_the_next_statement(plant: Plant, newcomers: Newcomers):
    add = "INSERT INTO lineside.supplier (id, code, name_en, name_zh) VALUES (uuidv7(), '{}', 'x', 'x')"
    shell = plant.shell(newcomers.hire("auditor"))
    assert sqlstate_of(shell, add.format("BEFORE")) == "42501"
    administrator = newcomers.administrator
    with given(administrator, "auditor", "keep_materials"):
        assert sqlstate_of(shell, add.format("WHILE")) == "done"
        assert differences(plant.sign_in("ma.lin").ask(lines_of), shipped()) == [], "what the product composed is no difference"
    assert sqlstate_of(shell, add.format("AFTER")) == "42501"
    asked = """SELECT payload::jsonb ->> 'op', payload::jsonb ->> 'reason' FROM lineside.audit_log WHERE tab = 'job_right'
        AND payload ~ 'auditor' AND payload ~ 'keep_materials' ORDER BY at"""
    entries = plant.rows(asked)
    assert entries == [("INSERT", None), ("DELETE", WHY)]


def test_what_is_already_so_or_cannot_be_is_said(plant: Plant, newcomers: Newcomers):
    at = newcomers.administrator
    with pytest.raises(HasItAlready):
        at.give(GiveRight(command_id=new_id(), id=new_id(), job="quality", right="release_lot"))
    with pytest.raises(NoSuchRight):
        at.give(GiveRight(command_id=new_id(), id=new_id(), job="quality", right="fly"))
    with pytest.raises(ReasonMissing):
        at.give(WithdrawRight(command_id=new_id(), job="quality", right="release_lot"))
    with pytest.raises(PairStands):
        at.give(PartRights(command_id=new_id(), id=new_id(), first="release_lot", second="inspect_lot", why="x"))
    with pytest.raises(NotAllowed):
        plant.sign_in("wang.haiyan").give(GiveRight(command_id=new_id(), id=new_id(), job="operator", right="release_lot"))


def test_nobody_adds_a_right_to_a_job_of_their_own_and_somebody_who_gives_rights_is_left(newcomers: Newcomers):
    at = newcomers.administrator
    with pytest.raises(OwnJob):
        at.give(GiveRight(command_id=new_id(), id=new_id(), job="administrator", right="read_trail"))
    with pytest.raises(NobodyLeft):
        at.give(WithdrawRight(command_id=new_id(), job="administrator", right="manage_people"), reason=WHY)


def test_a_right_that_a_superuser_granted_too_is_not_reported_as_taken(plant: Plant, newcomers: Newcomers):
    superuser = plant.superuser()
    superuser.execute("GRANT lineside_may_calibrate TO lineside_auditor")
    try:
        at = newcomers.administrator
        at.give(GiveRight(command_id=new_id(), id=new_id(), job="auditor", right="calibrate"))
        with pytest.raises(JobRemains):
            at.give(WithdrawRight(command_id=new_id(), job="auditor", right="calibrate"), reason=WHY)
    finally:
        superuser.execute("REVOKE lineside_may_calibrate FROM lineside_auditor")
        at.give(WithdrawRight(command_id=new_id(), job="auditor", right="calibrate"), reason=WHY)


# pairs -----------------------------------------------------------------------------------------------------------------------------


def test_two_rights_kept_apart_do_not_meet_in_one_person(newcomers: Newcomers):
    login = newcomers.hire("receiver")
    order = GiveJob(command_id=new_id(), id=new_id(), person=newcomers.ids[login], job="quality", site=newcomers.site(), line=None)
    with pytest.raises(PairMeets) as refused:
        newcomers.administrator.give(order)
    assert refused.value.facts["who"] == login
    assert {refused.value.facts["first"], refused.value.facts["second"]} == {"receive_material", "release_lot"}


def test_nor_through_a_right_that_a_job_gets(newcomers: Newcomers):
    with pytest.raises(PairMeets):
        newcomers.administrator.give(GiveRight(command_id=new_id(), id=new_id(), job="inspector", right="release_lot"))


def test_nor_from_a_sql_shell_nor_for_a_superuser(plant: Plant):
    person = plant.rows("SELECT id FROM lineside.person WHERE login = 'zhou.min'")[0][0]
    site = plant.rows("SELECT id FROM lineside.site")[0][0]
    give = f"SELECT lineside.give_job(uuidv7(), '{person}', 'quality', '{site}', NULL)"
    assert sqlstate_of(plant.shell("sun.wei"), give) == "LS140"
    into = f"INSERT INTO lineside.scope (id, person, job, site) VALUES (uuidv7(), '{person}', 'quality', '{site}')"
    assert sqlstate_of(plant.superuser(), into) == "LS140"
    right = "INSERT INTO lineside.job_right (job, right_name) VALUES ('receiver', 'release_lot')"
    assert sqlstate_of(plant.superuser(), right) == "LS140"


def test_a_pair_is_not_set_while_somebody_holds_both(newcomers: Newcomers):
    with pytest.raises(PairMeets) as refused:
        newcomers.administrator.give(PartRights(command_id=new_id(), id=new_id(), first="keep_assets", second="calibrate", why="x"))
    assert refused.value.facts["who"] == "zhao.lei"


def test_a_pair_that_was_ended_lets_both_meet_and_stays_on_record(plant: Plant, newcomers: Newcomers):
    at = newcomers.administrator
    pair = next(one for one in at.ask(composition).pairs if {one.first, one.second} == {"receive_material", "release_lot"})
    with pytest.raises(ReasonMissing):
        at.give(EndPair(command_id=new_id(), id=pair.id))
    at.give(EndPair(command_id=new_id(), id=pair.id), reason="four people work here")
    assert pair.id not in {one.id for one in at.ask(composition).pairs}
    assert plant.rows("SELECT ended FROM lineside.right_conflict WHERE id = %s", pair.id) == [(True,)]
    newcomers.hire("receiver")
    shell = plant.shell("sun.wei")
    begin = "SELECT lineside.begin_command(uuidv7(), 'x', '\\x00', 'x')"
    assert sqlstate_of(shell, begin, f"UPDATE lineside.right_conflict SET ended = false WHERE id = '{pair.id}'") == "LS013"
    assert sqlstate_of(plant.superuser(), f"DELETE FROM lineside.right_conflict WHERE id = '{pair.id}'") == "LS013"


def test_a_job_that_is_none_of_ours_is_given_taken_and_composed_by_nobody(plant: Plant, newcomers: Newcomers):
    person, site = plant.rows("SELECT person, site FROM lineside.scope LIMIT 1")[0]
    shell = plant.shell(newcomers.hire("administrator"))
    for act in (
        f"SELECT lineside.give_job(uuidv7(), '{person}', 'may_release_lot', '{site}', NULL)",
        f"SELECT lineside.take_job('{person}', 'may_release_lot')",
        "SELECT lineside.give_right(uuidv7(), 'person', 'release_lot')",
        "SELECT lineside.withdraw_right('keeper', 'release_lot')",
        "INSERT INTO lineside.mask_rule (id, class, job, rule) VALUES (uuidv7(), 'price', 'person', 'clear')",
    ):
        assert sqlstate_of(shell, act) == "LS015", act


def test_why_a_pair_is_kept_apart_is_said_in_both_languages_of_every_pair_a_plant_begins_with(plant: Plant):
    for (why,) in plant.rows("SELECT DISTINCT why FROM lineside.right_conflict"):
        words = why_words(str(why))
        assert isinstance(words, Phrase), why
        assert words.in_language(Language.ZH) != words.text


def test_of_two_administrators_who_each_give_one_half_the_second_waits_and_is_refused(plant: Plant, newcomers: Newcomers):
    login = newcomers.hire()
    site = newcomers.site()
    give = "SELECT lineside.give_job(uuidv7(), %s, %s, %s, NULL)"
    first, second = plant.shell("sun.wei"), plant.shell(newcomers.hire("administrator"))
    answers: list[str] = []

    def other_half() -> None:
        try:
            with second.transaction():
                second.execute(give, [newcomers.ids[login], "quality", site])
            answers.append("done")
        except psycopg.Error as refused:
            answers.append(str(refused.sqlstate))

    with first.transaction():
        first.execute(give, [newcomers.ids[login], "receiver", site])
        waits = threading.Thread(target=other_half)
        waits.start()
        while not plant.rows("SELECT FROM pg_stat_activity WHERE pid = %s AND wait_event_type = 'Lock'", second.info.backend_pid):
            assert waits.is_alive(), answers
    waits.join()
    assert answers == ["LS140"]


def test_every_setting_of_it_is_seen_by_an_administrator_in_one_look(newcomers: Newcomers):
    at = newcomers.administrator
    at.give(SetSecretDays(command_id=new_id(), days=180), reason="audit finding 12")
    now = at.ask(composition)
    assert now.secret_days == 180
    assert ("quality", "release_lot") in now.rights
    assert ("operator", "release_lot") not in now.rights
    assert now.holders["operator"] >= 1
