"""The engineer's look at the devices: the list, and the caliper at its console."""

from __future__ import annotations

from PySide6.QtCore import Qt

from app.demo.people import SECRET
from ui.devices.find_sheet import FindSheet
from ui.devices.range_sheet import RangeSheet
from ui.kit import ReasonSheet
from ui.shift.course import Shift, Step
from ui.shift.hand import Hand, ShiftFailed


def _engineer_takes_over(shift: Shift, hand: Hand) -> None:
    shift.stage.line.lab_scanner.scan("]C0BDG:T-0260")
    hand.until(lambda: hand.window.gate is not None, "the lock for the engineer")
    hand.sign_in("zhao.lei", SECRET)
    hand.tap("Plant")
    hand.reads("Devices of this station", "Mitutoyo gauge (USB input tool)", "9600 8N1")
    hand.picture("devices")


def _console(shift: Shift, hand: Hand) -> None:
    hand.press(Qt.Key.Key_Down)
    hand.press(Qt.Key.Key_Return)
    hand.reads("Watch DC-014: live", "known from", "on no real device yet")
    shift.stage.line.caliper.show("25.04")
    shift.stage.line.caliper.press()
    hand.reads("25.04 mm • stability unknown", "30 31 41 2B 30 30 30 32 35 2E 30 34")
    shift.stage.line.caliper.babble(b"01A+0002\xff.04\r")
    hand.reads("not understood")
    hand.picture("device-console")
    hand.press(Qt.Key.Key_Escape)
    hand.reads("Devices of this station")


def _put_on_record(shift: Shift, hand: Hand) -> None:
    """The caliper was there before the record: the engineer answers for it, and it stands in the database."""
    hand.reads("DC-014", "not on record")
    hand.press(Qt.Key.Key_F7)
    hand.reads("Somebody wrote it into the station's file; nobody put it on record.")
    hand.press(Qt.Key.Key_3)
    hand.until(lambda: isinstance(hand.window.frame.sheet, ReasonSheet), "the reason")
    hand.type("was here before the record")
    hand.picture("device-on-record")
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: hand.window.frame.sheet is None, "the record")
    told = shift.stage.rows(
        "SELECT a.code, c.act, c.station, c.done_by FROM lineside.device_connection c JOIN lineside.asset a ON a.id = c.asset"
    )
    if told != [("DC-014", "connected", "IQC-02", "zhao.lei")]:
        raise ShiftFailed(f"on record is {told}")


def _find(shift: Shift, hand: Hand) -> None:
    """The scale of the dock, found at its address and proposed by its serial number. It stays the dock's."""
    hand.press(Qt.Key.Key_F8)
    hand.until(lambda: isinstance(hand.window.frame.sheet, FindSheet), "the search")
    sheet = hand.window.frame.sheet
    if not isinstance(sheet, FindSheet):
        raise ShiftFailed("the search went")
    sheet.address.edit.setFocus()
    hand.type(shift.stage.address_of("WB-04"))
    hand.press(Qt.Key.Key_Return)
    hand.reads("Mettler Toledo scale (MT-SICS)")
    hand.picture("device-found")
    hand.press(Qt.Key.Key_1)
    hand.reads("Which asset is it?", "Connect as WB-04")
    hand.picture("device-proposed")
    if shift.stage.line.scale.changing_bytes:
        raise ShiftFailed("the search changed something in the scale")
    hand.press(Qt.Key.Key_Escape)


def _own_protocols(shift: Shift, hand: Hand) -> None:
    """How a device of the plant's own would be written; nothing is kept of it."""
    hand.until(lambda: hand.window.frame.sheet is None, "the list of devices")
    hand.press(Qt.Key.Key_F11)
    hand.reads("The plant has no protocol of its own yet. F8 writes one.")
    hand.picture("own-protocols")
    hand.press(Qt.Key.Key_F8)
    hand.reads("What comes", "Cases")
    hand.picture("own-protocol")
    hand.press(Qt.Key.Key_Escape)
    hand.reads("The plant has no protocol of its own yet. F8 writes one.")


def _gauges(shift: Shift, hand: Hand) -> None:
    """What measures at the site; the range of the older caliper was written down wrongly, and its certificate says so."""
    hand.press(Qt.Key.Key_Escape)
    hand.reads("Devices of this station")
    hand.press(Qt.Key.Key_F5)
    hand.reads("Gauges of this site", "0 to 150 mm", "calibration overdue")
    hand.picture("gauges")
    hand.type("DC-009")
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: isinstance(hand.window.frame.sheet, RangeSheet), "the range")
    for words in ("0", "155.5", "certificate, page 2"):
        hand.type(words)
        hand.press(Qt.Key.Key_Tab)
    hand.picture("gauge-range")
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: hand.window.frame.sheet is None, "the range on record")
    stands = "SELECT range_low::text, range_high::text FROM lineside.asset WHERE code = 'DC-009'"
    shift.reads_back("the range of the caliper", [("0", "155.5")], stands)


STEPS: list[Step] = [
    ("look at the devices", _engineer_takes_over),
    ("watch a gauge at its console", _console),
    ("put a device on record", _put_on_record),
    ("find a scale", _find),
    ("look at own protocols", _own_protocols),
    ("correct a gauge's range", _gauges),
]
