"""Drafts as they stand on the glass: in their cells, in their rows, in their sheets; nothing is clipped and everything can be read."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt

from app.base.phrases import Language
from tests.inspection.conftest import lot, station_of
from tests.inspection.station import Station
from tests.late.drafts import Drafts
from tests.looking import troubles_of
from ui.kit import Mode, set_language, theme
from ui.late.second import SecondSheet
from ui.late.sheet import LateSheet, OneLateSheet

__all__ = ["lot", "station_of"]
pytestmark = pytest.mark.capability("R1")


def looks_well(station: Station, name: str) -> None:
    """In both languages and both palettes."""
    for language in Language:
        set_language(language)
        for mode in Mode:
            theme.look(mode=mode)
            station.bot.wait(50)
            if "LATE_PICTURES" in os.environ:
                station.grab().save(f"{os.environ['LATE_PICTURES']}/{name}-{station.size[0]}-{language.value}-{mode.value}.png")
            assert troubles_of(station.window, station.bot) == [], (name, language, mode)
    set_language(Language.EN)
    theme.look(mode=Mode.LIGHT)


SIZES = pytest.mark.parametrize("size", [(1920, 1080), (1280, 800)])


@SIZES
def test_the_sheets_of_ones_own_drafts(drafts: Drafts, station_of: Callable[..., Station], size: tuple[int, int]):
    for value, sample in (("25.04", 1), ("25.62", 2)):
        drafts.waiting(value, sample=sample)
    station = station_of(size=size)
    station.until(lambda: isinstance(station.window.frame.sheet, LateSheet) and len(station.window.frame.sheet.list.rows) == 2)
    looks_well(station, "sheet")
    station.press(Qt.Key.Key_1)
    station.until(lambda: isinstance(station.window.frame.sheet, OneLateSheet))
    looks_well(station, "one")


@SIZES
def test_drafts_in_the_grid(drafts: Drafts, station_of: Callable[..., Station], size: tuple[int, int]):
    for value, sample in (("25.04", 1), ("25.62", 2)):
        drafts.waiting(value, sample=sample)
    code = str(drafts.plant.rows("SELECT code FROM lineside.lot")[0][0])
    station = station_of(size=size)
    station.until(lambda: isinstance(station.window.frame.sheet, LateSheet))
    station.window.close_sheet()
    station.open_lot(code)
    station.until(lambda: len(station.screen.hand.drafts) == 2)
    station.press(Qt.Key.Key_Down)
    station.until(lambda: station.screen.hand.draft_in_focus is not None)
    looks_well(station, "grid")


@SIZES
def test_the_sheet_of_a_second_person(drafts: Drafts, station_of: Callable[..., Station], size: tuple[int, int]):
    drafts.waiting("25.04")
    station = station_of(size=size)
    station.until(lambda: isinstance(station.window.frame.sheet, LateSheet))
    (row,) = station.window.late.rows
    station.window.open_sheet(SecondSheet(row, "Li Ming", station.window.zone, sign=lambda: None, set_aside=lambda: None))
    looks_well(station, "second")
