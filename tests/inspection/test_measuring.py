"""An inspector measures a lot with real gauges on the line: what she sees, and what then stands in the database."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt

from app.base.phrases import Language
from tests.inspection.plans import BURR, DIAMETER, LENGTH, TAPER, WALL, WEIGHT, sign_plan
from tests.inspection.station import Station, elsewhere
from tests.looking import troubles_of
from tests.plant import Plant
from ui.inspection.cursor import Place
from ui.kit import Mode, State, set_language, theme

VALUES = """SELECT c.no, m.sample_no, m.value::text, m.verdict, m.origin FROM measurement m
  JOIN characteristic c ON c.id = m.characteristic ORDER BY m.taken_at"""


def test_the_lots_that_wait_are_listed_and_enter_begins_the_chosen_one(station_of: Callable[..., Station], plant: Plant, lot: str):
    other = plant.receive(supplier_lot="NF26-0944").lot_code
    station = station_of()
    station.window.open_workbench("inspect")
    station.until(lambda: len(station.screen.list.lots) == 2)
    assert station.primary == f"Inspect {lot}"
    station.press(Qt.Key.Key_Down)
    assert station.primary == f"Inspect {other}"
    station.press(Qt.Key.Key_Return)
    station.until(lambda: station.screen.key == "inspection.measure" and station.screen.hand.bench)
    assert plant.rows("SELECT l.code, i.status FROM inspection i JOIN lot l ON l.id = i.lot") == [(other, "open")]


def test_a_task_of_the_home_screen_opens_its_lot(station_of: Callable[..., Station], lot: str):
    station = station_of()
    station.until(lambda: f"Inspect lot {lot}" in station.glass() and station.primary == "Begin")
    station.press(Qt.Key.Key_Return)
    station.until(lambda: station.screen.key == "inspection.measure" and station.screen.hand.bench)
    assert f"Lot {lot} • plan IP-CH-2225 v4" in station.glass()


def test_the_label_of_a_container_opens_its_lot(station_of: Callable[..., Station], plant: Plant):
    received = plant.receive()
    station = station_of()
    station.scan(received.container_code)
    station.until(lambda: station.screen.key == "inspection.measure" and station.screen.hand.bench)
    assert station.screen.hand.bench.inspection.lot.code == received.lot_code


def test_a_label_nobody_knows_says_so_and_the_next_good_one_clears_it(station_of: Callable[..., Station], lot: str):
    station = station_of()
    station.scan("L26-9999")
    station.until(lambda: station.banner)
    assert station.banner == "Not opened: there is no lot with the label L26-9999."
    assert station.primary == "Waiting for a label"
    station.open_lot(lot)
    assert station.banner == ""


def test_a_lot_without_an_effective_plan_is_not_begun(station_of: Callable[..., Station], plant: Plant, lot: str):
    plant.superuser().execute(
        "ALTER TABLE lineside.document DISABLE TRIGGER ALL; UPDATE lineside.document SET effective_from = '2099-01-01'"
    )
    station = station_of()
    station.scan(lot)
    station.until(lambda: station.banner)
    assert station.banner == f"Not begun: there is no effective inspection plan for lot {lot}."
    assert plant.rows("SELECT * FROM inspection") == []


@pytest.mark.capability("E1")
def test_the_gauges_key_brings_the_value_and_enter_takes_it_with_its_own_zeros(measuring: Station, plant: Plant):
    assert measuring.sentence == "Measure (1) outer diameter of sample 1, then press the micrometer key."
    assert measuring.primary == "Take the value"
    assert measuring.reason == "press its key"
    measuring.measure("LM-07", "0.860")
    measuring.until(lambda: measuring.primary == "Take 0.860 mm")
    assert measuring.screen.body.live.state is State.PASS
    assert plant.rows(VALUES) == []
    measuring.press(Qt.Key.Key_Return)
    assert measuring.screen.hand.focus == Place(0, 2), "the hand goes on at once"
    measuring.until(lambda: plant.rows(VALUES) == [(1, 1, "0.860", "conforms", "device")])
    assert plant.rows("SELECT raw, unit FROM measurement") == [(b"01A+0000.860", "mm")]
    assert measuring.sentence == "Measure (1) outer diameter of sample 2, then press the micrometer key."
    assert measuring.screen.body.live.reading is None, "a taken value stands live no longer"


def test_a_second_enter_takes_nothing_twice(measuring: Station, plant: Plant):
    measuring.measure("LM-07", "0.860")
    measuring.until(lambda: measuring.primary == "Take 0.860 mm")
    measuring.press(Qt.Key.Key_Return)
    measuring.press(Qt.Key.Key_Return)
    measuring.until(lambda: len(measuring.screen.hand.bench.taken) == 1)
    measuring.press(Qt.Key.Key_Return)
    assert measuring.screen.hand.focus == Place(0, 2)
    assert not measuring.screen.hand.under_way
    assert len(plant.rows(VALUES)) == 1


@pytest.mark.capability("C4")
def test_a_whole_lot_is_measured_along_the_rows_and_the_record_gives_the_verdict(measuring: Station, plant: Plant):
    for n in range(5):
        measuring.take("LM-07", f"0.86{n}")
    assert measuring.sentence == "Measure (2) effective length of sample 1, then press the caliper key."
    for value in ("25.00", "25.50", "24.50", "25.04", "24.99"):
        measuring.take("DC-014", value)
    assert measuring.sentence == "Every cell has its value: complete the inspection."
    assert measuring.primary == "Complete the inspection"
    measuring.press(Qt.Key.Key_Return)
    measuring.until(lambda: measuring.screen.hand.bench.is_complete)
    assert measuring.sentence == "Lot L26-0001 is accepted: 0 defective, Ac 1."
    assert plant.rows("SELECT status, verdict, completed_by FROM inspection") == [("complete", "accepted", "li.ming")]
    assert [row[:3] for row in plant.rows(VALUES)] == [
        *((1, n + 1, f"0.86{n}") for n in range(5)),
        *((2, n + 1, value) for n, value in enumerate(("25.00", "25.50", "24.50", "25.04", "24.99"))),
    ]
    assert plant.rows("SELECT status FROM task WHERE kind = 'inspect_lot'") == [("done",)]
    measuring.press(Qt.Key.Key_Return)
    measuring.until(lambda: measuring.screen.key == "inspection.lots")


@pytest.mark.capability("C4")
def test_two_defective_samples_reject_the_lot_and_nobody_can_choose_otherwise(measuring: Station, plant: Plant):
    for value in ("0.860", "0.900", "0.860", "0.800", "0.860"):
        measuring.take("LM-07", value)
    for _ in range(5):
        measuring.take("DC-014", "25.00")
    assert "2 defective" in measuring.glass()
    assert "Re 2 is reached: rejected. 10 of 10 read." in measuring.glass()
    measuring.press(Qt.Key.Key_Return)
    measuring.until(lambda: measuring.screen.hand.bench.is_complete)
    assert measuring.sentence == "Lot L26-0001 is rejected: 2 defective, Re 2."
    assert plant.rows("SELECT verdict FROM inspection") == [("rejected",)]


def test_outside_turns_vermillion_before_it_is_taken(measuring: Station, plant: Plant):
    measuring.measure("LM-07", "0.891")
    measuring.until(lambda: measuring.screen.body.live.state is State.FAIL)
    assert measuring.primary == "Take 0.891 mm"
    assert plant.rows(VALUES) == []


def test_a_new_press_replaces_the_value_that_was_not_taken(measuring: Station, plant: Plant):
    measuring.measure("LM-07", "0.700")
    measuring.until(lambda: measuring.primary == "Take 0.700 mm")
    measuring.take("LM-07", "0.861")
    assert [row[2] for row in plant.rows(VALUES)] == ["0.861"]


def test_arrows_move_the_cell_and_a_value_follows_along_its_row_only(measuring: Station, plant: Plant):
    measuring.measure("LM-07", "0.861")
    measuring.until(lambda: measuring.primary == "Take 0.861 mm")
    measuring.press(Qt.Key.Key_Right)
    measuring.press(Qt.Key.Key_Right)
    assert measuring.sentence.startswith("Measure (1) outer diameter of sample 3")
    assert measuring.primary == "Take 0.861 mm"
    measuring.press(Qt.Key.Key_Down)
    assert measuring.sentence.startswith("Measure (2) effective length of sample 3")
    assert measuring.primary == "Take the value", "a diameter is no length"
    measuring.press(Qt.Key.Key_Return)
    assert plant.rows(VALUES) == []


def test_a_stored_cell_takes_no_second_value(measuring: Station, plant: Plant):
    measuring.take("LM-07", "0.861")
    measuring.press(Qt.Key.Key_Left)
    assert measuring.sentence == "(1) Outer diameter, sample 1: 0.861 mm is stored."
    measuring.measure("LM-07", "0.855")
    measuring.until(lambda: measuring.banner)
    assert measuring.banner == "Reading not taken: 0.855 mm from LM-07 has no empty cell in focus."
    assert [row[2] for row in plant.rows(VALUES)] == ["0.861"]


def test_what_another_inspector_took_meanwhile_moves_the_hand_on(measuring: Station, plant: Plant):
    (inspection,) = plant.rows("SELECT id FROM inspection")[0]
    elsewhere(lambda: plant.measure(plant.sign_in("li.ming", station="REC-01"), inspection, 1, 1, "0.858", gauge="LM-07"))
    measuring.until(lambda: measuring.screen.hand.focus == Place(0, 2))
    assert "0.858" in measuring.glass()


@pytest.mark.capability("E7")
def test_a_gauge_that_is_pulled_out_takes_its_value_with_it(measuring: Station, plant: Plant):
    measuring.measure("LM-07", "0.861")
    measuring.until(lambda: measuring.primary == "Take 0.861 mm")
    measuring.gauges["LM-07"].unplug()
    measuring.until(lambda: measuring.primary == "Take the value")
    assert "0.861" not in measuring.glass()
    assert "LM-07 is in fault" in measuring.glass()
    measuring.press(Qt.Key.Key_Return)
    assert plant.rows(VALUES) == []


def test_a_gauge_off_its_cable_is_said_and_brings_no_value(measuring: Station, plant: Plant):
    measuring.gauges["LM-07"].lose_gauge()
    measuring.gauges["LM-07"].press()
    measuring.until(lambda: measuring.banner)
    assert measuring.primary == "Take the value"
    assert plant.rows(VALUES) == []


def test_f5_says_which_gauge_cannot_be_asked(measuring: Station):
    measuring.press(Qt.Key.Key_F5)
    measuring.until(lambda: measuring.banner)
    assert measuring.banner == "Nothing was read: LM-07 cannot be asked from here."


def test_f5_asks_a_scale_and_a_moving_weight_cannot_be_taken(station_of: Callable[..., Station], plant: Plant):
    sign_plan(plant, WEIGHT, samples=5, accept=1)
    lot = plant.receive().lot_code
    station = station_of(scale=True)
    station.open_lot(lot)
    assert station.sentence == "Measure (1) weight of ten of sample 1, then read the scale with F5."
    scale = station.gauges["WB-04"]
    scale.put("12.03", settle=1)
    station.press(Qt.Key.Key_F5)
    station.until(lambda: station.screen.body.live.state is State.WAITING)
    assert station.reason == "the value still moves"
    station.press(Qt.Key.Key_Return)
    assert plant.rows(VALUES) == []
    station.press(Qt.Key.Key_F5)
    station.until(lambda: station.screen.body.live.state is State.PASS)
    station.press(Qt.Key.Key_Return)
    station.until(lambda: plant.rows(VALUES) == [(1, 1, "12.03", "conforms", "device")])


def test_twenty_samples_are_measured_five_at_a_time(station_of: Callable[..., Station], plant: Plant):
    sign_plan(plant, DIAMETER, LENGTH, TAPER, WALL, BURR, samples=20, accept=1)
    lot = plant.receive().lot_code
    station = station_of()
    station.open_lot(lot)
    for value in ("0.861", "0.862", "0.860", "0.861", "0.859"):
        station.take("LM-07", value)
    assert station.screen.hand.focus == Place(1, 1), "one subgroup along the row, then down"
    station.press(Qt.Key.Key_PageDown)
    assert station.screen.hand.page == 1
    assert station.sentence.startswith("Measure (2) effective length of sample 6")
    assert {"6", "7", "8", "9", "10"} <= set(station.glass().split("\n"))
    station.press(Qt.Key.Key_PageUp)
    assert station.sentence.startswith("Measure (2) effective length of sample 1,")


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 800)])
@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK])
@pytest.mark.parametrize("language", list(Language))
def test_nothing_is_clipped_or_faint_while_a_value_stands_live(
    station_of: Callable[..., Station], lot: str, size: tuple[int, int], mode: Mode, language: Language
):
    station = station_of(size=size)
    station.open_lot(lot)
    theme.look(mode=mode)
    set_language(language)
    station.measure("LM-07", "0.891")
    station.until(lambda: station.screen.body.live.state is State.FAIL)
    assert troubles_of(station.window, station.bot) == []
    assert station.window.size().toTuple() == size


def test_on_a_small_window_chart_and_plan_stand_behind_their_keys(station_of: Callable[..., Station], lot: str):
    station = station_of(size=(1280, 800))
    station.open_lot(lot)
    assert not station.screen.body.run.isVisible()
    station.press(Qt.Key.Key_1)
    station.until(station.screen.body.run.isVisible)
    assert not station.screen.body.grid_panel.isVisible()
    station.press(Qt.Key.Key_3)
    station.until(station.screen.body.plan.isVisible)
    assert "fixed plan" in station.glass()
    station.measure("LM-07", "0.861")
    station.until(lambda: station.screen.body.grid_panel.isVisible() and station.primary == "Take 0.861 mm")


def test_the_lots_screen_is_whole_in_every_look(station_of: Callable[..., Station], lot: str):
    station = station_of(size=(1280, 800))
    station.window.open_workbench("inspect")
    station.until(lambda: station.screen.list.lots)
    for language in Language:
        set_language(language)
        station.bot.wait(20)
        assert troubles_of(station.window, station.bot) == []


def test_no_code_letter_is_shown_for_a_fixed_plan(measuring: Station):
    words = measuring.glass().split("\n")
    assert {"fixed plan", "n", "Ac", "Re"} <= set(words)
    assert "letter" not in words


def test_the_value_of_a_cell_is_kept_exact(measuring: Station, plant: Plant):
    measuring.take("LM-07", "0.8600000"[:5])
    assert measuring.screen.hand.bench.taken[Place(0, 1)].measured.value == Decimal("0.860")
