"""Windows with the screens of batches; what they show is looked over in every look."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.base.phrases import Language
from app.core.devices_here import DevicesHere
from app.core.settings import Settings
from app.demo.people import PEOPLE, SECRET
from tests.looking import troubles_of
from tests.plant import Plant
from tests.shell.conftest import FAST_S, Hand
from ui.kit import Mode, Piece, set_language, theme
from ui.shell.signing_sheet import SigningSheet
from ui.shell.start import open_window
from ui.shell.tones import Tones
from ui.shift.camera import SIZES

SCREENS = ("ui.shell", "ui.batches", "ui.deviations")
BADGES = {person.login: person.badge for person in PEOPLE}


def window_over(plant: Plant, qtbot: QtBot, folder: Path, *, size: tuple[int, int]) -> Hand:
    """IQC-02 without devices; nobody is signed in."""
    shell = open_window(
        Settings(dpi_override=96, data_folder=folder),
        server=plant.server,
        station="IQC-02",
        station_secret=plant.secrets["IQC-02"],
        devices=DevicesHere(),
        development=False,
        tones=Tones(on=False),
        feed_every_s=FAST_S,
        compare_every_s=0,
        catch_defects=False,
        screens=SCREENS,
    )
    shell.window.resize(*size)
    shell.window.show()
    shell.window.activateWindow()
    qtbot.waitExposed(shell.window)
    return Hand(shell, qtbot)


def glass(hand: Hand) -> str:
    """Every word that stands on the window now."""
    pieces = [widget for widget in hand.window.findChildren(object) if isinstance(widget, Piece) and widget.isVisible()]
    return "\n".join(said.text for piece in pieces for said in piece.said())


def badge(hand: Hand) -> str:
    return hand.window.frame.next_band.badge.text


def sign(hand: Hand, login: str) -> None:
    """Badge, password, Enter in the signing sheet."""
    hand.until(lambda: isinstance(hand.window.frame.sheet, SigningSheet) and hand.window.frame.sheet._to_sign is not None)
    sheet = hand.window.frame.sheet
    assert isinstance(sheet, SigningSheet)
    hand.scan(f"BDG:{BADGES[login]}")
    hand.until(lambda: sheet._signer == login)
    sheet.password.edit.setFocus()
    hand.type(SECRET)
    hand.press(Qt.Key.Key_Return)


def troubles(hand: Hand) -> list[str]:
    """What a careful eye finds, light and dark, English and Chinese, on both glasses; the window is put back as it was."""
    found, before = [], hand.window.size()
    for name, size in SIZES.items():
        hand.window.resize(*size)
        for mode in Mode:
            theme.look(mode=mode)
            for language in Language:
                set_language(language)
                found += [f"{name} {mode.value} {language.value}: {trouble}" for trouble in troubles_of(hand.window, hand.bot)]
    theme.look(mode=Mode.LIGHT)
    set_language(Language.EN)
    hand.window.resize(before)
    return found
