"""A device at its console: listed, watched byte by byte with its meaning, asked, written to; its frame log taken along."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from app.base.phrases import Language
from app.devices.frame_log import FrameLogUnreadable, content_of, read_log
from app.devices.protocol import families
from app.devices.settings import DeviceSettings
from app.devices.simulators.mitutoyo import MitutoyoSimulator
from app.devices.simulators.mt_sics import MtSicsSimulator
from tests.shell.conftest import Hand
from ui.devices.console_screen import ConsoleScreen
from ui.devices.devices_screen import DevicesScreen
from ui.devices.send_sheet import LONGEST, SendSheet, message_of
from ui.kit import TapeLine, say, set_language
from ui.kit.check import look_over
from ui.shell.evidence_sheet import EvidenceSheet

pytestmark = pytest.mark.capability("E1")


def engineer(hand: Hand) -> DevicesScreen:
    """Zhao Lei looks at the devices."""
    hand.sign_in("zhao.lei")
    screen = hand.window.open("devices.list")
    assert isinstance(screen, DevicesScreen)
    return screen


def console(hand: Hand, code: str) -> ConsoleScreen:
    """The console of one device."""
    screen = hand.window.open("devices.console", {"device": code})
    assert isinstance(screen, ConsoleScreen)
    return screen


def told(screen: ConsoleScreen) -> list[str]:
    """What the meanings on the tape say."""
    return [str(say(line.words)) for line in screen.tape.lines if line.words]


def test_the_devices_are_listed_as_they_stand_and_enter_opens_the_console(open_station: Callable[..., Hand], scale: MtSicsSimulator):
    hand = open_station("IQC-02")
    screen = engineer(hand)
    hand.until(lambda: all(state.serial_number for code, state in hand.window.chips.states.items() if code == "WB-04"))
    hand.press(Qt.Key.Key_Down)
    assert screen.chosen is not None
    assert screen.chosen.code == "WB-04"
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: isinstance(hand.window.current, ConsoleScreen))
    assert hand.sentence == "Watch WB-04: live"
    scale.switch_off()
    hand.bridge.hub.ask("WB-04")
    hand.until(lambda: "silent" in hand.sentence)


def test_every_byte_is_shown_with_its_meaning_and_enter_asks_for_a_value(open_station: Callable[..., Hand], scale: MtSicsSimulator):
    hand = open_station("IQC-02")
    engineer(hand)
    screen = console(hand, "WB-04")
    scale.put("12.50")
    hand.until(screen.ask_button.isEnabled)
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: "12.50 g • stable" in told(screen))
    (asked, answered) = screen.tape.lines[-2:]
    assert (asked.heard, asked.text, asked.hex) == (False, "SI\\r\\n", "53 49 0D 0A")
    assert (answered.heard, answered.text) == (True, "S S      12.50 g")
    hand.until(lambda: "2 read" in str(screen.facts.findChildren(type(screen.facts._rows[0]))[-1].value.text))


def test_a_gauge_that_cannot_be_asked_says_so_and_a_spoiled_line_is_named(open_station: Callable[..., Hand], gauge: MitutoyoSimulator):
    hand = open_station("IQC-02")
    engineer(hand)
    screen = console(hand, "DC-014")
    assert not screen.ask_button.isEnabled()
    hand.press(Qt.Key.Key_F5)
    gauge.press()
    gauge.babble(b"01A+0002\xff.04\r")
    hand.until(lambda: told(screen) == ["25.04 mm • stability unknown", "not understood"])
    assert gauge.received == b""


def test_the_tape_can_be_paused_and_goes_on_with_what_came_meanwhile(open_station: Callable[..., Hand], gauge: MitutoyoSimulator):
    hand = open_station("IQC-02")
    engineer(hand)
    screen = console(hand, "DC-014")
    hand.press(Qt.Key.Key_F7)
    gauge.press()
    hand.until(lambda: screen.watch is not None and screen.watch.entries())
    assert screen.tape.lines == ()
    hand.press(Qt.Key.Key_F7)
    hand.until(lambda: told(screen) == ["25.04 mm • stability unknown"])


def test_what_an_engineer_writes_goes_out_as_it_is_written(open_station: Callable[..., Hand], scale: MtSicsSimulator):
    hand = open_station("IQC-02")
    engineer(hand)
    screen = console(hand, "WB-04")
    hand.press(Qt.Key.Key_F8)
    hand.until(lambda: isinstance(hand.window.frame.sheet, SendSheet) and isinstance(QApplication.focusWidget(), QLineEdit))
    hand.type("I2\\r\\n")
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: any(words.startswith("says MS4002S") for words in told(screen)))
    scale.unplug()
    hand.until(lambda: "fault" in hand.sentence)
    hand.type("I4\\r\\n")
    hand.press(Qt.Key.Key_Return)
    sheet = hand.window.frame.sheet
    assert isinstance(sheet, SendSheet)
    assert "Not sent" in str(sheet.bytes.text)


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("I4\\r\\n", b"I4\r\n"),
        ("\\x1bP", b"\x1bP"),
        ("a\\\\b", b"a\\b"),
        ("\\q", None),
        ("\\x1", None),
        ("a\\", None),
        ("称", None),
        ("", None),
        ("x" * LONGEST, b"x" * LONGEST),
        ("x" * (LONGEST + 1), None),
    ],
)
def test_only_bytes_can_be_sent(written: str, sent: bytes | None):
    assert message_of(written) == sent


def test_the_frame_log_is_written_whole_into_the_documents_folder(
    open_station: Callable[..., Hand], scale: MtSicsSimulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("XDG_DOCUMENTS_DIR", str(tmp_path / "documents"))
    hand = open_station("IQC-02")
    engineer(hand)
    screen = console(hand, "WB-04")
    hand.until(screen.ask_button.isEnabled)
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: "0.00 g • stable" in told(screen))
    screen.log_button.click()
    hand.until(lambda: list((tmp_path / "documents").rglob("Frames WB-04 *.log")))
    (file,) = (tmp_path / "documents").rglob("Frames WB-04 *.log")
    assert any(piece.content == b"SI\r\n" and not piece.heard for piece in read_log(file))


def test_nobody_listens_any_more_when_the_console_is_left(open_station: Callable[..., Hand]):
    hand = open_station("IQC-02")
    engineer(hand)
    screen = console(hand, "WB-04")
    watch = screen.watch
    hand.press(Qt.Key.Key_Escape)
    hand.until(lambda: isinstance(hand.window.current, DevicesScreen))
    assert screen.watch is None
    seen = len(watch.entries())
    heard = []
    hand.bridge.hub.wires.tap("WB-04", heard.append)
    hand.bridge.hub.ask("WB-04")
    hand.until(lambda: heard)
    assert len(watch.entries()) == seen


def test_f4_says_where_our_knowledge_comes_from_and_what_nobody_has_tried(open_station: Callable[..., Hand]):
    hand = open_station("IQC-02", size=(1280, 800))
    engineer(hand)
    screen = console(hand, "DC-014")
    assert not screen.known.isVisible()
    (evidence,) = screen.evidence()
    assert [str(fact.value) for fact in evidence.facts] == ["QM-Height user's manual 99MAF600B §6.2.2", "911, 912", "on no real device yet"]
    hand.press(Qt.Key.Key_F4)
    hand.until(lambda: isinstance(hand.window.frame.sheet, EvidenceSheet))


@pytest.mark.parametrize("language", [Language.EN, Language.ZH], ids=["en", "zh"])
@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080)], ids=["1280", "1920"])
def test_nothing_is_cut_whatever_kind_of_device_is_watched(language: Language, size: tuple[int, int], open_station: Callable[..., Hand]):
    hand = open_station("IQC-02", size=size)
    engineer(hand)
    set_language(language)
    screen = console(hand, "WB-04")
    for family in families().values():
        unit = "mm" if family.needs_unit else None
        screen.show_device(DeviceSettings(code="WB-04", protocol=family.key, url="usb:A6015XNQ", unit=unit))
        screen.tape.show_lines([TapeLine(time="12:00:00.000", heard=True, hex="41 " * 60, text="A" * 60, words="x" * 90)])
        hand.until(lambda: not look_over(hand.window))


def test_a_frame_log_that_cannot_be_read_is_a_refusal_and_one_that_is_not_there_is_empty(tmp_path: Path):
    log = tmp_path / "WB-04.log"
    assert content_of(log) == b""
    log.mkdir()
    with pytest.raises(FrameLogUnreadable):
        content_of(log)
