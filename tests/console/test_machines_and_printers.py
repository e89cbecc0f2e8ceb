"""The console of a machine and of a label printer: channels as they are now, what went over the line and what it means."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.base.phrases import Language
from app.core.devices_here import DevicesHere, PrinterHere
from app.devices.frame_log import read_log
from app.devices.settings import MODBUS, DeviceSettings
from app.devices.simulators.sealer import SealerSimulator
from app.devices.simulators.zpl_printer import ZplPrinter
from app.labels.queue import PrintQueue
from tests.console.test_console import console, engineer, told
from tests.plant import Plant
from tests.shell.conftest import Hand
from ui.devices.console_screen import ConsoleScreen
from ui.kit import Cell, say, set_language
from ui.kit.check import look_over
from ui.shell.evidence_sheet import EvidenceSheet

pytestmark = pytest.mark.capability("E4", "E7")


@pytest.fixture
def sealer() -> Iterator[SealerSimulator]:
    with SealerSimulator(seed=7) as made:
        yield made


@pytest.fixture
def printer() -> Iterator[ZplPrinter]:
    with ZplPrinter() as made:
        yield made


@pytest.fixture
def at_machine(open_any_station: Callable[..., Hand], sealer: SealerSimulator) -> tuple[Hand, ConsoleScreen]:
    """Zhao Lei stands before the console of the sealer."""
    settings = DeviceSettings(code="SL-03", protocol=MODBUS, url=sealer.url, unit=None, machine=sealer.settings(looks_per_s=20))
    hand = open_any_station("IQC-02", screens=("ui.shell", "ui.devices"), devices=DevicesHere(instruments=(settings,)))
    engineer(hand)
    return hand, console(hand, "SL-03")


@pytest.fixture
def waiting_label(plant: Plant) -> None:
    """Somebody received a pack: its label waits for the queue."""
    plant.receive()
    plant.close()


@pytest.fixture
def at_printer(
    open_any_station: Callable[..., Hand], plant: Plant, printer: ZplPrinter, tmp_path: Path
) -> Iterator[tuple[Hand, ConsoleScreen]]:
    """Zhao Lei stands before the console of the label printer, whose queue looks at it."""
    here = PrinterHere(connection=DeviceSettings(code="LP-02", protocol="zpl", url=printer.url, unit=None))
    hand = open_any_station("REC-01", screens=("ui.shell", "ui.devices"), devices=DevicesHere(printers=(here,)))
    queue = PrintQueue(plant.link("REC-01"), [here], language=Language.EN, frame_logs=tmp_path / "frames", every_s=0.02, heartbeat_s=3600)
    hand.bridge.listen_to_printing(queue)
    engineer(hand)
    screen = console(hand, "LP-02")
    queue.start()
    yield hand, screen
    queue.stop(10)


def shown(screen: ConsoleScreen) -> dict[str, tuple[str, str]]:
    """Value and state of every channel, by its name."""
    rows = [(row.key, [say(cell.words if isinstance(cell, Cell) else cell) for cell in row.cells]) for row in screen.channels.rows]
    return {key: (value, state) for key, (_, value, state) in rows}


def test_every_channel_of_a_machine_stands_with_its_value_and_unit(at_machine: tuple[Hand, ConsoleScreen]):
    hand, screen = at_machine
    hand.until(lambda: shown(screen).get("pressure", ("–",))[0] != "–")
    assert list(shown(screen)) == [channel.name for channel in screen.device.machine.map.channels]
    value, state = shown(screen)["temperature_actual"]
    assert (value.endswith(" °C"), state) == (True, "live")
    assert not screen.ask_button.isEnabled()
    assert not screen.send_button.isVisible()


@pytest.mark.capability("E5")
def test_f4_on_a_channel_names_its_register_and_the_map_it_was_read_by(at_machine: tuple[Hand, ConsoleScreen]):
    hand, screen = at_machine
    hand.until(lambda: shown(screen).get("temperature_actual", ("–", ""))[1] == "live")
    while screen.channels.chosen_key != "temperature_actual":
        hand.press(Qt.Key.Key_Down)
    hand.press(Qt.Key.Key_F4)
    hand.until(lambda: isinstance(hand.window.frame.sheet, EvidenceSheet))
    first, known = hand.window.frame.sheet.evidence
    map_ = screen.device.machine.map
    place = next(one.place for one in map_.channels if one.name == "temperature_actual")
    assert str(first.title).startswith("temperature_actual: ")
    assert f"read from {place.kind.value} register {place.address}, {place.type.value} at " in str(first.origin)
    assert f"by map {map_.model} ({map_.sha256[:12]})" in str(first.origin)
    assert str(known.origin) == "What we know"


def test_a_sensor_that_breaks_and_a_machine_that_falls_silent_show_no_value_any_more(
    at_machine: tuple[Hand, ConsoleScreen], sealer: SealerSimulator
):
    hand, screen = at_machine
    hand.until(lambda: shown(screen).get("temperature_actual", ("–", ""))[1] == "live")
    sealer.break_sensor()
    hand.until(lambda: shown(screen)["temperature_actual"] == ("–", "sensor broken"))
    sealer.mend_sensor()
    hand.until(lambda: shown(screen)["temperature_actual"][1] == "live")
    sealer.fall_silent()
    hand.until(lambda: all(value == "–" and state.startswith("nothing for") for value, state in shown(screen).values()))
    assert "silent" in hand.sentence


def test_questions_and_answers_of_a_machine_are_shown_now_and_then_and_kept_nowhere(at_machine: tuple[Hand, ConsoleScreen]):
    hand, screen = at_machine
    hand.until(lambda: len(screen.tape.lines) >= 2)
    assert {line.heard for line in screen.tape.lines} == {False, True}
    assert all(words.startswith("registers ") for words in told(screen))
    log = hand.bridge.hub.wires.frame_log("SL-03")
    assert log is None or not [piece for piece in read_log(log) if piece.heard]


def test_a_refusal_of_the_machine_is_named_on_the_tape(at_machine: tuple[Hand, ConsoleScreen], sealer: SealerSimulator):
    hand, screen = at_machine
    sealer.refuse()
    hand.until(lambda: "error: exception 6" in told(screen))


def test_what_a_printer_says_of_itself_stands_on_the_tape_and_enter_asks_it(at_printer: tuple[Hand, ConsoleScreen], printer: ZplPrinter):
    hand, screen = at_printer
    hand.until(screen.ask_button.isEnabled)
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: told(screen)[-1:] == ["ready"])
    printer.pause()
    hand.press(Qt.Key.Key_F5)
    hand.until(lambda: told(screen)[-1:] == ["error: pause"])
    assert not screen.send_button.isVisible()
    hand.until(lambda: "fault" in hand.sentence)


def test_a_label_on_its_way_to_the_printer_is_seen_and_its_talk_is_in_the_frame_log(
    waiting_label: None, at_printer: tuple[Hand, ConsoleScreen], printer: ZplPrinter, tmp_path: Path
):
    hand, screen = at_printer
    printer.wait_until_printed(1, timeout_s=20)
    hand.until(lambda: any(not one.heard and b"^XA" in one.content for one in screen.watch.entries()))
    log = hand.bridge.printing.wires.frame_log("LP-02")
    assert log is not None
    assert log.parent == tmp_path / "frames"
    said = b"".join(piece.content for piece in read_log(log) if not piece.heard)
    assert b"~HS" in said
    assert b"^XA" in said


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 800)])
@pytest.mark.parametrize("language", [Language.EN, Language.ZH])
def test_the_console_of_a_machine_is_whole_on_every_glass(
    at_machine: tuple[Hand, ConsoleScreen], size: tuple[int, int], language: Language
):
    hand, screen = at_machine
    hand.window.resize(*size)
    set_language(language)
    try:
        hand.until(lambda: shown(screen).get("pressure", ("–",))[0] != "–" and screen.tape.lines)
        hand.until(lambda: not look_over(hand.window))
    finally:
        set_language(Language.EN)
