"""Machines that tell by themselves are found, heard, connected, changed and taken out at the screen; no file is edited."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.core.devices_here import DevicesHere
from app.devices.events import Standing
from app.devices.machines.access import Security
from app.devices.settings import MQTT, OPCUA
from app.devices.simulators.mqtt_broker import MqttBroker
from app.devices.simulators.mqtt_machine import MqttMachine
from app.devices.simulators.opcua_server import Doors
from app.devices.simulators.telling_sealer import TellingSealer
from app.plant.device_facts import OnRecord
from tests.console.test_every_family import Engineer, acts, engineer, settings_file
from tests.devices.machines.test_mqtt_at_the_station import certified
from tests.plant import Plant
from ui.devices.connect_sheet import ConnectSheet
from ui.devices.reach_sheet import ReachSheet
from ui.devices.tell_sheet import TellSheet
from ui.kit import Field, State, say

__all__ = ["engineer", "settings_file"]
pytestmark = pytest.mark.capability("E1", "E4")
SECRET = "gut-bewacht-7"
TRIED_WITHIN_MS = 30_000


@pytest.fixture(scope="module")
def opcua() -> Iterator[TellingSealer]:
    with TellingSealer(OPCUA, seed=7) as sealer:
        yield sealer
    assert sealer.server.writes == 0


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TellingSealer]:
    folder = tmp_path_factory.mktemp("guarded")
    sealer = TellingSealer(OPCUA, seed=7)
    doors = Doors(certificate=folder / "server.der", key=folder / "server.pem", users={"lineside": SECRET})
    sealer.server = type(sealer.server)(sealer, doors=doors)
    with sealer:
        yield sealer


def write(zhao: Engineer, field: Field, text: str) -> None:
    field.edit.setFocus()
    field.edit.selectAll()
    zhao.hand.type(text)


def chosen(zhao: Engineer, sheet: ReachSheet, security: Security) -> None:
    """A digit chooses how the line is protected."""
    zhao.hand.until(lambda: security in [way.security for way in sheet._ways])
    zhao.hand.press(Qt.Key(Qt.Key.Key_1 + [way.security for way in sheet._ways].index(security)))
    zhao.hand.until(lambda: sheet._way is not None and sheet._way.security is security)


def reach(zhao: Engineer) -> ReachSheet:
    sheet = zhao.sheet(ReachSheet)
    assert isinstance(sheet, ReachSheet)
    return sheet


def tell(zhao: Engineer) -> TellSheet:
    sheet = zhao.sheet(TellSheet)
    assert isinstance(sheet, TellSheet)
    return sheet


def go_on(zhao: Engineer) -> None:
    sheet = zhao.hand.window.frame.sheet
    assert sheet is not None
    assert sheet.primary is not None
    zhao.hand.until(sheet.primary.isEnabled)
    zhao.hand.press(Qt.Key.Key_Return)
    zhao.hand.until(lambda: zhao.hand.window.frame.sheet is not sheet)


def hears(zhao: Engineer, sheet: TellSheet) -> str:
    zhao.hand.until(lambda: sheet.answer_state is State.PASS, TRIED_WITHIN_MS)
    return str(say(sheet.answer.words))


def refuses(zhao: Engineer, sheet: TellSheet, told: str) -> None:
    zhao.hand.until(lambda: sheet.answer_state is State.ATTENTION and told in str(say(sheet.answer.words)), TRIED_WITHIN_MS)


def test_an_opc_ua_machine_is_found_heard_connected_changed_and_taken_out(
    engineer: Callable[..., Engineer], plant: Plant, opcua: TellingSealer
):
    zhao = engineer("PK-03")
    zhao.take(zhao.look_at(opcua.url), "Machine (OPC UA)")
    sheet = reach(zhao)
    assert not sheet.act.isEnabled(), "how the line is protected is nobody's to guess"
    chosen(zhao, sheet, Security.NONE)
    go_on(zhao)
    listened = tell(zhao)
    assert not listened.act.isEnabled(), "how often its server looks is nobody's to guess"
    write(zhao, listened.looks, "10")
    assert "temperature_actual" in hears(zhao, listened)
    go_on(zhao)
    zhao.confirm("SL-03")
    zhao.stands("SL-03", Standing.LIVE)
    zhao.as_on_record("SL-03")
    (written,) = zhao.written.instruments
    assert (written.protocol, written.url, written.tags.looks_per_s, written.tags.map.model) == ("opcua", opcua.url, 10, "sealer_opcua")
    zhao.open_device("SL-03", "Change how it is connected")
    reach(zhao)
    go_on(zhao)
    listened = tell(zhao)
    hears(zhao, listened)
    assert not listened.act.isEnabled(), "nothing is changed yet"
    write(zhao, listened.looks, "20")
    go_on(zhao)
    zhao.give_reason("the jaws are faster now")
    zhao.hand.until(lambda: zhao.hand.window.frame.sheet is None)
    assert zhao.written.instruments[0].tags.looks_per_s == 20
    zhao.as_on_record("SL-03")
    zhao.stands("SL-03", Standing.LIVE)
    zhao.open_device("SL-03", "Take out of this station")
    zhao.give_reason("away for repair")
    zhao.hand.until(lambda: zhao.written == DevicesHere() and not zhao.hand.window.devices and not zhao.hand.bridge.hub.states())
    assert [act for _, act, *_ in acts(plant)] == ["connected", "changed", "taken out"]
    assert plant.rows("SELECT details FROM lineside.device_connection ORDER BY done_at") == [
        ("looks_per_s=10 security=none",),
        ("looks_per_s=20 security=none",),
        ("looks_per_s=20 security=none",),
    ]


def everything_kept(plant: Plant, folder: Path) -> str:
    """All that could hold a password: every row of record and trail, every file of the station but the one it belongs into."""
    kept = [str(plant.rows(f"SELECT * FROM lineside.{table}")) for table in ("device_connection", "audit_log")]
    files = [one.read_bytes().decode("utf-8", "replace") for one in folder.rglob("*") if one.is_file() and one.suffix != ".secret"]
    return "\n".join([*kept, *files])


def test_a_guarded_server_is_trusted_by_a_person_and_its_password_stands_in_its_own_file_alone(
    engineer: Callable[..., Engineer], plant: Plant, guarded: TellingSealer, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    zhao = engineer("PK-03")
    zhao.take(zhao.look_at(guarded.url), "Machine (OPC UA)")
    sheet = reach(zhao)
    chosen(zhao, sheet, Security.BASIC256SHA256)
    write(zhao, sheet.user, "lineside")
    assert not sheet.act.isEnabled(), "a name without its password"
    write(zhao, sheet.password, SECRET)
    go_on(zhao)
    listened = tell(zhao)
    write(zhao, listened.looks, "20")
    refuses(zhao, listened, "nobody trusts the machine's certificate yet")
    assert "F6" in str(say(listened.more.words))
    zhao.hand.press(Qt.Key.Key_F6)
    hears(zhao, listened)
    go_on(zhao)
    assert "as lineside" in _facts(zhao)
    zhao.confirm("SL-03")
    zhao.stands("SL-03", Standing.LIVE)
    zhao.as_on_record("SL-03")
    beside = zhao.file.parent / "machines"
    assert (beside / "SL-03.secret").read_text("utf-8") == f"lineside\n{SECRET}\n"
    assert (beside / "certificates" / "SL-03.der").exists()
    ((details,),) = plant.rows("SELECT details FROM lineside.device_connection")
    assert "sign_in=yes" in str(details)
    zhao.open_device("SL-03", "Change how it is connected")
    sheet = reach(zhao)
    assert (sheet.user.text, sheet.password.text) == ("lineside", ""), "a password is shown nowhere"
    go_on(zhao)
    hears(zhao, tell(zhao))
    assert not tell(zhao).act.isEnabled(), "it was heard with the password that lies there"
    zhao.hand.press(Qt.Key.Key_Escape)
    zhao.open_device("SL-03", "Take out of this station")
    zhao.give_reason("away for repair")
    zhao.hand.until(lambda: not zhao.hand.window.devices)
    assert zhao.written == DevicesHere()
    assert not (beside / "SL-03.secret").exists()
    assert SECRET not in everything_kept(plant, tmp_path)
    assert SECRET not in caplog.text


def _facts(zhao: Engineer) -> str:
    sheet = zhao.sheet(ConnectSheet)
    return " ".join(str(line.text) for child in sheet.findChildren(object) if hasattr(child, "said") for line in child.said())


def test_a_wrong_password_is_said_and_the_right_one_is_heard(engineer: Callable[..., Engineer], guarded: TellingSealer):
    zhao = engineer("PK-03")
    zhao.take(zhao.look_at(guarded.url), "Machine (OPC UA)")
    for password, is_right in (("geraten", False), (SECRET, True)):
        sheet = reach(zhao)
        chosen(zhao, sheet, Security.BASIC256SHA256)
        write(zhao, sheet.user, "lineside")
        write(zhao, sheet.password, password)
        go_on(zhao)
        listened = tell(zhao)
        write(zhao, listened.looks, "20")
        refuses(zhao, listened, "nobody trusts")
        zhao.hand.press(Qt.Key.Key_F6)
        if is_right:
            hears(zhao, listened)
            return
        refuses(zhao, listened, "the machine's OPC UA server refuses")
        assert "Name, password and certificate" in str(say(listened.more.words))
        zhao.hand.press(Qt.Key.Key_Escape)
        zhao.hand.until(lambda: zhao.hand.window.frame.sheet is None)
        zhao.take(zhao.look_at(guarded.url), "Machine (OPC UA)")


def test_an_mqtt_machine_behind_tls_is_known_by_an_authority_that_lies_at_the_station(
    engineer: Callable[..., Engineer], plant: Plant, tmp_path: Path
):
    (tmp_path / "broker").mkdir()
    sealer = TellingSealer(MQTT, seed=7)
    sealer.server = MqttMachine(sealer, broker=MqttBroker(users={"lineside": SECRET}, tls=certified(tmp_path / "broker")))
    with sealer:
        zhao = engineer("PK-03")
        zhao.look_at(sealer.url)  # a broker behind TLS is not asked: an engineer knows what it is
        zhao.hand.press(Qt.Key.Key_1)
        sheet = reach(zhao)
        zhao.hand.until(lambda: str(say(sheet.hint.words)).startswith("For TLS"))
        folder = zhao.file.parent / "machines" / "certificates"
        folder.mkdir(parents=True)
        (folder / "plant.pem").write_bytes("# 工厂\n".encode() + (tmp_path / "broker" / "broker.pem").read_bytes())
        (folder / "station.pem").write_bytes((tmp_path / "broker" / "key.pem").read_bytes())
        zhao.hand.press(Qt.Key.Key_F5)
        chosen(zhao, sheet, Security.TLS)
        assert [way.security for way in sheet._ways] == [Security.NONE, Security.TLS], "the station's own key is no authority"
        write(zhao, sheet.user, "lineside")
        write(zhao, sheet.password, SECRET)
        go_on(zhao)
        listened = tell(zhao)
        assert "temperature_actual" in hears(zhao, listened)
        go_on(zhao)
        zhao.confirm("SL-03")
        zhao.stands("SL-03", Standing.LIVE)
        zhao.as_on_record("SL-03")
        (written,) = zhao.written.instruments
        assert (written.protocol, written.url) == ("mqtt", sealer.url)
        assert written.tags.access.security is Security.TLS
        assert SECRET not in everything_kept(plant, tmp_path)


def test_a_broker_without_protection_is_asked_for_no_name(engineer: Callable[..., Engineer]):
    with TellingSealer(MQTT, seed=7) as sealer:
        zhao = engineer("PK-03")
        zhao.take(zhao.look_at(sealer.url), "Machine (MQTT)")
        sheet = reach(zhao)
        chosen(zhao, sheet, Security.NONE)
        assert not sheet.user.isVisible()
        assert str(say(sheet.hint.words)).startswith("For TLS"), "what would protect it"
        go_on(zhao)
        hears(zhao, tell(zhao))
        go_on(zhao)
        zhao.confirm("SL-03")
        zhao.stands("SL-03", Standing.LIVE)


def test_what_was_written_by_hand_is_put_on_record_and_what_differs_is_named(
    engineer: Callable[..., Engineer], plant: Plant, opcua: TellingSealer
):
    by_hand = opcua.device("SL-03", looks_per_s=10)
    zhao = engineer("PK-03", DevicesHere(instruments=(by_hand,)))
    zhao.hand.until(lambda: zhao.screen.standing == {"SL-03": OnRecord.MISSING})
    zhao.open_device("SL-03", "Put on record what is here")
    zhao.give_reason("was there before the record")
    zhao.as_on_record("SL-03")
    zhao.hand.window.plugs.unplug("SL-03")
    zhao.hand.window.plugs.here = DevicesHere(instruments=(opcua.device("SL-03", looks_per_s=5),))
    zhao.screen.refresh()
    zhao.hand.until(lambda: zhao.screen.standing == {"SL-03": OnRecord.DIFFERS})
