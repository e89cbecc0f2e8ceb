"""Somebody walked off with a station's secret: what a SQL shell with it may do, and what not (reliability 2b)."""

import psycopg
import pytest

from app.base.ids import new_id
from app.core.database import connect
from app.core.refusals import AccountLocked
from app.core.stations import station_role
from tests.attack.newcomers import Newcomers
from tests.attack.target import Target, set_status, sign, sqlstate_of
from tests.attack.test_shell_of_a_person import DENIED, TRIES
from tests.plant import Plant

OWN = {"takes a station's ticket", "moves a printer's label"}


@pytest.mark.capability("K4", "K7")
def test_a_station_gets_past_no_gate(target: Target):
    shell = target.plant.station_shell()
    answers = {what: sqlstate_of(shell, statement) for what, statement in TRIES.items() if what not in OWN}
    assert {what: answer for what, answer in answers.items() if answer != DENIED} == {}


@pytest.mark.capability("K7")
def test_a_station_reads_no_record_beyond_its_functions(target: Target):
    shell = target.plant.station_shell()
    tables = [name for (name,) in target.plant.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'lineside'")]
    assert len(tables) > 30
    readable = {name for name in tables if sqlstate_of(shell, f"SELECT * FROM lineside.{name}") == "done"}
    assert readable == {"site"}


@pytest.mark.parametrize("purpose", ["station", "sign", "work"])
def test_a_station_cannot_sign_or_release_whatever_purpose_it_claims(target: Target, purpose: str):
    shell = target.plant.shell(station_role("IQC-02"), purpose=purpose, secret=target.plant.secrets["IQC-02"])
    assert sqlstate_of(shell, sign(kind="lot", subject=target.lot, version=1, meaning="released")) == DENIED
    assert sqlstate_of(shell, set_status(target.lot, "released")) == DENIED
    assert target.plant.rows("SELECT DISTINCT purpose FROM lineside.login_record WHERE who = 'lineside_station_iqc_02'") == [("station",)]


def test_a_station_cannot_receive_measure_or_give_people_jobs(target: Target):
    shell = target.plant.station_shell()
    for function in (
        "create_person(uuidv7(), 'x', 'x', 'x', NULL, 'x', 'x')",
        "give_job(uuidv7(), uuidv7(), 'quality', uuidv7(), NULL)",
        "set_own_secret('x')",
    ):
        assert sqlstate_of(shell, f"SELECT lineside.{function}") == DENIED
    assert sqlstate_of(shell, "INSERT INTO lineside.measurement (id) VALUES (uuidv7())") == DENIED
    assert sqlstate_of(shell, "INSERT INTO lineside.task (id) VALUES (uuidv7())") == DENIED


def test_a_station_moves_only_labels_of_its_own_queue(plant: Plant):
    plant.receive()
    label, code = plant.rows("SELECT id, content ->> 'container' FROM lineside.label")[0]
    own, other = plant.station_shell("REC-01"), plant.station_shell("IQC-02")
    assert sqlstate_of(other, f"SELECT lineside.validate_label('{label}', ']C0{code}')") == "LS010"
    assert sqlstate_of(own, f"SELECT lineside.move_label('{label}', 'sent', '')") == "LS031", "it was not read back yet"
    assert sqlstate_of(own, f"SELECT lineside.validate_label('{label}', ']C0C26-99999')") == "LS064"
    assert sqlstate_of(own, f"SELECT lineside.validate_label('{label}', NULL)") == "LS064"
    assert sqlstate_of(own, f"SELECT lineside.validate_label('{label}', ']C0{code}')") == "done"
    assert sqlstate_of(other, f"SELECT lineside.move_label('{label}', 'sent', '')") == "LS010"
    assert sqlstate_of(own, f"SELECT lineside.move_label('{label}', 'sent', '')") == "done"
    for state in ("verified", "applied", "destroyed", "validated", "requested"):
        assert sqlstate_of(own, f"SELECT lineside.move_label('{label}', '{state}', '')") == "LS031", state
    assert sqlstate_of(own, f"SELECT lineside.move_label('{label}', 'unknown', 'printer.silent')") == "done"
    assert sqlstate_of(own, f"SELECT lineside.move_label('{label}', 'printed', '')") == "LS031", (
        "a person says what nobody knew, no late answer"
    )
    for function in ("verify_label", "destroy_label", "reroute_label", "settle_label"):
        arguments = "''::bytea" if function == "verify_label" else "''" if function == "destroy_label" else "'', ''"
        assert sqlstate_of(own, f"SELECT lineside.{function}('{label}', {arguments})") == DENIED
    assert (
        sqlstate_of(own, "INSERT INTO lineside.label_route (id, station, kind, printer) VALUES (uuidv7(), 'REC-01', 'unit', 'LP-02')")
        == DENIED
    )


def test_a_flood_of_failed_sign_ins_leaves_a_bounded_table_and_nothing_for_unknown_names(plant: Plant):
    link = plant.link("REC-01")
    counts = [link.report_failed_sign_in("li.ming") for _ in range(40)]
    assert counts[:6] == [1, 2, 3, 4, 5, 6]
    assert counts[-1] == 20
    assert {link.report_failed_sign_in(f"nobody.{n}") for n in range(10)} == {0}
    assert plant.rows("SELECT login, count(*) FROM lineside.sign_in_failure GROUP BY login") == [("li.ming", 20)]


def test_failures_at_one_station_do_not_count_at_another(plant: Plant):
    stolen = plant.link("REC-01")
    for _ in range(20):
        stolen.report_failed_sign_in("li.ming")
    assert plant.link("IQC-02").report_failed_sign_in("li.ming") == 1


@pytest.mark.capability("K7")
def test_a_disabled_station_is_refused_with_its_right_secret(plant: Plant, newcomers: Newcomers):
    newcomers.enrol("NEW-77", "a station of its own")
    shell = plant.shell(station_role("NEW-77"), purpose="station", secret="a station of its own")
    ticket = shell.execute("SELECT lineside.take_ticket()").fetchone()[0]
    plant.superuser().execute("UPDATE lineside.station SET enabled = false WHERE code = 'NEW-77'")
    with pytest.raises(AccountLocked):
        connect(plant.server, login=station_role("NEW-77"), password="a station of its own", purpose="station", ticket=None)
    late = plant.shell("li.ming", purpose="work", ticket=ticket)
    assert late.execute("SELECT count(*) FROM lineside.this_station()").fetchone() == (0,)
    with pytest.raises(psycopg.Error, match="only an enabled station"):
        shell.execute("SELECT lineside.take_ticket()")


def test_nobody_enrols_a_station_from_a_station(plant: Plant):
    call = f"SELECT lineside.enrol_station('{new_id()}', 'NEW-78', 'x', 'x', uuidv7(), NULL, 'receive', 'x')"
    assert sqlstate_of(plant.station_shell(), call) == DENIED
