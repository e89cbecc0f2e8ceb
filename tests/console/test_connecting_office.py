"""Printers of the operating system are chosen, connected, changed and taken out at the screen; no file is edited."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QSizeF, Qt
from PySide6.QtGui import QPageSize

from app.base.phrases import Language
from app.core.devices_here import DevicesHere, PrinterHere
from app.core.stations import StationLink
from app.devices.events import Standing
from app.devices.settings import DeviceSettings
from app.labels.queue import PrintQueue
from tests.console.test_connecting_told import go_on
from tests.console.test_every_family import Engineer, acts, engineer, settings_file
from tests.labels.test_office_printers import FilePrinters
from tests.plant import Plant
from ui.devices.find_sheet import FindSheet
from ui.devices.office_sheet import OfficeSheet
from ui.kit import State, say

__all__ = ["engineer", "settings_file"]
pytestmark = pytest.mark.capability("E1", "G2", "G8")


class Printers(FilePrinters):
    """The system's printers, by name."""

    def queues(self) -> list[str]:
        return list(self.names)


def test_a_printer_of_the_system_is_chosen_connected_changed_and_taken_out(
    engineer: Callable[..., Engineer], plant: Plant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    paper = QPageSize(QSizeF(100, 60), QPageSize.Unit.Millimeter, "Labels 100 × 60")
    (tmp_path / "papers").mkdir()
    printers = Printers(tmp_path / "papers", dpi=300, paper=paper, names=("Büro 2", "Laser"))
    monkeypatch.setattr("ui.bridge.SystemPrinters", lambda: printers)
    link = StationLink(plant.server, "REC-01", plant.secrets["REC-01"])
    queue = PrintQueue(link, (), language=Language.EN, frame_logs=None, every_s=0.05)
    with closing(link):
        zhao = engineer("REC-01", printing=queue)
        try:
            zhao.screen.flow.printers = printers
            zhao.hand.press(Qt.Key.Key_F8)
            found = zhao.sheet(FindSheet)
            assert isinstance(found, FindSheet)
            zhao.hand.until(lambda: len(found.rows.rows) == 2)
            zhao.take(found, "Laser")
            sheet = zhao.sheet(OfficeSheet)
            assert isinstance(sheet, OfficeSheet)
            assert [(say(row.title), row.state) for row in sheet.rows.rows] == [("Büro 2", State.TO_DO), ("Laser", State.HERE)]
            assert "300 dots per inch" in str(say(sheet.rows.rows[1].line))
            sheet.language._take(2)
            go_on(zhao)
            zhao.confirm("LP-02")
            zhao.stands("LP-02", Standing.LIVE)
            zhao.as_on_record("LP-02")
            office = PrinterHere(
                connection=DeviceSettings(code="LP-02", protocol="office", url="system:Laser", unit=None), language=Language.ZH
            )
            assert zhao.written == DevicesHere(printers=(office,))
            zhao.open_device("LP-02", "Change how it is connected")
            sheet = zhao.sheet(OfficeSheet)
            assert not sheet.primary.isEnabled(), "nothing is changed yet"
            zhao.hand.press(Qt.Key.Key_1)
            go_on(zhao)
            zhao.give_reason("the laser is out of toner")
            zhao.hand.until(lambda: zhao.hand.window.frame.sheet is None)
            assert zhao.written.printers[0].connection.url == "system:Büro 2"
            zhao.as_on_record("LP-02")
            zhao.stands("LP-02", Standing.LIVE)
            zhao.open_device("LP-02", "Take out of this station")
            zhao.give_reason("a label printer comes")
            zhao.hand.until(lambda: zhao.written == DevicesHere())
            assert [act for _, act, *_ in acts(plant)] == ["connected", "changed", "taken out"]
            assert plant.rows("SELECT DISTINCT details FROM lineside.device_connection") == [("language=zh_CN",)]
        finally:
            queue.stop(5)


def test_a_printer_that_is_taken_or_gone_is_not_offered(engineer: Callable[..., Engineer], tmp_path: Path):
    taken = PrinterHere(connection=DeviceSettings(code="LP-02", protocol="office", url="system:Laser", unit=None))
    zhao = engineer("REC-01", DevicesHere(printers=(taken,)))
    zhao.screen.flow.printers = Printers(tmp_path, names=("Laser",))
    zhao.hand.press(Qt.Key.Key_F8)
    found = zhao.sheet(FindSheet)
    assert isinstance(found, FindSheet)
    zhao.hand.until(
        lambda: [str(say(row.title)) for row in found.rows.rows] == ["This computer has no free serial port and no free printer."]
    )
    zhao.hand.press(Qt.Key.Key_Escape)
    zhao.screen.flow.printers = Printers(tmp_path, names=())
    zhao.open_device("LP-02", "Change how it is connected")
    sheet = zhao.sheet(OfficeSheet)
    assert isinstance(sheet, OfficeSheet)
    assert str(say(sheet.rows.rows[0].title)) == "This computer has no other printer."
    zhao.hand.press(Qt.Key.Key_1)
    assert not sheet.act.isEnabled()
