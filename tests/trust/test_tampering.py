"""Whoever controls the database can change it; each way of doing so is detected, and it is said by which means (`app.core.trust`)."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from app.core.embedded_server import ServerAddress
from app.core.refusals import NotAllowed
from app.core.stations import StationLink
from app.core.trust.schema_lines import JOBS, QUERY, SchemaLine, differences, read, shipped
from app.core.trust.verifying import Outcome, verify
from app.core.trust.witness import Seen, TrailContradicts, TrailWitness, read_witness, witness_file
from tests.plant import Plant, cloned
from tests.triggers import triggers_off

pytestmark = [pytest.mark.capability("K3"), pytest.mark.capability("R11-05")]

STATION = "IQC-02"


def _lines(shell: psycopg.Connection) -> list[SchemaLine]:
    """What verify compares, asked by a superuser in the middle of a transaction."""
    return read(row for query in (QUERY, JOBS) for row in shell.execute(query.read_text("utf-8")))


@dataclass(frozen=True, kw_only=True)
class Told:
    """A plant with a day's work, sealed, and what its station has seen of it."""

    plant: Plant
    lot: UUID
    witness: Path

    @property
    def seen(self) -> dict[str, Seen]:
        return read_witness(self.witness)


@pytest.fixture
def day(plant: Plant, tmp_path: Path) -> Told:
    lot = plant.receive().lot
    plant.inspect(lot, bad={2: "25.62"})
    plant.rows("SELECT lineside.seal_trail('shift end')")
    told = Told(plant=plant, lot=lot, witness=witness_file(tmp_path, STATION))
    look(told)
    return told


def look(day: Told, plant: Plant | None = None) -> None:
    """The station compares, as its window does every few seconds."""
    link = (plant or day.plant).link()
    TrailWitness(day.witness).look(link)
    link.close()


def checked(plant: Plant, seen: dict[str, Seen] | None = None) -> dict[str, Outcome]:
    witnesses = {STATION: seen} if seen is not None else {}
    outcomes = plant.sign_in("ma.lin").ask(lambda session: verify(session, since=None, witnesses=witnesses))
    plant.close()
    return {one.check: one for one in outcomes}


def found_by(plant: Plant, seen: dict[str, Seen] | None = None) -> dict[str, str]:
    """What each check that does not hold names."""
    return {name: one.wrong.where for name, one in checked(plant, seen).items() if one.wrong is not None}


TOUCHED = ("audit_log", "lot", "signature", "seal", "measurement")


def tampered(plant: Plant, *statements: str) -> None:
    """As a superuser with every trigger off, as long as it takes; afterwards each stands as it stood."""
    shell = plant.superuser()
    with triggers_off(shell, *TOUCHED):
        for statement in statements:
            shell.execute(statement)


def entries(plant: Plant, chain: str = f"{STATION}/ui") -> list[tuple[int, str, bytes]]:
    rows = plant.rows("SELECT seq, payload, hash FROM audit_log WHERE chain = %s ORDER BY seq", chain)
    return [(int(str(seq)), str(payload), bytes(digest)) for seq, payload, digest in rows]  # type: ignore[arg-type]


def test_an_untouched_plant_holds_in_every_check_and_says_how_much_was_compared(day: Told):
    outcomes = checked(day.plant, day.seen)
    assert {name: one.wrong for name, one in outcomes.items()} == dict.fromkeys(("chains", "seals", "rows", "schema", "witness"))
    assert outcomes["chains"].counted == day.plant.rows("SELECT count(*) FROM audit_log")[0][0]
    assert outcomes["rows"].counted > 100
    assert outcomes["witness"].counted == len(day.seen) >= 2


def test_the_tampering_of_these_tests_itself_leaves_no_trace(day: Told):
    """What is found below is found for what was changed, not for how."""
    tampered(day.plant)
    assert found_by(day.plant, day.seen) == {}


def test_an_edited_entry_breaks_its_hash(day: Told):
    (seq,) = [seq for seq, payload, _ in entries(day.plant) if '"value":25.62' in payload and '"tab": "measurement"' in payload]
    edited = "replace(payload, '25.62', '25.42')"
    tampered(day.plant, f"UPDATE lineside.audit_log SET payload = {edited} WHERE chain = '{STATION}/ui' AND seq = {seq}")
    found = found_by(day.plant, day.seen)
    assert found["chains"].startswith(f"{STATION}/ui entry {seq} ")
    assert "witness" not in found, "the station keeps the end of its chain; the middle is the chain's own"


def test_an_entry_taken_out_of_the_middle_leaves_a_gap(day: Told):
    tampered(day.plant, f"DELETE FROM lineside.audit_log WHERE chain = '{STATION}/ui' AND seq = 10")
    assert found_by(day.plant, day.seen)["chains"].startswith(f"{STATION}/ui entry 11 ")


def test_a_cut_end_differs_from_the_head(day: Told):
    last = entries(day.plant)[-1][0]
    tampered(day.plant, f"DELETE FROM lineside.audit_log WHERE chain = '{STATION}/ui' AND seq = {last}")
    assert found_by(day.plant, day.seen) == {
        "chains": f"{STATION}/ui entry {last}",
        "seals": f"{STATION}/ui entry {last}",
        "rows": found_by(day.plant)["rows"],
        "witness": f"{STATION}/ui entry {last}",
    }


def test_a_cut_end_with_a_mended_head_is_named_by_seal_and_witness(day: Told):
    last, _, _ = entries(day.plant)[-1]
    _, _, before = entries(day.plant)[-2]
    head = f"UPDATE lineside.audit_chain SET seq = {last - 1}, hash = '\\x{before.hex()}' WHERE chain = '{STATION}/ui'"
    tampered(day.plant, f"DELETE FROM lineside.audit_log WHERE chain = '{STATION}/ui' AND seq = {last}", head)
    found = found_by(day.plant, day.seen)
    assert "chains" not in found, "within the database the chain is whole"
    assert (found["seals"], found["witness"]) == (f"{STATION}/ui entry {last}", f"{STATION}/ui entry {last}")
    with pytest.raises(TrailContradicts, match=f"entry {last} of {STATION}/ui"):
        look(day)


def recomputed(plant: Plant, change: Callable[[dict[str, object]], None], *, at: int) -> list[str]:
    """Statements that change one entry and compute the whole chain anew from there, head included."""
    link, statements = b"", []
    for seq, payload, digest in entries(plant):
        if seq < at:
            link = digest
            continue
        told = payload
        if seq == at:
            said = json.loads(payload)
            change(said)
            told = json.dumps(said)
        prev, link = link, hashlib.sha256(link + told.encode()).digest()
        quoted = told.replace("'", "''")
        statements.append(
            f"UPDATE lineside.audit_log SET payload = '{quoted}', prev = '\\x{prev.hex()}', hash = '\\x{link.hex()}'"
            f" WHERE chain = '{STATION}/ui' AND seq = {seq}"
        )
    return [*statements, f"UPDATE lineside.audit_chain SET hash = '\\x{link.hex()}' WHERE chain = '{STATION}/ui'"]


def test_a_chain_that_was_computed_anew_is_named_by_seal_and_witness(day: Told):
    tampered(day.plant, *recomputed(day.plant, lambda said: said.update(who="xu.lan"), at=5))
    found = found_by(day.plant, day.seen)
    assert "chains" not in found, "whoever computes everything anew leaves a whole chain"
    assert set(found) >= {"seals", "witness"}
    with pytest.raises(TrailContradicts):
        look(day)


def test_with_the_seals_computed_anew_as_well_the_station_still_contradicts(day: Told):
    last = entries(day.plant)[-1][0]
    statements = recomputed(day.plant, lambda said: said.update(who="xu.lan"), at=5)
    again = ["DELETE FROM lineside.seal", "DELETE FROM lineside.sealed_head", "SELECT lineside.append_seal('upgrade', NULL)"]
    tampered(day.plant, *statements, *again)
    found = found_by(day.plant, day.seen)
    assert "seals" not in found
    assert found["witness"] == f"{STATION}/ui entry {last}"


def test_an_edited_row_is_not_what_the_trail_has(day: Told):
    tampered(day.plant, f"UPDATE lineside.lot SET supplier_lot = 'OTHER' WHERE id = '{day.lot}'")
    outcome = checked(day.plant)["rows"].wrong
    assert outcome is not None
    assert (outcome.where, outcome.why) == (f"lot {day.lot}", "supplier_lot is not what the trail has")
    assert set(found_by(day.plant)) == {"rows"}


def test_a_figure_that_kept_its_value_and_lost_a_digit_is_seen(day: Told):
    ((row,),) = day.plant.rows("SELECT id FROM measurement WHERE value::text LIKE '%%0' LIMIT 1")
    tampered(day.plant, f"UPDATE lineside.measurement SET value = trim_scale(value) WHERE id = '{row}'")
    assert found_by(day.plant) == {"rows": f"measurement {row}"}


def test_a_row_taken_away_and_one_put_in_are_named(day: Told):
    ((row,),) = day.plant.rows("SELECT id FROM measurement LIMIT 1")
    tampered(day.plant, f"DELETE FROM lineside.measurement WHERE id = '{row}'")
    outcome = checked(day.plant)["rows"].wrong
    assert outcome is not None
    assert (outcome.where, outcome.why) == (f"measurement {row}", "the trail has it, the table does not")


def test_a_signature_put_in_with_triggers_off_is_named(day: Told):
    login = "(SELECT min(id) FROM lineside.login_record WHERE id NOT IN (SELECT login FROM lineside.signature))"
    forged = f"""INSERT INTO lineside.signature (id, subject_kind, subject_id, subject_version, meaning, act, signer,
            signer_name_en, signer_name_zh, zone, station, digest, content, login)
        VALUES (uuidv7(), 'lot', '{day.lot}', 1, 'released', 'decide', 'wang.haiyan', 'Wang Haiyan', '王海燕', 'Asia/Shanghai',
            'QA-01', '\\x00', 'x', {login})"""
    tampered(day.plant, forged)
    outcome = checked(day.plant)["rows"].wrong
    assert outcome is not None
    assert outcome.where.startswith("signature ")
    assert outcome.why == "the trail does not know it"


_NOTHING = "$$ BEGIN RETURN NEW; END $$"
SCHEMA = [
    ("CREATE RULE quiet AS ON UPDATE TO lineside.lot DO INSTEAD NOTHING", "rule lot.quiet"),
    ("ALTER TABLE lineside.lot DISABLE TRIGGER audit_update", "trigger lot.audit_update"),
    ("ALTER TABLE lineside.lot ENABLE TRIGGER audit_update", "trigger lot.audit_update"),
    ("DROP TRIGGER audit_delete ON lineside.lot", "trigger lot.audit_delete"),
    (
        "CREATE OR REPLACE FUNCTION lineside.lot_gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
        "function lot_gate()",
    ),
    ("GRANT UPDATE ON lineside.lot TO lineside_operator", "relation lot"),
    ("GRANT UPDATE (status) ON lineside.lot TO lineside_operator", "column lot.status"),
    ("ALTER TABLE lineside.lot DROP CONSTRAINT lot_balance_check", "constraint lot.lot_balance_check"),
    ("GRANT lineside_may_release_lot TO lineside_operator WITH SET FALSE", "membership lineside_may_release_lot of lineside_operator"),
    ('GRANT lineside_may_release_lot TO "chen.jing"', "membership lineside_may_release_lot of chen.jing"),
    ('GRANT lineside_quality TO "chen.jing" WITH SET FALSE', "membership lineside_quality of chen.jing"),
    (
        "REVOKE lineside_may_release_lot FROM lineside_quality GRANTED BY lineside_people",
        "membership lineside_may_release_lot of lineside_quality",
    ),
    ('GRANT lineside_owner TO "chen.jing"', "membership lineside_owner of chen.jing"),
    ('ALTER ROLE "chen.jing" CREATEROLE', "role chen.jing"),
    ('ALTER ROLE "chen.jing" SET synchronous_commit = off', "setting chen.jing"),
    ("ALTER EVENT TRIGGER lineside_login DISABLE", "event trigger lineside_login"),
    ("CREATE POLICY p ON lineside.lot USING (true)", "policy lot.p"),
    ("ALTER TABLE lineside.lot ALTER COLUMN status SET DEFAULT 'released'", "column lot.status"),
    ("CREATE FUNCTION lineside.door() RETURNS void LANGUAGE sql SECURITY DEFINER AS 'SELECT'", "function door()"),
    ("ALTER FUNCTION lineside.lot_gate() SECURITY INVOKER", "function lot_gate()"),
]


@pytest.mark.parametrize(("statement", "named"), SCHEMA, ids=[named for _, named in SCHEMA])
def test_whatever_decides_is_named_when_it_was_changed(plant: Plant, statement: str, named: str):
    """Within a transaction that is taken back: roles are the whole cluster's, and other tests work with them."""
    shell = plant.superuser()
    with shell.transaction(force_rollback=True):
        shell.execute(statement)
        found = differences(_lines(shell), shipped())
    assert [f"{one.kind} {one.name}" for one in found] == [named]


def test_a_month_of_samples_is_like_the_others_or_named(plant: Plant):
    shell = plant.superuser()
    shell.execute("SELECT lineside.sample_month('2026-03-05'), lineside.sample_month('2026-04-05')")
    assert found_by(plant) == {}
    for harm in (
        "ALTER TABLE lineside.sample_2026_03 DISABLE TRIGGER stands",
        "GRANT UPDATE ON lineside.sample_2026_03 TO lineside_operator",
        "CREATE RULE quiet AS ON INSERT TO lineside.sample_2026_03 DO INSTEAD NOTHING",
        "DROP TRIGGER stands_truncate ON lineside.sample_2026_03",
    ):
        shell = plant.superuser()
        with shell.transaction(force_rollback=True):
            shell.execute(harm)
            found = differences(_lines(shell), shipped())
        assert [f"{one.kind} {one.name}" for one in found] == ["partition sample_2026_03"], harm


def test_the_check_itself_names_what_was_changed_in_the_schema(plant: Plant):
    plant.superuser().execute("ALTER TABLE lineside.lot DISABLE TRIGGER audit_update")
    outcome = checked(plant)["schema"].wrong
    assert outcome is not None
    assert (outcome.where, outcome.why) == ("trigger lot.audit_update", "it was changed")


def test_an_edited_seal_and_one_taken_away_are_named(day: Told):
    tampered(day.plant, "UPDATE lineside.seal SET root = sha256('x') WHERE no = 2")
    assert found_by(day.plant)["seals"] == "seal 2"
    tampered(day.plant, "DELETE FROM lineside.seal WHERE no = 2")
    assert found_by(day.plant, day.seen)["witness"] == "seals entry 2"


def test_a_restored_old_backup_is_noticed_by_a_station_at_its_next_look(day: Told, cluster: ServerAddress, tmp_path: Path):
    """The copy is whole in itself: every check of the database holds, the station alone knows better."""
    day.plant.close()
    with cloned(cluster, day.plant.secrets, template=day.plant.server.dbname) as old:
        day.plant.inspect(day.plant.receive(supplier_lot="NF26-0932").lot)
        look(day)
        assert found_by(old) == {}
        with pytest.raises(TrailContradicts):
            look(day, old)
        assert set(found_by(old, day.seen)) == {"witness"}


def test_a_station_sees_nothing_of_another_stations_chains(day: Told):
    link: StationLink = day.plant.link()
    rows = link.ask("SELECT * FROM lineside.witness_look(%s, %s)", ["REC-01/ui"], [1])
    assert {row["chain"].split("/")[0] for row in rows} == {STATION, "REC-01", "seals"}
    assert [row["then_hash"] for row in rows if row["chain"] == "REC-01/ui"] == [None]
    link.close()


def test_who_may_not_read_the_trail_verifies_nothing(plant: Plant):
    with pytest.raises(NotAllowed):
        plant.sign_in("chen.jing").ask(lambda session: verify(session, since=None, witnesses={}))


def test_the_owner_cannot_change_a_seal_while_triggers_stand(plant: Plant):
    shell = plant.superuser()
    for harm in ("UPDATE lineside.seal SET why = 'activity'", "DELETE FROM lineside.seal", "TRUNCATE lineside.seal"):
        with pytest.raises(psycopg.Error, match="stand for good"):
            shell.execute(harm)
