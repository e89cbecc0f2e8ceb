"""A station's window over a real plant: the demonstration database, real sign-ins, keys and scans as a hand gives them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.base.ids import new_id
from app.base.phrases import Language, Phrase
from app.capture.recorder import Recorder
from app.core.database import Server
from app.core.devices_here import DevicesHere
from app.core.embedded_server import ServerAddress
from app.core.people import CreatePerson, GiveJob, verifier_of
from app.core.settings import Settings
from app.core.signature import Preview
from app.core.subject import Subject
from app.demo.people import SECRET
from app.deviations.commands import ApproveDisposition, ApproveDispositionAsQuality, DescribeDeviation, OpenDeviation
from app.labels.queue import PrintQueue
from tests.plant import TEMPLATE, Plant, cloned
from tests.shell.step import REGISTRATION, StepScreen
from ui.kit import Mode, Panel, set_language, theme
from ui.shell.evidence import Fact
from ui.shell.lock import Lock
from ui.shell.registry import SCREENS, screen
from ui.shell.sign_in import SignIn
from ui.shell.signing import SignAs
from ui.shell.start import Shell, open_window
from ui.shell.tones import Tones

Answer = TypeVar("Answer")
NO_DEVICES = DevicesHere()
FAST_S = (0.03, 0.06)


def elsewhere(act: Callable[[], Answer]) -> Answer:
    """What another station does: on another thread, because the window's is closed to SQL."""
    with ThreadPoolExecutor(1) as others:
        return others.submit(act).result(timeout=20)


class Hand:
    """Somebody in front of a station: types, presses, scans, looks."""

    def __init__(self, shell: Shell, qtbot: QtBot) -> None:
        self.shell, self.window, self.bridge, self.bot = shell, shell.window, shell.bridge, qtbot

    def until(self, true: Callable[[], object], timeout_ms: int = 30_000) -> None:
        """Wait until something can be seen."""
        self.bot.waitUntil(lambda: bool(true()), timeout=timeout_ms)

    def press(self, key: Qt.Key) -> None:
        """One key, as the keyboard sends it to the window with the focus."""
        QTest.keyClick(self.window.windowHandle(), key)

    def type(self, text: str) -> None:
        """Into the field that has the focus, without a scanner's hurry."""
        for character in text:
            QTest.sendKeyEvent(
                QTest.KeyAction.Click, QApplication.focusWidget(), Qt.Key.Key_unknown, character, Qt.KeyboardModifier.NoModifier
            )

    def scan(self, text: str) -> None:
        """A serial scanner sent this."""
        self.window.router.take(text, "SC-11")

    def wedge(self, text: str) -> None:
        """A keyboard-wedge scanner types this with Enter, faster than any hand."""
        handle = self.window.windowHandle()
        for character in text:
            QTest.sendKeyEvent(QTest.KeyAction.Click, handle, Qt.Key(ord(character.upper())), character, Qt.KeyboardModifier.NoModifier, 1)
        QTest.keyClick(handle, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, 1)

    def sign_in(self, login: str, secret: str = SECRET) -> None:
        """By name and password, at the sign-in or at the lock."""
        gate = self.window.gate
        assert isinstance(gate, SignIn)
        self.window.activateWindow()  # of two windows on one desk the keyboard belongs to the one in front
        self.until(self.window.isActiveWindow)
        self.until(lambda: login in gate._people)
        gate.choose(login)
        gate.password.edit.setFocus()
        self.type(secret)
        self.press(Qt.Key.Key_Return)
        self.until(lambda: self.window.gate is None)

    @property
    def step(self) -> StepScreen:
        """The tests' own screen, open."""
        assert isinstance(self.window.current, StepScreen)
        return self.window.current

    @property
    def banner(self) -> str:
        """What the banner says; empty when there is none."""
        return self.window.frame.banner.text if self.window.frame.banner is not None else ""

    @property
    def sentence(self) -> str:
        """What the next band says."""
        return self.window.frame.next_band.accessibleName()

    @property
    def locked(self) -> bool:
        return isinstance(self.window.gate, Lock)


HANDED_OUT = "welcome to the line"


def new_person(plant: Plant, login: str, *, name: str, job: str) -> str:
    """Somebody who never signed in, with one job at the site; returns the login.

    A login is a role of the whole cluster, so it ends with the number of the test's database.
    """
    login += plant.server.dbname.removeprefix("plant_")
    administrator, person = plant.sign_in("sun.wei", station=None), new_id()
    with plant.superuser() as superuser:
        verifier = verifier_of(superuser, login, HANDED_OUT)
    administrator.give(
        CreatePerson(
            command_id=new_id(), id=person, login=login, name_en=name, name_zh="", badge=None, identity_check="card", verifier=verifier
        )
    )
    site = plant.rows("SELECT id FROM lineside.site")[0][0]
    administrator.give(GiveJob(command_id=new_id(), id=new_id(), person=person, job=job, site=site, line=None))  # type: ignore[arg-type]
    return login


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviated:
    """A described deviation that waits for its signatures: opened by the inspector, for a length outside its limits."""

    id: UUID
    code: str


def deviated(plant: Plant, *, class_: str = "major") -> Deviated:
    """Receive, measure one sample too long, open and describe the deviation."""
    received = plant.receive()
    _, outside = plant.inspect(received.lot, bad={3: "25.62"})
    inspector, made = plant.sign_in("li.ming"), new_id()
    lot = Subject(kind="lot", id=received.lot, version=1)
    code = inspector.give(
        OpenDeviation(
            command_id=new_id(),
            id=made,
            subject=lot,
            cause_kind="measurement",
            cause_id=outside[0],
            kind="out of limits",
            facts={},
            class_=class_,
            what_happened="Sample 3 is too long.",
        )
    )
    inspector.give(
        DescribeDeviation(
            command_id=new_id(),
            deviation=made,
            version=1,
            what_happened="Sample 3 is too long; the cutter was changed.",
            class_=class_,
            disposition="use as is",
        )
    )
    return Deviated(id=made, code=code)


@pytest.fixture(scope="session")
def deviated_plant(cluster: ServerAddress, station_secrets: dict[str, str]) -> Iterator[tuple[Plant, Deviated]]:
    """A plant with a deviation that waits for supervisor and quality: furnished once per run, nobody is signed in."""
    with cloned(cluster, station_secrets) as furnished:
        made = deviated(furnished)
        furnished.close()
        yield furnished, made


@pytest.fixture
def plant(request: pytest.FixtureRequest, cluster: ServerAddress, station_secrets: dict[str, str]) -> Iterator[Plant]:
    """A plant of the test's own; where the test asks for the deviation, a copy of the one that holds it."""
    template = TEMPLATE
    if "deviation" in request.fixturenames:
        template = request.getfixturevalue("deviated_plant")[0].server.dbname
    with cloned(cluster, station_secrets, template=template) as own:
        yield own


@pytest.fixture
def deviation(deviated_plant: tuple[Plant, Deviated]) -> Deviated:
    """Waits for the supervisor and for quality; Li Ming measured and described it."""
    return deviated_plant[1]


def deviation_to_sign(deviation: Deviated, done: Callable[[Any, SignAs], None], around: Panel | None = None) -> dict[str, Any]:
    """What a screen hands to `Screen.sign` for this deviation."""

    def as_supervisor(seen: Preview) -> ApproveDisposition:
        return ApproveDisposition(command_id=new_id(), deviation=deviation.id, version=seen.version)

    def as_quality(seen: Preview) -> ApproveDispositionAsQuality:
        return ApproveDispositionAsQuality(command_id=new_id(), deviation=deviation.id, version=seen.version)

    return {
        "kind": "deviation",
        "subject": deviation.id,
        "title": Phrase("Deviation {code}", code=deviation.code),
        "what": [Fact(name=Phrase("lot"), value="L26-0001"), Fact(name=Phrase("disposition"), value=Phrase("use as is"))],
        "choices": [
            SignAs(words=Phrase("Approved as line supervisor"), order=ApproveDisposition, make=as_supervisor),
            SignAs(words=Phrase("Approved as quality"), order=ApproveDispositionAsQuality, make=as_quality),
        ],
        "done": done,
        "after": Phrase("the lot may be released"),
        "frame_around": around,
    }


@pytest.fixture
def open_station(plant: Plant, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Hand]]:
    """Open a station of the demonstration plant; closed at the end."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    opened: list[Shell] = []

    def open_one(
        code: str = "IQC-02",
        *,
        size: tuple[int, int] = (1920, 1080),
        devices: DevicesHere = NO_DEVICES,
        screens: tuple[str, ...] = ("ui.shell",),
        server: Server | None = None,
        secret: str | None = None,
        recording: Recorder | None = None,
        printing: PrintQueue | None = None,
    ) -> Hand:
        settings = Settings(dpi_override=96, data_folder=tmp_path)
        shell = open_window(
            settings,
            server=server or plant.server,
            station=code,
            station_secret=secret or plant.secrets[code],
            devices=devices,
            recording=recording,
            printing=printing,
            development=False,
            tones=Tones(on=False),
            feed_every_s=FAST_S,
            compare_every_s=0,
            catch_defects=False,
            screens=screens,
        )
        opened.append(shell)
        shell.window.resize(*size)
        shell.window.show()
        shell.window.activateWindow()
        qtbot.waitExposed(shell.window)
        return Hand(shell, qtbot)

    yield open_one
    for shell in opened:
        shell.close()
    theme.look(mode=Mode.LIGHT, scale=1.0)
    set_language(Language.EN)


@pytest.fixture
def step_registered() -> Iterator[None]:
    """The tests' own screen is one of the house for a while."""
    screen(**REGISTRATION)(StepScreen)
    yield
    SCREENS.pop("test.step")


@pytest.fixture
def at_step(open_station: Callable[..., Hand], step_registered: None) -> Hand:
    """The inspector at IQC-02 with the tests' own step open."""
    hand = open_station("IQC-02")
    hand.sign_in("li.ming")
    hand.window.open("test.step", {"step": "7"})
    return hand


@pytest.fixture
def inspection_station(open_station: Callable[..., Hand]) -> Hand:
    """IQC-02 with nobody signed in."""
    return open_station("IQC-02")
