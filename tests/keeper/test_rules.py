"""Rules over the plant's own data: what is planted is found, a clean plant has nothing; thresholds are the plant's own."""

import json
from typing import Any
from uuid import UUID

import pytest

from app.core.keeper.found import Found
from app.core.keeper.link import KeeperLink
from app.core.keeper.night import self_check
from app.core.keeper.thresholds import Thresholds
from tests.plant import Plant
from tests.triggers import triggers_off

pytestmark = pytest.mark.capability("P4")


PLANTED = ("measurement", "receipt", "signature", "person", "setting", "batch_step", "step_entry", "calibration")


def planted(plant: Plant, *statements: str) -> None:
    """Past every gate: what the rules look for is what the gates cannot see or refuse."""
    shell = plant.superuser()
    with triggers_off(shell, *PLANTED):
        for statement in statements:
            shell.execute(statement)


def threshold(plant: Plant, rule: str, **values: Any) -> None:
    planted(plant, f"INSERT INTO lineside.setting (id, key, value) VALUES (uuidv7(), 'selfcheck.{rule}', '{json.dumps(values)}')")


def found(link: KeeperLink) -> dict[str, list[Found]]:
    told: dict[str, list[Found]] = {}
    for one in self_check(link):
        told.setdefault(one.kind, []).append(one)
    return told


@pytest.fixture
def inspected(plant: Plant) -> UUID:
    """A lot of a day's ordinary work."""
    lot = plant.receive().lot
    plant.inspect(lot)
    plant.close()
    return lot


def test_a_clean_plant_where_a_lot_was_received_inspected_and_released_has_nothing(plant: Plant, inspected: UUID, link: KeeperLink):
    plant.release(inspected)
    assert found(link) == {}


def test_two_accounts_of_one_person_are_told_by_name_or_phone(plant: Plant, inspected: UUID, link: KeeperLink):
    plant.release(inspected)
    planted(plant, "UPDATE lineside.person SET phone = '6021' WHERE login IN ('wang.haiyan', 'li.ming')")
    (one,) = found(link)["self-verification"]
    assert one.facts == {"signer": "wang.haiyan", "performer": "li.ming", "same": "phone"}
    assert (one.subject_kind, one.subject_id) == ("lot", inspected)
    planted(plant, "UPDATE lineside.person SET phone = ''", "UPDATE lineside.person SET name_zh = '周敏' WHERE login = 'wang.haiyan'")
    (one,) = found(link)["self-verification"]
    assert (one.facts["performer"], one.facts["same"]) == ("zhou.min", "name")


def test_two_people_who_sign_within_seconds_at_one_station_are_named(plant: Plant, inspected: UUID, link: KeeperLink):
    plant.release(inspected)
    second = plant.receive(supplier_lot="NF26-0932").lot
    plant.inspect(second)
    plant.close()
    plant.release(second, signer="xu.lan")
    planted(
        plant,
        "UPDATE lineside.signature SET at = at - interval '2.5 s' WHERE signer = 'wang.haiyan' AND subject_kind = 'lot'",
        "UPDATE lineside.signature SET at = (SELECT max(at) + interval '2.5 s' FROM lineside.signature WHERE signer = 'wang.haiyan')"
        " WHERE signer = 'xu.lan'",
    )
    (one,) = found(link)["self-verification"]
    assert one.facts == {"signer": "xu.lan", "before": "wang.haiyan", "station": "IQC-02", "seconds": "2.5"}
    threshold(plant, "self_verification", seconds=2)
    assert found(link) == {}


def test_a_pair_whose_work_is_verified_by_nobody_but_each_other_is_named(plant: Plant, link: KeeperLink):
    """Three lots each way; a third person's one verification ends it."""
    lots = []
    for n in range(41, 47):
        lots.append(plant.receive(supplier_lot=f"NF26-09{n}").lot)
        plant.close()
    login = "(SELECT id FROM lineside.login_record WHERE id NOT IN (SELECT login FROM lineside.signature) ORDER BY id LIMIT 1)"
    statements = [f"UPDATE lineside.receipt SET received_by = 'li.ming' WHERE lot = '{lot}'" for lot in lots[3:]]
    for n, lot in enumerate(lots):
        signer = "li.ming" if n < 3 else "zhou.min"
        statements.append(
            f"""INSERT INTO lineside.signature (id, subject_kind, subject_id, subject_version, meaning, act, signer,
                signer_name_en, signer_name_zh, at, zone, station, digest, content, login)
                VALUES (uuidv7(), 'lot', '{lot}', 1, 'verified', 'verify', '{signer}', 'x', 'x',
                clock_timestamp() - {n} * interval '1 hour', 'UTC', 'IQC-02', '\\x00', 'x', {login})"""
        )
    planted(plant, *statements)
    assert found(link) == {}, "three are too few by the defaults"
    threshold(plant, "self_verification", pairs=3)
    (one,) = found(link)["self-verification"]
    assert one.facts == {"one": "li.ming", "other": "zhou.min", "verified": 3, "back": 3, "days": 90}
    planted(plant, f"UPDATE lineside.signature SET signer = 'xu.lan' WHERE subject_id = '{lots[0]}'")
    assert found(link) == {}


def test_who_types_much_of_what_could_be_scanned_is_named_with_the_station(plant: Plant, inspected: UUID, link: KeeperLink):
    planted(plant, "UPDATE lineside.receipt SET origin = 'typed'")
    assert found(link) == {}, "one of one is too few by the defaults"
    threshold(plant, "typed_values", least=1, percent=50)
    (one,) = found(link)["typed values"]
    assert one.facts == {"who": "zhou.min", "station": "REC-01", "entered": 1, "typed": 1, "days": 7}


def test_readings_entered_long_after_they_were_taken_are_named_by_person_and_day(plant: Plant, inspected: UUID, link: KeeperLink):
    planted(plant, "UPDATE lineside.measurement SET read_at = taken_at - interval '14 min'")
    assert found(link) == {}
    planted(plant, "UPDATE lineside.measurement SET read_at = taken_at - interval '25 min' WHERE sample_no <= 2")
    (one,) = found(link)["late entry"]
    assert (one.facts["who"], one.facts["station"], one.facts["entries"], one.facts["minutes"]) == ("li.ming", "IQC-02", 4, 25)


def test_one_instrument_that_says_the_same_again_and_again_is_named_with_the_value(plant: Plant, inspected: UUID, link: KeeperLink):
    threshold(plant, "same_readings", in_a_row=5)
    told = {one.facts["device"]: (one.facts["value"], one.facts["in_a_row"]) for one in found(link)["same readings"]}
    assert told == {"DC-014": ("25.04", 5), "LM-07": ("0.860", 5)}
    planted(plant, "UPDATE lineside.measurement SET value = value + 0.01 WHERE sample_no = 3")
    assert found(link) == {}, "another value in between begins the count anew"


@pytest.mark.parametrize(
    ("moved", "seconds"), [("taken_at + interval '61 s'", 61), ("taken_at - interval '5 min'", 300)], ids=["from the future", "set back"]
)
def test_a_stations_clock_that_was_moved_is_told_by_its_readings(plant: Plant, inspected: UUID, link: KeeperLink, moved: str, seconds: int):
    planted(plant, f"UPDATE lineside.measurement SET read_at = {moved} WHERE sample_no = 4")
    (one,) = found(link)["clock jump"]
    assert one.facts["station"] == "IQC-02"
    assert int(str(one.facts["seconds"])) == pytest.approx(seconds, abs=3)


def test_a_signature_that_nobody_gave_is_named_a_day_after_everything_it_covers_was_done(plant: Plant, link: KeeperLink):
    batch = plant.start_batch()
    below = f"UPDATE lineside.batch_step SET status = 'done', done_at = clock_timestamp() - interval '{{}}' WHERE batch = '{batch}'"
    only = below + " AND key = ANY (SELECT jsonb_array_elements_text(spec -> 'signs') FROM lineside.batch_step WHERE key = 'verified')"
    planted(plant, only.format("23 h"))
    assert found(link) == {}
    planted(plant, only.format("30 h"))
    (one,) = found(link)["unsigned step"]
    assert (one.facts["step"], one.facts["hours"]) == ("verified", 30), "what 'performed' covers is not all done"
    planted(plant, below.format("30 h"))
    assert found(link) == {}


def test_an_instrument_in_use_whose_calibration_ran_out_is_named(plant: Plant, link: KeeperLink):
    of_caliper = "WHERE asset = (SELECT id FROM lineside.asset WHERE code = 'DC-014')"
    planted(plant, f"UPDATE lineside.calibration SET done_on = current_date - 400, due_on = current_date - 35 {of_caliper}")
    (one,) = found(link)["overdue calibration"]
    assert one.facts["device"] == "DC-014"
    planted(plant, f"UPDATE lineside.calibration SET due_on = current_date {of_caliper}")
    assert found(link) == {}, "the day itself is still good"


def test_labels_that_were_not_found_again_are_named_until_they_are_corrected(plant: Plant, link: KeeperLink):
    batch = plant.start_batch()
    entry = """INSERT INTO lineside.step_entry (id, batch_step, field, value, unit, verdict, near_limit, origin, corrects, reason)
        SELECT uuidv7(), s.id, 'not_found', {value}, 'pcs', 'conforms', false, 'computed', {corrects}, 'x' FROM lineside.batch_step s
         WHERE s.batch = '{batch}' AND s.kind = 'label'"""
    planted(plant, entry.format(value=2, corrects="NULL", batch=batch))
    (one,) = found(link)["label difference"]
    assert (one.facts["step"], one.facts["labels"]) == ("unit_labels", "2")
    planted(plant, entry.format(value=0, corrects="(SELECT id FROM lineside.step_entry)", batch=batch))
    assert found(link) == {}


def test_a_database_whose_clock_is_behind_its_own_trail_is_named(plant: Plant, link: KeeperLink):
    shell = plant.superuser()
    shell.execute("UPDATE lineside.audit_chain SET at = clock_timestamp() + interval '1 hour' WHERE chain = 'direct:postgres'")
    (one,) = found(link)["clock jump"]
    assert float(str(one.facts["behind_s"])) == pytest.approx(3600, abs=5)


def test_a_threshold_that_cannot_be_is_named_and_its_rule_keeps_its_defaults(plant: Plant, inspected: UUID, link: KeeperLink):
    threshold(plant, "same_readings", in_a_row=1)
    threshold(plant, "late_entries", minutes=1)
    (one, other) = found(link)["not compared"]
    assert {one.facts["setting"], other.facts["setting"]} == {"selfcheck.same_readings", "selfcheck.late_entries"}
    assert set(found(link)) == {"not compared"}


def test_the_defaults_are_those_of_the_manual():
    manual = {
        "self_verification": {"seconds": 3, "pairs": 20, "days": 90},
        "typed_values": {"percent": 20, "least": 20, "days": 7},
        "late_entry": {"minutes": 15, "days": 7},
        "same_readings": {"in_a_row": 15, "days": 7},
        "clock_jump": {"seconds": 30, "server_seconds": 2, "days": 7},
        "unsigned_step": {"hours": 24},
        "overdue_calibration": {"days": 0},
        "label_difference": {"labels": 0, "days": 7},
        "refused_log_ins": {"many": 5, "of_all": 30, "minutes": 15},
    }
    assert Thresholds().model_dump() == manual
