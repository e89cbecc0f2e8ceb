"""REC-01 with a real scanner and a real scale on the wire, the demonstration plant behind it, and a receiver in front."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.exceptions import TimeoutError as TooLate
from pytestqt.qtbot import QtBot

from app.base.phrases import Language
from app.core.devices_here import DevicesHere, PrinterHere
from app.core.settings import Settings
from app.demo.people import SECRET
from app.devices.events import Standing
from app.devices.settings import DeviceSettings
from app.devices.simulators.line_scanner import LineScannerSimulator
from app.devices.simulators.mt_sics import MtSicsSimulator
from tests.plant import Plant
from ui.kit import Label, Mode, ScanSlot, set_language, theme
from ui.receiving.receive_screen import ReceiveScreen
from ui.shell.sign_in import SignIn
from ui.shell.start import Shell, open_window
from ui.shell.tones import Tones

ORDER, PLACE = "PO26-0417", "LOC:Q-A-03"
HUB, NEEDLE = "09521101530025", "09521101530032"


def pack(
    *, gtin: str = HUB, lot: str = "NF26-0931", expires: str | None = "290930", made: str = "261001", quantity: str | None = "4000"
) -> str:
    """A supplier's GS1 DataMatrix as the scanner sends it."""
    days = (f"17{expires}" if expires else "") + (f"11{made}" if made else "")
    return f"]d201{gtin}{days}10{lot}" + (f"\x1d30{quantity}" if quantity else "")


class Desk:
    """A receiver at REC-01: pulls triggers, presses keys, puts containers on the scale, looks at the screen."""

    def __init__(self, shell: Shell, bot: QtBot, scanner: LineScannerSimulator, scale: MtSicsSimulator | None) -> None:
        self.shell, self.window, self.bot, self.scanner, self.scale = shell, shell.window, bot, scanner, scale

    def until(self, true: Callable[[], object], timeout_ms: int = 30_000) -> None:
        """Wait until something can be seen; when it does not come, say what stands there instead."""
        try:
            self.bot.waitUntil(lambda: bool(true()), timeout=timeout_ms)
        except TooLate as late:
            raise AssertionError(
                f"context {self.context!r}, sentence {self.sentence!r}, slot {self.slot!r}, banner {self.banner!r}"
            ) from late

    def sign_in(self, login: str) -> None:
        """By name and password, at the sign-in or at the lock."""
        gate = self.window.gate
        assert isinstance(gate, SignIn)
        self.until(lambda: login in gate._people)
        gate.choose(login)
        gate.password.edit.setFocus()
        self.type(SECRET)
        self.press(Qt.Key.Key_Return)
        self.until(lambda: self.window.gate is None)

    def press(self, key: Qt.Key) -> None:
        """One key, as the keyboard sends it."""
        QTest.keyClick(self.window.windowHandle(), key)

    def type(self, text: str) -> None:
        """Into the field that has the focus, without a scanner's hurry."""
        for character in text:
            at = QApplication.focusWidget()
            QTest.sendKeyEvent(QTest.KeyAction.Click, at, Qt.Key.Key_unknown, character, Qt.KeyboardModifier.NoModifier)

    def scan(self, *texts: str) -> None:
        """Pull the trigger over each code and wait until it arrived at the window."""
        for text in texts:
            count = len(self.window.router.last), self.window.router.last[0].at if self.window.router.last else None
            self.scanner.scan(text)
            self.until(
                lambda count=count: (
                    (len(self.window.router.last), self.window.router.last[0].at if self.window.router.last else None) != count
                )
            )

    @property
    def screen(self) -> ReceiveScreen:
        """The receiving screen, open."""
        assert isinstance(self.window.current, ReceiveScreen)
        return self.window.current

    @property
    def banner(self) -> str:
        """What the banner says, heading and line; empty when there is none."""
        banner = self.window.frame.banner
        return banner.accessibleName() if banner is not None else ""

    @property
    def blocks(self) -> list[str]:
        """Read against expected, as the banner shows them."""
        banner = self.window.frame.banner
        return [] if banner is None else [said.text for said in banner._block_lines()]

    @property
    def sentence(self) -> str:
        """What the next band says."""
        return self.window.frame.next_band.accessibleName()

    @property
    def context(self) -> str:
        """The line above it."""
        return self.window.frame.next_band._texts[0]

    @property
    def slot(self) -> str:
        """What the scan slot awaits; empty when a button stands there."""
        corner = self.window.frame.action_bar.primary
        return corner.accessibleName() if isinstance(corner, ScanSlot) else ""

    @property
    def buttons(self) -> list[str]:
        """What stands on the buttons of the bar."""
        return [button.said_text for button in self.window.frame.action_bar.buttons()]

    def click(self, words: str) -> None:
        """Press the button with these words, in the bar or in the body."""
        found = [one for one in self.window.frame.action_bar.buttons() if one.said_text == words]
        (found[0] if found else next(one for one in [self.screen.body.decide.ask] if one.said_text == words)).click()

    def fill(self, text: str) -> None:
        """Write into the open sheet's line."""
        sheet: Any = self.window.frame.sheet
        sheet.line.edit.setFocus()
        self.type(text)

    def enter(self) -> None:
        """Enter: the primary of the sheet or of the bar."""
        self.press(Qt.Key.Key_Return)

    def seen(self) -> str:
        """Every label that can be read in the body."""
        return "\n".join(label.text for label in self.screen.findChildren(Label) if label.isVisible())

    def await_pack(self) -> None:
        """The screen waits for a pack and nothing is on its way."""
        self.until(lambda: self.slot in {"Waiting for a pack", "Scan the next pack"})

    def open_order(self, code: str = ORDER) -> None:
        """Scan the order and wait for its lines."""
        self.scan(code)
        self.until(lambda: self.slot == "Waiting for a pack" and code.removeprefix("PO") in self.context)

    def good_pack(self, code: str | None = None) -> None:
        """Scan a pack and wait until its location is awaited."""
        self.scan(code or pack())
        self.until(lambda: self.slot == "Waiting for a location")

    def refused(self, code: str, words: str) -> None:
        """Scan something and wait for the sentence that refuses it."""
        self.scan(code)
        self.until(lambda: words in self.banner)


def printer_at(code: str) -> PrinterHere:
    """A label printer of the station; its queue is tested elsewhere."""
    return PrinterHere(connection=DeviceSettings(code=code, protocol="zpl", url="socket://127.0.0.1:9100", unit=None))


@pytest.fixture
def scanner() -> Iterator[LineScannerSimulator]:
    with LineScannerSimulator() as scanner:
        yield scanner


@pytest.fixture
def scale() -> Iterator[MtSicsSimulator]:
    with MtSicsSimulator(capacity="6100.00", serial_number="B825410067") as scale:
        yield scale


@pytest.fixture
def open_desk(
    plant: Plant, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scanner: LineScannerSimulator
) -> Iterator[Callable[..., Desk]]:
    """Open REC-01's window with its devices; closed at the end."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    opened: list[Shell] = []

    def open_one(
        *, size: tuple[int, int] = (1920, 1080), scale: MtSicsSimulator | None = None, printers: tuple[str, ...] = ("LP-02",)
    ) -> Desk:
        devices = [DeviceSettings(code="SC-11", protocol="line_scanner", url=scanner.url, unit=None)]
        if scale is not None:
            devices.append(DeviceSettings(code="WB-04", protocol="mt_sics", url=scale.url, unit="g"))
        shell = open_window(
            Settings(dpi_override=96, data_folder=tmp_path),
            server=plant.server,
            station="REC-01",
            station_secret=plant.secrets["REC-01"],
            devices=DevicesHere(instruments=tuple(devices), printers=tuple(printer_at(code) for code in printers)),
            development=False,
            tones=Tones(on=False),
            feed_every_s=(0.05, 0.1),
            catch_defects=False,
            screens=("ui.shell", "ui.receiving"),
        )
        opened.append(shell)
        shell.window.resize(*size)
        shell.window.show()
        shell.window.activateWindow()
        qtbot.waitExposed(shell.window)
        desk = Desk(shell, qtbot, scanner, scale)
        desk.until(lambda: all(state.standing is Standing.LIVE for state in shell.hub.states().values()))
        return desk

    def close(desk: Desk) -> None:
        opened.remove(desk.shell)
        desk.shell.close()

    open_one.close = close  # type: ignore[attr-defined]
    yield open_one
    for shell in opened:
        shell.close()
    theme.look(mode=Mode.LIGHT, scale=1.0)
    set_language(Language.EN)


@pytest.fixture
def desk(open_desk: Callable[..., Desk]) -> Desk:
    """Zhou Min at REC-01 with the receiving screen open."""
    return receiver_at(open_desk())


@pytest.fixture
def desk_with_scale(open_desk: Callable[..., Desk], scale: MtSicsSimulator) -> Desk:
    """The same with a scale."""
    return receiver_at(open_desk(scale=scale))


def receiver_at(desk: Desk) -> Desk:
    """Sign the receiver in and open the screen."""
    desk.sign_in("zhou.min")
    desk.window.open("receiving.receive")
    desk.until(lambda: desk.screen.desk is not None)
    return desk
