"""F4 on any number of the grid: where it comes from, as the record has it."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt

from tests.inspection.station import Station
from tests.looking import troubles_of
from tests.plant import Plant
from ui.deviations.words import visible
from ui.kit import RawCode


def _evidence(station: Station) -> tuple[dict[str, str], str]:
    """The facts of the sheet by name, and its title."""
    station.press(Qt.Key.Key_F4)
    station.until(lambda: station.window.frame.sheet is not None)
    (one,) = station.window.frame.sheet.evidence
    return {str(fact.name): str(fact.value) for fact in one.facts}, str(one.title)


@pytest.mark.capability("E5")
def test_a_number_shows_device_serial_number_calibration_person_station_and_both_times(measuring: Station, plant: Plant):
    measuring.take("LM-07", "0.861")
    measuring.press(Qt.Key.Key_Left)
    facts, title = _evidence(measuring)
    ((taken, read, certificate, done, due),) = plant.rows(
        """SELECT to_char(m.taken_at AT TIME ZONE 'Asia/Shanghai', 'FMDD Mon YYYY HH24:MI:SS'),
             to_char(m.read_at AT TIME ZONE 'Asia/Shanghai', 'FMDD Mon YYYY HH24:MI:SS'), k.certificate, k.done_on, k.due_on
           FROM measurement m JOIN calibration k ON k.id = m.calibration"""
    )
    assert title == "Outer diameter, sample 1: 0.861 mm"
    assert facts["device"] == "LM-07, serial no. 61870023"
    assert facts["calibration"] == f"{certificate}, done {done.day} {done:%b} {done.year}, due {due.day} {due:%b} {due.year}"
    assert facts["measuring range now"] == "0 to 25 mm, steps of 0.001 mm"
    assert facts["taken by"] == "Li Ming, IQC-02"
    assert facts["limits"] == "0.860 ± 0.030 mm, conforms"
    assert facts["frozen plan"] == "IP-CH-2225 revision 4"
    assert facts["database time"] == f"{taken} UTC+8"
    assert facts["workstation time"].startswith(f"{read} UTC+8, clock ")  # and how it stood to the database's at that second
    assert facts["it says of itself"] == "serial number and firmware not said by the device"  # a Mitutoyo gauge says neither
    sheet = measuring.window.frame.sheet
    assert "read from a device" in measuring.glass()
    assert [raw.raw for raw in sheet.findChildren(RawCode)] == ["01A+0000.861"]


def test_an_empty_cell_has_no_evidence(measuring: Station):
    measuring.press(Qt.Key.Key_F4)
    measuring.until(lambda: "No number is in focus." in measuring.glass())


def test_the_sheet_is_whole_on_a_small_window(station_of: Callable[..., Station], lot: str):
    station = station_of(size=(1280, 800))
    station.open_lot(lot)
    station.take("LM-07", "0.861")
    station.press(Qt.Key.Key_Left)
    _evidence(station)
    assert troubles_of(station.window, station.bot) == []


def test_control_characters_of_a_frame_stand_as_their_codes():
    assert visible(b"01A+0000.861\r\x1d") == "01A+0000.861<0D><1D>"
