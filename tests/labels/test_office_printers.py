"""Plants without label printers: a page goes to a printer of the system once, and a person says whether it came out (G2, G8)."""

import threading

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from PySide6.QtCore import QMarginsF, QSizeF
from PySide6.QtGui import QPageSize
from PySide6.QtPrintSupport import QPrinter

from app.base.ids import new_id
from app.base.phrases import Language
from app.core.devices_here import DevicesHere, DevicesUnreadable, PrinterHere, read_devices, write_devices
from app.devices.events import Standing
from app.devices.settings import DeviceSettings
from app.labels.commands import ConfirmLabel, LabelUndecided, ReprintLabel
from app.labels.queue import PrintQueue
from app.labels.queue_events import words_of
from tests.labels.queue_station import WITHIN_S, PrintEar
from ui.printing.system_printers import SystemPrinters

pytestmark = [pytest.mark.capability("G8"), pytest.mark.capability("G2"), pytest.mark.usefixtures("qapp")]

QUEUE = "Office laser"
A4 = QPageSize(QPageSize.PageSizeId.A4)


class FilePrinters(SystemPrinters):
    """The system's printers, of which each puts its paper into a folder as a PDF."""

    def __init__(self, folder, *, dpi=600, paper=A4, names=(QUEUE,)):
        self.folder, self.resolution, self.paper, self.names = folder, dpi, paper, names
        self.threads = set()

    def printer(self, queue):
        self.threads.add(threading.current_thread().name)
        if queue not in self.names:
            return None
        made = QPrinter(QPrinter.PrinterMode.HighResolution)
        made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        made.setOutputFileName(str(self.folder / f"{len(self.papers) + 1:03}.pdf"))
        made.setResolution(self.resolution)
        made.setPageSize(self.paper)
        made.setPageMargins(QMarginsF(5, 5, 5, 5))
        return made

    @property
    def papers(self):
        return sorted(self.folder.glob("*.pdf"))


class OfficeStation:
    """The receiving station with an office printer in place of a label printer."""

    def __init__(self, plant, spooler):
        self.plant, self.spooler = plant, spooler
        self._queue = None

    def start(self, spooler=None):
        here = PrinterHere(connection=DeviceSettings(code="LP-02", protocol="office", url=f"system:{QUEUE}", unit=None))
        self._queue = PrintQueue(self.plant.link("REC-01"), [here], language=Language.ZH, frame_logs=None, every_s=0.02, heartbeat_s=0.05)
        ear = PrintEar()
        self._queue.subscribe(ear)
        if (spooler or self.spooler) is not None:
            self._queue.spool_through(spooler or self.spooler)
        self._queue.start()
        return ear

    def open_window(self):
        self._queue.spool_through(self.spooler)

    def stop(self):
        if self._queue is not None:
            assert self._queue.stop(within_s=WITHIN_S)
            self._queue = None

    def receive(self):
        received = self.plant.receive()
        self.plant.close()
        return received

    def labels(self):
        return self.plant.rows("SELECT copy_no, status, detail FROM lineside.label ORDER BY requested_at, id")


@pytest.fixture
def station(plant, tmp_path):
    here = OfficeStation(plant, FilePrinters(tmp_path))
    yield here
    here.stop()


def scans_of(paper):
    """What a scanner reads from the paper."""
    picture = pypdfium2.PdfDocument(paper)[0].render(scale=300 / 72, grayscale=True).to_numpy()
    return [one.symbology_identifier + one.text for one in zxingcpp.read_barcodes(np.ascontiguousarray(picture.reshape(picture.shape[:2])))]


def test_a_label_goes_to_the_system_once_and_is_unknown_until_a_person_looked(station):
    received = station.receive()
    ear = station.start()
    ear.until_every_status("validated", "sent", "unknown")
    ear.until_standing(Standing.LIVE)
    assert station.labels() == [(1, "unknown", "office.cannot_tell")]
    (paper,) = station.spooler.papers
    assert scans_of(paper) == [f"]C0{received.container_code}"]
    assert station.spooler.threads == {"print queue"}, "the window's thread never waits for a printer"
    assert "does not say whether it came out" in str(words_of("office.cannot_tell", printer="LP-02"))
    receiver = station.plant.sign_in("zhou.min", station="REC-01")
    ((label,),) = station.plant.rows("SELECT id FROM lineside.label")
    with pytest.raises(LabelUndecided):
        receiver.give(ReprintLabel(command_id=new_id(), label=label, reason="I see none"))
    receiver.give(ConfirmLabel(command_id=new_id(), label=label, came_out=True, remark=""))
    assert station.labels() == [(1, "printed", "")]
    assert len(station.spooler.papers) == 1


def test_a_label_that_did_not_come_out_comes_again_only_by_a_persons_decision(station):
    station.receive()
    station.start().until_every_status("validated", "sent", "unknown")
    receiver = station.plant.sign_in("zhou.min", station="REC-01")
    ((label,),) = station.plant.rows("SELECT id FROM lineside.label")
    receiver.give(ConfirmLabel(command_id=new_id(), label=label, came_out=False, remark="paper jam, thrown away"))
    assert len(station.spooler.papers) == 1
    receiver.give(ReprintLabel(command_id=new_id(), label=label, reason="paper jam"))
    receiver.close()
    station.plant.close()
    station.stop()
    station.start().until_every_status("validated", "sent", "unknown")
    assert [row[:2] for row in station.labels()] == [(1, "refused"), (2, "unknown")]
    assert len(station.spooler.papers) == 2


def test_without_a_printer_of_that_name_the_label_waits_and_the_sentence_says_so(station):
    station.receive()
    ear = station.start(SystemPrinters())
    state = ear.until_standing(Standing.FAULT)
    assert state.cause.code == "office.unknown"
    assert f"knows no printer “{QUEUE}”" in str(state.cause)
    assert "在等待" in state.cause.what.in_language(Language.ZH)
    assert [row[1] for row in station.labels()] == ["requested"]


def test_while_no_window_is_open_labels_wait_and_come_out_when_it_opens(plant, tmp_path):
    station = OfficeStation(plant, None)
    station.receive()
    ear = station.start()
    assert ear.until_standing(Standing.FAULT).cause.code == "office.no_spooler"
    station.spooler = FilePrinters(tmp_path)
    station.open_window()
    ear.until_every_status("validated", "sent", "unknown")
    station.stop()
    assert len(station.spooler.papers) == 1


def test_a_printer_whose_dots_are_too_coarse_gets_no_label(plant, tmp_path):
    station = OfficeStation(plant, FilePrinters(tmp_path, dpi=150))
    station.receive()
    ear = station.start()
    assert ear.until_standing(Standing.FAULT).cause.code == "office.too_coarse"
    station.stop()
    assert [row[1] for row in station.labels()] == ["requested"]
    assert station.spooler.papers == []


def test_a_paper_smaller_than_the_label_takes_nothing_and_a_person_decides(plant, tmp_path):
    small = QPageSize(QSizeF(80, 50), QPageSize.Unit.Millimeter)
    station = OfficeStation(plant, FilePrinters(tmp_path, paper=small))
    station.receive()
    station.start().until_every_status("validated", "sent", "unknown")
    station.stop()
    assert station.labels() == [(1, "unknown", "office.refused")]
    assert station.spooler.papers == []


def test_the_power_goes_while_the_system_has_the_page_and_no_second_one_comes_out(station):
    station.receive()
    link = station.plant.link("REC-01")
    ((label, code),) = station.plant.rows("SELECT id, content ->> 'container' FROM lineside.label")
    link.ask("SELECT lineside.validate_label(%s, %s)", label, f"]C0{code}".encode())
    link.ask("SELECT lineside.move_label(%s, 'sent', 'by another program')", label)
    station.start().until_every_status("unknown")
    assert station.labels() == [(1, "unknown", "label.left_behind")]
    assert station.spooler.papers == []


def test_a_stations_office_printer_stands_in_its_file_and_nothing_else_has_such_a_url(tmp_path):
    file = tmp_path / "devices.toml"
    office = PrinterHere(connection=DeviceSettings(code="LP-05", protocol="office", url="system:HP LaserJet Büro", unit=None))
    write_devices(file, DevicesHere(printers=(office,)), heading="office")
    (read,) = read_devices(file).printers
    assert read == office
    assert "dpi" not in file.read_text("utf-8")
    wrong = {
        'protocol = "office"\nurl = "socket://10.0.0.1:9100"': "system:NAME",
        'protocol = "zpl"\nurl = "system:Zebra"': "system:NAME",
        'protocol = "office"\nurl = "system: "': "needs its name",
        'protocol = "office"\nurl = "system:X"\ndpi = 300': "nothing else",
    }
    for entry, said in wrong.items():
        file.write_text(f'[[devices]]\ncode = "LP-05"\n{entry}\n', "utf-8")
        with pytest.raises(DevicesUnreadable, match=said):
            read_devices(file)
