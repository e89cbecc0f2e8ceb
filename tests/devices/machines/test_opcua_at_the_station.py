"""A sealer with an OPC UA server on a station's hub: what is heard, and every way in which there is nothing to hear."""

import logging
import sys
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest

from app.devices.events import Standing
from app.devices.frame_log import read_log
from app.devices.machines.access import Security, SignIn
from app.devices.machines.evidence import source_time
from app.devices.settings import OPCUA, DeviceSettings, Patience
from app.devices.simulators.opcua_server import Doors
from app.devices.simulators.telling_sealer import TellingSealer
from tests.devices.machines.test_machine_at_the_station import NotingBackoff
from tests.devices.spoilt_wire import SpoiltWire

PATIENT = Patience(machine_answer_s=3)


@pytest.fixture(scope="module")
def running():
    """One server for all: the address space of the standard takes seconds."""
    with TellingSealer(OPCUA, seed=7) as sealer:
        yield sealer


@pytest.fixture
def sealer(running):
    """As it should be, and again when a test is over; nobody ever wrote to it."""
    yield running
    server = running.server
    assert server.writes == 0
    server.statuses.clear()
    server.types.clear()
    server.clock_off, server.is_telling = timedelta(0), True
    running.mend_sensor()
    running.thaw()
    server.plug()


def connect(station, sealer, *, code="SL-05", live=True, looks_per_s=20, url=None):
    device = sealer.device(code, looks_per_s=looks_per_s)
    if url is not None:
        device = DeviceSettings(code=code, protocol=OPCUA, url=url, unit=None, tags=device.tags)
    station.hub.start(device)
    if live:
        station.ear.until(lambda ear: any(state.device == code and state.standing is Standing.LIVE for state in ear.states))
    return station.ear


def address(sealer, channel):
    return next(tag.address for tag in sealer.map.channels if tag.name == channel)


@pytest.mark.capability("E4")
def test_every_channel_is_heard_with_its_value_and_the_servers_evidence(new_station, sealer):
    ear = connect(new_station(patience=PATIENT), sealer)
    ear.until(lambda heard: all(any(s.value is not None for s in heard.samples_of(tag.name)) for tag in sealer.map.channels))
    assert {str(s.value) for s in ear.samples_of("temperature_set") if s.value is not None} == {"137.0"}
    assert {str(s.value) for s in ear.samples_of("recipe_id") if s.value is not None} == {"12"}
    sample = ear.samples_of("temperature_actual")[-1]
    assert sample.raw[0] == 0
    assert abs(source_time(sample.raw) - sample.at) < timedelta(seconds=5)


@pytest.mark.capability("E4")
def test_a_finished_cycle_is_told_with_its_results(new_station, sealer):
    ear = connect(new_station(patience=PATIENT), sealer)
    seen = ear.until(lambda heard: bool(heard.cycles)).cycles[0]
    assert seen.cycle <= sealer.finished
    assert [one.channel for one in seen.results] == ["seal_temperature", "seal_pressure", "dwell"]
    assert {one.cycle for one in seen.results} == {seen.cycle}
    assert all(one.value is not None for one in seen.results)


@pytest.mark.capability("E7")
def test_what_stands_is_told_again_every_second_while_the_server_vouches_for_it(new_station, sealer):
    ear = connect(new_station(patience=PATIENT), sealer)
    ear.until(lambda heard: len([s for s in heard.samples_of("recipe_id") if s.value is not None]) >= 3)
    good = [s for s in ear.samples_of("recipe_id") if s.value is not None]
    assert len({s.at for s in good}) == len(good)


@pytest.mark.capability("E7")
@pytest.mark.parametrize(
    ("status", "quality"), [(0x808C0000, "sensor_break"), (0x80310000, "stale"), (0x40900000, "stale"), (0x40930000, "unproven")]
)
def test_a_status_that_is_not_good_is_no_value_and_a_fault_with_its_code(new_station, sealer, status, quality):
    station = new_station(patience=PATIENT)
    ear = connect(station, sealer)
    sealer.server.statuses[address(sealer, "temperature_actual")] = status
    ear.until_standing(Standing.FAULT)
    trouble = next(one for one in ear.troubles if one.error.code == "machine.not_vouched")
    assert f"0x{status:08X}" in str(trouble.error)
    ear.until(lambda heard: heard.samples_of("temperature_actual")[-1].quality == quality)
    assert ear.samples_of("temperature_actual")[-1].value is None
    sealer.server.statuses.clear()
    ear.until_standing(Standing.LIVE)


@pytest.mark.capability("E7")
def test_a_broken_sensor_and_a_frozen_control_are_told_apart(new_station, sealer):
    ear = connect(new_station(patience=PATIENT), sealer)
    sealer.break_sensor()
    ear.until_standing(Standing.FAULT)
    assert "machine.sensor_broken" in {one.error.code for one in ear.troubles}
    sealer.mend_sensor()
    ear.until_standing(Standing.LIVE)
    sealer.freeze()
    assert ear.until_standing(Standing.STALE).cause.code == "machine.frozen"
    ear.until(lambda heard: heard.samples_of("recipe_id")[-1].quality == "stale")
    sealer.thaw()
    ear.until_standing(Standing.LIVE)


def test_another_type_than_the_map_says_is_no_value(new_station, sealer):
    ear = connect(new_station(patience=PATIENT), sealer)
    sealer.unplug()
    sealer.server.types[address(sealer, "pressure")] = "String"
    sealer.plug()
    ear.until(lambda heard: "machine.other_type" in {one.error.code for one in heard.troubles})
    trouble = next(one for one in ear.troubles if one.error.code == "machine.other_type")
    assert "the server sends String, the map says u16" in str(trouble.error)
    sealer.unplug()
    sealer.server.types.clear()
    sealer.plug()
    ear.until_standing(Standing.LIVE)


@pytest.mark.capability("E7")
def test_a_server_that_vanishes_and_comes_back_with_other_namespace_numbers_is_heard_again(new_station, sealer):
    ear = connect(new_station(patience=PATIENT), sealer)
    sealer.unplug()
    ear.until_standing(Standing.FAULT)
    heard = len(ear.batches)
    sealer.server.namespaces_before += 3
    sealer.plug()
    ear.until_standing(Standing.LIVE)
    ear.until(lambda now: any(s.value is not None for batch in now.batches[heard:] for s in batch.samples))
    assert [batch.number for batch in ear.batches] == list(range(1, len(ear.batches) + 1))


@pytest.mark.capability("E7")
def test_a_node_that_vanished_with_a_new_program_is_a_fault_that_names_it(new_station, sealer):
    ear = connect(new_station(patience=PATIENT), sealer)
    sealer.unplug()
    sealer.server.missing.add(address(sealer, "pressure"))
    sealer.plug()
    ear.until(lambda heard: "machine.node_refused" in {one.cause.code for one in heard.states if one.cause})
    cause = next(one.cause for one in ear.states if one.cause and one.cause.code == "machine.node_refused")
    assert "s=Sealer.Jaw.Pressure" in str(cause)
    assert "BadNodeIdUnknown" in str(cause)
    sealer.unplug()
    sealer.server.missing.clear()
    sealer.plug()
    ear.until_standing(Standing.LIVE)


def test_a_clock_of_the_machine_that_jumps_moves_the_evidence_and_no_sample(new_station, sealer):
    ear = connect(new_station(patience=PATIENT), sealer)
    sealer.server.clock_off = timedelta(days=-400)
    ear.until(lambda heard: source_time(heard.samples_of("temperature_actual")[-1].raw).year < heard.states[0].since.year)
    times = [s.at for s in ear.samples_of("temperature_actual")]
    assert times == sorted(times)
    assert times[-1] - times[0] < timedelta(minutes=2)


@pytest.mark.capability("E7")
def test_a_wire_on_which_nothing_comes_any_more_is_silence_and_no_value(new_station, sealer):
    with SpoiltWire(sealer.server.port) as wire:
        station = new_station(patience=Patience(machine_answer_s=1))
        ear = connect(station, sealer, url=f"opc.tcp://127.0.0.1:{wire.port}/lineside")
        wire.swallow()
        silent = ear.until_standing(Standing.SILENT)
        assert silent.cause.code == "machine.silent"
        assert silent.since == silent.last_heard
        told = len(ear.samples_of("recipe_id"))
        wire.restore()
        ear.until_standing(Standing.LIVE)
        assert told > 0


def test_a_wire_that_is_cut_in_the_middle_of_a_message_is_a_fault_and_heard_again(new_station, sealer):
    with SpoiltWire(sealer.server.port) as wire:
        ear = connect(new_station(patience=PATIENT), sealer, url=f"opc.tcp://127.0.0.1:{wire.port}/lineside")
        wire.cut()
        ear.until_standing(Standing.FAULT)
        ear.until_standing(Standing.LIVE)


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x00" * 64,
        b"MSGF\xff\xff\xff\xff" + b"\x07" * 40,
        b"ERRF\x10\x00\x00\x00\x00\x00\x00\x80\xff\xff\xff\xff",
        b"HTTP/1.1 400\r\n\r\n",
    ],
)
def test_bytes_that_are_no_opc_ua_end_the_line_and_never_the_thread(new_station, sealer, caplog, garbage):
    with SpoiltWire(sealer.server.port) as wire, caplog.at_level(logging.ERROR, logger="app.devices.device_thread"):
        ear = connect(new_station(patience=PATIENT), sealer, url=f"opc.tcp://127.0.0.1:{wire.port}/lineside")
        wire.instead(garbage)
        ear.until(lambda heard: heard.states[-1].standing in (Standing.FAULT, Standing.SILENT))
        wire.restore()
        ear.until_standing(Standing.LIVE)
    assert "defect" not in caplog.text


def test_a_server_that_is_not_there_is_tried_more_and_more_rarely(sealer):
    from app.devices.hub import Hub
    from tests.devices.ear import Ear

    NotingBackoff.asked.clear()
    NotingBackoff.often.clear()
    sealer.unplug()
    hub, ear = Hub(frame_logs=None, patience=PATIENT, backoff=NotingBackoff()), Ear()
    hub.subscribe(ear)
    hub.start(sealer.device("SL-05", looks_per_s=20))
    assert ear.until_standing(Standing.FAULT).cause.code == "device.port_unavailable"
    assert NotingBackoff.often.wait(20)
    assert hub.stop() == []
    assert NotingBackoff.asked[:4] == [1, 2, 3, 4]


def test_a_station_that_closes_does_not_wait_for_a_server_that_says_nothing(new_station, sealer):
    with SpoiltWire(sealer.server.port) as wire:
        wire.swallow()
        station = new_station(patience=Patience(machine_answer_s=60))
        connect(station, sealer, live=False, url=f"opc.tcp://127.0.0.1:{wire.port}/lineside")
        wire.until_somebody_came()
        begun = monotonic()
        assert station.hub.stop() == []
        assert monotonic() - begun < 5
        assert Standing.FAULT not in {state.standing for state in station.ear.states}


def test_without_its_library_the_chip_says_what_to_install(new_station, sealer, monkeypatch):
    monkeypatch.setitem(sys.modules, "asyncua", None)
    ear = connect(new_station(patience=PATIENT), sealer, live=False)
    fault = ear.until_standing(Standing.FAULT)
    assert fault.cause.code == "machine.reader_missing"
    assert "asyncua is not installed" in str(fault.words)
    assert "pip install lineside[machines]" in str(fault.cause.next)
    monkeypatch.undo()
    ear.until_standing(Standing.LIVE)


def test_what_was_not_good_is_in_the_frame_log_with_both_times(new_station, sealer, tmp_path: Path):
    station = new_station(patience=PATIENT)
    ear = connect(station, sealer)
    sealer.server.statuses[address(sealer, "pressure")] = 0x80310000
    ear.until_standing(Standing.FAULT)
    station.hub.stop()
    (kept,) = [one.content.decode() for one in read_log(tmp_path / "frames" / "SL-05.log")][:1]
    assert kept.startswith("s=Sealer.Jaw.Pressure=None 0x80310000 source 20")
    assert "server 20" in kept


def test_a_machine_that_tells_by_itself_takes_no_wishes(new_station, sealer):
    station = new_station(patience=PATIENT)
    connect(station, sealer)
    assert station.hub.ask("SL-05") is False
    assert station.hub.watch("SL-05", 0.1) is False
    assert station.hub.send("SL-05", b"x") is False
    with pytest.raises(KeyError):
        station.hub.wish("SL-05", "tare")


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    """A server that lets nobody in without certificate and password."""
    folder = tmp_path_factory.mktemp("guarded")
    sealer = TellingSealer(OPCUA, seed=7)
    doors = Doors(certificate=folder / "server.der", key=folder / "server.pem", users={"lineside": "gut-bewacht-7"})
    sealer.server = type(sealer.server)(sealer, doors=doors)
    with sealer:
        yield sealer, doors


def listening(sealer, folder: Path, password: str) -> DeviceSettings:
    tags = sealer.settings(
        looks_per_s=20, security=Security.BASIC256SHA256, certificates=folder, sign_in=SignIn(user="lineside", password=password)
    )
    return DeviceSettings(code="SL-05", protocol=OPCUA, url=sealer.url, unit=None, tags=tags)


@pytest.mark.capability("E4")
def test_a_protected_server_is_heard_once_a_person_trusts_its_certificate_and_the_password_is_right(new_station, guarded, tmp_path, caplog):
    sealer, doors = guarded
    folder = tmp_path / "certificates"
    station = new_station(patience=PATIENT)
    with caplog.at_level(logging.DEBUG):
        station.hub.start(listening(sealer, folder, "gut-bewacht-7"))
        fault = station.ear.until_standing(Standing.FAULT)
        assert fault.cause.code == "machine.certificate_unknown"
        offered = folder / "SL-05.offered.der"
        assert offered.read_bytes() == doors.certificate.read_bytes()
        assert (folder / "station.pem").stat().st_mode & 0o077 == 0
        assert folder.stat().st_mode & 0o077 == 0
        offered.rename(folder / "SL-05.der")
        station.ear.until_standing(Standing.LIVE)
    station.hub.stop()
    assert "gut-bewacht-7" not in caplog.text
    assert "gut-bewacht-7" not in repr(listening(sealer, folder, "gut-bewacht-7"))


def test_a_wrong_password_and_another_servers_certificate_open_nothing(new_station, guarded, tmp_path):
    sealer, doors = guarded
    folder = tmp_path / "certificates"
    folder.mkdir(mode=0o700)
    (folder / "SL-05.der").write_bytes(doors.certificate.read_bytes())
    station = new_station(patience=PATIENT)
    station.hub.start(listening(sealer, folder, "geraten"))
    cause = station.ear.until_standing(Standing.FAULT).cause
    assert cause.code == "machine.server_refuses"
    assert "geraten" not in str(cause)
    station.hub.stop()
    assert station.ear.batches == []
