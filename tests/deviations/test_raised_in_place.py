"""A value outside its limits opens its deviation where it happened; the work goes on, and one line is written when there is time."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt

from app.base.ids import new_id
from app.base.phrases import Language
from app.deviations.commands import DescribeDeviation
from tests.inspection.station import Station, elsewhere
from tests.looking import troubles_of
from tests.plant import Plant
from ui.inspection.cursor import Place
from ui.kit import Mode, set_language, theme

DEVIATION = "SELECT code, class, what_happened, disposition, status, version, opened_by, described_by FROM deviation"


def raise_one(station: Station) -> None:
    """Take one diameter above its limit and wait for the panel."""
    station.take("LM-07", "0.893")
    station.until(lambda: station.screen.body.deviation.row is not None)


def describe(station: Station, words: str, *, class_: int, disposition: int) -> None:
    """Key 2, one line, Tab to the class, arrows, Tab to the disposition, arrows: no mouse."""
    form = station.screen.body.deviation.form
    station.press(Qt.Key.Key_2)
    station.until(lambda: form.has_hand)
    station.type(words)
    for steps in (class_, disposition):
        station.press(Qt.Key.Key_Tab)
        for _ in range(steps + 1):
            station.press(Qt.Key.Key_Right)


@pytest.mark.capability("F8")
@pytest.mark.capability("I4")
def test_a_value_outside_opens_its_deviation_with_the_facts_of_the_record_and_the_work_goes_on(measuring: Station, plant: Plant):
    raise_one(measuring)
    assert plant.rows(DEVIATION) == [("DEV26-0001", "critical", "", None, "open", 1, "li.ming", None)]
    ((facts,),) = plant.rows("SELECT facts FROM deviation")
    assert (facts["value"], facts["gauge"], facts["upper"], bytes.fromhex(facts["raw"])) == ("0.893", "LM-07", "0.890", b"01A+0000.893")
    words = measuring.glass().split("\n")
    assert "DEV26-0001 • Outer diameter above limit" in words
    assert {"0.893 mm", "0.890 mm", "LM-07", "01A+0000.893"} <= set(words)
    form = measuring.screen.body.deviation.form
    assert (form.class_.index, form.disposition.index) == (None, None), "nothing is chosen before a person chose it"
    assert measuring.screen.hand.focus == Place(0, 2)
    measuring.take("LM-07", "0.861")
    assert measuring.screen.hand.focus == Place(0, 3)
    assert plant.rows("SELECT for_job, status FROM task WHERE kind = 'decide_deviation'") == [("supervisor", "open")]


@pytest.mark.capability("F8")
def test_the_description_is_written_without_a_mouse_and_stored_by_enter(measuring: Station, plant: Plant):
    raise_one(measuring)
    describe(measuring, "Burr at the tip.", class_=1, disposition=0)
    assert measuring.primary == "Store the description"
    assert measuring.reason == "sign here: line supervisor, quality engineer"
    measuring.press(Qt.Key.Key_Return)
    measuring.until(lambda: measuring.screen.body.deviation.row is None)
    assert plant.rows(DEVIATION) == [("DEV26-0001", "major", "Burr at the tip.", "use as is", "open", 2, "li.ming", "li.ming")]
    assert measuring.primary == "Take the value"
    assert plant.rows("SELECT content FROM draft WHERE screen = 'inspection.measure'") == []


@pytest.mark.parametrize(
    ("words", "choices", "missing"),
    [
        ("", (), "Write one line: what happened"),
        ("Burr.", (), "Choose the class"),
        ("Burr.", ("class_",), "Choose the disposition"),
        ("   ", ("class_", "disposition"), "Write one line: what happened"),
    ],
)
def test_what_is_still_missing_stands_beside_the_closed_button(
    measuring: Station, plant: Plant, words: str, choices: tuple[str, ...], missing: str
):
    raise_one(measuring)
    form = measuring.screen.body.deviation.form
    measuring.press(Qt.Key.Key_2)
    measuring.until(lambda: form.has_hand)
    measuring.type(words)
    for choice in choices:
        getattr(form, choice)._take(0)
    assert measuring.reason == missing
    measuring.press(Qt.Key.Key_Return)
    assert plant.rows("SELECT version FROM deviation") == [(1,)]


def test_esc_leaves_the_line_and_loses_nothing(measuring: Station):
    raise_one(measuring)
    form = measuring.screen.body.deviation.form
    measuring.press(Qt.Key.Key_2)
    measuring.until(lambda: form.has_hand)
    measuring.type("Burr")
    measuring.press(Qt.Key.Key_Escape)
    assert not form.has_hand
    assert measuring.primary == "Take the value"
    assert measuring.screen.key == "inspection.measure"
    measuring.take("LM-07", "0.861")
    assert form.what_happened.text == "Burr", "what others commit does not wipe out what is being written"


def test_what_was_begun_is_there_again_after_another_screen(measuring: Station, plant: Plant):
    raise_one(measuring)
    form = measuring.screen.body.deviation.form
    measuring.press(Qt.Key.Key_2)
    measuring.until(lambda: form.has_hand)
    measuring.type("Burr at the tip")
    form.class_._take(2)
    measuring.window.open_workbench("deviate")
    measuring.until(lambda: plant.rows("SELECT content FROM draft WHERE screen = 'inspection.measure'"))
    measuring.window.go_back()
    measuring.until(lambda: measuring.screen.key == "inspection.measure" and form.what_happened.text == "Burr at the tip")
    assert form.class_.index == 2


@pytest.mark.capability("I4")
def test_a_value_outside_that_was_stored_just_before_a_loss_of_power_gets_its_deviation_at_the_next_look(
    station_of: Callable[..., Station], plant: Plant
):
    received = plant.receive()
    inspection = plant.begin(received.lot)
    plant.measure(plant.sign_in("li.ming"), inspection, 1, 1, "0.900", gauge="LM-07")
    assert plant.rows(DEVIATION) == []
    station = station_of()
    station.open_lot(received.lot_code)
    station.until(lambda: plant.rows("SELECT count(*) FROM deviation") == [(1,)])


def test_two_defects_are_described_one_after_the_other(measuring: Station, plant: Plant):
    measuring.take("LM-07", "0.893")
    measuring.take("LM-07", "0.820")
    measuring.until(lambda: "one of 2 to describe" in measuring.glass())
    for words in ("First line.", "Second line."):
        describe(measuring, words, class_=0, disposition=1)
        row = measuring.screen.body.deviation.row
        measuring.press(Qt.Key.Key_Return)
        measuring.until(lambda row=row: measuring.screen.body.deviation.row is None or measuring.screen.body.deviation.row.id != row.id)
    assert sorted(row[2] for row in plant.rows(DEVIATION)) == ["First line.", "Second line."]


def test_what_somebody_else_described_meanwhile_leaves_the_panel(measuring: Station, plant: Plant):
    raise_one(measuring)
    row = measuring.screen.body.deviation.row
    order = DescribeDeviation(
        command_id=new_id(), deviation=row.id, version=1, what_happened="Seen at receiving.", class_="minor", disposition="reject"
    )
    elsewhere(lambda: plant.sign_in("zhou.min", station="REC-01").give(order))
    measuring.until(lambda: measuring.screen.body.deviation.row is None)


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 800)])
@pytest.mark.parametrize("language", list(Language))
def test_nothing_is_clipped_or_faint_while_a_deviation_is_described(
    station_of: Callable[..., Station], lot: str, size: tuple[int, int], language: Language
):
    station = station_of(size=size)
    station.open_lot(lot)
    raise_one(station)
    describe(station, "Burr at the tip.", class_=1, disposition=0)
    theme.look(mode=Mode.DARK)
    set_language(language)
    assert troubles_of(station.window, station.bot) == []
    assert station.window.size().toTuple() == size
