"""A machine that tells by itself is listened to once, before it is connected: its figures, or in words why there are none."""

import socket
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from app.base.errors import DeviceError
from app.devices.machines.access import NAMELESS, Access, Security, SignIn
from app.devices.machines.errors import BrokerRefuses, CertificateMissing, NamespaceMissing, NodeRefused, ReaderMissing, ServerRefuses
from app.devices.machines.tag_map import Node, TagMap
from app.devices.recognition.hearing import hear_once
from app.devices.recognition.trying import Tried
from app.devices.settings import MQTT, OPCUA, DeviceSettings
from app.devices.simulators.mqtt_broker import MqttBroker
from app.devices.simulators.mqtt_machine import MqttMachine
from app.devices.simulators.opcua_server import Doors
from app.devices.simulators.telling_sealer import TellingSealer
from tests.devices.machines.test_mqtt_at_the_station import certified

pytestmark = pytest.mark.capability("E1", "E4")
SECRET = "gut-bewacht-7"


@pytest.fixture(scope="module")
def opcua():
    with TellingSealer(OPCUA, seed=7) as sealer:
        yield sealer
    assert sealer.server.writes == 0


@pytest.fixture
def mqtt():
    with TellingSealer(MQTT, seed=7) as sealer:
        yield sealer
    assert sealer.server.writes == 0


@pytest.fixture(scope="module")
def guarded_server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("guarded")
    sealer = TellingSealer(OPCUA, seed=7)
    doors = Doors(certificate=folder / "server.der", key=folder / "server.pem", users={"lineside": SECRET})
    sealer.server = type(sealer.server)(sealer, doors=doors)
    with sealer:
        yield sealer, doors.certificate.read_bytes()


@pytest.fixture
def guarded_broker(tmp_path):
    sealer = TellingSealer(MQTT, seed=7)
    sealer.server = MqttMachine(sealer, broker=MqttBroker(users={"lineside": SECRET}, tls=certified(tmp_path)))
    with sealer:
        yield sealer, (tmp_path / "broker.pem").read_bytes()


def hear(
    sealer: TellingSealer,
    *,
    map: TagMap | None = None,
    access: Access | None = None,
    url: str = "",
    within_s: float = 5,
    answer_s: float = 3,
) -> Tried:
    tags = sealer.settings(looks_per_s=20)
    tags = replace(tags, map=map or tags.map, access=access or tags.access)
    settings = DeviceSettings(code=NAMELESS, protocol=sealer.speaks, url=url or sealer.url, unit=None, tags=tags)
    return hear_once(settings, tags, within_s=within_s, answer_s=answer_s)


def by(folder: Path, security: Security, certificate: bytes | None, password: str = SECRET) -> Access:
    sign_in = SignIn(user="lineside", password=password)
    return Access(security=security, certificates=folder, sign_in=sign_in, certificate=certificate)


@pytest.mark.parametrize("speaks", [OPCUA, MQTT])
def test_every_value_that_stands_between_cycles_is_shown_with_its_unit(speaks: str, request: pytest.FixtureRequest):
    sealer = request.getfixturevalue(speaks)
    tried = hear(sealer)
    assert tried.answered, tried
    values = dict(one.split(" ", 1) for one in str(tried.says).split(" • "))
    assert set(values) >= {channel.name for channel in sealer.map.channels if not channel.of_cycle}
    assert {name for name, value in values.items() if value == "–"} <= {
        one.name for one in sealer.map.channels if speaks == MQTT and one.within_s is None
    }
    assert values["temperature_actual"].endswith(" °C")


def test_nobody_at_the_address_is_said(opcua: TellingSealer, mqtt: TellingSealer):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    for sealer, scheme in ((opcua, "opc.tcp"), (mqtt, "mqtt")):
        with pytest.raises(DeviceError, match=f"{scheme}://127.0.0.1:{port}"):
            hear(sealer, url=f"{scheme}://127.0.0.1:{port}")


def moved(map: TagMap, **otherwise: str) -> TagMap:
    """The map with its first channel somewhere else."""
    first = map.channels[0]
    return replace(map, channels=(replace(first, address=replace(first.address, **otherwise)), *map.channels[1:]))


def test_a_map_that_does_not_fit_the_server_is_named_by_what_is_missing(opcua: TellingSealer):
    with pytest.raises(NamespaceMissing, match="urn:of:another"):
        hear(opcua, map=moved(opcua.map, namespace="urn:of:another"))
    with pytest.raises(NodeRefused, match=r"Sealer\.Nowhere"):
        hear(opcua, map=moved(opcua.map, identifier="s=Sealer.Nowhere"))


def test_a_value_of_another_type_gives_none_and_is_named_beside_those_that_are_good(opcua: TellingSealer):
    first = opcua.map.channels[0].address
    assert isinstance(first, Node)
    tried = hear(opcua, map=moved(opcua.map, type=type(first.type)("u16")), within_s=2)  # type: ignore[arg-type]
    assert tried.answered
    assert f"{opcua.map.channels[0].name} –" in str(tried.says)
    assert "the map says u16" in str(tried.more)


def test_topics_of_another_machine_are_silence_with_how_long_was_listened(mqtt: TellingSealer):
    other = replace(
        mqtt.map, heartbeat=None, channels=tuple(replace(one, address=replace(one.address, topic="else")) for one in mqtt.map.channels)
    )
    tried = hear(mqtt, map=other, within_s=1)
    assert not tried.answered
    assert "nothing of this map was told in 1 s" in str(tried.says)


def test_a_machine_whose_heartbeat_stands_still_gives_no_value():
    stuck = TellingSealer(MQTT, seed=7)
    stuck.freeze()
    with stuck:
        tried = hear(stuck, within_s=1)
    assert not tried.answered
    assert "no value yet" in str(tried.says)


def test_a_server_nobody_trusts_yet_shows_its_certificate_and_nothing_is_laid_down(guarded_server, tmp_path: Path):
    sealer, certificate = guarded_server
    tried = hear(sealer, access=by(tmp_path, Security.BASIC256SHA256, None))
    assert (tried.answered, tried.certificate) == (False, certificate)
    assert "F6" in str(tried.more)
    assert [one.name for one in tmp_path.iterdir() if "offered" in one.name] == []
    assert hear(sealer, access=by(tmp_path, Security.BASIC256SHA256, certificate)).answered


def test_a_wrong_password_and_another_certificate_open_no_server(guarded_server, tmp_path: Path):
    sealer, certificate = guarded_server
    with pytest.raises(ServerRefuses) as refused:
        hear(sealer, access=by(tmp_path, Security.BASIC256SHA256, certificate, "geraten"))
    assert "geraten" not in str(refused.value)
    other = by(tmp_path, Security.BASIC256SHA256, (tmp_path / "station.der").read_bytes())
    with pytest.raises(DeviceError):
        hear(sealer, access=other, answer_s=0.3)


def test_a_broker_is_believed_by_the_authority_that_was_chosen_and_the_right_password_alone(guarded_broker, tmp_path: Path):
    sealer, authority = guarded_broker
    assert hear(sealer, access=by(tmp_path, Security.TLS, authority)).answered
    with pytest.raises(BrokerRefuses):
        hear(sealer, access=by(tmp_path, Security.TLS, authority, "geraten"))
    for nothing in (None, b"no certificate", "Zürich".encode()):
        with pytest.raises(CertificateMissing):
            hear(sealer, access=by(tmp_path, Security.TLS, nothing))
    (tmp_path / "other").mkdir()
    certified(tmp_path / "other")
    with pytest.raises(DeviceError, match="CERTIFICATE_VERIFY_FAILED"):
        hear(sealer, access=by(tmp_path, Security.TLS, (tmp_path / "other" / "broker.pem").read_bytes()))


@pytest.mark.parametrize(("speaks", "module", "package"), [(OPCUA, "asyncua", "asyncua"), (MQTT, "paho.mqtt.client", "paho-mqtt")])
def test_without_its_library_the_package_is_named(speaks: str, module: str, package: str, monkeypatch: pytest.MonkeyPatch, request):
    sealer = request.getfixturevalue(speaks)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ReaderMissing, match=package) as missing:
        hear(sealer)
    assert "lineside[machines]" in str(missing.value.next)


def test_settings_name_the_protection_they_are_for():
    for security, suffix in ((Security.BASIC256SHA256, ".der"), (Security.TLS, ".pem")):
        access = Access(security=security, certificates=Path("c"), sign_in=None)
        assert access.trusted_file("SL-05") == Path("c") / f"SL-05{suffix}"
    assert Access(security=Security.NONE, certificates=Path("c"), sign_in=None).trusted_file("SL-05") is None
