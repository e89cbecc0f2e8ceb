"""The window of practice: amber on every screen, the same course as at work, hands at simulated devices; and the door that leads to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QProcess, Qt
from pytestqt.qtbot import QtBot

from app.base.phrases import Language
from app.cli.practice import Practice, practice_here
from app.core.settings import Settings
from app.devices.events import Standing
from tests.plant import Plant
from tests.practice.conftest import Built
from tests.practice.test_apart import at_work, nobody_knocked, trap  # noqa: F401 - fixtures
from tests.practice.test_marked import bar_of
from tests.shell.conftest import NO_DEVICES, Hand, elsewhere
from ui.kit import Mode, set_language, theme
from ui.kit.check import look_over
from ui.practice.line_window import LineWindow
from ui.practice.opening import WayBack
from ui.shell.practice_door import PracticeDoor, practice_command
from ui.shell.side_door import SideDoor
from ui.shell.start import Shell, open_window
from ui.shell.tones import Tones
from ui.shift.camera import Looks

pytestmark = pytest.mark.capability("J6")


@pytest.fixture
def show(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[..., Hand]]:
    """Open a window, closed at the end; look and language are put back."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    opened: list[Shell] = []

    def one(settings: Settings, door: SideDoor, **where: object) -> Hand:
        shell = open_window(
            settings, development=False, tones=Tones(on=False), catch_defects=False, side_door=door, screens=("ui",), **where
        )
        opened.append(shell)
        shell.window.resize(1920, 1080)
        shell.window.show()
        qtbot.waitExposed(shell.window)
        return Hand(shell, qtbot)

    yield one
    for shell in opened:
        shell.close()
    theme.look(mode=Mode.LIGHT, scale=1.0)
    set_language(Language.EN)


def said(hand: Hand) -> str:
    """The line over the sentence of the sign-in."""
    return str(hand.window.gate.face.context)


@pytest.fixture
def here(at_work: Settings) -> Iterator[Practice]:  # noqa: F811
    with practice_here(lambda _: None) as standing:
        yield standing


@pytest.fixture
def learner(here: Practice, show: Callable[..., Hand]) -> Hand:
    """Practice with everything connected and nobody signed in."""
    at, back = here.station, WayBack()
    hand = show(
        at.settings,
        back,
        server=at.server,
        station=at.station,
        station_secret=at.secret,
        devices=at.devices,
        printing=at.printing,
    )
    back.window = hand.window
    hand.until(lambda: hand.window.gate._people)
    hand.until(lambda: hand.shell.hub.states()["SC-12"].standing is Standing.LIVE)
    return hand


def test_a_lot_is_received_in_practice_as_at_work_and_every_look_of_it_is_amber(
    learner: Hand, here: Practice, practice: Built, tmp_path: Path
) -> None:
    hands, looks = LineWindow(here.line, learner.window), Looks(folder=tmp_path)
    assert learner.window.windowTitle() == "Lineside IQC-02 – Practice"
    assert "Everybody's password: lineside practice" in str(learner.window.gate.face.context)
    looks.take(learner.window, "practice-sign-in")
    theme.look(mode=Mode.LIGHT)
    learner.sign_in("zhou.min", practice.plant.secret)
    before = practice.plant.rows("SELECT count(*) FROM lineside.receipt")
    for act in ("scan po", "scan pack", "scan loc"):
        asked = learner.window.router.last[0].at if learner.window.router.last else None
        hands.do(act, with_value=False)
        learner.until(lambda asked=asked: learner.window.router.last and learner.window.router.last[0].at != asked)
        learner.until(lambda: learner.window.current.key.startswith("receiving"))
        learner.until(lambda: "asked" not in str(learner.window.current.face.sentence))
    learner.until(lambda: "Received" in str(learner.window.current.face.context))
    looks.take(learner.window, "practice-received")
    ((count,),) = before
    assert practice.plant.rows("SELECT count(*) FROM lineside.receipt") == [(count + 1,)]
    printed = elsewhere(lambda: here.line.printer.wait_until_printed(1, timeout_s=15))
    assert all(bar_of(paper.dots) > 0.8 for paper in printed)
    assert looks.troubles == []
    learner.window.lock()
    assert learner.window.frame.is_practice


@pytest.mark.qt_log_ignore("does not support raise")  # of the display-less platform alone
def test_what_a_device_cannot_do_is_said_beside_its_button(learner: Hand, here: Practice) -> None:
    hands = LineWindow(here.line, learner.window)
    hands.show_or_hide()
    assert look_over(hands) == []
    hands.value.set_text("much")
    hands.do("put", with_value=True)
    assert hands.said.text == "Nothing was done: “much” cannot be shown by this device."
    hands.value.set_text("12.50")
    hands.do("put", with_value=True)
    assert hands.said.text == "Something is put on the scale; 0 takes it off."
    hands.show_or_hide()
    assert not hands.isVisible()


def test_the_way_back_closes_the_window_of_practice(learner: Hand) -> None:
    assert learner.window.gate.side_door.said_text == "End practice"
    learner.press(Qt.Key.Key_F6)
    learner.until(lambda: not learner.window.isVisible())


def test_the_sign_in_opens_practice_beside_the_plant_once_and_it_ends_with_the_window(
    practice: Built,
    at_work: Settings,  # noqa: F811
    trap,  # noqa: F811
    plant: Plant,
    show: Callable[..., Hand],
) -> None:
    door = PracticeDoor(practice_command())
    hand = show(
        at_work, door, server=plant.server, station="IQC-02", station_secret=plant.secrets["IQC-02"], devices=NO_DEVICES, printing=None
    )
    hand.until(lambda: hand.window.gate._people)
    hand.press(Qt.Key.Key_F6)
    hand.until(lambda: "being opened" in said(hand))
    hand.until(lambda: "Practice is running in its own window" in said(hand), timeout_ms=60000)
    first = door.process.processId()
    hand.press(Qt.Key.Key_F6)
    hand.until(lambda: "is running already" in said(hand))
    assert door.process.processId() == first
    assert not hand.window.frame.is_practice
    door.close()
    assert door.process.state() is QProcess.ProcessState.NotRunning
    assert (door.process.exitCode(), door.process.exitStatus()) == (0, QProcess.ExitStatus.NormalExit)
    assert practice.run.embedded.running(), "this test's own hold on it"
    assert nobody_knocked(trap)


def test_practice_that_cannot_start_is_said_at_the_sign_in(at_work: Settings, plant: Plant, show: Callable[..., Hand]) -> None:  # noqa: F811
    door = PracticeDoor(["/nowhere/at/all"])
    hand = show(
        at_work, door, server=plant.server, station="IQC-02", station_secret=plant.secrets["IQC-02"], devices=NO_DEVICES, printing=None
    )
    hand.until(lambda: hand.window.gate._people)
    hand.press(Qt.Key.Key_F6)
    hand.until(lambda: "Practice could not be started." in hand.banner)
