"""Who connected, changed or took out which device at which station stands on record; the database refuses what cannot be."""

import psycopg
import pytest

from app.base.ids import new_id
from app.core.refusals import NotAllowed, Refused
from app.devices.machines.map_file import read_map
from app.devices.settings import DeviceSettings, MachineSettings
from app.plant.connecting import ChangeDevice, ConnectDevice, HowConnected, TakeOutDevice
from app.plant.connections import connection_of, connections_at
from app.plant.device_facts import OnRecord, how_connected, on_record
from app.plant.kinds import MACHINES, may_be
from app.plant.rules import (
    DeviceConnected,
    DeviceDoesNotFit,
    DeviceNotConnected,
    DeviceNotHere,
    DeviceOfOtherNumber,
    LabelOnItsWay,
)
from tests.attack.target import sqlstate_of
from tests.plant import Plant

pytestmark = pytest.mark.capability("E1", "K3")

GAUGE = DeviceSettings(code="DC-014", protocol="mitutoyo", url="usb:A6015XNQ", unit="mm")
MACHINE = MachineSettings(map=read_map("sealer", own=None), unit_id=1, looks_per_s=10)
SEALER = DeviceSettings(code="SL-03", protocol="modbus", url="socket://10.0.4.20:502", unit=None, machine=MACHINE)
PRINTER = HowConnected(
    protocol="zpl", url="socket://10.0.4.9:9100", line="", unit=None, serial_number=None, map=None, map_digest=None, details="dpi=300"
)


def asset(plant: Plant, code: str) -> object:
    return plant.rows("SELECT id FROM lineside.asset WHERE code = %s", code)[0][0]


def connect(plant: Plant, code: str, how: HowConnected) -> ConnectDevice:
    return ConnectDevice(command_id=new_id(), id=new_id(), asset=asset(plant, code), how=how)  # type: ignore[arg-type]


def take_out(plant: Plant, code: str, how: HowConnected) -> TakeOutDevice:
    here = asset(plant, code)
    return TakeOutDevice(command_id=new_id(), id=new_id(), asset=here, how=how, reason="away for repair")  # type: ignore[arg-type]


def test_connected_changed_and_taken_out_stand_on_record_with_person_station_and_reason(plant: Plant):
    engineer, how = plant.sign_in("zhao.lei"), how_connected(GAUGE)
    moved = how_connected(DeviceSettings(code="DC-014", protocol="mitutoyo", url="/dev/ttyUSB3", unit="mm"))
    engineer.give(connect(plant, "DC-014", how))
    (row,) = engineer.ask(lambda session: connections_at(session, "IQC-02"))
    assert (row.code, row.act, row.how, row.done_by, row.station) == ("DC-014", "connected", how, "zhao.lei", "IQC-02")
    change = ChangeDevice(command_id=new_id(), id=new_id(), asset=row.asset, how=moved, reason="the port broke")
    engineer.give(change)
    (row,) = engineer.ask(lambda session: connections_at(session, "IQC-02"))
    assert (row.act, row.how.url, row.reason) == ("changed", "/dev/ttyUSB3", "the port broke")
    engineer.give(take_out(plant, "DC-014", moved))
    assert engineer.ask(lambda session: connections_at(session, "IQC-02")) == []
    (row,) = engineer.ask(lambda session: connection_of(session, row.asset))
    assert (row.act, row.reason) == ("taken out", "away for repair")
    trail = plant.rows(
        "SELECT payload::jsonb ->> 'who', payload::jsonb ->> 'station' FROM lineside.audit_log WHERE tab = 'device_connection' ORDER BY at"
    )
    assert trail == [("zhao.lei", "IQC-02")] * 3
    engineer.give(connect(plant, "DC-014", how))


def test_a_machine_stands_with_its_map_and_its_digest(plant: Plant):
    engineer = plant.sign_in("zhao.lei", station="PK-03")
    engineer.give(connect(plant, "SL-03", how_connected(SEALER)))
    (row,) = engineer.ask(lambda session: connections_at(session, "PK-03"))
    assert (row.how.map, row.how.map_digest) == ("sealer", bytes.fromhex(MACHINE.map.sha256))
    assert row.how.details == "looks_per_s=10 unit_id=1"


@pytest.mark.parametrize(
    ("code", "how", "refusal"),
    [
        ("SC-12", {"protocol": "mitutoyo", "unit": "mm"}, DeviceDoesNotFit),
        ("DC-014", {"protocol": "line_scanner"}, DeviceDoesNotFit),
        ("DC-014", {"protocol": "zpl"}, DeviceDoesNotFit),
        ("DC-014", {"protocol": "mitutoyo", "unit": "µm"}, DeviceDoesNotFit),
        ("DC-014", {"protocol": "modbus", "map": "sealer", "map_digest": b"x" * 32}, DeviceDoesNotFit),
        ("SL-03", {"protocol": "modbus"}, DeviceDoesNotFit),
        ("SL-03", {"protocol": "opcua"}, DeviceDoesNotFit),
        ("DC-014", {"protocol": "mqtt", "map": "sealer_mqtt", "map_digest": b"x" * 32}, DeviceDoesNotFit),
        ("DC-014", {"protocol": "office"}, DeviceDoesNotFit),
        ("WB-04", {"protocol": "mt_sics", "unit": "g", "serial_number": "B999999999"}, DeviceOfOtherNumber),
    ],
)
def test_what_cannot_be_is_refused_by_the_database(plant: Plant, code: str, how: dict[str, object], refusal: type[Refused]):
    given = {"url": "/dev/ttyUSB0", "line": "", "unit": None, "serial_number": None, "map": None, "map_digest": None, "details": "", **how}
    with pytest.raises(refusal):
        plant.sign_in("zhao.lei").give(connect(plant, code, HowConnected(**given)))  # type: ignore[arg-type]


def test_twice_connected_and_changed_where_it_is_not_are_refused(plant: Plant):
    engineer, how = plant.sign_in("zhao.lei"), how_connected(GAUGE)
    with pytest.raises(DeviceNotConnected):
        engineer.give(take_out(plant, "DC-014", how))
    engineer.give(connect(plant, "DC-014", how))
    with pytest.raises(DeviceConnected):
        engineer.give(connect(plant, "DC-014", how))
    elsewhere = plant.sign_in("zhao.lei", station="REC-01")
    with pytest.raises(DeviceNotConnected):
        elsewhere.give(take_out(plant, "DC-014", how))


def test_past_the_stations_and_without_the_right_nobody_connects(plant: Plant):
    order = connect(plant, "DC-014", how_connected(GAUGE))
    with pytest.raises(DeviceNotHere):
        plant.sign_in("zhao.lei", station=None).give(order)
    with pytest.raises(NotAllowed):
        plant.sign_in("li.ming").give(order)


def _insert(**values: str) -> str:
    row = {
        "id": "uuidv7()",
        "asset": "(SELECT id FROM lineside.asset WHERE code = 'DC-014')",
        "act": "'connected'",
        "protocol": "'mitutoyo'",
        "url": "'/dev/ttyUSB0'",
        "line": "''",
        "unit": "'mm'",
        "details": "''",
        **values,
    }
    return f"INSERT INTO lineside.device_connection ({', '.join(row)}) VALUES ({', '.join(row.values())})"


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({}, "done"),
        ({"done_by": "'sun.wei'"}, "42501"),
        ({"station": "'PK-03'"}, "42501"),
        ({"follows": "uuidv7()"}, "42501"),
        ({"url": "'replay:gauge.log'"}, "23514"),
        ({"act": "'lent'"}, "LS162"),
        ({"act": "'taken out'", "reason": "'gone for good'"}, "LS162"),
        ({"unit": "'µm'"}, "LS163"),
        ({"map_digest": "'\\x00'"}, "23514"),
        ({"asset": "uuidv7()"}, "LS010"),
    ],
)
def test_a_sql_shell_at_the_station_does_no_more_than_the_screen(plant: Plant, values: dict[str, str], state: str):
    ticket = plant.link("IQC-02").ticket()
    assert sqlstate_of(plant.shell("zhao.lei", ticket=ticket), _insert(**values)) == state


@pytest.mark.parametrize(
    "login", ["zhou.min", "li.ming", "chen.jing", "tom.becker", "wang.haiyan", "he.qing", "gao.yun", "sun.wei", "ma.lin"]
)
def test_no_other_job_connects_a_device_from_a_sql_shell(plant: Plant, login: str):
    assert sqlstate_of(plant.shell(login, ticket=plant.link("IQC-02").ticket()), _insert()) == "42501"


def test_a_stolen_station_connects_nothing(plant: Plant):
    assert sqlstate_of(plant.station_shell("IQC-02"), _insert()) == "42501"


def test_a_change_without_a_reason_is_refused_from_a_shell_too(plant: Plant):
    plant.sign_in("zhao.lei").give(connect(plant, "DC-014", how_connected(GAUGE)))
    shell = plant.shell("zhao.lei", ticket=plant.link("IQC-02").ticket())
    assert sqlstate_of(shell, _insert(act="'changed'")) == "23514"
    assert sqlstate_of(shell, _insert(act="'changed'", reason="' x '")) == "23514"
    assert sqlstate_of(shell, _insert(act="'changed'", reason="'moved'")) == "done"


def test_a_printer_with_a_label_on_its_way_stays_until_it_is_settled(plant: Plant):
    plant.receive()
    engineer = plant.sign_in("zhao.lei", station="REC-01")
    engineer.give(connect(plant, "LP-02", PRINTER))
    ((label, code),) = plant.rows("SELECT l.id, c.code FROM lineside.label l JOIN lineside.container c ON c.id = l.subject_id")
    link = plant.link("REC-01")
    link.ask("SELECT lineside.validate_label(%s, %s)", label, f"]C0{code}".encode())
    for on_its_way in ("sent", "printing"):
        link.ask("SELECT lineside.move_label(%s, %s, 'by test')", label, on_its_way)
        with pytest.raises(LabelOnItsWay):
            engineer.give(take_out(plant, "LP-02", PRINTER))
    link.ask("SELECT lineside.move_label(%s, 'printed', '')", label)
    engineer.give(take_out(plant, "LP-02", PRINTER))


def test_of_two_engineers_at_once_one_connects(plant: Plant):
    first, second = (plant.shell("zhao.lei", ticket=plant.link("IQC-02").ticket()) for _ in range(2))
    first.autocommit = second.autocommit = False
    first.execute(_insert())  # type: ignore[arg-type]
    second.execute("SET lock_timeout = '200ms'")
    with pytest.raises(psycopg.errors.LockNotAvailable):
        second.execute(_insert())  # type: ignore[arg-type]
    second.rollback()
    first.commit()
    with pytest.raises(psycopg.Error) as refused:
        second.execute(_insert())  # type: ignore[arg-type]
    assert refused.value.sqlstate == "LS161"


def test_what_differs_between_station_and_record_is_named(plant: Plant):
    engineer = plant.sign_in("zhao.lei")
    engineer.give(connect(plant, "DC-014", how_connected(GAUGE)))
    engineer.give(connect(plant, "DC-009", how_connected(DeviceSettings(code="DC-009", protocol="mitutoyo", url="COM3", unit="mm"))))
    rows = engineer.ask(lambda session: connections_at(session, "IQC-02"))
    by_hand = DeviceSettings(code="WB-04", protocol="mt_sics", url="COM5", unit="g")
    otherwise = DeviceSettings(code="DC-014", protocol="mitutoyo", url="COM9", unit="mm")
    assert on_record([GAUGE], rows[:0]) == {"DC-014": OnRecord.MISSING}
    assert on_record([GAUGE, by_hand], rows) == {"DC-014": OnRecord.SAME, "WB-04": OnRecord.MISSING, "DC-009": OnRecord.NOT_HERE}
    assert on_record([otherwise], rows)["DC-014"] is OnRecord.DIFFERS


def test_a_device_of_a_protocol_of_the_plants_own_stands_on_record_by_its_key(plant: Plant):
    engineer = plant.sign_in("zhao.lei")
    engineer.give(connect(plant, "DC-014", how_connected(DeviceSettings(code="DC-014", protocol="TORQUE-X", url="COM4", unit="mm"))))
    (row,) = engineer.ask(lambda session: connections_at(session, "IQC-02"))
    assert row.how.protocol == "TORQUE-X"


@pytest.mark.parametrize("protocol", ["modbus", "opcua", "mqtt"])
def test_a_gauge_is_offered_for_no_machine(protocol: str):
    assert may_be("sealer", protocol)
    assert not may_be("caliper", protocol)


def test_program_and_database_name_the_same_machines(plant: Plant):
    kinds = plant.rows("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'asset_kind_check'")[0][0]
    named = {kind for kind in str(kinds).replace("'", " ").split() if plant.rows("SELECT lineside.is_machine(%s)", kind) == [(True,)]}
    assert named == MACHINES
