"""The inspector's station as a person meets it: the real window, real gauges on loopback, keys and scans as a hand gives them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.base.phrases import Language
from app.core.devices_here import DevicesHere, PrinterHere
from app.core.settings import Settings
from app.demo.people import SECRET
from app.devices.events import Standing
from app.devices.settings import DeviceSettings
from app.devices.simulators.mitutoyo import MitutoyoSimulator
from app.devices.simulators.mt_sics import MtSicsSimulator
from tests.plant import Plant
from ui.kit import Mode, Piece, set_language, theme
from ui.shell.sign_in import SignIn
from ui.shell.start import Shell, open_window
from ui.shell.tones import Tones

Answer = TypeVar("Answer")
Gauge = MitutoyoSimulator | MtSicsSimulator


def elsewhere(act: Callable[[], Answer]) -> Answer:
    """What somebody does at another station: on a thread of its own, because the window's is closed to SQL."""
    with ThreadPoolExecutor(1) as others:
        return others.submit(act).result(timeout=30)


class Station:
    """An open window with its gauges. Looks, presses, scans; waits for what can be seen."""

    def __init__(
        self, shell: Shell, plant: Plant, gauges: dict[str, MitutoyoSimulator | MtSicsSimulator], bot: QtBot, size: tuple[int, int]
    ) -> None:
        self.shell, self.window, self.plant, self.gauges, self.bot, self.size = shell, shell.window, plant, gauges, bot, size

    def until(self, true: Callable[[], object], timeout_ms: int = 30_000) -> None:
        self.bot.waitUntil(lambda: bool(true()), timeout=timeout_ms)

    def press(self, key: Qt.Key) -> None:
        """One key, as the keyboard sends it to the window."""
        QTest.keyClick(self.window.windowHandle(), key)

    def type(self, text: str) -> None:
        """Into the field that has the focus."""
        for character in text:
            QTest.sendKeyEvent(
                QTest.KeyAction.Click, QApplication.focusWidget(), Qt.Key.Key_unknown, character, Qt.KeyboardModifier.NoModifier
            )

    def scan(self, text: str) -> None:
        self.window.router.take(text, "SC-11")

    def sign_in(self, login: str) -> None:
        gate = self.window.gate
        assert isinstance(gate, SignIn)
        self.until(lambda: login in gate._people)
        gate.choose(login)
        gate.password.edit.setFocus()
        self.type(SECRET)
        self.press(Qt.Key.Key_Return)
        self.until(lambda: self.window.gate is None)

    def gauges_live(self) -> None:
        """Every gauge of the station answers or is open."""
        chips = self.window.chips.states
        self.until(lambda: len(chips) == len(self.gauges) and all(state.standing is Standing.LIVE for state in chips.values()))
        self.window.resize(*self.size)  # chips that were still connecting may have pushed a small window wider
        self.until(lambda: self.window.size().toTuple() == self.size)

    def measure(self, gauge: str, value: str) -> None:
        """Close the jaws and press DATA; the value stands live on the screen."""
        simulator = self.gauges[gauge]
        assert isinstance(simulator, MitutoyoSimulator)
        simulator.show(value)
        simulator.press()

    def take(self, gauge: str, value: str) -> None:
        """Measure, wait until the value is live, press Enter, wait until it is stored and the next cell is in focus."""
        screen, before = self.screen, len(self.screen.hand.bench.taken)
        self.measure(gauge, value)
        self.until(lambda: screen.hand.reading is not None and screen.hand.reading.quantity.value == Decimal(value))
        self.press(Qt.Key.Key_Return)
        self.until(lambda: len(screen.hand.bench.taken) == before + 1)

    def open_lot(self, code: str) -> None:
        """Scan its label and wait for the grid."""
        self.scan(code)
        self.until(lambda: self.window.current.key == "inspection.measure" and self.screen.hand.bench is not None)

    @property
    def screen(self):
        """The open screen."""
        return self.window.current

    @property
    def sentence(self) -> str:
        return self.window.frame.next_band.accessibleName()

    @property
    def banner(self) -> str:
        banner = self.window.frame.banner
        return banner.text if banner is not None else ""

    @property
    def primary(self) -> str:
        """What the right corner says now."""
        corner = self.window.frame.action_bar.primary
        return corner.accessibleName() if corner is not None else ""

    @property
    def reason(self) -> str:
        """What stands before the primary."""
        return self.window.frame.action_bar.reason.text

    def glass(self) -> str:
        """Every word that stands on the window now."""
        words = []
        for widget in [self.window, *self.window.findChildren(object)]:
            if isinstance(widget, Piece) and widget.isVisible():
                words += [said.text for said in widget.said()]
        return "\n".join(words)

    def grab(self) -> QImage:
        """What stands on the glass, pixel by pixel."""
        return self.window.grab().toImage()


@contextmanager
def open_station(
    plant: Plant,
    bot: QtBot,
    folder: Path,
    *,
    units: dict[str, str] | None = None,
    size: tuple[int, int] = (1920, 1080),
    scale: bool = False,
    printers: tuple[PrinterHere, ...] = (),
    screens: tuple[str, ...] = ("ui.shell", "ui.inspection", "ui.deviations"),
) -> Iterator[Station]:
    """IQC-02 with a caliper DC-014, a micrometer LM-07 and the overdue caliper DC-009, each a simulated gauge on loopback.

    Args:
        plant: The database.
        bot: pytest-qt's.
        folder: For frame logs.
        units: Unit of a gauge where it is not mm, by code.
        size: Pixels of the window.
        scale: Whether the bench scale WB-04 hangs here too.
        printers: Label printers; nobody serves them here.
        screens: Packages whose screens are offered.
    """
    with ExitStack() as stack:
        gauges: dict[str, Gauge] = {
            code: stack.enter_context(MitutoyoSimulator()) for code in ("DC-014", "LM-07", "DC-009", *(units or {}))
        }
        if scale:
            gauges["WB-04"] = stack.enter_context(MtSicsSimulator())
        devices = [
            DeviceSettings(code=code, protocol=one.key, url=one.url, unit=(units or {}).get(code, "g" if code == "WB-04" else "mm"))
            for code, one in gauges.items()
        ]
        shell = open_window(
            Settings(dpi_override=96, data_folder=folder, picture_folder=folder / "pictures"),
            server=plant.server,
            station="IQC-02",
            station_secret=plant.secrets["IQC-02"],
            devices=DevicesHere(instruments=tuple(devices), printers=printers),
            development=False,
            tones=Tones(on=False),
            feed_every_s=(0.03, 0.06),
            catch_defects=False,
            screens=screens,
        )
        try:
            shell.window.resize(*size)
            shell.window.show()
            shell.window.activateWindow()
            bot.waitExposed(shell.window)
            yield Station(shell, plant, gauges, bot, size)
        finally:
            shell.close()
            theme.look(mode=Mode.LIGHT, scale=1.0)
            set_language(Language.EN)
