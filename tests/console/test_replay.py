"""A frame log of the console is replayed: at a terminal by anybody, in the place of a device in practice only."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.cli import device
from app.devices.frame_log import HEARD, SAID, FrameLog, Piece
from app.devices.hub import Hub
from app.devices.replay import NoReplayHere, NothingToReplay, Playing, pieces_of
from app.devices.settings import DeviceSettings
from app.devices.simulators.mitutoyo import MitutoyoSimulator
from app.tracing.filing import papers_folder
from tests.devices.ear import Ear
from tests.shell.conftest import Hand
from ui.devices.console_screen import ConsoleScreen
from ui.devices.replay_sheet import ReplaySheet

pytestmark = pytest.mark.capability("E1", "J6")

BEGAN = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)
GAUGE = DeviceSettings(code="DC-014", protocol="mitutoyo", url="usb:A6015XNQ", unit="mm")


def recorded(file: Path, *lines: tuple[float, str, bytes]) -> Path:
    """A frame log as the console writes it; seconds since it began."""
    log = FrameLog(file, most_bytes=1_000_000)
    for after_s, direction, content in lines:
        log.note(direction, content, BEGAN + timedelta(seconds=after_s))
    log.close()
    return file


LINES = (
    (0.0, SAID, b"x"),
    (0.1, HEARD, b"01A+0002"),
    (0.15, HEARD, b"5.04\r"),
    (3600.0, HEARD, b"01A+00025.07\r"),
    (3601.0, HEARD, b"junk\r"),
)


def test_a_log_is_replayed_at_a_terminal_with_every_byte_and_what_a_station_makes_of_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    log = recorded(tmp_path / "Frames DC-014.log", *LINES)
    assert device.main(["replay", str(log), "--protocol", "mitutoyo", "--unit", "mm"]) == 0
    told = capsys.readouterr().out
    assert "measurement 25.04 mm" in told
    assert "measurement 25.07 mm" in told
    assert "reject" in told
    assert "09:00:00.000" in told, "its own time, and nobody waited an hour"


@pytest.mark.parametrize("content", [None, b"", b"hello\n", b"2026-11-03T08:00:00+00:00 > x\n", b"\xff\xfe\n"])
def test_what_is_no_log_or_holds_nothing_is_refused(tmp_path: Path, content: bytes | None, capsys: pytest.CaptureFixture[str]):
    file = tmp_path / "no.log"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(NothingToReplay):
        pieces_of(file)
    assert device.main(["replay", str(file), "--protocol", "mitutoyo"]) == 2
    assert "no frame log" in capsys.readouterr().err


def test_a_recording_stands_in_for_a_device_in_practice_and_long_pauses_are_shortened(tmp_path: Path):
    pieces = pieces_of(recorded(tmp_path / "g.log", *LINES))
    hub, ear = Hub(frame_logs=tmp_path), Ear()
    hub.subscribe(ear)
    try:
        finished = hub.replay(GAUGE, pieces, practice=True)
        assert finished.wait(20)
        ear.until(lambda _: [str(one.quantity.value) for one in ear.readings] == ["25.04", "25.07"])
        assert not (tmp_path / "DC-014.log").exists(), "a recording is not recorded again"
    finally:
        hub.stop()
    with pytest.raises(ValueError, match="nothing that was heard"):
        Playing([Piece(at=BEGAN, heard=False, content=b"x")])


def test_where_records_are_kept_no_recording_is_played(tmp_path: Path):
    hub = Hub(frame_logs=None)
    with pytest.raises(NoReplayHere):
        hub.replay(GAUGE, pieces_of(recorded(tmp_path / "g.log", *LINES)), practice=False)
    assert hub.states() == {}


@pytest.fixture
def papers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DOCUMENTS_DIR", str(tmp_path))
    folder = papers_folder()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def at_console(hand: Hand) -> ConsoleScreen:
    hand.sign_in("zhao.lei")
    screen = hand.window.open("devices.console", {"device": "DC-014"})
    assert isinstance(screen, ConsoleScreen)
    return screen


def test_the_console_of_a_plant_that_keeps_records_refuses(open_station: Callable[..., Hand], papers: Path):
    recorded(papers / "Frames DC-014 2026-11-03 080000.log", *LINES)
    hand = open_station("IQC-02")
    screen = at_console(hand)
    hand.press(Qt.Key.Key_F6)
    assert hand.banner == "Nothing was replayed: a recording is played in practice only, never where records are kept."
    assert not screen.replaying.is_on
    assert hand.window.frame.sheet is None


def test_in_practice_the_console_plays_a_log_and_gives_the_device_its_line_back(
    open_station: Callable[..., Hand], papers: Path, gauge: MitutoyoSimulator
):
    recorded(papers / "Frames DC-014 2026-11-03 080000.log", *LINES)
    hand = open_station("IQC-02")
    screen = at_console(hand)
    object.__setattr__(hand.window._where, "practice", True)  # as the database of a plant for practice says it
    readings: list[str] = []
    hand.bridge.ear.reading.connect(lambda reading: readings.append(str(reading.quantity.value)))
    hand.press(Qt.Key.Key_F6)
    hand.until(lambda: isinstance(hand.window.frame.sheet, ReplaySheet))
    hand.press(Qt.Key.Key_1)
    hand.until(lambda: screen.replaying.is_on)
    gauge.press()
    hand.until(lambda: readings == ["25.04", "25.07"], 20_000)
    hand.until(lambda: not screen.replaying.is_on, 10_000)
    gauge.show("25.11")
    hand.until(lambda: gauge.press() or "25.11" in readings)
