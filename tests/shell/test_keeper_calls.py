"""What the keeper found rings or stands at the stations of those it calls, and is ended there; a drill's report is signed there."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import psycopg
import pytest
from PySide6.QtCore import Qt

from app.base.ids import new_id
from app.core.keeper.enrolling import new_secrets
from app.core.keeper.found import Found
from app.core.keeper.link import KeeperLink
from app.demo.people import SECRET
from tests.backup.test_on_record import GOOD
from tests.plant import Plant
from tests.shell.conftest import Hand, elsewhere
from ui.shell.call import CallSheet
from ui.shell.finding_words import finding_facts
from ui.shell.home_screen import HomeScreen
from ui.shell.signing_sheet import SigningSheet

pytestmark = pytest.mark.capability("P4")


@pytest.fixture
def keeper(plant: Plant) -> Iterator[KeeperLink]:
    with psycopg.connect(plant.address.url("postgres"), autocommit=True) as superuser:
        link = KeeperLink(plant.server, new_secrets(superuser).keeper)
    yield link
    elsewhere(link.close)


def home(hand: Hand) -> HomeScreen:
    assert isinstance(hand.window.current, HomeScreen)
    return hand.window.current


def test_what_cannot_wait_rings_and_is_ended_in_the_sheet_of_calls(
    open_station: Callable[..., Hand], plant: Plant, keeper: KeeperLink
) -> None:
    quality = open_station("IQC-02")
    quality.sign_in("wang.haiyan")
    facts = {"check": "rows", "where": "lot 0190", "why": "supplier_lot is not what the trail has"}
    elsewhere(lambda: keeper.report(Found(kind="record differs", key="rows:lot x", facts=facts)))
    quality.until(lambda: quality.banner == "The keeper calls: The record is not what the trail says")
    assert quality.window.tones.last == "call"
    assert quality.window.frame.banner is not None
    assert quality.window.frame.banner.button is not None
    quality.window.frame.banner.button.click()
    quality.until(lambda: plant.rows("SELECT status FROM task WHERE kind = 'call'") == [("taken",)])
    quality.window.call()
    sheet = quality.window.frame.sheet
    assert isinstance(sheet, CallSheet)
    quality.until(lambda: any("Wang Haiyan" in row.said_text for row in sheet._rows))
    sheet._rows[0].click()
    quality.until(lambda: plant.rows("SELECT status, done_by FROM task WHERE kind = 'call'") == [("done", "wang.haiyan")])


def test_a_finding_waits_on_the_home_screen_until_somebody_has_looked_into_it(
    open_station: Callable[..., Hand], plant: Plant, keeper: KeeperLink
) -> None:
    facts = {"who": "li.ming", "station": "IQC-02", "entries": 4, "minutes": 25}
    elsewhere(lambda: keeper.report(Found(kind="late entry", key="late:x", facts=facts)))
    quality = open_station("IQC-02")
    quality.sign_in("wang.haiyan")
    quality.until(lambda: "Next: Self-check: readings entered late" in quality.sentence)
    assert str(home(quality)._items[0].line.why) == "li.ming at IQC-02: 4, up to 25 min late"
    assert str(home(quality).evidence()[0].origin).startswith("reckoned from "), "F4: since when it waits"
    home(quality).go_on.click()
    quality.until(lambda: plant.rows("SELECT status, done_by FROM task WHERE kind = 'finding'") == [("done", "wang.haiyan")])
    assert plant.rows("SELECT kind FROM finding") == [("late entry",)], "the finding itself stands"


def test_quality_signs_the_report_of_a_drill_at_the_home_screen(
    open_station: Callable[..., Hand], plant: Plant, keeper: KeeperLink
) -> None:
    number = new_id()
    now = "SELECT lineside.record_drill(%s, 'lineside-20261126T023000Z', sha256('m'), clock_timestamp(), %s)"
    elsewhere(lambda: keeper.ask(now, number, json.dumps(GOOD)))
    quality = open_station("IQC-02")
    quality.sign_in("wang.haiyan")
    quality.until(lambda: "Sign the restore report of lineside-20261126T023000Z" in quality.sentence)
    home(quality).go_on.click()
    quality.until(lambda: isinstance(quality.window.frame.sheet, SigningSheet))
    sheet = quality.window.frame.sheet
    assert isinstance(sheet, SigningSheet)
    quality.until(lambda: sheet._to_sign is not None)
    quality.scan("BDG:T-0240")
    quality.until(lambda: sheet._signer == "wang.haiyan")
    sheet.password.edit.setFocus()
    quality.type(SECRET)
    quality.press(Qt.Key.Key_Return)
    signed = "SELECT signer, meaning, station FROM signature WHERE subject_id = %s"
    quality.until(lambda: plant.rows(signed, number) == [("wang.haiyan", "reviewed", "IQC-02")])
    assert plant.rows("SELECT status FROM task WHERE kind = 'sign_drill'") == [("done",)]


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"device": "DC-014", "value": "25.04", "unit": "mm", "in_a_row": 15, "since": "x"}, "DC-014: 25.04 mm, 15 times in a row"),
        ({"who": "zhou.min", "station": "REC-01", "entered": 30, "typed": 9, "days": 7}, "zhou.min at REC-01: 9 of 30 typed"),
        ({"station": "IQC-02", "day": "x", "readings": 1, "seconds": 61}, "IQC-02: by up to 61 s"),
        ({"moved_s": "-3600.0", "before": "x", "after": "y"}, "the database: by -3600.0 s"),
        ({"behind_s": "3600", "newest": "x"}, "the database: 3600 s behind its trail"),
        ({"signer": "xu.lan", "before": "wang.haiyan", "station": "IQC-02", "seconds": "2.5"}, "xu.lan and wang.haiyan"),
        ({"signer": "xu.lan", "performer": "li.ming", "same": "phone"}, "xu.lan and li.ming"),
        ({"one": "li.ming", "other": "zhou.min", "verified": 20, "back": 20, "days": 90}, "li.ming and zhou.min"),
        ({"login": "*", "refused": 30, "from": "x", "to": "y"}, "30 wrong passwords for several names"),
        ({"login": "wang.haiyan", "refused": 5, "from": "x", "to": "y"}, "5 wrong passwords for wang.haiyan"),
        ({"backup": "lineside-x", "wrong": ["parts: x", "key: y"], "not_done": []}, "lineside-x: parts: x; key: y"),
        ({"code": "BAK-07", "told": "No backup was taken: no room"}, "No backup was taken: no room"),
        ({"batch": "B26-0001", "step": "verified", "hours": 30}, "B26-0001, verified: for 30 h"),
        ({"device": "DC-014", "due": "2026-11-01"}, "DC-014: was due on 2026-11-01"),
        ({"batch": "B26-0001", "step": "unit_labels", "labels": "2"}, "B26-0001, unit_labels: 2 labels"),
        ({"setting": "selfcheck.x"}, "setting: selfcheck.x"),
    ],
)
def test_every_case_is_said_in_one_line(facts: dict[str, object], told: str) -> None:
    assert str(finding_facts(facts)) == told
