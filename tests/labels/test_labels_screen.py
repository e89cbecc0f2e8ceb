"""The list of a station's labels: one press settles what nobody knows, a scan verifies, everything else asks why."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt

from app.base.phrases import Language
from app.core.devices_here import DevicesHere, PrinterHere
from app.devices.settings import DeviceSettings
from app.devices.simulators.zpl_printer import ZplPrinter
from app.labels.queue import PrintQueue
from tests.labels.queue_station import QUICK, WITHIN_S, send_all
from tests.labels.test_routing import register
from tests.plant import Plant
from tests.shell.conftest import Hand, elsewhere
from tests.shell.conftest import open_station as open_any_station
from tests.shell.test_looks import SIZES, looks
from ui.kit import ReasonSheet, ScanSlot, say
from ui.labels.labels_screen import LabelsScreen
from ui.labels.printer_sheet import PrinterSheet

__all__ = ["open_any_station"]
pytestmark = pytest.mark.capability("G8")


@pytest.fixture
def printer() -> Iterator[ZplPrinter]:
    with ZplPrinter() as running:
        yield running


class LabelDesk:
    """Somebody at the labels of REC-01, with the queue of the station behind the window."""

    def __init__(self, plant: Plant, open_station: Callable[..., Hand], printer: ZplPrinter) -> None:
        self.plant, self.printer, self._open = plant, printer, open_station
        here = PrinterHere(connection=DeviceSettings(code="LP-02", protocol="zpl", url=printer.url, unit=None))
        self.devices = DevicesHere(printers=(here,))
        self._here = here
        self.queue: PrintQueue | None = None

    def sit_down(self, login: str = "zhou.min", *, size: tuple[int, int] = (1920, 1080), first: str = "") -> None:
        pace = {"patience": QUICK, "every_s": 0.02, "heartbeat_s": 0.05}
        self.queue = PrintQueue(self.plant.link("REC-01"), [self._here], language=Language.EN, frame_logs=None, **pace)  # type: ignore[arg-type]
        self.queue.start()
        self.hand = self._open("REC-01", size=size, devices=self.devices, printing=self.queue, screens=("ui.shell", "ui.labels"))
        self.hand.sign_in(login)
        screen = self.hand.window.open("labels.station")
        assert isinstance(screen, LabelsScreen)
        self.screen = screen
        self.hand.until(lambda: screen.desk is not None and (not first or first in [one.status for one in screen.desk.labels]))
        while first and self.status != first:  # it may have become so while another one was chosen, and that one stays chosen
            self.hand.press(Qt.Key.Key_Up)

    @property
    def status(self) -> str:
        return self.screen.chosen.status if self.screen.chosen is not None else ""

    def until(self, status: str) -> None:
        self.hand.until(lambda: self.status == status)

    def choose(self, digit: Qt.Key) -> None:
        """A printer by its digit, as soon as the rows stand there."""
        sheet = self.hand.window.frame.sheet
        assert isinstance(sheet, PrinterSheet)
        self.hand.until(lambda: sheet.rows.height() > 100)
        self.hand.press(digit)  # once: a digit that comes again and again is half a scan
        self.hand.until(sheet.reason.isVisible)

    def why(self, words: str) -> None:
        """The reason into the open sheet, and Enter."""
        sheet = self.hand.window.frame.sheet
        assert isinstance(sheet, ReasonSheet | PrinterSheet)
        sheet.reason.edit.setFocus()
        self.hand.type(words)
        self.hand.press(Qt.Key.Key_Return)

    def history(self) -> str:
        return "\n".join(f"{say(row.name.text)}: {say(row.value.text)}" for row in self.screen.history._rows)

    def rows(self) -> list[tuple[object, ...]]:
        return elsewhere(lambda: self.plant.rows("SELECT copy_no, status, printer FROM lineside.label ORDER BY copy_no"))


@pytest.fixture
def desk(plant: Plant, open_any_station: Callable[..., Hand], printer: ZplPrinter) -> Iterator[LabelDesk]:
    made = LabelDesk(plant, open_any_station, printer)
    yield made
    assert made.queue is None or made.queue.stop(within_s=WITHIN_S)


def left_behind(plant: Plant) -> str:
    """A label nobody knows of, after a power cut; returns its container's code."""
    received = plant.receive()
    plant.close()
    link = plant.link("REC-01")
    send_all(link)
    link.close()
    return received.container_code


def test_an_unknown_label_stands_first_and_one_press_says_that_it_came_out_then_a_scan_verifies_it(desk: LabelDesk, plant: Plant):
    code = left_behind(plant)
    desk.sit_down(first="unknown")
    assert desk.hand.sentence == f"Look at printer LP-02: did the label of {code} come out?"
    desk.hand.press(Qt.Key.Key_Return)
    desk.until("printed")
    slot = desk.hand.window.frame.action_bar.primary
    assert isinstance(slot, ScanSlot)
    desk.hand.scan(f"]C0{code}")
    desk.until("verified")
    assert desk.printer.printed == [], "nothing was printed a second time"
    told = desk.history()
    for said in ("asked for", f"as ]C0{code}", "sent to LP-02", "nobody knows", "station stopped", "by zhou.min", "scanned back"):
        assert said in told, told


def test_nothing_came_out_asks_what_was_seen_and_another_copy_is_asked_for_with_its_reason(desk: LabelDesk, plant: Plant):
    code = left_behind(plant)
    desk.sit_down(first="unknown")
    desk.hand.press(Qt.Key.Key_F6)
    desk.why("the roll was empty")
    desk.until("refused")
    desk.hand.press(Qt.Key.Key_F7)
    desk.why("the roll was empty")
    desk.hand.until(lambda: len(desk.printer.printed) == 1)
    desk.hand.until(lambda: desk.rows() == [(1, "refused", "LP-02"), (2, "printed", "LP-02")])
    desk.hand.until(lambda: desk.screen.desk is not None and [one.status for one in desk.screen.desk.labels] == ["printed", "refused"])
    desk.hand.scan(f"]C0{code}")
    desk.until("verified")
    assert "in place of copy 1: the roll was empty" in desk.history()


def test_a_torn_label_is_printed_again_and_the_code_of_a_destroyed_one_is_refused(desk: LabelDesk, plant: Plant):
    code = elsewhere(plant.receive).container_code
    plant.close()
    desk.sit_down(first="printed")
    desk.hand.press(Qt.Key.Key_F8)
    desk.why("torn")
    desk.until("destroyed")
    desk.hand.scan(f"]C0{code}")
    desk.hand.until(lambda: "was destroyed by zhou.min: torn" in desk.hand.banner)


@pytest.mark.capability("G2")
def test_a_label_whose_printer_is_not_here_waits_and_is_sent_elsewhere_by_a_digit_and_a_reason(desk: LabelDesk, plant: Plant):
    register(plant, "LP-07")
    plant.receive()
    plant.close()
    with plant.superuser() as superuser:
        superuser.execute("UPDATE lineside.label SET printer = 'LP-07'")
    desk.sit_down(first="requested")
    desk.hand.press(Qt.Key.Key_F8)
    sheet = desk.hand.window.frame.sheet
    assert isinstance(sheet, PrinterSheet)
    assert [row.title for row in sheet.rows.rows] == ["LP-02"]
    desk.choose(Qt.Key.Key_1)
    desk.why("LP-07 is being repaired")
    desk.until("printed")
    assert desk.rows() == [(1, "printed", "LP-02")]


@pytest.mark.capability("G2")
def test_an_engineer_says_where_labels_of_a_kind_go(desk: LabelDesk, plant: Plant):
    register(plant, "LP-07")
    desk.sit_down("zhao.lei")
    desk.hand.press(Qt.Key.Key_F11)
    sheet = desk.hand.window.frame.sheet
    assert isinstance(sheet, PrinterSheet)
    assert [(row.title, say(row.line)) for row in sheet.rows.rows] == [
        ("LP-02", "connected to this station"),
        ("LP-07", "not connected to this station"),
    ]
    desk.choose(Qt.Key.Key_2)
    desk.why("a printer of its own")
    desk.hand.until(lambda: desk.screen.desk is not None and desk.screen.desk.routes == {"container": "LP-07"})


@pytest.mark.capability("Q2")
@pytest.mark.parametrize("size", SIZES)
def test_the_list_and_its_sheets_are_readable(desk: LabelDesk, plant: Plant, size: tuple[int, int]):
    register(plant, "LP-07")
    for _ in range(3):
        plant.receive(quantity="10")
    plant.close()
    desk.printer.let_paper_end_within_next_label()
    desk.sit_down(size=size, first="unknown")
    assert list(looks(desk.hand, size)) == []
    desk.hand.press(Qt.Key.Key_F6)
    assert list(looks(desk.hand, size)) == []
    desk.hand.press(Qt.Key.Key_Escape)
    desk.hand.press(Qt.Key.Key_Down)
    desk.hand.press(Qt.Key.Key_F8)
    desk.choose(Qt.Key.Key_1)
    assert list(looks(desk.hand, size)) == []
