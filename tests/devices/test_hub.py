"""All devices of a station together: who listens, how everything ends, what is kept of the wire."""

import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.base.phrases import Language
from app.devices.errors import ConnectionLost
from app.devices.events import Listener, Standing
from app.devices.frame_log import HEARD, SAID, FrameLog, read_log
from app.devices.hub import Hub
from app.devices.replay import Replay
from app.devices.settings import Backoff, DeviceSettings
from app.devices.simulators.line_scanner import LineScannerSimulator
from app.devices.simulators.mt_sics import MtSicsSimulator
from tests.devices.ear import Ear

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def test_every_listener_hears_every_device_until_it_leaves(station):
    late = Ear()
    with LineScannerSimulator() as scanner, MtSicsSimulator() as scale:
        station.connect(scanner, code="SCAN-1")
        station.connect(scale, code="SC-003")
        station.hub.subscribe(late)
        scanner.scan("LOT-7")
        late.until_words("scan LOT-7")
        scale.print_key()
        late.until_words("reading 0.00 g stable")
        station.hub.unsubscribe(late)
        scanner.scan("LOT-8")
        station.ear.until_words("scan LOT-7", "reading 0.00 g stable", "scan LOT-8")
        assert late.words == []
        assert set(station.hub.states()) == {"SCAN-1", "SC-003"}


def test_a_stopped_hub_ends_every_thread_and_says_closed(station):
    with LineScannerSimulator() as scanner, MtSicsSimulator() as scale:
        station.connect(scanner, code="SCAN-1")
        station.connect(scale, code="SC-003")
        assert station.hub.stop() == []
        assert {state.device for state in station.ear.states if state.standing is Standing.CLOSED} == {"SCAN-1", "SC-003"}
        assert station.hub.states() == {}
        station.connect(scanner, code="SCAN-1")


def test_a_device_cannot_be_started_twice_and_an_unknown_family_not_at_all(station):
    with LineScannerSimulator() as scanner:
        station.connect(scanner)
        with pytest.raises(ValueError, match="already runs"):
            station.connect(scanner)
        with pytest.raises(KeyError):
            station.hub.start(DeviceSettings(code="X", protocol="telepathy", url=scanner.url, unit=None))


def test_a_device_that_is_not_there_is_a_fault_since_the_first_try_and_connects_when_it_comes(station):
    with LineScannerSimulator() as scanner:
        scanner.unplug()
        ear = station.connect(scanner, live=False)
        fault = ear.until_standing(Standing.FAULT)
        assert "is in fault since" in str(fault.words)
        scanner.plug()
        ear.until_standing(Standing.LIVE)
        assert [state.standing for state in ear.states] == [Standing.CONNECTING, Standing.FAULT, Standing.LIVE]


class Clumsy(Listener):
    """A screen with a bug."""

    def __init__(self):
        self.stumbled = False

    def scan(self, scan):
        if not self.stumbled:
            self.stumbled = True
            raise ZeroDivisionError("a bug in a screen")


def test_a_bug_in_a_listener_becomes_a_logged_fault_and_the_device_goes_on(station, caplog):
    station.hub.subscribe(Clumsy())
    with LineScannerSimulator() as scanner, caplog.at_level(logging.ERROR, logger="app.devices.device_thread"):
        ear = station.connect(scanner)
        scanner.scan("LOT-7")
        ear.until(lambda ear: any(state.standing is Standing.FAULT for state in ear.states))
        ear.until_standing(Standing.LIVE)
        scanner.scan("LOT-8")
        ear.until_words("scan LOT-7", "scan LOT-8")
    assert "ZeroDivisionError" in caplog.text


def test_retries_become_rarer_up_to_a_limit():
    backoff = Backoff(first_s=0.5, longest_s=15)
    assert [backoff.wait_s(attempt) for attempt in (1, 2, 3, 5, 6, 1_000)] == [0.5, 1.0, 2.0, 8.0, 15.0, 15.0]


@pytest.mark.capability("E5")
def test_everything_on_the_wire_is_kept_with_time_and_direction(station, tmp_path):
    with MtSicsSimulator() as scale:
        ear = station.connect(scale, code="SC/3")
        station.hub.ask("SC/3")
        ear.until_words("reading 0.00 g stable")
        station.hub.stop()
    (file,) = (tmp_path / "frames").iterdir()
    pieces = list(read_log(file))
    said = b'I3 A "2.10 10.28.0.493.142"\r\n'  # its software, asked once on every connection
    assert b"".join(piece.content for piece in pieces if piece.heard) == said + b'I4 A "B123456789"\r\nS S       0.00 g\r\n'
    assert [piece.content for piece in pieces if not piece.heard] == [b"I3\r\n", b"I4\r\n", b"SI\r\n"]


def test_a_frame_log_brings_every_byte_back_and_stays_within_its_bounds(tmp_path: Path):
    log = FrameLog(tmp_path / "x.log", most_bytes=4_000)
    every_byte = bytes(range(256))
    for _ in range(50):
        log.note(HEARD, every_byte, NOON)
        log.note(SAID, b"\\x1d\\ \r\n", NOON)
    log.close()
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) <= 8_000
    pieces = list(read_log(tmp_path / "x.log"))
    assert {piece.content for piece in pieces} == {every_byte, b"\\x1d\\ \r\n"}
    assert pieces[0].at == NOON


def test_a_last_line_cut_by_a_power_failure_is_left_out_and_a_foreign_line_is_named(tmp_path: Path):
    file = tmp_path / "x.log"
    file.write_text(f"{NOON.isoformat()} < AB\n{NOON.isoformat()} < C", encoding="ascii")
    assert [piece.content for piece in read_log(file)] == [b"AB"]
    file.write_text("hello\n", encoding="ascii")
    with pytest.raises(ValueError, match=r"x\.log:1"):
        list(read_log(file))


def test_a_full_disk_ends_the_frame_log_with_a_warning_and_not_the_device(tmp_path: Path, caplog):
    log = FrameLog(tmp_path / "gone" / "x.log", most_bytes=100)
    log.note(HEARD, b"A", NOON)
    log.note(HEARD, b"B", NOON)
    assert caplog.text.count("ends here") == 1


def test_a_recorded_day_is_played_back_with_its_pauses_bounces_and_half_frames(tmp_path: Path):
    log = FrameLog(tmp_path / "scanner.log", most_bytes=100_000)
    for second, content in [(0, b"LOT-7\r"), (0.2, b"LOT-7\r"), (3600, b"LO"), (3600.1, b"T-8\rHA"), (3602, b"LOT-8\r")]:
        log.note(HEARD, content, datetime.fromtimestamp(NOON.timestamp() + second, tz=UTC))
    log.close()
    heard = []
    for _ in range(2):
        replay, ear = Replay(read_log(tmp_path / "scanner.log")), Ear()
        hub = Hub(frame_logs=None, open_port=replay.open, clock=replay, backoff=Backoff(first_s=0.01, longest_s=0.01))
        hub.subscribe(ear)
        hub.start(DeviceSettings(code="SCAN-1", protocol="line_scanner", url="replay", unit=None))
        ear.until_standing(Standing.FAULT)
        hub.stop()
        heard.append([*ear.words, *(scan.at for scan in ear.scans)])
    assert heard[0] == heard[1]
    assert heard[0][:6] == [
        "scan LOT-7",
        "repeated LOT-7",
        "scan LOT-8",
        "trouble device.half_frame",
        "scan LOT-8",
        "trouble device.connection_lost",
    ]
    assert (heard[0][7] - heard[0][6]).total_seconds() == pytest.approx(3600.1)


def test_an_empty_recording_is_refused():
    with pytest.raises(ValueError, match="nothing"):
        Replay([])


def test_a_chips_sentence_is_said_in_both_languages(station):
    with LineScannerSimulator() as scanner:
        ear = station.connect(scanner, code="SCAN-1")
        live = ear.until_standing(Standing.LIVE)
        assert live.words.in_language(Language.EN) == "Device SCAN-1 is live."
        assert live.words.in_language(Language.ZH) == "设备 SCAN-1 在线。"
        scanner.unplug()
        fault = ear.until(lambda ear: isinstance(ear.states[-1].cause, ConnectionLost)).states[-1]
        assert "故障" in fault.words.in_language(Language.ZH)
