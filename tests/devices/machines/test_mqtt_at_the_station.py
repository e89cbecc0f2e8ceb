"""A sealer that tells an MQTT broker, on a station's hub: what is heard, and every way in which there is nothing to hear."""

import datetime as dt
import ipaddress
import logging
import ssl
import sys
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.devices.events import Standing
from app.devices.frame_log import read_log
from app.devices.machines.access import Security, SignIn
from app.devices.machines.evidence import number_in_message, source_time
from app.devices.machines.samples import Quality
from app.devices.settings import MQTT, DeviceSettings, Patience
from app.devices.simulators.mqtt_broker import MqttBroker
from app.devices.simulators.mqtt_machine import MqttMachine
from app.devices.simulators.mqtt_packets import Published
from app.devices.simulators.telling_sealer import TellingSealer
from tests.devices.spoilt_wire import SpoiltWire

NOW, CYCLE, SET, STATE = "plant/sl-03/now", "plant/sl-03/cycle", "plant/sl-03/set", "plant/sl-03/state"
PATIENT = Patience(machine_answer_s=3)


@pytest.fixture
def sealer():
    with TellingSealer(MQTT, seed=7) as sealer:
        yield sealer
    assert sealer.server.writes == 0


@pytest.fixture
def station(new_station):
    return new_station(patience=PATIENT)


def connect(station, sealer, *, code="SL-06", live=True, url=None):
    device = sealer.device(code, looks_per_s=10)
    if url is not None:
        device = DeviceSettings(code=code, protocol=MQTT, url=url, unit=None, tags=device.tags)
    station.hub.start(device)
    if live:
        station.ear.until(lambda ear: any(state.device == code and state.standing is Standing.LIVE for state in ear.states))
    return station.ear


def say(sealer, topic, payload, **other):
    sealer.server.broker.publish(Published(topic=topic, payload=payload, **other))


def subscribed(sealer, ear):
    """The sealer holds its tongue; only what a test says is said."""
    sealer.server.is_telling = False
    ear.until(lambda _: sealer.server.broker.subscribers == 1)


@pytest.mark.capability("E4")
def test_what_the_machine_tells_is_heard_with_its_own_time_as_evidence(station, sealer):
    ear = connect(station, sealer)
    ear.until(lambda heard: any(s.value is not None for s in heard.samples_of("temperature_actual")))
    sample = next(s for s in ear.samples_of("temperature_actual") if s.value is not None)
    assert round(number_in_message(sample.raw), 1) == sample.value
    assert abs(source_time(sample.raw) - sample.at) < timedelta(seconds=5)
    assert sample.cycle is None, "a broker promises no order between topics"


@pytest.mark.capability("E4")
def test_results_come_with_their_count_in_one_message(station, sealer):
    ear = connect(station, sealer)
    for count in (5, 6, 9):
        say(sealer, CYCLE, b'{"count": %d, "results": [136.5, 410, 1.2], "ts": %d}' % (count, count))
    ear.until(lambda heard: [seen.cycle for seen in heard.cycles][-2:] == [6, 9])
    six, nine = ear.cycles[-2:]
    assert (six.missed, nine.missed) == (0, 2)
    assert [(one.channel, str(one.value), one.cycle) for one in nine.results] == [
        ("seal_temperature", "136.5", 9),
        ("seal_pressure", "410", 9),
        ("dwell", "1.20", 9),
    ]


@pytest.mark.capability("E7")
def test_a_retained_message_is_never_a_value_however_fresh_it_looks(station, sealer):
    sealer.server.tell()
    say(sealer, SET, b"1111", retain=True)
    ear = connect(station, sealer)
    assert ear.samples_of("temperature_set") == []
    say(sealer, SET, b"1390", retain=True)
    ear.until(lambda heard: bool(heard.samples_of("temperature_set")))
    assert str(ear.samples_of("temperature_set")[0].value) == "139.0"


@pytest.mark.capability("E7")
def test_a_message_that_is_sent_again_is_no_new_sample(station, sealer):
    sealer.server.tell()
    ear = connect(station, sealer)
    subscribed(sealer, ear)
    say(sealer, SET, b"1370", qos=1)
    sealer.server.broker.repeat()
    sealer.server.broker.repeat()
    say(sealer, SET, b"1380", qos=1)
    ear.until(lambda heard: "138.0" in {str(s.value) for s in heard.samples_of("temperature_set")})
    assert [str(s.value) for s in ear.samples_of("temperature_set")] == ["137.0", "138.0"]


def test_the_same_words_of_the_same_time_are_one_message_whoever_repeats_them(station, sealer):
    ear = connect(station, sealer)
    subscribed(sealer, ear)
    known = len(ear.cycles)
    for count in (41, 41, 42, 42):
        say(sealer, CYCLE, b'{"count": %d, "results": [136.5, 410, 1.2], "ts": 1764163200000}' % count)
    ear.until(lambda heard: len(heard.cycles) > known and heard.cycles[-1].cycle == 42)
    assert len([s for s in ear.samples_of("dwell") if s.cycle == 41]) <= 1


@pytest.mark.capability("E7")
def test_a_machine_that_falls_silent_behind_its_broker_is_silent_since_it_was_last_heard(station, sealer):
    ear = connect(station, sealer)
    sealer.server.is_telling = False
    silent = ear.until_standing(Standing.SILENT)
    assert silent.cause.code == "machine.quiet"
    assert silent.since == silent.last_heard
    sealer.server.is_telling = True
    ear.until_standing(Standing.LIVE)


@pytest.mark.capability("E7")
def test_a_last_will_is_silence_at_once_and_a_retained_one_too(station, sealer):
    ear = connect(station, sealer)
    sealer.server.vanish()
    assert ear.until_standing(Standing.SILENT).cause.code == "machine.gone"
    connect(station, sealer, code="SL-07", live=False)
    ear.until(lambda heard: any(one.device == "SL-07" and one.standing is Standing.SILENT for one in heard.states))
    sealer.server.return_()
    ear.until(lambda heard: all(station.standing(code) is Standing.LIVE for code in ("SL-06", "SL-07")))


@pytest.mark.capability("E7")
def test_a_broken_sensor_a_frozen_control_and_a_wrong_type_are_told_apart(station, sealer):
    ear = connect(station, sealer)
    sealer.break_sensor()
    ear.until(lambda heard: "machine.sensor_broken" in {one.error.code for one in heard.troubles})
    assert ear.samples_of("temperature_actual")[-1].quality is Quality.SENSOR_BREAK
    sealer.mend_sensor()
    ear.until_standing(Standing.LIVE)
    sealer.freeze()
    ear.until_standing(Standing.STALE)
    sealer.thaw()
    ear.until_standing(Standing.LIVE)
    sealer.server.instead[NOW] = b'{"jaw": {"temperature": "hot", "pressure": 1}, "alarms": 0, "beat": 1}'
    ear.until(lambda heard: "machine.field_missing" in {one.error.code for one in heard.troubles})
    sealer.server.instead.clear()
    ear.until_standing(Standing.LIVE)


@pytest.mark.parametrize("garbage", [b"", b"\xff\xfe\x00", b"{", b"[" * 60_000, b"<xml/>"])
def test_a_payload_nobody_can_read_is_a_fault_and_its_bytes_are_kept(station, sealer, garbage, tmp_path: Path):
    ear = connect(station, sealer)
    say(sealer, NOW, garbage)
    trouble = ear.until(lambda heard: bool(heard.troubles)).troubles[0]
    assert trouble.error.code == "machine.payload_unreadable"
    assert trouble.raw == garbage[:200]
    ear.until_standing(Standing.LIVE)
    station.hub.stop()
    if garbage:
        assert [one.content for one in read_log(tmp_path / "frames" / "SL-06.log")] == [garbage[:200]]


def test_a_clock_of_the_machine_that_jumps_moves_the_evidence_and_no_sample(station, sealer):
    ear = connect(station, sealer)
    sealer.server.clock_off = timedelta(days=4000)
    ear.until(lambda heard: source_time(heard.samples_of("pressure")[-1].raw).year > 2030)
    times = [s.at for s in ear.samples_of("pressure")]
    assert times == sorted(times)
    assert times[-1] - times[0] < timedelta(minutes=2)


@pytest.mark.capability("E7")
def test_a_broker_that_vanishes_and_comes_back_empty_is_subscribed_to_again(station, sealer):
    ear = connect(station, sealer)
    sealer.unplug()
    ear.until_standing(Standing.FAULT)
    heard = len(ear.batches)
    sealer.plug()
    ear.until_standing(Standing.LIVE)
    ear.until(lambda now: any(s.value is not None for batch in now.batches[heard:] for s in batch.samples))
    assert [batch.number for batch in ear.batches] == list(range(1, len(ear.batches) + 1))


@pytest.mark.capability("E7")
def test_a_wire_on_which_not_even_pings_come_back_is_silence(station, sealer):
    with SpoiltWire(sealer.server.port) as wire:
        ear = connect(station, sealer, url=f"mqtt://127.0.0.1:{wire.port}")
        wire.swallow()
        assert ear.until_standing(Standing.SILENT).cause.code in ("machine.quiet", "machine.broker_silent")
        ear.until(lambda heard: "machine.broker_silent" in {one.cause.code for one in heard.states if one.cause})
        wire.restore()
        ear.until_standing(Standing.LIVE)


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x00" * 50,
        b"\x30\xff\xff\xff\xff\xff",
        b"\x30\x05\x00\x50abc",
        b"\x32\x02\x00\x00",
        b"\x20\x02\x00",
        b"\x90\x00",
        b"HTTP/1.1 400\r\n",
        b"\x3a\x07\x00\x01\xff\x00\x01xx",
    ],
)
def test_packets_that_are_no_mqtt_end_the_line_and_never_the_thread(station, sealer, caplog, garbage):
    with SpoiltWire(sealer.server.port) as wire, caplog.at_level(logging.ERROR, logger="app.devices.device_thread"):
        ear = connect(station, sealer, url=f"mqtt://127.0.0.1:{wire.port}")
        wire.instead(garbage)
        ear.until(lambda heard: heard.states[-1].standing in (Standing.FAULT, Standing.SILENT))
        wire.restore()
        ear.until_standing(Standing.LIVE)
    assert "defect" not in caplog.text


def test_half_of_every_packet_is_no_value(station, sealer):
    ear = connect(station, sealer)
    sealer.server.broker.manner = lambda packet: packet[: len(packet) // 2]
    ear.until(lambda heard: heard.states[-1].standing in (Standing.FAULT, Standing.SILENT))
    sealer.server.broker.manner = bytes
    ear.until_standing(Standing.LIVE)


def test_a_broker_that_forbids_a_topic_is_a_fault_that_names_it(station, sealer):
    sealer.server.broker.forbidden.add(SET)
    cause = connect(station, sealer, live=False).until_standing(Standing.FAULT).cause
    assert cause.code == "machine.broker_refuses"
    assert SET in str(cause)


def test_a_station_that_closes_does_not_wait_for_a_broker_that_says_nothing(new_station, sealer):
    with SpoiltWire(sealer.server.port) as wire:
        wire.swallow()
        station = new_station(patience=Patience(machine_answer_s=60))
        connect(station, sealer, live=False, url=f"mqtt://127.0.0.1:{wire.port}")
        wire.until_somebody_came()
        begun = monotonic()
        assert station.hub.stop() == []
        assert monotonic() - begun < 5
        assert Standing.FAULT not in {state.standing for state in station.ear.states}


def test_without_its_library_the_chip_says_what_to_install(station, sealer, monkeypatch):
    monkeypatch.setitem(sys.modules, "paho.mqtt.client", None)
    ear = connect(station, sealer, live=False)
    fault = ear.until_standing(Standing.FAULT)
    assert fault.cause.code == "machine.reader_missing"
    assert "paho-mqtt is not installed" in str(fault.words)
    monkeypatch.undo()
    ear.until_standing(Standing.LIVE)


def certified(folder: Path) -> ssl.SSLContext:
    """A broker's certificate for loopback, signed by itself: ``broker.pem`` is also what a station trusts."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "broker")])
    begin = dt.datetime.now(dt.UTC) - timedelta(days=1)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), begin, begin + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "broker.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    none = serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, none))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "broker.pem", folder / "key.pem")
    return context


@pytest.fixture
def guarded(tmp_path):
    """A sealer at a broker with TLS and a password."""
    sealer = TellingSealer(MQTT, seed=7)
    sealer.server = MqttMachine(sealer, broker=MqttBroker(users={"lineside": "gut-bewacht-7"}, tls=certified(tmp_path)))
    with sealer:
        yield sealer


def listening(sealer, folder: Path, password: str) -> DeviceSettings:
    sign_in = SignIn(user="lineside", password=password)
    tags = sealer.settings(looks_per_s=10, security=Security.TLS, certificates=folder, sign_in=sign_in)
    return DeviceSettings(code="SL-06", protocol=MQTT, url=sealer.url, unit=None, tags=tags)


@pytest.mark.capability("E4")
def test_a_broker_with_tls_and_password_is_heard_and_the_password_is_written_nowhere(station, guarded, tmp_path, caplog):
    folder = tmp_path / "certificates"
    folder.mkdir()
    with caplog.at_level(logging.DEBUG):
        station.hub.start(listening(guarded, folder, "gut-bewacht-7"))
        assert station.ear.until_standing(Standing.FAULT).cause.code == "machine.certificate_missing"
        (folder / "SL-06.pem").write_bytes((tmp_path / "broker.pem").read_bytes())
        station.ear.until_standing(Standing.LIVE)
    assert "gut-bewacht-7" not in caplog.text
    assert "gut-bewacht-7" not in repr(listening(guarded, folder, "gut-bewacht-7"))


def test_a_wrong_password_and_a_broker_nobody_trusts_open_nothing(new_station, guarded, tmp_path):
    (tmp_path / "right").mkdir()
    (tmp_path / "right" / "SL-06.pem").write_bytes((tmp_path / "broker.pem").read_bytes())
    station = new_station(patience=PATIENT)
    station.hub.start(listening(guarded, tmp_path / "right", "geraten"))
    cause = station.ear.until_standing(Standing.FAULT).cause
    assert cause.code == "machine.broker_refuses"
    station.hub.stop()
    other = tmp_path / "other"
    other.mkdir()
    certified(other)
    (other / "broker.pem").rename(other / "SL-06.pem")
    second = new_station(patience=PATIENT)
    second.hub.start(listening(guarded, other, "gut-bewacht-7"))
    assert "CERTIFICATE_VERIFY_FAILED" in str(second.ear.until_standing(Standing.FAULT).cause)
    second.hub.stop()
    assert station.ear.batches == second.ear.batches == []


def test_a_password_on_an_unprotected_line_is_refused_before_anything_starts(sealer):
    with pytest.raises(ValueError, match="unprotected line"):
        sealer.settings(looks_per_s=10, sign_in=SignIn(user="lineside", password="x"))
