"""What decides how bytes become a number in a record is a controlled document, and every value says which revision read it."""

import dataclasses
import hashlib
from pathlib import Path
from uuid import UUID

import pytest

from app.base.errors import AppError
from app.base.ids import new_id
from app.base.measurement import Reading
from app.core.own_protocols import ask_protocols, families_of, kept_protocols, speak_newest
from app.devices.conversation import Conversation
from app.devices.patterns.definition import DefinitionRefused, read_definition
from app.devices.protocol import families, speak_own
from app.devices.settings import DeviceSettings, Patience
from app.inspection.commands import RecordMeasurement
from app.inspection.queries import inspection_by_id
from app.plant.protocol_commands import DraftProtocol, RewriteProtocol
from app.plant.protocol_queries import protocols_by_id, protocols_of_site
from app.plant.rules import ProtocolNotEffective, RevisionWanted
from tests.attack.target import sign, sqlstate_of
from tests.devices.ear import Ear, TurnedClock
from tests.devices.patterns.controlled import approve, draft, signed, submit, version_of, withdraw
from tests.devices.patterns.own import TORQUE, changed
from tests.plant import Plant
from tests.triggers import triggers_off

pytestmark = pytest.mark.capability("E1", "K2")

CALIPER = TORQUE.replace("TORQUE-X", "CALIPER-9").replace("Nm", "mm").replace("1.25", "25.04")
NEXT = CALIPER.replace("revision = 1", "revision = 2", 1)


def read_at_the_station(plant: Plant, frame: bytes = b"+  25.04 mm S OK\r\n") -> Reading:
    """A reading as the station makes it of bytes, by what is in effect today."""
    speak_own(families_of(ask_protocols(plant.link())))
    ear = Ear()
    settings = DeviceSettings(code="DC-014", protocol="CALIPER-9", url="x", unit="mm")
    try:
        talk = Conversation(settings, families()["CALIPER-9"], ear, clock=TurnedClock(), patience=Patience())
    finally:
        speak_own([])
    talk.opened()
    talk.heard(frame)
    (reading,) = ear.readings
    return dataclasses.replace(reading, at=plant.rows("SELECT now()")[0][0])  # type: ignore[arg-type]


def measured(plant: Plant, reading: Reading, sample: int = 1) -> UUID:
    """The reading goes into the record of an inspection."""
    inspection = _inspection(plant)
    inspector = plant.sign_in("li.ming")
    row = inspector.ask(lambda session: inspection_by_id(session, inspection))
    assert row is not None
    made = new_id()
    inspector.give(
        RecordMeasurement(
            command_id=new_id(),
            id=made,
            inspection=inspection,
            characteristic=row.characteristics[1].id,
            sample_no=sample,
            reading=reading,
        )
    )
    return made


def _inspection(plant: Plant) -> UUID:
    if found := plant.rows("SELECT id FROM lineside.inspection"):
        return found[0][0]  # type: ignore[return-value]
    return plant.begin(plant.receive().lot)


def test_a_value_names_the_signed_text_that_made_a_number_of_its_frame(plant: Plant):
    protocol = signed(plant, CALIPER)
    reading = read_at_the_station(plant)
    assert reading.read_by == protocol
    made = measured(plant, reading)
    ((value, raw, read_by),) = plant.rows("SELECT value::text, raw, read_by FROM lineside.measurement WHERE id = %s", made)
    assert (value, raw, read_by) == ("+25.04".lstrip("+"), b"+  25.04 mm S OK", protocol)
    evidence = plant.sign_in("li.ming").ask(lambda session: protocols_by_id(session, {protocol}))[protocol]
    assert (evidence.code, evidence.revision) == ("CALIPER-9", 1)
    assert evidence.sha256 == hashlib.sha256(CALIPER.encode()).hexdigest()
    ((text,),) = plant.rows("SELECT lineside.canonical_inspection(inspection) FROM lineside.measurement WHERE id = %s", made)
    assert f"@{protocol}" in str(text)  # what is signed with the lot says it too


def test_a_station_that_still_reads_by_an_older_revision_brings_no_value_into_a_record(plant: Plant):
    signed(plant, CALIPER)
    old = read_at_the_station(plant)
    newer = signed(plant, NEXT)
    with pytest.raises(ProtocolNotEffective) as refused:
        measured(plant, old)
    assert refused.value.facts["revision"] == 1
    measured(plant, read_at_the_station(plant))
    assert plant.rows("SELECT read_by FROM lineside.measurement") == [(newer,)]


def test_nothing_is_read_by_a_protocol_that_was_withdrawn(plant: Plant):
    protocol = signed(plant, CALIPER)
    reading = read_at_the_station(plant)
    withdraw(plant, protocol)
    assert ask_protocols(plant.link()) == []
    with pytest.raises(ProtocolNotEffective):
        measured(plant, reading)


def test_a_draft_and_one_whose_day_has_not_come_are_spoken_by_no_station(plant: Plant):
    draft(plant, CALIPER)
    signed(plant, TORQUE, days_ago=-1)
    assert ask_protocols(plant.link()) == []


def test_a_station_keeps_what_is_in_effect_for_when_the_database_is_away(plant: Plant, tmp_path: Path):
    protocol = signed(plant, CALIPER)
    file = tmp_path / "IQC-02" / "protocols.json"
    try:
        speak_newest(plant.link(), file)
        own = families()["CALIPER-9"].own
    finally:
        speak_own([])
    assert own is not None
    assert own.id == protocol
    assert [one.source for one in kept_protocols(file)] == [CALIPER]


def test_a_draft_is_written_anew_until_it_is_handed_over_and_the_trail_keeps_what_it_was(plant: Plant):
    protocol = draft(plant, CALIPER)
    better = CALIPER.replace("longest = 40", "longest = 30")
    engineer = plant.sign_in("zhao.lei")
    engineer.give(RewriteProtocol(command_id=new_id(), protocol=protocol, source=better, why="Lines are shorter."))
    ((payload,),) = plant.rows("SELECT payload FROM lineside.audit_log WHERE payload LIKE '%%longest = 30%%'")
    assert "longest = 40" in str(payload)
    plant.close()
    submit(plant, protocol)
    with pytest.raises(AppError) as refused:
        plant.sign_in("zhao.lei").give(RewriteProtocol(command_id=new_id(), protocol=protocol, source=CALIPER, why="x"))
    assert refused.value.code == "DOC-01" or "draft" in str(refused.value.what)


def test_what_could_make_a_wrong_number_is_not_even_stored(plant: Plant):
    with pytest.raises(DefinitionRefused):
        draft(plant, changed(r"\d+\.\d+", r"[\d.]+"))
    assert plant.rows("SELECT count(*) FROM lineside.document WHERE kind = 'device_protocol'") == [(0,)]


def test_what_its_cases_do_not_prove_is_neither_handed_over_nor_signed(plant: Plant):
    unproven = changed('value = "1.25"', 'value = "12.5"')
    protocol = draft(plant, unproven)
    with pytest.raises(DefinitionRefused):
        submit(plant, protocol)
    shell = plant.shell("zhao.lei")  # past the program
    shell.execute("UPDATE lineside.document SET status = 'review' WHERE id = %s", [protocol])
    shell.commit()
    plant.close()
    with pytest.raises(DefinitionRefused):
        approve(plant, protocol)


def test_revisions_follow_one_another(plant: Plant):
    signed(plant, TORQUE)
    with pytest.raises(RevisionWanted):
        draft(plant, changed("revision = 1", "revision = 3"))
    with pytest.raises(RevisionWanted):
        draft(plant, TORQUE)


def test_who_writes_it_does_not_sign_it(plant: Plant):
    protocol = draft(plant, TORQUE)
    submit(plant, protocol)
    shell = plant.shell("zhao.lei", purpose="sign", ticket=plant.link().ticket())
    version = version_of(plant, protocol)
    signing = sign(kind="document", subject=protocol, version=version, meaning="approved")
    status = f"UPDATE lineside.document SET status = 'signed' WHERE id = '{protocol}'"
    assert sqlstate_of(shell, signing, status) == "LS022"
    assert plant.rows("SELECT status FROM lineside.document WHERE id = %s", protocol) == [("review",)]


ANOTHERS = "INSERT INTO lineside.device_protocol (id, source, why) VALUES ('{id}', E'key = \"TORQUE-Y\"\\nrevision = 1\\n', 'x')"


def test_from_a_shell_no_text_stands_in_another_document_and_none_changes_once_it_was_handed_over(plant: Plant):
    ((site,),) = plant.rows("SELECT id FROM lineside.site")
    shell = plant.shell("zhao.lei")
    made = new_id()
    document = f"""INSERT INTO lineside.document (id, kind, code, revision, site, effective_from)
        VALUES ('{made}', 'device_protocol', 'TORQUE-X', 1, '{site}', '2026-01-01')"""
    assert sqlstate_of(shell, document, ANOTHERS.format(id=made)) == "LS167"
    empty = f"UPDATE lineside.document SET status = 'review' WHERE id = '{made}'"
    assert sqlstate_of(shell, document, empty) == "LS167"  # a document without its text
    plan = document.replace("'device_protocol'", "'inspection_plan'")
    right_head = ANOTHERS.format(id=made).replace("TORQUE-Y", "TORQUE-X")
    assert sqlstate_of(shell, plan, right_head) == "LS071"
    assert sqlstate_of(shell, document, right_head.replace("'x')", "'')")) == "23514"  # no reason
    assert (
        sqlstate_of(shell, document, right_head.replace("(id, source, why)", "(id, source, why, sha256)").replace("'x')", "'x', '')"))
        == "42501"
    )
    plant.close()
    protocol = signed(plant, CALIPER)
    shell = plant.shell("zhao.lei")
    assert sqlstate_of(shell, f"UPDATE lineside.device_protocol SET source = source || '# x' WHERE id = '{protocol}'") == "LS032"
    assert sqlstate_of(shell, f"DELETE FROM lineside.device_protocol WHERE id = '{protocol}'") == "42501"


@pytest.mark.parametrize("login", ["li.ming", "chen.jing", "wang.haiyan", "zhou.min"])
def test_from_a_shell_nobody_but_an_engineer_writes_a_protocol(plant: Plant, login: str):
    protocol = draft(plant, TORQUE)
    shell = plant.shell(login)
    for change in (f"UPDATE lineside.device_protocol SET why = 'x' WHERE id = '{protocol}'", ANOTHERS.format(id=protocol)):
        assert sqlstate_of(shell, change) == "42501"


def test_a_station_reads_what_is_in_effect_and_writes_nothing(plant: Plant):
    protocol = signed(plant, TORQUE)
    station = plant.station_shell()
    assert sqlstate_of(station, "SELECT * FROM lineside.device_protocol") == "42501"
    assert sqlstate_of(station, f"UPDATE lineside.device_protocol SET why = 'x' WHERE id = '{protocol}'") == "42501"
    with station.transaction():
        rows = station.execute("SELECT p.code FROM lineside.this_station() s, lineside.own_protocols(s.site) p").fetchall()
    assert rows == [("TORQUE-X",)]


def test_a_text_that_was_changed_behind_the_signature_is_spoken_by_no_station_and_read_by_no_record(plant: Plant):
    protocol = signed(plant, CALIPER)
    reading = read_at_the_station(plant)
    superuser = plant.superuser()
    with triggers_off(superuser, "device_protocol"):
        superuser.execute("UPDATE lineside.device_protocol SET source = replace(source, 'd+', 'd*') WHERE id = %s", [protocol])
    assert ask_protocols(plant.link()) == []
    with pytest.raises(ProtocolNotEffective):
        measured(plant, reading)


def test_from_a_shell_a_value_names_no_protocol_that_is_not_in_effect(plant: Plant):
    protocol = draft(plant, CALIPER)
    inspection = _inspection(plant)
    plant.close()
    shell = plant.shell("li.ming", ticket=plant.link().ticket())
    insert = f"""INSERT INTO lineside.measurement
          (id, inspection, characteristic, sample_no, value, unit, origin, gauge, raw, read_at, read_by)
        SELECT uuidv7(), '{inspection}', c.id, 1, 25.04, 'mm', 'device', a.id, 'x', now(), '{protocol}'
          FROM lineside.inspection i JOIN lineside.characteristic c ON c.plan = i.plan AND c.no = 2, lineside.asset a
         WHERE i.id = '{inspection}' AND a.code = 'DC-014'"""
    assert sqlstate_of(shell, insert) == "LS168"
    assert sqlstate_of(shell, insert.replace(f"'{protocol}'", "uuidv7()")) in {"LS168", "23503"}


def test_an_engineer_sees_every_revision_with_its_state_and_its_reason(plant: Plant):
    signed(plant, TORQUE)
    draft(plant, changed("revision = 1", "revision = 2"))
    ((site,),) = plant.rows("SELECT id FROM lineside.site")
    assert isinstance(site, UUID)
    lines = plant.sign_in("zhao.lei").ask(lambda session: protocols_of_site(session, site))
    assert [(one.code, one.revision, one.state) for one in lines] == [("TORQUE-X", 2, "draft"), ("TORQUE-X", 1, "effective")]
    assert lines[0].why == "The new torque testers speak it."
    assert read_definition(lines[1].source).sha256 == lines[1].sha256


def test_a_key_of_another_site_is_not_taken(plant: Plant):
    signed(plant, TORQUE)
    order = DraftProtocol(
        command_id=new_id(),
        id=new_id(),
        site=new_id(),
        effective_from=plant.rows("SELECT current_date")[0][0],
        source=TORQUE,
        why="x",  # type: ignore[arg-type]
    )
    with pytest.raises(AppError) as refused:
        plant.sign_in("zhao.lei").give(order)
    assert "another site" in str(refused.value.what)
