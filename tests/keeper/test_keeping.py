"""One elected keeper seals what nobody sealed, compares every night, and puts on record what it finds; each case once."""

import threading
import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import pytest

from app.core.backup.keys import make_key
from app.core.keeper.enrolling import KeeperSecrets
from app.core.keeper.found import Found
from app.core.keeper.keeping import Keeper, Kept
from app.core.keeper.link import KeeperLink, KeeperRefused
from app.core.keeper.night import night_of
from app.core.keeper.rounds import KeeperThread
from app.core.schema import SchemaTooNew
from app.core.trust.witness import read_witness, witness_file, write_witness
from tests.attack.target import sqlstate_of
from tests.core.cluster import short_folder
from tests.keeper.conftest import MakeKeeper, findings
from tests.plant import Plant
from tests.triggers import triggers_off

pytestmark = [pytest.mark.capability("K3"), pytest.mark.capability("K5"), pytest.mark.capability("P4")]
ZONE = ZoneInfo("Asia/Shanghai")


def an_hour_ago(plant: Plant) -> None:
    """Within the minute of a seal nobody needs another."""
    shell = plant.superuser()
    with triggers_off(shell, "seal"):
        shell.execute("DELETE FROM lineside.seal")
        shell.execute("DELETE FROM lineside.sealed_head")


def test_what_is_written_past_the_stations_is_sealed_by_the_keeper(plant: Plant, make_keeper: MakeKeeper):
    """Nobody works at a station and nothing is released: before, nothing was sealed."""
    an_hour_ago(plant)
    plant.superuser().execute("INSERT INTO lineside.site (id, code, name_en, name_zh, zone) VALUES (uuidv7(), 'XX', 'x', 'x', 'UTC')")
    kept = make_keeper().round()
    assert kept == Kept(elected=True, seal=1, night=False, found=())
    ((heads,),) = plant.rows("SELECT heads FROM seal")
    assert "direct:postgres " in str(heads)


def test_a_minute_holds_one_round_of_sealing(plant: Plant, make_keeper: MakeKeeper):
    seconds = iter(range(0, 10_000, 20))
    keeper = make_keeper(steady=lambda: float(next(seconds) // 2))
    asked = [keeper.round().seal is not None for _ in range(6)]
    assert asked[0]
    assert not all(asked)


def test_of_two_keepers_one_keeps_and_the_other_follows_when_it_is_gone(make_keeper: MakeKeeper):
    first, second = make_keeper(), make_keeper()
    assert first.round().elected
    assert not second.round().elected
    first.close()
    for _ in range(100):
        if second.round().elected:
            return
    raise AssertionError("the lock of a keeper that is gone is free")


def test_an_untouched_plant_has_no_finding_and_the_keeper_learns_the_end_of_every_chain(
    plant: Plant, make_keeper: MakeKeeper, tmp_path: Path
):
    plant.inspect(plant.receive().lot)
    plant.close()
    kept = make_keeper().round(night=True)
    assert (kept.night, kept.found, findings(plant)) == (True, (), [])
    seen = read_witness(witness_file(tmp_path / "data", "keeper"))
    assert set(seen) >= {"IQC-02/ui", "REC-01/ui", "direct:postgres", "seals"}
    unsealed = "SELECT chain FROM audit_chain c WHERE NOT EXISTS (SELECT FROM sealed_head s WHERE (s.chain, s.seq) = (c.chain, c.seq))"
    assert plant.rows(unsealed) == []


def test_an_edited_row_is_found_at_night_once_and_rings_for_quality(plant: Plant, make_keeper: MakeKeeper):
    lot, shell = plant.receive().lot, plant.superuser()
    with triggers_off(shell, "lot"):
        shell.execute("UPDATE lineside.lot SET supplier_lot = 'OTHER' WHERE id = %s", [lot])
    keeper = make_keeper()
    assert [one.kind for one in keeper.round(night=True).found] == ["record differs"]
    assert keeper.round(night=True).found == (), "the same case is on record already"
    why = {"check": "rows", "where": f"lot {lot}", "why": "supplier_lot is not what the trail has"}
    assert findings(plant) == [("record differs", why)]
    called = "SELECT kind, for_job, facts, station, opened_by FROM task WHERE subject_kind = 'finding'"
    told = {"found": "record differs", "topic": "record", "facts": why}
    assert plant.rows(called) == [("call", "quality", told, None, "lineside_keeper")]


def test_a_restored_old_copy_contradicts_the_keepers_witness_which_learns_nothing_from_it(
    plant: Plant, make_keeper: MakeKeeper, tmp_path: Path
):
    keeper, file = make_keeper(), witness_file(tmp_path / "data", "keeper")
    keeper.round(night=True)
    seen = read_witness(file)
    last = seen["direct:postgres"]
    later = seen | {"direct:postgres": type(last)(seq=last.seq + 9, hash="ab" * 32)}
    write_witness(file, later)
    (found,) = keeper.round(night=True).found
    assert (found.facts["check"], found.facts["where"]) == ("witness", f"direct:postgres entry {last.seq + 9}")
    assert read_witness(file) == later


def test_the_night_is_done_once_and_not_made_up_for_by_a_keeper_that_is_new(make_keeper: MakeKeeper):
    now = [datetime(2026, 11, 26, 14, 0, tzinfo=ZONE)]
    keeper = make_keeper(wall=lambda: now[0], keeper_at="02:30")
    assert not keeper.round().night
    now[0] = datetime(2026, 11, 27, 2, 29, tzinfo=ZONE)
    assert not keeper.round().night
    now[0] = datetime(2026, 11, 27, 2, 31, tzinfo=ZONE)
    assert keeper.round().night
    assert not keeper.round().night
    keeper.close()
    again = make_keeper(wall=lambda: now[0], keeper_at="02:30")
    assert not again.round().night, "it is remembered on the disk"
    again.close()
    now[0] = datetime(2026, 11, 29, 8, 0, tzinfo=ZONE)
    assert make_keeper(wall=lambda: now[0], keeper_at="02:30").round().night, "a computer that was off makes up for it, once"


def test_a_folder_that_cannot_be_written_is_a_finding_beside_what_was_found_and_stops_no_night(
    plant: Plant, make_keeper: MakeKeeper, tmp_path: Path
):
    (tmp_path / "data" / "keeper.json.new").mkdir(parents=True)
    (tmp_path / "data" / "witness").write_text("no folder")
    lot, shell = plant.receive().lot, plant.superuser()
    with triggers_off(shell, "lot"):
        shell.execute("UPDATE lineside.lot SET supplier_lot = 'OTHER' WHERE id = %s", [lot])
    keeper = make_keeper()
    found = {one.kind: one.facts for one in keeper.round(night=True).found}
    assert set(found) == {"record differs", "not compared"}
    assert found["not compared"]["code"] == "disk"
    assert "witness" in found["not compared"]["told"]
    assert not keeper.round().night, "it was done, and is not begun again every few seconds"


@pytest.mark.parametrize(
    ("moment", "begins", "night"),
    [
        ("2026-11-26 02:30", "02:30", "2026-11-26"),
        ("2026-11-26 02:29", "02:30", "2026-11-25"),
        ("2026-11-26 23:10", "22:00", "2026-11-26"),
        ("2026-11-27 21:59", "22:00", "2026-11-26"),
        ("2026-03-01 00:10", "22:00", "2026-02-28"),
    ],
)
def test_a_night_is_named_by_the_day_it_began(moment: str, begins: str, night: str):
    assert night_of(datetime.fromisoformat(moment).replace(tzinfo=ZONE), begins) == night


def test_at_night_a_backup_is_taken_by_the_login_that_may_only_copy_and_the_drill_goes_on_record(plant: Plant, make_keeper: MakeKeeper):
    with short_folder() as folder:
        (folder / "recipients").write_text(make_key(folder / "key"), "utf-8")
        places = {"backup_folder": folder / "backups", "backup_recipients": folder / "recipients", "backup_key": folder / "key"}
        keeper = make_keeper(**places, backup_scratch=folder)
        assert keeper.round(night=True).found == ()
        (taken,) = (folder / "backups").glob("lineside-*")
        assert plant.rows("SELECT backup, holds, drilled_by FROM restore_drill") == [(taken.name, True, "lineside_keeper")]
        assert plant.rows("SELECT for_job, facts ->> 'backup' FROM task WHERE kind = 'sign_drill'") == [("quality", taken.name)]
        (taken / "base.tar.gz.age").write_bytes(b"")
        (folder / "recipients").write_text("nobody", "utf-8")
        found = {one.kind: one for one in keeper.round(night=True).found}
        assert set(found) == {"no backup", "drill failed"}
        assert "base.tar.gz.age of the backup is not what its manifest says" in found["drill failed"].facts["wrong"][0]
        assert plant.rows("SELECT for_job FROM task WHERE kind = 'call' ORDER BY 1") == [("administrator",), ("quality",)]


def test_the_databases_clock_that_is_moved_is_a_finding(plant: Plant, make_keeper: MakeKeeper):
    """Ours is steady; here the steady one runs away, which is the same."""
    steady = [100.0]
    keeper = make_keeper(steady=lambda: steady[0])
    assert keeper.round().found == ()
    steady[0] += 3600
    (found,) = keeper.round().found
    assert found.kind == "clock jump"
    assert float(found.facts["moved_s"]) == pytest.approx(-3600, abs=60)
    called = "SELECT kind, for_job, facts - 'facts' FROM task WHERE subject_kind = 'finding'"
    assert plant.rows(called) == [("finding", "quality", {"found": "clock jump"})]


def test_beside_a_window_it_keeps_as_soon_as_it_can_until_it_is_told_to_stop_and_then_lets_go(plant: Plant, make_keeper: MakeKeeper):
    refused = iter([True, True, False])

    def make() -> Keeper:
        if next(refused):
            raise KeeperRefused()
        return make_keeper()

    here = "SELECT count(*)::int FROM pg_stat_activity WHERE usename = 'lineside_keeper' AND datname = current_database()"
    beside, moment = KeeperThread(make, every_s=0.01), threading.Event()
    beside.start()
    for wanted in (1, 0):
        end = time.monotonic() + 10
        while plant.rows(here) != [(wanted,)]:
            assert time.monotonic() < end
            moment.wait(0.02)
        if wanted:
            assert beside.stop(5)


def test_the_keeper_reads_every_record_and_no_secret_and_changes_nothing(plant: Plant):
    unread = plant.rows(
        """SELECT c.relname FROM pg_class c
            WHERE c.relnamespace = 'lineside'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
            AND NOT has_table_privilege('lineside_keeper', c.oid, 'SELECT') ORDER BY 1"""
    )
    assert unread == [("person_secret",), ("station_ticket",)]
    for verb in ("INSERT", "UPDATE", "REFERENCES"):
        reach = """SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'lineside'::regnamespace AND c.relkind IN ('r', 'p')
            AND has_any_column_privilege('lineside_keeper', c.oid, %s)"""
        assert plant.rows(reach, verb) == [], verb
    calls = """SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'lineside'::regnamespace
        AND has_function_privilege('lineside_keeper', p.oid, 'EXECUTE') AND p.provolatile = 'v' ORDER BY 1"""
    assert [name for (name,) in plant.rows(calls)] == ["keeper_turn", "record_drill", "report_finding", "seal_trail"]
    assert plant.rows("SELECT count(*) FROM pg_auth_members WHERE member = 'lineside_keeper'::regrole") == [(0,)]


def test_nobody_else_reports_a_finding_and_what_is_found_stands(plant: Plant, link: KeeperLink):
    call = "SELECT lineside.report_finding('late entry', 'x', NULL, 'plant', NULL, '{}')"
    for login in ("wang.haiyan", "sun.wei"):
        assert sqlstate_of(plant.shell(login), call) == "42501"
    assert sqlstate_of(plant.station_shell(), call) == "42501"
    assert link.report(Found(kind="late entry", key="x"))
    assert not link.report(Found(kind="late entry", key="x"))
    assert sqlstate_of(plant.superuser(), "DELETE FROM lineside.finding") == "LS013"
    forged = """INSERT INTO task (id, kind, subject_kind, subject_id, site, for_job, facts)
        SELECT uuidv7(), 'call', 'station', id, id, 'quality', '{"topic": "record"}' FROM site"""
    assert sqlstate_of(plant.shell("chen.jing"), forged) == "23514", "only the keeper calls for this"


def test_a_keeper_without_its_secret_or_before_another_schema_does_nothing(plant: Plant, keeper_secrets: KeeperSecrets):
    with pytest.raises(KeeperRefused):
        KeeperLink(plant.server, "not the one").turn()
    plant.superuser().execute("UPDATE lineside_meta.alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaTooNew):
        KeeperLink(plant.server, keeper_secrets.keeper).turn()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(plant.address.url("postgres", user="lineside_keeper", secret=keeper_secrets.keeper))
