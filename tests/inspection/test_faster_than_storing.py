"""An inspector measures faster than the network stores: every value stays with its cell, none is lost, none goes astray."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest
from PySide6.QtCore import Qt

from app.base.phrases import Language
from tests.attack.newcomers import Newcomers
from tests.inspection.plans import asset_id, calibrate, today
from tests.inspection.station import Station, elsewhere
from tests.looking import troubles_of
from tests.plant import Plant
from tests.shell.test_database_away import Cable
from ui.inspection.cursor import Place
from ui.kit import Mode, set_language, theme
from ui.late.sheet import LateSheet

VALUES = """SELECT c.no, m.sample_no, m.value::text, m.taken_by FROM measurement m
    JOIN characteristic c ON c.id = m.characteristic ORDER BY c.no, m.sample_no"""


@pytest.fixture(autouse=True)
def _patient(plant: Plant) -> None:
    """A busy machine must not turn a slow network into "another station is writing the same record" after three seconds."""
    plant.superuser().execute(f"ALTER DATABASE {plant.server.dbname} SET lock_timeout = '60s'")


@contextmanager
def storing_takes_long(plant: Plant) -> Iterator[None]:
    """Within the block no reading of any inspection can be stored: another transaction holds it, as a slow network would."""
    with psycopg.connect(plant.address.url(plant.server.dbname)) as slow:
        slow.execute("SELECT FROM lineside.inspection FOR UPDATE")
        yield


def take(at: Station, gauge: str, value: str) -> None:
    """Measure, wait until the value stands live, press Enter; storing is not waited for."""
    at.measure(gauge, value)
    at.until(lambda: at.primary == f"Take {value} mm")
    at.press(Qt.Key.Key_Return)


@pytest.fixture
def another_inspector(plant: Plant) -> Iterator[str]:
    """A second inspector of this site: the login. Of the test's own, because a job is a role of the whole cluster."""
    newcomers = Newcomers(plant)
    try:
        yield newcomers.hire("inspector")
    finally:
        plant.close()
        newcomers.leave()


def fail_calibration(plant: Plant, gauge: str) -> None:
    """Metrology finds the gauge wrong, at another station."""
    day = today(plant)
    elsewhere(lambda: calibrate(plant, asset_id(plant, gauge), done=day, due=day + timedelta(days=365), passed=False))


@pytest.mark.capability("E1")
def test_values_taken_while_the_first_is_being_stored_go_into_their_own_cells_in_their_order(measuring: Station, plant: Plant):
    with storing_takes_long(plant):
        for sample, value in enumerate(("0.861", "0.862", "0.863"), 1):
            take(measuring, "LM-07", value)
            assert measuring.screen.hand.focus == Place(0, sample + 1), "the hand goes on at once"
        assert measuring.banner == ""
        assert plant.rows(VALUES) == []
        assert {"0.861", "0.862", "0.863"} <= set(measuring.glass().split("\n")), "what is on its way stands in its cell"
        assert all(measuring.screen.body.grid.is_coming(Place(0, sample)) for sample in (1, 2, 3))
    measuring.until(lambda: len(measuring.screen.hand.bench.taken) == 3)
    assert plant.rows(VALUES) == [(1, n, f"0.86{n}", "li.ming") for n in (1, 2, 3)]
    assert not measuring.screen.hand.under_way
    assert measuring.screen.hand.focus == Place(0, 4)


def test_a_reading_during_storing_stands_live_in_the_next_cell_and_only_enter_takes_it(measuring: Station, plant: Plant):
    with storing_takes_long(plant):
        take(measuring, "LM-07", "0.861")
        measuring.press(Qt.Key.Key_Return)
        measuring.measure("LM-07", "0.700")
        measuring.until(lambda: measuring.primary == "Take 0.700 mm")
        measuring.measure("LM-07", "0.862")
        measuring.until(lambda: measuring.primary == "Take 0.862 mm")
    measuring.until(lambda: len(measuring.screen.hand.bench.taken) == 1)
    assert measuring.primary == "Take 0.862 mm", "what was not taken is still live when the one before is stored"
    assert plant.rows(VALUES) == [(1, 1, "0.861", "li.ming")]
    measuring.press(Qt.Key.Key_Return)
    measuring.until(lambda: plant.rows(VALUES) == [(1, 1, "0.861", "li.ming"), (1, 2, "0.862", "li.ming")])


def test_a_whole_lot_taken_without_waiting_is_complete_and_every_value_stands_where_it_was_measured(measuring: Station, plant: Plant):
    diameters, lengths = [f"0.86{n}" for n in range(5)], [f"25.0{n}" for n in range(5)]
    for value in diameters:
        take(measuring, "LM-07", value)
    for value in lengths:
        take(measuring, "DC-014", value)
    measuring.until(lambda: measuring.primary == "Complete the inspection")
    assert [row[2] for row in plant.rows(VALUES)] == diameters + lengths
    measuring.press(Qt.Key.Key_Return)
    measuring.until(lambda: measuring.screen.hand.bench.is_complete)


def test_an_inspection_is_not_complete_before_its_last_value_is_stored(measuring: Station, plant: Plant):
    for n in range(5):
        take(measuring, "LM-07", f"0.86{n}")
    for n in range(4):
        take(measuring, "DC-014", f"25.0{n}")
    measuring.until(lambda: len(measuring.screen.hand.bench.taken) == 9)
    with storing_takes_long(plant):
        take(measuring, "DC-014", "25.04")
        assert measuring.sentence == "Every cell has its value: the last ones are being stored."
        assert (measuring.primary, measuring.reason) == ("Take the value", "being stored")
        measuring.press(Qt.Key.Key_Return)
    measuring.until(lambda: measuring.primary == "Complete the inspection")
    assert measuring.sentence == "Every cell has its value: complete the inspection."


@pytest.mark.capability("D2")
def test_when_a_value_is_refused_those_behind_it_are_not_stored_and_the_screen_names_them_all(measuring: Station, plant: Plant):
    measuring.shell.bridge.changed.disconnect(measuring.window._changes)
    with storing_takes_long(plant):
        for value in ("0.861", "0.862", "0.863"):
            take(measuring, "LM-07", value)
        measuring.measure("LM-07", "0.864")
        measuring.until(lambda: measuring.primary == "Take 0.864 mm")
        fail_calibration(plant, "LM-07")
    measuring.until(lambda: measuring.banner)
    assert measuring.banner == "Reading not taken: LM-07 has no calibration that it passed; allowed here: none at this site."
    assert "Measure again: (1) sample 1, 2, 3, 4." in measuring.window.frame.banner.accessibleName()
    assert measuring.screen.hand.focus == Place(0, 1)
    assert measuring.primary == "Take the value", "the value that stood live is gone as well"
    assert not measuring.screen.hand.under_way
    assert plant.rows(VALUES) == []


def test_after_a_refusal_the_same_cells_are_measured_again_with_another_gauge(measuring: Station, plant: Plant):
    for _ in range(5):
        take(measuring, "LM-07", "0.861")
    measuring.until(lambda: len(measuring.screen.hand.bench.taken) == 5)
    measuring.shell.bridge.changed.disconnect(measuring.window._changes)
    with storing_takes_long(plant):
        take(measuring, "DC-014", "25.01")
        take(measuring, "DC-014", "25.02")
        fail_calibration(plant, "DC-014")
    measuring.until(lambda: measuring.banner)
    assert "Measure again: (2) sample 1, 2." in measuring.window.frame.banner.accessibleName()
    day = today(plant)
    elsewhere(lambda: calibrate(plant, asset_id(plant, "DC-009"), done=day, due=day + timedelta(days=365)))
    measuring.screen._look_again()
    measuring.until(lambda: measuring.screen.hand.bench.gauges.is_fit(measuring.screen.hand.bench.gauges.named("DC-009")))
    take(measuring, "DC-009", "25.03")
    measuring.until(lambda: measuring.banner == "")
    take(measuring, "DC-009", "25.04")
    measuring.until(lambda: [row[1:3] for row in plant.rows(VALUES)][5:] == [(1, "25.03"), (2, "25.04")])


def test_a_value_for_a_cell_that_somebody_else_filled_meanwhile_stops_the_line_and_is_not_asked_for_again(measuring: Station, plant: Plant):
    measuring.shell.bridge.changed.disconnect(measuring.window._changes)
    (inspection,) = plant.rows("SELECT id FROM inspection")[0]
    with psycopg.connect(plant.address.url(plant.server.dbname)) as slow:
        slow.execute("SELECT pg_advisory_xact_lock(hashtextextended('IQC-02/ui', 4951763))")  # this station's line alone is slow
        take(measuring, "LM-07", "0.861")
        take(measuring, "LM-07", "0.862")
        elsewhere(lambda: plant.measure(plant.sign_in("li.ming", station="REC-01"), inspection, 1, 1, "0.858", gauge="LM-07"))
    measuring.until(lambda: measuring.banner)
    assert measuring.banner == "Reading not taken: sample 1 has a value already."
    assert "Measure again: (1) sample 2." in measuring.window.frame.banner.accessibleName()
    measuring.until(lambda: measuring.screen.hand.focus == Place(0, 2))
    assert [row[1:3] for row in plant.rows(VALUES)] == [(1, "0.858")]


def test_the_gauge_of_the_row_before_gets_no_value_into_the_next_row(measuring: Station, plant: Plant):
    with storing_takes_long(plant):
        for n in range(5):
            take(measuring, "LM-07", f"0.86{n}")
        measuring.measure("LM-07", "0.865")
        measuring.until(lambda: measuring.banner)
        assert measuring.banner == "Reading not taken: LM-07 is not the kind of gauge this characteristic needs."
    measuring.until(lambda: len(measuring.screen.hand.bench.taken) == 5)
    assert measuring.banner != "", "that the ones before are stored does not hide why this one was not taken"
    assert [row[2] for row in plant.rows(VALUES)] == [f"0.86{n}" for n in range(5)]


def test_what_is_on_its_way_is_stored_though_the_station_is_locked_or_another_screen_opened(measuring: Station, plant: Plant):
    with storing_takes_long(plant):
        take(measuring, "LM-07", "0.861")
        take(measuring, "LM-07", "0.862")
        measuring.window.open("home")
        measuring.press(Qt.Key.Key_F10)
        measuring.until(lambda: measuring.window.gate is not None)
    measuring.until(lambda: [row[2] for row in plant.rows(VALUES)] == ["0.861", "0.862"])
    measuring.sign_in("li.ming")
    measuring.window.open("inspection.measure", {"inspection": str(plant.rows("SELECT id FROM inspection")[0][0])})
    measuring.until(lambda: measuring.screen.hand.bench is not None and len(measuring.screen.hand.bench.taken) == 2)
    assert measuring.screen.hand.focus == Place(0, 3)


def test_a_refusal_is_told_on_whatever_screen_is_open(measuring: Station, plant: Plant):
    (code,) = plant.rows("SELECT code FROM inspection")[0]
    with storing_takes_long(plant):
        take(measuring, "LM-07", "0.861")
        take(measuring, "LM-07", "0.862")
        measuring.window.open("home")
        fail_calibration(plant, "LM-07")
    measuring.until(lambda: measuring.banner)
    assert measuring.banner.startswith(f"Not stored in {code}: (1) sample 1, 2. Reading not taken: gauge LM-07")
    assert plant.rows(VALUES) == []


@pytest.mark.capability("E7")
def test_values_taken_while_the_database_is_away_are_kept_with_their_cells_and_stored_in_their_order(measuring: Station, plant: Plant):
    cable = Cable(plant)
    cable.pull()
    try:
        for value in ("0.861", "0.862", "0.863"):
            take(measuring, "LM-07", value)
        measuring.until(lambda: len(measuring.screen.hand.drafts) == 3 and measuring.shell.bridge.entries_waiting == 3)
    finally:
        cable.put_back()
    measuring.until(lambda: measuring.window.gate is not None and measuring.shell.bridge.here is not None)
    measuring.until(lambda: measuring.shell.bridge.here.away_since is None)
    measuring.sign_in("li.ming")
    measuring.until(lambda: isinstance(measuring.window.frame.sheet, LateSheet) and len(measuring.window.frame.sheet.list.rows) == 3)
    measuring.press(Qt.Key.Key_Return)
    measuring.until(lambda: [row[1:3] for row in plant.rows(VALUES)] == [(1, "0.861"), (2, "0.862"), (3, "0.863")])
    measuring.until(lambda: measuring.screen.hand.focus == Place(0, 4) and not measuring.screen.hand.under_way)


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 800)])
@pytest.mark.parametrize("language", list(Language))
def test_nothing_is_clipped_or_faint_while_values_are_being_stored(
    station_of: Callable[..., Station], plant: Plant, lot: str, size: tuple[int, int], language: Language
):
    station = station_of(size=size)
    station.open_lot(lot)
    with storing_takes_long(plant):
        for value in ("0.861", "0.891", "0.863"):
            take(station, "LM-07", value)
        set_language(language)
        for mode in Mode:
            theme.look(mode=mode)
            assert troubles_of(station.window, station.bot) == []


@pytest.mark.parametrize("refused", [False, True], ids=["stored", "refused"])
def test_when_another_inspector_takes_over_what_is_on_its_way_stays_that_of_who_took_it(
    another_inspector: str, measuring: Station, plant: Plant, refused: bool
):
    with storing_takes_long(plant):
        take(measuring, "LM-07", "0.861")
        take(measuring, "LM-07", "0.862")
        measuring.press(Qt.Key.Key_F10)
        measuring.until(lambda: measuring.window.gate is not None)
        measuring.sign_in(another_inspector)
        assert not measuring.screen.hand.under_way, "the cells are free: whoever took those values may never come back"
        take(measuring, "LM-07", "0.863")
        if refused:
            fail_calibration(plant, "LM-07")
    if refused:
        measuring.until(lambda: measuring.banner)
        assert plant.rows(VALUES) == []
    else:
        measuring.until(lambda: [row[1:] for row in plant.rows(VALUES)] == [(1, "0.861", "li.ming"), (2, "0.862", "li.ming"),
                                                                            (3, "0.863", another_inspector)])  # fmt: skip
