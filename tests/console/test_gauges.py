"""Engineering records and corrects how far gauges measure; the database refuses what cannot be, and everybody else may look."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from uuid import UUID

import pytest
from PySide6.QtCore import Qt

from app.base.ids import new_id
from app.base.phrases import Language
from app.core.devices_here import DevicesHere
from app.core.refusals import NotAllowed, OtherVersion, ReasonMissing
from app.plant.commands import RecordRange
from app.plant.gauges import Calibrated, GaugeLine, gauges_of
from app.plant.rules import MeasuresNothing, RangeUpsideDown
from tests.attack.target import sqlstate_of
from tests.plant import Plant
from tests.shell.conftest import Hand, elsewhere
from tests.tracing.test_history import questions
from tests.triggers import triggers_off
from ui.devices.gauges_screen import GaugesScreen
from ui.devices.range_sheet import RangeSheet
from ui.kit import State, say, set_language
from ui.kit.check import look_over

pytestmark = pytest.mark.capability("D2")
RANGE = "SELECT range_low, range_high FROM lineside.asset WHERE code = %s"


def forget_range(plant: Plant, code: str) -> None:
    """As a gauge stands that was registered before ranges were."""
    superuser = plant.superuser()
    with triggers_off(superuser, "asset"):
        superuser.execute("UPDATE lineside.asset SET range_low = NULL, range_high = NULL WHERE code = %s", [code])
    superuser.close()


def asset(plant: Plant, code: str) -> UUID:
    found: UUID = plant.rows("SELECT id FROM lineside.asset WHERE code = %s", code)[0][0]
    return found


def order(plant: Plant, code: str, low: str, high: str, stood: tuple[str, str] | None = None) -> RecordRange:
    was = (Decimal(stood[0]), Decimal(stood[1])) if stood is not None else (None, None)
    return RecordRange(
        command_id=new_id(),
        asset=asset(plant, code),
        range_low=Decimal(low),
        range_high=Decimal(high),
        stood_low=was[0],
        stood_high=was[1],
    )


def lines(plant: Plant, login: str = "zhao.lei") -> list[GaugeLine]:
    at = plant.sign_in(login)
    (site,) = plant.rows("SELECT id FROM lineside.site")[0]
    found = at.ask(lambda session: gauges_of(session, site=site))
    plant.close()
    return found


# the record -------------------------------------------------------------------------------------------------------------------------


def test_the_list_names_what_measures_those_without_a_range_first_in_one_question(plant: Plant):
    forget_range(plant, "WB-04")
    at = plant.sign_in("zhao.lei")
    (site,) = plant.rows("SELECT id FROM lineside.site")[0]
    with questions() as asked:
        found = at.ask(lambda session: gauges_of(session, site=site))
    assert sum("FROM lineside.asset" in one for one in asked) == 1
    assert not [one for one in asked if "calibration" in one and "FROM lineside.asset" not in one]
    assert [one.code for one in found] == ["WB-04", "DC-009", "DC-014", "LM-07", "SL-03"]
    assert [one.has_range for one in found] == [False, True, True, True, True]
    told = {one.code: one.calibrated for one in found}
    assert (told["DC-009"], told["DC-014"]) == (Calibrated.OVER, Calibrated.GOOD)


def test_a_missing_range_is_recorded_and_the_paper_it_stands_on_is_in_the_trail(plant: Plant):
    forget_range(plant, "WB-04")
    plant.sign_in("zhao.lei").give(order(plant, "WB-04", "0.50", "6100.00"), reason="certificate CAL-2610-0067")
    assert plant.rows(RANGE, "WB-04") == [(Decimal("0.50"), Decimal("6100.00"))]
    (entry,) = plant.rows(
        """SELECT payload::jsonb ->> 'who', payload::jsonb ->> 'reason' FROM lineside.audit_log
            WHERE tab = 'asset' ORDER BY at DESC LIMIT 1"""
    )
    assert entry == ("zhao.lei", "certificate CAL-2610-0067")


def test_a_range_that_somebody_else_recorded_meanwhile_is_not_written_over(plant: Plant):
    engineer = plant.sign_in("zhao.lei")
    seen = ("0", "25")
    engineer.give(order(plant, "LM-07", "0", "25.4", seen), reason="certificate")
    with pytest.raises(OtherVersion):
        engineer.give(order(plant, "LM-07", "0", "30", seen), reason="certificate")
    with pytest.raises(OtherVersion):
        engineer.give(order(plant, "LM-07", "0", "30"), reason="certificate")
    assert plant.rows(RANGE, "LM-07") == [(Decimal(0), Decimal("25.4"))]


@pytest.mark.parametrize(("low", "high"), [("25", "0"), ("5", "5"), ("NaN", "5"), ("0", "Infinity")])
def test_a_range_that_spans_nothing_is_refused_in_words(plant: Plant, low: str, high: str):
    with pytest.raises(RangeUpsideDown):
        plant.sign_in("zhao.lei").give(order(plant, "LM-07", low, high, ("0", "25")), reason="certificate")


def test_what_measures_nothing_gets_no_range(plant: Plant):
    with pytest.raises(MeasuresNothing, match="SC-11"):
        plant.sign_in("zhao.lei").give(order(plant, "SC-11", "0", "25"), reason="certificate")


def test_without_a_reason_nothing_is_recorded(plant: Plant):
    with pytest.raises(ReasonMissing):
        plant.sign_in("zhao.lei").give(order(plant, "LM-07", "0", "30", ("0", "25")))


@pytest.mark.parametrize("login", ["li.ming", "chen.jing", "wang.haiyan"])
def test_only_engineering_records_ranges_and_everybody_may_look(plant: Plant, login: str):
    with pytest.raises(NotAllowed):
        plant.sign_in(login).give(order(plant, "LM-07", "0", "30", ("0", "25")), reason="certificate")
    plant.close()
    assert "LM-07" in [one.code for one in lines(plant, login)]


@pytest.mark.parametrize(
    ("login", "change", "state"),
    [
        ("zhao.lei", "range_low = 25, range_high = 0", "23514"),
        ("zhao.lei", "range_low = NULL", "LS196"),
        ("zhao.lei", "range_high = NULL", "23514"),
        ("zhao.lei", "range_high = 'NaN'", "23514"),
        ("zhao.lei", "range_high = 'Infinity'", "23514"),
        ("zhao.lei", "unit = 'in'", "42501"),
        ("zhao.lei", "resolution = 0.1", "42501"),
        ("zhao.lei", "range_high = 30", "LS011"),
        ("chen.jing", "range_high = 30", "42501"),
        ("li.ming", "range_high = 30", "42501"),
    ],
)
def test_from_a_sql_shell_the_database_refuses_it_all_the_same(plant: Plant, login: str, change: str, state: str):
    shell = plant.shell(login)
    assert sqlstate_of(shell, f"UPDATE lineside.asset SET {change} WHERE code = 'LM-07'") == state


# the screen -------------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def open_gauges(open_station: Callable[..., Hand]) -> Callable[..., tuple[Hand, GaugesScreen]]:
    def at(login: str = "zhao.lei", **options: object) -> tuple[Hand, GaugesScreen]:
        hand = open_station("IQC-02", devices=DevicesHere(), **options)
        hand.sign_in(login)
        screen = hand.window.open("devices.gauges")
        assert isinstance(screen, GaugesScreen)
        hand.until(lambda: screen.gauges)
        return hand, screen

    return at


def codes(screen: GaugesScreen) -> list[str]:
    rows = screen.table._rows
    return [screen.gauges[row.key].code for row in rows]


def sheet_of(hand: Hand) -> RangeSheet:
    hand.until(lambda: isinstance(hand.window.frame.sheet, RangeSheet))
    sheet = hand.window.frame.sheet
    assert isinstance(sheet, RangeSheet)
    return sheet


def test_the_engineer_records_a_missing_range_with_the_keyboard_alone(plant: Plant, open_gauges: Callable[..., tuple[Hand, GaugesScreen]]):
    elsewhere(lambda: forget_range(plant, "WB-04"))
    hand, screen = open_gauges()
    hand.until(lambda: screen.chosen is not None)
    assert screen.chosen is not None
    assert screen.chosen.code == "WB-04", "what lacks its range stands first"
    assert screen.face.badge is not None
    assert screen.face.badge[0] is State.ATTENTION
    hand.press(Qt.Key.Key_Return)
    sheet = sheet_of(hand)
    hand.until(sheet.low.edit.hasFocus)
    hand.type("0")
    hand.press(Qt.Key.Key_Tab)
    hand.until(sheet.high.edit.hasFocus)
    hand.type("6100.00")
    assert not sheet.act.isEnabled()
    hand.press(Qt.Key.Key_Tab)
    hand.type("certificate CAL-2610-0067")
    hand.until(sheet.act.isEnabled)
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: hand.window.frame.sheet is None)
    assert elsewhere(lambda: plant.rows(RANGE, "WB-04")) == [(Decimal(0), Decimal("6100.00"))]
    hand.until(lambda: screen.face.badge is None)


def test_the_sheet_says_what_is_missing_and_closes_over_what_cannot_be(open_gauges: Callable[..., tuple[Hand, GaugesScreen]]):
    hand, screen = open_gauges()
    hand.scan("AST:LM-07")
    hand.until(lambda: screen.chosen is not None and screen.chosen.code == "LM-07")
    hand.press(Qt.Key.Key_Return)
    sheet = sheet_of(hand)
    for low, high, why, lacks in (
        ("", "", "", "write the smallest value"),
        ("0", "", "", "write the largest value"),
        ("30", "25", "", "the smallest must lie below the largest"),
        ("0", "25.0", "x", "this stands on record already"),
        ("0", "25,4", "", "write the largest value"),
        ("0", "25.4", "x", "write why, or from which paper"),
    ):
        sheet.low.set_text(low)
        sheet.high.set_text(high)
        sheet.reason.set_text(why)
        sheet.settle()
        assert str(say(sheet._lacks() or "")) == lacks
        assert not sheet.act.isEnabled()


def test_who_is_refused_reads_why_and_the_sheet_shows_what_stands_now(plant: Plant, open_gauges: Callable[..., tuple[Hand, GaugesScreen]]):
    hand, screen = open_gauges()
    hand.scan("AST:LM-07")
    hand.until(lambda: screen.chosen is not None and screen.chosen.code == "LM-07")
    hand.press(Qt.Key.Key_Return)
    sheet = sheet_of(hand)
    given = order_of(sheet, "0", "30")

    def meanwhile() -> None:
        plant.sign_in("zhao.lei", station="REC-01").give(order(plant, "LM-07", "0", "25.4", ("0", "25")), reason="certificate")
        plant.close()

    elsewhere(meanwhile)
    screen._record(given, "my certificate")
    hand.until(lambda: "somebody changed this record meanwhile" in hand.banner)
    hand.until(lambda: sheet.gauge.range_high == Decimal("25.4"))
    assert hand.window.frame.sheet is sheet


def order_of(sheet: RangeSheet, low: str, high: str) -> RecordRange:
    return sheet._order(Decimal(low), Decimal(high))


def test_who_does_not_keep_assets_looks_and_is_told_who_records(open_gauges: Callable[..., tuple[Hand, GaugesScreen]]):
    hand, screen = open_gauges("li.ming")
    assert "Engineering records their ranges" in hand.sentence
    hand.press(Qt.Key.Key_Return)
    assert hand.window.frame.sheet is None
    assert not screen.open_button.isEnabled()


def test_a_gauge_is_found_by_code_name_or_serial_number_and_f7_leaves_those_without_a_range(
    plant: Plant, open_gauges: Callable[..., tuple[Hand, GaugesScreen]]
):
    elsewhere(lambda: forget_range(plant, "WB-04"))
    hand, screen = open_gauges()
    hand.until(screen.words.edit.hasFocus)
    hand.type("micro")
    assert codes(screen) == ["LM-07"]
    screen.words.set_text("23048817")
    screen._show()
    assert codes(screen) == ["DC-014"]
    screen.words.set_text("")
    hand.press(Qt.Key.Key_F7)
    hand.until(lambda: codes(screen) == ["WB-04"])
    screen.words.set_text("nothing so")
    screen._show()
    assert codes(screen) == []
    assert not screen.open_button.isEnabled()
    hand.press(Qt.Key.Key_F7)


def test_f5_opens_the_gauges_from_the_devices(open_station: Callable[..., Hand]):
    hand = open_station("IQC-02", devices=DevicesHere())
    hand.sign_in("zhao.lei")
    hand.window.open("devices.list")
    hand.press(Qt.Key.Key_F5)
    hand.until(lambda: isinstance(hand.window.current, GaugesScreen))


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 800)], ids=["1920", "1280"])
@pytest.mark.parametrize("language", Language, ids=["en", "zh"])
def test_nothing_is_cut_on_the_list_and_the_sheet(
    plant: Plant, language: Language, size: tuple[int, int], open_gauges: Callable[..., tuple[Hand, GaugesScreen]]
):
    elsewhere(lambda: forget_range(plant, "WB-04"))
    hand, _ = open_gauges(size=size)
    set_language(language)
    hand.until(lambda: not look_over(hand.window), 4000)
    hand.press(Qt.Key.Key_Return)
    sheet = sheet_of(hand)
    hand.until(lambda: sheet.height() > 100)
    for low, high in (("", ""), ("-12345.6789", "98765.4321"), ("9", "1"), ("1,5", "x")):
        sheet.low.set_text(low)
        sheet.high.set_text(high)
        hand.until(lambda: not look_over(hand.window), 4000)
    hand.press(Qt.Key.Key_Escape)
    hand.window.open("devices.list")
    hand.until(lambda: not look_over(hand.window), 4000)
