"""What the sheets for a machine that tells by itself refuse, and what they keep to themselves."""

import ssl
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.core.authorities import Authority
from app.devices.machines.access import Access, Security, SignIn
from app.devices.settings import MQTT, OPCUA, DeviceSettings, TagSettings
from app.devices.simulators.telling_sealer import TellingSealer
from tests.console.test_connecting_told import SECRET, TRIED_WITHIN_MS, chosen, go_on, guarded, hears, reach, refuses, tell, write
from tests.console.test_every_family import Engineer, engineer, settings_file
from tests.devices.machines.test_mqtt_at_the_station import certified
from ui.devices.proposal import Proposal
from ui.devices.reach_sheet import ReachSheet
from ui.devices.tell_sheet import TellSheet
from ui.kit import State, say

__all__ = ["engineer", "guarded", "settings_file"]
pytestmark = pytest.mark.capability("E1", "E4")


@pytest.mark.parametrize(
    ("key", "written", "is_possible"),
    [
        ("opcua", "opc.tcp://10.0.4.30:4840/line", True),
        ("opcua", "10.0.4.30:4840", False),
        ("opcua", "opc.tcp://zhao:secret@10.0.4.30:4840", False),
        ("opcua", "opc.tcp://10.0.4.30", False),
        ("opcua", "opc.tcp://10.0.4.30:99999", False),
        ("opcua", "mqtt://10.0.4.30:1883", False),
        ("mqtt", "mqtt://broker:1883", True),
        ("mqtt", "mqtts://broker:8883", True),
        ("mqtt", "mqtt://broker:1883/topic", False),
        ("mqtt", "", False),
    ],
)
def test_an_address_that_can_be_none_of_its_kind_closes_the_way(
    engineer: Callable[..., Engineer], key: str, written: str, is_possible: bool
):
    zhao = engineer("PK-03")
    zhao.screen.flow._take("socket://10.0.4.30:4840", key)
    sheet = reach(zhao)
    chosen(zhao, sheet, Security.NONE)
    assert sheet.act.isEnabled()
    write(zhao, sheet.address, written or " ")
    assert sheet.act.isEnabled() is is_possible


@pytest.mark.parametrize("speaks", [OPCUA, MQTT])
def test_without_its_package_what_to_install_is_said_and_nothing_breaks(
    engineer: Callable[..., Engineer], speaks: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(sys.modules, "asyncua" if speaks == OPCUA else "paho.mqtt.client", None)
    zhao = engineer("PK-03")
    zhao.screen.flow._take("socket://127.0.0.1:1", speaks)
    chosen(zhao, reach(zhao), Security.NONE)
    go_on(zhao)
    listened = tell(zhao)
    if speaks == OPCUA:
        write(zhao, listened.looks, "10")
    refuses(zhao, listened, "is not installed")
    assert "lineside[machines]" in str(say(listened.more.words))


def test_where_no_map_fits_what_to_do_is_said(engineer: Callable[..., Engineer], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("ui.devices.connect_flow.maps_here", lambda *, own: [])
    zhao = engineer("PK-03")
    zhao.screen.flow._take("socket://127.0.0.1:1", MQTT)
    chosen(zhao, reach(zhao), Security.NONE)
    go_on(zhao)
    listened = tell(zhao)
    assert "No map here is written for this kind." in str(say(listened.answer.words))
    assert not listened.act.isEnabled()


def test_a_certificate_that_was_renewed_is_looked_at_again_and_trusted_anew(
    engineer: Callable[..., Engineer], guarded: TellingSealer, tmp_path: Path
):
    folder = tmp_path / "stations" / "PK-03" / "machines" / "certificates"
    (tmp_path / "old").mkdir()
    certified(tmp_path / "old")
    old = ssl.PEM_cert_to_DER_cert((tmp_path / "old" / "broker.pem").read_text("ascii"))
    access = Access(
        security=Security.BASIC256SHA256, certificates=folder, sign_in=SignIn(user="lineside", password=SECRET), certificate=old
    )
    tags = TagSettings(map=guarded.map, looks_per_s=20, access=access)
    zhao = engineer("PK-03")
    done: list[Proposal] = []
    one = Proposal(url=guarded.url, key="opcua")
    sheet = TellSheet(
        one, access, [guarded.map], done.append, DeviceSettings(code="SL-03", protocol="opcua", url=one.url, unit=None, tags=tags)
    )
    zhao.screen.open_sheet(sheet)
    zhao.hand.until(lambda: sheet.answer_state is State.ATTENTION, TRIED_WITHIN_MS)
    assert str(say(sheet.trust.said_text)) == "Look at its certificate"
    zhao.hand.press(Qt.Key.Key_F6)
    refuses(zhao, sheet, "nobody trusts")
    zhao.hand.press(Qt.Key.Key_F6)
    hears(zhao, sheet)
    assert sheet.act.isEnabled(), "another certificate is a change"
    zhao.hand.press(Qt.Key.Key_Return)
    zhao.hand.until(lambda: done)
    assert done[0].tags is not None
    assert done[0].tags.access.certificate not in (None, old)


@pytest.mark.parametrize("text", ["two\nlines", "next\u2028line", "", "x" * 201])
def test_a_name_or_password_that_cannot_stand_on_one_line_closes_the_way(engineer: Callable[..., Engineer], text: str):
    zhao = engineer("PK-03")
    zhao.screen.flow._take("socket://10.0.4.30:4840", "opcua")
    sheet = reach(zhao)
    chosen(zhao, sheet, Security.BASIC256SHA256)
    for user, password in ((text, "right"), ("lineside", text)):
        sheet.user.set_text(user)
        sheet.password.set_text(password)
        sheet.settle()
        is_cut_by_the_field = "\n" in text or "\u2028" in text  # it makes a blank of a line's end
        assert sheet.act.isEnabled() is (is_cut_by_the_field and sheet.user.text.isprintable() and sheet.password.text.isprintable())


def test_what_stands_at_another_address_is_compared_anew_and_gets_no_password_that_was_written_for_this_one(
    engineer: Callable[..., Engineer], tmp_path: Path
):
    zhao = engineer("PK-03")
    heard: list[Access] = []
    signs_in = SignIn(user="lineside", password=SECRET)
    known = Access(security=Security.BASIC256SHA256, certificates=tmp_path, sign_in=signs_in, certificate=b"known")
    one = Proposal(url="opc.tcp://10.0.4.30:4840", key="opcua")
    sheet = ReachSheet(one, known, tmp_path, lambda _: None, lambda _, access: heard.append(access))
    zhao.screen.open_sheet(sheet)
    sheet.act.click()
    sheet.address.set_text("opc.tcp://10.0.4.31:4840")
    sheet.settle()
    assert not sheet.act.isEnabled()
    sheet.password.set_text("another")
    sheet.settle()
    sheet.act.click()
    assert [(access.certificate, access.sign_in) for access in heard] == [
        (b"known", signs_in),
        (None, SignIn(user="lineside", password="another")),
    ]


def test_no_authority_is_chosen_by_itself_and_another_one_gets_no_old_password(engineer: Callable[..., Engineer], tmp_path: Path):
    zhao = engineer("PK-03")
    lost = Access(security=Security.TLS, certificates=tmp_path, sign_in=None)
    broker = ReachSheet(Proposal(url="mqtts://broker:8883", key="mqtt"), lost, tmp_path, lambda _: None, lambda *_: None)
    broker.show_authorities([Authority(name="plant", certificate=b"pem")])
    assert broker._way is None
    known = Access(security=Security.TLS, certificates=tmp_path, sign_in=SignIn(user="lineside", password=SECRET), certificate=b"known")
    broker = ReachSheet(Proposal(url="mqtts://broker:8883", key="mqtt"), known, tmp_path, lambda _: None, lambda *_: None)
    broker.show_authorities([Authority(name="plant", certificate=b"pem")])
    zhao.screen.open_sheet(broker)
    assert broker.act.isEnabled()
    assert broker.sign_in == known.sign_in
    zhao.hand.until(lambda: broker.rows.height() > 0)
    zhao.hand.press(Qt.Key.Key_3)
    zhao.hand.until(lambda: not broker.act.isEnabled())
    assert broker.sign_in == SignIn(user="lineside", password="")
