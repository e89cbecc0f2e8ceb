"""What a careful eye sees on the shell's own pages: nothing clipped, faint, missing or too small, in both languages, themes and sizes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from app.base.ids import new_id
from app.base.phrases import Language
from app.core.devices_here import DevicesHere
from app.core.tasks import CallForHelp
from app.devices.settings import DeviceSettings
from app.devices.simulators.mitutoyo import MitutoyoSimulator
from app.devices.simulators.mt_sics import MtSicsSimulator
from tests.looking import troubles_of
from tests.plant import Plant
from tests.shell.conftest import Deviated, Hand, deviation_to_sign, elsewhere
from ui.kit import Mode, set_language, theme
from ui.kit.check import look_over
from ui.shell.call import CallSheet
from ui.shell.evidence_sheet import EvidenceSheet
from ui.shell.home_screen import HomeScreen
from ui.shell.signing_sheet import SigningSheet

SIZES = ((1920, 1080), (1280, 800))
LOOKS = [(mode, language) for mode in Mode for language in Language]


def looks(hand: Hand, size: tuple[int, int]) -> Iterator[str]:
    """Every trouble of the window as it stands, in all four looks."""
    for mode, language in LOOKS:
        theme.look(mode=mode)
        set_language(language)
        troubles = troubles_of(hand.window, hand.bot)
        assert (hand.window.width(), hand.window.height()) == size, "the window grew beyond its glass"
        yield from (f"{mode.value} {language.value} {trouble}" for trouble in troubles)
    theme.look(mode=Mode.LIGHT)
    set_language(Language.EN)


@pytest.fixture
def gauge() -> Iterator[MitutoyoSimulator]:
    with MitutoyoSimulator(value="25.04") as made:
        yield made


@pytest.fixture
def scale() -> Iterator[MtSicsSimulator]:
    with MtSicsSimulator() as made:
        yield made


@pytest.fixture
def devices(gauge: MitutoyoSimulator, scale: MtSicsSimulator) -> DevicesHere:
    """A gauge and a scale on real ports."""
    caliper = DeviceSettings(code="DC-014", protocol="mitutoyo", url=gauge.url, unit="mm")
    balance = DeviceSettings(code="WB-04", protocol="mt_sics", url=scale.url, unit="g")
    return DevicesHere(instruments=(caliper, balance))


def helper_calls(plant: Plant) -> None:
    order = CallForHelp(command_id=new_id(), id=new_id(), topic="material")
    elsewhere(lambda: plant.sign_in("zhou.min", station="REC-01").give(order))


@pytest.mark.capability("Q2")
@pytest.mark.parametrize("size", SIZES)
def test_sign_in_lock_home_and_sheets_are_readable(
    open_station: Callable[..., Hand], plant: Plant, devices: DevicesHere, size: tuple[int, int]
) -> None:
    hand = open_station("IQC-02", size=size, devices=devices)
    hand.until(lambda: hand.window.gate is not None and hand.window.gate._people)  # type: ignore[attr-defined]
    found = list(looks(hand, size))
    helper_calls(plant)
    hand.sign_in("tom.becker")
    hand.until(lambda: hand.banner)
    found += looks(hand, size)
    hand.window.call()
    assert isinstance(hand.window.frame.sheet, CallSheet)
    found += looks(hand, size)
    hand.window.help()
    found += looks(hand, size)
    hand.window.lock()
    found += looks(hand, size)
    assert found == []


@pytest.mark.capability("Q2")
@pytest.mark.parametrize("size", SIZES)
def test_the_signing_sheet_and_the_evidence_are_readable(
    deviation: Deviated, open_station: Callable[..., Hand], step_registered: None, size: tuple[int, int]
) -> None:
    hand = open_station("IQC-02", size=size)
    hand.sign_in("li.ming")
    hand.window.open("test.step", {"step": "7"})
    hand.step.sign(**deviation_to_sign(deviation, lambda answer, choice: None, hand.step.panel))
    sheet = hand.window.frame.sheet
    assert isinstance(sheet, SigningSheet)
    hand.until(lambda: sheet._to_sign is not None)
    found = list(looks(hand, size))
    hand.scan("BDG:T-0117")
    hand.until(lambda: sheet.refusal)
    found += looks(hand, size)
    hand.window.show_evidence()
    assert isinstance(hand.window.frame.sheet, EvidenceSheet)
    found += looks(hand, size)
    assert found == []


@pytest.mark.capability("Q2")
def test_the_signing_sheet_follows_a_window_that_is_made_small_and_large_again(
    deviation: Deviated, open_station: Callable[..., Hand], step_registered: None
) -> None:
    hand = open_station("IQC-02", size=SIZES[0])
    hand.sign_in("li.ming")
    hand.window.open("test.step", {"step": "7"})
    hand.step.sign(**deviation_to_sign(deviation, lambda answer, choice: None, hand.step.panel))
    sheet = hand.window.frame.sheet
    assert isinstance(sheet, SigningSheet)
    hand.until(lambda: sheet._to_sign is not None)
    for size in (SIZES[1], SIZES[0], SIZES[1]):
        hand.window.resize(*size)
        hand.until(lambda: not look_over(hand.window))
        assert sheet.compact is (size == SIZES[1])
        assert all(row.isVisible() is not sheet.compact for row in sheet._facts)
        assert all(row.height() >= row.needed(row.width()) for row in (*sheet._facts, sheet._digest) if row.isVisible())


@pytest.mark.capability("E7")
def test_home_shows_a_live_value_with_its_age_and_no_value_once_the_gauge_is_gone(
    open_station: Callable[..., Hand], devices: DevicesHere, gauge: MitutoyoSimulator
) -> None:
    hand = open_station("IQC-02", devices=devices)
    hand.sign_in("li.ming")
    home = hand.window.current
    assert isinstance(home, HomeScreen)
    chip = hand.window.frame.strip.chip("DC-014", "gauge", "DC-014")
    hand.until(lambda: chip.text == "DC-014 live")
    gauge.press()
    hand.until(lambda: home.devices.tiles[0].value == "25.04 mm")
    assert str(home.devices.tiles[0].words).startswith("live, value ")
    (said,) = [one for one in home.evidence() if one.raw is not None]
    assert (str(said.title), said.raw) == ("DC-014: 25.04 mm", b"01A+00025.04")
    gauge.unplug()
    hand.until(lambda: home.devices.tiles[0].value == "")
    assert not [one for one in home.evidence() if one.raw is not None]
    hand.until(lambda: chip.text.startswith("DC-014 fault since"))
