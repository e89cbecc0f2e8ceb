"""An engineer writes how a device speaks and sees at once what the text makes of its bytes; Quality signs; the station reads by it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.base.phrases import Language
from app.core.devices_here import DevicesHere
from app.core.own_protocols import ask_protocols
from app.devices.events import Standing
from app.devices.kinds import kind_of
from app.devices.patterns.writing import TEMPLATE
from app.devices.settings import DeviceSettings
from app.devices.simulators.mark10 import Mark10Simulator
from tests.devices.patterns.controlled import draft, signed
from tests.devices.patterns.own import TORQUE, changed
from tests.plant import Plant
from tests.shell.conftest import Hand, elsewhere
from ui.devices.protocol_screen import ProtocolScreen
from ui.devices.protocols_screen import ProtocolsScreen
from ui.devices.source_sheet import SourceSheet
from ui.kit import ReasonSheet, State, say, set_language
from ui.kit.check import look_over

pytestmark = pytest.mark.capability("E1")

GAUGE = r"""key = "FORCE-1"
revision = 1
name = { en = "Force gauge 1", zh = "一号测力计" }
gives = "measurement"
known_from = "Manual, chapter 9"
line = { baud = 9600, bytesize = 8, parity = "N", stopbits = 1, xonxoff = false }
framing = { ends = ["\r\n"], longest = 40 }
ask = "?\r"

[[patterns]]
pattern = '(?P<value>-?\d+\.\d+) (?P<unit>[A-Za-z]+)'
means = "value"
decimal = "."
unit = "frame"
stable = "unknown"

[[cases]]
frame = "12.50 N"
means = "value"
value = "12.50"
unit = "N"
stable = "unknown"

[[cases]]
frame = "12.5"
means = "unreadable"
"""


def protocols(hand: Hand, login: str = "zhao.lei") -> ProtocolsScreen:
    hand.sign_in(login)
    screen = hand.window.open("devices.protocols")
    assert isinstance(screen, ProtocolsScreen)
    return screen


def writing(hand: Hand) -> ProtocolScreen:
    hand.until(lambda: isinstance(hand.window.current, ProtocolScreen))
    screen = hand.window.current
    assert isinstance(screen, ProtocolScreen)
    return screen


def write(hand: Hand, screen: ProtocolScreen, text: str) -> None:
    """The page holds another text, as if it had been typed."""
    screen.page.selectAll()
    screen.page.insertPlainText(text)
    hand.until(lambda: screen.tried is not None and screen.tried.source == text)


def wrong_of(screen: ProtocolScreen) -> str:
    """What stands below the text."""
    return "; ".join(f"{say(row.title)}: {say(row.line)}" for row in screen.wrong.rows)


def told(screen: ProtocolScreen) -> list[tuple[str, State | None]]:
    return [(str(say(line.words)), line.state) for line in screen.tape.lines if line.words]


def test_a_new_protocol_is_written_proven_saved_handed_over_and_signed(open_station: Callable[..., Hand], plant: Plant):
    hand = open_station("IQC-02")
    protocols(hand)
    hand.press(Qt.Key.Key_F8)
    screen = writing(hand)
    hand.until(lambda: screen.page.text == TEMPLATE and wrong_of(screen))
    assert not screen.save_button.isEnabled()
    write(hand, screen, GAUGE)
    assert hand.sentence == "Every case is read as written."
    screen.save_button.click()
    hand.until(lambda: isinstance(hand.window.frame.sheet, ReasonSheet))
    sheet = hand.window.frame.sheet
    sheet.reason.edit.setFocus()
    hand.type("The gauge came without a protocol.")
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: isinstance(hand.window.current, ProtocolsScreen) and hand.window.current.line is not None)
    listing = hand.window.current
    assert isinstance(listing, ProtocolsScreen)
    hand.until(listing.hand_over_button.isVisible)
    assert hand.sentence == "Hand revision 1 over for review."
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: listing.line is not None and listing.line.state == "review")


def test_a_line_that_no_pattern_fits_is_marked_and_a_changed_pattern_reads_it_at_once(open_station: Callable[..., Hand]):
    hand = open_station("IQC-02")
    protocols(hand)
    hand.press(Qt.Key.Key_F8)
    screen = writing(hand)
    write(hand, screen, GAUGE)
    hand.press(Qt.Key.Key_F7)
    hand.until(lambda: isinstance(hand.window.frame.sheet, SourceSheet))
    sheet = hand.window.frame.sheet
    assert isinstance(sheet, SourceSheet)
    sheet.written.edit.setFocus()
    hand.type("12.50 N\\r\\n+0.75 N\\r\\n")
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: told(screen) == [("12.50 N • stability unknown", State.PASS), ("not understood", State.FAIL)])
    hand.until(lambda: "1 not understood" in str(say(screen.heard.right.words)))
    write(hand, screen, GAUGE.replace("-?", "[+-]?"))
    hand.until(lambda: told(screen)[1] == ("0.75 N • stability unknown", State.PASS))
    screen.case_button.click()
    hand.until(lambda: screen.tried is not None and len(screen.tried.held) == 3)
    assert screen.tried is not None
    assert screen.tried.held[-1].fits
    assert 'frame = "+0.75 N"' in screen.page.text


def test_what_is_wrong_with_a_pattern_is_said_in_words_where_it_stands(open_station: Callable[..., Hand]):
    hand = open_station("IQC-02")
    protocols(hand)
    hand.press(Qt.Key.Key_F8)
    screen = writing(hand)
    write(hand, screen, GAUGE.replace(r"-?\d+\.\d+", ".*"))
    hand.until(lambda: "pattern no. 1: the group value also fits “”, which is no number." in wrong_of(screen))
    assert not screen.save_button.isEnabled()
    write(hand, screen, GAUGE.replace('value = "12.50"', 'value = "12.5"'))
    hand.until(lambda: "case no. 1" in wrong_of(screen))
    assert screen.rows.rows[0].state is State.FAIL
    assert screen.save_button.isEnabled()  # a draft may be saved before it is proven


@pytest.fixture
def force() -> Mark10Simulator:
    with Mark10Simulator() as made:
        yield made


def test_a_connected_device_is_read_by_the_draft_while_its_own_session_goes_on(
    open_any_station: Callable[..., Hand], force: Mark10Simulator
):
    device = DeviceSettings(code="FG-01", protocol="mark10", url=force.url, unit="N")
    hand = open_any_station("IQC-02", screens=("ui.shell", "ui.devices"), devices=DevicesHere(instruments=(device,)))
    protocols(hand)
    hand.press(Qt.Key.Key_F8)
    screen = writing(hand)
    write(hand, screen, GAUGE)
    hand.press(Qt.Key.Key_F7)
    hand.until(lambda: isinstance(hand.window.frame.sheet, SourceSheet))
    hand.press(Qt.Key.Key_1)
    hand.until(lambda: hand.window.frame.sheet is None)
    hand.until(lambda: hand.bridge.hub.states()["FG-01"].standing is Standing.LIVE)
    screen.setFocus()

    def read_by_the_draft() -> bool:
        """Asked until somebody listens: the log before it is read meanwhile."""
        hand.bridge.hub.ask("FG-01")
        return any("N • stability unknown" in words for words, _ in told(screen))

    hand.until(read_by_the_draft)


def test_a_free_port_is_listened_to_and_asked_and_closed_when_nobody_looks(open_any_station: Callable[..., Hand], force: Mark10Simulator):
    hand = open_any_station("IQC-02", screens=("ui.shell", "ui.devices"), devices=DevicesHere())
    protocols(hand)
    hand.press(Qt.Key.Key_F8)
    screen = writing(hand)
    write(hand, screen, GAUGE)
    screen._listen(force.url)
    screen.setFocus()
    hand.press(Qt.Key.Key_F5)
    hand.until(lambda: any("N • stability unknown" in words for words, _ in told(screen)))
    listener = screen.source._listener
    hand.window.open("devices.protocols")
    hand.until(lambda: screen.source._listener is None)
    assert not listener._thread.is_alive()


def test_a_port_that_does_not_open_is_said(open_station: Callable[..., Hand]):
    hand = open_station("IQC-02")
    protocols(hand)
    hand.press(Qt.Key.Key_F8)
    screen = writing(hand)
    write(hand, screen, GAUGE)
    screen._listen("socket://127.0.0.1:9")
    hand.until(lambda: "could not be opened" in hand.banner)


def test_quality_reads_the_cases_and_signs(open_station: Callable[..., Hand], plant: Plant):
    elsewhere(lambda: draft(plant, TORQUE))
    hand = open_station("IQC-02")
    screen = protocols(hand)
    hand.until(lambda: screen.tried is not None)
    assert say(screen.cases.right.words) == "8 of 8 fit"
    assert elsewhere(lambda: ask_protocols(plant.link())) == []


def test_the_next_revision_begins_with_the_text_of_the_one_in_effect(open_station: Callable[..., Hand], plant: Plant):
    elsewhere(lambda: signed(plant, TORQUE))
    hand = open_station("IQC-02")
    screen = protocols(hand)
    hand.until(lambda: screen.line is not None)
    hand.press(Qt.Key.Key_F7)
    page = writing(hand)
    hand.until(lambda: page.page.text == TORQUE and page.tried is not None)
    assert not page.save_button.isEnabled()
    write(hand, page, changed("longest = 40", "longest = 30"))
    page.save_button.click()
    hand.until(lambda: isinstance(hand.window.frame.sheet, ReasonSheet))
    hand.window.frame.sheet.reason.edit.setFocus()
    hand.type("Lines are shorter.")
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: isinstance(hand.window.current, ProtocolsScreen))
    hand.until(lambda: [(one.revision, one.state) for one in screen._lines.values()] == [(2, "draft"), (1, "effective")])


def test_a_device_whose_protocol_is_not_in_effect_stands_on_the_list_and_says_so(open_any_station: Callable[..., Hand]):
    device = DeviceSettings(code="TQ-01", protocol="TORQUE-X", url="/dev/ttyUSB9", unit="Nm")
    hand = open_any_station("IQC-02", screens=("ui.shell", "ui.devices"), devices=DevicesHere(instruments=(device,)))
    hand.sign_in("zhao.lei")
    hand.window.open("devices.list")
    assert str(kind_of(device).name) == "TORQUE-X, not in effect"
    assert "TQ-01" not in hand.bridge.hub.states()


@pytest.mark.parametrize("language", [Language.EN, Language.ZH], ids=["en", "zh"])
@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080)], ids=["1280", "1920"])
def test_nothing_is_cut(language: Language, size: tuple[int, int], open_station: Callable[..., Hand], plant: Plant, tmp_path: Path):
    elsewhere(lambda: signed(plant, TORQUE))
    hand = open_station("IQC-02", size=size)
    screen = protocols(hand)
    set_language(language)
    hand.until(lambda: screen.tried is not None)
    hand.until(lambda: not look_over(hand.window))
    _picture(hand, f"protocols-{language.value}-{size[0]}")
    hand.press(Qt.Key.Key_F7)
    page = writing(hand)
    hand.until(lambda: page.tried is not None)
    page._paste(b"+  1.25 Nm S OK\r\n- 0.50 Nm U\r\n+ 0.5\r\nOL+\r\nID 4711X\r\n")
    write(hand, page, changed('value = "1.25"', 'value = "1.2"'))
    hand.until(lambda: not look_over(hand.window))
    _picture(hand, f"protocol-{language.value}-{size[0]}")
    hand.press(Qt.Key.Key_F7)
    hand.until(lambda: isinstance(hand.window.frame.sheet, SourceSheet))
    hand.until(lambda: not look_over(hand.window))
    _picture(hand, f"source-{language.value}-{size[0]}")


def _picture(hand: Hand, name: str) -> None:
    hand.window.grab().save(f"/dev/shm/pattern-pictures/{name}.png")
