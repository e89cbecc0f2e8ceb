"""F9: somebody is needed, and somebody else sees and hears it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt

from tests.plant import Plant
from tests.shell.conftest import Hand
from ui.shell.call import CallSheet


@pytest.mark.capability("M2")
def test_a_call_reaches_the_other_station_and_who_comes_is_seen_at_the_first(open_station: Callable[..., Hand], plant: Plant) -> None:
    goods_in, inspection = open_station("REC-01"), open_station("IQC-02")
    goods_in.sign_in("tom.becker")
    inspection.sign_in("li.ming")
    inspection.window.call()
    sheet = inspection.window.frame.sheet
    assert isinstance(sheet, CallSheet)
    inspection.press(Qt.Key.Key_1)
    goods_in.until(lambda: goods_in.banner == "IQC-02 calls: Material is missing")
    assert goods_in.window.tones.last == "call"
    assert inspection.banner == ""
    button = goods_in.window.frame.banner.button if goods_in.window.frame.banner is not None else None
    assert button is not None
    button.click()
    inspection.until(lambda: any("Tom Becker" in row.said_text for row in sheet._rows))
    goods_in.until(lambda: goods_in.banner == "")
    sheet._rows[0].click()
    inspection.until(lambda: not sheet._rows)
    assert plant.rows("SELECT for_job, status, taken_by, done_by FROM lineside.task") == [("supervisor", "done", "tom.becker", "li.ming")]


def test_enter_in_the_call_sheet_calls_nobody(at_step: Hand, plant: Plant) -> None:
    at_step.press(Qt.Key.Key_F9)
    at_step.press(Qt.Key.Key_Return)
    at_step.press(Qt.Key.Key_Escape)
    assert at_step.window.frame.sheet is None
    assert plant.rows("SELECT 1 FROM lineside.task WHERE kind = 'call'") == []
