"""Readings that must not get into the record: said in one sentence with the way out, and the database would refuse them too."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from app.base.phrases import Language
from tests.inspection.plans import asset_id, calibrate, register_gauge, today
from tests.inspection.station import Station, elsewhere
from tests.plant import Plant
from tests.triggers import triggers_off
from ui.devices.gauges_screen import GaugesScreen
from ui.kit import set_language
from ui.kit.check import look_over

NOTHING: list[tuple[object, ...]] = []


def _at_the_length(station: Station) -> None:
    station.press(Qt.Key.Key_Down)
    assert "effective length" in station.sentence


@pytest.mark.capability("D2")
def test_an_overdue_gauge_is_refused_with_its_due_day_and_the_gauges_that_are_allowed(measuring: Station, plant: Plant):
    due = today(plant) - timedelta(days=5)
    _at_the_length(measuring)
    measuring.measure("DC-009", "25.01")
    measuring.until(lambda: measuring.banner)
    assert measuring.banner == (
        f"Reading not taken: DC-009 was due for calibration on {due.day} {due:%b} {due.year}; allowed here: DC-014."
    )
    assert measuring.primary == "Take the value"
    measuring.press(Qt.Key.Key_Return)
    assert plant.rows("SELECT * FROM measurement") == NOTHING
    measuring.measure("DC-014", "25.01")
    measuring.until(lambda: measuring.banner == "" and measuring.primary == "Take 25.01 mm")


@pytest.mark.capability("D2")
def test_a_gauge_that_failed_its_calibration_after_the_screen_opened_is_refused_by_the_database(measuring: Station, plant: Plant):
    measuring.measure("LM-07", "0.861")
    measuring.until(lambda: measuring.primary == "Take 0.861 mm")
    measuring.shell.bridge.changed.disconnect(measuring.window._changes)
    day = today(plant)
    elsewhere(lambda: calibrate(plant, asset_id(plant, "LM-07"), done=day, due=day + timedelta(days=365), passed=False))
    measuring.press(Qt.Key.Key_Return)
    measuring.until(lambda: measuring.banner)
    assert measuring.banner == "Reading not taken: LM-07 has no calibration that it passed; allowed here: none at this site."
    assert plant.rows("SELECT * FROM measurement") == NOTHING


@pytest.mark.capability("D2")
@pytest.mark.parametrize("size", [(1920, 1080), (1280, 800)], ids=["1920", "1280"])
@pytest.mark.parametrize("language", Language, ids=["en", "zh"])
def test_a_gauge_without_a_range_is_refused_with_the_place_where_it_is_recorded(
    station_of: Callable[..., Station], lot: str, plant: Plant, language: Language, size: tuple[int, int]
):
    superuser = plant.superuser()
    with triggers_off(superuser, "asset"):
        superuser.execute("UPDATE lineside.asset SET range_low = NULL, range_high = NULL WHERE code = 'LM-07'")
    superuser.close()
    station = station_of(size=size, screens=("ui.shell", "ui.inspection", "ui.devices"))
    station.open_lot(lot)
    station.measure("LM-07", "0.861")
    station.until(lambda: station.banner)
    assert station.banner == "Reading not taken: measuring range or resolution of LM-07 is not on record; allowed here: none at this site."
    notice = station.screen.face.notice
    assert "Plant, Devices, Gauges (F5)" in str(notice.line)
    set_language(language)
    station.until(lambda: not look_over(station.window), 4000)
    notice.way_out.act()
    station.until(lambda: isinstance(station.window.current, GaugesScreen) and station.window.current.chosen is not None)
    assert station.window.current.chosen.code == "LM-07"
    assert plant.rows("SELECT * FROM measurement") == NOTHING


def test_a_calibration_done_meanwhile_makes_the_gauge_usable_at_once(measuring: Station, plant: Plant):
    day = today(plant)
    elsewhere(lambda: calibrate(plant, asset_id(plant, "DC-009"), done=day, due=day + timedelta(days=365)))
    gauges = measuring.screen.hand.bench.gauges
    measuring.until(lambda: measuring.screen.hand.bench.gauges != gauges)
    _at_the_length(measuring)
    measuring.measure("DC-009", "25.01")
    measuring.until(lambda: measuring.primary == "Take 25.01 mm")


@pytest.mark.capability("D2")
def test_a_gauge_that_is_due_today_may_still_be_used(station_of: Callable[..., Station], plant: Plant, lot: str):
    register_gauge(plant, "DC-030", "caliper", "mm", due_in=0)
    station = station_of(units={"DC-030": "mm"})
    station.open_lot(lot)
    _at_the_length(station)
    station.take("DC-030", "25.01")
    assert plant.rows("SELECT a.code FROM measurement m JOIN asset a ON a.id = m.gauge") == [("DC-030",)]


@pytest.mark.capability("D2")
def test_a_gauge_that_was_never_calibrated_is_refused(station_of: Callable[..., Station], plant: Plant, lot: str):
    register_gauge(plant, "DC-031", "caliper", "mm", calibrated=False)
    station = station_of(units={"DC-031": "mm"})
    station.open_lot(lot)
    _at_the_length(station)
    station.measure("DC-031", "25.01")
    station.until(lambda: station.banner)
    assert station.banner == "Reading not taken: DC-031 has no calibration that it passed; allowed here: DC-014."


@pytest.mark.capability("D2")
def test_a_gauge_of_another_kind_is_refused(measuring: Station, plant: Plant):
    measuring.measure("DC-014", "0.86")
    measuring.until(lambda: measuring.banner)
    assert measuring.banner == "Reading not taken: DC-014 is not the kind of gauge this characteristic needs."
    assert plant.rows("SELECT * FROM measurement") == NOTHING


def test_a_gauge_that_reads_inches_is_refused(station_of: Callable[..., Station], plant: Plant, lot: str):
    station = station_of(units={"LM-07": "in"})
    station.open_lot(lot)
    station.measure("LM-07", "0.034")
    station.until(lambda: station.banner)
    assert station.banner == "Reading not taken: the instrument reads in in, the limits are in mm."
    assert plant.rows("SELECT * FROM measurement") == NOTHING


def test_a_gauge_nobody_registered_is_refused(station_of: Callable[..., Station], plant: Plant, lot: str):
    station = station_of(units={"XX-99": "mm"})
    station.open_lot(lot)
    station.measure("XX-99", "0.860")
    station.until(lambda: station.banner)
    assert station.banner == "Not taken: nobody registered the device XX-99."
    assert plant.rows("SELECT * FROM measurement") == NOTHING


def test_a_person_without_the_right_does_not_reach_the_grid(station_of: Callable[..., Station], lot: str):
    station = station_of(login="tom.becker")
    station.scan(lot)
    station.until(lambda: station.banner)
    assert station.banner == "Nothing was done: you do not have the right for this here."
    assert station.screen.key == "home"
