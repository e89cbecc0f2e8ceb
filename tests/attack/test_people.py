"""Accounts over the years, tried from SQL shells too: passwords age, people come back, an envelope is opened, a job holds on one line."""

import psycopg
import pytest

from app.base.ids import new_id
from app.core.command import Permission
from app.core.database import WrongNameOrPassword
from app.core.people import (
    BadgeTaken,
    CreatePerson,
    DescribePerson,
    DisablePerson,
    GiveJob,
    LetInAgain,
    NoSuchLine,
    TakePlace,
    verifier_of,
)
from app.core.people_view import everybody
from app.core.refusals import AccountLocked, OwnJob
from app.core.session import sign_in
from app.demo.people import SECRET
from tests.attack.newcomers import FIRST, Newcomers
from tests.attack.target import Target, set_status, sign, sqlstate_of
from tests.plant import Plant
from ui.shell.questions import who_may

pytestmark = [pytest.mark.capability("K10"), pytest.mark.capability("R11-15")]

ADD = "INSERT INTO lineside.supplier (id, code, name_en, name_zh) VALUES (uuidv7(), '{}', 'x', 'x')"
NO_RIGHT, NOT_OWN = "LS010", "LS021"


def aged(plant: Plant, login: str, days: int) -> None:
    """The password was set so many days ago."""
    past = "UPDATE lineside.person SET secret_set_at = clock_timestamp() - make_interval(days => %s) WHERE login = %s"
    plant.superuser().execute(past, [days, login])


def again(plant: Plant, newcomers: Newcomers, login: str) -> None:
    """An administrator checks who it is and hands out a first password."""
    verifier = verifier_of(plant.superuser(), login, FIRST)
    newcomers.administrator.give(
        LetInAgain(command_id=new_id(), person=newcomers.ids[login], identity_check="identity card, in person", verifier=verifier)
    )


def test_a_password_past_its_age_lets_in_does_nothing_signs_nothing_and_can_be_replaced(fresh: Target, newcomers: Newcomers):
    login = newcomers.hire("quality")
    release = [sign(kind="lot", subject=fresh.lot, version=1, meaning="released"), set_status(fresh.lot, "released")]
    aged(fresh.plant, login, 364)
    assert fresh.plant.shell(login).execute("SELECT is_good, ends_at > now() FROM lineside.my_secret()").fetchone() == (True, True)
    aged(fresh.plant, login, 366)
    shell = fresh.plant.shell(login)
    assert shell.execute("SELECT is_good, ends_at > now() FROM lineside.my_secret()").fetchone() == (False, False)
    assert shell.execute("SELECT lineside.may('release_lot', NULL)").fetchone() == (False,)
    assert sqlstate_of(fresh.plant.shell(login, purpose="sign"), *release) == NOT_OWN
    newcomers.set_own_secret(login, SECRET, "another sentence")
    assert sqlstate_of(fresh.plant.shell(login, purpose="sign", secret="another sentence"), *release) == "done"


def test_how_long_a_password_lasts_is_the_plants_and_within_bounds(plant: Plant, newcomers: Newcomers):
    login = newcomers.hire("planner")
    aged(plant, login, 100)
    shell = plant.shell("sun.wei")
    begin = "SELECT lineside.begin_command(uuidv7(), 'SetSecretDays', '\\x00', {})"
    assert sqlstate_of(shell, begin.format("NULL"), "SELECT lineside.set_secret_days(90)") == "LS011"
    for days in (0, 29, 731):
        assert sqlstate_of(shell, begin.format("'audit'"), f"SELECT lineside.set_secret_days({days})") == "23514"
    assert sqlstate_of(plant.shell(login), ADD.format("BEFORE")) == "done"
    assert sqlstate_of(shell, begin.format("'audit finding'"), "SELECT lineside.set_secret_days(90)") == "done"
    assert sqlstate_of(plant.shell(login), ADD.format("AFTER")) == NO_RIGHT
    assert sqlstate_of(plant.shell(login), "SELECT lineside.set_secret_days(400)") == NO_RIGHT


def test_a_first_password_opens_no_right_before_it_is_replaced(plant: Plant, newcomers: Newcomers):
    login = newcomers.hire("planner", own_secret=False)
    assert sqlstate_of(plant.shell(login, secret=FIRST), ADD.format("EARLY")) == NO_RIGHT
    newcomers.set_own_secret(login, FIRST, SECRET)
    assert sqlstate_of(plant.shell(login), ADD.format("LATER")) == "done"


def test_who_forgot_a_password_is_let_in_again_and_the_open_session_ends(plant: Plant, newcomers: Newcomers):
    login = newcomers.hire("planner")
    open_session = plant.shell(login)
    again(plant, newcomers, login)
    assert sqlstate_of(open_session, ADD.format("OLD")) == "57P01"
    with pytest.raises(WrongNameOrPassword):
        plant.shell(login)
    assert sqlstate_of(plant.shell(login, secret=FIRST), ADD.format("FIRST")) == NO_RIGHT
    checked = plant.rows("SELECT enabled_check, checked_by FROM lineside.person WHERE login = %s", login)
    assert checked == [("identity card, in person", "sun.wei")]


def test_nobody_hands_a_first_password_to_themselves(plant: Plant, newcomers: Newcomers):
    own = plant.rows("SELECT id FROM lineside.person WHERE login = 'sun.wei'")[0][0]
    order = LetInAgain(command_id=new_id(), person=own, identity_check="x", verifier=verifier_of(plant.superuser(), "sun.wei", FIRST))  # type: ignore[arg-type]
    with pytest.raises(OwnJob):
        newcomers.administrator.give(order)


def test_who_comes_back_has_the_old_name_and_no_job_until_it_is_given_again(plant: Plant, newcomers: Newcomers):
    login = newcomers.hire("planner")
    newcomers.administrator.give(DisablePerson(command_id=new_id(), person=newcomers.ids[login]))
    with pytest.raises(AccountLocked):
        sign_in(plant.server, login=login, password=SECRET, tickets=lambda: None)
    again(plant, newcomers, login)
    newcomers.set_own_secret(login, FIRST, SECRET)
    assert sqlstate_of(plant.shell(login), ADD.format("BACK")) == "42501"
    order = GiveJob(command_id=new_id(), id=new_id(), person=newcomers.ids[login], job="planner", site=newcomers.site(), line=None)
    newcomers.administrator.give(order)
    assert sqlstate_of(plant.shell(login), ADD.format("BACK")) == "done"


def test_a_badge_is_one_persons_and_names_without_proving(plant: Plant, newcomers: Newcomers):
    login = newcomers.hire("planner")
    order = DescribePerson(command_id=new_id(), person=newcomers.ids[login], name_en="New Name", name_zh="", phone="2204", badge="T-0117")
    with pytest.raises(BadgeTaken):
        newcomers.administrator.give(order)
    badge = "T-9001"
    newcomers.administrator.give(
        DescribePerson(command_id=new_id(), person=newcomers.ids[login], name_en="New Name", name_zh="", phone="2204", badge=badge)
    )
    link = plant.link("IQC-02")
    assert link.person_of_badge(badge) == login
    link.close()
    with pytest.raises(WrongNameOrPassword):
        plant.shell(login, secret=badge)


def test_only_an_administrator_reaches_any_of_it(plant: Plant):
    shell = plant.shell("wang.haiyan")
    person = plant.rows("SELECT id FROM lineside.person WHERE login = 'li.ming'")[0][0]
    scope = plant.rows("SELECT id FROM lineside.scope WHERE person = %s", person)[0][0]
    verifier = verifier_of(plant.superuser(), "li.ming", FIRST)
    for act in (
        f"let_in_again('{person}', 'x', '{verifier}')",
        f"describe_person('{person}', 'x', 'x', '', NULL)",
        f"mark_break_glass('{person}')",
        f"take_place('{scope}')",
        "give_right(uuidv7(), 'quality', 'manage_people')",
        "withdraw_right('administrator', 'manage_people')",
    ):
        assert sqlstate_of(shell, f"SELECT lineside.{act}") == NO_RIGHT, act
    assert sqlstate_of(shell, "UPDATE lineside.person SET break_glass = false") == "42501"
    assert sqlstate_of(shell, "UPDATE lineside.person SET secret_set_at = clock_timestamp()") == "42501"


# a job on one line -----------------------------------------------------------------------------------------------------------------


@pytest.mark.capability("K7")
def test_a_job_on_one_line_counts_at_that_lines_stations_alone(plant: Plant, newcomers: Newcomers):
    newcomers.enrol("LNA-01", "station secret of a", line="A")
    newcomers.enrol("LNB-01", "station secret of b", line="B")
    login = newcomers.hire("planner", line="A")
    plant.secrets = {**plant.secrets, "LNA-01": "station secret of a", "LNB-01": "station secret of b"}
    for station, answer in {"LNA-01": "done", "LNB-01": NO_RIGHT}.items():
        link = plant.link(station)
        assert sqlstate_of(plant.shell(login, purpose="work", ticket=link.ticket()), ADD.format(station)) == answer
        assert (login in {one.login for one in link.people()}) == (answer == "done")
        link.close()
    link = plant.link("IQC-02")
    assert sqlstate_of(plant.shell(login, purpose="work", ticket=link.ticket()), ADD.format("NOLINE")) == NO_RIGHT
    link.close()
    assert sqlstate_of(plant.shell(login), ADD.format("SHELL")) == NO_RIGHT, "past the stations there is no line"


@pytest.mark.capability("K7")
def test_what_a_person_is_at_a_station_and_whom_it_names_follows_its_line(plant: Plant, newcomers: Newcomers):
    newcomers.enrol("LNA-01", "station secret of a", line="A")
    plant.secrets = {**plant.secrets, "LNA-01": "station secret of a"}
    login = newcomers.hire("planner", line="A")
    for station, holds in {"LNA-01": True, "IQC-02": False}.items():
        here = plant.sign_in(login, station=station)
        assert here.who.jobs == (frozenset({"planner"}) if holds else frozenset())
        named = here.ask(lambda session: who_may(session, right=Permission.PLAN_BATCH, site=newcomers.site()))
        assert (login in {one.login for one in named}) == holds


@pytest.mark.capability("K7")
def test_a_line_that_no_station_stands_at_is_refused_by_name(plant: Plant, newcomers: Newcomers):
    newcomers.enrol("LNA-01", "station secret of a", line="A")
    login = newcomers.hire()
    order = GiveJob(command_id=new_id(), id=new_id(), person=newcomers.ids[login], job="planner", site=newcomers.site(), line="a")
    with pytest.raises(NoSuchLine) as refused:
        newcomers.administrator.give(order)
    assert refused.value.facts["lines"] == "A"


@pytest.mark.capability("K7")
def test_one_place_of_a_job_is_taken_and_the_job_goes_with_the_last(plant: Plant, newcomers: Newcomers):
    newcomers.enrol("LNA-01", "station secret of a", line="A")
    login = newcomers.hire("planner", line="A")
    person, site = newcomers.ids[login], newcomers.site()
    newcomers.administrator.give(GiveJob(command_id=new_id(), id=new_id(), person=person, job="planner", site=site, line=None))
    has = "SELECT pg_has_role(%s, 'lineside_planner', 'USAGE')"
    for left in (True, False):
        ((scope,),) = plant.rows("SELECT id FROM lineside.scope WHERE person = %s ORDER BY line NULLS LAST LIMIT 1", person)
        newcomers.administrator.give(TakePlace(command_id=new_id(), scope=scope))  # type: ignore[arg-type]
        assert plant.rows(has, login) == [(left,)]


# the envelope ----------------------------------------------------------------------------------------------------------------------


def emergency(plant: Plant, newcomers: Newcomers, *jobs: str) -> str:
    """An account for emergencies whose envelope was opened: its finder set a password."""
    login = newcomers.hire(*jobs, own_secret=False)
    plant.shell("sun.wei").execute("SELECT lineside.mark_break_glass(%s)", [newcomers.ids[login]])
    newcomers.set_own_secret(login, FIRST, SECRET)
    return login


def calls(plant: Plant, login: str) -> list[tuple[object, ...]]:
    asked = "SELECT for_job, station, status FROM lineside.task WHERE facts ->> 'topic' = 'break_glass' AND facts ->> 'login' = %s"
    return plant.rows(asked + " ORDER BY for_job DESC", login)


def test_whoever_opens_the_envelope_is_heard_by_quality_and_administrators_wherever_they_come_in(plant: Plant, newcomers: Newcomers):
    login = emergency(plant, newcomers, "administrator")
    assert calls(plant, login) == [("quality", None, "open"), ("administrator", None, "open")]
    plant.shell(login)
    assert len(calls(plant, login)) == 2, "one call that stands is enough"
    plant.superuser().execute("UPDATE lineside.task SET status = 'done' WHERE facts ->> 'login' = %s", [login])
    link = plant.link("IQC-02")
    assert login not in {one.login for one in link.people()}
    plant.shell(login, purpose="work", ticket=link.ticket())
    link.close()
    assert [row for row in calls(plant, login) if row[2] == "open"] == [("quality", "IQC-02", "open"), ("administrator", "IQC-02", "open")]


def test_an_account_for_emergencies_signs_nothing_and_stays_one(fresh: Target, newcomers: Newcomers):
    login = emergency(fresh.plant, newcomers, "quality")
    release = [sign(kind="lot", subject=fresh.lot, version=1, meaning="released"), set_status(fresh.lot, "released")]
    assert sqlstate_of(fresh.plant.shell(login, purpose="sign"), *release) == "LS144"
    back = "UPDATE lineside.person SET break_glass = false WHERE login = %s"
    with pytest.raises(psycopg.Error) as refused:
        fresh.plant.superuser().execute(back, [login])
    assert refused.value.sqlstate == "LS012"


def test_an_account_for_emergencies_is_made_in_one_order(plant: Plant, newcomers: Newcomers):
    login, person = f"emergency.n{new_id().hex[:8]}", new_id()
    order = CreatePerson(
        command_id=new_id(),
        id=person,
        login=login,
        name_en="Emergency",
        name_zh="应急",
        badge=None,
        identity_check="sealed envelope 1, quality safe",
        verifier=verifier_of(plant.superuser(), login, FIRST),
        break_glass=True,
    )
    newcomers.administrator.give(order)
    newcomers.leaves_with(login)
    assert [one.break_glass for one in newcomers.administrator.ask(everybody) if one.login == login] == [True]
