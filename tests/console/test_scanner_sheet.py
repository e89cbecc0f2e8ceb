"""The scanner at the keyboard is tried and set at the screen; no file is edited, and it counts at once."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.core.settings import Settings, SettingsUnreadable, change_settings, load
from tests.shell.conftest import Hand
from ui.devices.devices_screen import DevicesScreen
from ui.devices.scanner_sheet import RANGES, ScannerSheet, trial_words
from ui.kit import say
from ui.shell.wedge_setup import PREFIXES, TrialScan, WedgeSetup, proposed

pytestmark = pytest.mark.capability("E2")


@pytest.fixture
def settings_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "settings.toml"
    file.write_text('station = "IQC-02"\nidle_lock_s = 600\n', "utf-8")
    monkeypatch.setenv("LINESIDE_SETTINGS", str(file))
    return file


def opened(hand: Hand) -> ScannerSheet:
    """Zhao Lei presses F6 at the devices."""
    hand.window.ports = list
    hand.sign_in("zhao.lei")
    assert isinstance(hand.window.open("devices.list"), DevicesScreen)
    hand.press(Qt.Key.Key_F6)
    hand.until(lambda: isinstance(hand.window.frame.sheet, ScannerSheet))
    sheet = hand.window.frame.sheet
    assert isinstance(sheet, ScannerSheet)
    return sheet


def test_a_trial_scan_is_shown_proposes_its_timing_and_counts_from_then_on(open_station: Callable[..., Hand], settings_file: Path):
    hand = open_station("IQC-02")
    sheet = opened(hand)
    hand.press(Qt.Key.Key_F5)
    handle = hand.window.windowHandle()
    for character in "L26-0382":
        QTest.sendKeyEvent(QTest.KeyAction.Click, handle, Qt.Key(ord(character)), character, Qt.KeyboardModifier.NoModifier)
    QTest.sendKeyEvent(QTest.KeyAction.Click, handle, Qt.Key.Key_Tab, "\t", Qt.KeyboardModifier.NoModifier)
    hand.until(lambda: "L26-0382" in str(say(sheet.read._words)))
    assert hand.window.router.last == type(hand.window.router.last)(), "it is only looked at"
    assert sheet.wanted is not None
    assert sheet.wanted["wedge_suffix"] == "tab"
    assert sheet.wanted["wedge_prefix"] == "none"
    sheet.fields["bounce_ms"].set_text("450")
    sheet.settle()
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: hand.window.frame.sheet is None)
    written = load(settings_file, {})
    assert (written.wedge_suffix, written.bounce_ms, written.station, written.idle_lock_s) == ("tab", 450, "IQC-02", 600)
    assert hand.shell.wedge.setup == WedgeSetup.of(written)
    assert hand.window.router.bounce_s == 0.45
    assert hand.shell.hub._patience.bounce_s == 0.45


def test_what_the_keyboard_sends_belongs_to_everybody_again_when_the_sheet_goes(open_station: Callable[..., Hand], settings_file: Path):
    hand = open_station("IQC-02")
    opened(hand)
    hand.press(Qt.Key.Key_F5)
    hand.press(Qt.Key.Key_Escape)
    hand.until(lambda: hand.window.frame.sheet is None)
    hand.wedge("L26-0382")
    hand.until(lambda: hand.window.router.last)
    assert load(settings_file, {}) == Settings(station="IQC-02", idle_lock_s=600)


@pytest.mark.parametrize(("name", "figure"), [("wedge_gap_ms", "9"), ("wedge_idle_ms", "301"), ("wedge_fewest", "2"), ("bounce_ms", "299")])
def test_a_figure_out_of_its_range_closes_the_act_and_says_the_range(
    open_station: Callable[..., Hand], settings_file: Path, name: str, figure: str
):
    hand = open_station("IQC-02")
    sheet = opened(hand)
    assert sheet.act.isEnabled()
    sheet.fields[name].set_text(figure)
    sheet.settle()
    assert not sheet.act.isEnabled()
    low, high = RANGES[name]
    assert str(say(sheet.fields[name]._refusal)) == f"{low} to {high}"
    before = settings_file.read_bytes()
    with pytest.raises(SettingsUnreadable):
        change_settings({name: int(figure)})
    assert settings_file.read_bytes() == before


def test_an_f_key_in_front_needs_its_number(open_station: Callable[..., Hand], settings_file: Path):
    hand = open_station("IQC-02")
    sheet = opened(hand)
    sheet.prefix._take(2)
    assert not sheet.act.isEnabled()
    sheet.fields["f_key"].set_text("24")
    sheet.settle()
    assert sheet.wanted is not None
    assert sheet.wanted["wedge_prefix"] == "f24"


def test_every_prefix_of_the_settings_has_its_key_and_the_ranges_are_those_of_the_settings():
    for prefix in PREFIXES:
        assert WedgeSetup.of(Settings(wedge_prefix=prefix)).prefix == prefix
    assert WedgeSetup.of(Settings()) == WedgeSetup()
    for name, (low, high) in RANGES.items():
        if name != "f_key":
            assert Settings.model_validate(
                {
                    name: low,
                }
            ) != Settings.model_validate({name: high})
            for beyond in (low - 1, high + 1):
                with pytest.raises(ValueError, match=name):
                    Settings.model_validate({name: beyond})


@pytest.mark.parametrize(
    ("trial", "said"),
    [
        (TrialScan(text="L26-0382", gaps_ms=(5.0,) * 8, ended_by="enter"), "Read “L26-0382”, 8 characters, at most 5 ms apart."),
        (TrialScan(text="10A\x1d21B", gaps_ms=(5.0,) * 8, ended_by="enter"), r"Read “10A\x1d21B”, 7 characters, at most 5 ms apart."),
        (TrialScan(text="L26-0382", gaps_ms=(5.0,) * 7), "and no end"),
        (TrialScan(text="L26-0382", gaps_ms=(80.0,) * 8, ended_by="enter"), "as slow as a hand"),
        (TrialScan(text="L2", gaps_ms=(5.0,) * 2, ended_by="enter"), "too short to tell"),
    ],
)
def test_what_came_of_a_trial_is_said_with_what_to_do(trial: TrialScan, said: str):
    assert said in str(trial_words(trial, proposed(trial, WedgeSetup())))
